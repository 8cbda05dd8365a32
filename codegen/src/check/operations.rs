//! Rules that hold between the parts of a document.

use serde_json::Value;

use super::Rules;
use crate::diagnostic::Collector;

/// Checks paths, operations and security.
pub fn check(_tree: &mut Value, _rules: &Rules, _problems: &mut Collector) {}
