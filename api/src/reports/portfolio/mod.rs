//! `GET /portfolio` and `GET /programmes/{id}/comparison`: projects side by side, a page at a time.

mod about;
mod rows;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use chrono::{DateTime, NaiveDate, Utc};
use entity::Decimal2;
use entity::budgets::BudgetStatus;
use entity::projects::{self, ProjectStatus, ProjectType};
use entity::status_reports::OverallStatus;
use entity::webhooks;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::findings;
use super::shapes::{self, Finding};
use crate::access::Caller;
use crate::db::{Db, Typed};
use crate::domain::plan_check;
use crate::facts;
use crate::http::formats::VARY;
use crate::http::{Answer, Call, Query, digest};
use crate::problem::{Error, codes};
use crate::render::Tables;
use crate::standard::list::{found, linked, unchanged};
use crate::standard::read;
use crate::standard::tabular::Shape;
use crate::store::feed;
use crate::text;
use rows::Beside;

pub use about::{about, about_comparison};

/// A page of projects side by side.
#[derive(Debug, Serialize, ToSchema)]
pub struct Portfolio {
    /// The projects.
    #[schema(max_items = 200)]
    pub items: Vec<PortfolioProject>,
    /// The cursor of the next page; null on the last.
    #[schema(required = true, max_length = 8192)]
    pub next: Option<String>,
    /// What is found that is of no project, for those who see what it is about: a webhook of an organisation, or of everything, that the
    /// service has disabled. What is of a project stands in that project's own findings.
    pub findings: Vec<Finding>,
}

/// A project among others. What is not known is null.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PortfolioProject {
    /// The project.
    pub id: Uuid,
    /// Its short name.
    #[schema(max_length = 40, example = "NVR-2017-02")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
    /// Its phase.
    #[serde(rename = "type")]
    pub project_type: ProjectType,
    /// Where it stands.
    pub status: ProjectStatus,
    /// The programme.
    #[schema(required = true)]
    pub programme_id: Option<Uuid>,
    /// The region.
    #[schema(required = true)]
    pub region_id: Option<Uuid>,
    /// The project that it follows.
    #[schema(required = true)]
    pub predecessor_id: Option<Uuid>,
    /// Its first day.
    #[schema(required = true)]
    pub starts_on: Option<NaiveDate>,
    /// Its last day.
    #[schema(required = true)]
    pub ends_on: Option<NaiveDate>,
    /// Days in this phase so far: from the first day to the last, or to today.
    #[schema(required = true, example = 181)]
    pub days_in_phase: Option<i64>,
    /// The overall status of the newest published report.
    #[schema(required = true)]
    pub overall: Option<OverallStatus>,
    /// When that was published (UTC).
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    pub reported_at: Option<DateTime<Utc>>,
    /// How many days ago.
    #[schema(required = true)]
    pub report_age_days: Option<i64>,
    /// The first decision point that is not decided.
    #[schema(required = true)]
    pub next_decision_point: Option<NextDecisionPoint>,
    /// How many milestones it has that the caller sees, given up ones left out.
    pub milestones: i64,
    /// How many of them are met.
    pub milestones_met: i64,
    /// How many are due and not met.
    pub milestones_overdue: i64,
    /// Whether the budget that holds binds.
    #[schema(required = true)]
    pub budget_status: Option<BudgetStatus>,
    /// What that budget comes to, in øre.
    #[schema(required = true)]
    pub budget_ore: Option<i64>,
    /// What payers are bound to, in øre.
    #[schema(required = true)]
    pub committed_ore: Option<i64>,
    /// Costs and own effort so far, in øre.
    #[schema(required = true)]
    pub used_ore: Option<i64>,
    /// How much of the budget that is, in per cent.
    #[schema(required = true)]
    pub budget_used_percent: Option<Decimal2>,
}

/// A decision point to come.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NextDecisionPoint {
    /// The decision point.
    pub id: Uuid,
    /// Its number.
    #[schema(max_length = 40)]
    pub number: String,
    /// What it is about.
    #[schema(max_length = 500)]
    pub theme: String,
    /// The planned day.
    #[schema(required = true)]
    pub planned_on: Option<NaiveDate>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let columns = "code name type status startsOn endsOn daysInPhase overall reportedAt reportAgeDays nextDecisionPoint.theme \
                   nextDecisionPoint.plannedOn milestones milestonesMet milestonesOverdue budgetStatus budgetOre committedOre \
                   usedOre budgetUsedPercent programmeId regionId id";
    Tables::of::<Portfolio>("portfolio", text!("Portefølje", "Portefølje", "Portfolio"))
        .table("projects", text!("Prosjekter", "Prosjekt", "Projects"), "items", columns)
        .table("findings", text!("Funn", "Funn", "Findings"), "findings", findings::COLUMNS)
});

/// The parameters of the page.
const FILTERS: [&str; 7] = ["cursor", "limit", "programmeId", "regionId", "sort", "status", "type"];

/// Answers the projects that the caller sees.
///
/// # Errors
/// 401; 400 for a parameter.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let query = call.query()?;
    side_by_side(call, query, &FILTERS).await
}

/// Answers the projects of a programme that the caller sees.
///
/// # Errors
/// 401; 404 for a programme that is not there; 400 for a parameter.
pub async fn comparison(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let programme = read::id(&call)?;
    let facts = facts::by_path("programmes").ok_or(&codes::NO_ROUTE)?;
    read::find(&call.store, facts, &caller, programme, Utc::now().date_naive()).await?;
    let mut query = call.query()?;
    let filters: Vec<&str> = FILTERS.into_iter().filter(|name| *name != "programmeId").collect();
    let mut known = query.clone();
    known.take("format");
    known.take("table");
    known.only(&filters)?;
    query.put("programmeId", programme.to_string());
    side_by_side(call, query, &FILTERS).await
}

/// A caller whose copy is still true gets 304 before anything of it is read. The tag counts every write: the page has projects from
/// everywhere, and what stands beside them.
async fn side_by_side(call: Call, mut query: Query, filters: &[&str]) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let shape = Shape::take(&call, &mut query, &TABLES)?;
    query.only(filters)?;
    let today = Utc::now().date_naive();
    let who = caller.actor.id.unwrap_or_default();
    let asked = digest::tag(format!("{who} {}?{}", call.request.path(), call.request.query_string()).as_bytes());
    let happened = feed::happened(&call.store).await?;
    let tag = format!("{happened}.{today}.{}.{asked}{}", call.lang().tag(), shape.suffix());
    let bare = Answer::ok(serde_json::Value::Null).header(VARY.0, VARY.1);
    if let Some(unchanged) = unchanged(&call, &tag, &bare)? {
        return Ok(unchanged);
    }
    let facts = facts::by_path("projects").ok_or(&codes::NO_ROUTE)?;
    let page = found(&call, facts, &caller, query).await?;
    let projects: Vec<projects::Model> = page.rows.iter().map(|row| row.typed()).collect::<Result<_, _>>()?;
    let mut beside = Beside::of(&call.store.read, &caller, &projects, today).await?;
    let items: Vec<PortfolioProject> = projects.iter().map(|project| beside.project(project, today)).collect();
    let findings = shapes::findings(&of_no_project(&call.store.read, &caller).await?, call.lang());
    let body = serde_json::to_value(Portfolio { items, next: page.next.clone(), findings });
    let body = body.map_err(|error| Error::internal("write a report", error))?;
    shape.tagged(linked(&call, Answer::ok(body), page.next.as_deref()), &tag, call.lang()).await
}

/// What is found that is of no project: those who see the webhooks of none, administrators, see it.
async fn of_no_project(db: &impl Db, caller: &Caller) -> Result<Vec<plan_check::Finding>, Error> {
    if !caller.administrator {
        return Ok(Vec::new());
    }
    let given_up = webhooks::Entity::find()
        .filter(webhooks::Column::ProjectId.is_null())
        .filter(webhooks::Column::DisabledReason.is_not_null());
    Ok(plan_check::of_no_project(&given_up.every(db).await?))
}

/// The example of both.
fn example() -> serde_json::Value {
    json!({
        "items": [{
            "id": "015ec5c8-6c00-700b-8000-000000000002", "code": "NVR-2017-02",
            "name": "Næringsvennlig region – forprosjekt Sør-Troms", "type": "pre_project", "status": "active",
            "programmeId": "015ec5c8-6c00-7005-8000-000000000001", "regionId": "015ec5c8-6c00-7007-8000-000000000001",
            "predecessorId": "015ec5c8-6c00-700b-8000-000000000001", "startsOn": "2017-11-01", "endsOn": "2018-04-30",
            "daysInPhase": 92, "overall": "green", "reportedAt": "2018-01-05T12:00:00Z", "reportAgeDays": 26,
            "nextDecisionPoint": {
                "id": "015ec5c8-6c00-7014-8000-000000000002", "number": "2", "theme": "Prosjektavslutning",
                "plannedOn": "2018-04-30"
            },
            "milestones": 4, "milestonesMet": 2, "milestonesOverdue": 0, "budgetStatus": null, "budgetOre": null,
            "committedOre": null, "usedOre": null, "budgetUsedPercent": null
        }],
        "next": null,
        "findings": []
    })
}
