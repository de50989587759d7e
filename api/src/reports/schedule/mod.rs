//! `GET /projects/{id}/schedule`: what is planned when, what is expected and what was reached, as data, tables and a picture.

mod fold;
mod shape;
mod tables;

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::{Asked, status};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::render::{Format, Wish};

pub use fold::of;
pub use shape::Schedule;
use tables::{PICTURE, TABLES};

/// Answers the schedule of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&call).await?.in_tables(&call, &TABLES)?;
    folded(&call, &asked).await
}

/// Answers the schedule of a project as a picture, whatever is accepted.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn picture(call: Call) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&call).await?.as_view(&call, &TABLES, Format::Svg)?;
    folded(&call, &asked).await
}

async fn folded(call: &Call, asked: &Asked) -> Result<HttpResponse, Error> {
    if let Some(unchanged) = asked.unchanged(call)? {
        return Ok(unchanged);
    }
    let picture = asked.picture(call).await?;
    let journal = asked.stood(status::journal(&call.store, asked.project).await?);
    asked.answer(&of(asked, &picture, &journal).ok_or(&codes::NOT_FOUND)?).await
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectSchedule", "Reports", "Get the schedule of a project")
        .more(
            "What a Gantt chart shows: activities with their progress, milestones with the date that was planned first \
             (baseline), the plan, the forecast and the day on which they were met, decision points, and the times in which \
             municipalities treat matters. What has no date stands in `undated`, too. A date outside the project's period is \
             marked, never hidden. Observers get the same without activities and internal milestones.",
        )
        .dated()
        .answers::<Schedule>(200, "The schedule", example())
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::NOT_FOUND])
}

/// What the document says of the picture.
#[must_use]
pub fn about_picture() -> About {
    let schema = json!({ "type": "string", "maxLength": 67_108_864, "description": PICTURE });
    let widths = (Wish::WIDTHS.start(), Wish::WIDTHS.end());
    let width = json!({ "type": "integer", "minimum": widths.0, "maximum": widths.1, "default": Wish::WIDTH });
    About::new("getProjectSchedulePicture", "Reports", "Get the schedule of a project as a picture")
        .more(
            "The same as `/schedule?format=svg`, at an address that says so. It carries its style, follows light and dark, loads \
             nothing and runs nothing.",
        )
        .dated()
        .query("width", "The width of the picture in pixels; where there is little room, names stand above their rows.", width)
        .answers_value(200, "The picture", "image/svg+xml", schema, json!("<svg …>…</svg>"))
        .tagged()
        .fails(&[&codes::NOT_FOUND])
}

fn example() -> Value {
    json!({
        "today": "2017-11-20",
        "project": {
            "id": "015ec5c8-6c00-700b-8000-000000000002", "code": "NVR-2017-02",
            "name": "Næringsvennlig region – forprosjekt Sør-Troms", "startsOn": "2017-11-01", "endsOn": "2018-04-30"
        },
        "activities": [{
            "id": "015ec5c8-6c00-7011-8000-000000000007", "number": "HA 3", "title": "Workshop om kompetansebehov",
            "kind": "workshop", "parentId": null, "depth": 0, "startsOn": "2017-11-20", "endsOn": "2017-12-15",
            "progressPercent": 25, "status": "in_progress", "outsidePeriod": false
        }],
        "milestones": [{
            "id": "015ec5c8-6c00-7013-8000-000000000002", "number": "02",
            "title": "Gjennomført workshop HA 3 – kompetansebehov", "activityId": "015ec5c8-6c00-7011-8000-000000000007",
            "baselineOn": "2018-12-15", "plannedOn": "2017-12-15", "forecastOn": null, "metOn": null,
            "status": "scheduled", "outsidePeriod": false
        }],
        "decisionPoints": [{
            "id": "015ec5c8-6c00-7014-8000-000000000002", "number": "2", "theme": "Prosjektavslutning",
            "plannedOn": "2018-04-30", "decidedOn": null, "outcome": null, "outsidePeriod": false
        }],
        "politicalWindows": [{
            "matterId": "015ec5c8-6c00-7022-8000-000000000001", "title": "Sluttrapport for forstudien",
            "organisation": { "id": "015ec5c8-6c00-7001-8000-000000000001", "name": "Gratangen kommune" },
            "caseId": "015ec5c8-6c00-7023-8000-000000000002", "windowFrom": "2017-09-01", "windowTo": "2017-10-31",
            "status": "pending", "decidedOn": null
        }],
        "undated": []
    })
}
