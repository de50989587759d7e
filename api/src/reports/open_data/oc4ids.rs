//! `GET /projects/{id}/oc4ids`: the project in the shape of the Open Contracting for Infrastructure Data Standard 0.9.5, with
//! the codes of IATI beside it.

use actix_web::HttpResponse;
use entity::budgets::{BudgetKind, BudgetStatus};
use entity::documents::DocumentKind;
use entity::goals::GoalKind;
use entity::matters::MatterState;
use entity::milestones::{self, MilestoneStatus};
use entity::project_parties::PartyRole;
use entity::projects::{self, ProjectStatus, ProjectType};
use serde_json::{Map, Value, json};

use super::{open_documents, publisher};
use crate::domain::schedule::milestone_status;
use crate::domain::{Picture, SYSTEM};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::reports::{Asked, answered};

/// Answers the project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    answered(&call, of).await
}

fn of(asked: &Asked, picture: &Picture) -> Value {
    let Some(project) = picture.project() else { return Value::Null };
    let mut whole = Map::new();
    let mut put = |name: &str, value: Value| {
        // In this standard what is not known is left out.
        let empty = value.is_null()
            || value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(Map::is_empty);
        if !empty {
            whole.insert(name.to_owned(), value);
        }
    };
    put("id", json!(project.id));
    put("updated", json!(project.updated_at));
    put("title", json!(project.name));
    put("description", json!(project.purpose));
    put("status", json!(stage(project)));
    put("period", period(project));
    put("sector", json!(["economy"]));
    put("identifiers", json!([{ "id": project.code, "scheme": SYSTEM }]));
    put("locations", locations(picture));
    put(
        "publicAuthority",
        publisher(picture).map_or(Value::Null, |one| json!({ "id": identifier(one), "name": one.name })),
    );
    put("parties", parties(picture));
    put("documents", documents(asked, picture));
    put("milestones", milestones(asked, picture));
    put("budget", budget(picture));
    put("relatedProjects", related(picture, project));
    put("iati", iati(picture, project));
    Value::Object(whole)
}

/// OC4IDS projectStatus.
const fn stage(project: &projects::Model) -> &'static str {
    match project.status {
        ProjectStatus::Cancelled => "cancelled",
        ProjectStatus::Closed => "completed",
        ProjectStatus::Finalisation => "completion",
        ProjectStatus::Pipeline | ProjectStatus::Active | ProjectStatus::Suspended => match project.project_type {
            ProjectType::PreStudy => "identification",
            ProjectType::PreProject => "preparation",
            ProjectType::MainProject | ProjectType::CompanyFormation => "implementation",
        },
    }
}

/// IATI ActivityStatus.
const fn activity_status(status: ProjectStatus) -> &'static str {
    match status {
        ProjectStatus::Pipeline => "1",
        ProjectStatus::Active => "2",
        ProjectStatus::Finalisation => "3",
        ProjectStatus::Closed => "4",
        ProjectStatus::Cancelled => "5",
        ProjectStatus::Suspended => "6",
    }
}

fn period(project: &projects::Model) -> Value {
    let mut period = Map::new();
    for (name, on, time) in [("startDate", project.starts_on, "00:00:00Z"), ("endDate", project.ends_on, "23:59:59Z")] {
        if let Some(on) = on {
            period.insert(name.to_owned(), format!("{on}T{time}").into());
        }
    }
    period.into()
}

fn locations(picture: &Picture) -> Value {
    let region = picture.project().and_then(|project| project.region_id);
    let region = picture.regions.iter().find(|one| Some(one.id) == region);
    region.map_or(Value::Null, |region| json!([{ "id": region.id, "description": region.name }]))
}

/// The list code of org-id.guide for Enhetsregisteret.
fn identifier(organisation: &entity::organisations::Model) -> String {
    match &organisation.org_number {
        Some(number) => format!("NO-BRC-{number}"),
        None => organisation.id.to_string(),
    }
}

fn parties(picture: &Picture) -> Value {
    let mut parties: Vec<Value> = Vec::new();
    for organisation in &picture.organisations {
        let own = picture
            .parties
            .iter()
            .filter(|party| party.organisation_id == organisation.id && party.project_id == picture.focus);
        let mut roles: Vec<&str> = own.filter_map(|party| role(party.role)).collect();
        roles.sort_unstable();
        roles.dedup();
        if !roles.is_empty() {
            let mut party = json!({ "id": identifier(organisation), "name": organisation.name, "roles": roles });
            if let Some(number) = &organisation.org_number {
                party["identifier"] = json!({ "scheme": "NO-BRC", "id": number, "legalName": organisation.name });
            }
            parties.push(party);
        }
    }
    parties.into()
}

/// OC4IDS partyRole; an observer has no code there.
const fn role(role: PartyRole) -> Option<&'static str> {
    match role {
        PartyRole::Owner => Some("publicAuthority"),
        PartyRole::CommissioningParty => Some("administrativeEntity"),
        PartyRole::Funder => Some("funder"),
        PartyRole::Supplier => Some("supplier"),
        PartyRole::Observer | PartyRole::Partner => None,
    }
}

fn documents(asked: &Asked, picture: &Picture) -> Value {
    let one = |document: &&entity::documents::Model| {
        let mut one = json!({
            "id": document.id, "documentType": document_type(document.kind), "title": document.title,
            "dateModified": document.updated_at,
        });
        if let Some(on) = document.document_on {
            one["datePublished"] = format!("{on}T00:00:00Z").into();
        }
        if let Some(format) = &document.media_type {
            one["format"] = json!(format);
        }
        one
    };
    open_documents(picture, asked.today).iter().map(one).collect()
}

/// OC4IDS documentType.
const fn document_type(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::ProjectPlan => "projectPlan",
        DocumentKind::FinalReport => "projectEvaluation",
        DocumentKind::StatusReport => "physicalProgressReport",
        DocumentKind::Minutes => "minutes",
        DocumentKind::Budget => "budgetApproval",
        DocumentKind::Agreement | DocumentKind::CommitmentLetter => "financialAgreement",
        DocumentKind::Memo
        | DocumentKind::CasePaper
        | DocumentKind::Application
        | DocumentKind::Presentation
        | DocumentKind::Other => "projectScope",
    }
}

fn milestones(asked: &Asked, picture: &Picture) -> Value {
    let open = picture.milestones.iter().filter(|one| !one.internal && one.cancelled_on.is_none());
    let one = |milestone: &milestones::Model| {
        let mut one = json!({
            "id": milestone.id, "title": milestone.title, "code": milestone.number,
            "status": milestone_code(milestone, asked), "dateModified": milestone.updated_at,
        });
        if let Some(kind) = milestone.milestone_type {
            one["type"] = json!(kind);
        }
        for (name, on) in [("dueDate", milestone.forecast_on.or(milestone.planned_on)), ("dateMet", milestone.met_on)] {
            if let Some(on) = on {
                one[name] = format!("{on}T00:00:00Z").into();
            }
        }
        one
    };
    open.map(one).collect()
}

/// OC4IDS milestoneStatus.
fn milestone_code(milestone: &milestones::Model, asked: &Asked) -> &'static str {
    match milestone_status(milestone, asked.today) {
        MilestoneStatus::Scheduled | MilestoneStatus::Cancelled => "scheduled",
        MilestoneStatus::PartiallyMet => "partiallyMet",
        MilestoneStatus::Met => "met",
        MilestoneStatus::Overdue | MilestoneStatus::NotMet => "notMet",
    }
}

/// The newest budget that binds, in kroner.
fn budget(picture: &Picture) -> Value {
    let binding = picture.budgets.iter().filter(|one| one.status == BudgetStatus::Committed && one.total_ore.is_some());
    let Some(budget) = binding.max_by_key(|one| (one.adopted_on, one.number, one.id)) else { return Value::Null };
    let Some(ore) = budget.total_ore else { return Value::Null };
    let mut amount = json!({ "amount": { "amount": kroner(ore), "currency": "NOK" } });
    if let Some(on) = budget.adopted_on {
        amount["approvalDate"] = format!("{on}T00:00:00Z").into();
    }
    amount
}

/// Øre as kroner: exact to the øre as far as a JSON number goes.
fn kroner(ore: i64) -> Value {
    if ore % 100 == 0 { (ore / 100).into() } else { (ore as f64 / 100.0).into() }
}

fn related(picture: &Picture, project: &projects::Model) -> Value {
    let before = picture.projects.iter().filter(|one| Some(one.id) == project.predecessor_id);
    let after = picture.projects.iter().filter(|one| one.predecessor_id == Some(project.id));
    let one = |relation: &'static str| move |other: &projects::Model| json!({ "id": other.id, "relationship": relation, "title": other.name, "identifier": other.code });
    before.map(one("precedingProject")).chain(after.map(one("succeedingProject"))).collect()
}

/// The same in the codes of IATI, where that standard has one.
fn iati(picture: &Picture, project: &projects::Model) -> Value {
    let results = picture.goals.iter().map(|goal| {
        // ResultType: 1 output, 2 outcome, 3 impact.
        let kind = match goal.kind {
            GoalKind::Output => "1",
            GoalKind::Outcome => "2",
            GoalKind::Impact => "3",
        };
        json!({ "type": kind, "title": goal.text })
    });
    let budgets = picture.budgets.iter().filter(|one| one.status == BudgetStatus::Committed).map(|one| {
        // BudgetType: 1 original, 2 revised; BudgetStatus: 2 committed.
        let kind = match one.kind {
            BudgetKind::Original => "1",
            BudgetKind::Revised => "2",
        };
        json!({ "type": kind, "status": "2", "value": one.total_ore.map(kroner), "currency": "NOK" })
    });
    let decided = picture.matters.iter().filter(|matter| matter.project_id == project.id);
    let met = decided.clone().filter(|matter| matter.state == MatterState::Met).count();
    json!({
        "activityStatus": activity_status(project.status),
        "results": results.collect::<Vec<_>>(),
        "budgets": budgets.collect::<Vec<_>>(),
        "municipalDecisions": { "matters": decided.count(), "met": met },
    })
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    let text = |most: u32| json!({ "type": "string", "maxLength": most });
    let list = |about: &str| json!({ "type": "array", "maxItems": 10000, "items": { "type": "object" }, "description": about });
    let object = |about: &str| json!({ "type": "object", "description": about });
    let schema = json!({
        "type": "object",
        "required": ["id", "updated", "title", "status", "identifiers", "iati"],
        "properties": {
            "id": { "type": "string", "format": "uuid" }, "updated": { "type": "string", "format": "date-time" },
            "title": text(200), "description": text(10000), "status": text(40),
            "period": object("Start and end."),
            "sector": { "type": "array", "maxItems": 10, "items": text(40) },
            "identifiers": list("Other names of the project."),
            "locations": list("Where it takes place."),
            "publicAuthority": object("The organisation that answers for it."),
            "parties": list("Organisations with their roles."),
            "documents": list("Documents that the public may read."),
            "milestones": list("Milestones that are not internal."),
            "budget": object("The newest budget that binds."),
            "relatedProjects": list("The projects before and after it."),
            "iati": object("Status, results and budgets in the codes of IATI."),
        }
    });
    let example = json!({
        "id": "015ec5c8-6c00-700b-8000-000000000002", "updated": "2017-09-28T08:00:00Z",
        "title": "Næringsvennlig region – forprosjekt Sør-Troms", "status": "preparation",
        "period": { "startDate": "2017-11-01T00:00:00Z", "endDate": "2018-04-30T23:59:59Z" }, "sector": ["economy"],
        "identifiers": [{ "id": "NVR-2017-02", "scheme": SYSTEM }],
        "parties": [{ "id": "NO-BRC-959469415", "name": "Gratangen kommune", "roles": ["administrativeEntity", "publicAuthority"] }],
        "iati": { "activityStatus": "1", "results": [], "budgets": [], "municipalDecisions": { "matters": 0, "met": 0 } }
    });
    About::new("getProjectOc4ids", "Exchange", "Show a project in the shape of open contracting data")
        .more(
            "In the shape of OC4IDS 0.9.5, with the codes of IATI beside it. It holds what is for everybody, whoever asks: no internal \
             milestones, no drafts, nothing exempt, no names of people, and only budgets that bind. What is not known is left out.",
        )
        .dated()
        .answers_value(200, "The project", "application/json", schema, example)
        .tagged()
        .fails(&[&codes::NOT_FOUND])
}
