//! The harm that a synthetic table can do by what it leaves out or overdraws: groups of people.

pub mod groups;
