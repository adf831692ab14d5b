//! What an owner chooses for a fit.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Holdout;
use crate::model::{Method, Part, Preset};

/// How to fit. In JSON the keys are camelCase.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FitOptions {
    pub method: Method,
    pub preset: Preset,
    pub quality: Quality,
    /// Any text; the same one gives the same model.
    pub seed: String,
    /// What is kept out of the fit for the report.
    pub holdout: Holdout,
    /// How many rows must share a value for it to be drawn, or persons where it is known whose the rows are: 2 to 1000.
    pub min_support: u32,
    /// SDV metadata, perhaps edited; inferred if absent.
    pub metadata: Option<Value>,
    /// Parts of the engine to do without, which no user needs: what each brings can be measured so.
    #[serde(skip)]
    pub without: Vec<Part>,
}

/// How much of the table is learned from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quality {
    /// A few random rows, for a first impression within a second.
    Preview,
    #[default]
    Full,
}

impl Default for FitOptions {
    fn default() -> Self {
        FitOptions {
            method: Method::default(),
            preset: Preset::default(),
            quality: Quality::default(),
            seed: String::new(),
            holdout: Holdout::NONE,
            min_support: 5,
            metadata: None,
            without: Vec::new(),
        }
    }
}
