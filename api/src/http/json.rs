//! JSON as this service takes it: strict, NFC-normalised, without characters that deceive or break storage.

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::problem::{Error, Problem, codes};
use crate::text;

/// Reads a body as strict JSON: no duplicate members, no U+0000 and other control characters, no hidden
/// direction marks; all text in NFC.
///
/// # Errors
/// 400 with the place of the first fault.
pub fn parse(body: &[u8]) -> Result<Value, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = deserializer.deserialize_any(Strict).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| {
        let said = error.to_string();
        Problem::new(&codes::MALFORMED)
            .detail(text!(
                "ikke gyldig JSON her: {said}",
                "ikkje gyldig JSON her: {said}",
                "not valid JSON here: {said}"
            ))
            .into()
    })
}

/// Reads a body that must be an object.
///
/// # Errors
/// 400 when it is not JSON, 422 when it is something else.
pub fn object(body: &[u8]) -> Result<Map<String, Value>, Error> {
    match parse(body)? {
        Value::Object(members) => Ok(members),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            let message = text!("må være et objekt", "må vere eit objekt", "must be an object");
            Err(Error::invalid(vec![crate::problem::Fault::at("", "wrong_type", message)]))
        }
    }
}

/// Applies a merge patch (RFC 7396 §2).
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(members) = target else { return };
    for (name, change) in changes {
        if change.is_null() {
            members.insert(name.clone(), Value::Null);
        } else {
            merge(members.entry(name.clone()).or_insert(Value::Null), change);
        }
    }
}

/// Why a text is refused, if it is: characters that databases cannot keep or that deceive the reader.
#[must_use]
pub fn forbidden_character(text: &str) -> Option<char> {
    text.chars().find(|c| {
        matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    })
}

fn clean<E: serde::de::Error>(text: &str) -> Result<String, E> {
    if let Some(c) = forbidden_character(text) {
        return Err(E::custom(format_args!("the character U+{:04X} is not allowed", u32::from(c))));
    }
    Ok(if is_nfc(text) { text.to_owned() } else { text.nfc().collect() })
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        clean(value).map(Value::String)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let name = clean(&name)?;
            let value = entries.next_value_seed(Self)?;
            if members.insert(name.clone(), value).is_some() {
                return Err(A::Error::custom(format_args!("the member {name:?} stands twice")));
            }
        }
        Ok(Value::Object(members))
    }
}
