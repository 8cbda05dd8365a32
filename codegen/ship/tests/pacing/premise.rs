//! Every schedule that keeps the premise keeps the limit.
use crate::schedule::{any_schedule, for_all};
use crate::{check, run};

/// Warm requests are counted within the hold cap of their sending, cold ones within the time for
/// connecting, whatever becomes of their calls.
#[test]
fn p8_limit_is_kept_when_requests_are_counted_within_the_hold_cap() {
    for_all(150, &any_schedule(true), |schedule| check::all(schedule, &run::run(schedule)));
}

/// Without a cap, requests may travel for any time: they are counted before their answer, or before
/// their call is given up.
#[test]
fn p8_limit_is_kept_without_a_cap_however_long_requests_travel() {
    for_all(150, &any_schedule(false), |schedule| check::all(schedule, &run::run(schedule)));
}
