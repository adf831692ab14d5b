//! Functional dependencies: columns that follow from one other column, or from two, in all or nearly all rows.
//!
//! Only rows whose determinant repeats can speak. `share` is theirs that hold the most frequent value of their group (1
//! minus the g3 error of Kivinen and Mannila, 1995). Chance is measured by leaving each row out: how well the others of its
//! group tell it, beside the most frequent value of all, as Goodman and Kruskal's lambda does.

use super::{Budget, HashMap, Kind, Relation, RelationKind, Rows, View, list};

/// A dependency of fewer rows than this share is none.
const MIN_SHARE: f64 = 0.98;
/// The least lambda, each row left out.
const MIN_LAMBDA: f64 = 0.9;
/// So many rows must share their determinant with another, and hold another value than the most frequent one.
const MIN_REPEATS: usize = 50;
const MIN_OTHERS: usize = 20;
/// A determinant of fewer repeating rows than this share is nearly a key, which determines everything.
const MIN_REPEATING: f64 = 0.2;
/// Pairs of rows with the same determinant on which candidates are tried.
const PAIRS: usize = 256;
/// Two columns are tried as a determinant in tables of no more columns than this.
const MAX_PAIRED: usize = 24;

pub fn find(views: &[&View], rows: &Rows) -> Vec<Relation> {
    let budget = Budget::new();
    let candidates: Vec<&View> = views.iter().copied().filter(|view| view.levels > 1).collect();
    let mut edges = singles(&candidates, rows, &budget);
    let alone = edges.len();
    if candidates.len() <= MAX_PAIRED {
        edges.extend(pairs_of_columns(&candidates, rows, &edges, &budget));
    }
    let chained = |edge: &Edge| {
        edges[..alone].iter().any(|first| {
            edge.from.len() == 1
                && first.from == edge.from
                && first.share >= edge.share
                && !follows(&edges[..alone], first.to, edge.from[0])
                && follows(&edges[..alone], first.to, edge.to)
        })
    };
    let kept: Vec<&Edge> = edges.iter().filter(|edge| !chained(edge)).collect();
    told(&candidates, &kept)
}

/// The names of a column and of another one that follows from it in every row.
pub fn pairs<'a>(views: &[&View<'a>], rows: &Rows) -> Vec<[&'a str; 2]> {
    let views: Vec<&View> = views.iter().copied().filter(|view| view.levels > 1).collect();
    let edges = singles(&views, rows, &Budget::new());
    let always = edges.iter().filter(|edge| edge.share == 1.0);
    always.map(|edge| [views[edge.from[0]].name, views[edge.to].name]).collect()
}

/// Determinants of one column.
fn singles(candidates: &[&View], rows: &Rows, budget: &Budget) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    for (from, determinant) in candidates.iter().enumerate() {
        if determinant.is_measure() {
            continue;
        }
        let codes = |row: usize| (!determinant.is_missing(row)).then_some(determinant.codes[row]);
        let pairs = repeats(rows, determinant.missing.len(), codes);
        for (to, dependent) in candidates.iter().enumerate() {
            // What has fewer levels cannot tell more.
            if from != to
                && determinant.levels * 50 >= dependent.levels * 49
                && agrees(&pairs, dependent)
                && budget.pays(4 * rows.all)
                && let Some((share, rows)) = count(rows, determinant.missing.len(), codes, dependent)
            {
                edges.push(Edge { from: vec![from], to, share, rows });
            }
        }
    }
    edges
}

struct Edge {
    from: Vec<usize>,
    to: usize,
    share: f64,
    rows: usize,
}

fn follows(edges: &[Edge], from: usize, to: usize) -> bool {
    edges.iter().any(|edge| edge.from == [from] && edge.to == to)
}

/// One relation for all that follows from a determinant without exception, one for each of the others.
fn told(views: &[&View], edges: &[&Edge]) -> Vec<Relation> {
    let mut found = Vec::new();
    let mut done: Vec<&[usize]> = Vec::new();
    for edge in edges {
        let from: Vec<&View> = edge.from.iter().map(|&place| views[place]).collect();
        let names = |views: &[&View]| list(&views.iter().map(|view| view.name).collect::<Vec<_>>());
        let mut tell = |to: Vec<&View>, share: f64, rows: usize| {
            let follow = if to.len() == 1 { "follows" } else { "follow" };
            let sentence = format!("{} {follow} from {}", names(&to), names(&from));
            let columns: Vec<&View> = from.iter().copied().chain(to).collect();
            found.push(Relation::new(RelationKind::Dependency, &columns, share, rows, sentence));
        };
        if edge.share < 1.0 {
            tell(vec![views[edge.to]], edge.share, edge.rows);
        } else if !done.contains(&edge.from.as_slice()) {
            let all: Vec<&&Edge> =
                edges.iter().filter(|other| other.from == edge.from && other.share == 1.0).collect();
            let rows = all.iter().map(|edge| edge.rows).min().unwrap_or(0);
            tell(all.iter().map(|edge| views[edge.to]).collect(), 1.0, rows);
            done.push(&edge.from);
        }
    }
    found
}

/// Determinants of two columns, for what no single column tells. Measures of many levels are left out: two of them
/// tell rows apart.
fn pairs_of_columns(views: &[&View], rows: &Rows, singles: &[Edge], budget: &Budget) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    let coarse = |view: &View| {
        let number = matches!(view.kind, Kind::Numerical(_) | Kind::Datetime(_));
        view.levels * if number { 200 } else { 10 } <= view.present
    };
    for first in 0..views.len() {
        for second in first + 1..views.len() {
            let (a, b) = (views[first], views[second]);
            if !coarse(a)
                || !coarse(b)
                || follows(singles, first, second)
                || follows(singles, second, first)
                || !budget.pays(2 * rows.all)
            {
                continue;
            }
            let mut places: HashMap<(u32, u32), u32> = HashMap::new();
            let codes: Vec<Option<u32>> = (0..rows.all)
                .map(|row| {
                    let held = !a.is_missing(row) && !b.is_missing(row);
                    let next = places.len() as u32;
                    held.then(|| *places.entry((a.codes[row], b.codes[row])).or_insert(next))
                })
                .collect();
            let pairs = repeats(rows, places.len(), |row| codes[row]);
            for (to, dependent) in views.iter().enumerate() {
                if to != first
                    && to != second
                    && !follows(singles, first, to)
                    && !follows(singles, second, to)
                    && places.len() >= dependent.levels
                    && places.len() * 10 <= rows.all
                    && agrees(&pairs, dependent)
                    && budget.pays(4 * rows.all)
                    && let Some((share, rows)) = count(rows, places.len(), |row| codes[row], dependent)
                    && share == 1.0
                {
                    edges.push(Edge { from: vec![first, second], to, share, rows });
                }
            }
        }
    }
    edges
}

/// Pairs of rows that share their code, spread over the table.
fn repeats(rows: &Rows, codes: usize, code: impl Fn(usize) -> Option<u32>) -> Vec<(usize, usize)> {
    let mut before = vec![usize::MAX; codes];
    let (mut pairs, mut stride, mut seen) = (Vec::new(), 1usize, 0usize);
    for row in 0..rows.all {
        let Some(code) = code(row).filter(|_| !rows.is_repeat(row)) else { continue };
        let last = std::mem::replace(&mut before[code as usize], row);
        if last == usize::MAX {
            continue;
        }
        if seen % stride == 0 {
            pairs.push((last, row));
        }
        seen += 1;
        if pairs.len() == 2 * PAIRS {
            let mut place = 0;
            pairs.retain(|_| (place += 1, place % 2 == 1).1);
            stride *= 2;
        }
    }
    pairs
}

/// Do the pairs agree on the dependent, well beyond chance?
fn agrees(pairs: &[(usize, usize)], dependent: &View) -> bool {
    let (mut agree, mut both) = (0usize, 0usize);
    for &(first, second) in pairs {
        if !dependent.is_missing(first) && !dependent.is_missing(second) {
            both += 1;
            agree += usize::from(dependent.codes[first] == dependent.codes[second]);
        }
        if both - agree > 2 + PAIRS / 10 {
            return false;
        }
    }
    let share = agree as f64 / both.max(1) as f64;
    let chance = dependent.collision();
    both >= 10 && share >= 0.9 && share - chance >= 0.6 * (1.0 - chance)
}

/// The share of repeating rows that hold their group's value, and their number; None if it is no more than chance.
fn count(
    rows: &Rows,
    groups: usize,
    code: impl Fn(usize) -> Option<u32>,
    dependent: &View,
) -> Option<(f64, usize)> {
    // Rows by group, by counting.
    let speaks = |row: usize| code(row).filter(|_| !rows.is_repeat(row) && !dependent.is_missing(row));
    let mut starts = vec![0u32; groups + 1];
    (0..rows.all).filter_map(speaks).for_each(|code| starts[code as usize + 1] += 1);
    for group in 0..groups {
        starts[group + 1] += starts[group];
    }
    let mut values = vec![0u32; starts[groups] as usize];
    let mut next = starts.clone();
    for row in 0..rows.all {
        if let Some(code) = speaks(row) {
            let place = &mut next[code as usize];
            values[*place as usize] = dependent.codes[row];
            *place += 1;
        }
    }
    let mut tally = vec![0u32; dependent.missing.len()];
    let mut overall = vec![0u32; dependent.missing.len()];
    let (mut repeating, mut agree, mut told) = (0usize, 0usize, 0usize);
    let mut majorities: Vec<u32> = Vec::new();
    for group in 0..groups {
        let members = &values[starts[group] as usize..starts[group + 1] as usize];
        if members.len() < 2 {
            continue;
        }
        members.iter().for_each(|&value| tally[value as usize] += 1);
        let (mut best, mut second) = ((0u32, 0u32), 0u32);
        for &value in members {
            let count = std::mem::take(&mut tally[value as usize]);
            overall[value as usize] += count;
            if count > best.0 {
                (second, best) = (best.0, (count, value));
            } else {
                second = second.max(count);
            }
        }
        repeating += members.len();
        agree += best.0 as usize;
        told += if best.0 > second.max(1) { best.0 as usize } else { 0 };
        majorities.push(best.1);
    }
    let most = overall.iter().copied().max()?;
    let usual = overall.iter().position(|&count| count == most)? as u32;
    let others = repeating - most as usize;
    let unusual = majorities.iter().filter(|&&value| value != usual).count();
    let share = agree as f64 / repeating.max(1) as f64;
    let lambda = (told as f64 - f64::from(most)) / others.max(1) as f64;
    let enough = repeating >= MIN_REPEATS
        && others >= MIN_OTHERS
        && unusual >= 1
        && repeating as f64 >= MIN_REPEATING * rows.all as f64;
    (enough && share >= MIN_SHARE && lambda >= MIN_LAMBDA).then_some((share, repeating))
}
