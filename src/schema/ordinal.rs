//! Ordered categories: levels that have an order of their own, and which it is.
//!
//! Three ways tell it: every level is a word of one known scale (`ordinal/scales.rs`); every level is a band of
//! numbers, and the bands lie one after the other (`ordinal/bands.rs`); or every level is one numbered word
//! (`Stage III`, `3rd`). Levels that say "no value" stand outside the order. Does not: order bare numbers, which are
//! numbers, or two levels, where order says nothing.

use serde::{Deserialize, Serialize};

use super::missing::{is_gap_word, is_missing};

mod bands;
mod numbered;
mod scales;

/// Fewer levels have no order to speak of; more are no scale.
const LEVELS: std::ops::RangeInclusive<usize> = 3..=128;

/// The levels in ascending order, as their cells are written. Levels that are not listed come before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order(Vec<String>);

/// The rank of each level, if all have one.
type Ranks = fn(&[&str]) -> Option<Vec<f64>>;

/// What showed the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Scale,
    Bands,
    Numbered,
}

impl Order {
    /// The order of these distinct cells, if they show one. Cells that say "no value" may be among them.
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str>) -> Option<(Order, Sign)> {
        let levels: Vec<&str> = cells.filter(|cell| !cell.trim().is_empty()).take(LEVELS.end() + 8).collect();
        if !LEVELS.contains(&levels.len()) {
            return None;
        }
        // "None" is a gap in general, and a level of its scale.
        let valued: Vec<&str> =
            levels.iter().copied().filter(|cell| !is_missing(cell) && !is_gap_word(cell)).collect();
        let signs: [(Sign, Ranks); 3] =
            [(Sign::Scale, scales::ranks), (Sign::Bands, bands::ranks), (Sign::Numbered, numbered::ranks)];
        let told = |levels: &[&'a str]| {
            signs.iter().find_map(|(sign, ranks)| Some((Order::by(levels, &ranks(levels)?)?, *sign)))
        };
        // One level without a number beside several bands, such as "unemployed", stands outside.
        let numbered: Vec<&str> =
            valued.iter().copied().filter(|cell| cell.bytes().any(|b| b.is_ascii_digit())).collect();
        let beside = || {
            let one = valued.len() == numbered.len() + 1;
            one.then(|| told(&numbered)).flatten().filter(|(_, sign)| *sign == Sign::Bands)
        };
        told(&levels)
            .or_else(|| if valued.len() < levels.len() { told(&valued) } else { None })
            .or_else(beside)
    }

    /// The order that the owner gives; cells that it does not name stand outside.
    pub fn told<'a>(order: &[String], cells: impl Iterator<Item = &'a str> + Clone) -> Order {
        let named = |word: &String| cells.clone().find(|cell| *cell == word || cell.trim() == word);
        let mut levels: Vec<String> = order.iter().filter_map(named).map(String::from).collect();
        let mut seen = std::collections::BTreeSet::new();
        levels.retain(|level| seen.insert(level.clone()));
        Order(levels)
    }

    fn by(levels: &[&str], ranks: &[f64]) -> Option<Order> {
        let mut places: Vec<usize> = (0..levels.len()).collect();
        places.sort_by(|&a, &b| ranks[a].total_cmp(&ranks[b]).then_with(|| levels[a].cmp(levels[b])));
        let steps = places.windows(2).filter(|pair| ranks[pair[0]] < ranks[pair[1]]).count();
        (steps + 1 >= *LEVELS.start())
            .then(|| Order(places.into_iter().map(|i| levels[i].to_string()).collect()))
    }

    pub fn levels(&self) -> &[String] {
        &self.0
    }

    /// The place of a level; None for one that stands outside.
    pub fn rank(&self, cell: &str) -> Option<usize> {
        self.0.iter().position(|level| level == cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(text: &str) -> Option<Vec<String>> {
        let mut cells: Vec<&str> = text.split('|').collect();
        cells.reverse();
        Order::infer(cells.into_iter()).map(|(order, _)| order.0)
    }

    #[test]
    fn scales_bands_and_numbered_words() {
        for text in [
            "low|medium|high",
            "Never|Rarely|Sometimes|Often|Always",
            "S|M|L|XL",
            "None|Mild|Moderate|Severe",
            "1 - Strongly disagree|2 - Disagree|3 - Neutral|4 - Agree|5 - Strongly agree",
            "Jan|Feb|Mar|Dec",
            "Monday|Tuesday|Friday|Sunday",
            "niedrig|mittel|hoch",
            "[0-10)|[10-20)|[20-30)",
            "<18|18-24|25-34|65+",
            "under 18|18 to 30|31 and over",
            "$0 - $9,999|$10,000 - $49,999|$50,000+",
            "10k-20k|20k-30k|>30k",
            "(20, 30]|(30, 40]|(40, 50]",
            "Stage I|Stage II|Stage IV",
            "I|II|III|IV",
            "1st|2nd|3rd|10th",
            "Grade 2|Grade 3|Grade 10",
            "0|1|2|3+",
            "Fair|Good|Very Good|Premium|Ideal",
            "Preschool|9th|HS-grad|Some-college|Bachelors|Masters|Doctorate",
            "0-4|5-9|10-14|85+",
            "B-|B|B+|A-|A",
            "B|A|A+|A++",
        ] {
            assert_eq!(ordered(text).map(|levels| levels.join("|")).as_deref(), Some(text));
        }
        assert_eq!(ordered("low|medium|unknown|high").unwrap().join("|"), "low|medium|high");
        assert_eq!(
            ordered("unemployed|0 - 1 yrs|1 - 4 yrs|> 4 yrs").unwrap().join("|"),
            "0 - 1 yrs|1 - 4 yrs|> 4 yrs"
        );
    }

    #[test]
    fn what_has_no_order() {
        for text in [
            "low|high",
            "red|green|blue",
            "north|low|high",
            "1-0|2-1|0-3",
            "a|b|c|d",
            "A|B|C",
            "555-1234|555-9876|444-0000",
            "INLAND|<1H OCEAN|NEAR BAY",
            "X1|X2|X3",
            "I|N|A",
            "1|2|3",
            "2018-19|2019-20|2020-21",
        ] {
            assert_eq!(ordered(text), None, "{text}");
        }
    }

    #[test]
    fn the_owner_can_tell() {
        let order =
            Order::told(&["b".into(), "zz".into(), "a".into(), "b".into()], ["a", "b", "c"].into_iter());
        assert_eq!(order.levels(), ["b", "a"]);
        assert_eq!([order.rank("a"), order.rank("c")], [Some(1), None]);
    }
}
