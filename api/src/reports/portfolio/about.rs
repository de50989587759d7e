//! What the document says of projects side by side.

use entity::CodeList;
use entity::projects::{ProjectStatus, ProjectType};
use serde_json::{Value, json};

use super::{Portfolio, TABLES, example};
use crate::facts;
use crate::openapi::{About, query};
use crate::problem::codes;
use crate::standard::filter::MOST_VALUES;

/// `GET /portfolio`.
#[must_use]
pub fn about() -> About {
    paged(About::new("getPortfolio", "Reports", "See projects side by side")).query(
        "programmeId",
        "Only projects of these programmes.",
        ids(),
    )
}

/// `GET /programmes/{id}/comparison`.
#[must_use]
pub fn about_comparison() -> About {
    paged(About::new("getProgrammeComparison", "Reports", "Compare the projects of a programme"))
        .fails(&[&codes::NOT_FOUND])
}

fn ids() -> Value {
    json!({ "type": "array", "maxItems": 200, "items": { "type": "string", "format": "uuid" } })
}

fn paged(about: About) -> About {
    let codes_of = |labels: &[entity::Label]| {
        let codes: Vec<&str> = labels.iter().map(|label| label.code).collect();
        json!({ "type": "array", "maxItems": MOST_VALUES, "items": { "type": "string", "enum": codes } })
    };
    let sort = facts::by_path("projects").map(query::sort_keys).unwrap_or_default();
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 });
    let cursor = json!({ "type": "string", "minLength": 1, "maxLength": 8192, "pattern": "^[A-Za-z0-9_-]+$" });
    about
        .more(
            "Where each project stands, how old its report is, what is decided next, how its milestones and its budget do, and \
             how long it has been in its phase. A handful of statements for a page, however many projects there are. An \
             observer sees the budgets that bind and no internal milestones. `findings` has what is of no project, for administrators.",
        )
        .query("limit", "Most projects on the page.", limit)
        .query("cursor", "`next` of the page before, unchanged, with the same sort and filters.", cursor)
        .query("sort", "The order, by fields of projects: `-` for the largest first.", sort)
        .query("status", "Only projects that stand so.", codes_of(ProjectStatus::LABELS))
        .query("type", "Only projects of these phases.", codes_of(ProjectType::LABELS))
        .query("regionId", "Only projects of these regions.", ids())
        .answers::<Portfolio>(200, "The projects", example())
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::INVALID_PARAMETER, &codes::INVALID_CURSOR])
}
