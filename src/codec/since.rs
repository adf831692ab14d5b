//! Dates that never come before another one, such as a discharge after its admission: coded as the time since that one.
//!
//! So the order holds in every synthetic row, and a stay of days is learned as days, not as the difference of two dates
//! months apart. Taken where the rows that hold the later date all hold the earlier one, none contradicts, and the times
//! between lie at least [`CLOSER`] times closer together than the dates do: a date of birth tells less of an
//! admission's date than the year does.

/// How much closer together, by the middle half of the rows.
const CLOSER: f64 = 4.0;
/// Fewer rows are no evidence.
const MIN_ROWS: usize = 30;

/// For each column of seconds, NaN where missing, the one that it is to be coded since. `dates`: place and values.
pub fn find(dates: &[(usize, Vec<f64>)]) -> Vec<(usize, usize)> {
    let earlier = |later: &(usize, Vec<f64>)| {
        let others = dates.iter().filter(|other| other.0 != later.0);
        let spreads = others.filter_map(|other| Some((spread_since(other, later)?, other.0)));
        spreads.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, earlier)| (later.0, earlier))
    };
    dates.iter().filter_map(earlier).collect()
}

/// The spread of the times between, where they can stand for the later date.
fn spread_since(
    (place, earlier): &(usize, Vec<f64>),
    (later_place, later): &(usize, Vec<f64>),
) -> Option<f64> {
    let mut gaps = Vec::new();
    for (&from, &to) in earlier.iter().zip(later) {
        match to - from {
            gap if gap >= 0.0 => gaps.push(gap),
            _ if to.is_nan() => {}
            _ => return None,
        }
    }
    // Of two that are always the same the second is coded by the first.
    if gaps.len() < MIN_ROWS || place > later_place && gaps.iter().all(|&gap| gap == 0.0) {
        return None;
    }
    let dates: Vec<f64> = later.iter().copied().filter(|date| !date.is_nan()).collect();
    let (gaps, dates) = (middle_half(gaps), middle_half(dates));
    (gaps * CLOSER <= dates && dates > 0.0).then_some(gaps)
}

/// The distance between the quartiles.
fn middle_half(mut values: Vec<f64>) -> f64 {
    let count = values.len();
    let mut quantile = |at: usize| *values.select_nth_unstable_by(at, f64::total_cmp).1;
    quantile(count * 3 / 4) - quantile(count / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: f64 = 86_400.0;

    #[test]
    fn a_discharge_is_coded_since_its_admission() {
        let admitted: Vec<f64> = (0..100).map(|i| f64::from(i * 37 % 100) * DAY).collect();
        let left: Vec<f64> =
            admitted.iter().enumerate().map(|(i, date)| date + (i % 5) as f64 * DAY).collect();
        let born: Vec<f64> = (0..100).map(|i| -f64::from(i * 53 % 97) * 365.0 * DAY).collect();
        let dates = |left: &[f64]| vec![(2, left.to_vec()), (5, admitted.clone()), (7, born.clone())];
        assert_eq!(find(&dates(&left)), [(2, 5)]);
        let mut broken = left.clone();
        broken[50] = admitted[50] - DAY;
        assert_eq!(find(&dates(&broken)), []);
        let mut gaps = left;
        gaps[3] = f64::NAN;
        assert_eq!(find(&dates(&gaps)), [(2, 5)]);
        assert_eq!(find(&[(1, admitted.clone()), (2, admitted.clone())]), [(2, 1)]);
    }
}
