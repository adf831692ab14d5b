//! Gaps with a pattern: columns missing together, columns missing just where another has certain values, and numbers
//! that are never negative.

use super::{
    Budget, DefaultHashBuilder, Dimension, HashMap, MIN_ROWS, Relation, RelationKind, Rows, View, list,
};
use std::hash::BuildHasher;

/// A pattern of fewer gaps, or of fewer values, may be chance.
const MIN_GAPS: usize = 10;
/// A column with more levels is no condition.
const MAX_LEVELS: usize = 30;

pub fn find(views: &[&View], rows: &Rows) -> Vec<Relation> {
    let mut found = Vec::new();
    let groups = patterns(views, rows);
    for group in groups.iter().filter(|group| group.len() > 1) {
        let names: Vec<&str> = group.iter().map(|view| view.name).collect();
        let sentence = format!("{} are missing in the same rows", list(&names));
        found.push(Relation::new(RelationKind::MissingTogether, group, 1.0, rows.all, sentence));
    }
    let budget = Budget::new();
    for group in &groups {
        let narrow = |view: &&&View| {
            (2..=MAX_LEVELS).contains(&view.levels) && !group.iter().any(|gap| gap.name == view.name)
        };
        for condition in views.iter().filter(narrow) {
            if budget.pays(rows.all)
                && let Some(relation) = missing_where(condition, group, rows)
            {
                found.push(relation);
                break; // what tells the gaps once is enough
            }
        }
    }
    let never: Vec<&View> = views
        .iter()
        .copied()
        .filter(|view| matches!(view.dimension(), Some(Dimension::Number(_))) && view.levels > 2)
        .filter(|view| view.present >= MIN_ROWS && view.range().0 >= 0.0)
        .collect();
    if !never.is_empty() {
        let names: Vec<&str> = never.iter().map(|view| view.name).collect();
        let are = if never.len() == 1 { "is" } else { "are" };
        let sentence = format!("{} {are} never negative", list(&names));
        found.push(Relation::new(RelationKind::NonNegative, &never, 1.0, rows.all, sentence));
    }
    found
}

/// Columns with gaps in the same rows, in groups of one or more.
fn patterns<'a, 'b>(views: &[&'b View<'a>], rows: &Rows) -> Vec<Vec<&'b View<'a>>> {
    let hasher = DefaultHashBuilder::default();
    let mut places: HashMap<u64, usize> = HashMap::new();
    let mut groups: Vec<Vec<&View>> = Vec::new();
    for &view in views {
        if view.present < MIN_GAPS || view.present + MIN_GAPS > rows.all {
            continue;
        }
        let mask: Vec<bool> = (0..rows.all).map(|row| view.is_missing(row)).collect();
        let hash = hasher.hash_one(&mask);
        let same = |other: &View| (0..rows.all).all(|row| other.is_missing(row) == mask[row]);
        match places.get(&hash) {
            Some(&place) if same(groups[place][0]) => groups[place].push(view),
            _ => {
                places.insert(hash, groups.len());
                groups.push(vec![view]);
            }
        }
    }
    groups
}

/// Is every level of the condition either all gaps or none?
fn missing_where(condition: &View, group: &[&View], rows: &Rows) -> Option<Relation> {
    let gap = group[0];
    let mut counts = vec![[0u32; 2]; condition.missing.len()];
    for row in 0..rows.all {
        let count = &mut counts[condition.codes[row] as usize];
        count[usize::from(gap.is_missing(row))] += 1;
        if count[0] > 0 && count[1] > 0 {
            return None;
        }
    }
    // The condition's own gaps would be no condition; levels of one or two rows no evidence.
    let told = |code: usize| !condition.missing[code];
    let held = |side: usize| -> Vec<usize> {
        (0..counts.len()).filter(|&code| told(code) && counts[code][side] > 0).collect()
    };
    let rows_of =
        |codes: &[usize]| -> u32 { codes.iter().map(|&code| counts[code][0] + counts[code][1]).sum() };
    let (present, missing) = (held(0), held(1));
    let odd = (0..counts.len()).any(|code| !told(code) && counts[code][0] > 0);
    let enough = |codes: &[usize]| rows_of(codes) as usize >= MIN_GAPS;
    if odd
        || !enough(&present)
        || !enough(&missing)
        || (condition.levels > 4 && rows.all < condition.levels * 20)
    {
        return None;
    }
    let also = (0..counts.len()).any(|code| !told(code) && counts[code][1] > 0);
    let quote = |codes: &[usize], also: bool| {
        let cell = |code: usize| condition.column.cells().get(code as u32).trim();
        let mut cells: Vec<String> = codes.iter().map(|&code| format!("\"{}\"", cell(code))).collect();
        cells.extend(also.then(|| "missing too".to_string()));
        list(&cells.iter().map(String::as_str).collect::<Vec<_>>()).replace(" and ", " or ")
    };
    let names: Vec<&str> = group.iter().map(|view| view.name).collect();
    let (is, has) = if names.len() == 1 { ("is", "has") } else { ("are", "have") };
    let sentence = if missing.len() <= present.len() {
        format!("{} {is} missing just where {} is {}", list(&names), condition.name, quote(&missing, also))
    } else {
        format!("{} {has} a value just where {} is {}", list(&names), condition.name, quote(&present, false))
    };
    let columns: Vec<&View> = [condition].into_iter().chain(group.iter().copied()).collect();
    Some(Relation::new(RelationKind::MissingWhere, &columns, 1.0, rows.all, sentence))
}
