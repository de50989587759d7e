//! What a new OpenAPI document takes from clients of an older one.
//!
//! `/api/v1` only grows. What a client sends must still be taken: no operation, parameter, media type, member or code goes,
//! nothing more is required, no bound is narrower. What it is answered must still be what it was told: no member goes or may
//! be missing, no type is new. A new code in an answer is growth: clients pass over what they do not know.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// To the service.
    Sent,
    /// To the client.
    Answered,
}

/// Every break, each with its place; none when clients of the old document get along with the new one.
#[must_use]
pub fn breaks(old: &Value, new: &Value) -> Vec<String> {
    let mut found = Comparison { old, new, seen: BTreeSet::new(), breaks: Vec::new() };
    for (path, item) in members(&old["paths"]) {
        for (method, operation) in members(item) {
            found.operation(&format!("{method} {path}"), operation, &new["paths"][path][method], Way::Sent);
        }
    }
    for (name, item) in members(&old["webhooks"]) {
        for (method, operation) in members(item) {
            // The service sends it, so that its body is what clients are told.
            found.operation(&format!("webhook {name}"), operation, &new["webhooks"][name][method], Way::Answered);
        }
    }
    found.breaks
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

struct Comparison<'a> {
    old: &'a Value,
    new: &'a Value,
    /// Pairs of schemas that are compared already, for schemas that contain themselves.
    seen: BTreeSet<(String, String, Way)>,
    breaks: Vec<String>,
}

/// A value, or what it refers to.
fn followed<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    value["$ref"].as_str().and_then(|target| document.pointer(target.trim_start_matches('#'))).unwrap_or(value)
}

impl<'a> Comparison<'a> {
    fn broken(&mut self, place: &str, what: &str) {
        self.breaks.push(format!("{place}: {what}"));
    }

    fn operation(&mut self, place: &str, old: &'a Value, new: &'a Value, sent: Way) {
        if new.is_null() {
            return self.broken(place, "is gone");
        }
        if old["operationId"] != new["operationId"] {
            self.broken(place, "has another operationId, so that generated clients call it otherwise");
        }
        if sent == Way::Sent {
            self.parameters(place, &old["parameters"], &new["parameters"]);
        }
        let (before, after) = (&old["requestBody"], &new["requestBody"]);
        if after["required"] == true && before["required"] != true {
            self.broken(place, "requires a body");
        }
        self.contents(&format!("{place} body"), before, after, sent);
        for (status, answer) in members(&old["responses"]).filter(|(status, _)| status.starts_with('2')) {
            let (answer, now) = (followed(self.old, answer), followed(self.new, &new["responses"][status]));
            if now.is_null() {
                self.broken(place, &format!("no longer answers {status}"));
                continue;
            }
            let place = format!("{place} {status}");
            for (name, _) in members(&answer["headers"]).filter(|(name, _)| now["headers"][name.as_str()].is_null()) {
                self.broken(&place, &format!("no longer has the header field {name}"));
            }
            self.contents(&place, answer, now, Way::Answered);
        }
    }

    fn parameters(&mut self, place: &str, old: &'a Value, new: &'a Value) {
        let before: Vec<&Value> = items(old).map(|one| followed(self.old, one)).collect();
        let after: Vec<&Value> = items(new).map(|one| followed(self.new, one)).collect();
        for parameter in &before {
            let name = parameter["name"].as_str().unwrap_or_default();
            match after.iter().find(|one| key(one) == key(parameter)) {
                None => self.broken(place, &format!("no longer takes the parameter {name}")),
                Some(now) => {
                    self.schema(&format!("{place} parameter {name}"), &parameter["schema"], &now["schema"], Way::Sent)
                }
            }
        }
        for parameter in after.iter().filter(|one| one["required"] == true) {
            let known = before.iter().find(|one| key(one) == key(parameter));
            if known.is_none_or(|known| known["required"] != true) {
                let name = parameter["name"].as_str().unwrap_or_default();
                self.broken(place, &format!("requires the parameter {name}"));
            }
        }
    }

    fn contents(&mut self, place: &str, old: &'a Value, new: &'a Value, way: Way) {
        for (kind, media) in members(&old["content"]) {
            match new["content"].get(kind) {
                None => self.broken(place, &format!("{kind} is gone")),
                Some(now) => self.schema(&format!("{place} {kind}"), &media["schema"], &now["schema"], way),
            }
        }
    }

    fn schema(&mut self, place: &str, old: &'a Value, new: &'a Value, way: Way) {
        if let (Some(before), Some(after)) = (old["$ref"].as_str(), new["$ref"].as_str())
            && !self.seen.insert((before.to_owned(), after.to_owned(), way))
        {
            return;
        }
        let (old, new) = (followed(self.old, old), followed(self.new, new));
        self.types(place, old, new, way);
        self.codes(place, old, new, way);
        self.objects(place, old, new, way);
        if way == Way::Sent {
            self.bounds(place, old, new);
        }
        if !old["items"].is_null() && !new["items"].is_null() {
            self.schema(&format!("{place}[]"), &old["items"], &new["items"], way);
        }
        match (alternatives(old), alternatives(new)) {
            (None, None) => {}
            (before, after) => {
                let (before, after) = (before.unwrap_or_else(|| vec![old]), after.unwrap_or_else(|| vec![new]));
                self.options(place, &before, &after, way);
            }
        }
        // All of them hold: each that was there is still there in one form or another.
        let (before, after): (Vec<_>, Vec<_>) = (items(&old["allOf"]).collect(), items(&new["allOf"]).collect());
        for part in before {
            if !after.iter().any(|now| self.fits(place, part, now, way)) {
                self.broken(place, &format!("no longer has {}", short(part)));
            }
        }
    }

    fn types(&mut self, place: &str, old: &Value, new: &Value, way: Way) {
        let (before, after) = (kinds(old), kinds(new));
        let lost = before.iter().find(|kind| !after.is_empty() && !after.contains(*kind));
        let won = after.iter().find(|kind| !before.is_empty() && !before.contains(*kind));
        match (way, lost, won) {
            (Way::Sent, Some(kind), _) => self.broken(place, &format!("no longer takes {kind}")),
            (Way::Answered, _, Some(kind)) => self.broken(place, &format!("may be {kind} now")),
            _ => {}
        }
    }

    fn codes(&mut self, place: &str, old: &Value, new: &Value, way: Way) {
        if way == Way::Answered || new["enum"].is_null() {
            return;
        }
        if old["enum"].is_null() && old["const"].is_null() {
            return self.broken(place, "takes only some values");
        }
        let gone: Vec<&Value> = items(&old["enum"])
            .chain(old.get("const"))
            .filter(|code| !items(&new["enum"]).any(|now| now == *code))
            .collect();
        if !gone.is_empty() {
            self.broken(place, &format!("no longer takes {}", json!(gone)));
        }
    }

    fn objects(&mut self, place: &str, old: &'a Value, new: &'a Value, way: Way) {
        let required = |schema: &'a Value, name: &str| items(&schema["required"]).any(|one| one == name);
        for (name, member) in members(&old["properties"]) {
            let place = format!("{place}.{name}");
            match new["properties"].get(name) {
                None if new["properties"].is_null() && !new["allOf"].is_null() => {}
                None => self.broken(&place, "is gone"),
                Some(now) => self.schema(&place, member, now, way),
            }
        }
        for (name, _) in members(&new["properties"]) {
            match (way, required(old, name), required(new, name)) {
                (Way::Sent, false, true) => self.broken(&format!("{place}.{name}"), "is required"),
                (Way::Answered, true, false) => self.broken(&format!("{place}.{name}"), "may be missing"),
                _ => {}
            }
        }
        if way == Way::Sent
            && new["additionalProperties"] == false
            && old["additionalProperties"] != false
            && kinds(old).contains("object")
        {
            self.broken(place, "takes no other members");
        }
    }

    fn bounds(&mut self, place: &str, old: &Value, new: &Value) {
        for (word, upper) in [
            ("maxLength", true),
            ("maximum", true),
            ("maxItems", true),
            ("minLength", false),
            ("minimum", false),
            ("minItems", false),
        ] {
            let Some(now) = new[word].as_f64() else { continue };
            let narrower = old[word].as_f64().is_none_or(|before| if upper { now < before } else { now > before });
            if narrower && !(old[word].is_null() && !upper && now <= 0.0) {
                self.broken(place, &format!("{word} is {} now, {} before", new[word], old[word]));
            }
        }
        for word in ["pattern", "format", "multipleOf", "const"] {
            if !new[word].is_null() && new[word] != old[word] {
                self.broken(place, &format!("{word} is {} now, {} before", new[word], old[word]));
            }
        }
    }

    /// Alternatives: what was taken must still fit one of them, what is answered must be one of those that were.
    fn options(&mut self, place: &str, old: &[&'a Value], new: &[&'a Value], way: Way) {
        let taken = |option: &'a Value| new.iter().any(|now| self.fits(place, option, now, way));
        let told = |option: &'a Value| old.iter().any(|was| self.fits(place, was, option, way));
        let found: Vec<String> = match way {
            Way::Sent => {
                let lost = old.iter().copied().filter(|option| !taken(option));
                lost.map(|option| format!("no longer takes {}", short(option))).collect()
            }
            Way::Answered => {
                let won = new.iter().copied().filter(|option| !told(option));
                won.map(|option| format!("may be {} now", short(option))).collect()
            }
        };
        for what in found {
            self.broken(place, &what);
        }
    }

    /// Whether one schema takes the place of another without a break.
    fn fits(&self, place: &str, old: &'a Value, new: &'a Value, way: Way) -> bool {
        let mut tried = Comparison { seen: self.seen.clone(), breaks: Vec::new(), ..*self };
        tried.schema(place, old, new, way);
        tried.breaks.is_empty()
    }
}

/// The alternatives of a schema, if it has any.
fn alternatives(schema: &Value) -> Option<Vec<&Value>> {
    let options = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array())?;
    Some(options.iter().collect())
}

/// What tells parameters apart.
fn key(parameter: &Value) -> (Option<&str>, Option<&str>) {
    (parameter["in"].as_str(), parameter["name"].as_str())
}

/// The types of a schema; none when it names none.
fn kinds(schema: &Value) -> BTreeSet<String> {
    let many = items(&schema["type"]).filter_map(Value::as_str);
    let mut kinds: BTreeSet<String> = many.chain(schema["type"].as_str()).map(str::to_owned).collect();
    // Every whole number is a number.
    if kinds.contains("number") {
        kinds.insert("integer".to_owned());
    }
    kinds
}

fn short(schema: &Value) -> String {
    let empty = Map::new();
    let words = schema.as_object().unwrap_or(&empty);
    let text = ["$ref", "type", "format", "const"].iter().filter_map(|word| words.get(*word)).map(Value::to_string);
    text.collect::<Vec<_>>().join(" ")
}
