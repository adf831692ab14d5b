//! Numbered words: `Stage III`, `Grade 10`, `Q3`, `2nd`, or Roman numbers alone.
//!
//! All levels have the same word, and it is one that counts in order: `Room 12` is a name.

const WORDS: [&str; 44] = [
    "stage",
    "grade",
    "level",
    "lvl",
    "tier",
    "class",
    "quarter",
    "q",
    "phase",
    "rank",
    "year",
    "yr",
    "week",
    "wk",
    "month",
    "day",
    "cycle",
    "wave",
    "round",
    "step",
    "degree",
    "visit",
    "semester",
    "term",
    "decile",
    "quartile",
    "quintile",
    "tertile",
    "order",
    "generation",
    "gen",
    "category",
    "cat",
    "stufe",
    "klasse",
    "jahr",
    "phase",
    "niveau",
    "nivel",
    "grado",
    "livello",
    "stade",
    "estrato",
    "estadio",
];

/// The number of each level.
pub fn ranks(levels: &[&str]) -> Option<Vec<f64>> {
    let lower: Vec<String> = levels.iter().map(|level| level.trim().to_lowercase()).collect();
    let roman_only = lower.iter().all(|level| roman(level).is_some());
    if roman_only {
        let mut numbers: Vec<u32> = lower.iter().filter_map(|level| roman(level)).collect();
        numbers.sort_unstable();
        let counts_from_one = numbers.iter().zip(1..).all(|(&number, place)| number == place);
        return counts_from_one
            .then(|| lower.iter().filter_map(|level| roman(level)).map(f64::from).collect());
    }
    if let Some(ranks) = lower.iter().map(|level| nth(level)).collect() {
        return Some(ranks);
    }
    let word = |level: &str| -> String { level.chars().take_while(|c| c.is_alphabetic()).collect() };
    let shared = lower.iter().map(|level| word(level)).min_by_key(String::len)?;
    let named = |word: &&&str| shared == **word || shared.is_empty();
    if shared.is_empty() || WORDS.iter().find(named).is_none() {
        return None;
    }
    let number = |level: &String| {
        let rest = level.strip_prefix(&shared)?.trim_start_matches([' ', '-', '_', ':']);
        let digits = || rest.parse::<u32>().ok().filter(|&number| number < 1000);
        digits().or_else(|| roman(rest)).map(f64::from)
    };
    lower.iter().map(number).collect()
}

/// `1st`, `22nd`, `3.`
fn nth(level: &str) -> Option<f64> {
    let digits =
        ["st", "nd", "rd", "th", "º", "ª", "ème", "e"].iter().find_map(|end| level.strip_suffix(end))?;
    digits.parse::<u16>().ok().map(f64::from)
}

/// Roman numbers up to 20.
fn roman(text: &str) -> Option<u32> {
    const ROMAN: [&str; 20] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi",
        "xvii", "xviii", "xix", "xx",
    ];
    ROMAN.iter().position(|number| *number == text).map(|place| place as u32 + 1)
}
