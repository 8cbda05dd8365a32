//! Starts the service, asks it what it saw, and ends it.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::{Report, Settings};
use crate::Outcome;

/// A running service. It ends when this is dropped, or with the process that holds it.
#[derive(Debug)]
pub struct ServerProcess {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    port: u16,
}

impl ServerProcess {
    pub fn start(settings: &Settings) -> Outcome<Self> {
        let mut child = Command::new(env::current_exe()?)
            .arg("serve")
            .arg(serde_json::to_string(settings)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let questions = child.stdin.take().ok_or("the server has no input")?;
        let answers = BufReader::new(child.stdout.take().ok_or("the server has no output")?);
        let mut server = Self { child, questions, answers, port: 0 };
        server.port = server.line()?.parse()?;
        Ok(server)
    }

    /// As a client wants it.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/api/1", self.port)
    }

    /// What it saw so far.
    pub fn report(&mut self) -> Outcome<Report> {
        self.questions.write_all(b"report\n")?;
        Ok(serde_json::from_str(&self.line()?)?)
    }

    fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        match line.trim() {
            "" => Err("the server has ended".into()),
            text => Ok(text.to_owned()),
        }
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
