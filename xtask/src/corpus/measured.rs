//! Figures that no two runs have in common, kept still in the page.

use std::collections::BTreeMap;
use std::fmt;

use super::reading::Reading;

/// Changes up to these are noise, whatever their share.
const NOISE_TENTHS: u64 = 2;
const NOISE_MEGABYTES: u64 = 10;

/// What the compilation of a document took; prints as two cells of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measured {
    /// Tenths of a second.
    tenths: Option<u64>,
    megabytes: Option<u64>,
}

impl Measured {
    pub fn of(reading: &Reading) -> Self {
        Self {
            tenths: reading.millis.map(|millis| (millis + 50) / 100),
            megabytes: reading.peak.map(|bytes| bytes >> 20),
        }
    }

    /// The figures of a page, by document.
    pub fn of_page(page: &str) -> BTreeMap<&str, Self> {
        let rows = page.lines().filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let ["", name, _, _, _, _, _, seconds, megabytes, _, ""] = *cells.as_slice() else {
                return None;
            };
            let tenths = seconds.replace('.', "").parse().ok();
            Some((name, Self { tenths, megabytes: megabytes.parse().ok() }))
        });
        rows.collect()
    }

    /// The old figures, unless the new ones tell something else.
    pub fn or_as_before(self, before: Option<&Self>) -> Self {
        let Some(before) = before else { return self };
        Self {
            tenths: kept(before.tenths, self.tenths, NOISE_TENTHS),
            megabytes: kept(before.megabytes, self.megabytes, NOISE_MEGABYTES),
        }
    }

    /// Another document: times add up, memory does not.
    pub fn add(&mut self, other: Self) {
        self.tenths = other.tenths.map(|tenths| tenths + self.tenths.unwrap_or(0)).or(self.tenths);
        self.megabytes = self.megabytes.max(other.megabytes);
    }
}

fn kept(old: Option<u64>, new: Option<u64>, noise: u64) -> Option<u64> {
    match (old, new) {
        (Some(old), Some(new)) if new.abs_diff(old) <= noise.max(old / 2) => Some(old),
        _ => new,
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(tenths) = self.tenths {
            write!(f, "{}.{}", tenths / 10, tenths % 10)?;
        }
        f.write_str(" | ")?;
        self.megabytes.map_or(Ok(()), |megabytes| write!(f, "{megabytes}"))
    }
}
