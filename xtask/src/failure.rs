//! Why a command ends without success.

use std::fmt;
use std::io;
use std::path::Path;

/// Why a command ends without success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The command line makes no sense.
    Usage(String),
    /// The document or a check failed; the text is complete and ends with a line end.
    Problem(String),
    /// Nobody reads the output any more.
    Closed,
}

impl Failure {
    /// A problem told in one sentence.
    pub fn new(sentence: impl fmt::Display) -> Self {
        Self::Problem(format!("error: {sentence}\n"))
    }

    /// The file system refused something.
    pub fn io(deed: &str, path: &Path, error: &io::Error) -> Self {
        Self::new(format_args!("cannot {deed} {}: {error}", path.display()))
    }

    /// Exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Problem(_) | Self::Closed => 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(sentence) => {
                writeln!(f, "error: {sentence}\nhelp: cargo xtask help")
            }
            Self::Problem(text) => f.write_str(text),
            Self::Closed => Ok(()),
        }
    }
}

/// Only writing to the console fails with a bare [`io::Error`]; files go through [`Failure::io`].
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::new(format_args!("cannot write the output: {error}")),
        }
    }
}
