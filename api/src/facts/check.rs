//! Checks a body against the fields' schemas: every fault at once, each with its pointer and what would be right.
//!
//! The schema that the OpenAPI document shows is the schema that is enforced, so the two cannot part.

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::{DateTime, Datelike, NaiveDate};
use regex::Regex;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::identity::has_identity_number;
use super::{Facts, row};
use crate::problem::{Fault, Text};
use crate::text;

/// Checks the content of a record (all writable fields, missing ones null or default) and returns it complete.
///
/// # Errors
/// Every fault of the content.
pub fn content(facts: &Facts, given: Map<String, Value>) -> Result<Map<String, Value>, Vec<Fault>> {
    changed(facts, given, |_| true)
}

/// The same of a record that is there, where only some fields are said to be otherwise: the others were checked when they were written.
///
/// # Errors
/// Every fault of what is said.
pub fn changed(
    facts: &Facts,
    mut given: Map<String, Value>,
    says: impl Fn(&str) -> bool,
) -> Result<Map<String, Value>, Vec<Fault>> {
    let mut faults = unknown(facts, &given);
    let mut whole = Map::new();
    for field in facts.writable() {
        if let Some(kept) = given.get_mut(&field.name).filter(|_| !says(&field.name)) {
            whole.insert(field.name.clone(), kept.take());
            continue;
        }
        let pointer = format!("/{}", field.name);
        let value = match given.remove(&field.name) {
            Some(Value::Null) if !field.nullable => {
                faults.push(null(&pointer));
                continue;
            }
            Some(value) => value,
            None if field.required => {
                faults.push(Fault::at(&pointer, "required", text!("mangler", "manglar", "is missing")));
                continue;
            }
            None => field.initial(),
        };
        if value.is_null() && field.nullable {
            whole.insert(field.name.clone(), value);
            continue;
        }
        whole.insert(field.name.clone(), checked(&field.schema, value, &pointer, &mut faults));
    }
    if faults.is_empty() { Ok(whole) } else { Err(faults) }
}

fn null(pointer: &str) -> Fault {
    Fault::at(pointer, "not_nullable", text!("kan ikke være null", "kan ikkje vere null", "cannot be null"))
}

fn unknown(facts: &Facts, given: &Map<String, Value>) -> Vec<Fault> {
    let allowed = || facts.writable().map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ");
    let fault = |name: &String| {
        let pointer = format!("/{}", escape(name));
        match facts.field(name) {
            Some(field) if field.read_only => Some(Fault::at(
                pointer,
                "read_only",
                text!(
                    "settes av tjenesten og kan ikke skrives",
                    "blir sett av tenesta og kan ikkje skrivast",
                    "is set by the service and cannot be written"
                ),
            )),
            Some(_) => None,
            None => {
                let allowed = allowed();
                Some(Fault::at(
                    pointer,
                    "unknown_field",
                    text!(
                        "ukjent felt; tillatt: {allowed}",
                        "ukjent felt; tillate: {allowed}",
                        "unknown field; allowed: {allowed}"
                    ),
                ))
            }
        }
    };
    given.keys().filter_map(fault).collect()
}

/// A member name as a step of a JSON pointer (RFC 6901 §3).
#[must_use]
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Checks one value against its resolved schema; returns it in its canonical form (346.0 becomes 346).
pub fn checked(schema: &Value, value: Value, pointer: &str, faults: &mut Vec<Fault>) -> Value {
    match (plain_type(schema), value) {
        ("string", Value::String(text)) => Value::String(string(schema, text, pointer, faults)),
        ("integer", Value::Number(number)) => match whole(&number) {
            Some(integer) => {
                bounds(schema, integer as f64, pointer, faults);
                integer.into()
            }
            None => mismatch("et heltall", "eit heiltal", "a whole number", pointer, faults),
        },
        ("number", Value::Number(number)) => {
            let float = number.as_f64().unwrap_or(f64::INFINITY);
            bounds(schema, float, pointer, faults);
            decimals(schema, float, pointer, faults);
            whole(&number).map_or(Value::Number(number), Value::from)
        }
        ("boolean", Value::Bool(flag)) => Value::Bool(flag),
        ("array", Value::Array(items)) => list(schema, items, pointer, faults),
        ("object", Value::Object(members)) => object(schema, members, pointer, faults),
        ("string", _) => mismatch("tekst", "tekst", "text", pointer, faults),
        ("integer", _) => mismatch("et heltall", "eit heiltal", "a whole number", pointer, faults),
        ("number", _) => mismatch("et tall", "eit tal", "a number", pointer, faults),
        ("boolean", _) => mismatch("true eller false", "true eller false", "true or false", pointer, faults),
        ("array", _) => mismatch("en liste", "ei liste", "a list", pointer, faults),
        _ => mismatch("et objekt", "eit objekt", "an object", pointer, faults),
    }
}

/// The type that a value has when it is not null.
fn plain_type(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(name) => name,
        Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("object"),
        _ => "object",
    }
}

fn mismatch(nb: &str, nn: &str, en: &str, pointer: &str, faults: &mut Vec<Fault>) -> Value {
    faults.push(Fault::at(pointer, "wrong_type", text!("må være {nb}", "må vere {nn}", "must be {en}")));
    Value::Null
}

/// The whole number that a JSON number is, 346.0 included (JSON Schema counts it as an integer).
fn whole(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        #[expect(clippy::cast_possible_truncation, reason = "within the range where every integer is exact")]
        (float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0).then_some(float as i64)
    })
}

fn bounds(schema: &Value, number: f64, pointer: &str, faults: &mut Vec<Fault>) {
    if let Some(least) = schema["minimum"].as_f64().filter(|least| number < *least) {
        faults.push(Fault::at(
            pointer,
            "too_small",
            text!("må være minst {least}", "må vere minst {least}", "must be at least {least}"),
        ));
    }
    if let Some(most) = schema["maximum"].as_f64().filter(|most| number > *most) {
        faults.push(Fault::at(
            pointer,
            "too_large",
            text!("kan være høyst {most}", "kan vere høgst {most}", "must be at most {most}"),
        ));
    }
}

fn decimals(schema: &Value, number: f64, pointer: &str, faults: &mut Vec<Fault>) {
    let Some(step) = schema["multipleOf"].as_f64() else { return };
    let unit = (1.0 / step).round();
    if (number * unit).round() / unit != number {
        let places = unit.log10().round();
        faults.push(Fault::at(
            pointer,
            "too_many_decimals",
            text!(
                "kan ha høyst {places} desimaler",
                "kan ha høgst {places} desimalar",
                "may have at most {places} decimals"
            ),
        ));
    }
}

fn string(schema: &Value, value: String, pointer: &str, faults: &mut Vec<Fault>) -> String {
    if let Some(codes) = schema["enum"].as_array() {
        if !codes.iter().any(|code| *code == value) {
            let allowed = codes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
            faults.push(Fault::at(
                pointer,
                "unknown_code",
                text!(
                    "ukjent kode; tillatt: {allowed}",
                    "ukjend kode; tillate: {allowed}",
                    "unknown code; allowed: {allowed}"
                ),
            ));
        }
        return value;
    }
    let length = value.chars().count() as u64;
    if let Some(least) =
        schema["minLength"].as_u64().filter(|least| length < *least || (*least > 0 && value.trim().is_empty()))
    {
        faults.push(Fault::at(
            pointer,
            "too_short",
            text!("må ha minst {least} tegn", "må ha minst {least} teikn", "must have at least {least} characters"),
        ));
    }
    if let Some(most) = schema["maxLength"].as_u64().filter(|most| length > *most) {
        faults.push(Fault::at(
            pointer,
            "too_long",
            text!("kan ha høyst {most} tegn", "kan ha høgst {most} teikn", "may have at most {most} characters"),
        ));
    }
    if let Some(pattern) = schema["pattern"].as_str().filter(|pattern| !matches(pattern, &value)) {
        faults.push(Fault::at(
            pointer,
            "wrong_pattern",
            text!("må ha formen {pattern}", "må ha forma {pattern}", "must have the form {pattern}"),
        ));
    }
    if has_identity_number(&value) {
        faults.push(Fault::at(pointer, "identity_number", no_identity_number()));
    }
    formatted(schema["format"].as_str().unwrap_or_default(), value, pointer, faults)
}

/// Why a national identity number is refused; the number itself is not said again.
#[must_use]
pub fn no_identity_number() -> Text {
    text!(
        "inneholder noe som er et fødselsnummer eller D-nummer: ta det ut, for slike skal ikke stå her (personopplysningsloven § 12)",
        "inneheld noko som er eit fødselsnummer eller D-nummer: ta det ut, for slike skal ikkje stå her (personopplysningslova § 12)",
        "holds what is a national identity number or D-number: take it out, for none is kept here (Personal Data Act § 12)"
    )
}

fn matches(pattern: &str, value: &str) -> bool {
    /// Patterns stand in the schemas, so they are few; making one is dear.
    static MADE: Mutex<BTreeMap<String, Regex>> = Mutex::new(BTreeMap::new());
    let Ok(mut made) = MADE.lock() else { return false };
    if !made.contains_key(pattern) {
        let Ok(regex) = Regex::new(pattern) else { return false };
        made.insert(pattern.to_owned(), regex);
    }
    made.get(pattern).is_some_and(|regex| regex.is_match(value))
}

/// The text in the one form that its format has here: the database, the journal and a comparison all see the same.
fn formatted(format: &str, value: String, pointer: &str, faults: &mut Vec<Fault>) -> String {
    let (right, nb, nn, en) = match format {
        "uuid" => (uuid(&value), "en UUID", "ein UUID", "a UUID"),
        "date" => {
            (date(&value).then(|| value.clone()), "en dato ÅÅÅÅ-MM-DD", "ein dato ÅÅÅÅ-MM-DD", "a date YYYY-MM-DD")
        }
        "date-time" => (
            instant(&value),
            "et tidspunkt etter RFC 3339",
            "eit tidspunkt etter RFC 3339",
            "an instant after RFC 3339",
        ),
        "email" => (email(&value), "en e-postadresse", "ei e-postadresse", "an e-mail address"),
        "uri" => (web_address(&value), "en http(s)-adresse", "ei http(s)-adresse", "an http(s) address"),
        _ => return value,
    };
    right.unwrap_or_else(|| {
        faults.push(Fault::at(pointer, "wrong_format", text!("må være {nb}", "må vere {nn}", "must be {en}")));
        value
    })
}

fn uuid(value: &str) -> Option<String> {
    value.parse::<Uuid>().ok().filter(|_| value.len() == 36).map(|id| id.to_string())
}

/// A date as the wire shows it, between the years 1900 and 2200; chrono alone would take "2017- 9-28" too.
#[must_use]
pub fn date(value: &str) -> bool {
    value.parse::<NaiveDate>().is_ok_and(|date| date.to_string() == value && in_range(date.year()))
}

/// An instant in UTC with whole milliseconds, between the years 1900 and 2200.
fn instant(value: &str) -> Option<String> {
    let given = DateTime::parse_from_rfc3339(value).ok()?;
    let at = DateTime::from_timestamp_millis(given.timestamp_millis())?;
    in_range(at.year()).then(|| row::instant(at))
}

fn in_range(year: i32) -> bool {
    (1900..=2200).contains(&year)
}

fn email(value: &str) -> Option<String> {
    let (local, domain) = value.split_once('@')?;
    let right = !local.is_empty()
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && !domain.contains('@')
        && !value.contains(char::is_whitespace);
    right.then(|| value.to_owned())
}

fn web_address(value: &str) -> Option<String> {
    let url = url::Url::parse(value).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.host_str().is_some()).then(|| value.to_owned())
}

fn list(schema: &Value, items: Vec<Value>, pointer: &str, faults: &mut Vec<Fault>) -> Value {
    if let Some(least) = schema["minItems"].as_u64().filter(|least| (items.len() as u64) < *least) {
        faults.push(Fault::at(
            pointer,
            "too_few",
            text!("må ha minst {least} ledd", "må ha minst {least} ledd", "must have at least {least} items"),
        ));
    }
    if let Some(most) = schema["maxItems"].as_u64().filter(|most| items.len() as u64 > *most) {
        faults.push(Fault::at(
            pointer,
            "too_many",
            text!("kan ha høyst {most} ledd", "kan ha høgst {most} ledd", "may have at most {most} items"),
        ));
    }
    let checked = |(index, item)| checked(&schema["items"], item, &format!("{pointer}/{index}"), faults);
    Value::Array(items.into_iter().enumerate().map(checked).collect())
}

fn object(schema: &Value, mut given: Map<String, Value>, pointer: &str, faults: &mut Vec<Fault>) -> Value {
    let Some(properties) = schema["properties"].as_object() else { return Value::Object(given) };
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut whole = Map::new();
    for (name, property) in properties {
        let pointer = format!("{pointer}/{name}");
        match given.remove(name) {
            None | Some(Value::Null) if !required.contains(&name.as_str()) => {
                whole.insert(name.clone(), Value::Null);
            }
            None => faults.push(Fault::at(pointer, "required", text!("mangler", "manglar", "is missing"))),
            Some(Value::Null) => faults.push(null(&pointer)),
            Some(value) => {
                whole.insert(name.clone(), checked(property, value, &pointer, faults));
            }
        }
    }
    let allowed = properties.keys().cloned().collect::<Vec<_>>().join(", ");
    faults.extend(given.keys().map(|name| {
        Fault::at(
            format!("{pointer}/{}", escape(name)),
            "unknown_field",
            text!(
                "ukjent felt; tillatt: {allowed}",
                "ukjent felt; tillate: {allowed}",
                "unknown field; allowed: {allowed}"
            ),
        )
    }));
    Value::Object(whole)
}

/// The organisation number's last digit is its check digit: weights 3 2 7 6 5 4 3 2, modulus 11 (Brønnøysundregistrene).
#[must_use]
pub fn has_check_digit(number: &str) -> bool {
    const WEIGHTS: [u32; 8] = [3, 2, 7, 6, 5, 4, 3, 2];
    let digits: Option<Vec<u32>> = number.chars().map(|digit| digit.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| digits.len() == 9) else { return false };
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = (11 - sum % 11) % 11;
    digits.last() == Some(&check)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{checked, has_check_digit};

    fn check(schema: &Value, value: Value) -> Result<Value, Vec<&'static str>> {
        let mut faults = Vec::new();
        let checked = checked(schema, value, "/x", &mut faults);
        if faults.is_empty() { Ok(checked) } else { Err(faults.iter().map(|fault| fault.code).collect()) }
    }

    #[test]
    fn the_check_digit_is_mod_eleven() {
        for right in ["123456785", "701730496", "864993982", "959469415", "959469881", "961416388"] {
            assert!(has_check_digit(right), "{right}");
        }
        for wrong in ["123456784", "959469880", "12345678", "1234567850", "12345678x"] {
            assert!(!has_check_digit(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_number_is_taken_for_what_it_is_not_for_how_it_is_written() {
        let integer = json!({ "type": "integer", "minimum": 0, "maximum": 400 });
        for (given, kept) in [(json!(346), 346), (json!(346.0), 346), (json!(3.46e2), 346), (json!(-0.0), 0)] {
            assert_eq!(check(&integer, given), Ok(json!(kept)));
        }
        assert_eq!(check(&integer, json!(346.5)), Err(vec!["wrong_type"]));
        assert_eq!(check(&integer, json!(u64::MAX)), Err(vec!["wrong_type"]));
        assert_eq!(check(&integer, json!(401)), Err(vec!["too_large"]));
        assert_eq!(check(&json!({ "type": "integer" }), json!(i64::MAX)), Ok(json!(i64::MAX)));
    }

    #[test]
    fn a_decimal_keeps_its_places_and_takes_no_more() {
        let decimal = json!({ "type": "number", "multipleOf": 0.01, "maximum": 1_000_000 });
        for exact in [json!(0.1), json!(0.2), json!(1.15), json!(999_999.99), json!(2)] {
            assert_eq!(check(&decimal, exact.clone()), Ok(exact));
        }
        assert_eq!(check(&decimal, json!(0.1 + 0.2)), Err(vec!["too_many_decimals"]));
        assert_eq!(check(&decimal, json!(0.125)), Err(vec!["too_many_decimals"]));
    }

    #[test]
    fn text_of_a_format_comes_out_in_its_one_form() {
        let format = |format: &str| json!({ "type": "string", "format": format });
        let upper = json!("0190E0A0-0000-7000-8000-00000000000A");
        assert_eq!(check(&format("uuid"), upper), Ok(json!("0190e0a0-0000-7000-8000-00000000000a")));
        let oslo = json!("2017-09-29T10:00:00.1239+02:00");
        assert_eq!(check(&format("date-time"), oslo), Ok(json!("2017-09-29T08:00:00.123Z")));
        for wrong in ["2017- 9-28", "2017-9-28", "2017-02-29", "1899-12-31", "+2017-1-01"] {
            assert_eq!(check(&format("date"), json!(wrong)), Err(vec!["wrong_format"]), "{wrong}");
        }
        for wrong in ["2017-09-29 08:00", "2017-09-29T08:00:00", "2017-09-29"] {
            assert_eq!(check(&format("date-time"), json!(wrong)), Err(vec!["wrong_format"]), "{wrong}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_and_blank_text_is_no_text() {
        let name = json!({ "type": "string", "minLength": 1, "maxLength": 5 });
        assert_eq!(check(&name, json!("Åååøæ")), Ok(json!("Åååøæ")));
        assert_eq!(check(&name, json!("sekser")), Err(vec!["too_long"]));
        assert_eq!(check(&name, json!("  ")), Err(vec!["too_short"]));
    }
}
