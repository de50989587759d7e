//! `GET /projects/{id}/decisions`: every decision of a project, who made it, and what it changed.

mod changes;
mod collect;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use entity::RecordRef;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Asked;
use super::shapes::{OrganisationName, ProjectName, VoteCounts};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::render::Tables;
use crate::{store, text};

pub use changes::EVENTS;
pub use collect::of;

/// The register of decisions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decisions {
    /// The newest first; those without a date last.
    pub items: Vec<Decision>,
}

/// One decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// The record that holds it: a resolution, a decision point, a final step in a municipality, a matter, a document
    /// that was adopted without a resolution, or a recommendation.
    pub record: RecordRef,
    /// Its project: this one, or one that it comes from.
    pub project: ProjectName,
    /// What was decided on.
    #[schema(max_length = 10100, example = "Videreføring i forprosjekt")]
    pub title: String,
    /// The day of the decision; null while it is not known.
    #[schema(required = true)]
    pub decided_on: Option<NaiveDate>,
    /// Who decided.
    pub decided_by: DecidedBy,
    /// The outcome, a code of the record's own list.
    #[schema(max_length = 40, example = "adopted")]
    pub outcome: String,
    /// The outcome, in the caller's language.
    #[schema(max_length = 100, example = "vedtatt")]
    pub outcome_label: String,
    /// The text of the resolution, or the roll-up of a matter in words.
    #[schema(required = true, max_length = 10000)]
    pub text: Option<String>,
    /// The conditions.
    #[schema(required = true, max_length = 10000)]
    pub conditions: Option<String>,
    /// The votes, where they were counted.
    #[schema(required = true)]
    pub votes: Option<VoteCounts>,
    /// Why it was made in spite of what was missing.
    #[schema(required = true, max_length = 2000)]
    pub override_reason: Option<String>,
    /// The resolution that it rests on.
    #[schema(required = true)]
    pub resolution_id: Option<Uuid>,
    /// The record that it is about, as far as the caller sees it.
    #[schema(required = true)]
    pub subject: Option<RecordRef>,
    /// What it changed.
    pub changed: Vec<ChangedRecord>,
}

/// Who decided.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecidedBy {
    /// The body, a code of `projectBody`, `politicalBody`, `approver` or `meetingKind`; null when it is not known.
    #[schema(required = true, max_length = 60, example = "council")]
    pub body: Option<String>,
    /// Body and organisation in the caller's language.
    #[schema(max_length = 500, example = "kommunestyre, Bardu kommune")]
    pub label: String,
    /// The organisation, for a body of a municipality.
    #[schema(required = true)]
    pub organisation: Option<OrganisationName>,
    /// The meeting, for a body of the project.
    #[schema(required = true)]
    pub meeting_id: Option<Uuid>,
}

/// A field of a record that a decision changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangedRecord {
    /// The record.
    pub record: RecordRef,
    /// The field.
    #[schema(max_length = 40, example = "status")]
    pub field: String,
    /// What it was before; null when it was nothing, and when it is not known.
    #[schema(required = true, max_length = 100, example = "pipeline")]
    pub from: Option<String>,
    /// What it became.
    #[schema(required = true, max_length = 100, example = "active")]
    pub to: Option<String>,
    /// The same in words, in the caller's language.
    #[schema(max_length = 2000, example = "prosjektet NVR-2017-02: planlagt → pågår")]
    pub in_words: String,
}

/// The columns of a decision.
pub const COLUMNS: &str = "decidedOn title decidedBy.label outcome outcomeLabel text conditions votes.for votes.against \
                           votes.blank overrideReason project.code:project record subject resolutionId";

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let changes = "../decidedOn ../title:decision inWords field from to record";
    Tables::of::<Decisions>("decisions", text!("Beslutninger", "Avgjerder", "Decisions"))
        .table("decisions", text!("Beslutninger", "Avgjerder", "Decisions"), "items", COLUMNS)
        .table("changes", text!("Virkninger", "Verknader", "Changes"), "items/changed", changes)
});

/// Answers the decisions of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&call).await?.in_tables(&call, &TABLES)?;
    if let Some(unchanged) = asked.unchanged(&call)? {
        return Ok(unchanged);
    }
    let picture = asked.picture(&call).await?;
    let journal = asked.stood(store::of_events(&call.store, asked.project, &EVENTS).await?);
    asked.answer(&Decisions { items: of(&asked, &picture, &journal) }).await
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectDecisions", "Reports", "List every decision of a project and what it changed")
        .more(
            "Resolutions of meetings, decision points that are decided, final steps in the municipalities, matters that \
             they settled, documents that were adopted and recommendations that were answered, the newest first, each with \
             who decided, the votes, the conditions, and the records that became something else by it. An observer sees \
             those of meetings and documents that are open to it, and no recommendations.",
        )
        .dated()
        .answers::<Decisions>(200, "The register", example())
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::NOT_FOUND])
}

fn example() -> Value {
    json!({ "items": [{
        "record": { "kind": "decision_point", "id": "015ec5c8-6c00-7014-8000-000000000001" },
        "project": { "id": "015ec5c8-6c00-700b-8000-000000000002", "code": "NVR-2017-02", "name": "Næringsvennlig region – forprosjekt Sør-Troms" },
        "title": "1 Prosjektstart", "decidedOn": "2017-11-01",
        "decidedBy": { "body": "steering_group", "label": "styringsgruppa", "organisation": null, "meetingId": null },
        "outcome": "approved", "outcomeLabel": "godkjent", "text": null, "conditions": null, "votes": null,
        "overrideReason": null, "resolutionId": null, "subject": null,
        "changed": [{
            "record": { "kind": "project", "id": "015ec5c8-6c00-700b-8000-000000000002" },
            "field": "status", "from": "pipeline", "to": "active", "inWords": "prosjektet NVR-2017-02: planlagt → pågår"
        }]
    }] })
}
