//! Network addresses, of machines and of pages. New ones come from the ranges that are set aside for documentation.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use super::mask::{commonest, counts};
use super::place::invented;
use crate::schema::identifier::{scatter, share_out};

/// How many IPv4 addresses are of which range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ipv4s(Vec<(Range, u32)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Range {
    /// 10.0.0.0/8 (RFC 1918)
    Ten,
    /// 172.16.0.0/12
    Middle,
    /// 192.168.0.0/16
    Home,
    Public,
}

pub fn is_ipv4(cell: &str) -> bool {
    cell.trim().parse::<Ipv4Addr>().is_ok()
}

pub fn is_ipv6(cell: &str) -> bool {
    cell.trim().parse::<Ipv6Addr>().is_ok() && cell.contains(':')
}

impl Ipv4s {
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str>) -> Ipv4s {
        let range = |ip: Ipv4Addr| match ip.octets() {
            [10, ..] => Range::Ten,
            [172, 16..=31, ..] => Range::Middle,
            [192, 168, ..] => Range::Home,
            _ => Range::Public,
        };
        Ipv4s(counts(cells.filter_map(|cell| cell.trim().parse().ok()).map(range)))
    }

    pub fn fresh(&self, index: u64, key: u64) -> String {
        let (range, place) = share_out(&self.0, index, key).unwrap_or((&Range::Public, index));
        let within = |first: [u8; 4], bits: u32| {
            let space = 1 << bits;
            Ipv4Addr::from(u32::from(Ipv4Addr::from(first)) + scatter(place % space, space, key) as u32)
        };
        let ip = match range {
            Range::Ten => within([10, 0, 0, 0], 24),
            Range::Middle => within([172, 16, 0, 0], 20),
            Range::Home => within([192, 168, 0, 0], 16),
            // The three nets for documentation (RFC 5737), then the one for benchmarks (RFC 2544), then what nobody
            // has (RFC 1112, class E).
            Range::Public if place < 3 * 256 => {
                let at = scatter(place, 3 * 256, key) as u8;
                match scatter(place, 3 * 256, key) / 256 {
                    0 => Ipv4Addr::new(192, 0, 2, at),
                    1 => Ipv4Addr::new(198, 51, 100, at),
                    _ => Ipv4Addr::new(203, 0, 113, at),
                }
            }
            Range::Public if place < 3 * 256 + (1 << 17) => within([198, 18, 0, 0], 17),
            Range::Public => within([240, 0, 0, 0], 27),
        };
        ip.to_string()
    }

    pub fn is_sound(&self) -> bool {
        self.0.iter().all(|(_, count)| *count > 0)
    }
}

/// The net for documentation (RFC 3849).
pub fn fresh_ipv6(index: u64, key: u64) -> String {
    let at = scatter(index % (1 << 48), 1 << 48, key);
    let part = |shift: u32| (at >> shift) as u16;
    Ipv6Addr::new(0x2001, 0xdb8, part(32), part(16), 0, 0, 0, part(0)).to_string()
}

/// How MAC addresses are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MacForm {
    separator: char,
    upper: bool,
}

fn mac(cell: &str) -> Option<MacForm> {
    let cell = cell.trim();
    let separator = [':', '-'].into_iter().find(|&separator| cell.contains(separator))?;
    let byte = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let whole = cell.split(separator).count() == 6 && cell.split(separator).all(byte);
    whole.then(|| MacForm { separator, upper: cell.bytes().any(|b| b.is_ascii_uppercase()) })
}

pub fn is_mac(cell: &str) -> bool {
    mac(cell).is_some()
}

impl MacForm {
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str>) -> MacForm {
        commonest(cells.filter_map(mac)).unwrap_or(MacForm { separator: ':', upper: false })
    }

    /// 02 marks an address that no maker gave out (IEEE 802: locally administered).
    pub fn fresh(self, index: u64, key: u64) -> String {
        let at = scatter(index % (1 << 40), 1 << 40, key).to_be_bytes();
        let bytes = [2, at[3], at[4], at[5], at[6], at[7]];
        let hex = |byte: u8| if self.upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
        bytes.map(hex).join(&self.separator.to_string())
    }
}

/// How addresses of pages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UrlForm {
    scheme: Option<Scheme>,
    www: bool,
    path: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Scheme {
    Http,
    Https,
    Ftp,
}

fn url(cell: &str) -> Option<UrlForm> {
    let cell = cell.trim();
    let (scheme, rest) = match cell.split_once("://") {
        Some(("http", rest)) => (Some(Scheme::Http), rest),
        Some(("https", rest)) => (Some(Scheme::Https), rest),
        Some(("ftp", rest)) => (Some(Scheme::Ftp), rest),
        Some(_) => return None,
        None => (None, cell),
    };
    let (host, path) = rest.split_once(['/', '?']).unwrap_or((rest, ""));
    let www = host.starts_with("www.");
    let whole = !host.is_empty()
        && !cell.contains(char::is_whitespace)
        && (scheme.is_some() || www && host[4..].contains('.'));
    whole.then_some(UrlForm { scheme, www, path: !path.is_empty() })
}

pub fn is_url(cell: &str) -> bool {
    url(cell).is_some()
}

impl UrlForm {
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str>) -> UrlForm {
        let usual = UrlForm { scheme: Some(Scheme::Https), www: true, path: true };
        commonest(cells.filter_map(url)).unwrap_or(usual)
    }

    pub fn fresh(self, index: u64, key: u64) -> String {
        let scheme = match self.scheme {
            Some(Scheme::Http) => "http://",
            Some(Scheme::Https) => "https://",
            Some(Scheme::Ftp) => "ftp://",
            None => "",
        };
        let www = if self.www { "www." } else { "" };
        let word = invented(index, key).to_lowercase().replace(' ', "-");
        let domain = ["example.com", "example.org", "example.net"][word.len() % 3];
        match self.path {
            true => format!("{scheme}{www}{domain}/{word}"),
            false => format!("{scheme}{www}{word}.{domain}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_address() {
        assert!(is_ipv4("8.8.8.8") && !is_ipv4("1.2.3") && !is_ipv4("256.1.1.1") && !is_ipv4("1.2.3.4.5"));
        assert!(is_ipv6("2a00:1450::200e") && is_ipv6("::1") && !is_ipv6("12:30") && !is_ipv6("12:30:45"));
        assert!(is_mac("00:1B:44:11:3a:b7") && is_mac("00-1b-44-11-3a-b7") && !is_mac("12:30:45"));
        assert!(
            is_url("https://a.de/x?y") && is_url("www.a.de") && !is_url("a.de") && !is_url("see http://a.de")
        );
    }

    #[test]
    fn made_ones_lie_in_ranges_set_aside() {
        let ips = Ipv4s::infer(["10.0.0.1", "8.8.8.8", "9.9.9.9", "1.1.1.1"].into_iter());
        let made: Vec<Ipv4Addr> = (0..4000).map(|i| ips.fresh(i, 3).parse().unwrap()).collect();
        assert_eq!(made.iter().filter(|ip| ip.is_private()).count(), 1000);
        let set_aside = |ip: &&Ipv4Addr| {
            ip.is_private()
                || ip.is_documentation()
                || ip.octets()[..2] == [198, 18]
                || ip.octets()[..2] == [198, 19]
        };
        assert!(made.iter().all(|ip| set_aside(&ip)));
        assert_eq!(counts(made.iter()).len(), 4000);
        assert!(fresh_ipv6(5, 1).starts_with("2001:db8:") && is_ipv6(&fresh_ipv6(0, 0)));
        let form = MacForm::infer(["00-1B-44-11-3A-B7"].into_iter());
        assert!(form.fresh(4, 4).starts_with("02-") && is_mac(&form.fresh(4, 4)));
        let form = UrlForm::infer(["http://www.a.de", "http://www.b.de"].into_iter());
        assert!(form.fresh(4, 4).starts_with("http://www.") && form.fresh(4, 4).contains(".example."));
    }
}
