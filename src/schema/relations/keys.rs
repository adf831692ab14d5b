//! Keys: columns whose values never repeat, alone or two together.
//!
//! A measure without repeats is no key: its values are apart by chance. So is a pair whose values would be, were they
//! independent.

use super::{Budget, HashSet, Kind, Relation, RelationKind, Rows, View};

/// Pairs that chance would let collide less often than this are no keys by their own merit.
const MIN_COLLISIONS: f64 = 20.0;
const MIN_ROWS: usize = 20;

pub fn find(views: &[&View], rows: &Rows) -> Vec<Relation> {
    if rows.all < MIN_ROWS {
        return Vec::new();
    }
    let candidates: Vec<&View> =
        views.iter().copied().filter(|view| view.present == rows.all && may_name(view)).collect();
    let single: Vec<Relation> = candidates
        .iter()
        .filter(|view| view.levels == rows.all)
        .map(|view| {
            let sentence = format!("{} is different in every row", view.name);
            Relation::new(RelationKind::Key, &[view], 1.0, rows.all, sentence)
        })
        .collect();
    if !single.is_empty() || rows.repeats.is_some() {
        return single;
    }
    let budget = Budget::new();
    let mut pairs = Vec::new();
    for (place, &first) in candidates.iter().enumerate() {
        for &second in &candidates[place + 1..] {
            let possible = first.levels.saturating_mul(second.levels) >= rows.all;
            let chance = (rows.all as f64) * (rows.all as f64) / 2.0 * first.collision() * second.collision();
            if possible
                && chance >= MIN_COLLISIONS
                && budget.pays(2 * rows.all)
                && tells_apart(first, second, rows)
            {
                let sentence =
                    format!("{} and {} together are different in every row", first.name, second.name);
                pairs.push(Relation::new(RelationKind::Key, &[first, second], 1.0, rows.all, sentence));
            }
        }
    }
    pairs
}

/// Is it of a kind that names things?
pub fn may_name(view: &View) -> bool {
    match view.kind {
        Kind::Numerical(format) => format.decimals() == Some(0) && format.unit().is_none(),
        Kind::Datetime(_) => true,
        _ => true,
    }
}

fn tells_apart(first: &View, second: &View, rows: &Rows) -> bool {
    let mut seen = HashSet::new();
    (0..rows.all).all(|row| seen.insert((first.codes[row], second.codes[row])))
}
