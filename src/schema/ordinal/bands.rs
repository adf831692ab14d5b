//! Bands of numbers: `[40-50)`, `18 to 24`, `<20`, `65+`, `under 18`, `$10k-$20k`, `3 or more`.
//!
//! Every level is a band or a number of its own, at least one is a band, and they lie one after the other without
//! overlap. Numbers may have thousands and `k` or `m`. Does not know: spans of years with the century left out
//! (`2019-20`), which overlap as read.

const BELOW: [&str; 22] = [
    "<=",
    "<",
    "≤",
    "under ",
    "below ",
    "less than ",
    "fewer than ",
    "up to ",
    "at most ",
    "younger than ",
    "max ",
    "unter ",
    "bis zu ",
    "bis ",
    "weniger als ",
    "moins de ",
    "jusqu'à ",
    "menos de ",
    "hasta ",
    "até ",
    "meno di ",
    "minder dan ",
];
const ABOVE: [&str; 19] = [
    ">=",
    ">",
    "≥",
    "over ",
    "above ",
    "more than ",
    "greater than ",
    "at least ",
    "older than ",
    "min ",
    "über ",
    "ab ",
    "mehr als ",
    "plus de ",
    "más de ",
    "mais de ",
    "più di ",
    "meer dan ",
    "mindestens ",
];
const JOINTS: [&str; 14] =
    [" - ", " – ", " — ", " to ", " bis ", " à ", " a ", " tot ", "..", "-", "–", "—", "~", "_"];
const AND_ABOVE: [&str; 18] = [
    "+",
    " +",
    " and over",
    " and above",
    " or more",
    " or older",
    " and older",
    " or over",
    " or above",
    " and up",
    " and more",
    " plus",
    " und älter",
    " und mehr",
    " et plus",
    " y más",
    " o más",
    " ou mais",
];
const AND_BELOW: [&str; 6] = [" or less", " or fewer", " and under", " or under", " or younger", " or below"];

struct Band {
    low: f64,
    high: f64,
    /// What follows the numbers: "years".
    unit: String,
}

/// The middle of each band, where the bands lie one after the other.
pub fn ranks(levels: &[&str]) -> Option<Vec<f64>> {
    let bands: Vec<Band> = levels.iter().map(|level| band(level)).collect::<Option<_>>()?;
    let unit = bands.iter().find(|band| !band.unit.is_empty()).map_or("", |band| &band.unit);
    if bands.iter().any(|band| !band.unit.is_empty() && band.unit != unit) {
        return None;
    }
    let wide = |band: &&Band| band.low < band.high;
    if !bands.iter().any(|band| wide(&band)) {
        return None;
    }
    let mut order: Vec<&Band> = bands.iter().collect();
    order.sort_by(|a, b| a.low.total_cmp(&b.low).then(a.high.total_cmp(&b.high)));
    let apart = order.windows(2).all(|pair| pair[0].high <= pair[1].low && pair[0].low < pair[1].high);
    let middle = |band: &Band| match (band.low.is_finite(), band.high.is_finite()) {
        (true, true) => f64::midpoint(band.low, band.high),
        (false, _) => f64::NEG_INFINITY,
        (_, false) => f64::INFINITY,
    };
    apart.then(|| bands.iter().map(middle).collect())
}

fn band(level: &str) -> Option<Band> {
    let text = level.trim().to_lowercase();
    let money = |c: char| "$€£¥₹".contains(c);
    let text: String = text.chars().filter(|&c| !money(c)).collect();
    if let Some(inside) = text.strip_prefix(['[', '(', ']']) {
        let inside = inside.strip_suffix([']', ')', '['])?;
        let joint = [", ", ",", ";"].into_iter().chain(JOINTS).find(|joint| {
            inside.split_once(joint).is_some_and(|(low, high)| edge(low).is_some() && edge(high).is_some())
        })?;
        let (low, high) = inside.split_once(joint)?;
        let (low, high) = (edge(low)?, edge(high)?);
        return (low < high).then_some(Band { low, high, unit: String::new() });
    }
    let text = text.trim();
    let after = |starts: &[&str]| starts.iter().find_map(|start| text.strip_prefix(start));
    if let Some(rest) = after(&BELOW) {
        let (high, rest) = number(rest.trim_start())?;
        return Some(Band { low: f64::NEG_INFINITY, high, unit: unit(rest)? });
    }
    if let Some(rest) = after(&ABOVE) {
        let (low, rest) = number(rest.trim_start())?;
        return Some(Band { low, high: f64::INFINITY, unit: unit(rest)? });
    }
    let (low, rest) = number(text.strip_prefix("from ").unwrap_or(text))?;
    let joined = JOINTS.iter().find_map(|joint| number(rest.strip_prefix(joint)?));
    if let Some((high, rest)) = joined {
        return if low < high { Some(Band { low, high, unit: unit(rest)? }) } else { None };
    }
    let ending = |endings: &[&str]| {
        endings.iter().find_map(|ending| {
            let (before, after) = rest.split_once(ending)?;
            unit(if before.is_empty() { after } else { before })
        })
    };
    if let Some(unit) = ending(&AND_ABOVE) {
        return Some(Band { low, high: f64::INFINITY, unit });
    }
    if let Some(unit) = ending(&AND_BELOW) {
        return Some(Band { low: f64::NEG_INFINITY, high: low, unit });
    }
    Some(Band { low, high: low, unit: unit(rest)? })
}

fn edge(text: &str) -> Option<f64> {
    match text.trim() {
        "inf" | "+inf" | "infinity" | "∞" | "+∞" => Some(f64::INFINITY),
        "-inf" | "-infinity" | "-∞" => Some(f64::NEG_INFINITY),
        text => {
            let (sign, digits) = text.strip_prefix('-').map_or((1.0, text), |digits| (-1.0, digits));
            let (value, rest) = number(digits)?;
            rest.is_empty().then_some(sign * value)
        }
    }
}

/// The number that the text begins with, and the rest.
fn number(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(text.len());
    let digits = text[..end].trim_end_matches(['.', ',']);
    let rest = &text[digits.len()..];
    let thousands = digits.split(',').skip(1).all(|group| group.len() == 3);
    let value: f64 = digits.replace(',', "").parse().ok().filter(|_| thousands && digits.len() <= 15)?;
    let scaled = |mark: char, size: f64| {
        let rest = rest.strip_prefix(mark)?;
        (!rest.starts_with(char::is_alphabetic)).then_some((value * size, rest))
    };
    scaled('k', 1e3).or_else(|| scaled('m', 1e6)).or(Some((value, rest)))
}

/// A short word or two after the numbers; None where there is more.
fn unit(rest: &str) -> Option<String> {
    let rest = rest.trim();
    let fits = rest.chars().count() <= 16 && rest.chars().all(|c| c.is_alphabetic() || " %°/.".contains(c));
    fits.then(|| rest.trim_end_matches('s').to_string())
}
