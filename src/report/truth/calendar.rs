//! Round steps of time for seconds since 1970: minutes, hours, days, months, years; and how such an end is written.
//!
//! Days and months by Howard Hinnant's `civil_from_days` and `days_from_civil` (proleptic Gregorian calendar).

use super::distributions::Edges;
use crate::math::calendar::{civil, days};

const DAY: f64 = 86_400.0;
/// Widths below a month, in seconds.
const SHORT: [f64; 13] = [
    1.0,
    10.0,
    60.0,
    300.0,
    900.0,
    3600.0,
    10_800.0,
    21_600.0,
    43_200.0,
    DAY,
    2.0 * DAY,
    7.0 * DAY,
    14.0 * DAY,
];
/// Widths in months.
const LONG: [i64; 12] = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 12_000];
const MONTH: f64 = 30.436_875 * DAY;

/// Ends of at most `most` round steps within `low` and `high`.
pub fn edges([low, high]: [f64; 2], most: usize) -> Edges {
    let rough = (high - low) / most as f64;
    let width = SHORT.into_iter().find(|&width| width >= rough);
    let at: Vec<f64> = match width {
        Some(width) => {
            // Weeks begin on a Monday: the first of 1970 is the fifth of January.
            let shift = if width >= 7.0 * DAY { 4.0 * DAY } else { 0.0 };
            let (first, last) = (libm::ceil((low - shift) / width), libm::floor((high - shift) / width));
            let count = (last - first).clamp(0.0, most as f64) as usize;
            (0..=count).map(|step| (first + step as f64) * width + shift).collect()
        }
        None => {
            let width =
                LONG.into_iter().find(|&months| months as f64 * MONTH >= rough * 1.01).unwrap_or(12_000);
            let month = |seconds: f64| {
                let (year, month, _) = civil(day(seconds));
                year * 12 + month - 1
            };
            let (first, last) = (-(-month(low) - 1).div_euclid(width), month(high).div_euclid(width));
            let count = (last - first).clamp(0, most as i64);
            (0..=count)
                .map(|step| {
                    let months = (first + step) * width;
                    days(months.div_euclid(12), months.rem_euclid(12) + 1, 1) as f64 * DAY
                })
                .collect()
        }
    };
    let written = at.iter().map(|&edge| write(edge, &at)).collect();
    Edges { at, written, single: false, beyond: ["before ", " and later"] }
}

/// As short as its neighbours allow.
fn write(seconds: f64, all: &[f64]) -> String {
    let (year, month, date) = civil(day(seconds));
    let every =
        |is: fn((i64, i64, i64)) -> bool| all.iter().all(|&edge| edge % DAY == 0.0 && is(civil(day(edge))));
    if all.len() > 1 && every(|(_, month, date)| month == 1 && date == 1) {
        return format!("{year:04}");
    }
    if all.len() > 1 && every(|(_, _, date)| date == 1) {
        return format!("{year:04}-{month:02}");
    }
    if every(|_| true) {
        return format!("{year:04}-{month:02}-{date:02}");
    }
    let second = seconds.rem_euclid(DAY) as i64;
    let (hour, minute, rest) = (second / 3600, second / 60 % 60, second % 60);
    match all.iter().all(|edge| edge.rem_euclid(60.0) == 0.0) {
        true => format!("{year:04}-{month:02}-{date:02} {hour:02}:{minute:02}"),
        false => format!("{year:04}-{month:02}-{date:02} {hour:02}:{minute:02}:{rest:02}"),
    }
}

fn day(seconds: f64) -> i64 {
    libm::floor(seconds / DAY) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!((civil(0), civil(-1), civil(11_016)), ((1970, 1, 1), (1969, 12, 31), (2000, 2, 29)));
        assert!((-200_000..200_000).step_by(37).all(|day| {
            let (year, month, date) = civil(day);
            days(year, month, date) == day
        }));
    }

    #[test]
    fn steps_are_round_in_the_calendar() {
        let of = |from: i64, to: i64| edges([from as f64 * DAY, to as f64 * DAY], 22);
        let years = of(days(2001, 3, 5), days(2019, 7, 9));
        assert_eq!((years.written[0].as_str(), years.written.last().unwrap().as_str()), ("2002", "2019"));
        let months = of(days(2019, 1, 5), days(2020, 7, 9));
        assert_eq!((months.written[0].as_str(), months.at.len()), ("2019-02", 18));
        let weeks = of(days(2024, 1, 1), days(2024, 4, 30));
        assert_eq!(weeks.written[..2], ["2024-01-01", "2024-01-08"]); // Mondays
        let hours = edges([0.0, 7200.0], 22);
        assert_eq!(hours.written[1], "1970-01-01 00:15");
    }
}
