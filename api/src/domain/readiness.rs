//! Whether a decision point may pass: the documents that it requires, the body that approves, and the plan check.

use entity::decision_points::{self, Approver, DecisionOutcome};
use entity::documents::{DocumentKind, DocumentStatus};
use entity::finding_waivers::FindingRule;
use entity::projects::ProjectStatus;
use entity::{RecordRef, decision_requirements, documents};
use uuid::Uuid;

use super::Picture;
use super::plan_check::{self, Finding};
use crate::problem::Text;
use crate::text;

/// A requirement and whether it is met.
#[derive(Clone, Debug)]
pub struct Requirement<'a> {
    /// What is required.
    pub requirement: &'a decision_requirements::Model,
    /// Why it is not met; `None` when it is.
    pub unmet: Option<Text>,
}

/// The requirements of a decision point, in the order of their identifiers.
#[must_use]
pub fn requirements<'a>(picture: &'a Picture, point: &decision_points::Model) -> Vec<Requirement<'a>> {
    let own = picture.decision_requirements.iter().filter(|requirement| requirement.decision_point_id == point.id);
    own.map(|requirement| Requirement {
        requirement,
        unmet: unmet(requirement, find(picture, requirement.document_id)),
    })
    .collect()
}

fn find(picture: &Picture, id: Option<Uuid>) -> Option<&documents::Model> {
    picture.documents.iter().find(|document| Some(document.id) == id)
}

/// Why a requirement is not met by a document.
#[must_use]
pub fn unmet(requirement: &decision_requirements::Model, document: Option<&documents::Model>) -> Option<Text> {
    let Some(document) = document else {
        return Some(text!("dokumentet mangler", "dokumentet manglar", "the document is missing"));
    };
    if document.kind != requirement.document_kind {
        let (is, asked) = (document.kind.code(), requirement.document_kind.code());
        return Some(text!(
            "dokumentet er {is}, men {asked} kreves",
            "dokumentet er {is}, men {asked} krevst",
            "the document is {is}, but {asked} is asked for"
        ));
    }
    let (is, asked) = (document.status.code(), requirement.required_status.code());
    if reached(document.status, requirement.required_status) {
        return None;
    }
    Some(text!(
        "dokumentet har status {is}, men må ha {asked}",
        "dokumentet har status {is}, men må ha {asked}",
        "the document has status {is}, but {asked} is asked for"
    ))
}

/// Whether a document that stands at `is` satisfies `asked`: what is adopted was final before, what is superseded
/// satisfies nothing.
const fn reached(is: DocumentStatus, asked: DocumentStatus) -> bool {
    match asked {
        DocumentStatus::Draft => !matches!(is, DocumentStatus::Superseded),
        DocumentStatus::Final => matches!(is, DocumentStatus::Final | DocumentStatus::Adopted),
        DocumentStatus::Adopted => matches!(is, DocumentStatus::Adopted),
        DocumentStatus::Superseded => matches!(is, DocumentStatus::Superseded),
    }
}

/// Something that keeps a decision point from passing.
#[derive(Clone, Debug)]
pub struct Obstacle {
    /// The record that is to be brought in order.
    pub record: RecordRef,
    /// The rule of the plan check, for a finding.
    pub rule: Option<FindingRule>,
    /// Why it stands in the way.
    pub reason: Text,
}

impl Obstacle {
    /// A finding of the plan check that stands in the way.
    #[must_use]
    pub fn of(finding: &Finding) -> Self {
        Self { record: finding.record.clone(), rule: Some(finding.rule), reason: finding.message.clone() }
    }
}

/// What keeps a decision point from passing: unmet requirements, an approval that the approving body has not shown,
/// and errors of the plan check that nobody has waived.
#[must_use]
pub fn obstacles(
    picture: &Picture,
    point: &decision_points::Model,
    findings: &[Finding],
    by_resolution: bool,
) -> Vec<Obstacle> {
    let record = |kind: &str, id: Uuid| RecordRef { kind: kind.to_owned(), id };
    let requirements = requirements(picture, point);
    let mut all: Vec<Obstacle> = requirements
        .iter()
        .filter_map(|found| {
            let reason = found.unmet.clone()?;
            Some(Obstacle { record: record("decision_requirement", found.requirement.id), rule: None, reason })
        })
        .collect();
    let adopted_by_body = requirements.iter().any(|found| {
        find(picture, found.requirement.document_id).is_some_and(|document| document.resolution_id.is_some())
    });
    if point.approver == Some(Approver::SteeringGroup) && !by_resolution && !adopted_by_body {
        let reason = text!(
            "styringsgruppa godkjenner ved vedtak: resolutionId mangler",
            "styringsgruppa godkjenner ved vedtak: resolutionId manglar",
            "the steering group approves by an adopted resolution: resolutionId is missing"
        );
        all.push(Obstacle { record: record("decision_point", point.id), rule: None, reason });
    }
    if closes(picture, point) && !has_adopted_report(picture) {
        let reason = text!(
            "prosjektet har ingen vedtatt sluttrapport",
            "prosjektet har ingen vedteken sluttrapport",
            "the project has no adopted final report"
        );
        all.push(Obstacle { record: record("project", picture.focus), rule: None, reason });
    }
    all.extend(plan_check::errors(findings).map(Obstacle::of));
    all
}

fn has_adopted_report(picture: &Picture) -> bool {
    let adopted = |document: &&documents::Model| {
        document.project_id == picture.focus
            && document.kind == DocumentKind::FinalReport
            && document.status == DocumentStatus::Adopted
    };
    picture.documents.iter().any(|document| adopted(&document))
}

/// The decision points of the project in the order of their numbers (`2` before `10`).
fn in_order(picture: &Picture) -> Vec<&decision_points::Model> {
    let number = |point: &decision_points::Model| {
        let digits: String = point.number.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<u64>().unwrap_or(u64::MAX)
    };
    let mut points: Vec<&decision_points::Model> = picture.decision_points.iter().collect();
    points.sort_by(|a, b| (number(a), &a.number, a.id).cmp(&(number(b), &b.number, b.id)));
    points
}

/// Whether a decision point starts the project: the first of them does (PLP: prosjektstart).
#[must_use]
pub fn starts(picture: &Picture, point: &decision_points::Model) -> bool {
    in_order(picture).first().is_some_and(|first| first.id == point.id)
}

/// Whether a decision point ends the project: the last of several does (PLP: prosjektavslutning), or one that asks for
/// the final report.
#[must_use]
pub fn closes(picture: &Picture, point: &decision_points::Model) -> bool {
    let points = in_order(picture);
    let last = points.len() > 1 && points.last().is_some_and(|last| last.id == point.id);
    let asks = picture.decision_requirements.iter().any(|requirement| {
        requirement.decision_point_id == point.id && requirement.document_kind == DocumentKind::FinalReport
    });
    last || asks
}

/// The status that the project gets by a decision; `None` when it stays what it is.
#[must_use]
pub fn next_status(
    picture: &Picture,
    point: &decision_points::Model,
    outcome: DecisionOutcome,
) -> Option<ProjectStatus> {
    let status = picture.project()?.status;
    match outcome {
        DecisionOutcome::Approved | DecisionOutcome::ApprovedWithConditions => match status {
            ProjectStatus::Pipeline if starts(picture, point) => Some(ProjectStatus::Active),
            ProjectStatus::Pipeline | ProjectStatus::Active if closes(picture, point) => {
                Some(ProjectStatus::Finalisation)
            }
            ProjectStatus::Pipeline
            | ProjectStatus::Active
            | ProjectStatus::Finalisation
            | ProjectStatus::Closed
            | ProjectStatus::Cancelled
            | ProjectStatus::Suspended => None,
        },
        DecisionOutcome::Rejected | DecisionOutcome::Postponed => None,
    }
}
