//! The pictures of a report with odd names, many columns and few rows.

use super::*;
use crate::frame::{Column, Frame};
use crate::math::rng::mix;
use crate::report::generations::Generation;
use crate::report::html::page;
use crate::report::{Asked, Judging, Tables};

fn unit(row: usize, what: u64) -> f64 {
    crate::math::rng::unit(mix(what << 40 ^ row as u64))
}

fn frame(rows: usize, columns: usize, salt: u64) -> Frame {
    let column = |place: usize| match place % 3 {
        0 => Column::Numbers((0..rows).map(|row| 1e4 * unit(row, salt << 8 | place as u64)).collect()),
        1 => Column::Numbers(
            (0..rows).map(|row| (unit(row, salt << 8 | place as u64) * 9.0).floor()).collect(),
        ),
        _ => {
            let code = |row| (unit(row, salt << 8 | place as u64) * unit(row, 7) * 20.0) as u32;
            Column::Categories { codes: (0..rows).map(code).collect(), levels: 20 }
        }
    };
    Frame::new((0..columns).map(column).collect())
}

fn report(rows: usize, columns: usize) -> Report {
    let odd = "<b onload='x'>\"&\u{1}\u{7} a name that is far too long for any picture to hold it";
    let label = |place: usize| match place % 3 {
        2 => (0..20).map(|level| (level < 18).then(|| format!("{odd} {level}"))).collect(),
        _ => Vec::new(),
    };
    let tables = Tables {
        names: (0..columns).map(|place| format!("{place} {odd}")).collect(),
        labels: (0..columns).map(label).collect(),
        dates: (0..columns).map(|place| place % 6 == 0).collect(),
        asked: Asked { target: Some(2), protected: vec![5] },
        ..Tables::plain(frame(rows, columns, 1), Some(frame(rows / 4, columns, 2)), frame(rows, columns, 3))
    };
    let mut report = Judging::new(tables).report();
    let generation = |generation: usize| {
        let left = 1.0 - 0.1 * generation as f64;
        Generation {
            generation,
            shapes: left,
            trends: Some(left),
            variety: (generation > 0).then_some(left),
            rare: Some(left * left),
            reaches: [0.0; 4],
        }
    };
    report.generations = (0..6).map(generation).collect();
    report
}

/// Every tag that opens is closed in turn, and no text is a tag that should not be there.
fn is_balanced(svg: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for part in svg.split('<').skip(1) {
        let Some((tag, text)) = part.split_once('>') else { return false };
        let name = tag.split([' ', '/']).find(|word| !word.is_empty()).unwrap_or("");
        if !["svg", "title", "desc", "path", "rect", "circle", "text"].contains(&name) || text.contains('>') {
            return false;
        }
        match tag {
            _ if tag.starts_with('/') => {
                if open.pop() != Some(name) {
                    return false;
                }
            }
            _ if tag.ends_with('/') => {}
            _ => open.push(name),
        }
    }
    open.is_empty()
}

#[test]
fn pictures_are_well_formed_and_safe() {
    assert!(is_balanced("<svg><title>a</title></svg>") && !is_balanced("<svg><b></svg>"));
    let charts = draw(&report(300, 7));
    for key in
        ["figures-truth", "columns", "pairs", "plane", "group-shares", "generations", "spread-1", "spread-7"]
    {
        assert!(charts.iter().any(|chart| chart.key == key), "{key}");
    }
    for (place, chart) in charts.iter().enumerate() {
        assert!(is_balanced(&chart.svg), "{}", chart.svg);
        assert!(!chart.svg.contains("<b") && !chart.svg.contains(['\u{1}', '\u{7}']), "{}", chart.key);
        assert!(
            chart.svg.contains("role=\"img\"") && !chart.sentence.is_empty() && !chart.table.rows.is_empty()
        );
        assert!(chart.table.rows.iter().all(|row| row.len() == chart.table.heads.len()), "{}", chart.key);
        assert!(charts[..place].iter().all(|other| other.key != chart.key), "{}", chart.key);
        assert!(!chart.svg.contains("NaN") && !chart.svg.contains("inf"), "{}", chart.key);
    }
}

#[test]
fn nothing_is_drawn_beyond_the_picture() {
    for chart in draw(&report(300, 7)) {
        for text in chart.svg.split("<text ").skip(1) {
            let (head, rest) = text.split_once('>').unwrap();
            let x: f64 = head.split('"').nth(1).unwrap().parse().unwrap();
            let letters = rest.split('<').next().unwrap();
            let plain = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"]
                .iter()
                .fold(letters.to_string(), |text, code| text.replace(code, "x"));
            let wide = pen::width(&plain) * 0.8;
            let [from, to] = match () {
                () if head.contains("middle") => [x - wide / 2.0, x + wide / 2.0],
                () if head.contains("end") => [x - wide, x],
                () => [x, x + wide],
            };
            assert!(from >= -2.0 && to <= 342.0, "{}: {letters} from {from} to {to}", chart.key);
        }
    }
}

#[test]
fn no_figure_stands_for_one_to_four_rows() {
    let (rows, report) = (300.0, report(300, 9));
    let few =
        |share: Option<f64>, rows: f64| share.is_some_and(|share| (0.05..4.8).contains(&(share * rows)));
    for bin in report.distributions.iter().flat_map(|told| &told.bins) {
        assert!(!few(bin.real, rows) && !few(bin.held_out, 75.0) && !few(bin.synthetic, rows), "{bin:?}");
    }
    let plane = report.projection.as_ref().unwrap();
    assert!(plane.real.iter().chain(&plane.synthetic).all(|share| !few(*share, rows)));
    for chart in draw(&report).iter().filter(|chart| chart.key.starts_with("spread") || chart.key == "plane")
    {
        for cell in chart.table.rows.iter().flat_map(|row| &row[row.len() - 3..]) {
            let share = cell.strip_suffix("\u{a0}%").and_then(|share| share.parse::<f64>().ok());
            assert!(cell.ends_with('%') == share.is_some(), "{cell}");
            assert!(
                share.is_none_or(|share| share == 0.0
                    || share / 100.0 * rows > 4.8
                    || share / 100.0 * 75.0 > 4.8),
                "{cell}"
            );
        }
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let [a, b] = [report(200, 7), report(200, 7)].map(|report| page(&report, &draw(&report)));
    assert_eq!(a, b);
}

#[test]
fn a_page_of_sixty_columns_is_under_a_megabyte() {
    let report = report(500, 70);
    assert_eq!(report.distributions.len(), 60);
    let page = page(&report, &draw(&report));
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert!(!page.contains("<script") && !page.contains("<b onload") && !page.contains("href="));
}

#[test]
fn an_empty_report_has_no_picture() {
    assert!(draw(&Report::default()).is_empty());
}
