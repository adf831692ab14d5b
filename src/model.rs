//! Models: options say how to fit, a fitting does it slice by slice, a fitted model is sampled.
//!
//! Options, fitting and fitted model are three types, so an unfitted model cannot be sampled. All of them work
//! on [`atoms`]: no model holds a value that too few persons brought. A new model is one file here with the two
//! traits, and a line in each enum.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::frame::{Frame, Support};
use crate::math::rng::Seed;

pub mod atoms;
mod independent;
pub mod trees;

use atoms::{Atoms, Coded};
pub use trees::Memory;

/// Which model, with its options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Every column by itself: right shapes, no relations. The honest baseline.
    Independent,
    /// Column after column, each given the earlier ones, by boosted trees.
    #[default]
    Trees,
}

/// How near the real rows a model keeps: what is gained in likeness is paid in memory of single rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Hardest to tell from real rows; small tables are remembered a little.
    Faithful,
    #[default]
    Balanced,
    /// Remembers least; a trained eye sees that rows are made.
    Cautious,
}

/// A part of the engine beyond its core. All are there, unless a fit goes without one to measure what it brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Rules that no row breaks, orders and dates since others: `codec/rules.rs`.
    Formulas,
    /// A fine column within the coarse one that it decides: `trees/follow.rs`.
    Bonds,
    /// What mostly says again what an earlier column said: `trees/echo.rs`.
    Echoes,
    /// Long categories in the order of their likeness: `trees/likeness.rs`.
    Likeness,
    /// What an earlier column decides: `trees/rule.rs`.
    Rules,
    /// One ridge line as a column to ask: `trees/line.rs`.
    Line,
    /// More than two bags.
    Bags,
    /// Rows chosen so that pairs of columns come together as in the table: `trees/margins.rs`.
    Margins,
    /// What is remembered is tried, and learned less sharply: `trees/trial.rs`.
    Trial,
}

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub struct Manner<'a> {
    pub preset: Preset,
    /// Is it tried how much of single rows is remembered?
    pub tried: bool,
    pub without: &'a [Part],
}

/// All that a fit begins with: columns of equal length, and how to go about them. As bytes it goes to whoever shares the work.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Brief {
    pub method: Method,
    pub columns: Vec<Coded>,
    /// How many persons must share what is kept.
    pub least: u32,
    /// The person of each row, where several rows may be one's.
    pub entities: Option<Vec<u32>>,
    pub preset: Preset,
    /// Is it tried how much of single rows is remembered?
    pub tried: bool,
    pub without: Vec<Part>,
    pub seed: Seed,
}

/// How the rows of a sample hang together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Draws {
    /// Rows that are alike share their luck, and those are chosen that bring pairs of columns together as the table does, so
    /// counts stray less from what is expected than chance would have it.
    #[default]
    Spread,
    /// Each row draws for itself and is given out, as people come into a random sample: counts stray as theirs do.
    Independent,
}

/// Work towards a fitted model, in slices of a few milliseconds.
pub trait Fit {
    type Fitted: Sample;

    /// Does one slice. Returns the share done so far; at 1 the work can be finished.
    fn step(&mut self) -> f64;

    /// The share done so far, below 1 while a step is due.
    fn share(&mut self) -> f64;

    /// Independent parts that may run at once on several threads, instead of by [`Fit::step`]: those that are not done, the
    /// longest first, by number. Running them in any order, or not at all, never changes the model. When they are done, a step
    /// may bring new ones. In fittings that were begun alike the numbers stand for the same.
    fn tasks(&mut self) -> Vec<(u32, &mut (dyn Task + Send))> {
        Vec::new()
    }

    /// The one of this number, if it is open.
    fn task(&mut self, _number: u32) -> Option<&mut (dyn Task + Send)> {
        None
    }

    /// How much of single rows is remembered, where that was tried; known once `step` has returned 1.
    fn memory(&self) -> Option<Memory> {
        None
    }

    /// # Panics
    /// Before `step` has returned 1.
    fn finish(self) -> Self::Fitted;
}

/// A part of a fit that needs no other part.
pub trait Task {
    /// Does one slice; false when nothing is left.
    fn step(&mut self) -> bool;

    /// What was found once nothing was left, for the same task of a fitting that was begun alike elsewhere.
    fn found(&self) -> Vec<u8>;

    /// Takes it instead of steps; false where it is not what such a task finds.
    fn take(&mut self, found: &[u8]) -> bool;
}

/// A fitted model.
pub trait Sample {
    /// The rows `rows` of the endless synthetic table that the seed and the draws stand for.
    fn sample(&self, rows: Range<u64>, seed: &Seed, draws: Draws) -> Frame;

    /// Is every index inside its bounds? A model read from a file may be damaged.
    fn is_sound(&self) -> bool;
}

/// A fit under way.
pub enum Fitting {
    Independent(independent::Fitting),
    Trees(trees::Fitting),
}

/// A fitted model of any kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Model {
    Independent(independent::Independent),
    Trees(trees::Trees),
}

impl Manner<'_> {
    pub fn has(&self, part: Part) -> bool {
        !self.without.contains(&part)
    }
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Independent => "independent",
            Method::Trees => "trees",
        }
    }
}

impl Brief {
    pub fn begin(self) -> Fitting {
        let Brief { method, columns, least, entities, preset, tried, without, seed } = self;
        match method {
            Method::Independent => Fitting::Independent(independent::Fitting::new(columns)),
            Method::Trees => {
                let manner = Manner { preset, tried, without: &without };
                let support = Support { least, entities: entities.map(Into::into) };
                Fitting::Trees(trees::Fitting::new(columns, support, manner, &seed))
            }
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("plain data always serialises")
    }

    /// None where they are none of [`Brief::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Option<Brief> {
        postcard::from_bytes(bytes).ok()
    }
}

/// Work that is shared among fittings which were begun alike: each does some of the tasks, and takes from the others what they
/// found. Between two rounds of tasks each does its steps by itself.
impl Fitting {
    /// The numbers of the tasks to be done now, the longest first. Empty: a step is due.
    pub fn open_tasks(&mut self) -> Vec<u32> {
        self.tasks().into_iter().map(|(number, _)| number).collect()
    }

    /// Does a slice of an open task; once it is done, what it found.
    pub fn step_task(&mut self, number: u32) -> Option<Vec<u8>> {
        let task = self.task(number)?;
        (!task.step()).then(|| task.found())
    }

    /// What the same task found elsewhere; false where it is none of the open ones, or found something else.
    pub fn take_task(&mut self, number: u32, found: &[u8]) -> bool {
        self.task(number).is_some_and(|task| task.take(found))
    }
}

impl Fit for Fitting {
    type Fitted = Model;

    fn step(&mut self) -> f64 {
        match self {
            Fitting::Independent(fitting) => fitting.step(),
            Fitting::Trees(fitting) => fitting.step(),
        }
    }

    fn share(&mut self) -> f64 {
        match self {
            Fitting::Independent(fitting) => fitting.share(),
            Fitting::Trees(fitting) => fitting.share(),
        }
    }

    fn tasks(&mut self) -> Vec<(u32, &mut (dyn Task + Send))> {
        match self {
            Fitting::Independent(fitting) => fitting.tasks(),
            Fitting::Trees(fitting) => fitting.tasks(),
        }
    }

    fn task(&mut self, number: u32) -> Option<&mut (dyn Task + Send)> {
        match self {
            Fitting::Independent(fitting) => fitting.task(number),
            Fitting::Trees(fitting) => fitting.task(number),
        }
    }

    fn memory(&self) -> Option<Memory> {
        match self {
            Fitting::Independent(fitting) => fitting.memory(),
            Fitting::Trees(fitting) => fitting.memory(),
        }
    }

    fn finish(self) -> Model {
        match self {
            Fitting::Independent(fitting) => Model::Independent(fitting.finish()),
            Fitting::Trees(fitting) => Model::Trees(fitting.finish()),
        }
    }
}

impl Model {
    /// Of the column at this place of the table.
    pub fn atoms(&self, place: usize) -> &Atoms {
        match self {
            Model::Independent(model) => model.atoms(place),
            Model::Trees(model) => model.atoms(place),
        }
    }

    /// The stored counts of rows that have values of two columns together.
    pub fn pair_counts(&self) -> Vec<u32> {
        match self {
            Model::Independent(_) => Vec::new(),
            Model::Trees(model) => model.pair_counts().collect(),
        }
    }

    fn inner(&self) -> &dyn Sample {
        match self {
            Model::Independent(model) => model,
            Model::Trees(model) => model,
        }
    }
}

impl Sample for Model {
    fn sample(&self, rows: Range<u64>, seed: &Seed, draws: Draws) -> Frame {
        self.inner().sample(rows, seed, draws)
    }

    fn is_sound(&self) -> bool {
        self.inner().is_sound()
    }
}
