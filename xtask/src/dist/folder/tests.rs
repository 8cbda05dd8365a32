use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A folder of its own for each test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("xtask-dist-{}-{count}", std::process::id()));
        fs::create_dir_all(&path).expect("the temporary folder can be written");
        Self(path)
    }

    fn out(&self) -> PathBuf {
        self.0.join("deep/dist")
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.out().join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder"))
            .expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }

    /// Every file below the whole folder, links among them, and its text.
    fn everything(&self) -> Vec<(String, String)> {
        let mut found = BTreeSet::new();
        walk(&self.0, "", &mut found).expect("the folder can be read");
        let text = |path: &String| fs::read_to_string(self.0.join(path)).unwrap_or_default();
        found.iter().map(|path| (path.clone(), text(path))).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// Files as `dist` makes them: with the marked page and the sums.
fn files(files: &[(&str, &str)]) -> Files {
    let mut files: Files =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    files.insert(README.to_owned(), format!("{MARKER} -->\n"));
    let sums: String = files.keys().map(|path| format!("0000  {path}\n")).collect();
    files.insert(SUMS.to_owned(), sums);
    files
}

fn refusal(out: &Path, files: &Files) -> String {
    match publish(out, files) {
        Ok(written) => panic!("nothing was refused: {written:?}"),
        Err(failure) => failure.to_string(),
    }
}

#[test]
fn what_is_no_longer_made_goes_and_what_is_the_same_is_counted() {
    let folder = Folder::new();
    let first = files(&[("a", "1"), ("b/c", "2\r\n"), ("b/d", "3")]);
    let counts = |written, unchanged, removed| Written { written, unchanged, removed };
    assert_eq!(publish(&folder.out(), &first), Ok(counts(5, 0, 0)));
    assert_eq!(publish(&folder.out(), &first), Ok(counts(0, 5, 0)));
    let second = files(&[("a", "1"), ("b/d", "4")]);
    assert_eq!(publish(&folder.out(), &second), Ok(counts(2, 2, 1)));
    let paths: Vec<String> = folder.everything().into_iter().map(|(path, _)| path).collect();
    let expected = ["README.md", "SHA256SUMS", "a", "b/d"].map(|path| format!("deep/dist/{path}"));
    assert_eq!(paths, expected);
}

#[test]
fn a_folder_of_somebody_else_is_left_as_it_is() {
    let made = files(&[("a", "1")]);
    let cases: [(&[(&str, &str)], &str); 4] = [
        (&[("notes.txt", "mine")], "holds files that `cargo xtask dist` did not write"),
        (&[("README.md", "# Mine\n"), ("SHA256SUMS", "0  README.md\n")], "did not write"),
        (
            &[("README.md", MARKER), ("SHA256SUMS", "0  README.md\n"), ("x/notes.txt", "mine")],
            "its SHA256SUMS does not name: x/notes.txt; move or remove them",
        ),
        (&[("README.md", MARKER)], "does not name: README.md"),
    ];
    for (there, expected) in cases {
        let folder = Folder::new();
        for (path, text) in there {
            folder.put(path, text);
        }
        let before = folder.everything();
        let shown = refusal(&folder.out(), &made);
        assert!(shown.starts_with("error: ") && shown.contains(expected), "{shown}");
        assert_eq!(folder.everything(), before);
    }
}

#[test]
fn what_is_no_folder_and_cannot_become_one_is_told() {
    let made = files(&[("a", "1")]);
    let folder = Folder::new();
    let file = folder.0.join("file");
    fs::write(&file, "mine").expect("the file can be written");
    for out in [file.clone(), file.join("below")] {
        let shown = refusal(&out, &made);
        assert!(shown.contains("file is a file, not a folder"), "{shown}");
    }
    assert_eq!(folder.everything(), [("file".to_owned(), "mine".to_owned())]);
}

/// Where even an administrator makes no folder.
#[cfg(target_os = "linux")]
#[test]
fn a_place_that_cannot_be_written_is_told_and_nothing_is_left() {
    let shown = refusal(Path::new("/proc/self/dist"), &files(&[("a", "1")]));
    assert!(shown.starts_with("error: cannot create /proc/"), "{shown}");
}

#[test]
fn a_failure_half_way_leaves_the_old_files() {
    let folder = Folder::new();
    let first = files(&[("a", "1")]);
    publish(&folder.out(), &first).expect("the folder is free");
    let before = folder.everything();
    // A name that no file system takes, behind one that is written.
    let broken = files(&[("a", "2"), (&"x".repeat(300), "3")]);
    let shown = refusal(&folder.out(), &broken);
    assert!(shown.starts_with("error: cannot write "), "{shown}");
    assert_eq!(folder.everything(), before);
}

#[test]
fn no_path_leaves_the_folder() {
    let folder = Folder::new();
    let shown = refusal(&folder.out(), &files(&[("../a", "1")]));
    assert!(shown.contains("`../a` leaves the folder"), "{shown}");
    assert!(folder.everything().is_empty() && !folder.out().exists());
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_stays_a_link() {
    let folder = Folder::new();
    let (real, link) = (folder.0.join("real"), folder.0.join("link"));
    fs::create_dir(&real).expect("the folder can be made");
    std::os::unix::fs::symlink(&real, &link).expect("the link can be made");
    for text in ["1", "2"] {
        publish(&link, &files(&[("a", text)])).expect("the folder is free or ours");
        assert!(fs::symlink_metadata(&link).is_ok_and(|link| link.is_symlink()));
        assert_eq!(fs::read_to_string(real.join("a")).ok().as_deref(), Some(text));
    }
}

#[test]
fn path_that_leads_up_from_nothing_is_refused() {
    let folder = Folder::new();
    folder.put("gold.txt", "gold");
    let before = folder.everything();
    for out in
        ["deep/none/../dist", "none/../deep/dist", "none/..", "deep/dist/none/more/../../../dist"]
    {
        let text = refusal(&folder.0.join(out), &files(&[("a", "1")]));
        assert!(text.contains("leads up from a folder that does not exist"), "{out}: {text}");
        assert_eq!(folder.everything(), before, "{out}");
    }
    // One that exists is what it says.
    let text = refusal(&folder.0.join("deep/dist/../dist"), &files(&[("a", "1")]));
    assert!(text.contains("did not write"), "{text}");
    publish(&folder.0.join("deep/../other"), &files(&[("a", "1")])).expect("it is a new folder");
}

#[test]
fn empty_folder_of_somebody_is_not_taken_away() {
    let folder = Folder::new();
    publish(&folder.out(), &files(&[("a", "1")])).expect("it is a new folder");
    fs::create_dir_all(folder.out().join("mine/empty")).expect("the folder can be made");
    let text = refusal(&folder.out(), &files(&[("a", "2")]));
    assert!(text.contains("does not name: mine/empty/"), "{text}");
}
