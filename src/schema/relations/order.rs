//! Orders: a <= b in every row where both are present, numbers with numbers and dates with dates.
//!
//! Chance: how often a > b where b is taken from another row. An order is reported if that happens in one row of
//! twenty or more, so that ranges alone do not explain it; and if no chain of other orders, and no sum, implies it.

use super::{Budget, MAX_NUMBERS, MIN_ROWS, Relation, RelationKind, Rows, View};

/// Below this share of rows in other company, the ranges alone make the order.
const MIN_CHANCE: f64 = 0.05;
/// Columns with fewer distinct numbers are codes: an order of theirs says little.
const MIN_LEVELS: usize = 4;

/// More orders a column than this are a matter of sizes that differ, as among thousands of like measurements.
const MOST: usize = 2;
/// Fewer rows than this are no evidence for one order among many.
const MIN_BOTH: usize = 100;

/// Of two columns, by their places among those that were searched.
pub struct Order {
    pub low: usize,
    pub high: usize,
    /// Rows that hold both, and of these the ones in which they are equal.
    pub rows: usize,
    pub equal: usize,
}

pub fn find(views: &[&View], rows: &Rows, formulas: &[Relation]) -> Vec<Relation> {
    let summed = |order: &Order| {
        let (low, high) = (views[order.low].name, views[order.high].name);
        formulas.iter().any(|formula| match formula.kind {
            RelationKind::Sum => {
                let (total, parts) = formula.columns.split_last().expect("a sum has columns");
                let positive = |part: &String| {
                    part == low || views.iter().any(|view| view.name == part && view.range().0 >= 0.0)
                };
                total == high && parts.iter().any(|part| part == low) && parts.iter().all(positive)
            }
            _ => false,
        })
    };
    all(views, rows)
        .iter()
        .filter(|order| !summed(order))
        .map(|order| {
            let (low, high) = (views[order.low], views[order.high]);
            let date = low.dimension() == Some(super::Dimension::Date);
            let sentence = match (date, order.equal == 0) {
                (true, true) => format!("{} is always after {}", high.name, low.name),
                (true, false) => format!("{} is never before {}", high.name, low.name),
                (false, true) => format!("{} is always less than {}", low.name, high.name),
                (false, false) => format!("{} is never more than {}", low.name, high.name),
            };
            Relation::new(RelationKind::Order, &[low, high], 1.0, order.rows, sentence)
        })
        .collect()
}

/// All but those that a chain of others implies.
pub fn all(views: &[&View], rows: &Rows) -> Vec<Order> {
    let places: Vec<usize> = (0..views.len())
        .filter(|&place| views[place].dimension().is_some() && views[place].levels >= MIN_LEVELS)
        .take(MAX_NUMBERS)
        .collect();
    let numeric: Vec<&View> = places.iter().map(|&place| views[place]).collect();
    let sample: Vec<Vec<f64>> = numeric
        .iter()
        .map(|view| rows.sample.iter().map(|&row| view.number_of(view.codes[row] as usize)).collect())
        .collect();
    let budget = Budget::new();
    let mut orders: Vec<Order> = Vec::new();
    for low in 0..numeric.len() {
        for high in 0..numeric.len() {
            if low != high
                && may_hold(&sample[low], &sample[high])
                && numeric[low].dimension() == numeric[high].dimension()
                && budget.pays(rows.all)
                && let Some((equal, rows)) = holds(numeric[low], numeric[high], rows)
            {
                orders.push(Order { low, high, rows, equal });
            }
        }
    }
    let mut above = vec![vec![false; numeric.len()]; numeric.len()];
    orders.iter().for_each(|order| above[order.low][order.high] = true);
    orders.retain(|order| {
        !(0..numeric.len()).any(|middle| above[order.low][middle] && above[middle][order.high])
    });
    if orders.len() > MOST * numeric.len() {
        return Vec::new();
    }
    let placed = |order: Order| Order { low: places[order.low], high: places[order.high], ..order };
    orders.into_iter().map(placed).collect()
}

/// On the sample: no row against it, some row strictly for it, and enough that could be against it by chance.
fn may_hold(low: &[f64], high: &[f64]) -> bool {
    if low.iter().zip(high).any(|(low, high)| low > high) {
        return false;
    }
    // Other rows' partners: those that follow at some distance, around the end.
    let (mut against, mut pairs) = (0usize, 0usize);
    for shift in [1, 7, 61] {
        for (i, low) in low.iter().enumerate() {
            let high = high[(i + shift * high.len() / 67 + shift) % high.len()];
            pairs += usize::from(low.is_finite() && high.is_finite());
            against += usize::from(*low > high);
        }
    }
    pairs >= MIN_ROWS && against as f64 >= MIN_CHANCE * pairs as f64
}

/// On all rows: how many hold the same in both, and how many have both. None if a row is against it, or if too few could be.
fn holds(low: &View, high: &View, rows: &Rows) -> Option<(usize, usize)> {
    let (lows, highs) = (low.numbers(), high.numbers());
    let (mut equal, mut both) = (0usize, 0usize);
    for row in 0..rows.all {
        let (low, high) = (lows[low.codes[row] as usize], highs[high.codes[row] as usize]);
        if low > high {
            return None;
        }
        equal += usize::from(low == high);
        both += usize::from(low.is_finite() && high.is_finite());
    }
    // Equal nearly everywhere is a copy with gaps.
    (both >= MIN_BOTH && equal * 50 <= both * 49).then_some((equal, both))
}
