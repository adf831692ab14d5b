//! How the characters of a number are spaced: `####-####`. A mask holds punctuation alone, so it tells of no row.

/// Letters and digits as `#`, all else as it is.
pub fn mask(cell: &str) -> String {
    cell.trim().chars().map(|c| if c.is_alphanumeric() { '#' } else { c }).collect()
}

/// Letters and digits alone, in upper case.
pub fn compact(cell: &str) -> String {
    cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Puts the characters of `text` in the places of a mask. What the mask has no place for follows at the end.
pub fn fill(mask: &str, text: &str) -> String {
    let mut chars = text.chars();
    let mut filled = String::new();
    for place in mask.chars() {
        match place {
            '#' => match chars.next() {
                Some(c) => filled.push(c),
                None => break,
            },
            literal => filled.push(literal),
        }
    }
    filled.extend(chars);
    filled
}

/// The commonest of some texts.
pub fn commonest<T: Ord>(texts: impl Iterator<Item = T>) -> Option<T> {
    counts(texts).into_iter().next().map(|(text, _)| text)
}

/// How often each stands there, the commonest first.
pub fn counts<T: Ord>(all: impl Iterator<Item = T>) -> Vec<(T, u32)> {
    let mut counts = std::collections::BTreeMap::new();
    all.for_each(|one| *counts.entry(one).or_insert(0) += 1);
    let mut counts: Vec<(T, u32)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spaced_comes_back() {
        for cell in ["DE89 3704 0044", "123-45-6789", "(030) 12", "x"] {
            assert_eq!(fill(&mask(cell), &compact(cell)), cell.to_uppercase());
        }
        assert_eq!(fill("##-##", "123456"), "12-3456");
        assert_eq!(fill("##-##", "1"), "1");
    }
}
