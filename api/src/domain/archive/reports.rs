//! Published reports as an archive takes them: documents whose content is what was frozen, under the hash that was signed.

use entity::documents::{self, DocumentAccess, DocumentKind, DocumentStatus};
use entity::status_reports::{self, ReportKind, ReportState};

use super::File;
use crate::domain::Picture;

/// The published reports of a project, in the order of their identifiers, each as a document that was finished when the
/// report was published.
#[must_use]
pub fn published(picture: &Picture) -> Vec<documents::Model> {
    let own = picture.status_reports.iter().filter(|report| report.project_id == picture.focus);
    own.filter(|report| report.state == ReportState::Published).map(document).collect()
}

/// What was frozen in a report, as a file of so many bytes.
#[must_use]
pub fn file(report: &status_reports::Model, size_bytes: i64) -> File {
    File {
        version: 1,
        media_type: "application/json".to_owned(),
        file_name: Some(format!("{}-{}.json", kind(report).label().nb, report.period_to)),
        size_bytes,
        sha256: report.sha256.clone().unwrap_or_default(),
    }
}

fn kind(report: &status_reports::Model) -> DocumentKind {
    match report.kind {
        ReportKind::Status => DocumentKind::StatusReport,
        ReportKind::Final => DocumentKind::FinalReport,
    }
}

fn document(report: &status_reports::Model) -> documents::Model {
    let (name, from, to) = (report.kind.label().nb, report.period_from, report.period_to);
    let mut letters = name.chars();
    let capital = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    documents::Model {
        id: report.id,
        version: report.version,
        created_at: report.created_at,
        created_by: report.created_by,
        updated_at: report.updated_at,
        updated_by: report.updated_by,
        project_id: report.project_id,
        kind: kind(report),
        title: format!("{capital}{} {from}–{to}", letters.as_str()),
        document_on: report.published_at.map(|at| at.date_naive()),
        sender: None,
        recipient: None,
        activity_id: None,
        supersedes_id: report.supersedes_id,
        status: DocumentStatus::Final,
        adopted_on: None,
        resolution_id: None,
        access: DocumentAccess::Public,
        exemption_basis: None,
        accessible_after: None,
        archive: report.archive.clone(),
        retention: None,
        content_version: Some(1),
        media_type: None,
        file_name: None,
        size_bytes: None,
        sha256: report.sha256.clone(),
        search_text: String::new(),
    }
}
