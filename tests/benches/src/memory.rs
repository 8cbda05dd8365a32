//! What the system says about the memory of this process.

use std::fs;

/// The most that was resident since the start, in KiB; `None` where the system does not tell.
pub fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
