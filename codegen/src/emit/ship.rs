//! The runtime that goes into every client as it is.

use super::File;

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../ship/src/runtime/", $name)))),*]
    };
}

/// Name and text of every file of `ship/src/runtime`.
const RUNTIME: &[(&str, &str)] = shipped![
    "answer.rs",
    "backoff.rs",
    "batch.rs",
    "blocking.rs",
    "builder.rs",
    "clock.rs",
    "connections.rs",
    "core.rs",
    "cursor.rs",
    "date.rs",
    "day.rs",
    "decode.rs",
    "decode_error.rs",
    "early.rs",
    "encode.rs",
    "error.rs",
    "failure.rs",
    "flex.rs",
    "gate.rs",
    "header.rs",
    "http_clients.rs",
    "http_transport.rs",
    "items.rs",
    "limits.rs",
    "line.rs",
    "mod.rs",
    "multipart.rs",
    "nullable.rs",
    "number.rs",
    "observer.rs",
    "open_enum.rs",
    "operation.rs",
    "options.rs",
    "origin.rs",
    "pacer.rs",
    "pacing.rs",
    "page.rs",
    "permit.rs",
    "pieces.rs",
    "place.rs",
    "progress.rs",
    "query.rs",
    "rate_limit.rs",
    "request.rs",
    "response.rs",
    "retry.rs",
    "retrying.rs",
    "secret.rs",
    "server.rs",
    "slots.rs",
    "styles.rs",
    "sync.rs",
    "tokens.rs",
    "trace.rs",
    "transport.rs",
    "verdict.rs",
];

/// The runtime's files.
pub(crate) fn runtime() -> Vec<File> {
    let file = |(name, text): &(&str, &str)| File::Text {
        path: format!("src/runtime/{name}"),
        text: (*text).to_owned(),
    };
    RUNTIME.iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_runtime_is_shipped() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/ship/src/runtime");
        let entries = std::fs::read_dir(folder).expect("the runtime is there");
        let mut found: Vec<String> = entries
            .map(|entry| {
                entry.expect("the folder can be read").file_name().to_string_lossy().into_owned()
            })
            .collect();
        found.sort();
        let shipped: Vec<&str> = RUNTIME.iter().map(|(name, _)| *name).collect();
        assert_eq!(found, shipped);
    }
}
