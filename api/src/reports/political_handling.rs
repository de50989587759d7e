//! `GET /projects/{id}/political-handling`: what each municipality has said in each matter.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use entity::matters::{self, MatterRule, MatterState, MatterSubject};
use entity::political_cases::{self, HandlingStatus};
use entity::political_steps::{self, PoliticalBody, StepOutcome};
use entity::projects;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::{OrganisationName, ProjectName, RollUpCounts, VoteCounts};
use super::{Asked, tabled};
use crate::domain::Picture;
use crate::domain::councils::{self, Cell, Councils};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::render::Tables;
use crate::text;

/// Every matter put to the municipalities, and where each of them stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct PoliticalHandling {
    /// The day of the report.
    pub today: NaiveDate,
    /// The columns, by name: who owns the project or takes part in it as a municipality, who has a case, who is named.
    pub municipalities: Vec<OrganisationName>,
    /// The rows: the matters of the project, then those of the projects that it comes from.
    pub matters: Vec<HandledMatter>,
}

/// A matter and its answers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HandledMatter {
    /// The matter.
    pub id: Uuid,
    /// The project that put it: this one, or one that it comes from.
    pub project: ProjectName,
    /// What it is about.
    pub subject: MatterSubject,
    /// What is asked.
    #[schema(max_length = 500, example = "Videreføring i forprosjekt")]
    pub title: String,
    /// Whose yes it takes.
    pub rule: MatterRule,
    /// The municipalities that the rule `named` names.
    pub named: Vec<OrganisationName>,
    /// The document that is put to the councils; null when there is none that the caller sees.
    #[schema(required = true)]
    pub document_id: Option<Uuid>,
    /// The milestone that the matter makes true; null when there is none that the caller sees.
    #[schema(required = true)]
    pub milestone: Option<MilestoneName>,
    /// Where it stands.
    pub state: MatterState,
    /// How many have answered what.
    pub roll_up: RollUpCounts,
    /// The same in words, in the caller's language.
    #[schema(max_length = 500, example = "3 av 4 har vedtatt, 1 venter")]
    pub in_words: String,
    /// The date of the answer that made it true; null until then.
    #[schema(required = true)]
    pub met_on: Option<NaiveDate>,
    /// One cell for each column, in their order.
    pub cells: Vec<HandlingCell>,
}

/// A milestone as the matrix names it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MilestoneName {
    /// The milestone.
    pub id: Uuid,
    /// Its number as the plan writes it.
    #[schema(max_length = 20, example = "03")]
    pub number: String,
    /// The state reached.
    #[schema(max_length = 500)]
    pub title: String,
}

/// A municipality in a matter.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HandlingCell {
    /// The municipality.
    pub organisation: OrganisationName,
    /// Where it stands.
    pub status: HandlingStatus,
    /// Its case; null while there is none.
    #[schema(required = true)]
    pub case_id: Option<Uuid>,
    /// The number of the case in the municipality; null while it is not known.
    #[schema(required = true)]
    pub case_number: Option<CaseNumber>,
    /// The first day on which the case may be treated.
    #[schema(required = true)]
    pub window_from: Option<NaiveDate>,
    /// The last day, inclusive.
    #[schema(required = true)]
    pub window_to: Option<NaiveDate>,
    /// What the final step decided; null while the case is open.
    #[schema(required = true)]
    pub outcome: Option<StepOutcome>,
    /// The day of that step.
    #[schema(required = true)]
    pub decided_on: Option<NaiveDate>,
    /// The conditions of that step.
    #[schema(required = true, max_length = 10000)]
    pub conditions: Option<String>,
    /// Its treatments, oldest first; for an observer those that have decided something.
    pub steps: Vec<HandlingStep>,
}

/// The number of a case in a municipality.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseNumber {
    /// The year of the case (Noark: saksår).
    #[schema(required = true, minimum = 1900, maximum = 2200, example = 2017)]
    pub year: Option<i64>,
    /// Its number in that year (Noark: sakssekvensnummer).
    #[schema(required = true, minimum = 1, maximum = 999999999, example = 412)]
    pub sequence: Option<i64>,
    /// Both, as archives write them; null while one is missing.
    #[schema(required = true, max_length = 20, example = "2017/412")]
    pub text: Option<String>,
}

/// One treatment of a case.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HandlingStep {
    /// The step.
    pub id: Uuid,
    /// The body.
    pub body: PoliticalBody,
    /// The day of its meeting.
    #[schema(required = true)]
    pub meeting_on: Option<NaiveDate>,
    /// The number of the item.
    #[schema(required = true, max_length = 40, example = "PS 45/17")]
    pub item_number: Option<String>,
    /// What was decided.
    #[schema(required = true)]
    pub outcome: Option<StepOutcome>,
    /// Whether it closes the case.
    pub is_final: bool,
    /// The votes.
    #[schema(required = true)]
    pub votes: Option<VoteCounts>,
    /// The text of the resolution.
    #[schema(required = true, max_length = 10000)]
    pub resolution_text: Option<String>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let handling = || text!("Politisk behandling", "Politisk handsaming", "Political handling");
    let cells = "../project.code:project ../title:matter organisation.name:municipality status outcome decidedOn conditions \
                 windowFrom windowTo caseNumber.text ../id:matterId caseId organisation.id:municipalityId";
    let matters = "project.code:project title subject rule named.name state inWords rollUp.of rollUp.adopted \
                   rollUp.adoptedWithConditions rollUp.rejected rollUp.postponed rollUp.pending metOn id";
    let steps = "../../title:matter ../organisation.name:municipality body meetingOn itemNumber outcome isFinal votes.for \
                 votes.against votes.blank resolutionText id";
    Tables::of::<PoliticalHandling>("political-handling", handling())
        .table("cells", text!("Kommunene", "Kommunane", "Municipalities"), "matters/cells", cells)
        .table("matters", text!("Saker", "Saker", "Matters"), "matters", matters)
        .table("steps", text!("Behandlinger", "Handsamingar", "Steps"), "matters/cells/steps", steps)
});

/// Answers the political handling of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    tabled(&call, &TABLES, of).await
}

fn of(asked: &Asked, picture: &Picture) -> PoliticalHandling {
    let councils = Councils::of(picture);
    let columns = councils.municipalities(picture);
    let row = |(project, matter): (&projects::Model, &matters::Model)| {
        let cells = councils.row(picture, matter, &columns, asked.today);
        let cells = columns.iter().zip(&cells);
        let cells = cells.map(|(column, cell)| shown(asked, project, OrganisationName::of(column), cell)).collect();
        HandledMatter { cells, ..head(asked, picture, project, matter) }
    };
    PoliticalHandling {
        today: asked.today,
        municipalities: columns.iter().map(|column| OrganisationName::of(column)).collect(),
        matters: councils.matters(picture).map(row).collect(),
    }
}

/// A matter without its cells.
fn head(asked: &Asked, picture: &Picture, project: &projects::Model, matter: &matters::Model) -> HandledMatter {
    let document = picture.documents.iter().find(|document| Some(document.id) == matter.document_id);
    let milestone = picture.milestones.iter().find(|milestone| Some(milestone.id) == matter.milestone_id);
    HandledMatter {
        id: matter.id,
        project: ProjectName::of(project),
        subject: matter.subject,
        title: matter.title.clone(),
        rule: matter.rule,
        named: matter.named.0.iter().filter_map(|id| picture.organisation(*id)).map(OrganisationName::of).collect(),
        document_id: document.filter(|document| asked.sees_document(document)).map(|document| document.id),
        milestone: milestone.filter(|milestone| asked.sees_milestone(milestone)).map(|milestone| MilestoneName {
            id: milestone.id,
            number: milestone.number.clone(),
            title: milestone.title.clone(),
        }),
        state: matter.state,
        roll_up: matter.roll_up.into(),
        in_words: councils::in_words(matter).in_lang(asked.lang).to_owned(),
        met_on: matter.met_on,
        cells: Vec::new(),
    }
}

fn shown(asked: &Asked, project: &projects::Model, organisation: OrganisationName, cell: &Cell<'_>) -> HandlingCell {
    let case = cell.case;
    // What another project has put to the councils is shown as everybody sees it.
    let all = project.id == asked.project && asked.sees_all_of("political-steps");
    HandlingCell {
        organisation,
        status: cell.status,
        case_id: case.map(|case| case.id),
        case_number: case.and_then(case_number),
        window_from: case.and_then(|case| case.window_from),
        window_to: case.and_then(|case| case.window_to),
        outcome: case.and_then(|case| case.outcome),
        decided_on: case.and_then(|case| case.decided_on),
        conditions: cell.decisive().and_then(|step| step.conditions.clone()),
        steps: cell.steps.iter().filter(|step| all || step.outcome.is_some()).map(|step| shown_step(step)).collect(),
    }
}

fn case_number(case: &political_cases::Model) -> Option<CaseNumber> {
    let (year, sequence) = (case.case_year, case.case_sequence);
    let text = year.zip(sequence).map(|(year, sequence)| format!("{year}/{sequence}"));
    (year.is_some() || sequence.is_some()).then_some(CaseNumber { year, sequence, text })
}

fn shown_step(step: &political_steps::Model) -> HandlingStep {
    HandlingStep {
        id: step.id,
        body: step.body,
        meeting_on: step.meeting_on,
        item_number: step.item_number.clone(),
        outcome: step.outcome,
        is_final: step.is_final,
        votes: step.votes.map(Into::into),
        resolution_text: step.resolution_text.clone(),
    }
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectPoliticalHandling", "Reports", "Show what each municipality has said in each matter")
        .more(
            "A matrix of municipality by matter: windows, case numbers, treatments, outcomes with their dates and \
             conditions, and what they come to by the rule of the matter. Matters of the projects that this one comes from \
             are shown too, as everybody sees them. An observer sees treatments that have decided something.",
        )
        .dated()
        .answers::<PoliticalHandling>(200, "The matrix", example())
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::NOT_FOUND])
}

fn example() -> Value {
    let organisation = json!({ "id": "015ec5c8-6c00-7001-8000-000000000001", "name": "Bardu kommune" });
    json!({
        "today": "2017-10-20",
        "municipalities": [organisation],
        "matters": [{
            "id": "015ec5c8-6c00-7020-8000-000000000001",
            "project": { "id": "015ec5c8-6c00-700b-8000-000000000001", "code": "NVR-2017-01", "name": "Næringsvennlig region – forstudie Sør-Troms" },
            "subject": "continuation", "title": "Videreføring i forprosjekt", "rule": "all", "named": [],
            "documentId": null, "milestone": null, "state": "met",
            "rollUp": { "of": 1, "adopted": 1, "adoptedWithConditions": 0, "rejected": 0, "postponed": 0, "pending": 0 },
            "inWords": "1 av 1 har vedtatt", "metOn": "2017-10-18",
            "cells": [{
                "organisation": organisation, "status": "adopted", "caseId": "015ec5c8-6c00-7021-8000-000000000001",
                "caseNumber": { "year": 2017, "sequence": 412, "text": "2017/412" },
                "windowFrom": "2017-09-01", "windowTo": "2017-10-31", "outcome": "adopted", "decidedOn": "2017-10-18", "conditions": null,
                "steps": [{
                    "id": "015ec5c8-6c00-7022-8000-000000000001", "body": "council", "meetingOn": "2017-10-18", "itemNumber": "PS 45/17",
                    "outcome": "adopted", "isFinal": true, "votes": { "for": 19, "against": 0, "blank": null }, "resolutionText": null
                }]
            }]
        }]
    })
}
