//! The resource `resolutions`: what a meeting resolved, held against the rule of its body.

use chrono::{DateTime, NaiveDate, Utc};
use entity::body_rules::{self, ProjectBody};
use entity::meetings::MeetingKind;
use entity::recommendations::{self, RecommendationStatus};
use entity::resolutions::{self, ResolutionOutcome};
use entity::{assignments, attendances, meetings};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::access::Area;
use crate::db::{Db, Typed};
use crate::domain::voting::{self, Body, Count, Rule};
use crate::domain::{capacity, seats};
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::consequence::{fields, follow};
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of resolutions.
pub fn resource() -> Resource {
    Resource::of::<resolutions::Entity>(Area::Resolutions)
        .search(&["number", "text"])
        .order("adoptedOn,number")
        .refers("meetingId", "meetings")
        .refers("agendaItemId", "agenda-items")
        .fixed(&["meetingId"])
        .published(super::meetings::OPEN)
        .rule(|write, change| Box::pin(by_the_rule(write, change)))
        .then(|write, change| Box::pin(carry_out(write, change)))
        .event(event)
        .tells(&["adopted"])
        .done()
}

fn event(change: &Change) -> Option<&'static str> {
    let after = change.after().filter(|_| change.before().is_some() && change.touches("outcome"))?;
    (after.text("outcome") == Some("adopted")).then_some("adopted")
}

/// A resolution that the body could not make is refused with the reason.
async fn by_the_rule(write: &Write, change: Change<resolutions::Model>) -> Result<Faults, Error> {
    let Some(after) = change.after() else { return Ok(Vec::new()) };
    let Some(meeting) = meetings::Entity::find_by_id(after.meeting_id).first(write.tx()).await? else {
        return Ok(Vec::new());
    };
    let mut faults = Vec::new();
    if let Some(item) = after.agenda_item_id {
        faults.extend(of_the_meeting(write.tx(), item, meeting.id).await?);
    }
    let Some(body) = body_of(meeting.kind) else { return Ok(faults) };
    let day = after.adopted_on.or_else(|| meeting.starts_at.map(|at: DateTime<Utc>| at.date_naive()));
    let day = day.unwrap_or_else(|| write.today());
    let rule = rule_of(write.tx(), after.project_id, body, day).await?;
    let votes = votes_of(write.tx(), &meeting, body, day).await?;
    let count = Count { outcome: after.outcome, votes_for: after.votes_for, votes_against: after.votes_against };
    faults.extend(voting::against_rule(rule, votes, count).map(|why| Fault::at("/outcome", "against_rule", why)));
    Ok(faults)
}

async fn of_the_meeting(db: &impl Db, item: Uuid, meeting: Uuid) -> Result<Option<Fault>, Error> {
    let found = entity::agenda_items::Entity::find_by_id(item).first(db).await?;
    Ok(found.filter(|item| item.meeting_id != meeting).map(|_| {
        let message = text!(
            "er på sakslista til et annet møte",
            "er på sakslista til eit anna møte",
            "is on the agenda of another meeting"
        );
        Fault::at("/agendaItemId", "other_meeting", message)
    }))
}

/// What the steering group resolves on a recommendation is what the recommendation then is.
async fn carry_out(write: &Write, change: Change<resolutions::Model>) -> Result<(), Error> {
    let Some(after) = change.after() else { return Ok(()) };
    let subject = after.subject.as_ref().filter(|subject| subject.kind == "recommendation");
    let was = change.before().map(|before| (before.outcome, before.subject.as_ref()));
    let Some(subject) = subject.filter(|_| was != Some((after.outcome, after.subject.as_ref()))) else { return Ok(()) };
    let (status, verb) = match after.outcome {
        ResolutionOutcome::Adopted => (RecommendationStatus::Adopted, "adopted"),
        ResolutionOutcome::Postponed => (RecommendationStatus::Deferred, "deferred"),
        ResolutionOutcome::Rejected => (RecommendationStatus::Rejected, "rejected"),
        ResolutionOutcome::Noted => return Ok(()),
    };
    let meeting = meetings::Entity::find_by_id(after.meeting_id).first(write.tx()).await?;
    let found = recommendations::Entity::find_by_id(subject.id).first(write.tx()).await?;
    let by_the_group = meeting.is_some_and(|meeting| meeting.kind == MeetingKind::SteeringGroup);
    let open = |found: &recommendations::Model| {
        matches!(found.status, RecommendationStatus::Proposed | RecommendationStatus::Deferred)
    };
    if !by_the_group || !found.as_ref().is_some_and(open) {
        return Ok(());
    }
    let by = (status == RecommendationStatus::Adopted).then_some(after.meeting_id);
    let decided = fields(json!({ "status": status, "adoptedById": by }));
    follow(write, "recommendations", subject.id, verb, decided).await
}

/// The body that resolves in a meeting of this kind.
#[must_use]
pub const fn body_of(kind: MeetingKind) -> Option<ProjectBody> {
    match kind {
        MeetingKind::SteeringGroup => Some(ProjectBody::SteeringGroup),
        MeetingKind::ProjectGroup => Some(ProjectBody::ProjectGroup),
        MeetingKind::Coordination
        | MeetingKind::Status
        | MeetingKind::Workshop
        | MeetingKind::StudyVisit
        | MeetingKind::ResultsPresentation
        | MeetingKind::Other => None,
    }
}

/// The rule of a body on a day: the newest that holds, else the model of kommuneloven.
async fn rule_of(db: &impl Db, project: Uuid, body: ProjectBody, day: NaiveDate) -> Result<Rule, Error> {
    let all = body_rules::Entity::find()
        .filter(body_rules::Column::ProjectId.eq(project))
        .filter(body_rules::Column::Body.eq(body))
        .every(db)
        .await?;
    let holding = all.into_iter().filter(|rule| rule.valid_from.is_none_or(|from| from <= day));
    let newest = holding.max_by_key(|rule| (rule.valid_from, rule.id));
    Ok(newest.map_or_else(Rule::default, |own| Rule {
        quorum: own.quorum,
        majority: own.majority,
        chair_casting_vote: own.chair_casting_vote,
    }))
}

/// The votes of the body's seats on the day, and of those who were there.
async fn votes_of(db: &impl Db, meeting: &meetings::Model, body: ProjectBody, day: NaiveDate) -> Result<Body, Error> {
    let seats: Vec<assignments::Model> = assignments::Entity::find()
        .filter(assignments::Column::ProjectId.eq(meeting.project_id))
        .every(db)
        .await?
        .into_iter()
        .filter(|seat| seats::of_body(seat.role, body) && capacity::holds(seat.valid_from, seat.valid_to, day))
        .collect();
    let there: Vec<attendances::Model> =
        attendances::Entity::find().filter(attendances::Column::MeetingId.eq(meeting.id)).every(db).await?;
    let noted = there.iter().any(|one| one.attended.is_some());
    Ok(Body { votes: seats::votes(&seats), present: noted.then(|| seats::present(&seats, &there)) })
}

/// A resolution that stands for an approval.
pub struct Named {
    /// The day of the resolution: its own, else the day of its meeting; null when neither is known.
    pub on: Option<NaiveDate>,
    /// Who wrote it, first and last.
    pub wrote: [Option<Uuid>; 2],
}

/// The resolution that the body of a custom method names as `resolutionId`; `None` when it names none.
///
/// # Errors
/// 422 at `/resolutionId` when the steering group has not adopted it about this record.
pub async fn named(
    db: &impl Db,
    project: Uuid,
    given: &Map<String, Value>,
    about: &entity::RecordRef,
) -> Result<Option<Named>, Error> {
    let id = given.get("resolutionId").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let Some(id) = id else { return Ok(None) };
    let resolution = adopted_by_steering_group(db, project, id, about).await?;
    let wrote = [resolution.created_by, resolution.updated_by];
    Ok(Some(Named { on: day_of(db, &resolution).await?, wrote }))
}

/// A resolution of the steering group that was adopted, about this record, in this project.
///
/// # Errors
/// 422 at `/resolutionId` when it is not.
async fn adopted_by_steering_group(
    db: &impl Db,
    project: Uuid,
    resolution: Uuid,
    about: &entity::RecordRef,
) -> Result<resolutions::Model, Error> {
    let found =
        resolutions::Entity::find_by_id(resolution).first(db).await?.filter(|found| found.project_id == project);
    let fault = |code, message| Error::invalid(vec![Fault::at("/resolutionId", code, message)]);
    let Some(found) = found else {
        let message = text!(
            "ingen resolution med denne id-en",
            "ingen resolution med denne id-en",
            "there is no resolution with this id"
        );
        return Err(fault("no_such_record", message));
    };
    let meeting = meetings::Entity::find_by_id(found.meeting_id).first(db).await?;
    if meeting.is_none_or(|meeting| meeting.kind != MeetingKind::SteeringGroup) {
        let message = text!(
            "er ikke fattet av styringsgruppa",
            "er ikkje fatta av styringsgruppa",
            "was not made by the steering group"
        );
        return Err(fault("other_body", message));
    }
    if found.outcome != ResolutionOutcome::Adopted {
        let message = text!("er ikke vedtatt", "er ikkje vedteken", "was not adopted");
        return Err(fault("not_adopted", message));
    }
    if found.subject.as_ref().is_some_and(|subject| subject != about) {
        let message = text!("gjelder noe annet", "gjeld noko anna", "is about something else");
        return Err(fault("other_subject", message));
    }
    Ok(found)
}

/// The day of a resolution: its own, else the day of its meeting.
///
/// # Errors
/// When the database fails.
async fn day_of(db: &impl Db, resolution: &resolutions::Model) -> Result<Option<NaiveDate>, Error> {
    if resolution.adopted_on.is_some() {
        return Ok(resolution.adopted_on);
    }
    let meeting = meetings::Entity::find_by_id(resolution.meeting_id).first(db).await?;
    Ok(meeting.and_then(|meeting| meeting.starts_at).map(|at| at.date_naive()))
}
