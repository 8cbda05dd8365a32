//! Values without children: what is of another kind but says the same is read so.

use serde_json::{Number, Value};

use super::walk::Walk;
use super::words;

impl Walk<'_> {
    /// A scalar as it is written; for text of the same look, such as 1.10.
    pub fn raw(&self, value: &Value) -> String {
        match (value, self.document.source.raw(&self.pointer)) {
            (Value::Number(_) | Value::Bool(_), Some(raw)) => raw.to_owned(),
            (Value::String(text), _) => text.clone(),
            (other, _) => other.to_string(),
        }
    }

    pub fn text(&mut self, value: &mut Value) {
        if let Value::Number(_) | Value::Bool(_) = value {
            let raw = self.raw(value);
            self.slip(
                "wrong-kind",
                format!("expected text, found {} `{raw}`; it is read as text", kind_of(value)),
                "put it in quotes",
            );
            *value = Value::String(raw);
        } else if !value.is_string() {
            self.wrong_kind(value, "text");
        }
    }

    pub fn flag(&mut self, value: &mut Value) {
        let meant = match value {
            Value::Bool(_) => return,
            Value::String(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        };
        match meant {
            Some(meant) => {
                self.slip(
                    "wrong-kind",
                    format!("expected true or false, found text; it is read as {meant}"),
                    format!("write `{meant}`"),
                );
                *value = Value::Bool(meant);
            }
            None => self.wrong_kind(value, "true or false"),
        }
    }

    pub fn number(&mut self, value: &mut Value) {
        if value.is_number() {
            return;
        }
        match value.as_str().and_then(|text| serde_json::from_str::<Number>(text.trim()).ok()) {
            Some(number) => {
                self.slip(
                    "wrong-kind",
                    "expected a number, found text; it is read as a number",
                    "remove the quotes",
                );
                *value = Value::Number(number);
            }
            None => self.wrong_kind(value, "a number"),
        }
    }

    pub fn count(&mut self, value: &mut Value) {
        if value.as_u64().is_some() {
            return;
        }
        self.number(value);
        match value.as_f64() {
            // Beyond 2^53 a double does not hold every whole number, and no list is that long.
            Some(number) if number >= 0.0 && number.fract() == 0.0 => {
                *value = Value::from(number.min(9e15) as u64)
            }
            Some(_) => self.error(
                "wrong-value",
                format!("expected a whole number from 0, found `{value}`"),
                "write a whole number",
            ),
            None => {}
        }
    }

    pub fn choice(&mut self, value: &mut Value, words: &'static [&'static str]) {
        let Value::String(text) = value else {
            return self.wrong_kind(value, "a word");
        };
        if words.contains(&text.as_str()) {
            return;
        }
        if let Some(word) = words.iter().find(|word| word.eq_ignore_ascii_case(text)) {
            self.slip(
                "wrong-value",
                format!("`{text}` is written `{word}`"),
                format!("write `{word}`"),
            );
            *value = Value::String((*word).to_owned());
            return;
        }
        let help = match words::nearest(text, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("write one of {}", words.join(", ")),
        };
        self.error("wrong-value", format!("`{text}` is not a value of this key"), help);
    }

    pub fn wrong_kind(&mut self, value: &Value, expected: &str) {
        let help = format!("write {expected}");
        self.error("wrong-kind", format!("expected {expected}, found {}", a_kind_of(value)), help);
    }
}

/// What a value is, for messages that do not show it.
pub fn a_kind_of(value: &Value) -> String {
    kind_of(value).replacen("the ", "a ", 1)
}

/// What a value is, for messages that show it.
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "the boolean",
        Value::Number(_) => "the number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
