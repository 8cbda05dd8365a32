//! What this process has used so far, where the system tells.

use std::fs;
use std::time::Duration;

/// Ticks of a second in `/proc`, the same on every Linux.
const TICKS: u64 = 100;

/// Processor time of this process, its threads included; `None` where there is no `/proc`.
pub fn processor() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    ticks(&stat).map(|ticks| Duration::from_millis(ticks * 1000 / TICKS))
}

/// Most memory that this process has held at once, in bytes; `None` where there is no `/proc`.
pub fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// User and system time of a line of `/proc/self/stat`.
fn ticks(stat: &str) -> Option<u64> {
    // The second field is the program's name in brackets, which may hold anything.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11).map(str::parse::<u64>);
    Some(times.next()?.ok()? + times.next()?.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_any_name() {
        let stat = "7 (a) b (c) R 1 2 3 4 5 6 7 8 9 10 120 30 0 0 20 0 1 0 99";
        assert_eq!(ticks(stat), Some(150));
        assert_eq!(ticks("7 (a) R 1"), None);
    }

    #[test]
    fn a_process_has_used_something() {
        if cfg!(target_os = "linux") {
            assert!(peak().is_some_and(|bytes| bytes > 100_000));
            assert!(processor().is_some());
        }
    }
}
