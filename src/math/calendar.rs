//! The proleptic Gregorian calendar: days since 1970-01-01, months, weekdays, ISO weeks.
//!
//! Days and civil dates: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013). Weeks: ISO 8601,
//! from Monday, the first of a year being the one that holds 4 January.

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Monday first.
pub const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days`].
pub fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

/// 0 for Monday.
pub fn weekday(days: i64) -> usize {
    (days + 3).rem_euclid(7) as usize
}

/// The ISO year and week that a day falls in.
pub fn iso_week(day: i64) -> (i64, i64) {
    let thursday = day - weekday(day) as i64 + 3;
    let year = civil(thursday).0;
    (year, (thursday - days(year, 1, 1)) / 7 + 1)
}

/// The Monday of an ISO week, if the year has it.
pub fn monday(year: i64, week: i64) -> Option<i64> {
    let fourth = days(year, 1, 4);
    let monday = fourth - weekday(fourth) as i64 + 7 * (week - 1);
    (iso_week(monday) == (year, week)).then_some(monday)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_centuries() {
        let start = days(1600, 1, 1);
        for offset in 0..292_194 {
            let (year, month, day) = civil(start + offset);
            assert_eq!(days(year, month, day), start + offset);
            assert!(day <= month_length(year, month));
        }
        assert_eq!(civil(start + 292_194), (2400, 1, 1));
    }

    #[test]
    fn weeks_and_weekdays() {
        assert_eq!(WEEKDAYS[weekday(days(2020, 2, 3))], "Monday");
        assert_eq!(WEEKDAYS[weekday(days(1969, 12, 31))], "Wednesday");
        assert_eq!(iso_week(days(2021, 1, 3)), (2020, 53));
        assert_eq!(monday(2021, 5), Some(days(2021, 2, 1)));
        assert_eq!([monday(2020, 53).is_some(), monday(2021, 53).is_some()], [true, false]);
        assert_eq!([monday(2020, 0), monday(2020, 54)], [None, None]);
    }
}
