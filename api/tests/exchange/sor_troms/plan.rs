//! The document with what the checklist asks of it.

use framdrift::demo;
use serde_json::{Value, json};

use crate::support::Result;

/// The document with what the checklist asks of it.
pub struct Plan(Value);

impl Plan {
    pub fn read() -> Result<Self> {
        Ok(Self(serde_json::from_str(demo::DOCUMENT)?))
    }

    pub fn all(&self, path: &str) -> Vec<&Value> {
        self.0["records"][path].as_array().into_iter().flatten().collect()
    }

    /// The records of a collection with a value in a field.
    pub fn with(&self, path: &str, field: &str, value: &Value) -> Vec<&Value> {
        self.all(path).into_iter().filter(|record| record[field] == *value).collect()
    }

    /// The only record with a value in a field.
    pub fn one(&self, path: &str, field: &str, value: &str) -> &Value {
        let found = self.with(path, field, &value.into());
        assert_eq!(found.len(), 1, "{path} with {field} {value}");
        found[0]
    }

    pub fn organisation(&self, name: &str) -> &Value {
        self.one("organisations", "name", name)
    }

    pub fn named(&self, id: &Value) -> &Value {
        self.all("organisations")
            .into_iter()
            .find(|record| record["id"] == *id)
            .map_or(&Value::Null, |record| &record["name"])
    }

    pub fn project(&self, code: &str) -> &Value {
        self.one("projects", "code", code)
    }

    /// The organisations with a role in a project, in their order.
    pub fn parties(&self, code: &str, role: &str) -> Vec<&Value> {
        let project = &self.project(code)["id"];
        let own = self.with("project-parties", "projectId", project).into_iter().filter(|party| party["role"] == role);
        own.map(|party| self.named(&party["organisationId"])).collect()
    }

    /// The members of a region on a day, by name.
    pub fn members(&self, region: &str, on: &str) -> Vec<&Value> {
        let region = &self.one("regions", "name", region)["id"];
        let holds = |member: &&Value| {
            member["validFrom"].as_str().is_none_or(|from| from <= on)
                && member["validTo"].as_str().is_none_or(|to| on <= to)
        };
        let members = self.with("region-members", "regionId", region).into_iter().filter(holds);
        members.map(|member| self.named(&member["organisationId"])).collect()
    }

    /// What a municipality's service consists of: arrangement, provider, title, FTE, of the provider, people, estimate.
    pub fn provisions(&self, municipality: &str) -> Value {
        let profile = &self.profile(municipality)["id"];
        let one = |provision: &Value| {
            json!([
                provision["arrangement"],
                self.named(&provision["providerId"]),
                provision["title"],
                provision["businessFte"],
                provision["providerFte"],
                provision["headcount"],
                provision["approximate"]
            ])
        };
        self.with("service-provisions", "profileId", profile).into_iter().map(one).collect()
    }

    pub fn profile(&self, municipality: &str) -> &Value {
        let id = self.organisation(municipality)["id"].as_str().unwrap_or_default();
        self.one("service-profiles", "organisationId", id)
    }

    pub fn person(&self, id: &Value) -> String {
        let person = self.all("people").into_iter().find(|person| person["id"] == *id);
        person.map(|one| format!("{} {}", text(&one["givenName"]), text(&one["familyName"]))).unwrap_or_default()
    }

    /// Name, organisation, title and votes of those who have a role in the pre-project.
    pub fn seats(&self, role: &str) -> Value {
        let seats = self.with("assignments", "role", &role.into()).into_iter();
        seats
            .map(|seat| {
                json!([
                    self.person(&seat["personId"]),
                    self.named(&seat["organisationId"]),
                    seat["title"],
                    seat["votes"]
                ])
            })
            .collect()
    }

    /// Organisation, title and part of a post of a person's affiliations.
    pub fn affiliations(&self, family_name: &str) -> Value {
        let person = &self.one("people", "familyName", family_name)["id"];
        let own = self.with("affiliations", "personId", person).into_iter();
        own.map(|one| json!([self.named(&one["organisationId"]), one["title"], one["fraction"]])).collect()
    }

    pub fn activities(&self, kind: &str) -> Value {
        let own = self.with("activities", "kind", &kind.into()).into_iter();
        own.map(|one| json!([one["number"], one["title"], one["evidence"]])).collect()
    }

    pub fn recommendation(&self, number: &str) -> Value {
        let one = self.one("recommendations", "number", number);
        let next = self.all("projects").into_iter().find(|project| project["id"] == one["leadsToProjectId"]);
        json!([one["text"], one["stage"], one["status"], next.map(|project| project["code"].clone())])
    }
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub fn pick(record: &Value, fields: &[&str]) -> Value {
    fields.iter().map(|field| record[*field].clone()).collect()
}

pub fn sorted(mut values: Vec<&Value>) -> Value {
    values.sort_by_key(|value| value.to_string());
    json!(values)
}
