//! Standin makes synthetic stand-ins for tables that cannot be shared, on the machine that holds them.
//!
//! ```text
//! bytes ─ format ─> Table ─ schema ─> Schema ─ codec ─> Frame ─ model ─> Model ─ sample ─> Frame ─ codec ─> Table ─ format ─> bytes
//!                                                         └────────── report (train, holdout, synthetic) ──────────┘
//! ```
//!
//! [`pipeline`] strings the rooms together and is where to begin. `ARCHITECTURE.md` is the map.

pub mod codec;
pub mod error;
pub mod format;
pub mod frame;
mod learn;
pub mod math;
pub mod model;
pub mod pipeline;
pub mod report;
pub mod schema;
pub mod table;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use error::{Code, Error, Result};
pub use math::rng::Seed;
pub use model::{Draws, Method, Part, Preset};
pub use pipeline::{FitOptions, Fitting, Holdout, Quality, ReportOptions, SavedModel, Source};
pub use report::Report;
