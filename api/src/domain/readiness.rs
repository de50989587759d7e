//! Whether a decision point has the documents that it requires.

use entity::documents::DocumentStatus;
use entity::{decision_points, decision_requirements, documents};
use uuid::Uuid;

use super::Picture;
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
