//! A value as people read it: dates and amounts in words, a symbol beside a state, and what is not known said as such.

use maud::{Markup, html};
use serde_json::Value;

use crate::problem::Lang;
use crate::render::column::{Column, Kind, called};
use crate::render::phrases::NOT_KNOWN;
use crate::render::symbols;
use crate::render::text::readable;
use crate::render::{spoken, words};

/// Fields of which nothing means that it is not known yet; of others it means that there is none.
const UNKNOWN: [&str; 21] = [
    "plannedOn",
    "startsOn",
    "endsOn",
    "startsAt",
    "windowFrom",
    "windowTo",
    "dueOn",
    "baseline",
    "target",
    "targetBy",
    "actual",
    "businessFte",
    "hasBusinessAssociation",
    "approver",
    "place",
    "amountOre",
    "securedOre",
    "balanceOre",
    "totalOre",
    "committedOre",
    "status",
];
/// Fields whose codes say where something stands.
const STATES: [&str; 6] = ["status", "outcome", "state", "severity", "trend", "overall"];
/// Fields that hold sentences of ours.
const SENTENCES: [&str; 4] = ["message", "inWords", "reason", "unmet"];

/// What is not known yet.
#[must_use]
pub fn unknown(lang: Lang) -> Markup {
    html! { span.unknown { (NOT_KNOWN.said(lang)) } }
}

/// A state: its symbol and its label.
#[must_use]
pub fn coded(code: &str, label: &str) -> Markup {
    let symbol = symbols::of(code);
    html! { span class={ "state " (symbol.tone) } { span aria-hidden="true" { (symbol.sign) } " " (label) } }
}

/// A cell of a table.
pub(super) fn cell(column: &Column, value: &Value, lang: Lang) -> Markup {
    let field = column.scope.as_str();
    match (column.kind, value) {
        (_, Value::Null) if UNKNOWN.contains(&field) => unknown(lang),
        (_, Value::Null) => html! { "–" },
        (Kind::Kroner, Value::Number(number)) => {
            html! { (number.as_i64().map_or_else(|| number.to_string(), |ore| spoken::kroner(ore, lang))) }
        }
        (_, Value::Number(number)) => html! { (spoken::number(number, lang)) },
        (_, Value::Bool(flag)) => html! { (words::yes_or_no(*flag, lang)) },
        (Kind::Code(labels), Value::String(code)) => {
            let label = called(code, labels, lang);
            if STATES.contains(&field) {
                coded(code, &label)
            } else {
                html! { (label) }
            }
        }
        (Kind::Date, Value::String(text)) => match text.parse() {
            Ok(date) => html! { time datetime=(text) { (spoken::day(date, lang)) } },
            Err(_) => html! { (text) },
        },
        (Kind::Instant, Value::String(text)) => match text.parse() {
            Ok(at) => html! { time datetime=(text) { (spoken::instant(at, lang)) } },
            Err(_) => html! { (text) },
        },
        (Kind::Text, Value::String(text)) if SENTENCES.contains(&field) => html! { (spoken::sentence(text, lang)) },
        (_, Value::Array(items)) if items.is_empty() => html! { "–" },
        (kind, Value::Array(items)) => list(column, kind, items, lang),
        (kind, other) => html! { (readable(kind, field, &column.schema, other, lang)) },
    }
}

fn list(column: &Column, kind: Kind, items: &[Value], lang: Lang) -> Markup {
    let field = column.scope.as_str();
    let said: Vec<String> = items
        .iter()
        .map(|item| {
            let text = readable(kind, field, &column.schema, &Value::Array(vec![item.clone()]), lang);
            if SENTENCES.contains(&field) { spoken::sentence(&text, lang) } else { text }
        })
        .collect();
    html! {
        @if let [only] = said.as_slice() { (only) } @else { ul { @for one in &said { li { (one) } } } }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::cell;
    use crate::problem::Lang;
    use crate::render::Column;

    fn shown(name: &str, schema: Value, value: Value, lang: Lang) -> String {
        cell(&Column::of("", name, name, schema, lang), &value, lang).into_string().replace('\u{a0}', " ")
    }

    #[test]
    fn values_are_written_for_people() {
        let date = || json!({ "type": "string", "format": "date" });
        let day = shown("plannedOn", date(), json!("2017-12-15"), Lang::En);
        assert_eq!(day, "<time datetime=\"2017-12-15\">15 December 2017</time>");
        let unknown = "<span class=\"unknown\">ikke kjent ennå</span>";
        assert_eq!(shown("plannedOn", date(), Value::Null, Lang::Nb), unknown);
        assert_eq!(shown("metOn", date(), Value::Null, Lang::Nb), "–");
        assert_eq!(shown("amountOre", json!({ "type": "integer" }), json!(123_450_000), Lang::Nb), "1 234 500 kr");
        assert_eq!(shown("amountOre", json!({ "type": "integer" }), Value::Null, Lang::Nb), unknown);
        assert_eq!(
            shown("title", json!({ "type": "string" }), json!("<b> & \"Å\""), Lang::Nb),
            "&lt;b&gt; &amp; &quot;Å&quot;"
        );
        assert_eq!(
            shown("message", json!({ "type": "string" }), json!("etter 2018-04-30"), Lang::Nb),
            "etter 30.04.2018"
        );
        let status = json!({ "type": "string", "enum": ["scheduled", "overdue", "partially_met", "met", "not_met", "cancelled"] });
        let met = "<span class=\"state good\"><span aria-hidden=\"true\">✓</span> nådd</span>";
        assert_eq!(shown("status", status, json!("met"), Lang::Nb), met);
        let list = json!({ "type": "array", "items": { "type": "string" } });
        assert_eq!(shown("unmet", list.clone(), json!(["a"]), Lang::Nb), "a");
        assert_eq!(shown("unmet", list, json!(["a", "b"]), Lang::Nb), "<ul><li>a</li><li>b</li></ul>");
    }
}
