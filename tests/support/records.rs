//! One valid record of every collection, with what the contract's tests do to it. A new resource gets a row here.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// A record of a collection as a client would send it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The collection.
    pub path: &'static str,
    /// Every field that a client may write. `→goals` stands for a record of that collection, `{n}` for a number of its own,
    /// `{org}` for an organisation number, `{code}` for four digits.
    pub body: Value,
    /// A field and another valid value of it.
    pub change: (&'static str, Value),
    /// A field that may be cleared.
    pub clear: &'static str,
    /// A field and a value that it cannot have.
    pub wrong: (&'static str, Value),
    /// Fields that the body leaves out, since they are not known yet or exclude each other.
    pub without: &'static [&'static str],
}

/// The sample of a collection.
///
/// # Panics
/// When there is none: then this file lacks a row.
#[must_use]
pub fn sample(path: &str) -> &'static Sample {
    all()
        .iter()
        .find(|sample| sample.path == path)
        .unwrap_or_else(|| panic!("tests/support/records.rs has no row for {path}"))
}

/// Every sample.
#[must_use]
pub fn all() -> &'static [Sample] {
    static ALL: LazyLock<Vec<Sample>> =
        LazyLock::new(|| [directory(), plan(), work(), meetings(), handling(), economy(), rest()].concat());
    &ALL
}

impl Sample {
    fn of(path: &'static str, body: Value) -> Self {
        Self { path, body, change: ("", Value::Null), clear: "", wrong: ("", Value::Null), without: &[] }
    }

    fn changes(mut self, field: &'static str, to: impl Into<Value>) -> Self {
        self.change = (field, to.into());
        self
    }

    const fn clears(mut self, field: &'static str) -> Self {
        self.clear = field;
        self
    }

    fn refuses(mut self, field: &'static str, value: impl Into<Value>) -> Self {
        self.wrong = (field, value.into());
        self
    }

    const fn without(mut self, fields: &'static [&'static str]) -> Self {
        self.without = fields;
        self
    }

    /// The body with its numbers filled in.
    #[must_use]
    pub fn numbered(&self, n: u32) -> Value {
        numbered(&self.body, n)
    }
}

fn numbered(value: &Value, n: u32) -> Value {
    match value {
        Value::String(text) => {
            let text = text.replace("{n}", &n.to_string()).replace("{code}", &format!("{:04}", 1000 + n));
            if text == "{org}" { organisation_number(n).into() } else { text.into() }
        }
        Value::Array(items) => items.iter().map(|item| numbered(item, n)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), numbered(member, n))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// The n-th number that has a check digit (weights 3 2 7 6 5 4 3 2, modulus 11).
fn organisation_number(n: u32) -> String {
    let checked = |base: u32| {
        let digits: Vec<u32> = base.to_string().chars().filter_map(|digit| digit.to_digit(10)).collect();
        let sum: u32 = digits.iter().zip([3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
        let check = (11 - sum % 11) % 11;
        (check < 10).then(|| format!("{base}{check}"))
    };
    (90_000_000..).filter_map(checked).nth(n as usize).unwrap_or_default()
}

fn directory() -> Vec<Sample> {
    vec![
        Sample::of(
            "organisations",
            json!({
                "name": "Åstfjord-Øst utvikling {n}",
                "altNames": [{ "name": "Loabák {n}", "language": "se", "kind": "official" }],
                "kind": "development_organisation",
                "orgNumber": "{org}",
                "parentId": "→organisations/parent",
                "inhabitants": 1012,
                "inhabitantsOn": "2017-01-01",
                "email": "post{n}@astfjord.example",
                "website": "https://www.astfjord.example/{n}",
                "language": "nn",
            }),
        )
        .changes("inhabitants", 1013)
        .clears("website")
        .refuses("orgNumber", "959469880"),
        Sample::of(
            "municipality-codes",
            json!({
                "organisationId": "→organisations/new",
                "code": "{code}",
                "validFrom": "2020-01-01",
                "validTo": "2023-12-31",
            }),
        )
        .changes("code", "5520")
        .clears("validTo")
        .refuses("code", "192"),
        Sample::of(
            "people",
            json!({
                "givenName": "Kåre-Ørjan",
                "familyName": "Næss {n}",
                "email": "kare{n}@astfjord.example",
                "phone": "+47 00 00 00 00",
            }),
        )
        .changes("givenName", "Åse")
        .clears("phone")
        .refuses("email", "kare"),
        Sample::of(
            "affiliations",
            json!({
                "personId": "→people",
                "organisationId": "→organisations",
                "title": "Næringssjef {n}",
                "fraction": 0.5,
                "validFrom": "2016-08-01",
                "validTo": "2018-07-31",
            }),
        )
        .changes("fraction", 0.25)
        .clears("validTo")
        .refuses("fraction", 1.5),
        Sample::of(
            "programmes",
            json!({
                "name": "Næringsvennlig region {n}",
                "description": "Bedre tjenester for næringslivet",
                "ownerId": "→organisations",
            }),
        )
        .changes("description", "Betre tenester for næringslivet")
        .clears("ownerId")
        .refuses("name", ""),
        Sample::of(
            "programme-assignments",
            json!({
                "programmeId": "→programmes/other",
                "personId": "→people",
                "role": "observer",
                "validFrom": "2017-01-01",
                "validTo": "2019-12-31",
            }),
        )
        .changes("role", "programme_manager")
        .clears("validTo")
        .refuses("role", "owner")
        .without(&["organisationId"]),
        Sample::of("regions", json!({ "programmeId": "→programmes", "name": "Midt-Troms {n}" }))
            .changes("name", "Nord-Troms")
            .refuses("name", "x".repeat(201)),
        Sample::of(
            "region-members",
            json!({
                "regionId": "→regions",
                "organisationId": "→organisations",
                "validFrom": "2017-01-01",
                "validTo": "2017-12-31",
            }),
        )
        .changes("validTo", "2018-12-31")
        .clears("validTo")
        .refuses("validTo", "2016-12-31"),
        Sample::of(
            "service-profiles",
            json!({
                "organisationId": "→organisations",
                "asOf": "2017-09-28",
                "description": "Næringssjef i halv stilling {n}",
                "hasBusinessAssociation": true,
            }),
        )
        .changes("hasBusinessAssociation", false)
        .clears("hasBusinessAssociation")
        .refuses("asOf", "28.9.2017"),
        Sample::of(
            "service-provisions",
            json!({
                "profileId": "→service-profiles",
                "providerId": "→organisations",
                "arrangement": "purchased",
                "title": "Førstelinjetjeneste {n}",
                "businessFte": 0.2,
                "providerFte": 3.5,
                "headcount": 2,
                "approximate": true,
                "validFrom": "2017-01-01",
                "validTo": "2017-12-31",
            }),
        )
        .changes("businessFte", 0.75)
        .clears("providerFte")
        .refuses("businessFte", 0.125),
        Sample::of(
            "users",
            json!({
                "email": "ny{n}@astfjord.example",
                "name": "Åse Næss {n}",
                "personId": "→people",
                "administrator": false,
                "disabledAt": "2026-01-02T03:04:05Z",
            }),
        )
        .changes("name", "Åse Øra")
        .clears("disabledAt")
        .refuses("email", "Ny@Astfjord.example"),
        Sample::of(
            "user-identities",
            json!({ "userId": "→users", "issuer": "https://idporten.example", "subject": "pwSJNqBhOUVc{n}" }),
        )
        .changes("subject", "annen-{n}")
        .refuses("userId", "ingen"),
        Sample::of(
            "retention-rules",
            json!({ "dataClass": "access_log", "months": 25, "action": "delete", "basis": "Rutine {n}" }),
        )
        .changes("months", 36)
        .clears("basis")
        .refuses("months", 0),
        Sample::of(
            "clients",
            json!({
                "organisationId": "→organisations",
                "name": "Sak og arkiv {n}",
                "scopes": ["framdrift:status", "framdrift:political.write"],
                "jwks": { "keys": [{
                    "kty": "OKP", "kid": "2026-{n}", "alg": "EdDSA", "use": "sig", "crv": "Ed25519",
                    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "y": null, "n": null, "e": null,
                }]},
                "disabledAt": "2026-01-02T03:04:05Z",
            }),
        )
        .changes("name", "Komitésystemet")
        .clears("disabledAt")
        .refuses("scopes", json!(["framdrift:everything"])),
        Sample::of(
            "webhooks",
            json!({
                "url": "https://hooks.astfjord.example/framdrift/{n}",
                "eventTypes": ["milestone.*", "decision_point.decided"],
                "projectId": "→projects",
                "state": "active",
                "description": "Sak og arkiv {n}",
            }),
        )
        .changes("state", "disabled")
        .clears("description")
        .refuses("url", "https://127.0.0.1/")
        // Of a project or of an organisation.
        .without(&["organisationId"]),
    ]
}

fn plan() -> Vec<Sample> {
    vec![
        Sample::of(
            "projects",
            json!({
                "code": "NVR-{n}",
                "name": "Næringsvennlig region – steg {n}",
                "type": "main_project",
                "stage": 2,
                "programmeId": "→programmes",
                "regionId": "→regions",
                "predecessorId": "→projects",
                "conditional": true,
                "status": "pipeline",
                "startsOn": "2018-08-01",
                "endsOn": "2019-07-31",
                "durationMonthsMin": 12,
                "durationMonthsMax": 24,
                "purpose": "Et førstelinjetilbud for næringslivet",
                "background": "Forprosjektet",
                "scope": "Fire kommuner",
                "exclusions": "Landbruk",
                "constraints": "Kommunenes budsjetter",
            }),
        )
        .changes("status", "active")
        .clears("stage")
        .refuses("type", "study"),
        Sample::of(
            "project-parties",
            json!({
                "projectId": "→projects",
                "organisationId": "→organisations",
                "role": "partner",
                "note": "Deltar i arbeidsgruppa {n}",
            }),
        )
        .changes("role", "supplier")
        .clears("note")
        .refuses("role", "friend"),
        Sample::of(
            "assignments",
            json!({
                "projectId": "→projects",
                "personId": "→people",
                "role": "reference_group_member",
                "organisationId": "→organisations",
                "title": "Ordfører {n}",
                "votes": 1,
                "validFrom": "2017-11-01",
                "validTo": "2018-04-30",
            }),
        )
        .changes("votes", 0)
        .clears("votes")
        .refuses("validTo", "2017-10-31"),
        Sample::of(
            "goals",
            json!({
                "projectId": "→projects",
                "kind": "output",
                "text": "Avtale om samarbeid {n}",
                "parentId": "→goals/parent",
            }),
        )
        .changes("kind", "outcome")
        .clears("parentId")
        .refuses("kind", "wish"),
        Sample::of(
            "indicators",
            json!({
                "projectId": "→projects",
                "goalId": "→goals",
                "name": "Nye arbeidsplasser {n}",
                "unit": "arbeidsplasser",
                "definition": "Hele stillinger",
                "source": "SSB tabell 07091",
                "direction": "increase",
                "baseline": 12.3456,
                "baselineOn": "2017-01-01",
                "targets": [{ "value": 25, "by": "2018-12-31", "setOn": "2017-11-01", "reason": "Første mål" }],
                "measures": "jobs_created",
            }),
        )
        .changes("baseline", -0.5)
        .clears("baseline")
        .refuses("baseline", 0.12345),
        Sample::of(
            "measurements",
            json!({
                "projectId": "→projects",
                "indicatorId": "→indicators",
                "organisationId": "→organisations",
                "measuredOn": "2018-04-30",
                "value": 35.25,
                "note": "Foreløpig {n}",
                "certainty": "expected",
            }),
        )
        .changes("value", 36)
        .clears("note")
        .refuses("value", "35"),
    ]
}

fn work() -> Vec<Sample> {
    vec![
        Sample::of("activities", json!({
            "projectId": "→projects",
            "number": "HA {n}",
            "title": "Workshop om tjenestene",
            "kind": "workshop",
            "parentId": "→activities/parent",
            "startsOn": "2017-11-01",
            "endsOn": "2017-12-15",
            "progressPercent": 50,
            "responsibleId": "→people",
            "evidence": "Notat",
            "status": "in_progress",
        }))
        .changes("progressPercent", 75)
        .clears("number")
        .refuses("progressPercent", 101),
        Sample::of("dependencies", json!({
            "projectId": "→projects",
            "predecessor": { "kind": "activity", "id": "→activities/first" },
            "successor": { "kind": "milestone", "id": "→milestones" },
            "lagDays": 14,
        }))
        .changes("lagDays", -14)
        .refuses("lagDays", 3651),
        Sample::of("milestones", json!({
            "projectId": "→projects",
            "number": "{n}",
            "title": "Gjennomført workshop om tjenestene",
            "activityId": "→activities",
            "plannedOn": "2017-12-15",
            "forecastOn": "2018-01-15",
            "metOn": "2018-01-17",
            "cancelledOn": "2018-02-01",
            "type": "engagement",
            "internal": false,
            "requiresDocument": true,
        }))
        .changes("forecastOn", "2018-01-31")
        .clears("cancelledOn")
        .refuses("plannedOn", "2017-02-29")
        .without(&["matterId"]),
        Sample::of("decision-points", json!({
            "projectId": "→projects",
            "number": "BP{n}",
            "theme": "Prosjektstart",
            "plannedOn": "2017-11-01",
            "approver": "steering_group",
        }))
        .changes("theme", "Prosjektavslutning")
        .clears("approver")
        .refuses("approver", "nobody"),
        Sample::of("decision-requirements", json!({
            "projectId": "→projects",
            "decisionPointId": "→decision-points",
            "documentKind": "project_plan",
            "documentId": "→documents",
            "requiredStatus": "final",
        }))
        .changes("requiredStatus", "adopted")
        .clears("documentId")
        .refuses("documentKind", "letter"),
        Sample::of("documents", json!({
            "projectId": "→projects",
            "kind": "project_plan",
            "title": "Prosjektplan {n}",
            "documentOn": "2017-09-28",
            "sender": "Proneo AS",
            "recipient": "Gratangen kommune",
            "activityId": "→activities",
            "supersedesId": "→documents/older",
            "status": "final",
            "adoptedOn": "2017-10-30",
            "access": "partly_exempt",
            "exemptionBasis": "offentleglova § 23",
            "accessibleAfter": "2027-09-28",
            "archive": {
                "system": "gratangen-arkiv", "caseYear": 2017, "caseSequence": 412, "entryNumber": 3, "state": "received",
                "archivedAt": null, "caseId": "0b1f3f5a-5b1e-4c55-9a0e-5d7f3a1b2c3d", "entryId": null,
                "entryVersion": null, "descriptionVersion": null, "contentVersion": null,
            },
            "retention": "Bevares",
        }))
        .changes("title", "Prosjektplan, revidert")
        .clears("archive")
        .refuses("access", "secret"),
    ]
}

fn meetings() -> Vec<Sample> {
    vec![
        Sample::of(
            "meetings",
            json!({
                "projectId": "→projects",
                "kind": "steering_group",
                "title": "Styringsgruppemøte {n} på Sjøvegan",
                "startsAt": "2017-10-26T08:00:00Z",
                "endsAt": "2017-10-26T11:00:00Z",
                "place": "Rådhuset {n}",
                "status": "summoned",
                "activityId": "→activities",
                "minutesId": "→documents",
            }),
        )
        .changes("place", "Kommunehuset i Gratangen")
        .clears("place")
        .refuses("startsAt", "i morgen"),
        Sample::of(
            "attendances",
            json!({
                "projectId": "→projects",
                "meetingId": "→meetings",
                "personId": "→people/new",
                "organisationId": "→organisations",
                "capacity": "member",
                "response": "accepted",
                "attended": true,
            }),
        )
        .changes("capacity", "guest")
        .clears("response")
        .refuses("capacity", "chair"),
        Sample::of(
            "agenda-items",
            json!({
                "projectId": "→projects",
                "meetingId": "→meetings",
                "number": "{n}/17",
                "title": "Prosjektplan for forprosjektet",
                "text": "Planen legges fram til godkjenning {n}",
            }),
        )
        .changes("title", "Budsjett")
        .clears("text")
        .refuses("title", ""),
        Sample::of(
            "interest-declarations",
            json!({
                "projectId": "→projects",
                "agendaItemId": "→agenda-items",
                "personId": "→people/new",
                "interest": "Styremedlem i selskap {n}",
                "basis": "fvl. § 6 første ledd e",
                "recused": true,
            }),
        )
        .changes("interest", "Ansatt i selskapet")
        .clears("basis")
        .refuses("interest", ""),
        Sample::of(
            "resolutions",
            json!({
                "projectId": "→projects",
                "meetingId": "→meetings/new",
                "number": "{n}/17",
                "text": "Prosjektplanen godkjennes {n}",
                "outcome": "noted",
                "adoptedOn": "2017-10-26",
                "votesFor": 5,
                "votesAgainst": 0,
                "subject": { "kind": "document", "id": "→documents" },
            }),
        )
        .changes("text", "Prosjektplanen vedtas")
        .clears("number")
        .refuses("votesFor", -1)
        .without(&["agendaItemId"]),
        Sample::of(
            "action-items",
            json!({
                "projectId": "→projects",
                "meetingId": "→meetings",
                "text": "Sende møtereferat nr. {n} til kommunene",
                "responsibleId": "→people",
                "dueOn": "2017-11-03",
                "doneOn": "2017-11-02",
            }),
        )
        .changes("text", "Sende innkalling")
        .clears("doneOn")
        .refuses("dueOn", "2017-02-30"),
        Sample::of(
            "body-rules",
            json!({
                "projectId": "→projects",
                "body": "steering_group",
                "quorum": "half",
                "majority": "simple",
                "chairCastingVote": true,
                "validFrom": "2017-09-28",
            }),
        )
        .changes("majority", "unanimous")
        .clears("validFrom")
        .refuses("quorum", "enough"),
    ]
}

fn handling() -> Vec<Sample> {
    vec![
        Sample::of(
            "matters",
            json!({
                "projectId": "→projects",
                "subject": "budget",
                "title": "Budsjett med kostnadsfordeling {n}",
                "documentId": "→documents",
                "rule": "named",
                "named": ["→organisations"],
            }),
        )
        .changes("title", "Budsjett for hovedprosjektet")
        .clears("documentId")
        .refuses("rule", "two_thirds")
        // A milestone that it is tied to refers back to it, so that neither can go while they are tied.
        .without(&["milestoneId"]),
        Sample::of(
            "political-cases",
            json!({
                "projectId": "→projects",
                "matterId": "→matters",
                "organisationId": "→organisations/new",
                "caseYear": 2017,
                "caseSequence": 412,
                "windowFrom": "2017-09-01",
                "windowTo": "2017-10-31",
            }),
        )
        .changes("caseSequence", 413)
        .clears("caseYear")
        .refuses("windowTo", "2017-10-32"),
        Sample::of(
            "political-steps",
            json!({
                "projectId": "→projects",
                "caseId": "→political-cases",
                "body": "council",
                "meetingOn": "2017-10-12",
                "itemNumber": "PS {n}/17",
                "outcome": "adopted_with_conditions",
                "conditions": "Kostnaden skal ikke øke",
                "resolutionText": "Gratangen kommune slutter seg til {n}",
                "isFinal": true,
                "votes": { "for": 15, "against": 2, "blank": 0 },
            }),
        )
        .changes("conditions", "Kostnaden skal ikke øke etter 2018")
        .clears("votes")
        .refuses("outcome", "perhaps"),
        Sample::of(
            "agreements",
            json!({
                "projectId": "→projects",
                "kind": "host_municipality",
                "title": "Avtale om vertskommunesamarbeid {n}",
                "legalBasis": "kommuneloven § 20-4",
                "validFrom": "2018-05-01",
                "validTo": "2022-04-30",
                "noticeMonths": 12,
                "documentId": "→documents",
                "clauses": [{ "requirement": "host", "clause": "§ 2" }],
            }),
        )
        .changes("noticeMonths", 6)
        .clears("validTo")
        .refuses("kind", "handshake"),
        Sample::of(
            "agreement-parties",
            json!({
                "projectId": "→projects",
                "agreementId": "→agreements",
                "organisationId": "→organisations/new",
                "adoptedVersionSha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "signedOn": "2018-04-12",
                "signedBy": "→people",
            }),
        )
        .changes("signedOn", "2018-04-13")
        .clears("signedBy")
        .refuses("adoptedVersionSha256", "9f86")
        // The case is the party's own: the named tests tie the two.
        .without(&["caseId"]),
    ]
}

fn rest() -> Vec<Sample> {
    vec![
        Sample::of(
            "risks",
            json!({
                "projectId": "→projects",
                "kind": "risk",
                "title": "En kommune vedtar ikke budsjettet i tide {n}",
                "probability": 3,
                "impact": 4,
                "response": "Tidlig orientering",
                "ownerId": "→people",
                "status": "identified",
                "residualProbability": 2,
                "residualImpact": 3,
            }),
        )
        .changes("probability", 1)
        .clears("ownerId")
        .refuses("impact", 6),
        Sample::of(
            "change-requests",
            json!({
                "projectId": "→projects",
                "type": "duration",
                "description": "Workshopen flyttes til januar {n}",
                "consequence": "Ingen for sluttdatoen",
                "requestedBy": "→people",
                "decision": "approved",
                "decidedOn": "2017-12-01",
            }),
        )
        .changes("type", "scope")
        .clears("decision")
        .refuses("type", "mood"),
        Sample::of(
            "recommendations",
            json!({
                "projectId": "→projects",
                "number": "{n}",
                "text": "Utvikle en desentralisert løsning",
                "stage": 1,
                "status": "adopted",
                "leadsToProjectId": "→projects/next",
            }),
        )
        .changes("status", "deferred")
        .clears("stage")
        .refuses("stage", 0)
        .without(&["adoptedById"]),
        Sample::of(
            "organisation-options",
            json!({
                "projectId": "→projects",
                "form": "iks",
                "horizon": "long_term",
                "assessment": "Krever selskapsavtale {n}",
                "status": "deferred",
            }),
        )
        .changes("form", "as")
        .clears("status")
        .refuses("form", "guild"),
        Sample::of(
            "services",
            json!({
                "projectId": "→projects",
                "name": "Etablererveiledning {n}",
                "targetGroup": "Nyetablerere",
                "description": "Rådgivning i oppstarten",
                "providers": ["→organisations"],
                "status": "agreed",
            }),
        )
        .changes("status", "in_operation")
        .clears("targetGroup")
        .refuses("providers", json!(["nobody"])),
        Sample::of(
            "competence-needs",
            json!({
                "projectId": "→projects",
                "need": "Finansieringsrådgivning {n}",
                "currentLevel": 2,
                "requiredLevel": 4,
                "coverage": "shared",
                "serviceId": "→services",
            }),
        )
        .changes("currentLevel", 3)
        .clears("serviceId")
        .refuses("requiredLevel", 2.5),
        Sample::of(
            "reference-cases",
            json!({
                "projectId": "→projects",
                "kind": "study_visit_host",
                "name": "Fosen Regionråd {n}",
                "place": "Fosen",
                "summary": "Felles næringsarbeid",
                "relevance": "Samme størrelse",
                "url": "https://www.fosen.example",
            }),
        )
        .changes("place", "Ørland")
        .clears("url")
        .refuses("url", "javascript:alert(1)"),
        Sample::of(
            "communication-measures",
            json!({
                "projectId": "→projects",
                "audience": "Kommunestyrene {n}",
                "message": "Hva samarbeidet betyr",
                "channel": "Orientering i møte",
                "plannedOn": "2018-02-01",
                "doneOn": "2018-02-08",
                "responsibleId": "→people",
            }),
        )
        .changes("channel", "Nettside")
        .clears("doneOn")
        .refuses("doneOn", "2018-02-30"),
        Sample::of(
            "status-reports",
            json!({
                "projectId": "→projects",
                "kind": "final",
                "periodFrom": "2017-11-01",
                "periodTo": "2017-12-31",
                "overall": { "status": "green", "trend": "stable", "comment": "Alt går som det skal {n}" },
                "time": { "status": "on_plan", "trend": null, "comment": null },
                "economy": { "status": "not_known", "trend": null, "comment": "Beløp er ikke kjent" },
                "quality": { "status": "as_specified", "trend": null, "comment": null },
                "risk": { "status": "medium", "trend": "improving", "comment": null },
                "outcome": { "status": "not_started", "trend": null, "comment": null },
                "achieved": "Workshopen ble holdt {n}",
                "next": "Budsjettet legges fram",
                "decisionsWanted": "Ingen",
                "sections": [{ "heading": "summary", "text": "Kort fortalt" }],
            }),
        )
        .changes("achieved", "Begge workshopene ble holdt")
        .clears("next")
        .refuses("periodTo", "2017-13-31")
        // Only what is published is superseded: the named tests publish.
        .without(&["supersedesId"]),
        Sample::of(
            "report-signatures",
            json!({
                "projectId": "→projects",
                "reportId": "→status-reports/published",
                "organisationId": "→organisations/new party",
                "personId": "→people",
            }),
        )
        .changes("personId", "→people/other")
        .clears("personId")
        .refuses("personId", "Kari"),
        Sample::of(
            "external-references",
            json!({
                "system": "elements",
                "key": "2017/{n}",
                "url": "https://sak.example/2017/412",
                "record": { "kind": "milestone", "id": "→milestones" },
            }),
        )
        .changes("key", "2018/1")
        .clears("url")
        .refuses("system", "to ord"),
        Sample::of(
            "outbound-messages",
            json!({
                "projectId": "→projects",
                "kind": "archive_package",
                "record": { "kind": "document", "id": "→documents" },
                "recipientId": "→organisations",
                "channel": "fiks-io-{n}",
                "state": "queued",
                "messageId": "melding-{n}",
                "payloadTag": "5e0f2c1f",
                "receipt": "<arkivmeldingKvittering/>",
                "failure": "Mottakeren svarte ikke",
            }),
        )
        .changes("channel", "mappe")
        .clears("receipt")
        .refuses("state", "lost"),
        Sample::of(
            "finding-waivers",
            json!({
                "projectId": "→projects",
                "rule": "milestone.out_of_sequence",
                "record": { "kind": "milestone", "id": "→milestones" },
                "pointer": "/plannedOn",
                "reason": "Datoen er vedtatt av styringsgruppa {n}",
            }),
        )
        .changes("reason", "Datoen står")
        .clears("pointer")
        .refuses("rule", "Out of order"),
    ]
}

/// Money and effort.
fn economy() -> Vec<Sample> {
    vec![
        Sample::of(
            "budgets",
            json!({
                "projectId": "→projects",
                "name": "Budsjett {n}",
                "number": 1,
                "status": "committed",
                "kind": "revised",
            }),
        )
        .changes("name", "Revidert budsjett")
        .clears("number")
        .refuses("status", "agreed")
        // A budget that is put to the municipalities binds by their adoption: the named tests have it adopted.
        .without(&["matterId"]),
        Sample::of(
            "budget-lines",
            json!({
                "projectId": "→projects",
                "budgetId": "→budgets",
                "activityId": "→activities",
                "organisationId": "→organisations",
                "category": "Prosjektledelse {n}",
                "kind": "in_kind",
                "year": 2018,
                "amountOre": 24_000_000,
                "hours": 400.25,
                "forecastOre": 25_000_000,
                "function": "325",
                "accountType": "370",
                "note": "Egne folk",
            }),
        )
        .changes("category", "Reise")
        .clears("note")
        .refuses("function", "999")
        // With a rate the amount is a product, which the named tests work out.
        .without(&["rateOre"]),
        Sample::of(
            "funding-sources",
            json!({
                "projectId": "→projects",
                "organisationId": "→organisations",
                "scheme": "Regionale utviklingsmidler {n}",
                "amountOre": 30_000_000,
                "state": "committed",
                "supportShare": 49.5,
                "conditions": "Utbetales mot attestert regnskap",
                "decidedOn": "2017-12-18",
                "acceptDueOn": "2018-01-08",
                "acceptedOn": "2018-01-03",
                "reportDueOn": "2018-06-30",
                "reportedOn": "2018-06-15",
            }),
        )
        .changes("state", "payout_requested")
        .clears("reportedOn")
        .refuses("supportShare", 101),
        Sample::of(
            "cost-keys",
            json!({
                "projectId": "→projects",
                "name": "20/80 {n}",
                "components": [
                    { "type": "equal", "weight": 20, "amountOre": null },
                    { "type": "fixed_amount", "weight": null, "amountOre": 100 },
                ],
                "parties": [{
                    "organisationId": "→organisations",
                    "figures": { "population": 3933, "fte": 1.2, "use": null, "custom": 14.2857 },
                    "validFrom": "2018-01-01",
                    "validTo": null,
                }],
                "source": "SSB, folkemengde 1.1.2013",
                "referenceOn": "2013-01-01",
                "validFrom": "2017-11-01",
                "validTo": "2018-04-30",
                "adoptedByMatterId": "→matters",
            }),
        )
        .changes("name", "Avtalt nøkkel")
        .clears("validTo")
        .refuses("components", json!([{ "type": "height", "weight": 1 }])),
        Sample::of(
            "cost-entries",
            json!({
                "projectId": "→projects",
                "budgetLineId": "→budget-lines",
                "amountOre": 1_250_000,
                "incurredOn": "2018-01-31",
                "supplier": "Proneo AS {n}",
                "voucher": "2018{code}",
                "text": "Prosessledelse",
                "importKey": "erp-{n}",
            }),
        )
        .changes("amountOre", -500)
        .clears("budgetLineId")
        .refuses("amountOre", 12.5),
        Sample::of(
            "time-entries",
            json!({
                "projectId": "→projects",
                "personId": "→people",
                "organisationId": "→organisations",
                "activityId": "→activities",
                "workedOn": "2018-01-16",
                "hours": 7.5,
                "rateOre": 60_000,
                "countsAsFunding": true,
                "note": "Forberedelse {n}",
            }),
        )
        .changes("note", "Etterarbeid")
        .clears("organisationId")
        .refuses("hours", 0),
    ]
}
