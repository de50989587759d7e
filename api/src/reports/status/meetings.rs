//! Meetings to come.

use chrono::{DateTime, Utc};
use entity::meetings::{MeetingKind, MeetingStatus, Model};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::Picture;
use crate::reports::Asked;

/// A meeting that is planned or summoned.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NextMeeting {
    /// The meeting.
    pub id: Uuid,
    /// What sort of meeting it is.
    pub kind: MeetingKind,
    /// What it is called.
    #[schema(max_length = 500, example = "Styringsgruppemøte 3")]
    pub title: String,
    /// When it begins (UTC).
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: DateTime<Utc>,
    /// When it ends (UTC).
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<DateTime<Utc>>,
    /// Where it is.
    #[schema(required = true, max_length = 500, example = "Kommunehuset i Gratangen")]
    pub place: Option<String>,
    /// Whether it is summoned yet.
    pub status: MeetingStatus,
}

/// The meetings that the caller sees from today on, the next first.
pub(super) fn of(asked: &Asked, picture: &Picture) -> Vec<NextMeeting> {
    let to_come = |meeting: &&Model| matches!(meeting.status, MeetingStatus::Planned | MeetingStatus::Summoned);
    let seen = picture.meetings.iter().filter(to_come).filter(|meeting| asked.sees_meeting(meeting));
    let mut next: Vec<NextMeeting> = seen
        .filter_map(|meeting| {
            Some(NextMeeting {
                id: meeting.id,
                kind: meeting.kind,
                title: meeting.title.clone(),
                starts_at: meeting.starts_at.filter(|at| at.date_naive() >= asked.today)?,
                ends_at: meeting.ends_at,
                place: meeting.place.clone(),
                status: meeting.status,
            })
        })
        .collect();
    next.sort_by_key(|meeting| (meeting.starts_at, meeting.id));
    next
}
