//! A column: its heading, and what sort of value its cells hold, read from the schema that the JSON has.

use entity::Label;
use serde_json::Value;

use super::words;
use crate::problem::Lang;

/// What sort of value a cell holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text, and whatever is shown as it is: identifiers, addresses, numbers of matters.
    Text,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Decimal,
    /// Whole øre, shown as kroner.
    Kroner,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// An instant, UTC.
    Instant,
    /// A code with its labels; none when no code list knows it.
    Code(&'static [Label]),
    /// The name of a field, or a pointer to one.
    Field,
    /// A reference to a record of any kind.
    Reference,
    /// A list or an object.
    Nested,
}

impl Kind {
    /// The kind of a field, by its name and its schema without references.
    #[must_use]
    pub fn of(name: &str, schema: &Value) -> Self {
        match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("integer"), _) if name.ends_with("Ore") => Self::Kroner,
            (Some("integer"), _) => Self::Integer,
            (Some("number"), _) => Self::Decimal,
            (Some("boolean"), _) => Self::Boolean,
            (Some("string"), Some("date")) => Self::Date,
            (Some("string"), Some("date-time")) => Self::Instant,
            (Some("string"), _) if matches!(name, "field" | "pointer" | "dimension") => Self::Field,
            (Some("string"), _) => schema["enum"].as_array().map_or(Self::Text, |codes| Self::Code(labels(codes))),
            _ if is_reference(schema) => Self::Reference,
            _ => Self::Nested,
        }
    }
}

/// `{kind, id}`.
fn is_reference(schema: &Value) -> bool {
    let members = schema["properties"].as_object();
    members.is_some_and(|members| members.len() == 2 && members.contains_key("kind") && members.contains_key("id"))
}

/// The code list with these codes. No two lists have the same; a test keeps it so.
fn labels(codes: &[Value]) -> &'static [Label] {
    let lists = entity::code_lists().into_iter().map(|(_, labels)| labels);
    let same = |labels: &&'static [Label]| {
        let known = codes.iter().filter(|code| !code.is_null());
        known.clone().count() == labels.len() && known.zip(*labels).all(|(code, label)| *code == label.code)
    };
    lists.into_iter().find(same).unwrap_or_default()
}

/// What people call a code, in one language: by its list, or else by words of its own. The code itself when nobody has said.
#[must_use]
pub fn called(code: &str, labels: &[Label], lang: Lang) -> String {
    let label = labels.iter().find(|label| label.code == code);
    let word = label.map(|label| match lang {
        Lang::Nb => label.nb.to_owned(),
        Lang::Nn => label.nn.to_owned(),
        Lang::En => label.en.to_owned(),
    });
    word.or_else(|| words::code(code, lang)).unwrap_or_else(|| code.to_owned())
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// What stands over it, in the caller's language.
    pub heading: String,
    /// What sort of value it holds.
    pub kind: Kind,
    /// The field whose words those of nested members go by.
    pub scope: String,
    /// The schema of its values, for what is nested.
    pub schema: Value,
}

impl Column {
    /// The column at a path, under the words of a name; `scope` is the resource or the report.
    #[must_use]
    pub fn of(scope: &str, path: &str, name: &str, schema: Value, lang: Lang) -> Self {
        let field = path.rsplit(['.', '/']).next().unwrap_or(path);
        let kind = Kind::of(field, &schema);
        let mut heading = words::heading(scope, name, lang).unwrap_or_else(|| name.to_owned());
        if matches!(kind, Kind::Instant) {
            heading.push_str(" (UTC)");
        }
        Self { heading, kind, scope: field.to_owned(), schema }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::{Kind, called};
    use crate::problem::Lang;

    #[test]
    fn codes_tell_their_list() {
        let mut known = BTreeMap::new();
        for (name, labels) in entity::code_lists() {
            let codes: Vec<&str> = labels.iter().map(|label| label.code).collect();
            if let Some(other) = known.insert(codes, name) {
                panic!("{name} and {other} have the same codes: give the schema of one of them another order");
            }
        }
    }

    #[test]
    fn a_kind_is_read_from_name_and_schema() {
        assert!(matches!(Kind::of("amountOre", &json!({ "type": "integer" })), Kind::Kroner));
        assert!(matches!(Kind::of("votes", &json!({ "type": "integer" })), Kind::Integer));
        assert!(matches!(Kind::of("plannedOn", &json!({ "type": "string", "format": "date" })), Kind::Date));
        let Kind::Code(labels) =
            Kind::of("kind", &json!({ "type": "string", "enum": ["outcome", "output", "impact"] }))
        else {
            panic!("a code")
        };
        assert_eq!(called("outcome", labels, Lang::Nb), "effektmål");
        assert_eq!(called("approve", &[], Lang::Nb), "godkjenne");
        assert_eq!(called("outcome", &[], Lang::Nb), "outcome");
    }
}
