//! `GET /processing-records`: the records of processing that a controller has to show (GDPR article 30), worked out from what the
//! service itself goes by: the fields that it marks as personal, the references that name people, the rules of retention.

mod about;
mod table;

pub use about::about;

use actix_web::HttpResponse;
use chrono::Utc;
use entity::retention_rules::Model as Rule;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use self::table::{Activity, Data, RECORDS, SECURITY, Words};
use crate::exchange::retention::in_force;
use crate::facts::{self, Facts};
use crate::http::{Answer, Call};
use crate::problem::{Error, Lang};
use crate::resources::journal::administrator;

/// What is done with data about people, in the shape of GDPR article 30(1).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcessingRecords {
    /// A record for each purpose.
    #[schema(max_items = 100)]
    pub items: Vec<ProcessingRecord>,
}

/// One purpose, and what is processed for it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessingRecord {
    /// A name that stays the same.
    #[schema(max_length = 40, example = "contact")]
    pub code: &'static str,
    /// What it is called, in the caller's language.
    #[schema(max_length = 200)]
    pub name: &'static str,
    /// What the data is for.
    #[schema(max_length = 1000)]
    pub purpose: &'static str,
    /// The basis in law, as the service was made for it; the controller has the last word.
    #[schema(max_length = 1000)]
    pub legal_basis: &'static str,
    /// Whose data it is.
    #[schema(max_length = 1000)]
    pub data_subjects: &'static str,
    /// What data: each collection, or other place, with its fields.
    #[schema(max_items = 200)]
    pub data: Vec<ProcessedData>,
    /// Who gets to see it.
    #[schema(max_length = 1000)]
    pub recipients: &'static str,
    /// How long it is kept.
    #[schema(max_items = 20)]
    pub retention: Vec<ProcessedRetention>,
    /// How it is kept safe (GDPR article 32).
    #[schema(schema_with = about::measures)]
    pub security_measures: Vec<&'static str>,
}

/// Where data about people is.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProcessedData {
    /// The collection of the API, or what else holds it.
    #[schema(max_length = 60, example = "people")]
    pub collection: &'static str,
    /// Its fields.
    #[schema(schema_with = about::fields)]
    pub fields: Vec<String>,
}

/// How long data of a class is kept: by the rule in force (`/retention-rules`), or for another reason.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessedRetention {
    /// The class of data; null where no rule of retention reaches.
    #[schema(required = true, max_length = 40, example = "contact_details")]
    pub data_class: Option<&'static str>,
    /// The rule in force for the class; null while there is none.
    #[schema(required = true)]
    pub rule_id: Option<Uuid>,
    /// Months that it is kept by that rule.
    #[schema(required = true, minimum = 1, maximum = 1200, example = 24)]
    pub months: Option<i64>,
    /// What happens then.
    #[schema(required = true, max_length = 40, example = "erase")]
    pub action: Option<&'static str>,
    /// Why just so long, as the rule says.
    #[schema(required = true, max_length = 1000)]
    pub basis: Option<String>,
    /// The same in words, in the caller's language.
    #[schema(max_length = 1000)]
    pub in_words: String,
}

/// Answers the records.
///
/// # Errors
/// 401, 403.
pub async fn list(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    administrator(&caller)?;
    call.query()?.finish(&[])?;
    let rules = in_force(&call.store.read, Utc::now().date_naive()).await?;
    let items = RECORDS.iter().map(|activity| record(activity, &rules, call.lang())).collect();
    let body = serde_json::to_value(ProcessingRecords { items })
        .map_err(|error| Error::internal("write the records of processing", error))?;
    Ok(Answer::ok(body).unkept().into_response())
}

const fn said(words: Words, lang: Lang) -> &'static str {
    match lang {
        Lang::Nb => words[0],
        Lang::Nn => words[1],
        Lang::En => words[2],
    }
}

fn record(activity: &Activity, rules: &[Rule], lang: Lang) -> ProcessingRecord {
    let by_rule = activity.classes.iter().map(|class| {
        let rule = rules.iter().find(|rule| rule.data_class == *class);
        let label = class.label();
        let what = said([label.nb, label.nn, label.en], lang);
        ProcessedRetention {
            data_class: Some(class.code()),
            rule_id: rule.map(|rule| rule.id),
            months: rule.map(|rule| rule.months),
            action: rule.map(|rule| rule.action.code()),
            basis: rule.and_then(|rule| rule.basis.clone()),
            in_words: in_words(what, rule, lang),
        }
    });
    let otherwise = activity.otherwise.map(|words| ProcessedRetention {
        data_class: None,
        rule_id: None,
        months: None,
        action: None,
        basis: None,
        in_words: said(words, lang).to_owned(),
    });
    ProcessingRecord {
        code: activity.code,
        name: said(activity.name, lang),
        purpose: said(activity.purpose, lang),
        legal_basis: said(activity.legal_basis, lang),
        data_subjects: said(activity.subjects, lang),
        data: data(activity),
        recipients: said(activity.recipients, lang),
        retention: by_rule.chain(otherwise).collect(),
        security_measures: SECURITY.iter().map(|words| said(*words, lang)).collect(),
    }
}

fn in_words(what: &str, rule: Option<&Rule>, lang: Lang) -> String {
    match (rule, lang) {
        (Some(rule), Lang::Nb) => format!("{what}: {} måneder", rule.months),
        (Some(rule), Lang::Nn) => format!("{what}: {} månader", rule.months),
        (Some(rule), Lang::En) => format!("{what}: {} months", rule.months),
        (None, Lang::Nb) => format!("{what}: ingen regel, beholdes til noen sletter"),
        (None, Lang::Nn) => format!("{what}: ingen regel, blir teke vare på til nokon slettar"),
        (None, Lang::En) => format!("{what}: no rule, kept until somebody erases it"),
    }
}

/// The data of an activity, as the facts of the collections have it today.
fn data(activity: &Activity) -> Vec<ProcessedData> {
    let mut all: Vec<ProcessedData> = Vec::new();
    for one in activity.data {
        match one {
            Data::Marked(path) => all.extend(facts::by_path(path).map(marked)),
            Data::Naming => all.extend(facts::all().iter().filter_map(|facts| naming(facts))),
            Data::Kept(collection, fields) => {
                let fields = fields.iter().map(|field| (*field).to_owned()).collect();
                all.push(ProcessedData { collection, fields });
            }
        }
    }
    all
}

/// The fields of a collection that an erasure takes out.
fn marked(facts: &Facts) -> ProcessedData {
    ProcessedData { collection: facts.path, fields: facts.personal().map(str::to_owned).collect() }
}

/// The fields by which a collection names people, if it does.
fn naming(facts: &Facts) -> Option<ProcessedData> {
    let named = facts.references.iter().chain(&facts.lists).filter(|reference| reference.target == "people");
    let fields: Vec<String> = named.map(|reference| reference.field.to_owned()).collect();
    (!fields.is_empty()).then_some(ProcessedData { collection: facts.path, fields })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use entity::CodeList;
    use entity::retention_rules::DataClass;

    use super::{RECORDS, data, facts};
    use crate::routes;

    /// What the records say of a collection.
    fn told(path: &str) -> BTreeSet<String> {
        let all = RECORDS.iter().flat_map(data).filter(|data| data.collection == path);
        all.flat_map(|data| data.fields).map(|field| field.split('.').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn every_field_that_is_marked_as_personal_or_names_a_person_has_its_record() {
        let _ = routes::resources();
        let mut seen = 0;
        for facts in facts::all() {
            let told = told(facts.path);
            let people = ["people", "users"];
            let naming =
                facts.references.iter().chain(&facts.lists).filter(|reference| people.contains(&reference.target));
            let fields = facts.personal().chain(facts.contact()).chain(naming.map(|reference| reference.field));
            for field in fields.map(|field| field.split('.').next().unwrap_or_default()) {
                seen += 1;
                assert!(
                    told.contains(field),
                    "{}.{field}: say in processing_records/table.rs what it is for",
                    facts.path
                );
            }
            for field in &told {
                assert!(field == "createdBy" || facts.field(field).is_some(), "{} has no {field}", facts.path);
            }
        }
        assert!(seen > 20, "{seen}");
    }

    #[test]
    fn every_class_that_has_rules_of_retention_stands_in_one_record() {
        for label in DataClass::LABELS {
            let records = RECORDS.iter().filter(|record| record.classes.iter().any(|class| class.code() == label.code));
            assert!(records.count() >= 1, "{}", label.code);
        }
    }

    #[test]
    fn a_record_says_everything_that_article_30_asks_for() {
        for record in RECORDS {
            assert!(
                !data_of(record).is_empty() && (!record.classes.is_empty() || record.otherwise.is_some()),
                "{}",
                record.code
            );
            for words in [record.name, record.purpose, record.legal_basis, record.subjects, record.recipients] {
                assert!(words.iter().all(|words| words.len() > 5), "{}", record.code);
            }
        }
    }

    fn data_of(record: &super::Activity) -> Vec<super::ProcessedData> {
        let _ = routes::resources();
        data(record)
    }
}
