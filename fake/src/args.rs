//! The command line.

use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;
use std::time::Duration;

/// What is asked for.
#[derive(Debug, PartialEq)]
pub enum Asked {
    Help,
    Serve(Args),
}

/// Settings of the server.
#[derive(Debug, PartialEq)]
pub struct Args {
    pub host: IpAddr,
    pub port: u16,
    pub keys: Vec<(String, Vec<u64>)>,
    pub seed: Option<String>,
    pub per_second: u32,
    pub per_day: u32,
    pub retry_after: bool,
    pub latency: Duration,
    pub page_size: usize,
    pub unknown: bool,
}

impl Default for Args {
    fn default() -> Self {
        Self {
            host: Ipv4Addr::LOCALHOST.into(),
            port: 8080,
            keys: Vec::new(),
            seed: None,
            per_second: 100,
            per_day: 100_000,
            retry_after: false,
            latency: Duration::ZERO,
            page_size: 100,
            unknown: false,
        }
    }
}

impl Args {
    /// Reads `--name VALUE` and `--name=VALUE`.
    pub fn read(words: &[String]) -> Result<Asked, String> {
        let mut args = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let (name, attached) = match word.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value)),
                _ => (word.as_str(), None),
            };
            match name {
                "--help" | "-h" => return Ok(Asked::Help),
                "--retry-after" if attached.is_none() => args.retry_after = true,
                "--unknown" if attached.is_none() => args.unknown = true,
                _ => {
                    let value = || attached.or_else(|| words.next().map(String::as_str));
                    args.set(name, value)?;
                }
            }
        }
        Ok(Asked::Serve(args))
    }

    fn set<'a>(
        &mut self,
        name: &str,
        value: impl FnOnce() -> Option<&'a str>,
    ) -> Result<(), String> {
        const VALUED: [&str; 8] = [
            "--host",
            "--port",
            "--key",
            "--seed",
            "--per-second",
            "--per-day",
            "--latency",
            "--page-size",
        ];
        if !VALUED.contains(&name) {
            return Err(format!("no option `{name}`"));
        }
        let value = value().ok_or_else(|| format!("{name} needs a value"))?;
        match name {
            "--host" => self.host = parse(name, value)?,
            "--port" => self.port = parse(name, value)?,
            "--key" => {
                let (key, projects) = key(value)?;
                if self.keys.iter().any(|(other, _)| *other == key) {
                    return Err(format!("--key is given twice for `{key}`"));
                }
                self.keys.push((key, projects));
            }
            "--seed" => self.seed = Some(value.to_owned()),
            "--per-second" => self.per_second = parse(name, value)?,
            "--per-day" => self.per_day = parse(name, value)?,
            "--latency" => self.latency = Duration::from_millis(parse(name, value)?),
            _ => self.page_size = parse(name, value)?,
        }
        match self.page_size {
            1..=1000 => Ok(()),
            size => Err(format!("--page-size takes 1 to 1000, not {size}")),
        }
    }
}

fn parse<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} cannot be `{value}`"))
}

fn key(value: &str) -> Result<(String, Vec<u64>), String> {
    let problem = || format!("--key needs KEY=PROJECT,PROJECT, not `{value}`");
    let (key, projects) = value.split_once('=').ok_or_else(problem)?;
    let projects: Result<Vec<u64>, _> = projects.split(',').map(str::parse).collect();
    let is_header = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
    match projects {
        _ if !is_header => Err(format!("--key needs visible ASCII, not {key:?}")),
        Ok(projects) if !projects.contains(&0) => Ok((key.to_owned(), projects)),
        _ => Err(problem()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Asked, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Args::read(&words)
    }

    #[test]
    fn both_spellings_are_read() {
        for line in [
            "--port 0 --key a=1,2 --latency 5 --retry-after --unknown --per-day 0",
            "--port=0 --key=a=1,2 --latency=5 --retry-after --unknown --per-day=0",
        ] {
            let args = Args {
                port: 0,
                keys: vec![("a".to_owned(), vec![1, 2])],
                latency: Duration::from_millis(5),
                retry_after: true,
                unknown: true,
                per_day: 0,
                ..Args::default()
            };
            assert_eq!(read(line), Ok(Asked::Serve(args)));
        }
        assert_eq!(read(""), Ok(Asked::Serve(Args::default())));
        assert_eq!(read("--port 1 --help"), Ok(Asked::Help));
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        for (line, problem) in [
            ("--prot 1", "no option `--prot`"),
            ("8080", "no option `8080`"),
            ("--port", "--port needs a value"),
            ("--port 99999", "--port cannot be `99999`"),
            ("--key a", "--key needs KEY=PROJECT,PROJECT, not `a`"),
            ("--key a=", "--key needs KEY=PROJECT,PROJECT, not `a=`"),
            ("--key a=1,0", "--key needs KEY=PROJECT,PROJECT, not `a=1,0`"),
            ("--key =1", "--key needs visible ASCII, not \"\""),
            ("--key ü=1", "--key needs visible ASCII, not \"ü\""),
            ("--key a=1 --key=a=2", "--key is given twice for `a`"),
            ("--page-size 0", "--page-size takes 1 to 1000, not 0"),
            ("--retry-after=1", "no option `--retry-after`"),
            ("--unknown=1", "no option `--unknown`"),
        ] {
            assert_eq!(read(line), Err(problem.to_owned()));
        }
        for key in [" =1", "a\tb=1", "\u{1}=1"] {
            let problem = Args::read(&["--key".to_owned(), key.to_owned()]).unwrap_err();
            assert!(problem.starts_with("--key needs visible ASCII"), "{problem}");
        }
    }
}
