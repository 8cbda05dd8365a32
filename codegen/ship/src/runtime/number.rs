//! Writes numbers as the service would: without a fraction that is zero.
//!
//! Rust prints the `f64` 50 as `50.0`, and a service that wants an integer there refuses it.
use std::collections::BTreeMap;

use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};

use super::nullable::Nullable;

/// From here on, doubles skip integers, so that the digits of one would not be true.
const EXACT_BELOW: f64 = 9_007_199_254_740_992.0;

/// Use as `serialize_with` on a number, or on options, lists and maps of numbers.
///
/// # Errors
///
/// A number is infinite or not a number, which JSON cannot say.
pub fn serialize<T: Number, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.write(serializer)
}

/// A number, or a container of numbers.
pub trait Number {
    /// Writes the numbers in it.
    ///
    /// # Errors
    ///
    /// A number is infinite or not a number.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

struct Written<'a, T>(&'a T);

impl<T: Number> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl Number for f64 {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.is_finite() {
            return Err(S::Error::custom("a number must be finite"));
        }
        match whole(*self) {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.serialize_f64(*self),
        }
    }
}

/// The integer that `number` is, if its digits are exact. Minus zero is not one.
pub(super) fn whole(number: f64) -> Option<i64> {
    let is_minus_zero = number == 0.0 && number.is_sign_negative();
    if number.fract() == 0.0 && number.abs() < EXACT_BELOW && !is_minus_zero {
        #[expect(clippy::cast_possible_truncation, reason = "below 2^53 and without a fraction")]
        return Some(number as i64);
    }
    None
}

impl Number for f32 {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.is_finite() {
            return Err(S::Error::custom("a number must be finite"));
        }
        match whole(f64::from(*self)) {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.serialize_f32(*self),
        }
    }
}

impl<T: Number> Number for Option<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => serializer.serialize_some(&Written(value)),
            None => serializer.serialize_none(),
        }
    }
}

impl<T: Number> Number for Nullable<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => serializer.serialize_some(&Written(value)),
            Self::Absent | Self::Null => serializer.serialize_none(),
        }
    }
}

impl<T: Number> Number for Box<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).write(serializer)
    }
}

impl<T: Number> Number for Vec<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
}

impl<T: Number> Number for BTreeMap<String, T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Entry by entry, since a flattened map has no length of its own.
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self {
            map.serialize_entry(key, &Written(value))?;
        }
        map.end()
    }
}
