//! What a file quotes although it need not, so that its stand-in does too: some programs quote all text, some everything.

use super::delimiter::Translator;
use super::dialect::{Dialect, Quoted};
use super::sniff::skip_between;
use super::split::{Split, Splitter};

/// What of a column the head shows.
#[derive(Default)]
struct Seen {
    /// A value without quotes, and one whose quotes nothing called for.
    bare: bool,
    quoted: bool,
}

/// `table`: the head of a file from the first line of its table on, in UTF-8. Records that take more than a look (with
/// doubled quotes, or cut by the end) are passed over.
pub fn quoted(table: &[u8], dialect: &Dialect) -> Quoted {
    let mut translator = Translator::new(dialect);
    let text = translator.as_mut().map_or(table, |translator| translator.translate(table));
    // A quote after a backslash ends the look at that record, and no more.
    let Some(mut splitter) = Splitter::new(text, &Dialect { backslash: false, ..dialect.clone() }) else {
        return Quoted::default();
    };
    let (mut header, mut gaps, mut columns) = (Seen::default(), Seen::default(), Vec::<Seen>::new());
    let (mut start, mut record, mut split, mut in_comment) = (0, 0, Split::default(), false);
    loop {
        let (rest, _) = skip_between(&text[start..], dialect, &mut in_comment);
        start = text.len() - rest.len();
        let is_header = record < dialect.header_lines;
        record += 1;
        if !splitter.split(start, &mut split) {
            match rest.iter().position(|&byte| byte == b'\n') {
                Some(line) => start += line + 1,
                None => break,
            }
            continue;
        }
        for (place, &(from, to)) in split.cells.iter().enumerate() {
            let cell = &text[from..to];
            let is_quoted = from > start && text[from - 1] == dialect.quote;
            if place == columns.len() {
                columns.push(Seen::default());
            }
            let seen = match () {
                () if is_header => &mut header,
                () if cell.is_empty() => &mut gaps,
                () => &mut columns[place],
            };
            let is_idle = is_quoted && !std::str::from_utf8(cell).is_ok_and(|cell| dialect.must_quote(cell));
            seen.bare |= !is_quoted;
            seen.quoted |= is_idle;
        }
        start = split.end;
    }
    let is_quoted = |seen: &Seen| seen.quoted && !seen.bare;
    Quoted {
        header: is_quoted(&header),
        places: columns.iter().map(is_quoted).collect(),
        columns: Vec::new(),
        gaps: is_quoted(&gaps),
    }
}

impl Quoted {
    /// Says the columns by name from now on.
    pub fn name(&mut self, names: &[String]) {
        let places = std::mem::take(&mut self.places);
        let quoted = names.iter().zip(places).filter(|(_, quoted)| *quoted);
        self.columns = quoted.map(|(name, _)| name.clone()).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_that_nothing_calls_for_are_seen() {
        let seen =
            |file: &str, dialect: &Dialect| quoted(format!("{file}\n\n\n\n\n\n\n\n").as_bytes(), dialect);
        let all = seen("\"a\",\"b\"\n\"1\",\"\"\n\"2\",\"x\"\n", &Dialect::default());
        assert_eq!((all.header, &all.places[..], all.gaps), (true, &[true, true][..], true));
        let texts = seen("a,b\n1,\"x\"\n2,\n3,\"say \"\"hi\"\"\"\n4,\"y\"\n", &Dialect::default());
        assert_eq!((texts.header, &texts.places[..], texts.gaps), (false, &[false, true][..], false));
        let needed = seen("a,b\n1,\"x,y\"\n2,z\n", &Dialect::default());
        assert_eq!(needed.places, [false, false]);
    }
}
