//! JSON in the one form that is hashed: RFC 8785.
//!
//! It is written here since the library takes ten times as long, and a journal is verified entry by entry; a test holds
//! the two against each other.

use serde_json::{Number, Value};

/// The largest whole number that every reader of JSON takes for what it is: 2^53 − 1 (RFC 8785, appendix D).
const EXACT: u64 = (1 << 53) - 1;

/// Writes a value in its canonical form. A whole number that RFC 8785 could not keep exactly is written as text.
pub(super) fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_number(number, out),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        Value::Object(members) => {
            write_members(members.iter().map(|(name, member)| (name.as_str(), Node::Value(member))).collect(), out);
        }
    }
}

/// A member of an object: a value, or an object whose members were never looked up by their names.
pub(super) enum Node<'a> {
    Value(&'a Value),
    Members(&'a [(String, Value)]),
}

/// Writes an object in its canonical form; no name comes twice.
pub(super) fn write_members(mut members: Vec<(&str, Node<'_>)>, out: &mut Vec<u8>) {
    // The order is that of UTF-16 units; names in plain ASCII have the same order in bytes.
    if members.iter().all(|(name, _)| name.is_ascii()) {
        members.sort_unstable_by_key(|(name, _)| name.as_bytes());
    } else {
        members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    }
    out.push(b'{');
    for (place, (name, member)) in members.into_iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write_text(name, out);
        out.push(b':');
        match member {
            Node::Value(value) => write(value, out),
            Node::Members(members) => {
                let members = members.iter().map(|(name, member)| (name.as_str(), Node::Value(member)));
                write_members(members.collect(), out);
            }
        }
    }
    out.push(b'}');
}

fn write_number(number: &Number, out: &mut Vec<u8>) {
    let whole = number.as_i64().map(i64::unsigned_abs).or_else(|| number.as_u64());
    match whole {
        Some(whole) if whole <= EXACT => out.extend_from_slice(number.to_string().as_bytes()),
        Some(_) => write_text(&number.to_string(), out),
        None => out.extend(serde_json_canonicalizer::to_vec(number).unwrap_or_default()),
    }
}

/// A text with what RFC 8785 escapes: quotes, backslashes and control characters.
fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let bytes = text.as_bytes();
    // Nearly every text has none of them: one look at all bytes, without a branch for each, is much the faster.
    if bytes.iter().fold(true, |plain, byte| plain & !special(*byte)) {
        out.extend_from_slice(bytes);
    } else {
        write_escaped(bytes, out);
    }
    out.push(b'"');
}

const fn special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn write_escaped(bytes: &[u8], out: &mut Vec<u8>) {
    let mut plain = 0;
    for (place, byte) in bytes.iter().enumerate().filter(|(_, byte)| special(**byte)) {
        out.extend_from_slice(&bytes[plain..place]);
        plain = place + 1;
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            control => out.extend_from_slice(format!("\\u{control:04x}").as_bytes()),
        }
    }
    out.extend_from_slice(&bytes[plain..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::write;

    fn written(value: &Value) -> String {
        let mut out = Vec::new();
        write(value, &mut out);
        String::from_utf8(out).expect("canonical JSON is text")
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
            any::<f64>().prop_filter("JSON has no such number", |number| number.is_finite()).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..8)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_is_what_the_library_writes(value in any_json()) {
            let library = serde_json_canonicalizer::to_string(&value).expect("the library writes it");
            prop_assert_eq!(written(&value), library);
        }
    }

    #[test]
    fn a_number_that_would_lose_its_last_digit_is_text() {
        let large = json!({ "b": 9_007_199_254_740_993_i64, "a": [i64::MIN, 9_007_199_254_740_991_i64, 1.5, -0.0] });
        let text = r#"{"a":["-9223372036854775808",9007199254740991,1.5,0],"b":"9007199254740993"}"#;
        assert_eq!(written(&large), text);
    }
}
