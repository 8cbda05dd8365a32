//! The fake as a program.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::json;

/// A program that ends with the test.
struct Running {
    child: Child,
    greeting: Vec<String>,
}

impl Running {
    fn start(words: &[&str]) -> Self {
        let mut child = program(words).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let greeting = std::iter::from_fn(|| lines.next()?.ok());
        let is_last = |line: &String| line.starts_with("ends with");
        let mut greeting: Vec<String> = greeting.take_while(|line| !is_last(line)).collect();
        greeting.iter_mut().for_each(|line| *line = line.trim_end().to_owned());
        Self { child, greeting }
    }

    /// What follows a word of the greeting.
    fn told(&self, word: &str) -> &str {
        let found = self.greeting.iter().find_map(|line| line.strip_prefix(word));
        found.unwrap_or_else(|| panic!("no {word} in {:?}", self.greeting)).trim()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn program(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_amplitude-experiment-fake"));
    command.args(words).stderr(Stdio::piped());
    command
}

/// The code and the error of a program that ends by itself.
fn failed(words: &[&str]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = program(words).output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

/// A file that goes with the test.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("fake-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

#[tokio::test]
async fn the_program_serves_what_it_is_told_to() {
    let seed = json!({ "flags": [{ "projectId": 2, "key": "a" }, { "projectId": 2, "key": "b" }] });
    let seed = File::new("seed.json", &seed.to_string());
    let words = ["--port", "0", "--key", "ampex_a=1,2", "--key=ampex_b=1", "--seed", seed.path()];
    let limits = ["--per-second", "3", "--retry-after", "--page-size=1"];
    let program = Running::start(&[&words[..], &limits].concat());
    let url = format!("{}/flags", program.told("base URL"));
    assert_eq!(program.told("key"), "ampex_a, for projects 1, 2");
    let client = reqwest::Client::new();
    let keys = async |key: &str| {
        let answer = client.get(&url).bearer_auth(key).send().await.unwrap();
        let list: serde_json::Value =
            serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        list["flags"].as_array().unwrap().iter().map(|flag| flag["key"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(keys("ampex_b").await, [""; 0]);
    assert_eq!(keys("ampex_a").await, ["b"]);
    keys("ampex_a").await;
    let answer = client.get(&url).bearer_auth("ampex_a").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (429, &"1".parse().unwrap())
    );
}

#[tokio::test]
async fn the_program_has_a_key_of_its_own_and_tells_where_the_document_is() {
    let program = Running::start(&["--port=0", "--per-second=0", "--per-day=0"]);
    assert_eq!(program.told("key"), "ampex_fake, for project 217854");
    let document = program.told("document").strip_suffix(" and .json").unwrap();
    assert!(reqwest::get(document).await.unwrap().status().is_success());
}

#[tokio::test]
async fn the_program_answers_what_nobody_knows_yet() {
    let seed =
        json!({ "flags": [{ "projectId": 217_854, "key": "a", "evaluationMode": "local" }] });
    let seed = File::new("unknown.json", &seed.to_string());
    let program = Running::start(&["--port=0", "--unknown", "--seed", seed.path()]);
    let url = format!("{}/flags", program.told("base URL"));
    // Not once, but always.
    for _ in 0..2 {
        let answer =
            reqwest::Client::new().get(&url).bearer_auth("ampex_fake").send().await.unwrap();
        let list: serde_json::Value =
            serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        let flag = &list["flags"][0];
        assert_eq!(
            (&flag["key"], &flag["evaluationMode"]),
            (&json!("a"), &json!("from-the-future"))
        );
        assert!(flag["fromTheFuture"].is_object(), "{flag}");
    }
}

#[test]
fn help_is_printed() {
    let output = program(&["--help"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("--port PORT"), "{text}");
}

#[test]
fn what_cannot_be_served_is_told() {
    let (code, error) = failed(&["--prot", "1"]);
    assert_eq!(code, Some(2));
    assert_eq!(error, "error: no option `--prot`\nhelp: --help lists the options\n");

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, error) = failed(&["--port", &port]);
    assert_eq!(code, Some(1));
    assert!(error.starts_with(&format!("error: cannot listen on 127.0.0.1:{port}: ")), "{error}");

    let wrong = File::new("wrong.json", r#"{"flags": [{"key": "a"}]}"#);
    let error = "error: seed: flags[0]: projectId: is required\n".to_owned();
    assert_eq!(failed(&["--port=0", "--seed", wrong.path()]), (Some(1), error));
    let broken = File::new("broken.json", "{");
    let path = broken.path();
    let error = format!("error: {path}: seed: EOF while parsing an object at line 1 column 1\n");
    assert_eq!(failed(&["--port=0", "--seed", path]), (Some(1), error));
    let (code, error) = failed(&["--seed", "/nowhere/seed.json"]);
    assert_eq!(code, Some(1));
    assert!(error.starts_with("error: cannot read /nowhere/seed.json: "), "{error}");
}

#[test]
fn keys_that_cannot_be_sent_are_told() {
    for key in [" =1", "a\tb=1", "a=0", "a"] {
        let (code, error) = failed(&["--port=0", "--key", key]);
        assert_eq!(code, Some(2), "{key:?}");
        assert!(error.starts_with("error: --key needs "), "{error}");
    }
    assert_eq!(failed(&["--key", "a=1", "--key", "a=2"]).0, Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn the_program_ends_in_order_without_anybody_to_tell() {
    use std::os::unix::ffi::OsStrExt;

    let name = std::ffi::OsStr::from_bytes(b"--seed=\xff");
    let Output { status, stderr, .. } = program(&[]).arg(name).output().unwrap();
    assert_eq!(status.code(), Some(2));
    let error = String::from_utf8(stderr).unwrap();
    assert!(error.starts_with("error: `--seed=\u{fffd}` is not UTF-8\n"), "{error}");
    for (words, code) in [(["--prot"], 2), (["--seed=/nowhere"], 1)] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        assert_eq!(program(&words).stderr(full).status().unwrap().code(), Some(code));
    }
}
