//! Tests of the whole.

mod broken;
mod current;
mod folder;
mod golden;
mod runner;
mod ui;
