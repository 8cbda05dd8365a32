//! Tests of the whole.

mod breakout;
mod broken;
mod cases;
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
mod reference;
mod rows;
mod runner;
mod seams;
mod sharing;
mod spec;
mod spec_diff;
mod split;
mod stable;
mod support;
mod ui;
mod version;
mod wire;
