//! What was answered, and in which line of the trace: from then on whoever asked may rely on it.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::super::writer::{Effect, Told};
use super::trace::{Call, Event};

/// What the writers know, and when each part of it was answered.
pub struct Known {
    /// Versions, by the lines in which their answers were sent.
    pub answered: Vec<(usize, Effect)>,
    /// Every version of all writers.
    pub effects: HashMap<(String, u64), Effect>,
    /// Goals that were made together.
    pub batches: Vec<Vec<String>>,
    /// The line in which the first user's password was printed.
    pub user: usize,
}

impl Known {
    /// Finds in the trace what the writers were told.
    pub fn of(events: &[Event], told: &[Told]) -> Self {
        let all = told.iter().flat_map(|told| &told.effects);
        let effects: HashMap<(String, u64), Effect> =
            all.map(|effect| ((effect.id.clone(), effect.version), effect.clone())).collect();
        let mut unsent = effects.clone();
        let mut answered = Vec::new();
        let mut user = None;
        let mut streams: HashMap<&str, Vec<u8>> = HashMap::new();
        for event in events {
            let Call::Told(whom, bytes) = &event.call else { continue };
            if bytes.windows(8).any(|part| part == b"Password") {
                user = Some(event.begun);
            }
            let stream = streams.entry(whom).or_default();
            stream.extend_from_slice(bytes);
            while let Some(body) = next_answer(stream) {
                let mut found = Vec::new();
                records(&serde_json::from_slice(&body).unwrap_or_default(), &mut found);
                answered.extend(found.into_iter().filter_map(|key| Some((event.begun, unsent.remove(&key)?))));
            }
        }
        assert!(unsent.is_empty(), "the trace has no answer that tells of {unsent:?}");
        Self { answered, batches: batches(&effects), effects, user: user.expect("a user was added") }
    }

    /// The newest version of each record that had been answered at a line.
    pub fn at(&self, line: usize) -> BTreeMap<&str, &Effect> {
        let mut newest: BTreeMap<&str, &Effect> = BTreeMap::new();
        for (_, effect) in self.answered.iter().filter(|(at, _)| *at < line) {
            let now = newest.entry(&effect.id).or_insert(effect);
            if now.version < effect.version {
                *now = effect;
            }
        }
        newest
    }
}

/// Takes the next whole answer from the beginning of a stream; its body.
fn next_answer(stream: &mut Vec<u8>) -> Option<Vec<u8>> {
    if !stream.starts_with(b"HTTP/1.1 ") {
        return None;
    }
    let head = stream.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let fields = String::from_utf8_lossy(&stream[..head]).to_lowercase();
    assert!(!fields.contains("transfer-encoding"), "the writers are answered in one piece: {fields}");
    let length = fields.lines().find_map(|field| field.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.trim().parse().expect("a length"));
    if stream.len() < head + length {
        return None;
    }
    let rest = stream.split_off(head + length);
    let body = stream.split_off(head);
    *stream = rest;
    Some(body)
}

/// The identifier and version of every record in an answer.
fn records(value: &Value, found: &mut Vec<(String, u64)>) {
    match value {
        Value::Object(members) => {
            if let (Some(id), Some(version)) = (value["id"].as_str(), value["version"].as_u64()) {
                found.push((id.to_owned(), version));
            }
            members.values().for_each(|member| records(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| records(item, found)),
        _ => {}
    }
}

/// Goals whose first texts differ in their last number alone: `Mål 3-17-0`, `Mål 3-17-1`, …
fn batches(effects: &HashMap<(String, u64), Effect>) -> Vec<Vec<String>> {
    let mut together: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for effect in effects.values().filter(|effect| effect.kind == "goal" && effect.version == 1) {
        let (batch, _) = effect.content.rsplit_once('-').expect("a text with numbers");
        together.entry(batch).or_default().push(effect.id.clone());
    }
    together.into_values().filter(|batch| batch.len() > 1).collect()
}
