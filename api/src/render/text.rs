//! Values as text: for a cell of CSV, and for what an XLSX cell tells people.

use chrono::NaiveDate;
use serde_json::{Number, Value};

use super::column::{Column, Kind, called};
use super::words;
use crate::problem::Lang;

/// The cell as a program reads it.
#[must_use]
pub fn plain(column: &Column, value: &Value, lang: Lang) -> String {
    match (column.kind, value) {
        (_, Value::Null) => String::new(),
        (Kind::Kroner, Value::Number(number)) => kroner(number),
        (_, Value::Number(number)) => decimal(number),
        (_, Value::Bool(flag)) => words::yes_or_no(*flag, lang).to_owned(),
        (_, Value::String(text)) => defused(text),
        (Kind::Reference, Value::Object(_)) => reference(value),
        (_, Value::Array(_) | Value::Object(_)) => value.to_string(),
    }
}

/// The same as people read it; `scope` is the field whose members it may have.
#[must_use]
pub fn readable(kind: Kind, scope: &str, schema: &Value, value: &Value, lang: Lang) -> String {
    match (kind, value) {
        (_, Value::Null) => String::new(),
        (Kind::Kroner, Value::Number(number)) => kroner(number),
        (_, Value::Number(number)) => decimal(number),
        (_, Value::Bool(flag)) => words::yes_or_no(*flag, lang).to_owned(),
        (Kind::Code(labels), Value::String(code)) => called(code, labels, lang),
        (Kind::Field, Value::String(name)) => {
            words::heading("", name.trim_start_matches('/'), lang).unwrap_or_else(|| name.clone())
        }
        (Kind::Date, Value::String(text)) => text.parse().map_or_else(|_| text.clone(), day),
        (_, Value::String(text)) => text.clone(),
        (Kind::Reference, Value::Object(_)) => named_reference(value, lang),
        (_, Value::Array(items)) => {
            let item = |item| readable(Kind::of(scope, &schema["items"]), scope, &schema["items"], item, lang);
            let between = if items.iter().any(Value::is_object) { "; " } else { ", " };
            items.iter().map(item).collect::<Vec<_>>().join(between)
        }
        (_, Value::Object(members)) => {
            let member = |(name, member): (&String, &Value)| {
                let schema = &schema["properties"][name];
                let text = readable(Kind::of(name, schema), name, schema, member, lang);
                let word = words::heading(scope, name, lang).unwrap_or_else(|| name.clone());
                (!text.is_empty()).then(|| format!("{word}: {text}"))
            };
            members.iter().filter_map(member).collect::<Vec<_>>().join(", ")
        }
    }
}

fn day(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}

/// A number with the decimal comma of Norwegian spreadsheets. JSON has the shortest form of an exact decimal.
fn decimal(number: &Number) -> String {
    number.to_string().replace('.', ",")
}

/// Whole øre as kroner, without a detour over binary fractions.
fn kroner(number: &Number) -> String {
    let Some(ore) = number.as_i64() else { return decimal(number) };
    let sign = if ore < 0 { "-" } else { "" };
    let ore = ore.unsigned_abs();
    format!("{sign}{},{:02}", ore / 100, ore % 100)
}

/// `kind:id`, as a filter takes it.
fn reference(value: &Value) -> String {
    let part = |name: &str| value[name].as_str().unwrap_or_default();
    format!("{}:{}", part("kind"), part("id"))
}

/// The same for people: `Milepæl 015ec5c8-…`.
fn named_reference(value: &Value, lang: Lang) -> String {
    let part = |name: &str| value[name].as_str().unwrap_or_default();
    let mut field = String::new();
    for (place, word) in part("kind").split('_').enumerate() {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        field.push_str(&if place == 0 { word.to_owned() } else { format!("{}{rest}", first.to_uppercase()) });
    }
    let kind = words::heading("", &field, lang).unwrap_or_else(|| part("kind").replace('_', " "));
    format!("{kind} {}", part("id"))
}

/// Text that no spreadsheet runs as a formula: an apostrophe goes before what begins like one (OWASP: CSV injection),
/// blanks in front and full-width signs included.
fn defused(text: &str) -> String {
    let first = text.trim_start_matches(' ').chars().next();
    let runs = matches!(first, Some('=' | '+' | '-' | '@' | '|' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'));
    if runs { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{defused, plain, readable};
    use crate::problem::Lang;
    use crate::render::{Column, Kind};

    fn cell(name: &str, schema: Value, value: Value) -> String {
        plain(&Column::of("", name, name, schema, Lang::Nb), &value, Lang::Nb)
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for text in
            ["=1+1", "+47 00", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|cmd", "  =1", "＝1", "=HYPERLINK(\"x\")"]
        {
            assert_eq!(defused(text), format!("'{text}"));
        }
        for text in ["", "1+1", "a=b", "Møte 1", "'=1", "1 – 2"] {
            assert_eq!(defused(text), text);
        }
    }

    #[test]
    fn amounts_are_exact_kroner() {
        let ore = |ore: i64| cell("amountOre", json!({ "type": "integer" }), json!(ore));
        assert_eq!(ore(0), "0,00");
        assert_eq!(ore(5), "0,05");
        assert_eq!(ore(-5), "-0,05");
        assert_eq!(ore(123_456_789), "1234567,89");
        assert_eq!(ore(i64::MAX), "92233720368547758,07");
        assert_eq!(ore(i64::MIN), "-92233720368547758,08");
    }

    #[test]
    fn values_are_written_for_programs() {
        assert_eq!(cell("businessFte", json!({ "type": "number" }), json!(0.2)), "0,2");
        assert_eq!(cell("businessFte", json!({ "type": "number" }), json!(3)), "3");
        assert_eq!(cell("internal", json!({ "type": "boolean" }), json!(true)), "Ja");
        assert_eq!(cell("plannedOn", json!({ "type": "string", "format": "date" }), json!("2017-12-15")), "2017-12-15");
        assert_eq!(cell("plannedOn", json!({ "type": "string", "format": "date" }), Value::Null), "");
        let reference = json!({ "type": "object", "properties": { "kind": {}, "id": {} } });
        assert_eq!(cell("record", reference, json!({ "kind": "goal", "id": "7" })), "goal:7");
        let list = json!({ "type": "array", "items": { "type": "string" } });
        assert_eq!(cell("providers", list, json!(["=a", "b"])), "[\"=a\",\"b\"]");
    }

    #[test]
    fn what_is_nested_is_readable_for_people() {
        let schema = json!({ "type": "array", "items": { "type": "object", "properties": {
            "name": { "type": "string" }, "kind": { "type": "string", "enum": ["outcome", "output", "impact"] },
            "setOn": { "type": "string", "format": "date" }, "reason": { "type": "string" }
        } } });
        let value = json!([{ "name": "a", "kind": "output", "setOn": "2017-11-01", "reason": null }, { "name": "b" }]);
        let said = readable(Kind::Nested, "targets", &schema, &value, Lang::Nb);
        assert_eq!(said, "Navn: a, Slag: resultatmål, Satt: 01.11.2017; Navn: b");
        let record = json!({ "kind": "decision_point", "id": "7" });
        assert_eq!(readable(Kind::Reference, "record", &Value::Null, &record, Lang::Nn), "Avgjerdspunkt 7");
    }
}
