//! The distinct cells of a column, by code, in pages.
//!
//! A page holds a fixed number of cells, so that the page of a code is known; and a dictionary of millions grows page
//! by page, where one long text would be copied, and be there twice, each time it doubles.

/// Cells in a page.
const PAGE: usize = 128;

/// Distinct texts, in the order in which they were first seen.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    pages: Vec<Page>,
    bytes: u64,
}

/// `ends[i]` is where the i-th text ends.
#[derive(Clone, Debug, Default)]
struct Page {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    pub fn len(&self) -> usize {
        self.pages.last().map_or(0, |last| (self.pages.len() - 1) * PAGE + last.ends.len())
    }

    /// The length of all texts.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    pub fn get(&self, code: u32) -> &str {
        self.pages[code as usize / PAGE].get(code as usize % PAGE)
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        self.pages.iter().flat_map(|page| (0..page.ends.len()).map(|i| page.get(i)))
    }

    pub(super) fn push(&mut self, text: &str) {
        if self.pages.last().is_none_or(|last| last.ends.len() == PAGE) {
            self.pages.push(Page::default());
        }
        let last = self.pages.last_mut().expect("there is one now");
        self.bytes += text.len() as u64;
        last.text.push_str(text);
        last.ends.push(last.text.len());
        if last.ends.len() == PAGE {
            last.text.shrink_to_fit();
        }
    }

    /// The marked cells. What was is freed page by page.
    pub(super) fn keep(self, kept: &[bool]) -> Cells {
        let mut cells = Cells::default();
        let mut marks = kept.iter();
        for page in self.pages {
            for i in 0..page.ends.len() {
                if *marks.next().expect("a mark a cell") {
                    cells.push(page.get(i));
                }
            }
        }
        cells
    }
}

impl Page {
    fn get(&self, i: usize) -> &str {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.text[start..self.ends[i]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_over_many_pages() {
        let texts: Vec<String> = (0..1000).map(|i| "é".repeat(i % 5) + &i.to_string()).collect();
        let mut cells = Cells::default();
        texts.iter().for_each(|text| cells.push(text));
        assert_eq!(cells.len(), 1000);
        assert!(cells.iter().eq(texts.iter().map(String::as_str)));
        assert!((0..1000u32).all(|code| cells.get(code) == texts[code as usize]));
        let left = cells.keep(&(0..1000).map(|i| i % 3 == 1).collect::<Vec<_>>());
        assert_eq!((left.len(), left.get(332)), (333, texts[997].as_str()));
    }
}
