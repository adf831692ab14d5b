//! Many columns, many gaps, and columns of categories alone.

use standin::Method;
use standin::math::rng::Stream;

use super::measure::{Trial, normal, number, only_trees_pass};

fn header(columns: usize) -> String {
    let names: Vec<String> = (0..columns).map(|column| format!("c{column}")).collect();
    names.join(",")
}

/// 500 columns of 500 rows: fifty factors, each behind a number and nine answers, of which one in four is missing.
/// Kolmogorov-Smirnov for each number, chi-square for each answer and for each number with the answer beside it.
#[test]
fn five_hundred_columns() {
    let law = |stream: &mut Stream| {
        let cells: Vec<String> = (0..50)
            .flat_map(|_| {
                let factor = normal(stream);
                let answers = (0..9).map(|_| match factor + 0.5 * normal(stream) {
                    _ if stream.unit() < 0.25 => String::new(),
                    x => if x > 0.0 { "yes" } else { "no" }.to_string(),
                });
                let answers: Vec<String> = answers.collect();
                [vec![format!("{:.2}", factor + 0.5 * normal(stream))], answers].concat()
            })
            .collect();
        cells.join(",")
    };
    only_trees_pass(|method| {
        let trial = Trial::new(method, &header(500), 500, law);
        let one = |column: usize| match column % 10 {
            0 => trial.ks(|row| number(&row[column])),
            _ => trial.chi_square(|row| row[column].clone()),
        };
        let two = |column: usize| {
            trial.chi_square(|row| (number(&row[column]) > Some(0.0), row[column + 1].clone()))
        };
        let columns = (0..500).map(|column| (column, column, one(column)));
        let pairs = (0..500).step_by(10).map(|column| (column, column + 1, two(column)));
        columns.chain(pairs).map(|(a, b, p)| ((a, b), p)).collect()
    });
}

/// Six blocks of a survey: who says no to the first question skips the nine that follow; others leave out one in ten.
/// Two fifths of the cells are gaps. Chi-square for the share of gaps in each column, for the gaps of neighbours, and for
/// the blocks that are skipped; and no skipped question is ever answered.
#[test]
fn a_survey_with_skipped_blocks() {
    let law = |stream: &mut Stream| {
        let mut asked = true;
        let blocks: Vec<String> = (0..6)
            .map(|_| {
                asked = stream.unit() < if asked { 0.7 } else { 0.4 };
                let mood = normal(stream);
                let answers: String = (0..9)
                    .map(|_| match (3.0 + mood + 0.6 * normal(stream)).round().clamp(1.0, 5.0) {
                        answer if asked && stream.unit() > 0.1 => format!(",{answer}"),
                        _ => ",".to_string(),
                    })
                    .collect();
                format!("{}{answers}", if asked { "yes" } else { "no" })
            })
            .collect();
        blocks.join(",")
    };
    only_trees_pass(|method| {
        let trial = Trial::new(method, &header(60), 1000, law);
        let answered =
            |row: &[String], block: usize| row[10 * block + 1..][..9].iter().any(|cell| !cell.is_empty());
        let strays = |row: &&Vec<String>| (0..6).any(|block| row[10 * block] == "no" && answered(row, block));
        assert_eq!(trial.synthetic.iter().any(|row| strays(&row)), method == Method::Independent);
        let gap = |row: &[String], column: usize| row[column].is_empty();
        let gaps =
            (0..60).map(|column| (format!("gaps of {column}"), trial.chi_square(|row| gap(row, column))));
        let neighbours = (1..60).map(|column| {
            let p = trial.chi_square(|row| (gap(row, column - 1), gap(row, column)));
            (format!("gaps of {column} and the one before"), p)
        });
        let skipped = trial.chi_square(|row| [0, 1, 2, 3, 4, 5].map(|block| answered(row, block)));
        gaps.chain(neighbours).chain([("skipped".to_string(), skipped)]).collect()
    });
}

/// Twelve columns of two to seven levels behind four hidden classes. Chi-square for each pair of columns.
#[test]
fn categories_alone() {
    let law = |stream: &mut Stream| {
        let class = (4.0 * stream.unit()) as usize;
        let cells: Vec<String> = (0..12)
            .map(|column| {
                let levels = 2 + column % 6;
                let usual = class * (column + 1) % levels;
                let any = (levels as f64 * stream.unit()) as usize;
                format!("level {}", if stream.unit() < 0.6 { usual } else { any })
            })
            .collect();
        cells.join(",")
    };
    only_trees_pass(|method| {
        let trial = Trial::new(method, &header(12), 2000, law);
        let pairs = (0..12).flat_map(|a| (0..a).map(move |b| (a, b)));
        pairs.map(|(a, b)| ((a, b), trial.chi_square(|row| (row[a].clone(), row[b].clone())))).collect()
    });
}
