//! In which order the requests of a client leave it.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The numbers of requests in the order in which they were first handed to the HTTP library.
#[derive(Debug, Default)]
pub struct Starts(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    order: Vec<usize>,
    known: HashSet<usize>,
}

impl Starts {
    /// Notes a request; further attempts of the same one are not starts.
    pub fn note(&self, number: usize) {
        let mut seen = self.seen();
        if seen.known.insert(number) {
            seen.order.push(number);
        }
    }

    pub fn order(&self) -> Vec<usize> {
        self.seen().order.clone()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_attempt_of_a_request_starts_it() {
        let starts = Starts::default();
        for number in [0, 2, 0, 1, 2] {
            starts.note(number);
        }
        assert_eq!(starts.order(), [0, 2, 1]);
    }
}
