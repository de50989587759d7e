//! A plan in the making: records with only what the test is about.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::{Finding, check};
use crate::domain::Picture;

/// The day of a check where the test is not about the day; within the project's period.
const TODAY: &str = "2018-01-15";

/// A plan in the making. Identifiers are small numbers: `"id": 2`, `"personId": 3`.
pub struct Sample {
    picture: Picture,
    today: NaiveDate,
    next: u64,
}

/// A date.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

impl Sample {
    /// A pre-project under way from 2017-11-01 to 2018-04-30, with the changes that the test needs.
    pub fn project(changes: Value) -> Self {
        let sample = Self {
            picture: Picture { focus: Uuid::from_u128(1), ..Picture::default() },
            today: day(TODAY),
            next: 1000,
        };
        let mut project = json!({ "id": 1, "startsOn": "2017-11-01", "endsOn": "2018-04-30", "status": "active" });
        merge(&mut project, changes);
        sample.with("projects", project)
    }

    /// The project as it comes.
    pub fn new() -> Self {
        Self::project(json!({}))
    }

    /// Another day.
    pub fn on(mut self, today: &str) -> Self {
        self.today = day(today);
        self
    }

    /// One more record; what it leaves out is something that no rule minds.
    pub fn with(mut self, path: &str, record: Value) -> Self {
        self.next += 1;
        let mut whole = json!({
            "id": self.next, "version": 1, "createdAt": "2017-09-28T08:00:00Z", "updatedAt": "2017-09-28T08:00:00Z",
            "projectId": 1
        });
        merge(&mut whole, usual(path));
        merge(&mut whole, record);
        self.picture.add(path, identified(whole)).unwrap_or_else(|error| panic!("{path}: {error}"));
        self
    }

    /// Dated milestones: number and planned day; their identifiers count from 1.
    pub fn milestones(self, planned: &[(&str, &str)]) -> Self {
        planned.iter().zip(1..).fold(self, |sample, ((number, day), id)| {
            let planned_on = Some(day).filter(|day| !day.is_empty());
            sample.with("milestones", json!({ "id": id, "number": number, "plannedOn": planned_on, "activityId": 99 }))
        })
    }

    /// Everything that the check finds.
    pub fn findings(&self) -> Vec<Finding> {
        check(&self.picture, self.today)
    }

    /// What one rule finds.
    pub fn of(&self, rule: &str) -> Vec<Finding> {
        self.findings().into_iter().filter(|finding| finding.rule.code() == rule).collect()
    }

    /// The records that one rule names.
    pub fn named(&self, rule: &str) -> Vec<u128> {
        self.of(rule).iter().map(|finding| finding.record.id.as_u128()).collect()
    }

    /// The one finding of a rule: its message in Bokmål.
    pub fn message(&self, rule: &str) -> String {
        let found = self.of(rule);
        assert_eq!(found.len(), 1, "{rule}: {found:?}");
        found.into_iter().map(|finding| finding.message.nb).collect()
    }
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

/// Small numbers where identifiers stand become identifiers.
fn identified(record: Value) -> Value {
    let Value::Object(members) = record else { return record };
    let member = |(name, value): (String, Value)| {
        let identifies = name == "id" || name.ends_with("Id");
        let value = match value.as_u64().filter(|_| identifies) {
            Some(number) => Uuid::from_u128(number.into()).to_string().into(),
            None => identified(value),
        };
        (name, value)
    };
    Value::Object(members.into_iter().map(member).collect::<Map<String, Value>>())
}

fn usual(path: &str) -> Value {
    match path {
        "projects" => json!({ "code": "P", "name": "P", "type": "pre_project" }),
        "milestones" => json!({ "number": "1", "title": "Nådd" }),
        "activities" => json!({ "title": "Arbeid", "kind": "other" }),
        "decision-points" => json!({ "number": "1", "theme": "Prosjektstart", "approver": "steering_group" }),
        "decision-requirements" => json!({ "documentKind": "memo" }),
        "documents" => json!({ "kind": "memo", "title": "Notat" }),
        "organisations" => json!({ "kind": "other" }),
        "people" => json!({ "givenName": "Kari", "familyName": "Nordmann" }),
        "goals" => json!({ "kind": "outcome", "text": "Flere arbeidsplasser" }),
        "indicators" => json!({ "name": "Arbeidsplasser", "unit": "arbeidsplasser" }),
        "recommendations" => json!({ "number": "1", "text": "Gå videre" }),
        "matters" => json!({ "subject": "budget", "title": "Budsjett 2018" }),
        "political-steps" => json!({ "body": "council" }),
        "agreements" => json!({ "kind": "host_municipality", "title": "Vertskommuneavtale" }),
        "meetings" => json!({ "kind": "steering_group", "title": "Styringsgruppemøte" }),
        "agenda-items" => json!({ "number": "4/18", "title": "Valg av selskap" }),
        "attendances" => json!({ "capacity": "member", "attended": true }),
        "interest-declarations" => json!({ "interest": "Styremedlem i selskapet" }),
        "regions" => json!({ "name": "Sør-Troms", "programmeId": 1 }),
        "service-provisions" => json!({ "arrangement": "own_staff" }),
        _ => json!({}),
    }
}
