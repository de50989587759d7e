//! The resource `report-signatures`: who put its name to a published report, over which hash.

use entity::status_reports::ReportState;
use entity::{project_parties, report_signatures, status_reports};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value, json};

use crate::access::Area;
use crate::db::Typed;
use crate::facts::{Change, row};
use crate::problem::{Error, Fault};
use crate::standard::consequence::fields;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of signatures.
pub fn resource() -> Resource {
    Resource::of::<report_signatures::Entity>(Area::Reports)
        .order("signedAt")
        .refers("reportId", "status-reports")
        .refers("organisationId", "organisations")
        .refers("personId", "people")
        .unique(&["reportId", "organisationId"])
        .fixed(&["reportId", "organisationId"])
        .published("report_id IN (SELECT id FROM status_reports WHERE state = 'published')")
        .stays()
        .derives(|write, signature| Box::pin(over_the_hash(write, signature)))
        .rule(|write, change| Box::pin(of_a_party(write, change)))
        .done()
}

/// What is signed is the hash that the report was published with, now.
async fn over_the_hash(write: &Write, signature: report_signatures::Model) -> Result<Map<String, Value>, Error> {
    if signature.created_at != write.now() {
        return Ok(Map::new());
    }
    let report = status_reports::Entity::find_by_id(signature.report_id).first(write.tx()).await?;
    let hash = report.and_then(|report| report.sha256);
    Ok(fields(json!({ "signedAt": row::instant(write.now()), "sha256": hash })))
}

/// A party of the project signs what is published.
async fn of_a_party(write: &Write, change: Change<report_signatures::Model>) -> Result<Faults, Error> {
    let Some(after) = change.after() else { return Ok(Vec::new()) };
    let mut faults = Vec::new();
    let report = status_reports::Entity::find_by_id(after.report_id).first(write.tx()).await?;
    if report.is_none_or(|report| report.state != ReportState::Published || report.project_id != after.project_id) {
        let message = text!(
            "er ikke en publisert rapport i prosjektet",
            "er ikkje ein publisert rapport i prosjektet",
            "is no published report of the project"
        );
        faults.push(Fault::at("/reportId", "not_published", message));
    }
    let parties = project_parties::Entity::find()
        .filter(project_parties::Column::ProjectId.eq(after.project_id))
        .filter(project_parties::Column::OrganisationId.eq(after.organisation_id));
    if parties.first(write.tx()).await?.is_none() {
        let message = text!(
            "har ingen rolle i prosjektet (project-parties)",
            "har inga rolle i prosjektet (project-parties)",
            "has no part in the project (project-parties)"
        );
        faults.push(Fault::at("/organisationId", "not_a_party", message));
    }
    Ok(faults)
}
