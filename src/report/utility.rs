//! What a synthetic table is good for: does what is learned from it hold for real rows?

pub mod advisor;
pub mod coefficients;
pub mod importance;
pub mod tstr;
