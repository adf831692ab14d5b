//! A fit under way: columns are coded one by one, then the model learns them, alone or with others that were begun alike.

use super::{HeldBack, ModelInfo, Quality, RareValues, SavedModel};
use crate::codec::Codec;
use crate::error::{Code, Error, Result};
use crate::format::csv::Dialect;
use crate::frame::Support;
use crate::math::rng::Seed;
use crate::model::atoms::{Coded, Sifted};
use crate::model::{self, Brief, Fit, Part, Task};
use crate::table::Table;

/// A fit under way. Steps are a few milliseconds long on any table of usual width.
pub struct Fitting {
    pub(super) info: ModelInfo,
    pub(super) notes: Vec<String>,
    pub(super) without: Vec<Part>,
    pub(super) dialect: Dialect,
    pub(super) codec: Codec,
    pub(super) support: Support,
    /// By column, once it is read.
    pub(super) sifted: Vec<Sifted>,
    pub(super) seed: Seed,
    /// The rows to learn from, until they are atoms: coded column by column, since numbers take more than text does here.
    pub(super) table: Table,
    pub(super) coded: Vec<Coded>,
    /// Once all columns are coded, until the next step.
    pub(super) brief: Option<Brief>,
    pub(super) model: Option<model::Fitting>,
}

impl Fitting {
    /// The share of the work that finding the atoms is said to be.
    const READING: f64 = 0.02;

    /// What was decided for the owner while metadata was read.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The values that too few share, by column, for the owner alone: no file has them. Complete once the columns are read,
    /// which [`Fitting::step`] does first.
    pub fn held_back(&self) -> Vec<RareValues> {
        let told = |(place, sifted): (usize, &Sifted)| {
            let column = &self.info.columns[place];
            let text = |level| self.codec.level(place, level).unwrap_or_default();
            (column.held_back.values > 0)
                .then(|| RareValues::new(&column.name, column.held_back, sifted, text))
        };
        self.sifted.iter().enumerate().filter_map(told).collect()
    }

    /// Does one slice. Returns the share done so far; at 1 the work can be finished.
    ///
    /// # Errors
    /// `BadOptions`, with the column, where too few persons share a value, or have one at all.
    pub fn step(&mut self) -> Result<f64> {
        if let Some(model) = &mut self.model {
            return Ok(Self::READING + (1.0 - Self::READING) * model.step());
        }
        if let Some(brief) = self.brief.take() {
            self.model = Some(brief.begin());
            return Ok(Self::READING);
        }
        let place = self.coded.len();
        let name = &self.info.columns[place].name;
        let column = self.codec.encode_column(place, &self.table);
        let column = column.map_err(|error| error.on_lines(|row| self.table.line(row)))?;
        let coded = Coded::fit(&column, self.codec.gaps(place), &self.support);
        let mut coded = coded.map_err(|error| error.in_column(name))?;
        coded.is_last = self.codec.has_places(place);
        let own = &mut self.info.columns[place];
        if !own.sdtype.is_made_up() {
            own.held_back = HeldBack::of(&coded);
        }
        self.sifted.push(std::mem::take(&mut coded.levels));
        self.coded.push(coded);
        let columns = self.info.columns.len();
        if self.coded.len() == columns {
            let ModelInfo { method, preset, quality, .. } = self.info;
            self.brief = Some(Brief {
                method,
                columns: std::mem::take(&mut self.coded),
                least: self.support.least,
                entities: self.support.entities.take().map(|entities| entities.to_vec()),
                preset,
                tried: quality == Quality::Full && !self.without.contains(&Part::Trial),
                without: std::mem::take(&mut self.without),
                seed: self.seed,
            });
            self.table = Table::new(Vec::new());
            return Ok(Self::READING);
        }
        Ok(Self::READING * (place + 1) as f64 / columns as f64)
    }

    /// The parts of the fit that may run at once on several threads; none until the columns are read, which
    /// [`Fitting::step`] does first.
    pub fn tasks(&mut self) -> Vec<&mut (dyn Task + Send)> {
        let tasks = self.model.as_mut().map(Fit::tasks).unwrap_or_default();
        tasks.into_iter().map(|(_, task)| task).collect()
    }

    /// What others need to share the work, where that is due: after the step that codes the last column.
    pub fn brief(&self) -> Option<&Brief> {
        self.brief.as_ref()
    }

    /// The share done so far, for whoever has tasks done and takes no steps.
    pub fn share(&mut self) -> f64 {
        let share = self.model.as_mut().map_or(0.0, Fit::share);
        Self::READING + (1.0 - Self::READING) * share
    }

    /// Once that was begun: the part of the work that can be shared.
    pub fn shared(&mut self) -> Option<&mut model::Fitting> {
        self.model.as_mut()
    }

    /// # Panics
    /// Before `step` has returned 1.
    pub fn finish(self) -> SavedModel {
        let fitting = self.model.expect("stepped to the end");
        let info = ModelInfo { memory: fitting.memory(), ..self.info };
        let model = fitting.finish();
        let mut codec = self.codec;
        for (place, sifted) in self.sifted.iter().enumerate() {
            codec.release(place, &sifted.kept, sifted.pooled);
        }
        SavedModel { info, dialect: self.dialect, codec, model }
    }
}

/// Helps with a fit that was begun elsewhere, in another worker: see [`model::Fitting::step_task`].
pub struct Hand(pub model::Fitting);

impl Hand {
    /// `brief`: [`Brief::to_bytes`].
    ///
    /// # Errors
    /// `BadModel`: it came in damaged.
    pub fn new(brief: &[u8]) -> Result<Hand> {
        let brief = Brief::from_bytes(brief);
        let brief = brief.ok_or_else(|| Error::new(Code::BadModel, "the work to share came in damaged"))?;
        Ok(Hand(brief.begin()))
    }

    /// Where no task is open, and until one is. Returns the share done so far.
    pub fn step(&mut self) -> f64 {
        self.0.step()
    }
}
