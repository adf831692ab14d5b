//! How true a synthetic table is: does it look like rows that the model never saw?

pub mod detection;
pub mod shapes;
pub mod trends;
