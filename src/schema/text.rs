//! Free text: how long it is, and placeholder words of that length. Text is never imitated.
//!
//! What is kept of the source: for groups of at least five texts of like length, how many words and characters they
//! have on average, and whether most begin with a capital or end with a stop. The words written are from a fixed
//! list of Latin filler, whatever the source's language. Does not keep: lines within a text, topics, anything said.

use serde::{Deserialize, Serialize};

use crate::math::rng::{ODD, mix};

/// Texts whose lengths are averaged, at least.
const GROUP: usize = 5;
const MAX_GROUPS: usize = 32;
/// A text is free text from these means on.
const MIN_WORDS: f64 = 3.0;
const MIN_CHARACTERS: f64 = 16.0;
/// No text that is written has more.
const MAX_WORDS: u32 = 2000;

/// Filler, by length.
const FILLER: [&[&str]; 12] = [
    &["a", "e"],
    &["ad", "et", "ex", "id", "in", "ut"],
    &["cum", "est", "nec", "non", "per", "quo", "sed", "sit", "vel"],
    &["amet", "amor", "duis", "elit", "enim", "esse", "quis", "quod", "vero"],
    &["animi", "culpa", "dolor", "fugit", "ipsum", "lorem", "magna", "nulla", "velit"],
    &["aliqua", "cillum", "dolore", "fugiat", "irure", "labore", "minima", "mollit", "veniam"],
    &["aliquip", "commodo", "deserunt", "eiusmod", "laborum", "nostrum", "officia", "tempora"],
    &["accusant", "deleniti", "excepteu", "incididu", "occaecat", "pariatur", "proident", "voluptas"],
    &["consequat", "cupidatat", "doloremqu", "explicabo", "laudantiu", "perferend", "voluptate"],
    &["adipiscing", "architecto", "blanditiis", "incididunt", "praesentiu", "voluptatem"],
    &["consectetur", "consequatur", "perspiciati", "repudiandae", "voluptatibu"],
    &["accusantium", "dignissimos", "exercitation", "perspiciatis", "reprehenderit"],
];

/// Is every word of the text one of the filler's?
pub fn is_filler(text: &str) -> bool {
    let known = |word: &str| {
        let word = word.trim_end_matches('.').to_lowercase();
        FILLER.iter().any(|words| words.contains(&word.as_str()))
    };
    !text.trim().is_empty() && text.split_whitespace().all(known)
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextShape {
    /// Words and characters, means over at least [`GROUP`] texts each; shorter texts first.
    lengths: Vec<(u32, u32)>,
    /// Most texts begin with a capital.
    capital: bool,
    /// Most texts end with a full stop.
    stop: bool,
}

impl TextShape {
    /// The shape of these distinct texts.
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str>) -> TextShape {
        let (mut lengths, mut capitals, mut stops): (Vec<(u32, u32)>, usize, usize) = (Vec::new(), 0, 0);
        for cell in cells {
            let cell = cell.trim();
            lengths.push((cell.chars().count() as u32, words(cell)));
            capitals += usize::from(cell.starts_with(|c: char| c.is_uppercase()));
            stops += usize::from(cell.ends_with(['.', '。']));
        }
        lengths.sort_unstable();
        let groups = (lengths.len() / GROUP).clamp(1, MAX_GROUPS);
        let mean = |group: usize| {
            let part = &lengths[group * lengths.len() / groups..(group + 1) * lengths.len() / groups];
            let of = |sum: u64| ((sum as f64 / part.len() as f64).round() as u32).max(1);
            let sum = |length: fn(&(u32, u32)) -> u32| part.iter().map(|text| u64::from(length(text))).sum();
            (of(sum(|text| text.1)).min(MAX_WORDS), of(sum(|text| text.0)))
        };
        let half = lengths.len() / 2;
        let known = lengths.len() >= GROUP;
        TextShape {
            lengths: if known { (0..groups).map(mean).collect() } else { vec![(6, 36)] },
            capital: known && capitals > half,
            stop: known && stops > half,
        }
    }

    /// The placeholder for a place, under a key.
    pub fn placeholder(&self, index: u64, key: u64) -> String {
        let mut state = mix(key ^ mix(index));
        let mut next = |below: usize| {
            state = mix(state.wrapping_add(ODD));
            (state % below.max(1) as u64) as usize
        };
        let (words, characters) = self.lengths[next(self.lengths.len())];
        let mut text = String::new();
        for word in 0..words {
            // What is left to write, shared among the words left, give or take two letters.
            let left = i64::from(characters) - text.len() as i64 - i64::from(self.stop);
            let mean = left / i64::from(words - word) - 1;
            let length = if word + 1 == words { mean } else { mean + next(5) as i64 - 2 };
            let of_length = FILLER[(length.clamp(1, FILLER.len() as i64) - 1) as usize];
            if word > 0 {
                text.push(' ');
            }
            text.push_str(of_length[next(of_length.len())]);
        }
        if self.capital {
            text[..1].make_ascii_uppercase();
        }
        if self.stop {
            text.push('.');
        }
        text
    }

    /// The least and the greatest usual number of words.
    pub fn words(&self) -> (u32, u32) {
        let words = || self.lengths.iter().map(|length| length.0);
        (words().min().unwrap_or(0), words().max().unwrap_or(0))
    }

    /// Can [`TextShape::placeholder`] be called? For models read from files.
    pub fn is_sound(&self) -> bool {
        !self.lengths.is_empty() && self.lengths.iter().all(|&(words, _)| (1..=MAX_WORDS).contains(&words))
    }
}

/// Do these distinct cells read as free text? Words with spaces between them, or long runs of a script that has none.
pub fn is_text<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let (mut count, mut all_words, mut all, mut letters, mut digits) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for cell in cells {
        count += 1.0;
        all_words += f64::from(words(cell));
        for c in cell.chars() {
            all += 1.0;
            letters += f64::from(u8::from(c.is_alphabetic()));
            digits += f64::from(u8::from(c.is_numeric()));
        }
    }
    count > 0.0
        && all_words >= MIN_WORDS * count
        && all >= MIN_CHARACTERS * count
        && letters > all / 2.0
        && digits < letters / 4.0
}

/// Do these distinct cells, each of one row, read as titles or names: a word or two, without digits?
pub fn is_title<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let (mut count, mut all_words, mut all, mut letters) = (0u32, 0u32, 0usize, 0usize);
    for cell in cells {
        count += 1;
        all_words += words(cell);
        all += cell.chars().count();
        letters += cell.chars().filter(|c| c.is_alphabetic()).count();
    }
    count > 0 && all_words * 2 >= count * 3 && all >= count as usize * 8 && letters * 5 > all * 4
}

/// Words are parted by spaces; in scripts without them, two characters count as one.
fn words(text: &str) -> u32 {
    let unspaced = text
        .chars()
        .filter(|&c| ('\u{3040}'..'\u{a000}').contains(&c) || ('\u{e00}'..'\u{e80}').contains(&c));
    text.split_whitespace().count() as u32 + unspaced.count() as u32 / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_have_the_lengths_and_none_of_the_words() {
        let topics = ["kidney", "thorax", "ankle"];
        let cell = |i: usize| format!("Seen for {} pain{}.", topics[i % 3], " since last week".repeat(i % 4));
        let cells: Vec<String> = (0..200).map(cell).collect();
        let texts = || cells.iter().map(String::as_str);
        assert!(is_text(texts()));
        let shape = TextShape::infer(texts());
        let written: Vec<String> = (0..400).map(|i| shape.placeholder(i, 7)).collect();
        let mean = |texts: &[String]| {
            texts.iter().map(|t| t.chars().count()).sum::<usize>() as f64 / texts.len() as f64
        };
        assert!((mean(&written) - mean(&cells)).abs() < 3.0, "{} {}", mean(&written), mean(&cells));
        for text in &written {
            assert!(text.ends_with('.') && text.starts_with(|c: char| c.is_uppercase()), "{text}");
            assert!(
                !["kidney", "thorax", "ankle", "pain", "week"].iter().any(|word| text.contains(word)),
                "{text}"
            );
        }
        assert!(written[0] != written[1]);
        assert_eq!(shape.placeholder(3, 7), written[3]);
    }

    #[test]
    fn what_reads_as_text() {
        assert!(is_text(
            ["患者は昨日から熱があり咳も続いていると話した", "薬を飲んで様子を見ることになったが改善しない"]
                .into_iter()
        ));
        for cells in [
            vec!["John Smith", "Ann Lee"],
            vec!["AB-1234 77 99 12 34 5"],
            vec!["12 Main St 4411 09 1"],
            vec![],
        ] {
            assert!(!is_text(cells.iter().copied()), "{cells:?}");
        }
        let few = TextShape::infer(["one secret text of a single row"].into_iter());
        assert_eq!(few.words(), (6, 6));
        assert!(few.is_sound());
    }
}
