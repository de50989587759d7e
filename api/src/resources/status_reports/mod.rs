//! The resource `status-reports`: written, submitted, approved, published; published, it never changes.

mod about;
mod frozen;
mod page;
mod publish;
mod signatures;

use entity::status_reports::{self, ReportKind, ReportState};
use sea_orm::EntityTrait;
use serde_json::{Map, Value, json};

use crate::access::Area;
use crate::db::Typed;
use crate::domain::report_draft;
use crate::facts::Change;
use crate::problem::{Error, Fault, Lang, Problem, codes};
use crate::reports;
use crate::standard::consequence::fields;
use crate::standard::rules::moved;
use crate::standard::whole::whole;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

pub use about::{about_approve, about_publish, about_sign, about_snapshot, about_submit, about_verification};
pub use frozen::{snapshot, verification};
pub use publish::{approve, publish, submit};
pub use signatures::sign;

/// What a report says; once it is approved, none of it changes.
const CONTENT: [&str; 14] = [
    "kind",
    "periodFrom",
    "periodTo",
    "overall",
    "time",
    "economy",
    "quality",
    "risk",
    "outcome",
    "achieved",
    "next",
    "decisionsWanted",
    "sections",
    "supersedesId",
];

/// The facts and rules of status reports.
pub fn resource() -> Resource {
    Resource::of::<status_reports::Entity>(Area::Reports)
        .search(&["achieved", "next", "decisionsWanted"])
        .order("-periodTo,-createdAt")
        .refers("supersedesId", "status-reports")
        .acyclic("supersedesId")
        .dates("periodFrom", "periodTo")
        .published("state = 'published'")
        .stays()
        .page(page::drawn)
        .locked(|row| matches!(row.text("state"), Some("approved" | "published")))
        .derives(|write, report| Box::pin(suggested(write, report)))
        .check(sections_are_of_a_final_report)
        .rule(|write, change| Box::pin(as_it_was_approved(write, change)))
        .event(event)
        .tells(&["submitted", "approved", "published"])
        .done()
}

/// A new draft comes filled from the plan: each line says what it follows from, and what is given stands.
async fn suggested(write: &Write, report: status_reports::Model) -> Result<Map<String, Value>, Error> {
    if report.created_at != write.now() || report.state != ReportState::Draft {
        return Ok(Map::new());
    }
    let picture = whole(write.tx(), report.project_id).await?;
    let moved = reports::moves(reports::rescheduled(write.tx(), report.project_id).await?);
    let period = report_draft::Period { from: report.period_from, to: report.period_to };
    let mut lines = report_draft::lines(&picture, &moved, period);
    let spent = reports::finance::spent(write.tx(), report.project_id, None, period.to).await?;
    let economy = report_draft::economy(&picture, &spent, period).map(|(status, over)| {
        lines.extend(over);
        status
    });
    // A report is written in the language of the plan; its readers get codes and dates in their own.
    let text = |field: &str| {
        let own: Vec<&str> =
            lines.iter().filter(|line| line.field == field).map(|line| line.text.in_lang(Lang::Nb)).collect();
        (!own.is_empty()).then(|| own.join("\n"))
    };
    let mut derived = json!({ "suggestions": lines.iter().map(|line| json!({
        "field": line.field, "text": line.text.in_lang(Lang::Nb), "from": line.from,
    })).collect::<Vec<Value>>() });
    for (field, given) in
        [("achieved", &report.achieved), ("next", &report.next), ("decisionsWanted", &report.decisions_wanted)]
    {
        if given.is_none() {
            derived[field] = json!(text(field));
        }
    }
    if report.time.is_none()
        && let Some(status) = report_draft::time(&picture, period)
    {
        derived["time"] = json!({ "status": status, "trend": null, "comment": text("time") });
    }
    if report.economy.is_none()
        && let Some(status) = economy
    {
        derived["economy"] = json!({ "status": status, "trend": null, "comment": text("economy") });
    }
    Ok(fields(derived))
}

fn sections_are_of_a_final_report(change: &Change<status_reports::Model>) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    if after.kind == ReportKind::Final || after.sections.0.is_empty() {
        return Vec::new();
    }
    let message = text!(
        "hører til sluttrapporten (kind final)",
        "høyrer til sluttrapporten (kind final)",
        "belong to the final report (kind final)"
    );
    vec![Fault::at("/sections", "not_applicable", message)]
}

/// What is approved says what was approved; and a report takes the place of a published one of its own project.
async fn as_it_was_approved(write: &Write, change: Change<status_reports::Model>) -> Result<Faults, Error> {
    if let Change::Changed { before, after } = &change
        && matches!(before.state, ReportState::Approved | ReportState::Published)
        && let Some(field) = moved(before, after, &CONTENT)
    {
        return Err(Problem::new(&codes::LOCKED)
            .detail(text!(
                "rapporten er godkjent: {field} kan ikke endres; en retting er en ny rapport med supersedesId",
                "rapporten er godkjend: {field} kan ikkje endrast; ei retting er ein ny rapport med supersedesId",
                "the report is approved: {field} cannot change; a correction is a new report with supersedesId"
            ))
            .into());
    }
    let Some(older) = change.after().and_then(|after| after.supersedes_id) else { return Ok(Vec::new()) };
    let found = status_reports::Entity::find_by_id(older).first(write.tx()).await?;
    let published = found.is_some_and(|found| found.state == ReportState::Published);
    let message = || {
        text!(
            "er ikke publisert: bare en publisert rapport blir erstattet",
            "er ikkje publisert: berre ein publisert rapport blir erstatta",
            "is not published: only a published report is superseded"
        )
    };
    Ok((!published).then(|| Fault::at("/supersedesId", "not_published", message())).into_iter().collect())
}

fn event(change: &Change) -> Option<&'static str> {
    let after = change.after().filter(|_| change.before().is_some() && change.touches("state"))?;
    match after.text("state") {
        Some("submitted") => Some("submitted"),
        Some("approved") => Some("approved"),
        Some("published") => Some("published"),
        _ => None,
    }
}
