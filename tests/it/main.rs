//! Tests of the whole.

mod breakout;
mod broken;
mod consumer;
mod current;
mod dist;
mod dist_schemas;
mod facts;
mod folder;
mod golden;
mod live;
mod manifest;
mod paging;
mod rows;
mod runner;
mod seams;
mod sharing;
mod spec;
mod spec_diff;
mod support;
mod ui;
mod wire;
