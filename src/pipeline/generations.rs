//! The collapse guard at work: fits on the synthetic table, samples, fits on that, and so on.

use super::holdout::{Split, split};
use super::judge::tables;
use super::{Described, FitOptions, Fitting, Holdout, ReportOptions, SavedModel, Source};
use crate::error::Result;
use crate::format::csv::{Bad, Dialect};
use crate::math::rng::{Purpose, Seed};
use crate::model::{Draws, Part, Task};
use crate::report::generations::Generation;
use crate::schema::Schema;
use crate::table::Table;

/// How often a model learns from another one's rows.
pub const TIMES: usize = 5;
/// Of longer tables as many rows by lot: a collapse shows in few rows first.
const ROWS: usize = 5000;

/// Generations under way.
pub struct Generations {
    train: Table,
    /// The rows to learn from next.
    last: Table,
    /// Of the columns that are modelled, all that a synthetic table has.
    schema: Schema,
    dialect: Dialect,
    options: FitOptions,
    fitting: Option<Fitting>,
    found: Vec<Generation>,
}

impl Source {
    /// Begins to learn from a synthetic file of this table, split as [`Source::fit`] split it, again and again.
    ///
    /// # Errors
    /// `BadOptions`, and those of reading one table by the schema of another.
    pub fn generations(&self, synthetic: &Source, options: &FitOptions) -> Result<Generations> {
        let Described { table, schema, .. } = self.described(options.metadata.as_ref())?;
        let Split { train, held_out, .. } = split(&table, &schema, options)?;
        let holdout = table.select(&held_out.unwrap_or_default());
        let synthetic = self.completed(synthetic);
        Generations::new(&self.dialect, [&train, &holdout], &synthetic, &schema, options)
    }

    /// The same, beside a file of rows that the generator never saw.
    pub fn generations_beside(
        &self,
        holdout: &Source,
        synthetic: &Source,
        options: &FitOptions,
    ) -> Result<Generations> {
        let Described { table, schema, .. } = self.described(options.metadata.as_ref())?;
        let holdout = self.held_out(holdout, options.metadata.as_ref())?;
        let synthetic = self.completed(synthetic);
        Generations::new(&self.dialect, [&table, &holdout], &synthetic, &schema, options)
    }
}

impl Generations {
    /// `synthetic`: of a model of the first rows; the second it never saw, and may be none.
    fn new(
        dialect: &Dialect,
        [train, holdout]: [&Table; 2],
        synthetic: &Table,
        schema: &Schema,
        options: &FitOptions,
    ) -> Result<Generations> {
        let mut generations = Generations {
            train: few(&modelled(train, schema)),
            last: few(synthetic),
            schema: schema_of_modelled(schema),
            dialect: dialect.clone(),
            // The trial of a fit would only double the work.
            options: FitOptions {
                holdout: Holdout::NONE,
                metadata: None,
                without: [&options.without[..], &[Part::Trial]].concat(),
                ..options.clone()
            },
            fitting: None,
            found: Vec::new(),
        };
        if holdout.rows() > 0 {
            let held_out = generations.judged(&few(&modelled(holdout, schema)), 0)?;
            generations.found.push(held_out);
        }
        let first = generations.judged(&generations.last, 1)?;
        generations.found.push(first);
        Ok(generations)
    }

    /// Does one slice. Returns the share done so far; at 1 the work can be finished.
    ///
    /// # Errors
    /// Those of a fit.
    pub fn step(&mut self) -> Result<f64> {
        let share = match &mut self.fitting {
            None => {
                self.fitting = Some(self.source().fit(&self.options)?);
                0.0
            }
            Some(fitting) => fitting.step()?,
        };
        if share < 1.0 {
            return Ok((self.made() as f64 + share) / TIMES as f64);
        }
        let fitting = self.fitting.take().expect("a fit was stepped to the end");
        let made = self.made() + 1;
        self.last = sampled(&fitting.finish(), self.last.rows(), &format!("{} {made}", self.options.seed));
        let generation = self.judged(&self.last, 1 + made)?;
        self.found.push(generation);
        Ok(made as f64 / TIMES as f64)
    }

    /// The parts of the fit under way that may run at once.
    pub fn tasks(&mut self) -> Vec<&mut (dyn Task + Send)> {
        self.fitting.as_mut().map(Fitting::tasks).unwrap_or_default()
    }

    /// What was found so far.
    pub fn finish(self) -> Vec<Generation> {
        self.found
    }

    /// Models fitted on synthetic rows so far.
    fn made(&self) -> usize {
        self.found.last().map_or(0, |last| last.generation - 1)
    }

    fn source(&self) -> Source {
        Source {
            table: self.last.clone(),
            dialect: self.dialect.clone(),
            rows: self.last.rows() as u64,
            bad: Bad::default(),
            footer: None,
            schema: self.schema.clone(),
        }
    }

    fn judged(&self, made: &Table, generation: usize) -> Result<Generation> {
        let nothing = ReportOptions { target: Some(String::new()), protected: Some(Vec::new()) };
        Ok(Generation::of(&tables(&self.train, None, made, &self.schema, &nothing)?, generation))
    }
}

fn few(table: &Table) -> Table {
    let count = table.rows().min(ROWS);
    let rows = Seed::new("").stream(Purpose::Report, 1).choose(table.rows(), count);
    table.select(&rows).keep(&vec![true; count]) // without the cells of all other rows
}

/// Without the columns that are left out.
fn modelled(table: &Table, schema: &Schema) -> Table {
    Table::new(schema.included().map(|(place, _)| table.columns()[place].clone()).collect())
}

fn schema_of_modelled(schema: &Schema) -> Schema {
    let columns: Vec<_> = schema.included().map(|(_, column)| column.clone()).collect();
    let held = |name: &String| columns.iter().any(|column| column.name == *name);
    Schema {
        primary_key: schema.primary_key.clone().filter(held),
        entity: None, // keys of persons are made up: in synthetic rows they tell nothing
        columns,
    }
}

fn sampled(model: &SavedModel, rows: usize, seed: &str) -> Table {
    model.table(0..rows as u64, &Seed::new(seed), Draws::default())
}
