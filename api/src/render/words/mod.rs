//! Headings: what a field is called over a column, in Bokmål, Nynorsk and English.
//!
//! A name is looked up as `scope.name` and then as `name`; the scope is the collection, the report or the field around it.
//! `organisationId` needs no words of its own: it is `organisation` with "(id)" behind it.

mod collections;
mod directory;
mod economy;
mod handling;
mod integration;
mod meetings;
mod plan;
mod reports;
mod shared;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::problem::Lang;

/// A name, and its words in Bokmål, Nynorsk and English.
type Words = (&'static str, [&'static str; 3]);

static CATALOGUE: LazyLock<HashMap<&str, [&str; 3]>> = LazyLock::new(|| all().copied().collect());

fn all() -> impl Iterator<Item = &'static Words> {
    let parts: [&[Words]; 9] = [
        shared::WORDS,
        collections::WORDS,
        directory::WORDS,
        plan::WORDS,
        meetings::WORDS,
        handling::WORDS,
        integration::WORDS,
        economy::WORDS,
        reports::WORDS,
    ];
    parts.into_iter().flatten()
}

/// What stands over the column of a path (`organisation.name`) of a collection, a report or a field.
#[must_use]
pub fn heading(scope: &str, path: &str, lang: Lang) -> Option<String> {
    if let Some(words) = known(&format!("{scope}.{path}")).or_else(|| known(path)) {
        return Some(in_lang(words, lang).to_owned());
    }
    let (outer, last) = path.rsplit_once('.').unwrap_or(("", path));
    match (outer, last) {
        ("", _) => Some(format!("{} (id)", heading(scope, path.strip_suffix("Id")?, lang)?)),
        (outer, "name") => heading(scope, outer, lang),
        (outer, "id") => Some(format!("{} (id)", heading(scope, outer, lang)?)),
        (outer, last) => Some(format!("{}: {}", heading(scope, outer, lang)?, heading(outer, last, lang)?)),
    }
}

/// What people call a code that is in no list of `GET /code-lists`.
#[must_use]
pub fn code(code: &str, lang: Lang) -> Option<String> {
    known(&format!("code.{code}")).map(|words| in_lang(words, lang).to_owned())
}

/// The words for yes and no.
#[must_use]
pub const fn yes_or_no(flag: bool, lang: Lang) -> &'static str {
    match (flag, lang) {
        (true, Lang::Nb | Lang::Nn) => "Ja",
        (false, Lang::Nb) => "Nei",
        (false, Lang::Nn) => "Nei",
        (true, Lang::En) => "Yes",
        (false, Lang::En) => "No",
    }
}

/// Why no workbook takes this as the name of a sheet.
#[must_use]
pub fn sheet_fault(title: &str) -> Option<String> {
    let fits = (1..=31).contains(&title.chars().count())
        && !title.contains(['[', ']', ':', '*', '?', '/', '\\'])
        && !title.starts_with('\'')
        && !title.ends_with('\'');
    (!fits).then(|| format!("{title:?} is no name of a sheet: 1 to 31 characters without []:*?/\\"))
}

fn known(name: &str) -> Option<[&'static str; 3]> {
    CATALOGUE.get(name).copied()
}

const fn in_lang([nb, nn, en]: [&'static str; 3], lang: Lang) -> &'static str {
    match lang {
        Lang::Nb => nb,
        Lang::Nn => nn,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::{all, heading, sheet_fault};
    use crate::problem::Lang;
    use crate::routes;

    const LANGS: [Lang; 3] = [Lang::Nb, Lang::Nn, Lang::En];

    /// The members of what is nested, at every depth, each with the field around it.
    fn nested(field: &str, schema: &Value, found: &mut BTreeSet<(String, String)>) {
        let schema = if schema["type"] == "array" { &schema["items"] } else { schema };
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            found.insert((field.to_owned(), name.clone()));
            nested(name, member, found);
        }
    }

    #[test]
    fn every_field_of_every_resource_has_a_heading() {
        let mut missing = Vec::new();
        for facts in routes::resources().iter().map(|resource| resource.facts) {
            let mut wanted: BTreeSet<(String, String)> = BTreeSet::new();
            for field in &facts.fields {
                wanted.insert((facts.path.to_owned(), field.name.clone()));
                nested(&field.name, &field.schema, &mut wanted);
            }
            let embedded = facts.references.iter().filter_map(|reference| reference.field.strip_suffix("Id"));
            wanted.extend(embedded.map(|name| (facts.path.to_owned(), name.to_owned())));
            let lacks = |(scope, name): &(String, String)| heading(scope, name, Lang::Nb).is_none();
            missing.extend(wanted.into_iter().filter(lacks).map(|(scope, name)| format!("{scope}.{name}")));
        }
        assert!(missing.is_empty(), "give these words in api/src/render/words: {missing:#?}");
    }

    #[test]
    fn every_resource_has_the_name_of_a_sheet() {
        for facts in routes::resources().iter().map(|resource| resource.facts) {
            for lang in LANGS {
                let title = heading("", facts.path, lang);
                let title =
                    title.unwrap_or_else(|| panic!("api/src/render/words/collections.rs has no {}", facts.path));
                assert_eq!(sheet_fault(&title), None, "{}", facts.path);
            }
        }
    }

    #[test]
    fn every_report_with_tables_describes_them_rightly() {
        let tables = routes::operations().into_iter().filter_map(|operation| (operation.about)().tables);
        let faults: Vec<String> = tables.flat_map(|tables| tables.faults()).collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn two_columns_of_a_list_are_never_called_the_same() {
        for facts in routes::resources().iter().map(|resource| resource.facts) {
            for lang in LANGS {
                let mut seen = BTreeSet::new();
                for field in &facts.fields {
                    let word = heading(facts.path, &field.name, lang).unwrap_or_default();
                    assert!(seen.insert(word.clone()), "{}: {} is called {word} too", facts.path, field.name);
                }
            }
        }
    }

    #[test]
    fn a_name_stands_once_and_has_words_in_every_language() {
        let mut seen = BTreeSet::new();
        for (name, words) in all() {
            assert!(seen.insert(name), "{name} stands twice");
            assert!(words.iter().all(|word| !word.trim().is_empty()), "{name} has no words in one language");
        }
    }

    #[test]
    fn what_is_composed_reads_well() {
        assert_eq!(heading("", "organisationId", Lang::Nb).as_deref(), Some("Organisasjon (id)"));
        assert_eq!(heading("", "organisation.name", Lang::En).as_deref(), Some("Organisation"));
        assert_eq!(heading("", "votes.for", Lang::Nn).as_deref(), Some("Røyster: For"));
        assert_eq!(heading("", "colour", Lang::Nb), None);
    }
}
