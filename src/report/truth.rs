//! How true a synthetic table is: does it look like rows that the model never saw?

mod calendar;
pub mod detection;
pub mod distributions;
pub mod matrix;
pub mod projection;
pub mod shapes;
pub mod trends;
