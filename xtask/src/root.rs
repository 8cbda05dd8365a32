//! Where the workspace is.

use std::env;
use std::path::{Path, PathBuf};

use crate::Failure;

/// The workspace of this run: around the package that cargo started (`cargo xtask` works from any
/// folder), or around the current folder when the program was started by hand.
pub fn find() -> Result<PathBuf, Failure> {
    let started = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let current = env::current_dir().ok();
    [started, current].iter().flatten().find_map(|folder| above(folder)).ok_or_else(|| {
        Failure::new("no workspace with an xtask/ folder here or above; run `cargo xtask` inside the repository")
    })
}

fn above(folder: &Path) -> Option<PathBuf> {
    let is_root = |folder: &&Path| {
        folder.join("Cargo.toml").is_file() && folder.join("xtask/Cargo.toml").is_file()
    };
    folder.ancestors().find(is_root).map(Path::to_path_buf)
}
