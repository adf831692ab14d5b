//! Every pair of columns at a glance: its Column Pair Trends score, for a picture.

use serde::Serialize;

use super::trends::Pair;

/// Columns that are told; of more those of the worst pairs.
const COLUMNS: usize = 40;

/// Scores of pairs.
#[derive(Clone, Debug, Serialize)]
pub struct Matrix {
    pub columns: Vec<String>,
    /// Of column `i` a row of `i` scores, with the columns before it; None where the real table defines none.
    pub scores: Vec<Vec<Option<f64>>>,
}

pub fn matrix(pairs: &[Pair], names: &[String]) -> Option<Matrix> {
    let mut ranked: Vec<&Pair> = pairs.iter().collect();
    ranked.sort_by(|a, b| a.score.total_cmp(&b.score));
    let mut chosen: Vec<usize> = Vec::new();
    for place in ranked.iter().flat_map(|pair| [pair.a, pair.b]) {
        if chosen.len() < COLUMNS && !chosen.contains(&place) {
            chosen.push(place);
        }
    }
    chosen.sort_unstable();
    let mut scores: Vec<Vec<Option<f64>>> = (0..chosen.len()).map(|row| vec![None; row]).collect();
    for pair in pairs {
        if let (Ok(a), Ok(b)) = (chosen.binary_search(&pair.a), chosen.binary_search(&pair.b)) {
            scores[a.max(b)][a.min(b)] = Some((pair.score * 1000.0).round() / 1000.0);
        }
    }
    (chosen.len() > 1)
        .then(|| Matrix { columns: chosen.iter().map(|&place| names[place].clone()).collect(), scores })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_pairs_columns_are_kept() {
        let names: Vec<String> = (0..60).map(|place| format!("c{place}")).collect();
        let pair = |a: usize, b: usize| Pair { a, b, score: if (a, b) == (50, 59) { 0.1234 } else { 0.9 } };
        let pairs: Vec<Pair> = (0..60).flat_map(|a| (a + 1..60).map(move |b| pair(a, b))).collect();
        let found = matrix(&pairs, &names).unwrap();
        assert_eq!(found.columns.len(), COLUMNS);
        assert_eq!(&found.columns[COLUMNS - 2..], ["c50", "c59"]);
        assert_eq!(found.scores[COLUMNS - 1][COLUMNS - 2], Some(0.123));
    }
}
