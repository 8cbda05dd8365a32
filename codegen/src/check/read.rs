//! The mended tree to the typed document.

use openapiv3::OpenAPI;
use serde_json::{Map, Value};

use super::references::internal;
use super::table::METHODS;
use super::walk::reference;
use crate::diagnostic::Collector;

/// The typed reader takes up to 30 KiB of stack for each level of the document in debug builds.
const STACK: usize = 32 * 1024 * 1024;

/// Reads a tree that has no problems.
pub fn read(mut tree: Value, problems: &mut Collector) -> Option<OpenAPI> {
    callbacks(&mut tree);
    let reader = std::thread::Builder::new().stack_size(STACK);
    let read = std::thread::scope(|scope| {
        let run = reader
            .spawn_scoped(scope, || serde_json::from_value::<OpenAPI>(tree))
            .map_err(|error| error.to_string())?;
        run.join().map_err(|_| "the reader panicked".to_owned())?.map_err(|error| error.to_string())
    });
    read.map_err(|error| {
        let help = "this is a bug of the generator: its checks let something through that its reader refuses";
        problems.error("unreadable", "", format!("the document passes every check and still cannot be read: {error}"), help);
    })
    .ok()
}

/// The typed document has no references to callbacks and no extensions inside of them.
fn callbacks(tree: &mut Value) {
    let original = tree.pointer("/components/callbacks").cloned().unwrap_or_default();
    if let Some(Value::Object(shared)) = tree.pointer_mut("/components/callbacks") {
        for callback in shared.values_mut() {
            plain_callback(callback);
        }
    }
    let Some(Value::Object(paths)) = tree.get_mut("paths") else { return };
    for item in paths.values_mut() {
        for method in METHODS {
            let Some(Value::Object(callbacks)) =
                item.get_mut(*method).and_then(|operation| operation.get_mut("callbacks"))
            else {
                continue;
            };
            callbacks
                .retain(|key, callback| !key.starts_with("x-") && resolve(callback, &original));
        }
    }
}

/// Puts a callback in place of a reference to it; false if that cannot be done.
fn resolve(callback: &mut Value, shared: &Value) -> bool {
    // Only components can hold a callback that others refer to; a chain of references is short.
    for _ in 0..8 {
        let Some(pointer) = reference(callback).and_then(internal) else {
            plain_callback(callback);
            return callback.is_object();
        };
        let found =
            pointer.strip_prefix("/components/callbacks").and_then(|rest| shared.pointer(rest));
        let Some(found) = found.cloned() else { return false };
        *callback = found;
    }
    false
}

fn plain_callback(callback: &mut Value) {
    let Value::Object(items) = callback else { return };
    if items.contains_key(super::table::REF) {
        return;
    }
    items.retain(|key, _| !key.starts_with("x-"));
    for item in items.values_mut() {
        if reference(item).is_some() {
            *item = Value::Object(Map::new());
        }
        for method in METHODS {
            // Callbacks of callbacks are of no use to a client.
            if let Some(Value::Object(operation)) = item.get_mut(*method) {
                operation.shift_remove("callbacks");
            }
        }
    }
}
