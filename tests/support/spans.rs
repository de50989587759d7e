//! Spans as a collector of OpenTelemetry takes them: OTLP in protobuf.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use prost::Message;

use crate::receiver::Received;

/// A span.
#[derive(Clone, Debug)]
pub struct Span {
    /// What it is called.
    pub name: String,
    /// The trace that it is of, in hex.
    pub trace: String,
    /// The span that it is part of, in hex; nothing if there is none.
    pub parent: String,
    /// Whether it is that of a server.
    pub is_of_a_server: bool,
    /// Whether it says that something went wrong.
    pub is_error: bool,
    /// How long it took, in nanoseconds.
    pub took: u64,
    /// What it says.
    pub attributes: BTreeMap<String, String>,
    /// What is said of the service that it comes from.
    pub resource: BTreeMap<String, String>,
}

/// The spans of messages, in the order in which they came.
#[must_use]
pub fn spans(received: &[Received]) -> Vec<Span> {
    received.iter().flat_map(|message| of_message(&message.bytes)).collect()
}

fn of_message(bytes: &[u8]) -> Vec<Span> {
    let message = ExportTraceServiceRequest::decode(bytes).expect("a message of OTLP");
    let mut found = Vec::new();
    for of_resource in message.resource_spans {
        let resource = of_resource.resource.map(|resource| named(resource.attributes)).unwrap_or_default();
        for span in of_resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            assert!(span.span_id.iter().any(|byte| *byte != 0), "{span:?}");
            found.push(Span {
                name: span.name,
                trace: hex(&span.trace_id),
                parent: hex(&span.parent_span_id),
                is_of_a_server: span.kind == 2,
                is_error: span.status.is_some_and(|status| status.code == 2),
                took: span.end_time_unix_nano.checked_sub(span.start_time_unix_nano).expect("it ends after its start"),
                attributes: named(span.attributes),
                resource: resource.clone(),
            });
        }
    }
    found
}

fn named(attributes: Vec<KeyValue>) -> BTreeMap<String, String> {
    attributes.into_iter().map(|attribute| (attribute.key, attribute.value.map(text).unwrap_or_default())).collect()
}

fn text(value: AnyValue) -> String {
    match value.value {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::ArrayValue(list)) => list.values.into_iter().map(text).collect::<Vec<_>>().join(","),
        other => format!("{other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
