//! Columns that bring nothing: empty ones, constants, and those that repeat another, as it is or in other words.
//!
//! Distinct cells are numbered in the order of their first row, so two columns part the rows alike just if their
//! codes are equal.

use super::{DefaultHashBuilder, HashMap, MIN_ROWS, Relation, RelationKind, View, list};
use std::hash::BuildHasher;

/// In fewer rows, one value for all is nothing to speak of.
const MIN_CONSTANT: usize = 10;

pub fn find(views: &[View]) -> Vec<Relation> {
    let mut found = Vec::new();
    let rows = views.first().map_or(0, |view| view.codes.len());
    let empty: Vec<&View> = views.iter().filter(|view| view.levels == 0).collect();
    if !empty.is_empty() {
        let holds = if empty.len() == 1 { "holds" } else { "hold" };
        let sentence = format!("{} {holds} no value", names(&empty));
        found.push(Relation::new(RelationKind::Empty, &empty, 1.0, rows, sentence));
    }
    let constant: Vec<&View> = views.iter().filter(|view| is_constant(view)).collect();
    if !constant.is_empty() && rows >= MIN_CONSTANT {
        let holds = if constant.len() == 1 { "always holds" } else { "always hold" };
        let sentence = format!("{} {holds} the same value", names(&constant));
        found.push(Relation::new(RelationKind::Constant, &constant, 1.0, rows, sentence));
    }
    for group in alike(views) {
        let (first, mut rest) = (group[0], group[1..].to_vec());
        let same = |view: &&View| view.column.cells().iter().eq(first.column.cells().iter());
        let copies: Vec<&View> = rest.extract_if(.., |view| same(view)).collect();
        if !copies.is_empty() {
            let repeat = if copies.len() == 1 { "repeats" } else { "repeat" };
            let sentence = format!("{} {repeat} {} in every row", names(&copies), first.name);
            let columns: Vec<&View> = [first].into_iter().chain(copies).collect();
            found.push(Relation::new(RelationKind::Duplicate, &columns, 1.0, rows, sentence));
        }
        // Two keys part the rows alike without any bond between them.
        if !rest.is_empty() && first.present >= MIN_ROWS && first.levels * 10 <= first.present * 9 {
            let columns: Vec<&View> = [first].into_iter().chain(rest).collect();
            let sentence = format!("{} say the same in other words", names(&columns));
            found.push(Relation::new(RelationKind::Recoding, &columns, 1.0, rows, sentence));
        }
    }
    found
}

/// The columns that are neither empty nor constant, nor copies of another.
pub fn distinct<'a, 'b>(views: &'b [View<'a>], found: &[Relation]) -> Vec<&'b View<'a>> {
    let several = |view: &&View| view.levels > 0 && !is_constant(view);
    without(views.iter().filter(several), found, RelationKind::Duplicate)
}

/// All but those that relations of this kind tell from their first column.
pub fn without<'a: 'b, 'b>(
    views: impl Iterator<Item = &'b View<'a>>,
    found: &[Relation],
    kind: RelationKind,
) -> Vec<&'b View<'a>> {
    let told = |view: &&View| {
        found.iter().any(|relation| {
            relation.kind == kind && relation.columns[1..].iter().any(|name| name == view.name)
        })
    };
    views.filter(|view| !told(view)).collect()
}

fn is_constant(view: &View) -> bool {
    view.levels == 1 && view.present == view.codes.len()
}

/// Groups of two or more columns of several values that part the rows alike.
fn alike<'a, 'b>(views: &'b [View<'a>]) -> Vec<Vec<&'b View<'a>>> {
    let hasher = DefaultHashBuilder::default();
    let mut places: HashMap<(usize, u64), usize> = HashMap::new();
    let mut groups: Vec<Vec<&View>> = Vec::new();
    for view in views.iter().filter(|view| view.levels > 1) {
        let key = (view.counts.len(), hasher.hash_one(&view.codes));
        match places.get(&key) {
            Some(&place) if groups[place][0].codes == view.codes => groups[place].push(view),
            _ => {
                places.insert(key, groups.len());
                groups.push(vec![view]);
            }
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}

fn names(views: &[&View]) -> String {
    list(&views.iter().map(|view| view.name).collect::<Vec<_>>())
}
