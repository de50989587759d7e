//! `POST /projects/{id}/continue`: the successor of a project, made from a recommendation that was adopted.

use actix_web::HttpResponse;
use entity::projects::{self, ProjectType};
use entity::recommendations::{self, RecommendationStatus};
use entity::{CodeList, assignments, project_parties};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::access::{Caller, Succession};
use crate::db::Typed;
use crate::domain::capacity::holds;
use crate::facts::{Row, check};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, Fault, codes};
use crate::standard::act::given;
use crate::standard::consequence::{fields, follow};
use crate::standard::once::once;
use crate::standard::{self, read};
use crate::store::Write;
use crate::text;

/// Makes the successor of a project.
///
/// # Errors
/// 401, 404, 403, 428, 412, 422 in that order; 409 when the code is taken.
pub async fn carry_on(call: Call) -> Result<HttpResponse, Error> {
    let resource = standard::by_path("projects")?;
    let caller = call.caller().await?;
    let id = read::id(&call)?;
    let body = call.optional_body().await;
    let key = call.idempotency_key()?;
    let write = call.store.write(call.writer(&caller)?).await?;
    let key = key.filter(|_| body.is_ok());
    let sent = body.as_deref().unwrap_or_default().to_vec();
    once(write, call.request.path(), key.as_deref(), &sent, async |write| {
        read::find(write.tx(), resource.facts, &caller, id, write.today()).await?;
        // Of two at a time, the second finds that the recommendation leads somewhere.
        let _there = write.alone_with(id).await?;
        let row = read::find(write.tx(), resource.facts, &caller, id, write.today()).await?;
        let proof = Succession::allowed(&caller, &row)?;
        call.if_match(&row)?;
        call.query()?.finish(&[])?;
        let given = given(&wanted(), &body?)?;
        let successor = successor(write, &proof, &row, &given).await?;
        // The caller has no role in the successor yet.
        let operator = Caller::operator();
        let answer = read::written(write, resource.facts, &operator, successor).await?.status(201);
        Ok(answer.header("Location", format!("/api/v1/projects/{successor}")))
    })
    .await
}

async fn successor(write: &Write, proof: &Succession, before: &Row, given: &Map<String, Value>) -> Result<Uuid, Error> {
    let before: projects::Model = before.typed()?;
    let recommendation = adopted(write, &before, given).await?;
    let mut content = fields(json!({
        "programmeId": before.programme_id,
        "regionId": before.region_id,
        "predecessorId": before.id,
        "stage": recommendation.stage,
        "scope": recommendation.text,
    }));
    for name in ["code", "name", "type", "startsOn", "endsOn"] {
        content.insert(name.to_owned(), given.get(name).cloned().unwrap_or_default());
    }
    let successor = add(write, proof, "projects", content).await?;
    carry_over(write, proof, before.id, successor).await?;
    let leads = fields(json!({ "leadsToProjectId": successor }));
    follow(write, "recommendations", recommendation.id, "continued", leads).await?;
    Ok(successor)
}

/// The recommendation, which was adopted and leads nowhere yet.
async fn adopted(
    write: &Write,
    before: &projects::Model,
    given: &Map<String, Value>,
) -> Result<recommendations::Model, Error> {
    let id: Option<Uuid> = given.get("recommendationId").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let found = recommendations::Entity::find_by_id(id.unwrap_or_default()).first(write.tx()).await?;
    let fault = |code, message| Err(Error::invalid(vec![Fault::at("/recommendationId", code, message)]));
    match found.filter(|found| found.project_id == before.id) {
        None => fault(
            "no_such_record",
            text!(
                "ingen recommendation i prosjektet med denne id-en",
                "ingen recommendation i prosjektet med denne id-en",
                "there is no recommendation of the project with this id"
            ),
        ),
        Some(found) if found.status != RecommendationStatus::Adopted => {
            let status = found.status.code();
            fault(
                "not_adopted",
                text!(
                    "er {status}; bare en vedtatt anbefaling fører videre",
                    "er {status}; berre ei vedteken tilråding fører vidare",
                    "is {status}; only an adopted recommendation leads on"
                ),
            )
        }
        Some(found) if found.leads_to_project_id.is_some() => fault(
            "taken",
            text!("fører alt til et prosjekt", "fører alt til eit prosjekt", "leads to a project already"),
        ),
        Some(found) => Ok(found),
    }
}

/// Parties and the roles of today go with the project.
async fn carry_over(write: &Write, proof: &Succession, before: Uuid, successor: Uuid) -> Result<(), Error> {
    let parties = project_parties::Entity::find().filter(project_parties::Column::ProjectId.eq(before));
    for party in parties.every(write.tx()).await? {
        let content = json!({
            "projectId": successor, "organisationId": party.organisation_id, "role": party.role, "note": party.note
        });
        add(write, proof, "project-parties", fields(content)).await?;
    }
    let seats = assignments::Entity::find().filter(assignments::Column::ProjectId.eq(before));
    let today = write.today();
    for seat in seats.every(write.tx()).await?.into_iter().filter(|seat| holds(seat.valid_from, seat.valid_to, today)) {
        let content = json!({
            "projectId": successor, "personId": seat.person_id, "role": seat.role,
            "organisationId": seat.organisation_id, "title": seat.title, "votes": seat.votes, "validFrom": today
        });
        add(write, proof, "assignments", fields(content)).await?;
    }
    Ok(())
}

/// Adds one record of the successor, with the rules and the journal of its resource.
async fn add(write: &Write, proof: &Succession, path: &str, content: Map<String, Value>) -> Result<Uuid, Error> {
    let resource = standard::by_path(path)?;
    let content = check::content(resource.facts, content).map_err(Error::invalid)?;
    let change = write.create(proof.create(resource.facts, Row(content))).await?;
    // The caller has no role in the successor yet: the proof of succession stands for it.
    resource.settle(write, &Caller::operator(), &change).await?;
    Ok(change.row().id())
}

fn wanted() -> Value {
    let types: Vec<&str> = ProjectType::LABELS.iter().map(|label| label.code).collect();
    json!({
        "type": "object",
        "required": ["recommendationId", "type", "code", "name"],
        "properties": {
            "recommendationId": { "type": "string", "format": "uuid", "description": "The adopted recommendation." },
            "type": { "type": "string", "enum": types, "description": "The phase that the successor is." },
            "code": { "type": "string", "minLength": 1, "maxLength": 40, "description": "Its short name." },
            "name": { "type": "string", "minLength": 1, "maxLength": 200, "description": "Its name." },
            "startsOn": { "type": ["string", "null"], "format": "date", "description": "Its first day." },
            "endsOn": { "type": ["string", "null"], "format": "date", "description": "Its last day, inclusive." }
        },
        "additionalProperties": false
    })
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("continueProject", "Projects", "Continue a project into its successor")
        .more(
            "Makes the next project from an adopted recommendation: programme, region, parties and the roles of today \
             go with it, and the recommendation then leads to it. For who approves in the project.",
        )
        .takes_value(
            "application/json",
            wanted(),
            json!({
                "recommendationId": "0190e0a0-0000-7000-8000-000000000005",
                "type": "main_project", "code": "NVR-2018-01", "name": "Næringsvennlig region – hovedprosjekt",
                "startsOn": null, "endsOn": null
            }),
        )
        .changes("projects")
        .answers_record(201, "The successor", "projects", &["ETag", "Location"])
        .fails(&[&codes::CONFLICT])
}
