//! What the program of the small documents checks with. It is copied beside a `main.rs` that is
//! made for the clients at hand.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread::{self, JoinHandle};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How many things were checked, and what was wrong.
#[derive(Default)]
pub struct Report {
    checks: usize,
    faults: Vec<String>,
}

impl Report {
    fn add(&mut self, fault: Option<String>) {
        self.checks += 1;
        self.faults.extend(fault);
    }

    pub fn end(self) -> ExitCode {
        for fault in &self.faults {
            println!("{fault}");
        }
        println!("{} checks", self.checks);
        if self.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Values that must come back as they were, and values that must be refused.
pub fn round_trip<T: Serialize + DeserializeOwned>(name: &str, file: &str, report: &mut Report) {
    let file: Value = serde_json::from_str(file).unwrap();
    let list = |key: &str| file[key].as_array().cloned().unwrap_or_default();
    for value in list("values").into_iter().chain(list("forward")) {
        let back = serde_json::from_str::<T>(&value.to_string())
            .and_then(|read| serde_json::to_string(&read))
            .and_then(|text| serde_json::from_str::<Value>(&text));
        report.add(match back {
            Ok(back) if is_same(&back, &value) => None,
            Ok(back) => Some(format!("{name}: {value} came back as {back}")),
            Err(error) => Some(format!("{name}: {value} is not read: {error}")),
        });
    }
    for value in list("reject") {
        let read = serde_json::from_str::<T>(&value.to_string());
        report.add(read.is_ok().then(|| format!("{name}: {value} is not refused")));
    }
}

/// Values and what they are once defaults are filled in.
pub fn defaults<T: Serialize + DeserializeOwned>(
    name: &str,
    file: &str,
    fill: fn(T) -> T,
    report: &mut Report,
) {
    let file: Value = serde_json::from_str(file).unwrap();
    for pair in file["defaults"].as_array().unwrap() {
        let filled = serde_json::from_str::<T>(&pair["given"].to_string())
            .and_then(|given| serde_json::to_value(fill(given)));
        report.add(match filled {
            Ok(filled) if is_same(&filled, &pair["filled"]) => None,
            filled => Some(format!("{name}: {} was filled to {filled:?}", pair["given"])),
        });
    }
}

/// Numbers compare by value, members in any order.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| other.get(key).is_some_and(|it| is_same(value, it)))
        }
        _ => one == other,
    }
}

/// What arrived at the server.
struct Sent {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// A call and the server that it goes to.
pub struct Call {
    name: String,
    call: Value,
    address: String,
    server: JoinHandle<Vec<Sent>>,
}

impl Call {
    pub fn new(name: &str, call: &str) -> Self {
        let call: Value = serde_json::from_str(call).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let answer = answer(&call["response"]);
        let server = thread::spawn(move || {
            let mut all = Vec::new();
            while let Some(sent) = serve(listener.accept().unwrap().0, &answer) {
                all.push(sent);
            }
            all
        });
        Self { name: name.to_owned(), call, address, server }
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn argument<T: DeserializeOwned>(&self, key: &str) -> T {
        let value = self.call["args"].get(key).unwrap_or(&Value::Null);
        T::deserialize(value).unwrap_or_else(|error| panic!("{}: {key}: {error}", self.name))
    }

    pub fn end(self, outcome: Result<Value, String>, report: &mut Report) {
        // A connection without a request ends the server.
        drop(TcpStream::connect(&self.address));
        let all = self.server.join().unwrap();
        let fault = match all.as_slice() {
            [] => refused(&self.call["request"], &outcome),
            [sent] => sent
                .fault(&self.call["request"])
                .or_else(|| unread(&self.call["response"], &outcome)),
            _ => Some(format!("{} requests were sent", all.len())),
        };
        report.add(fault.map(|fault| format!("{}: {fault}", self.name)));
    }
}

/// Nothing was sent, which some calls allow.
fn refused(request: &Value, outcome: &Result<Value, String>) -> Option<String> {
    let is_allowed = texts(&request["target"]).any(|target| target.starts_with("(an error"));
    (!is_allowed || outcome.is_ok()).then(|| format!("nothing was sent: {outcome:?}"))
}

/// The answer is what the server sent.
fn unread(response: &Value, outcome: &Result<Value, String>) -> Option<String> {
    let names = ["told", "items", "body", "body_text"];
    let expected = names.iter().find_map(|name| response.get(*name))?;
    match outcome {
        Ok(answer) if is_same(answer, expected) => None,
        outcome => Some(format!("expected {expected}, got {outcome:?}")),
    }
}

impl Sent {
    fn fault(&self, expected: &Value) -> Option<String> {
        let mut faults = Vec::new();
        if expected["method"] != self.method.as_str() {
            faults.push(format!("the method is {}", self.method));
        }
        let is_free = expected["query_order_free"] == true;
        if !texts(&expected["target"]).any(|target| is_target(&self.target, target, is_free)) {
            faults.push(format!("the target is {}, not {}", self.target, expected["target"]));
        }
        for (name, value) in expected["headers"].as_object().into_iter().flatten() {
            if self.header(name) != value.as_str() {
                faults.push(format!("{name} is {:?}, not {value}", self.header(name)));
            }
        }
        for name in texts(&expected["absent_headers"]).filter(|name| self.header(name).is_some()) {
            faults.push(format!("{name} was sent"));
        }
        faults.extend(self.body_fault(expected));
        (!faults.is_empty()).then(|| faults.join("; "))
    }

    fn body_fault(&self, expected: &Value) -> Option<String> {
        let is_right = if let Some(body) = expected.get("body") {
            serde_json::from_str(&self.body).is_ok_and(|sent: Value| is_same(&sent, body))
        } else if let Some(text) = expected["body_text"].as_str() {
            self.body == text
        } else if let Some(form) = expected["body_form"].as_str() {
            sorted(&self.body.replace("%20", "+")) == sorted(form)
        } else if let Some(parts) = expected["body_parts"].as_array() {
            self.parts().as_ref() == Some(parts)
        } else {
            return None;
        };
        (!is_right).then(|| format!("the body is {}", self.body))
    }

    /// The parts of a multipart form.
    fn parts(&self) -> Option<Vec<Value>> {
        let boundary =
            self.header("content-type")?.strip_prefix("multipart/form-data; boundary=")?;
        let body = self.body.strip_suffix(&format!("--{boundary}--\r\n"))?;
        let marker = format!("--{boundary}\r\n");
        let parts = body.split(&marker).skip(1);
        parts.map(|part| part_of(part.strip_suffix("\r\n")?)).collect()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Name, file name, media type and text of a part.
fn part_of(part: &str) -> Option<Value> {
    let (head, text) = part.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let place = lines.next()?.strip_prefix("content-disposition: form-data; name=\"")?;
    let (name, file) = match place.strip_suffix('"')?.split_once("\"; filename=\"") {
        Some((name, file)) => (name, Some(file)),
        None => (place.strip_suffix('"')?, None),
    };
    let mut value = serde_json::json!({ "name": name, "text": text });
    if let Some(file) = file {
        value["filename"] = file.into();
    }
    if let Some(line) = lines.next() {
        value["type"] = line.strip_prefix("content-type: ")?.into();
    }
    Some(value)
}

/// A target may be one text or a list of those that are right.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    list.iter().filter_map(Value::as_str)
}

fn is_target(sent: &str, expected: &str, is_free: bool) -> bool {
    match (is_free, sent.split_once('?'), expected.split_once('?')) {
        (true, Some((sent, query)), Some((expected, pairs))) => {
            sent == expected && sorted(query) == sorted(pairs)
        }
        _ => sent == expected,
    }
}

fn sorted(pairs: &str) -> Vec<&str> {
    let mut pairs: Vec<&str> = pairs.split('&').collect();
    pairs.sort_unstable();
    pairs
}

fn answer(response: &Value) -> String {
    let body = match (response.get("body"), response["body_text"].as_str()) {
        (Some(body), _) => body.to_string(),
        (None, Some(text)) => text.to_owned(),
        (None, None) => String::new(),
    };
    let mut head = format!(
        "HTTP/1.1 {} answer\r\nconnection: close\r\n",
        response["status"].as_u64().unwrap_or(204)
    );
    let is_json =
        response.get("body").is_some() && response["headers"].get("content-type").is_none();
    if is_json {
        head.push_str("content-type: application/json\r\n");
    }
    for (name, value) in response["headers"].as_object().into_iter().flatten() {
        head.push_str(&format!("{name}: {}\r\n", value.as_str().unwrap_or_default()));
    }
    if !response.is_null() {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    format!("{head}\r\n{body}")
}

/// A body that came in chunks (RFC 9112, section 7.1).
fn unchunked(mut body: &str) -> Option<String> {
    let mut whole = String::new();
    loop {
        let (length, rest) = body.split_once("\r\n")?;
        let length = usize::from_str_radix(length, 16).ok()?;
        if length == 0 {
            return Some(whole);
        }
        whole.push_str(rest.get(..length)?);
        body = rest.get(length..)?.strip_prefix("\r\n")?;
    }
}

/// Reads one request and answers it; `None` if the connection brings none.
fn serve(mut stream: TcpStream, answer: &str) -> Option<Sent> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.split("\r\n");
            let mut words = lines.next()?.split(' ').map(str::to_owned);
            let (method, target) = (words.next()?, words.next()?);
            let headers = lines.filter_map(|line| line.split_once(": "));
            let headers: Vec<(String, String)> =
                headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            let mut sent = Sent { method, target, headers, body: body.to_owned() };
            if sent.header("transfer-encoding") == Some("chunked") {
                let is_whole = body.ends_with("0\r\n\r\n");
                sent.body = if is_whole { unchunked(body)? } else { String::new() };
                if is_whole {
                    stream.write_all(answer.as_bytes()).ok()?;
                    return Some(sent);
                }
                match stream.read(&mut chunk) {
                    Ok(count) if count > 0 => bytes.extend_from_slice(&chunk[..count]),
                    _ => return None,
                }
                continue;
            }
            let length = sent.header("content-length").map_or(0, |text| text.parse().unwrap());
            if sent.body.len() >= length {
                stream.write_all(answer.as_bytes()).ok()?;
                return Some(sent);
            }
        }
        match stream.read(&mut chunk) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&chunk[..count]),
            _ => return None,
        }
    }
}
