//! Everything that is told while a future runs, on this thread alone.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    io::Write,
    sync::{Arc, Mutex, OnceLock},
};

use metrics_exporter_prometheus::PrometheusBuilder;
use tracing::{
    Dispatch, Event, Level, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    Layer, Registry,
    fmt::MakeWriter,
    layer::Context,
    prelude::*,
    registry::{LookupSpan, Scope},
};

/// Fields by name, as text.
pub(super) type Fields = BTreeMap<String, String>;

/// One event, and the spans around it, the innermost last.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) target: String,
    pub(super) level: Level,
    pub(super) fields: Fields,
    pub(super) spans: Vec<(&'static str, Fields)>,
}

/// What was told.
pub(super) struct Notes {
    pub(super) lines: Vec<Line>,
    /// The spans around requests, as they ended.
    pub(super) requests: Vec<Fields>,
    /// As a log at the level `trace` has it, with spans.
    pub(super) log: String,
    /// As Prometheus reads it.
    pub(super) metrics: String,
}

impl Notes {
    /// Runs the future and everything that it begins on this thread.
    pub(super) fn of<T>(work: impl Future<Output = T>) -> (T, Notes) {
        listen_on_every_thread();
        let (heard, log) = (Listener::default(), Log::default());
        let as_text = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(log.clone());
        let subscriber = Registry::default().with(heard.clone()).with(as_text);
        let recorder = PrometheusBuilder::new().build_recorder();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let done = tracing::subscriber::with_default(subscriber, || {
            metrics::with_local_recorder(&recorder, || runtime.block_on(work))
        });
        let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
        let told = std::mem::take(&mut *heard.0.lock().unwrap());
        (done, Notes { lines: told.lines, requests: told.requests, log, metrics: recorder.handle().render() })
    }

    /// The audit events.
    pub(super) fn audit(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.target == "entra_sso::audit")
    }
}

impl Line {
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// While there is but one subscriber in a process, `tracing` asks that of the thread which comes to a line first whether anybody
/// listens to the line at all; a test beside this one, which has none, would answer for all. With a second one, every one is asked.
pub(crate) fn listen_on_every_thread() {
    static SECOND: OnceLock<Dispatch> = OnceLock::new();
    SECOND.get_or_init(|| Dispatch::new(Registry::default()));
}

#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    lines: Vec<Line>,
    requests: Vec<Fields>,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Listener {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Reader::default();
        attributes.record(&mut fields);
        context.span(id).expect("it is new").extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let span = context.span(id).expect("it is there");
        values.record(span.extensions_mut().get_mut::<Reader>().expect("inserted when it was new"));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Reader::default();
        event.record(&mut fields);
        let around = context.event_scope(event).into_iter().flat_map(Scope::from_root);
        let spans = around.map(|span| {
            let fields = span.extensions().get::<Reader>().map(|reader| reader.0.clone());
            (span.name(), fields.unwrap_or_default())
        });
        let (target, level) = (event.metadata().target().to_owned(), *event.metadata().level());
        let line = Line { target, level, fields: fields.0, spans: spans.collect() };
        self.0.lock().unwrap().lines.push(line);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let span = context.span(&id).expect("it is closed now");
        if span.metadata().target() == "entra_sso::request" {
            let fields = span.extensions().get::<Reader>().map(|reader| reader.0.clone());
            self.0.lock().unwrap().requests.push(fields.unwrap_or_default());
        }
    }
}

#[derive(Default)]
struct Reader(Fields);

impl Visit for Reader {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

/// Everything that was logged, as text.
#[derive(Clone, Default)]
pub(crate) struct Log(pub(crate) Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}
