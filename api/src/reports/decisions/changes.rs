//! What a decision changed: from the records where they know, from the journal where only it does.

use entity::documents::DocumentStatus;
use entity::projects::ProjectStatus;
use entity::recommendations::{self, RecommendationStatus};
use entity::{CodeList, Record, RecordRef, decision_points, documents, matters, milestones, political_cases, projects};
use serde_json::Value;
use uuid::Uuid;

use super::ChangedRecord;
use crate::domain::Picture;
use crate::problem::Text;
use crate::reports::Asked;
use crate::reports::shapes::called;
use crate::store::Entry;
use crate::text;

/// The events by which a document is adopted, of which one is of final reports.
const ADOPTED: [&str; 2] = ["document.adopted", "final_report.adopted"];
/// The events that a register of decisions looks up.
pub const EVENTS: [&str; 4] = ["decision_point.decided", "project.phase_changed", ADOPTED[0], ADOPTED[1]];

/// What changes are told from.
pub(super) struct Changes<'a> {
    pub asked: &'a Asked,
    pub picture: &'a Picture,
    pub journal: &'a [Entry],
}

/// A reference to a record of a type.
pub(super) fn reference<E: Record>(id: Uuid) -> RecordRef {
    RecordRef { kind: E::KIND.to_owned(), id }
}

impl Changes<'_> {
    fn line<E: Record>(
        &self,
        id: Uuid,
        field: &str,
        name: &Text,
        from: Option<(&str, &str)>,
        to: (&str, &str),
    ) -> ChangedRecord {
        let name = name.in_lang(self.asked.lang);
        let in_words = match from {
            Some((_, from)) => format!("{name}: {from} → {}", to.1),
            None => format!("{name}: {}", to.1),
        };
        let from = from.map(|(code, _)| code.to_owned());
        ChangedRecord { record: reference::<E>(id), field: field.to_owned(), from, to: Some(to.0.to_owned()), in_words }
    }

    /// Documents that a resolution adopted.
    pub fn documents(&self, resolution: Uuid) -> Vec<ChangedRecord> {
        let adopted = self.picture.documents.iter().filter(|one| one.resolution_id == Some(resolution));
        adopted.filter(|one| self.asked.sees_document(one)).map(|one| self.adopted(one)).collect()
    }

    /// A document that became adopted.
    pub fn adopted(&self, document: &documents::Model) -> ChangedRecord {
        let title = &document.title;
        let name = text!("dokumentet «{title}»", "dokumentet «{title}»", "the document “{title}”");
        let entry =
            self.journal.iter().rfind(|entry| ADOPTED.contains(&entry.event.as_str()) && entry.record == document.id);
        let from = entry.and_then(|entry| code::<DocumentStatus>(entry.before.as_ref(), "status"));
        let word = |status: DocumentStatus| (status.code(), called(status.label(), self.asked.lang));
        self.line::<documents::Entity>(document.id, "status", &name, from.map(word), word(DocumentStatus::Adopted))
    }

    /// Decision points that a resolution decided.
    pub fn decision_points(&self, resolution: Uuid) -> Vec<ChangedRecord> {
        let decided = self.picture.decision_points.iter().filter(|one| one.resolution_id == Some(resolution));
        let line = |point: &decision_points::Model| {
            let outcome = point.outcome?;
            let (number, theme) = (&point.number, &point.theme);
            let name = text!(
                "beslutningspunkt {number} «{theme}»",
                "avgjerdspunkt {number} «{theme}»",
                "decision point {number} “{theme}”"
            );
            let to = (outcome.code(), called(outcome.label(), self.asked.lang));
            Some(self.line::<decision_points::Entity>(point.id, "outcome", &name, None, to))
        };
        decided.filter_map(line).collect()
    }

    /// The status that the project got by a decision point: written in one with the decision, so at its instant.
    pub fn project(&self, point: Uuid) -> Vec<ChangedRecord> {
        let decided = self.journal.iter().rfind(|entry| entry.event == EVENTS[0] && entry.record == point);
        let Some(decided) = decided else { return Vec::new() };
        let same = |entry: &&Entry| entry.event == EVENTS[1] && entry.at == decided.at && entry.actor == decided.actor;
        let line = |entry: &Entry| {
            let project = self.picture.projects.iter().find(|project| project.id == entry.record)?;
            let word = |status: ProjectStatus| (status.code(), called(status.label(), self.asked.lang));
            let code_name = &project.code;
            let name = text!("prosjektet {code_name}", "prosjektet {code_name}", "the project {code_name}");
            let from = code::<ProjectStatus>(entry.before.as_ref(), "status").map(word);
            let to = word(code::<ProjectStatus>(entry.after.as_ref(), "status")?);
            Some(self.line::<projects::Entity>(project.id, "status", &name, from, to))
        };
        self.journal.iter().filter(same).filter_map(line).collect()
    }

    /// The case that a final step closed.
    pub fn case(&self, case: &political_cases::Model, municipality: &str) -> Option<ChangedRecord> {
        let outcome = case.outcome?;
        let name = text!("saken i {municipality}", "saka i {municipality}", "the case in {municipality}");
        let to = (outcome.code(), called(outcome.label(), self.asked.lang));
        Some(self.line::<political_cases::Entity>(case.id, "outcome", &name, None, to))
    }

    /// What a matter that was settled brought about: its milestone, and the recommendations that it answered.
    pub fn matter(&self, matter: &matters::Model) -> Vec<ChangedRecord> {
        let tied = |one: &&milestones::Model| one.matter_id == Some(matter.id) && self.asked.sees_milestone(one);
        let met = self.picture.milestones.iter().filter(tied).filter_map(|milestone| {
            let on = matter.met_on.filter(|on| milestone.met_on == Some(*on))?.to_string();
            let number = &milestone.number;
            let name = text!("milepæl {number} nådd", "milepæl {number} nådd", "milestone {number} met");
            Some(self.line::<milestones::Entity>(milestone.id, "metOn", &name, None, (&on, &on)))
        });
        met.chain(self.recommendations(|one| one.adopted_by_id == Some(matter.id))).collect()
    }

    /// The recommendations of a sort, answered, and the projects that they lead to.
    pub fn recommendations(&self, of: impl Fn(&recommendations::Model) -> bool) -> Vec<ChangedRecord> {
        if !self.asked.sees_control() {
            return Vec::new();
        }
        let answered = |one: &&recommendations::Model| one.status != RecommendationStatus::Proposed && of(one);
        self.picture.recommendations.iter().filter(answered).flat_map(|one| self.recommendation(one)).collect()
    }

    /// A recommendation that was answered, and the project that it leads to.
    pub fn recommendation(&self, one: &recommendations::Model) -> Vec<ChangedRecord> {
        let number = &one.number;
        let name = text!("anbefaling {number}", "tilråding {number}", "recommendation {number}");
        let to = (one.status.code(), called(one.status.label(), self.asked.lang));
        let mut lines = vec![self.line::<recommendations::Entity>(one.id, "status", &name, None, to)];
        let next = self.picture.projects.iter().find(|project| Some(project.id) == one.leads_to_project_id);
        lines.extend(next.map(|next| {
            let name = text!(
                "anbefaling {number} fører til",
                "tilråding {number} fører til",
                "recommendation {number} leads to"
            );
            let id = next.id.to_string();
            self.line::<recommendations::Entity>(one.id, "leadsToProjectId", &name, None, (&id, &next.code))
        }));
        lines
    }
}

/// A code in one side of a journal entry.
fn code<C: serde::de::DeserializeOwned + CodeList>(side: Option<&Value>, field: &str) -> Option<C> {
    serde_json::from_value(side?.get(field)?.clone()).ok()
}
