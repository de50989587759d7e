//! The fold from a picture to the register of decisions.

use std::cmp::Reverse;

use chrono::NaiveDate;
use entity::decision_points::Approver;
use entity::matters::MatterState;
use entity::meetings::{self, MeetingKind};
use entity::recommendations::{self, RecommendationStatus};
use entity::{Label, RecordRef, decision_points, documents, matters, political_steps, projects, resolutions};
use uuid::Uuid;

use super::changes::{Changes, reference};
use super::{DecidedBy, Decision};
use crate::domain::Picture;
use crate::domain::councils::{self, Cell, Councils};
use crate::reports::Asked;
use crate::reports::shapes::{OrganisationName, ProjectName, VoteCounts, called};
use crate::store::Entry;
use crate::text;

/// Every decision that the caller sees, the newest first.
#[must_use]
pub fn of(asked: &Asked, picture: &Picture, journal: &[Entry]) -> Vec<Decision> {
    let register = Register { asked, picture, changes: Changes { asked, picture, journal } };
    let Some(project) = picture.project() else { return Vec::new() };
    let mut all: Vec<Decision> = Vec::new();
    all.extend(picture.resolutions.iter().filter_map(|one| register.resolution(project, one)));
    all.extend(picture.decision_points.iter().filter_map(|one| register.decision_point(project, one)));
    all.extend(picture.documents.iter().filter_map(|one| register.document(project, one)));
    let councils = Councils::of(picture);
    for (of, matter) in councils.matters(picture) {
        for case in councils.cases(matter.id) {
            let cell = councils.cell(matter, case.organisation_id, false, asked.today);
            all.extend(register.steps(of, matter, &cell));
        }
        all.extend(register.matter(of, matter));
    }
    all.extend(picture.recommendations.iter().filter_map(|one| register.recommendation(one)));
    all.sort_by_key(|one| Reverse((one.decided_on, one.record.id)));
    all
}

struct Register<'a> {
    asked: &'a Asked,
    picture: &'a Picture,
    changes: Changes<'a>,
}

impl Register<'_> {
    /// A decision with what every one has.
    fn decision(&self, record: RecordRef, project: &projects::Model, outcome: Label, by: DecidedBy) -> Decision {
        Decision {
            record,
            project: ProjectName::of(project),
            title: String::new(),
            decided_on: None,
            decided_by: by,
            outcome: outcome.code.to_owned(),
            outcome_label: called(outcome, self.asked.lang).to_owned(),
            text: None,
            conditions: None,
            votes: None,
            override_reason: None,
            resolution_id: None,
            subject: None,
            changed: Vec::new(),
        }
    }

    fn resolution(&self, project: &projects::Model, one: &resolutions::Model) -> Option<Decision> {
        let meeting = self.meeting(one.meeting_id).filter(|meeting| self.asked.sees_meeting(meeting))?;
        let subject = one.subject.clone().filter(|subject| self.sees(subject));
        let item = self.picture.agenda_items.iter().find(|item| Some(item.id) == one.agenda_item_id);
        let mut changed = self.changes.documents(one.id);
        changed.extend(self.changes.decision_points(one.id));
        let about = one.subject.as_ref().filter(|subject| subject.kind == "recommendation").map(|subject| subject.id);
        changed.extend(self.changes.recommendations(|other| Some(other.id) == about));
        let votes = one.votes_for.zip(one.votes_against);
        Some(Decision {
            title: item.map_or_else(|| short(&one.text), |item| item.title.clone()),
            decided_on: one.adopted_on.or_else(|| day(meeting)),
            text: Some(one.text.clone()),
            votes: votes.map(|(in_favour, against)| VoteCounts { in_favour, against, blank: None }),
            subject,
            changed,
            ..self.decision(
                reference::<resolutions::Entity>(one.id),
                project,
                one.outcome.label(),
                self.by_meeting(meeting),
            )
        })
    }

    fn decision_point(&self, project: &projects::Model, one: &decision_points::Model) -> Option<Decision> {
        let outcome = one.outcome?;
        let resolution = self.picture.resolutions.iter().find(|resolution| Some(resolution.id) == one.resolution_id);
        let by = match resolution.and_then(|resolution| self.meeting(resolution.meeting_id)) {
            Some(meeting) => self.by_meeting(meeting),
            None => self.by(one.approver.map(Approver::label), None, None),
        };
        Some(Decision {
            title: format!("{} {}", one.number, one.theme),
            decided_on: one.decided_on,
            conditions: one.conditions.clone(),
            override_reason: one.override_reason.clone(),
            resolution_id: one.resolution_id,
            changed: self.changes.project(one.id),
            ..self.decision(reference::<decision_points::Entity>(one.id), project, outcome.label(), by)
        })
    }

    /// A document that was adopted without a resolution: where there is one, it is what the resolution changed.
    fn document(&self, project: &projects::Model, one: &documents::Model) -> Option<Decision> {
        use entity::documents::DocumentStatus::Adopted;
        let adopted = one.status == Adopted || one.adopted_on.is_some();
        if !adopted || one.resolution_id.is_some() || one.project_id != project.id || !self.asked.sees_document(one) {
            return None;
        }
        Some(Decision {
            title: one.title.clone(),
            decided_on: one.adopted_on,
            changed: vec![self.changes.adopted(one)],
            ..self.decision(reference::<documents::Entity>(one.id), project, Adopted.label(), self.by(None, None, None))
        })
    }

    /// The final steps of a case.
    fn steps(&self, project: &projects::Model, matter: &matters::Model, cell: &Cell<'_>) -> Vec<Decision> {
        let municipality = self.picture.organisation(cell.organisation).map(OrganisationName::of);
        let name = municipality.as_ref().map(|body| body.name.clone()).unwrap_or_default();
        let decisive = cell.decisive().map(|step| step.id);
        let finals = cell.steps.iter().filter(|step| step.is_final);
        let decision = |step: &&political_steps::Model| {
            let outcome = step.outcome?;
            let by = self.by(Some(step.body.label()), municipality.clone(), None);
            let closed = cell.case.filter(|_| decisive == Some(step.id));
            Some(Decision {
                title: matter.title.clone(),
                decided_on: step.meeting_on,
                text: step.resolution_text.clone(),
                conditions: step.conditions.clone(),
                votes: step.votes.map(Into::into),
                subject: Some(reference::<matters::Entity>(matter.id)),
                changed: closed.and_then(|case| self.changes.case(case, &name)).into_iter().collect(),
                ..self.decision(reference::<political_steps::Entity>(step.id), project, outcome.label(), by)
            })
        };
        finals.filter_map(decision).collect()
    }

    /// A matter that the municipalities settled, one way or the other.
    fn matter(&self, project: &projects::Model, one: &matters::Model) -> Option<Decision> {
        let decided_on = match one.state {
            MatterState::Met => one.met_on,
            MatterState::NotMet => self.refused_on(one.id),
            MatterState::Pending | MatterState::PartiallyMet => return None,
        };
        let by = DecidedBy {
            body: None,
            label: called(one.rule.label(), self.asked.lang).to_owned(),
            organisation: None,
            meeting_id: None,
        };
        let document = one.document_id.map(reference::<documents::Entity>);
        Some(Decision {
            title: one.title.clone(),
            decided_on,
            text: Some(councils::in_words(one).in_lang(self.asked.lang).to_owned()),
            subject: document.filter(|document| self.sees(document)),
            changed: self.changes.matter(one),
            ..self.decision(reference::<matters::Entity>(one.id), project, one.state.label(), by)
        })
    }

    /// The day of the last no.
    fn refused_on(&self, matter: Uuid) -> Option<NaiveDate> {
        use entity::political_steps::StepOutcome::Rejected;
        let no = self.picture.political_cases.iter().filter(|case| case.matter_id == matter);
        no.filter(|case| case.outcome == Some(Rejected)).filter_map(|case| case.decided_on).max()
    }

    /// A recommendation that was answered by something else than a matter or a resolution about it, which tell it
    /// themselves.
    fn recommendation(&self, one: &recommendations::Model) -> Option<Decision> {
        if one.status == RecommendationStatus::Proposed || !self.asked.sees_control() {
            return None;
        }
        let project = self.picture.projects.iter().find(|project| project.id == one.project_id)?;
        let by_matter = self.picture.matters.iter().any(|matter| {
            Some(matter.id) == one.adopted_by_id && matches!(matter.state, MatterState::Met | MatterState::NotMet)
        });
        let about = |subject: &RecordRef| subject.kind == "recommendation" && subject.id == one.id;
        if by_matter || self.picture.resolutions.iter().any(|other| other.subject.as_ref().is_some_and(about)) {
            return None;
        }
        let meeting = one.adopted_by_id.and_then(|id| self.meeting(id));
        let by = meeting.map_or_else(|| self.by(None, None, None), |meeting| self.by_meeting(meeting));
        Some(Decision {
            title: format!("{} {}", one.number, one.text),
            decided_on: meeting.and_then(day),
            changed: self.changes.recommendation(one),
            ..self.decision(reference::<recommendations::Entity>(one.id), project, one.status.label(), by)
        })
    }

    fn meeting(&self, id: Uuid) -> Option<&meetings::Model> {
        self.picture.meetings.iter().find(|meeting| meeting.id == id)
    }

    fn by_meeting(&self, meeting: &meetings::Model) -> DecidedBy {
        use entity::body_rules::ProjectBody;
        let body = match meeting.kind {
            MeetingKind::SteeringGroup => ProjectBody::SteeringGroup.label(),
            MeetingKind::ProjectGroup => ProjectBody::ProjectGroup.label(),
            MeetingKind::Coordination
            | MeetingKind::Status
            | MeetingKind::Workshop
            | MeetingKind::StudyVisit
            | MeetingKind::ResultsPresentation
            | MeetingKind::Other => meeting.kind.label(),
        };
        self.by(Some(body), None, Some(meeting.id))
    }

    fn by(&self, body: Option<Label>, organisation: Option<OrganisationName>, meeting_id: Option<Uuid>) -> DecidedBy {
        let unknown = text!("ikke kjent", "ikkje kjend", "not known");
        let word = body.map_or_else(|| unknown.in_lang(self.asked.lang), |body| called(body, self.asked.lang));
        let label = match &organisation {
            Some(organisation) => format!("{word}, {}", organisation.name),
            None => word.to_owned(),
        };
        DecidedBy { body: body.map(|body| body.code.to_owned()), label, organisation, meeting_id }
    }

    /// Whether the caller sees the record that a decision is about.
    fn sees(&self, subject: &RecordRef) -> bool {
        let picture = self.picture;
        match subject.kind.as_str() {
            "document" => picture.documents.iter().any(|one| one.id == subject.id && self.asked.sees_document(one)),
            "milestone" => picture.milestones.iter().any(|one| one.id == subject.id && self.asked.sees_milestone(one)),
            "meeting" => picture.meetings.iter().any(|one| one.id == subject.id && self.asked.sees_meeting(one)),
            "project" | "decision_point" | "matter" | "political_case" | "goal" => true,
            _ => self.asked.sees_control(),
        }
    }
}

fn day(meeting: &meetings::Model) -> Option<NaiveDate> {
    meeting.starts_at.map(|at| at.date_naive())
}

/// The beginning of a text, for a title.
fn short(text: &str) -> String {
    const LONGEST: usize = 120;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}
