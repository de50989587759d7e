//! Who was asked to a meeting, who said yes, and who was there.

use crate::prelude::*;

record! {
    /// A person's part in a meeting: asked, answered, present (kommuneloven § 11-4 as the model for minutes).
    Attendance "attendance" "attendances" "attendances" of project {
        /// The meeting.
        meeting_id: Uuid,
        /// The person.
        person_id: Uuid,
        /// The organisation whom the person represents there.
        organisation_id: Option<Uuid>,
        /// In what capacity; observers and guests have no vote.
        #[schema(example = "member")]
        capacity: AttendanceCapacity,
        /// What the person answered to the summons; null before an answer.
        #[schema(example = "accepted")]
        response: Option<AttendanceResponse>,
        /// Whether the person was there; null before the meeting.
        #[schema(example = true)]
        attended: Option<bool>,
    }
}

codes! {
    /// In what capacity a person takes part in a meeting.
    AttendanceCapacity "attendanceCapacity" {
        Member = "member" ("medlem", "medlem", "member"),
        Deputy = "deputy" ("vara", "vara", "deputy"),
        Observer = "observer" ("observatør", "observatør", "observer"),
        Guest = "guest" ("gjest", "gjest", "guest"),
    }
}

codes! {
    /// What a person answered to a summons.
    AttendanceResponse "attendanceResponse" {
        Accepted = "accepted" ("kommer", "kjem", "accepted"),
        Declined = "declined" ("forfall", "forfall", "declined"),
        Tentative = "tentative" ("usikker", "usikker", "tentative"),
    }
}
