//! The rule that a milestone which asks for a document is shown by one.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::documents::{self, DocumentKind, DocumentStatus};
use entity::milestones::{Entity as Milestone, Model};
use uuid::Uuid;

use super::finding::Found;
use super::plan::{Plan, due, met};
use crate::problem::Text;
use crate::text;

/// Reached, or due by today while the project is open, without the document that it asks for.
///
/// Documents are not tied to milestones yet, so this rule is as mild as it can be: any finished document of the
/// project that is not bound to a decision point, and is neither plan nor application, may show a milestone from its
/// own day or before; each shows one, and one without a date shows any. Whoever comes last without one is named.
pub(super) fn evidence_missing(plan: &Plan<'_>) -> Vec<Found> {
    let mut asking: Vec<(NaiveDate, &Model)> = plan
        .milestones
        .iter()
        .filter(|milestone| milestone.requires_document && (plan.open() || met(plan, milestone)))
        .filter_map(|milestone| Some((due(milestone).filter(|due| *due <= plan.today)?, *milestone)))
        .collect();
    asking.sort_by_key(|(day, milestone)| (*day, milestone.id));
    let mut dates = evidence(plan).into_iter().peekable();
    let without = asking.into_iter().filter(|(day, _)| {
        // A document from before this day is from before every later one, too.
        while dates.next_if(|date| date.is_some_and(|date| date < *day)).is_some() {}
        dates.next().is_none()
    });
    without
        .map(|(day, milestone)| Found::at::<Milestone>(milestone.id, "/requiresDocument", unseen(plan, milestone, day)))
        .collect()
}

/// The days of the documents that may show a milestone, in their order, those without a day last.
fn evidence(plan: &Plan<'_>) -> Vec<Option<NaiveDate>> {
    let bound: HashSet<Uuid> =
        plan.picture.decision_requirements.iter().filter_map(|requirement| requirement.document_id).collect();
    let shows = |document: &&&documents::Model| {
        let finished = matches!(document.status, DocumentStatus::Final | DocumentStatus::Adopted);
        let of_start = matches!(
            document.kind,
            DocumentKind::ProjectPlan | DocumentKind::Application | DocumentKind::CommitmentLetter
        );
        finished && !of_start && !bound.contains(&document.id)
    };
    let mut dates: Vec<Option<NaiveDate>> =
        plan.documents.iter().filter(shows).map(|document| document.document_on.max(document.adopted_on)).collect();
    dates.sort_by_key(|date| (date.is_none(), *date));
    dates
}

fn unseen(plan: &Plan<'_>, milestone: &Model, day: NaiveDate) -> Text {
    let number = &milestone.number;
    if met(plan, milestone) {
        return text!(
            "Milepæl {number} er nådd {day} og krever et dokument, men prosjektet har ikke noe ferdig dokument fra den dagen eller senere som kan vise det.",
            "Milepæl {number} er nådd {day} og krev eit dokument, men prosjektet har ikkje noko ferdig dokument frå den dagen eller seinare som kan vise det.",
            "Milestone {number} was reached on {day} and asks for a document, but the project has no finished document from that day or later that could show it."
        );
    }
    text!(
        "Milepæl {number} skulle nås {day} og krever et dokument, men prosjektet har ikke noe ferdig dokument fra den dagen eller senere som kan vise det.",
        "Milepæl {number} skulle nåast {day} og krev eit dokument, men prosjektet har ikkje noko ferdig dokument frå den dagen eller seinare som kan vise det.",
        "Milestone {number} was due on {day} and asks for a document, but the project has no finished document from that day or later that could show it."
    )
}
