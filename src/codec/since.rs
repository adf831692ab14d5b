//! Dates and numbers that follow closely on a lower one, as a discharge on its admission or a gross amount on its net:
//! coded as what they exceed it by.
//!
//! So the order holds in every synthetic row, and a stay of days is learned as days, not as the difference of two dates
//! months apart. Taken where the rows that hold the upper one all hold the lower, none contradicts, and the gaps lie at
//! least [`CLOSER`] times closer together than the values do: a date of birth tells less of an admission's date than
//! the year does. Among numbers also only where gaps repeat as often as the values, whose spikes are else lost.

/// How much closer together, by the middle half of the rows.
const CLOSER: f64 = 4.0;
/// Fewer rows are no evidence.
const MIN_ROWS: usize = 30;

/// A column's place and its numbers, NaN where missing.
type Numbers = (usize, Vec<f64>);

/// For each date, the place of the one that it is to be coded since.
pub fn of_dates(dates: &[Numbers]) -> Vec<(usize, usize)> {
    find(dates, |earlier, later| Some(gaps(earlier, later)?.0))
}

/// The same among numbers of which the first is known never to be above the second, by place.
pub fn of_numbers(numbers: &[Numbers], is_low: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    find(numbers, |low, high| {
        let (spread, gaps) = is_low(low.0, high.0).then(|| gaps(low, high))??;
        (repeats(gaps) >= repeats(present(&high.1))).then_some(spread)
    })
}

/// For each column the place of the one on which it follows with the least spread.
fn find(columns: &[Numbers], spread: impl Fn(&Numbers, &Numbers) -> Option<f64>) -> Vec<(usize, usize)> {
    let earlier = |later: &Numbers| {
        let others = columns.iter().filter(|other| other.0 != later.0);
        let spreads = others.filter_map(|other| Some((spread(other, later)?, other.0)));
        spreads.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, earlier)| (later.0, earlier))
    };
    columns.iter().filter_map(earlier).collect()
}

/// What the later exceeds the earlier by and its spread, where that can stand for the later.
fn gaps((place, earlier): &Numbers, (later_place, later): &Numbers) -> Option<(f64, Vec<f64>)> {
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
    let (spread, values) = (middle_half(gaps.clone()), middle_half(present(later)));
    (spread * CLOSER <= values && values > 0.0).then_some((spread, gaps))
}

fn present(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|value| !value.is_nan()).collect()
}

/// The chance that two rows hold the same, but for the dust of a subtraction.
fn repeats(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let dust = 1e-9 * values.last().map_or(0.0, |last| last.abs());
    let runs = values.chunk_by(|a, b| b - a <= dust);
    runs.map(|run| (run.len() as f64 / values.len() as f64) * (run.len() as f64 / values.len() as f64)).sum()
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
        assert_eq!(of_dates(&dates(&left)), [(2, 5)]);
        let mut broken = left.clone();
        broken[50] = admitted[50] - DAY;
        assert_eq!(of_dates(&dates(&broken)), []);
        let mut gaps = left;
        gaps[3] = f64::NAN;
        assert_eq!(of_dates(&dates(&gaps)), [(2, 5)]);
        assert_eq!(of_dates(&[(1, admitted.clone()), (2, admitted.clone())]), [(2, 1)]);
    }

    /// Whole thousands that the gaps would lose, and sums without spikes.
    #[test]
    fn numbers_are_coded_by_gaps_that_repeat_as_they_do() {
        let low: Vec<f64> = (0..400).map(|i| f64::from(i * 37 % 400) * 100.3).collect();
        let high: Vec<f64> = low.iter().enumerate().map(|(i, low)| low + (i % 50) as f64).collect();
        let round: Vec<f64> = low.iter().map(|low| (low / 1000.0).ceil() * 1000.0).collect();
        let numbers = [(0, low), (1, high), (2, round)];
        assert_eq!(of_numbers(&numbers, |low, high| low == 0 && high > 0), [(1, 0)]);
        assert_eq!(of_numbers(&numbers, |_, _| false), []);
    }
}
