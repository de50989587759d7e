//! What an operation calls its result, for those after it: `$name.id`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::problem::{Error, Fault};
use crate::text;

/// The results of operations, by the name that they were given.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, Value>);

impl Names {
    /// Keeps a result under its name; a later one of the same name takes its place.
    pub(super) fn learn(&mut self, name: &str, result: &Value) {
        self.0.insert(name.to_owned(), result.clone());
    }

    /// A path with every segment `$name.field` replaced.
    ///
    /// # Errors
    /// 422 for a name that no earlier operation has, or a field that its result lacks.
    pub(super) fn in_text(&self, path: &str, pointer: &str) -> Result<String, Error> {
        let segments = path.split('/').map(|segment| match self.named(segment, pointer)? {
            None => Ok(segment.to_owned()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(other) => Ok(other.to_string()),
        });
        Ok(segments.collect::<Result<Vec<String>, Error>>()?.join("/"))
    }

    /// A body with every text that is `$name.field` replaced, at any depth.
    ///
    /// # Errors
    /// As [`Names::in_text`].
    pub(super) fn in_value(&self, value: &Value, pointer: &str) -> Result<Value, Error> {
        match value {
            Value::String(text) => Ok(self.named(text, pointer)?.unwrap_or(value).clone()),
            Value::Array(items) => {
                let inside = |(index, item)| self.in_value(item, &format!("{pointer}/{index}"));
                items.iter().enumerate().map(inside).collect()
            }
            Value::Object(members) => {
                let inside = |(name, member): (&String, &Value)| {
                    Ok((name.clone(), self.in_value(member, &format!("{pointer}/{name}"))?))
                };
                members.iter().map(inside).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(value.clone()),
        }
    }

    /// What `$name.field` stands for; `None` for text that is no such reference. A text that begins with `$` and has
    /// no point in it is only text.
    fn named(&self, text: &str, pointer: &str) -> Result<Option<&Value>, Error> {
        // An amount is none, unless somebody calls a result so.
        let is_amount = |name: &str| name.starts_with(|sign: char| sign.is_ascii_digit()) && !self.0.contains_key(name);
        let Some((name, field)) = text.strip_prefix('$').and_then(|text| text.split_once('.')) else { return Ok(None) };
        let plain =
            |part: &str| !part.is_empty() && part.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
        if !plain(name) || !plain(field) || is_amount(name) {
            return Ok(None);
        }
        match self.0.get(name).and_then(|result| result.get(field)) {
            Some(value) => Ok(Some(value)),
            None => {
                let message = text!(
                    "{text} er ikke kjent: ingen tidligere operasjon heter {name} (as) og har feltet {field}",
                    "{text} er ikkje kjend: ingen tidlegare operasjon heiter {name} (as) og har feltet {field}",
                    "{text} is not known: no earlier operation is called {name} (as) and has the field {field}"
                );
                Err(Error::invalid(vec![Fault::at(pointer, "no_such_name", message)]))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Names;

    #[test]
    fn names_stand_for_what_was_made_at_any_depth() {
        let mut names = Names::default();
        names.learn("plan", &json!({ "id": "0190e0a0-0000-7000-8000-000000000001", "version": 1 }));
        let body = json!({ "to": [{ "id": "$plan.id" }], "text": "koster $100.50", "version": "$plan.version" });
        let filled = names.in_value(&body, "/body").expect("the name is known");
        let expected = json!({
            "to": [{ "id": "0190e0a0-0000-7000-8000-000000000001" }], "text": "koster $100.50", "version": 1,
        });
        assert_eq!(filled, expected);
        let path = names.in_text("/goals/$plan.id", "/path").expect("the name is known");
        assert_eq!(path, "/goals/0190e0a0-0000-7000-8000-000000000001");
        assert!(names.in_value(&json!("$goal.id"), "/body").is_err());
        assert!(names.in_value(&json!("$plan.colour"), "/body").is_err());
    }
}
