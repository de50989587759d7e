//! `GET /projects/{id}/calendar.ics`: meetings, milestones, decision points and political windows for calendar programs.

use actix_web::HttpResponse;
use chrono::NaiveDate;
use entity::meetings::MeetingStatus;
use entity::milestones::MilestoneStatus;
use entity::{decision_points, meetings, milestones};
use serde_json::json;
use uuid::Uuid;

use super::Asked;
use super::shapes::called;
use crate::domain::councils::Councils;
use crate::domain::{Picture, schedule};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, Lang, codes};
use crate::render::ical::{Calendar, Event, MEDIA_TYPE, Standing, When};
use crate::render::phrases as say;

/// Answers the calendar of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&call).await?.as_text(&call, "ics")?;
    told(&call, &asked).await
}

/// Answers the calendar of what was asked for, or 304.
///
/// # Errors
/// 404 when the project is gone.
pub async fn told(call: &Call, asked: &Asked) -> Result<HttpResponse, Error> {
    if let Some(unchanged) = asked.unchanged(call)? {
        return Ok(unchanged);
    }
    let picture = asked.picture(call).await?;
    let calendar = of(asked, &picture).ok_or(&codes::NOT_FOUND)?;
    Ok(asked.text(MEDIA_TYPE, calendar.text()))
}

/// The calendar of a picture, as who asks may see it; `None` when the project is not in it. What has no date cannot be in a
/// calendar: the schedule lists it.
#[must_use]
pub fn of(asked: &Asked, picture: &Picture) -> Option<Calendar> {
    let project = picture.project()?;
    let lang = asked.lang;
    let meetings = picture.meetings.iter().filter(|one| one.project_id == picture.focus && asked.sees_meeting(one));
    let milestones = picture.milestones.iter().filter(|one| asked.sees_milestone(one));
    let mut events: Vec<Event> = meetings.filter_map(|one| meeting(one, lang)).collect();
    events.extend(milestones.filter_map(|one| milestone(one, asked.today, lang)));
    events.extend(picture.decision_points.iter().filter_map(|one| decision_point(one, lang)));
    events.extend(windows(picture, asked.today, lang));
    events.sort_by(|a, b| a.uid.cmp(&b.uid));
    Some(Calendar { name: format!("{}: {}", say::CALENDAR_OF.said(lang), project.name), lang, events })
}

/// The name of an event, the same for ever and wherever the service is.
fn uid(kind: &str, id: Uuid) -> String {
    format!("{kind}-{id}@framdrift")
}

fn meeting(meeting: &meetings::Model, lang: Lang) -> Option<Event> {
    Some(Event {
        uid: uid("meeting", meeting.id),
        sequence: meeting.version,
        changed_at: meeting.updated_at,
        when: When::Instants { from: meeting.starts_at?, to: meeting.ends_at },
        summary: meeting.title.clone(),
        description: called(meeting.status.label(), lang).to_owned(),
        place: meeting.place.clone(),
        category: called(meeting.kind.label(), lang),
        standing: match meeting.status {
            MeetingStatus::Planned => Standing::Tentative,
            MeetingStatus::Summoned | MeetingStatus::Held => Standing::Confirmed,
            MeetingStatus::Cancelled => Standing::Cancelled,
        },
    })
}

/// A milestone stands on the day on which it was met, else on that now expected, else on that of the plan.
fn milestone(milestone: &milestones::Model, today: NaiveDate, lang: Lang) -> Option<Event> {
    let on = milestone.met_on.or(milestone.forecast_on).or(milestone.planned_on)?;
    let status = schedule::milestone_status(milestone, today);
    let category = say::MILESTONE.said(lang);
    Some(Event {
        uid: uid("milestone", milestone.id),
        sequence: milestone.version,
        changed_at: milestone.updated_at,
        when: When::Days { from: on, to: on },
        summary: format!("{} {} {}", say::capital(category), milestone.number, milestone.title),
        description: called(status.label(), lang).to_owned(),
        place: None,
        category,
        standing: match status {
            MilestoneStatus::Cancelled => Standing::Cancelled,
            MilestoneStatus::Scheduled
            | MilestoneStatus::Overdue
            | MilestoneStatus::PartiallyMet
            | MilestoneStatus::Met
            | MilestoneStatus::NotMet => Standing::Confirmed,
        },
    })
}

fn decision_point(point: &decision_points::Model, lang: Lang) -> Option<Event> {
    let on = point.decided_on.or(point.planned_on)?;
    let category = say::DECISION_POINT.said(lang);
    Some(Event {
        uid: uid("decision_point", point.id),
        sequence: point.version,
        changed_at: point.updated_at,
        when: When::Days { from: on, to: on },
        summary: format!("{} {} {}", say::capital(category), point.number, point.theme),
        description: point.outcome.map(|outcome| called(outcome.label(), lang).to_owned()).unwrap_or_default(),
        place: None,
        category,
        standing: Standing::Confirmed,
    })
}

/// The times in which municipalities treat matters. A window is called by its matter, so it counts that one's changes, too.
fn windows(picture: &Picture, today: NaiveDate, lang: Lang) -> Vec<Event> {
    let councils = Councils::of(picture);
    let columns = councils.municipalities(picture);
    let mut events = Vec::new();
    for (_, matter) in councils.matters(picture) {
        for cell in councils.row(picture, matter, &columns, today) {
            let named = columns.iter().find(|column| column.id == cell.organisation);
            let Some((case, organisation)) = cell.case.zip(named) else { continue };
            let Some(from) = case.window_from.or(case.window_to) else { continue };
            events.push(Event {
                uid: uid("political_case", case.id),
                sequence: case.version + matter.version - 1,
                changed_at: case.updated_at.max(matter.updated_at),
                when: When::Days { from, to: case.window_to.unwrap_or(from) },
                summary: format!("{}: {}", organisation.name, matter.title),
                description: called(cell.status.label(), lang).to_owned(),
                place: None,
                category: say::WINDOW.said(lang),
                standing: Standing::Confirmed,
            });
        }
    }
    events
}

/// What the document says of what comes as a calendar.
pub const CALENDAR: &str = "iCalendar (RFC 5545, RFC 7986): all-day events for milestones, decision points and political windows, times \
                            in UTC for meetings. `UID` never changes, `SEQUENCE` is the version, `DTSTAMP` the last change, so that a \
                            calendar program updates in place.";

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectCalendar", "Reports", "Get the calendar of a project")
        .more(
            "Meetings that have a time, milestones on the day on which they were met, are expected or are planned, decision points, \
             and the times in which municipalities treat matters. Calendar programs cannot send a token: make them a link with \
             `POST /api/v1/projects/{id}/calendar-links`.",
        )
        .answers_value(
            200,
            "The calendar",
            "text/calendar",
            json!({ "type": "string", "maxLength": 67_108_864, "description": CALENDAR }),
            json!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…END:VCALENDAR\r\n"),
        )
        .tagged()
        .fails(&[&codes::NOT_FOUND])
}
