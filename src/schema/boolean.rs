//! Words for yes and no, in the languages and habits of the files that are met.
//!
//! Every cell must be a word of one line of the table, and both sides must occur; case does not matter. A lone
//! tick (`x`, `✓`) beside blanks is a yes whose no is left out. The cells are written back as they were found.
//! Does not hold pairs that are opposites but no answers: male and female, left and right.

/// Words for no, a slash, words for yes: in lower case.
const PAIRS: [&str; 71] = [
    "no|n|nope/yes|y|yeah|yep",
    "false|f|.f./true|t|.t.",
    "0/1",
    "0.0/1.0",
    "0/-1",
    "off/on",
    "absent/present",
    "negative|neg/positive|pos",
    "disabled/enabled",
    "inactive/active",
    "fail|failed/pass|passed",
    "without/with",
    "✗|✘|☐|❌|✕|×/✓|✔|☑|✅|✔️",
    "nein|n/ja|j",
    "falsch|f/wahr|w",
    "non|n/oui|o",
    "faux|f/vrai|v",
    "no|n/sí|si|s",
    "falso|f/verdadero|v",
    "no|n/sì|si|s",
    "falso|f/vero|v",
    "não|nao|n/sim|s",
    "falso|f/verdadeiro|v",
    "nee|n/ja|j",
    "onwaar/waar",
    "nej|n/ja|j",
    "falskt/sant",
    "nei|n/ja|j",
    "falsk/sand|sann",
    "ei|e/kyllä|k",
    "epätosi/tosi",
    "nei/já",
    "nie|n/tak|t",
    "fałsz/prawda",
    "ne|n/ano|a",
    "nepravda/pravda",
    "nie|n/áno|ano|a",
    "nem|n/igen|i",
    "hamis/igaz",
    "nu|n/da|d",
    "fals/adevărat",
    "ne|n/da|d",
    "не|н/да|д",
    "нет|н/да|д",
    "ложь/истина",
    "ні|н/так|т",
    "hayır|hayir|h/evet|e",
    "yanlış/doğru",
    "όχι|οχι|ο/ναι|ν",
    "لا/نعم",
    "לא/כן",
    "خیر|نه/بله",
    "否|不是|不/是|是的",
    "无|無|没有|沒有/有",
    "假|偽/真",
    "いいえ/はい",
    "なし/あり",
    "아니오|아니요/예|네",
    "거짓/참",
    "무/유",
    "không/có",
    "tidak|t/ya|y",
    "salah/benar",
    "नहीं/हाँ|हां|जी हाँ",
    "ไม่ใช่|ไม่|ไม่มี/ใช่|มี",
    "ei/jah",
    "nē/jā",
    "ne/taip",
    "ez/bai",
    "jo/po",
    "hapana/ndiyo",
];
/// What people put where the answer is yes, leaving the cell blank where it is no.
const TICKS: [&str; 7] = ["x", "✓", "✔", "✔️", "☑", "✅", "•"];

/// Do these distinct cells, blanks left out, answer yes and no?
pub fn is_boolean<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    answers(cells).is_some()
}

/// Which of them says yes, where they answer yes and no.
pub fn answers<'a>(cells: impl Iterator<Item = &'a str>) -> Option<Vec<bool>> {
    let (mut words, mut small): (Vec<String>, bool) = (Vec::new(), false);
    for cell in cells {
        let word = cell.trim().to_lowercase();
        if words.len() == 12 || word.len() > 24 {
            return None;
        }
        small |= cell.trim().chars().next().is_some_and(char::is_lowercase);
        words.push(word);
    }
    let letters = words.iter().all(|word| word.chars().count() == 1 && word.starts_with(char::is_alphabetic));
    // Small letters are codes of anything, but for the English ones.
    let lines = if letters && small && words.iter().all(|word| word.is_ascii()) { 2 } else { PAIRS.len() };
    PAIRS[..lines].iter().find_map(|pair| {
        let (no, yes) = pair.split_once('/').expect("a slash in each line");
        let side = |side: &str, word: &String| side.split('|').any(|known| known == word);
        let says_yes = |word| match (side(no, word), side(yes, word)) {
            (false, false) => None,
            (_, yes) => Some(yes),
        };
        let said: Vec<bool> = words.iter().map(says_yes).collect::<Option<_>>()?;
        (said.contains(&true) && said.contains(&false)).then_some(said)
    })
}

/// Is it the one cell of a column of ticks?
pub fn is_tick(cell: &str) -> bool {
    TICKS.contains(&cell.trim().to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_in_many_words() {
        for cells in [
            vec!["Yes", "no"],
            vec!["YES", "Yes", "N"],
            vec!["TRUE", "False"],
            vec!["0", "1"],
            vec!["ja", "nein"],
            vec!["J", "N"],
            vec!["Oui", "Non"],
            vec!["O", "N"],
            vec!["S", "N"],
            vec!["Sí", "No"],
            vec!["tak", "nie"],
            vec!["Да", "Нет"],
            vec!["はい", "いいえ"],
            vec!["是", "否"],
            vec!["有", "无"],
            vec!["evet", "hayır"],
            vec!["✓", "✗"],
            vec!["1.0", "0.0"],
            vec!["on", "off"],
            vec!["नहीं", "हाँ"],
            vec!["예", "아니요"],
        ] {
            assert!(is_boolean(cells.iter().copied()), "{cells:?}");
        }
        for cells in [
            vec!["yes"],
            vec!["yes", "maybe", "no"],
            vec!["male", "female"],
            vec!["ja", "no"],
            vec!["1", "2"],
            vec!["y", "z"],
            vec!["n", "t"],
            vec![],
        ] {
            assert!(!is_boolean(cells.iter().copied()), "{cells:?}");
        }
        assert_eq!(answers(["J", "nein", "ja"].into_iter()), Some(vec![true, false, true]));
        assert!(is_tick(" X") && is_tick("✓") && !is_tick("xx"));
    }
}
