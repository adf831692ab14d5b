//! What a column's values mean (Parquet's logical types), as text and back.
//!
//! Numbers are written in the fewest digits that give the same number. Moments in UTC are written with `T` and `Z`, local
//! ones with a space. Bytes that are no text are written as 0x and their digits.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::schema::types::{ColumnDescriptor, Type};

/// How the values of a column are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Form {
    kind: Kind,
    /// Of a second, in a column of moments.
    pub digits: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Plain,
    Unsigned,
    Date,
    /// In units of ten to the minus so many seconds.
    Time(u32),
    Timestamp(u32, Zone),
    /// Whole numbers of ten to the minus so many.
    Decimal(u32),
    Text,
    Binary,
    Uuid,
    Half,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Zone {
    Local,
    Utc,
}

impl Form {
    /// None for types that are no plain value.
    pub fn of(column: &ColumnDescriptor) -> Option<Form> {
        let zone = |utc| if utc { Zone::Utc } else { Zone::Local };
        let scale = |scale| u32::try_from(scale).ok().map(Kind::Decimal);
        let kind = match column.logical_type_ref() {
            Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => Kind::Text,
            Some(LogicalType::Date) => Kind::Date,
            Some(LogicalType::Time(time)) => Kind::Time(exponent(&time.unit)),
            Some(LogicalType::Timestamp(time)) => {
                Kind::Timestamp(exponent(&time.unit), zone(time.is_adjusted_to_u_t_c))
            }
            Some(LogicalType::Decimal(decimal)) => scale(decimal.scale)?,
            Some(LogicalType::Integer(int)) if !int.is_signed => Kind::Unsigned,
            Some(LogicalType::Integer(_) | LogicalType::Unknown) => Kind::Plain,
            Some(LogicalType::Uuid) => Kind::Uuid,
            Some(LogicalType::Float16) => Kind::Half,
            Some(_) => return None,
            None => match column.converted_type() {
                ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Kind::Text,
                ConvertedType::DATE => Kind::Date,
                ConvertedType::TIME_MILLIS => Kind::Time(3),
                ConvertedType::TIME_MICROS => Kind::Time(6),
                ConvertedType::TIMESTAMP_MILLIS => Kind::Timestamp(3, Zone::Utc),
                ConvertedType::TIMESTAMP_MICROS => Kind::Timestamp(6, Zone::Utc),
                ConvertedType::DECIMAL => scale(column.type_scale())?,
                ConvertedType::UINT_8
                | ConvertedType::UINT_16
                | ConvertedType::UINT_32
                | ConvertedType::UINT_64 => Kind::Unsigned,
                ConvertedType::INT_8
                | ConvertedType::INT_16
                | ConvertedType::INT_32
                | ConvertedType::INT_64 => Kind::Plain,
                ConvertedType::NONE => match column.physical_type() {
                    Physical::INT96 => Kind::Timestamp(9, Zone::Local),
                    Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => Kind::Binary,
                    _ => Kind::Plain,
                },
                _ => return None,
            },
        };
        Some(Form { kind, digits: 0 })
    }

    pub fn is_moment(&self) -> bool {
        matches!(self.kind, Kind::Time(_) | Kind::Timestamp(..))
    }

    /// How many digits of a second a moment needs: 0, 3, 6 or 9.
    pub fn digits_of(&self, value: i64) -> usize {
        let (Kind::Time(exponent) | Kind::Timestamp(exponent, _)) = self.kind else { return 0 };
        let rest = value.rem_euclid(10i64.pow(exponent));
        let is_enough = |digits: &u32| *digits >= exponent || rest % 10i64.pow(exponent - digits) == 0;
        [0, 3, 6, 9].into_iter().find(is_enough).unwrap_or(9) as usize
    }

    /// The number that 32 bits stand for.
    pub fn widened(&self, value: i32) -> i64 {
        if self.kind == Kind::Unsigned { i64::from(value as u32) } else { i64::from(value) }
    }

    pub fn int(&self, out: &mut String, value: i64) {
        match self.kind {
            Kind::Unsigned => out.push_str(&(value as u64).to_string()),
            Kind::Date => match epoch_day(value) {
                Some(date) => out.push_str(&date.to_string()),
                None => out.push_str(&value.to_string()),
            },
            Kind::Time(exponent) => {
                let unit = 10i64.pow(exponent);
                self.clock(out, value.div_euclid(unit), value.rem_euclid(unit), exponent);
            }
            Kind::Timestamp(exponent, zone) => {
                let unit = 10i64.pow(exponent);
                self.moment(out, value.div_euclid(unit), value.rem_euclid(unit), exponent, zone);
            }
            Kind::Decimal(scale) => decimal(out, value.into(), scale),
            _ => out.push_str(&value.to_string()),
        }
    }

    /// Nanoseconds of a day, and a Julian day.
    pub fn int96(&self, out: &mut String, words: &[u32]) {
        let nanos = nanos_of_day(words);
        let seconds = (i64::from(words[2]) - 2_440_588) * 86_400 + nanos / 1_000_000_000;
        self.moment(out, seconds, nanos % 1_000_000_000, 9, Zone::Local);
    }

    pub fn float(&self, out: &mut String, value: f64, shortest: String) {
        let size = value.abs();
        if value.is_finite() && (value == 0.0 || (1e-7..1e21).contains(&size)) {
            out.push_str(&shortest);
        } else if value.is_finite() {
            // The shortest digits are the same with an exponent.
            let digits: f64 = shortest.parse().unwrap_or(value);
            out.push_str(&format!("{digits:e}"));
        } else if value.is_infinite() {
            out.push_str(if value > 0.0 { "inf" } else { "-inf" });
        }
    }

    pub fn bytes(&self, out: &mut String, bytes: &[u8]) {
        match (self.kind, bytes.len()) {
            (Kind::Decimal(scale), 1..=16) => {
                let sign = if bytes[0] & 0x80 != 0 { -1i128 } else { 0 };
                let value = bytes.iter().fold(sign, |value, &byte| value << 8 | i128::from(byte));
                decimal(out, value, scale);
            }
            (Kind::Uuid, 16) => {
                for (place, byte) in bytes.iter().enumerate() {
                    out.push_str(if matches!(place, 4 | 6 | 8 | 10) { "-" } else { "" });
                    out.push_str(&format!("{byte:02x}"));
                }
            }
            (Kind::Half, 2) => {
                let value = half::f16::from_le_bytes([bytes[0], bytes[1]]);
                self.float(out, value.to_f64(), value.to_f32().to_string());
            }
            _ => match std::str::from_utf8(bytes) {
                Ok(text) => out.push_str(text),
                Err(_) => {
                    out.push_str("0x");
                    bytes.iter().for_each(|byte| out.push_str(&format!("{byte:02x}")));
                }
            },
        }
    }

    fn clock(&self, out: &mut String, seconds: i64, rest: i64, exponent: u32) {
        out.push_str(&format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
        if self.digits > 0 {
            let nanos = rest * 10i64.pow(9 - exponent);
            out.push_str(&format!(".{nanos:09}")[..=self.digits]);
        }
    }

    fn moment(&self, out: &mut String, seconds: i64, rest: i64, exponent: u32, zone: Zone) {
        match epoch_day(seconds.div_euclid(86_400)) {
            Some(date) => {
                out.push_str(&date.to_string());
                out.push(if zone == Zone::Utc { 'T' } else { ' ' });
                self.clock(out, seconds.rem_euclid(86_400), rest, exponent);
                out.push_str(if zone == Zone::Utc { "Z" } else { "" });
            }
            None => out.push_str(&seconds.to_string()),
        }
    }

    /// The way back from [`Form::int`]. A made-up identifier may have more than fits: it is taken modulo `most` + 1.
    pub fn parse_int(&self, text: &str, most: i64) -> Option<i64> {
        let value = match self.kind {
            Kind::Date => {
                let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
                i128::from(date.signed_duration_since(NaiveDate::default()).num_days())
            }
            Kind::Time(exponent) => {
                let time = NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok()?;
                units(time.num_seconds_from_midnight().into(), time.nanosecond(), exponent)
            }
            Kind::Timestamp(exponent, _) => {
                let text = text.trim_end_matches('Z').replacen('T', " ", 1);
                let moment = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f").ok()?.and_utc();
                units(moment.timestamp(), moment.timestamp_subsec_nanos(), exponent)
            }
            Kind::Decimal(scale) => parse_decimal(text, scale)?,
            Kind::Unsigned => {
                let most = if most == i64::MAX { i128::from(u64::MAX) } else { i128::from(most) * 2 + 1 };
                let value = text.parse::<i128>().ok()?;
                return Some(value.rem_euclid(most + 1) as u64 as i64);
            }
            _ => text.parse().ok()?,
        };
        let fits = (-i128::from(most) - 1..=i128::from(most)).contains(&value);
        i64::try_from(if fits { value } else { value.rem_euclid(i128::from(most) + 1) }).ok()
    }

    /// The way back from [`Form::bytes`]; `length` if all have the same.
    pub fn parse_bytes(&self, text: &str, length: Option<usize>) -> Option<Vec<u8>> {
        let bytes = match self.kind {
            Kind::Decimal(scale) => {
                let bytes = parse_decimal(text, scale)?.to_be_bytes();
                let width = length.unwrap_or(16);
                let sign = if bytes[0] & 0x80 != 0 { 0xff } else { 0 };
                let cut = bytes.len().saturating_sub(width);
                [vec![sign; width.saturating_sub(bytes.len())], bytes[cut..].to_vec()].concat()
            }
            Kind::Uuid => hex(&text.replace('-', ""))?,
            Kind::Half => half::f16::from_f64(text.parse().ok()?).to_le_bytes().to_vec(),
            Kind::Binary => text.strip_prefix("0x").and_then(hex).unwrap_or_else(|| text.as_bytes().to_vec()),
            _ => text.as_bytes().to_vec(),
        };
        length.is_none_or(|length| length == bytes.len()).then_some(bytes)
    }
}

pub fn nanos_of_day(words: &[u32]) -> i64 {
    i64::from(words[0]) | i64::from(words[1] & 0x7fff_ffff) << 32
}

/// The type that a synthetic column is written with: the column's own, but for the old INT96.
pub fn written_type(column: &ColumnDescriptor) -> parquet::errors::Result<Type> {
    let may_lack = column.max_def_level() > 0;
    let repetition = if may_lack { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    let old = column.physical_type() == Physical::INT96;
    let physical = if old { Physical::INT64 } else { column.physical_type() };
    let builder = Type::primitive_type_builder(column.name(), physical).with_repetition(repetition);
    if old {
        return builder.with_logical_type(Some(LogicalType::timestamp(false, TimeUnit::MICROS))).build();
    }
    builder
        .with_logical_type(column.logical_type_ref().cloned())
        .with_converted_type(column.converted_type())
        .with_length(column.type_length())
        .with_precision(column.type_precision())
        .with_scale(column.type_scale())
        .build()
}

fn exponent(unit: &TimeUnit) -> u32 {
    match unit {
        TimeUnit::MILLIS => 3,
        TimeUnit::MICROS => 6,
        TimeUnit::NANOS => 9,
    }
}

fn epoch_day(days: i64) -> Option<NaiveDate> {
    Some(DateTime::from_timestamp(days.checked_mul(86_400)?, 0)?.date_naive())
}

fn units(seconds: i64, nanos: u32, exponent: u32) -> i128 {
    i128::from(seconds) * 10i128.pow(exponent) + i128::from(nanos) / 10i128.pow(9 - exponent)
}

fn decimal(out: &mut String, value: i128, scale: u32) {
    let digits = format!("{:0width$}", value.unsigned_abs(), width = scale as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale as usize);
    out.push_str(if value < 0 { "-" } else { "" });
    out.push_str(whole);
    if scale > 0 {
        out.push('.');
        out.push_str(fraction);
    }
}

fn parse_decimal(text: &str, scale: u32) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let scale = scale as usize;
    if fraction.len() > scale && fraction[scale..].bytes().any(|digit| digit != b'0') {
        return None;
    }
    format!("{whole}{:0<scale$}", &fraction[..fraction.len().min(scale)]).parse().ok()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    if !text.len().is_multiple_of(2) {
        return None;
    }
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kind: Kind, digits: usize) -> Form {
        Form { kind, digits }
    }

    #[test]
    fn whole_numbers_of_every_meaning_go_there_and_back() {
        let cases = [
            (Kind::Plain, 0, -5, "-5"),
            (Kind::Unsigned, 0, -1, "18446744073709551615"),
            (Kind::Date, 0, -719_162, "0001-01-01"),
            (Kind::Date, 0, 19_844, "2024-05-01"),
            (Kind::Time(6), 3, 3_723_004_000, "01:02:03.004"),
            (Kind::Timestamp(3, Zone::Utc), 0, 1_714_521_600_000, "2024-05-01T00:00:00Z"),
            (Kind::Timestamp(9, Zone::Local), 9, -1, "1969-12-31 23:59:59.999999999"),
            (Kind::Decimal(2), 0, -5, "-0.05"),
            (Kind::Decimal(0), 0, 12, "12"),
        ];
        for (kind, digits, value, text) in cases {
            let mut out = String::new();
            form(kind, digits).int(&mut out, value);
            assert_eq!(out, text);
            assert_eq!(form(kind, digits).parse_int(text, i64::MAX), Some(value), "{text}");
        }
        assert_eq!(form(Kind::Plain, 0).parse_int("9999999999", i32::MAX.into()), Some(1_410_065_407));
        assert_eq!(form(Kind::Plain, 0).parse_int("x", i64::MAX), None);
        assert_eq!(form(Kind::Decimal(1), 0).parse_int("1.25", i64::MAX), None);
    }

    #[test]
    fn bytes_of_every_meaning_go_there_and_back() {
        let cases: [(Kind, &[u8], &str); 6] = [
            (Kind::Text, "é".as_bytes(), "é"),
            (Kind::Binary, b"\xff\x00", "0xff00"),
            (Kind::Uuid, &[0xab; 16], "abababab-abab-abab-abab-abababababab"),
            (Kind::Decimal(3), &[0xff, 0xfe], "-0.002"),
            (Kind::Decimal(3), &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0], ""),
            (Kind::Half, &[0x00, 0x3e], "1.5"),
        ];
        for (kind, bytes, text) in cases {
            let mut out = String::new();
            form(kind, 0).bytes(&mut out, bytes);
            if bytes.len() <= 16 {
                assert_eq!(out, text);
                assert_eq!(form(kind, 0).parse_bytes(text, Some(bytes.len())).unwrap(), bytes);
            }
        }
    }

    #[test]
    fn a_column_has_the_digits_it_needs() {
        let micros = form(Kind::Timestamp(6, Zone::Utc), 0);
        assert_eq!([5_000_000, 5_100_000, -1].map(|value| micros.digits_of(value)), [0, 3, 6]);
        assert_eq!(form(Kind::Time(9), 0).digits_of(1), 9);
    }
}
