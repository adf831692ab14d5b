//! A code a row, in blocks as narrow as their greatest code allows.
//!
//! Codes count up as new cells appear, so most blocks take one or two bytes a row. And a column that grows by whole
//! blocks never copies what it has: a vector that doubles would need three times its size.

/// Rows in a block.
const BLOCK: usize = 4096;

#[derive(Clone, Debug, Default)]
pub struct Codes {
    full: Vec<Block>,
    /// The rows after the last full block.
    open: Vec<u32>,
    bytes: u64,
}

#[derive(Clone, Debug)]
enum Block {
    Narrow(Box<[u8]>),
    Middle(Box<[u16]>),
    Wide(Box<[u32]>),
}

impl Codes {
    pub fn len(&self) -> usize {
        self.full.len() * BLOCK + self.open.len()
    }

    /// What the codes take.
    pub fn bytes(&self) -> u64 {
        self.bytes + 4 * self.open.len() as u64
    }

    pub fn get(&self, row: usize) -> u32 {
        match self.full.get(row / BLOCK) {
            Some(block) => block.get(row % BLOCK),
            None => self.open[row - self.full.len() * BLOCK],
        }
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = u32> {
        (0..self.len()).map(|row| self.get(row))
    }

    pub fn push(&mut self, code: u32) {
        self.open.push(code);
        if self.open.len() == BLOCK {
            let block = Block::new(&self.open);
            self.bytes += block.bytes();
            self.full.push(block);
            self.open.clear();
        }
    }

    /// The codes of the rows that are kept, by their new numbers. What was is freed block by block.
    pub fn keep(self, kept: &[bool], renumbered: &[u32]) -> Codes {
        let Codes { full, open, .. } = self;
        let mut codes = Codes::default();
        let mut rows = kept.iter();
        let mut take = |code: u32| {
            if *rows.next().expect("a mark a row") {
                codes.push(renumbered[code as usize]);
            }
        };
        full.into_iter().for_each(|block| (0..BLOCK).for_each(|row| take(block.get(row))));
        open.into_iter().for_each(take);
        codes
    }
}

impl FromIterator<u32> for Codes {
    fn from_iter<I: IntoIterator<Item = u32>>(items: I) -> Self {
        let mut codes = Codes::default();
        items.into_iter().for_each(|code| codes.push(code));
        codes
    }
}

impl Block {
    fn new(codes: &[u32]) -> Block {
        match codes.iter().max().copied().unwrap_or(0) {
            0..=0xff => Block::Narrow(codes.iter().map(|&code| code as u8).collect()),
            0x100..=0xffff => Block::Middle(codes.iter().map(|&code| code as u16).collect()),
            _ => Block::Wide(codes.into()),
        }
    }

    fn bytes(&self) -> u64 {
        BLOCK as u64
            * match self {
                Block::Narrow(_) => 1,
                Block::Middle(_) => 2,
                Block::Wide(_) => 4,
            }
    }

    fn get(&self, row: usize) -> u32 {
        match self {
            Block::Narrow(codes) => codes[row].into(),
            Block::Middle(codes) => codes[row].into(),
            Block::Wide(codes) => codes[row],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_gives_back_its_codes() {
        let all: Vec<u32> = (0..100_000u32).map(|row| if row % 3 == 0 { row } else { row % 7 }).collect();
        let codes: Codes = all.iter().copied().collect();
        assert!(codes.iter().eq(all.iter().copied()));
        assert_eq!(codes.len(), all.len());
        let narrow: Codes = std::iter::repeat_n(255, 2 * BLOCK + 1).collect();
        let middle: Codes = std::iter::repeat_n(256, BLOCK).collect();
        let wide: Codes = std::iter::repeat_n(65_536, BLOCK).collect();
        assert_eq!(narrow.bytes(), 2 * BLOCK as u64 + 4);
        assert_eq!((middle.bytes(), wide.bytes()), (2 * BLOCK as u64, 4 * BLOCK as u64));
    }

    #[test]
    fn keeps_the_marked_rows_under_new_numbers() {
        let codes: Codes = (0..10_000u32).map(|row| row % 4).collect();
        let kept: Vec<bool> = (0..10_000).map(|row| row % 4 > 1).collect();
        let left = codes.keep(&kept, &[9, 9, 0, 1]);
        assert!(left.iter().eq((0..5000).map(|row| row % 2)));
    }
}
