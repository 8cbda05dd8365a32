//! What an unquoted word of YAML means: the core schema of YAML 1.2, with one exception.
//!
//! A number with leading zeros stays text, because documents write postal codes and identifiers
//! that way, and 1.1 parsers would read it as octal.

use serde_json::{Number, Value};

/// The value of a plain scalar, or why it has none in JSON.
pub fn plain(text: &str) -> Result<Value, &'static str> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => return Err("not-a-number"),
        _ => {}
    }
    if matches!(text.trim_start_matches(['+', '-']), ".inf" | ".Inf" | ".INF") {
        return Err("infinite");
    }
    Ok(number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number))
}

/// A number of the core schema.
pub fn number(text: &str) -> Option<Number> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let plain = !digits.starts_with(['+', '-']);
            return u64::from_str_radix(digits, radix).ok().filter(|_| plain).map(Number::from);
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !is_decimal(unsigned) || has_leading_zero(unsigned) {
        return None;
    }
    let plain = text.strip_prefix('+').unwrap_or(text);
    if let Ok(value) = plain.parse::<i64>() {
        return Some(value.into());
    }
    if let Ok(value) = plain.parse::<u64>() {
        return Some(value.into());
    }
    // Too large for a double means too large for JSON: it stays text.
    plain.parse::<f64>().ok().and_then(Number::from_f64)
}

fn has_leading_zero(digits: &str) -> bool {
    digits.len() > 1
        && digits.starts_with('0')
        && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
}

/// `[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?` or the same that starts with the point.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, fraction)) => {
            (digits(whole) && (fraction.is_empty() || digits(fraction)))
                || (whole.is_empty() && digits(fraction))
        }
        None => digits(mantissa),
    };
    mantissa_fits
        && exponent
            .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_mean_what_the_core_schema_says() {
        let cases = [
            ("", json!(null)),
            ("~", json!(null)),
            ("Null", json!(null)),
            ("TRUE", json!(true)),
            ("false", json!(false)),
            ("yes", json!("yes")),
            ("No", json!("No")),
            ("on", json!("on")),
            ("2001-12-14", json!("2001-12-14")),
            ("12:30:45", json!("12:30:45")),
            ("1_000", json!("1_000")),
            ("0", json!(0)),
            ("-0", json!(0)),
            ("+12", json!(12)),
            ("-9223372036854775808", json!(i64::MIN)),
            ("18446744073709551615", json!(u64::MAX)),
            ("18446744073709551616", json!(18446744073709551616.0)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("0x", json!("0x")),
            ("0x+1", json!("0x+1")),
            ("01234", json!("01234")),
            ("0.5", json!(0.5)),
            (".5", json!(0.5)),
            ("5.", json!(5.0)),
            ("1e3", json!(1000.0)),
            ("1e", json!("1e")),
            ("1e999", json!("1e999")),
            ("1.2.3", json!("1.2.3")),
            (".", json!(".")),
            ("-", json!("-")),
            ("--1", json!("--1")),
            ("3.0.3", json!("3.0.3")),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text), Ok(expected), "{text}");
        }
        for text in [".inf", "-.INF", ".nan"] {
            assert!(plain(text).is_err(), "{text}");
        }
    }
}
