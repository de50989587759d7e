//! What is still to be decided: the agenda of the project's owners and bodies.

use chrono::NaiveDate;
use entity::decision_points::{self, DecisionOutcome};
use entity::matters::{self, MatterState};
use entity::resolutions::{self, ResolutionOutcome};
use entity::{Record, RecordRef};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, ArrayBuilder, ObjectBuilder, Type};

use crate::domain::councils::{self, Councils};
use crate::domain::plan_check::Finding;
use crate::domain::{Picture, readiness};
use crate::reports::Asked;
use crate::reports::findings;
use crate::reports::shapes::OrganisationName;
use crate::text;

/// Something that is still to be decided.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenDecision {
    /// The decision point, the matter, or the resolution that was put off.
    pub record: RecordRef,
    /// What is to be decided.
    #[schema(max_length = 10000, example = "1 Prosjektstart")]
    pub title: String,
    /// By when: the planned day, or the end of the last window that is open; null while it is not known.
    #[schema(required = true)]
    pub due_on: Option<NaiveDate>,
    /// Whether nothing stands in the way, for a decision point; null for the others.
    #[schema(required = true)]
    pub ready: Option<bool>,
    /// What stands in the way as far as the caller sees it, in the caller's language.
    #[schema(schema_with = reasons)]
    pub unmet: Vec<String>,
    /// The municipalities that have not decided, for a matter.
    pub awaits: Vec<OrganisationName>,
    /// Where it stands, in the caller's language.
    #[schema(max_length = 1000, example = "3 av 4 har vedtatt, 1 venter")]
    pub in_words: String,
}

fn reasons() -> Array {
    let reason = ObjectBuilder::new().schema_type(Type::String).max_length(Some(2000));
    let about = "What stands in the way as far as the caller sees it, in the caller's language.";
    ArrayBuilder::new().items(reason).description(Some(about)).build()
}

/// Everything that is still to be decided, the most urgent first, what has no day last.
pub(super) fn of(asked: &Asked, picture: &Picture, checked: &[Finding]) -> Vec<OpenDecision> {
    let seen = findings::of_these(asked, picture, checked);
    let mut open: Vec<OpenDecision> = picture
        .decision_points
        .iter()
        .filter_map(|point| decision_point(asked, picture, point, checked, &seen))
        .collect();
    let councils = Councils::of(picture);
    open.extend(councils.matters(picture).filter_map(|(_, matter)| self::matter(asked, picture, &councils, matter)));
    open.extend(picture.resolutions.iter().filter_map(|one| postponed(asked, picture, one)));
    open.sort_by_key(|one| (one.due_on.is_none(), one.due_on, one.record.id));
    open
}

fn record<E: Record>(id: uuid::Uuid) -> RecordRef {
    RecordRef { kind: E::KIND.to_owned(), id }
}

fn decision_point(
    asked: &Asked,
    picture: &Picture,
    point: &decision_points::Model,
    checked: &[Finding],
    seen: &[Finding],
) -> Option<OpenDecision> {
    if point.outcome.is_some_and(|outcome| outcome != DecisionOutcome::Postponed) {
        return None;
    }
    let by_resolution = point.resolution_id.is_some();
    let ready = readiness::obstacles(picture, point, checked, by_resolution).is_empty();
    let unmet = readiness::obstacles(picture, point, seen, by_resolution);
    let count = unmet.len();
    let words = match (ready, point.outcome) {
        (true, None) => text!("klart til å avgjøres", "klart til å bli avgjort", "ready to be decided"),
        (true, Some(_)) => {
            text!("utsatt, klart til å avgjøres", "utsett, klart til å bli avgjort", "postponed, ready to be decided")
        }
        (false, None) => text!("{count} ting mangler", "{count} ting manglar", "not ready: {count} missing"),
        (false, Some(_)) => text!(
            "utsatt, {count} ting mangler",
            "utsett, {count} ting manglar",
            "postponed, not ready: {count} missing"
        ),
    };
    Some(OpenDecision {
        record: record::<decision_points::Entity>(point.id),
        title: format!("{} {}", point.number, point.theme),
        due_on: point.planned_on,
        ready: Some(ready),
        unmet: unmet.into_iter().map(|obstacle| obstacle.reason.in_lang(asked.lang).to_owned()).collect(),
        awaits: Vec::new(),
        in_words: words.in_lang(asked.lang).to_owned(),
    })
}

fn matter(asked: &Asked, picture: &Picture, councils: &Councils<'_>, matter: &matters::Model) -> Option<OpenDecision> {
    if matches!(matter.state, MatterState::Met | MatterState::NotMet) {
        return None;
    }
    let awaited = councils.awaited(picture, matter, asked.today);
    Some(OpenDecision {
        record: record::<matters::Entity>(matter.id),
        title: matter.title.clone(),
        due_on: awaited.iter().filter_map(|cell| cell.case?.window_to).max(),
        ready: None,
        unmet: Vec::new(),
        awaits: awaited
            .iter()
            .filter_map(|cell| picture.organisation(cell.organisation))
            .map(OrganisationName::of)
            .collect(),
        in_words: councils::in_words(matter).in_lang(asked.lang).to_owned(),
    })
}

/// A resolution that was put off, unless the same was resolved later.
fn postponed(asked: &Asked, picture: &Picture, one: &resolutions::Model) -> Option<OpenDecision> {
    let meeting = picture.meetings.iter().find(|meeting| meeting.id == one.meeting_id)?;
    if one.outcome != ResolutionOutcome::Postponed || !asked.sees_meeting(meeting) {
        return None;
    }
    let later = |other: &resolutions::Model| {
        let same = one.subject.is_some() && other.subject == one.subject;
        same && other.outcome != ResolutionOutcome::Postponed && (other.adopted_on, other.id) > (one.adopted_on, one.id)
    };
    if picture.resolutions.iter().any(later) {
        return None;
    }
    let title = &meeting.title;
    let words = text!("utsatt i {title}", "utsett i {title}", "postponed in {title}");
    Some(OpenDecision {
        record: record::<resolutions::Entity>(one.id),
        title: one.text.clone(),
        due_on: None,
        ready: None,
        unmet: Vec::new(),
        awaits: Vec::new(),
        in_words: words.in_lang(asked.lang).to_owned(),
    })
}
