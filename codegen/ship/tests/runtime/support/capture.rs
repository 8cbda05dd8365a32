//! All that is written to `tracing` and to `log` on one thread, at any level, by any crate.
use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

thread_local! {
    /// What was written since it was last taken; `None` if nobody listens on this thread.
    static LINES: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Listens on this thread until it is dropped.
pub struct Capture {
    _tracing: tracing::subscriber::DefaultGuard,
}

impl Capture {
    pub fn start() -> Self {
        static LOG: Once = Once::new();
        LOG.call_once(|| {
            log::set_logger(&Log).unwrap();
            log::set_max_level(log::LevelFilter::Trace);
        });
        LINES.set(Some(String::new()));
        Self { _tracing: tracing::subscriber::set_default(Everything::default()) }
    }

    /// One line for each span and event so far, with its target.
    pub fn take(&self) -> String {
        LINES.replace(Some(String::new())).unwrap_or_default()
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        LINES.set(None);
    }
}

fn write(line: &str) {
    LINES.with_borrow_mut(|lines| {
        if let Some(lines) = lines {
            lines.push_str(line);
            lines.push('\n');
        }
    });
}

struct Log;

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        write(&format!("{}: {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

#[derive(Default)]
struct Everything {
    spans: AtomicU64,
}

/// A line that fields are added to.
struct Line(String);

impl Line {
    fn of(metadata: &Metadata<'_>) -> Self {
        Self(format!("{}: {}", metadata.target(), metadata.name()))
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut line = Line::of(attributes.metadata());
        attributes.record(&mut line);
        write(&line.0);
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Line("span:".to_owned());
        values.record(&mut line);
        write(&line.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::of(event.metadata());
        event.record(&mut line);
        write(&line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
