//! JSON as this service takes it: strict, NFC-normalised, without characters that deceive or break storage.

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::problem::{Error, Problem, codes};
use crate::text;

/// Reads a body as strict JSON: no duplicate members, no U+0000 and other control characters, no noncharacters, no
/// hidden direction marks; all text in NFC.
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

/// Why a text is refused, if it is: characters that databases cannot keep or that deceive the reader, since they show
/// nothing or turn the direction of what follows. The joiner of emoji may join pictures, but no letters.
#[must_use]
pub fn forbidden_character(text: &str) -> Option<char> {
    let mut before = ' ';
    text.chars().find(|c| {
        let joins_letters = *c == '\u{200d}' && before < FIRST_PICTURE;
        before = *c;
        joins_letters || is_forbidden(*c)
    })
}

/// Arrows and symbols begin here; what is before are letters, digits and their marks.
const FIRST_PICTURE: char = '\u{2190}';

const fn is_forbidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || is_noncharacter(c)
}

/// What Unicode never makes a character of: XML cannot hold two of them, and no text means any.
const fn is_noncharacter(c: char) -> bool {
    // The last two of each plane.
    matches!(c, '\u{fdd0}'..='\u{fdef}') || (c as u32) & 0xfffe == 0xfffe
}

fn clean<E: serde::de::Error>(text: &str) -> Result<String, E> {
    if let Some(c) = forbidden_character(text) {
        return Err(E::custom(format_args!("the character U+{:04X} is not allowed", u32::from(c))));
    }
    Ok(if is_nfc(text) { text.to_owned() } else { text.nfc().collect() })
}

/// Longest name of a member in bytes. Every name that is not known is told back, with what would be.
const LONGEST_NAME: usize = 200;
/// Most members of an object, far more than any has here.
const MOST_MEMBERS: usize = 1000;

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
            if name.len() > LONGEST_NAME {
                return Err(A::Error::custom("the name of a member is too long"));
            }
            if members.len() == MOST_MEMBERS {
                return Err(A::Error::custom(format_args!("an object has more than {MOST_MEMBERS} members")));
            }
            let value = entries.next_value_seed(Self)?;
            if members.insert(name.clone(), value).is_some() {
                return Err(A::Error::custom(format_args!("the member {name:?} stands twice")));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::forbidden_character;

    #[test]
    fn what_shows_nothing_or_turns_the_text_is_refused() {
        for c in "\0\u{7}\u{1b}\u{7f}\u{85}\u{61c}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{202e}\u{2028}\u{2060}\u{2066}\u{206a}\u{feff}\u{fff9}\u{e0041}\u{fdd0}\u{fdef}\u{fffe}\u{ffff}\u{1fffe}\u{10ffff}".chars() {
            assert_eq!(forbidden_character(&format!("Lavan{c}gen")), Some(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn what_people_write_is_taken() {
        for text in [
            "Næringsvennlig region – «forprosjekt»",
            "Loabát, Skånland, Čáhcesuolu",
            "linje\r\nto\ttre",
            "👩\u{200d}🌾 🏳\u{fe0f}\u{200d}🌈",
            "עברית, العربية",
            "\u{fdcf}\u{fdf0}\u{fffd}\u{1fffd}\u{20000}",
            "a\u{30a}",
            "100 % – ½ m²",
        ] {
            assert_eq!(forbidden_character(text), None, "{text}");
        }
    }
}
