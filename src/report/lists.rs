//! What lies behind the figures, as lists of a few lines that a person can read: the page and the HTML report show the same ones.
//!
//! Drawn from the report's fields, which tell nothing of a value that few rows share. The worst comes first; [`WORST`] lines are
//! told of each. A list that a report does not have is left out.

use serde::Serialize;

use super::charts::{Sheet, percent, percent_or};
use super::{Report, Side};

/// Lines of a list.
const WORST: usize = 10;
const NONE: &str = "–";

/// One list: what it shows, what its figures mean, and its lines.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    pub side: Side,
    pub title: &'static str,
    pub hint: Option<&'static str>,
    pub table: Sheet,
}

/// A list in the making: a line of texts for each finding, the worst first.
struct Made(List);

impl Made {
    fn new(side: Side, title: &'static str, heads: &[&str]) -> Made {
        Made(List { side, title, hint: None, table: Sheet::new(heads, []) })
    }

    fn hint(mut self, hint: &'static str) -> Made {
        self.0.hint = Some(hint);
        self
    }

    fn lines<T>(mut self, found: &[T], line: impl Fn(&T) -> Vec<String>) -> List {
        self.0.table.rows = found.iter().take(WORST).map(line).collect();
        self.0
    }
}

/// All that the report has something for, side by side.
pub fn lists(report: &Report) -> Vec<List> {
    let all = [truth(report), utility(report), safety(report), fairness(report)];
    all.into_iter().flatten().filter(|list| !list.table.rows.is_empty()).collect()
}

fn truth(report: &Report) -> Vec<List> {
    let list = |title, heads: &[&str]| Made::new(Side::Truth, title, heads);
    let likeness = |name: String, value, ceiling| vec![name, percent(value), share(ceiling)];
    let triples = report.marginals.as_ref().map_or(&[][..], |marginals| &marginals.worst);
    let telling: Vec<_> = report.tells.iter().filter_map(|tell| Some((tell, tell.shares?))).collect();
    vec![
        list("Columns that differ most", &["Column", "Likeness", "Held-out rows"])
            .lines(&report.columns, |one| likeness(one.name.clone(), one.value, one.ceiling)),
        list("Pairs of columns that differ most", &["Pair", "Likeness", "Held-out rows"])
            .lines(&report.pairs, |one| likeness(format!("{} and {}", one.a, one.b), one.value, one.ceiling)),
        list("Three columns at a time that differ most", &["Columns", "Likeness", "Held-out rows"])
            .lines(triples, |one| likeness(one.columns.join(", "), one.value, one.ceiling)),
        list("Correlations that differ most", &["Pair", "Real rows", "Held-out rows", "Synthetic rows"])
            .hint("From 0, no connection, to 1; below 0 one falls where the other rises.")
            .lines(&report.correlations.pairs, |one| {
                line(format!("{} and {}", one.a, one.b), one.values.map(|value| value.map_or(NONE.into(), digits)))
            }),
        list("Rules of your table that are broken", &["Rule", "Real rows", "Held-out rows", "Synthetic rows"])
            .hint("Of the rows that could break a rule, the share that does.")
            .lines(&report.facts, |fact| line(fact.sentence.clone(), fact.broken.map(share))),
        list("Columns that hold what the real ones do not", &["Column", "Valid cells", "Held-out rows"])
            .lines(&report.invalid, |one| likeness(one.name.clone(), one.value, one.ceiling)),
        list(
            "Columns that are missing together",
            &["Missing, and nothing else", "Real rows", "Held-out rows", "Synthetic rows"],
        )
        .lines(&report.gaps, |pattern| {
            let columns = if pattern.columns.is_empty() { "nothing".into() } else { pattern.columns.join(", ") };
            line(columns, pattern.shares.map(share))
        }),
        list("What gives synthetic rows away", &["Column", "What", "Synthetic rows", "Real rows"])
            .hint("A part of a column that is too frequent among the synthetic rows that are told most surely from real ones.")
            .lines(&telling, |(tell, shares)| {
                let what = tell.what.clone().unwrap_or(NONE.into());
                vec![tell.column.clone(), what, percent(shares[0]), percent(shares[1])]
            }),
    ]
}

fn utility(report: &Report) -> Vec<List> {
    let list = |title, heads: &[&str]| Made::new(Side::Utility, title, heads);
    let tried = report.advice.as_ref().map_or(&[][..], |advice| &advice.tried);
    vec![
        list("What the prediction rests on", &["Column", "Real rows", "Synthetic rows", "Held-out rows"])
            .hint("How much each column has a say in the prediction.")
            .lines(&report.importances, |one| {
                line(one.column.clone(), [one.real, one.synthetic, one.holdout].map(percent))
            }),
        list("Coefficients of a regression", &["Term", "Real rows", "Synthetic rows", "Overlap"])
            .hint(
                "With their 95\u{a0}% intervals. Where the two overlap, a study on the synthetic rows would conclude much the same.",
            )
            .lines(&report.coefficients, |one| {
                line(one.name.clone(), [estimate(one.real), estimate(one.synthetic), percent(one.overlap)])
            }),
        list("What adding synthetic rows does", &["Added for each real row", "Gain", "By chance between"])
            .hint("How much better the column is predicted from your rows with synthetic ones added to them than from yours alone.")
            .lines(tried, |one| {
                line(digits(one.times), [digits(one.gain), one.interval.map(digits).join(" and ")])
            }),
    ]
}

fn safety(report: &Report) -> Vec<List> {
    let list = |title, heads: &[&str]| Made::new(Side::Safety, title, heads);
    vec![
        list(
            "What was tried to find out about single people",
            &["Attack", "Learned from", "Others", "Blind guesses", "Risk"],
        )
        .hint(
            "How often an attack was right about people whose rows were learned from, about others, and by blind guesses. \
             The risk is what the first has beyond the second.",
        )
        .lines(&report.attacks, |attack| {
            let name = match &attack.column {
                Some(column) => format!("{}: {column}", attack.name),
                None => attack.name.into(),
            };
            let rates = [attack.main, attack.control, attack.baseline, attack.risk];
            line(name, rates.map(|rate| percent(rate.value)))
        }),
        list(
            "Combinations that only one person has",
            &["Columns", "Such combinations", "Held-out rows", "Synthetic rows"],
        )
        .hint(
            "Sets of columns, and the share of rows with a combination of values that exactly one row has that was learned from.",
        )
        .lines(&report.rare_combinations, |set| {
            line(set.columns.join(", "), [set.unique.to_string(), percent(set.holdout), percent(set.synthetic)])
        }),
    ]
}

fn fairness(report: &Report) -> Vec<List> {
    let list = |title, heads: &[&str]| Made::new(Side::Fairness, title, heads);
    let ends = |[real, _, made]: [Option<f64>; 3]| from_to([real, made]);
    vec![
        list("Groups that differ most", &["Group", "Share", "Outcome"])
            .hint(
                "Real rows first, then synthetic ones. The outcome is the rarer of two answers in the column that is predicted, \
                 of several the commonest; of a number, to be above its median.",
            )
            .lines(&report.groups, |group| {
                line(format!("{}: {}", group.column, group.name), [ends(group.shares), ends(group.rates)])
            }),
        list("Groups that predictions get wrong", &["Group", "Found", "Wrongly seen", "Gap wider by"])
            .hint(
                "Predictions learned from real rows first, then from synthetic ones: how often they find the outcome where it is, \
                 and see it where it is not.",
            )
            .lines(&report.error_rates, |one| {
                let rates = [one.true_positive, one.false_positive].map(from_to);
                let [found, seen] = rates;
                line(format!("{}: {}", one.column, one.name), [found, seen, percent(one.widened[0])])
            }),
        list("Rare values that became rarer", &["Value", "Real rows", "Synthetic rows"])
            .lines(&report.rare, |one| line(format!("{}: {}", one.column, one.level), one.shares.map(percent))),
        list("Very low and very high numbers", &["Column", "Very low", "Very high"])
            .hint("Shares of the rows below and above what one real row in a hundred is, real rows first, then synthetic ones.")
            .lines(&report.tails, |tail| line(tail.column.clone(), [ends(tail.low), ends(tail.high)])),
        list("How varied columns are", &["Column", "Real rows", "Held-out rows", "Synthetic rows"])
            .hint("Of the most that each could be.")
            .lines(&report.variety, |one| line(one.column.clone(), one.entropy.map(share))),
    ]
}

fn line<const N: usize>(name: String, figures: [String; N]) -> Vec<String> {
    [name].into_iter().chain(figures).collect()
}

/// One that too few rows tell is a dash.
fn share(share: Option<f64>) -> String {
    percent_or(share, NONE)
}

/// Two shares, real and synthetic.
fn from_to(shares: [Option<f64>; 2]) -> String {
    shares.map(share).join("\u{a0}→ ")
}

/// An estimate and its ends.
fn estimate([value, low, high]: [f64; 3]) -> String {
    format!("{} ({} to {})", digits(value), digits(low), digits(high))
}

/// Three digits that count.
fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".into() } else { NONE.into() };
    }
    let magnitude = libm::floor(libm::log10(value.abs())) as i32;
    let decimals = (2 - magnitude).max(0) as usize;
    let text = format!("{:.decimals$}", value.abs());
    let text = if decimals > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{}{text}", if value < 0.0 { "\u{2212}" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{ColumnScore, fairness::groups::Group};

    #[test]
    fn what_is_there_is_listed_and_nothing_else() {
        assert!(lists(&Report::default()).is_empty());
        let column =
            |place: usize| ColumnScore { name: format!("column {place}"), value: 0.5, ceiling: None };
        let group = Group {
            column: "sex".into(),
            name: "f".into(),
            shares: [Some(0.4), None, Some(0.3)],
            rates: [None; 3],
            widened: None,
            amplified: false,
        };
        let report =
            Report { columns: (0..30).map(column).collect(), groups: vec![group], ..Report::default() };
        let [columns, groups] = &lists(&report)[..] else { panic!("two lists") };
        assert_eq!((columns.side, columns.table.rows.len()), (Side::Truth, WORST));
        assert_eq!(columns.table.rows[0], ["column 0", "50.0\u{a0}%", "–"]);
        assert_eq!(groups.table.rows, [["sex: f", "40.0\u{a0}%\u{a0}→ 30.0\u{a0}%", "–\u{a0}→ –"]]);
        for list in [columns, groups] {
            assert!(list.table.rows.iter().all(|row| row.len() == list.table.heads.len()));
        }
    }

    #[test]
    fn three_digits_count() {
        let told = [0.0, 1.0, -0.012_34, 12.5, 1234.4, 0.5, f64::NAN].map(digits);
        assert_eq!(told, ["0", "1", "\u{2212}0.0123", "12.5", "1234", "0.5", "–"]);
    }
}
