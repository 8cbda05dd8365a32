//! The fake as its users see it: the generated client drives every operation, and raw requests send
//! what no client would.

mod access;
mod bad_input;
mod beside;
mod coverage;
mod deployments;
mod experiments;
mod faults;
mod forms;
mod holdouts;
mod items;
mod limits;
mod lists;
mod load;
mod mutexes;
mod program;
mod random;
mod seeds;
mod support;
mod versions;
