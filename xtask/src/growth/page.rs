//! The table of what was measured.

use std::fmt;

/// How the compilation of a document ended.
pub enum Ending {
    /// With a client.
    Made { millis: u64, peak: u64, bytes: usize, warnings: usize },
    /// With problems of the document: the code of the first, and how many.
    Refused { millis: u64, peak: u64, code: String, errors: usize },
    /// As it never may.
    Fault(String),
}

impl Ending {
    /// The line of the process that compiled.
    pub fn read(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.trim().split('\t').collect();
        let [millis, peak, word, what, count] = *fields.as_slice() else { return None };
        let (millis, peak) = (millis.parse().ok()?, peak.parse().ok()?);
        let count = count.parse().ok()?;
        match word {
            "made" => Some(Self::Made { millis, peak, bytes: what.parse().ok()?, warnings: count }),
            "refused" => Some(Self::Refused { millis, peak, code: what.to_owned(), errors: count }),
            _ => None,
        }
    }

    fn used(&self) -> Option<(u64, u64)> {
        match self {
            Self::Made { millis, peak, .. } | Self::Refused { millis, peak, .. } => {
                Some((*millis, *peak))
            }
            Self::Fault(_) => None,
        }
    }
}

/// A document and what compiling it took.
pub struct Row {
    pub name: &'static str,
    pub unit: &'static str,
    pub size: usize,
    /// Of the document.
    pub bytes: usize,
    pub ending: Ending,
}

impl Row {
    /// What is wrong with the compiler, if the row shows that.
    pub fn fault(&self) -> Option<String> {
        match &self.ending {
            Ending::Fault(reason) => {
                Some(format!("{} of {} {}: {reason}", self.name, self.size, self.unit))
            }
            Ending::Made { .. } | Ending::Refused { .. } => None,
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "| {} | {} {} | {:.2} | ", self.name, self.size, self.unit, mega(self.bytes))?;
        match self.ending.used() {
            Some((millis, peak)) => {
                write!(f, "{:.2} | {} | ", millis as f64 / 1000.0, peak >> 20)?;
            }
            None => write!(f, " | | ")?,
        }
        match &self.ending {
            Ending::Made { bytes, warnings: 0, .. } => {
                write!(f, "{:.2} MB |", mega(*bytes))
            }
            Ending::Made { bytes, warnings, .. } => {
                write!(f, "{:.2} MB, warnings: {warnings} |", mega(*bytes))
            }
            Ending::Refused { code, errors, .. } => write!(f, "refused: `{code}` ({errors}) |"),
            Ending::Fault(reason) => write!(f, "FAULT: {reason} |"),
        }
    }
}

fn mega(bytes: usize) -> f64 {
    bytes as f64 / 1_000_000.0
}

/// The page.
pub fn text(rows: &[Row]) -> String {
    let mut out = String::from(
        "# Speed and size\n\n\
         Made by `cargo xtask bench codegen`: documents of one shape each, made for the purpose\n\
         (`xtask/src/growth/`), compiled in a process of their own, in release. CPU seconds and peak memory are those of\n\
         the whole process, from reading the file to the text of the last file; the figures are of one run on one machine.\n\
         What counts is how they grow: ten times the document must not take much more than ten times as long.\n\n\
         | document | size | MB | CPU s | peak MB | result |\n| --- | --- | ---: | ---: | ---: | --- |\n",
    );
    for row in rows {
        out.push_str(&format!("{row}\n"));
    }
    out.push_str(
        "\n## Growth\n\nHow often as much the larger document of a pair has, and takes.\n\n\
         | document | size | bytes | CPU | memory |\n| --- | ---: | ---: | ---: | ---: |\n",
    );
    for pair in rows.windows(2) {
        let [small, large] = pair else { continue };
        let (Some(before), Some(after)) = (small.ending.used(), large.ending.used()) else {
            continue;
        };
        if small.name == large.name {
            let times = |before: u64, after: u64| after as f64 / before.max(1) as f64;
            out.push_str(&format!(
                "| {}, {} to {} {} | {:.0} | {:.1} | {:.1} | {:.1} |\n",
                small.name,
                small.size,
                large.size,
                large.unit,
                times(small.size as u64, large.size as u64),
                times(small.bytes as u64, large.bytes as u64),
                times(before.0, after.0),
                times(before.1, after.1),
            ));
        }
    }
    out
}
