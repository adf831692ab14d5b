//! What always holds in the training table, and how often the rows of three tables break it.
//!
//! The rules are the relations that `schema/relations` finds, ranges of numbers, and combinations of levels that chance
//! would bring but that never occur. A formula holds to the rounding that it has in the training table; a value that follows from
//! another is the one most frequent beside it there, where two rows or more tell it. A sentence names columns, and values that
//! many rows share alone. Does not: judge keys, or what depends on a made-up column but for its gaps.

use hashbrown::HashMap;

use crate::report::{Broken, Fact, Facts};
use crate::schema::relations::{self, Relation, RelationKind};
use crate::schema::{ColumnSchema, Kind, Schema};
use crate::table::Table;

/// Rows that must hold a number for its range to be told, and a bound for it to be one.
const MIN_ROWS: usize = 30;
const MIN_BOUND: usize = 5;
/// Levels of columns whose combinations are counted, and such columns: the first.
const MAX_LEVELS: usize = 30;
const MAX_PAIRED: usize = 30;
/// A combination that chance would bring so often, and that is so many times rarer, is none.
const MIN_EXPECTED: f64 = 20.0;
const RARER: f64 = 500.0;
/// A day, in which dates count.
const DAY: f64 = 86_400.0;

/// A column of one table.
struct Cells {
    codes: Vec<u32>,
    /// By code: the number, in days for dates; NaN where there is none.
    numbers: Vec<f64>,
    /// By code: the training table's code of the same text; `UNKNOWN` where it has none.
    levels: Vec<u32>,
    /// By code.
    missing: Vec<bool>,
}

const UNKNOWN: u32 = u32::MAX;

impl Cells {
    fn number(&self, row: usize) -> f64 {
        self.numbers[self.codes[row] as usize]
    }

    fn is_missing(&self, row: usize) -> bool {
        self.missing[self.codes[row] as usize]
    }

    /// None where it is missing.
    fn level(&self, row: usize) -> Option<u32> {
        let code = self.codes[row] as usize;
        (!self.missing[code]).then(|| self.levels[code])
    }
}

/// The included columns of one table.
struct Sheet {
    columns: Vec<Cells>,
    rows: usize,
}

/// Does a row break it? None where it cannot.
type Breaks = Box<dyn Fn(&Sheet, usize) -> Option<bool>>;
/// By how much a row misses a formula; NaN where a part is missing.
type Miss = Box<dyn Fn(&Sheet, usize) -> f64>;

struct Rule {
    sentence: String,
    columns: Vec<String>,
    breaks: Breaks,
}

/// Counts rows of the training table, the holdout and the synthetic table, which have the columns of the schema.
pub fn facts(train: &Table, holdout: Option<&Table>, synthetic: &Table, schema: &Schema) -> Facts {
    let included: Vec<&ColumnSchema> = schema.included().map(|(_, column)| column).collect();
    let sheet = |table: &Table| Sheet::new(table, train, &included);
    let sheets = [Some(sheet(train)), holdout.map(sheet), Some(sheet(synthetic))];
    let Some(own) = &sheets[0] else { return Facts::default() };
    let relations = relations::find(train, schema);
    let mut rules: Vec<Rule> =
        relations.iter().filter_map(|relation| of_relation(relation, own, &included)).collect();
    rules.extend((0..included.len()).filter_map(|place| range(own, place, included[place])));
    rules.extend(combinations(train, own, &included, &relations));
    let mut wrong = [0, 1, 2].map(|at: usize| vec![false; sheets[at].as_ref().map_or(0, |sheet| sheet.rows)]);
    let fact = |rule: Rule| {
        let broken = [0, 1, 2].map(|at: usize| {
            let sheet = sheets[at].as_ref()?;
            let (mut broken, mut could) = (0, 0);
            for (row, wrong) in wrong[at].iter_mut().enumerate() {
                let breaks = (rule.breaks)(sheet, row);
                could += usize::from(breaks.is_some());
                broken += usize::from(breaks == Some(true));
                *wrong |= breaks == Some(true);
            }
            Some([broken, could])
        });
        Fact { sentence: rule.sentence, columns: rule.columns, broken }
    };
    let list = rules.into_iter().map(fact).collect();
    let any: Broken = [0, 1, 2].map(|at: usize| {
        let rows = sheets[at].as_ref()?.rows;
        Some([wrong[at].iter().filter(|wrong| **wrong).count(), rows])
    });
    Facts { list, any }
}

impl Sheet {
    fn new(table: &Table, train: &Table, included: &[&ColumnSchema]) -> Sheet {
        let cells = |schema: &&ColumnSchema| {
            let (Some(column), Some(own)) = (table.column(&schema.name), train.column(&schema.name)) else {
                return Cells {
                    codes: Vec::new(),
                    numbers: Vec::new(),
                    levels: Vec::new(),
                    missing: Vec::new(),
                };
            };
            let known: HashMap<&str, u32> = own.cells().iter().map(str::trim).zip(0..).collect();
            let number = |cell: &str| match &schema.kind {
                _ if schema.is_missing(cell) => f64::NAN,
                Kind::Numerical(format) => format.parse(cell).unwrap_or(f64::NAN),
                Kind::Datetime(format) => format.parse(cell).map_or(f64::NAN, |seconds| seconds / DAY),
                _ => f64::NAN,
            };
            Cells {
                codes: column.codes().collect(),
                numbers: column.cells().iter().map(number).collect(),
                levels: column
                    .cells()
                    .iter()
                    .map(|cell| known.get(cell.trim()).copied().unwrap_or(UNKNOWN))
                    .collect(),
                missing: column.cells().iter().map(|cell| schema.is_missing(cell)).collect(),
            }
        };
        Sheet { columns: included.iter().map(cells).collect(), rows: table.rows() }
    }

    fn number(&self, place: usize, row: usize) -> f64 {
        self.columns[place].number(row)
    }
}

/// The relation as something to count, where it can be.
fn of_relation(relation: &Relation, own: &Sheet, included: &[&ColumnSchema]) -> Option<Rule> {
    let place = |name: &String| included.iter().position(|column| column.name == *name);
    let places: Vec<usize> = relation.columns.iter().map(place).collect::<Option<_>>()?;
    let is_made_up = places.iter().any(|&place| included[place].kind.sdtype().is_made_up());
    let of_gaps = matches!(relation.kind, RelationKind::MissingTogether | RelationKind::MissingWhere);
    if is_made_up && !of_gaps {
        return None;
    }
    let names = relation.columns.clone();
    let mut sentence = relation.sentence.clone();
    let (&last, parts) = places.split_last()?;
    let parts = parts.to_vec();
    let breaks: Breaks = match relation.kind {
        RelationKind::Empty | RelationKind::Key | RelationKind::NonNegative => return None,
        RelationKind::Constant => {
            let held: Vec<Option<u32>> = places.iter().map(|&place| own.columns[place].level(0)).collect();
            Box::new(move |sheet, row| {
                Some(places.iter().zip(&held).any(|(&place, held)| sheet.columns[place].level(row) != *held))
            })
        }
        RelationKind::Duplicate | RelationKind::Recoding => {
            let maps: Vec<Told> = places[1..].iter().map(|&to| Told::new(own, &places[..1], to)).collect();
            Box::new(move |sheet, row| any(maps.iter().map(|map| map.breaks(sheet, row))))
        }
        RelationKind::Dependency => {
            // One column tells the others, or two do.
            let maps = |from: usize| -> Vec<Told> {
                places[from..].iter().map(|&to| Told::new(own, &places[..from], to)).collect()
            };
            let alone = maps(1);
            let tells = alone.iter().all(|map| map.share >= relation.share - 1e-9);
            let maps = if tells || places.len() < 3 { alone } else { maps(2) };
            Box::new(move |sheet, row| any(maps.iter().map(|map| map.breaks(sheet, row))))
        }
        RelationKind::Order => {
            let first = parts[0];
            let ties = (0..own.rows).any(|row| own.number(first, row) == own.number(last, row));
            Box::new(move |sheet, row| {
                let (low, high) = (sheet.number(first, row), sheet.number(last, row));
                (!low.is_nan() && !high.is_nan()).then_some(low > high || low == high && !ties)
            })
        }
        RelationKind::Linear => {
            let first = parts[0];
            let (slope, constant) = line(own, first, last)?;
            let miss = move |sheet: &Sheet, row: usize| {
                sheet.number(last, row) - constant - slope * sheet.number(first, row)
            };
            within(own, relation.share, last, Box::new(miss))
        }
        RelationKind::Sum => {
            let miss = move |sheet: &Sheet, row: usize| {
                sheet.number(last, row) - parts.iter().map(|&part| sheet.number(part, row)).sum::<f64>()
            };
            within(own, relation.share, last, Box::new(miss))
        }
        RelationKind::Product => {
            let miss = move |sheet: &Sheet, row: usize| {
                sheet.number(last, row) - parts.iter().map(|&part| sheet.number(part, row)).product::<f64>()
            };
            within(own, relation.share, last, Box::new(miss))
        }
        RelationKind::Remainder => {
            let Kind::Numerical(format) = &included[last].kind else { return None };
            let steps = 10f64.powi(i32::from(format.decimals()?));
            let left = move |sheet: &Sheet, row: usize| {
                let left =
                    parts.iter().fold(sheet.number(last, row), |left, &part| left - sheet.number(part, row));
                (left * steps).round()
            };
            let mut amounts: Vec<f64> =
                (0..own.rows).map(|row| left(own, row)).filter(|left| !left.is_nan()).collect();
            amounts.sort_unstable_by(f64::total_cmp);
            amounts.dedup();
            Box::new(move |sheet, row| {
                let left = left(sheet, row);
                (!left.is_nan())
                    .then(|| amounts.binary_search_by(|amount| amount.total_cmp(&(left + 0.0))).is_err())
            })
        }
        RelationKind::MissingTogether => Box::new(move |sheet, row| {
            let first = sheet.columns[places[0]].is_missing(row);
            Some(places.iter().any(|&place| sheet.columns[place].is_missing(row) != first))
        }),
        RelationKind::MissingWhere => {
            let (condition, gaps) = (places[0], places[1..].to_vec());
            let are = if gaps.len() == 1 { "is" } else { "are" };
            let listed = gaps.iter().map(|&gap| included[gap].name.as_str()).collect::<Vec<_>>().join(", ");
            sentence =
                format!("what {} says decides whether {listed} {are} missing", included[condition].name);
            let mut decided = vec![None; own.columns[condition].levels.len()];
            for row in 0..own.rows {
                if let Some(level) = own.columns[condition].level(row) {
                    decided[level as usize] = Some(own.columns[gaps[0]].is_missing(row));
                }
            }
            Box::new(move |sheet, row| {
                let level = sheet.columns[condition].level(row)?;
                let decided = (*decided.get(level as usize)?)?;
                Some(gaps.iter().any(|&gap| sheet.columns[gap].is_missing(row) != decided))
            })
        }
    };
    Some(Rule { sentence, columns: names, breaks })
}

/// Some part is broken, or all that can be are kept.
fn any(mut parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    parts
        .try_fold(None, |found: Option<bool>, part| match part {
            Some(true) => Err(()),
            part => Ok(part.or(found)),
        })
        .unwrap_or(Some(true))
}

/// What the training table tells of a column by one other or two.
struct Told {
    from: Vec<usize>,
    to: usize,
    /// The most frequent level beside these, where two rows or more tell it.
    levels: HashMap<[u32; 2], u32>,
    /// Of these rows those that hold it.
    share: f64,
}

impl Told {
    fn new(own: &Sheet, from: &[usize], to: usize) -> Told {
        let key = |row: usize| -> Option<([u32; 2], u32)> {
            Some((key(own, from, row)?, own.columns[to].level(row)?))
        };
        let mut rows: Vec<([u32; 2], u32)> = (0..own.rows).filter_map(key).collect();
        rows.sort_unstable();
        let (mut levels, mut agree, mut all) = (HashMap::new(), 0, 0);
        for group in rows.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            let most = group.chunk_by(|a, b| a.1 == b.1).max_by_key(|run| run.len());
            let Some(most) = most else { continue };
            levels.insert(group[0].0, most[0].1);
            agree += most.len();
            all += group.len();
        }
        Told { from: from.to_vec(), to, levels, share: agree as f64 / all.max(1) as f64 }
    }

    fn breaks(&self, sheet: &Sheet, row: usize) -> Option<bool> {
        let told = self.levels.get(&key(sheet, &self.from, row)?)?;
        Some(sheet.columns[self.to].level(row)? != *told)
    }
}

fn key(sheet: &Sheet, from: &[usize], row: usize) -> Option<[u32; 2]> {
    let level = |at: usize| from.get(at).map_or(Some(0), |&place| sheet.columns[place].level(row));
    Some([level(0)?, level(1)?])
}

/// The least squares line, from rows that have both.
fn line(own: &Sheet, x: usize, y: usize) -> Option<(f64, f64)> {
    let points = || {
        let both = (0..own.rows).map(|row| (own.number(x, row), own.number(y, row)));
        both.filter(|(x, y)| x.is_finite() && y.is_finite())
    };
    let count = points().count() as f64;
    let mean = points().fold((0.0, 0.0), |sum, (x, y)| (sum.0 + x / count, sum.1 + y / count));
    let (both, own) = points().fold((0.0, 0.0), |sum, (x, y)| {
        (sum.0 + (x - mean.0) * (y - mean.1), sum.1 + (x - mean.0) * (x - mean.0))
    });
    (own > 0.0).then(|| (both / own, mean.1 - both / own * mean.0))
}

/// A formula holds where it misses no more than in the share of the training rows that keep it.
fn within(own: &Sheet, share: f64, result: usize, miss: Miss) -> Breaks {
    let mut misses: Vec<f64> =
        (0..own.rows).map(|row| miss(own, row).abs()).filter(|miss| !miss.is_nan()).collect();
    misses.sort_unstable_by(f64::total_cmp);
    let kept = (misses.len() as f64 * share).round() as usize;
    let largest = (0..own.rows).map(|row| own.number(result, row).abs()).fold(0.0, f64::max);
    let most = misses.get(kept.saturating_sub(1)).map_or(0.0, |miss| miss * 1.001) + 1e-9 * largest;
    Box::new(move |sheet, row| {
        let miss = miss(sheet, row).abs();
        (!miss.is_nan()).then_some(miss > most)
    })
}

/// Whether a column of numbers is whole, and where it ends.
fn range(own: &Sheet, place: usize, schema: &ColumnSchema) -> Option<Rule> {
    let Kind::Numerical(format) = &schema.kind else { return None };
    let cells = &own.columns[place];
    let mut held: Vec<f64> =
        (0..own.rows).map(|row| cells.number(row)).filter(|value| !value.is_nan()).collect();
    held.sort_unstable_by(f64::total_cmp);
    let (&least, &greatest) = (held.first()?, held.last()?);
    if held.len() < MIN_ROWS || least == greatest {
        return None;
    }
    let whole = held.iter().all(|value| value.fract() == 0.0);
    let shared = |bound: f64| held.iter().filter(|&&value| value == bound).count() >= MIN_BOUND;
    let low = if shared(least) { Some(least) } else { (least >= 0.0).then_some(0.0) };
    let high = shared(greatest).then_some(greatest);
    let words = [
        whole.then(|| "a whole number".to_string()),
        low.map(|low| {
            if low == 0.0 { "never negative".into() } else { format!("at least {}", format.format(low)) }
        }),
        high.map(|high| format!("at most {}", format.format(high))),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    if words.is_empty() {
        return None;
    }
    let sentence = format!("{} is {}", schema.name, words.join(", "));
    let (low, high) = (low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY));
    let breaks = move |sheet: &Sheet, row: usize| {
        let value = sheet.number(place, row);
        (!value.is_nan()).then_some(value < low || value > high || whole && value.fract() != 0.0)
    };
    Some(Rule { sentence, columns: vec![schema.name.clone()], breaks: Box::new(breaks) })
}

/// Levels of two columns that never come together, though chance would bring them together often.
fn combinations(train: &Table, own: &Sheet, included: &[&ColumnSchema], relations: &[Relation]) -> Vec<Rule> {
    let is_told = |a: &str, b: &str| {
        relations.iter().any(|relation| {
            let has = |name: &str| relation.columns.iter().any(|column| column == name);
            has(a) && has(b)
        })
    };
    let is_narrow = |&place: &usize| {
        let cells = &own.columns[place];
        let held = (0..cells.levels.len()).filter(|&code| !cells.missing[code]).count();
        matches!(included[place].kind, Kind::Categorical | Kind::Boolean | Kind::Ordinal(_))
            && (2..=MAX_LEVELS).contains(&held)
    };
    let places: Vec<usize> = (0..included.len()).filter(is_narrow).take(MAX_PAIRED).collect();
    let mut found = Vec::new();
    for (at, &a) in places.iter().enumerate() {
        for &b in &places[at + 1..] {
            let names = [a, b].map(|place| included[place].name.clone());
            if is_told(&names[0], &names[1]) {
                continue;
            }
            let mut never = never(own, a, b);
            let Some(&(_, x, y)) = never.first() else { continue };
            let text = |place: usize, code: u32| {
                train
                    .column(&included[place].name)
                    .map_or("", |column| column.cells().get(code).trim())
                    .to_string()
            };
            let more = match never.len() {
                1 => String::new(),
                2 => ", nor does one more such pair".into(),
                many => format!(", nor do {} more such pairs", many - 1),
            };
            let sentence = format!(
                "{} \"{}\" hardly ever comes with {} \"{}\"{more}",
                names[0],
                text(a, x),
                names[1],
                text(b, y)
            );
            never.sort_by_key(|&(_, x, y)| (x, y));
            let breaks = move |sheet: &Sheet, row: usize| {
                let (x, y) = (sheet.columns[a].level(row)?, sheet.columns[b].level(row)?);
                Some(never.binary_search_by_key(&(x, y), |&(_, x, y)| (x, y)).is_ok())
            };
            found.push(Rule { sentence, columns: names.to_vec(), breaks: Box::new(breaks) });
        }
    }
    found
}

/// Pairs of levels that hardly ever come together, the one that chance would bring most often first.
fn never(own: &Sheet, a: usize, b: usize) -> Vec<(f64, u32, u32)> {
    let [n, m] = [a, b].map(|place| own.columns[place].levels.len());
    let mut counts = vec![0u32; n * m];
    let (mut rows, mut columns, mut all) = (vec![0u32; n], vec![0u32; m], 0.0);
    for row in 0..own.rows {
        if let (Some(x), Some(y)) = (own.columns[a].level(row), own.columns[b].level(row)) {
            counts[x as usize * m + y as usize] += 1;
            rows[x as usize] += 1;
            columns[y as usize] += 1;
            all += 1.0;
        }
    }
    let mut found = Vec::new();
    for x in 0..n {
        for y in 0..m {
            let expected = f64::from(rows[x]) * f64::from(columns[y]) / f64::max(all, 1.0);
            if expected >= MIN_EXPECTED && f64::from(counts[x * m + y]) * RARER <= expected {
                found.push((expected, x as u32, y as u32));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found
}
