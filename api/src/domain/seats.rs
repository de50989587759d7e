//! The seats of a project's bodies and their votes.

use entity::assignments::{self, AssignmentRole};
use entity::attendances::{self, AttendanceCapacity};
use entity::body_rules::ProjectBody;

/// Whether a role has a voting seat in a body; deputies vote only in another's place, observers never.
#[must_use]
pub const fn of_body(role: AssignmentRole, body: ProjectBody) -> bool {
    match (role, body) {
        (AssignmentRole::SteeringGroupMember | AssignmentRole::SteeringGroupChair, ProjectBody::SteeringGroup)
        | (AssignmentRole::ProjectGroupMember, ProjectBody::ProjectGroup) => true,
        (
            AssignmentRole::ProjectExecutive
            | AssignmentRole::ProjectManager
            | AssignmentRole::ProjectGroupMember
            | AssignmentRole::SteeringGroupMember
            | AssignmentRole::SteeringGroupChair
            | AssignmentRole::Deputy
            | AssignmentRole::Observer
            | AssignmentRole::ReferenceGroupMember,
            _,
        ) => false,
    }
}

/// The votes of a seat: one where the plan does not say.
const fn vote(seat: &assignments::Model) -> i64 {
    match seat.votes {
        Some(votes) => votes,
        None => 1,
    }
}

/// All votes of a body; `None` when it has no seats.
#[must_use]
pub fn votes(seats: &[assignments::Model]) -> Option<i64> {
    (!seats.is_empty()).then(|| seats.iter().map(vote).sum())
}

/// The votes of those who were there: members with their seat, deputies with one each, never more than all.
#[must_use]
pub fn present(seats: &[assignments::Model], there: &[attendances::Model]) -> i64 {
    let came = |one: &&attendances::Model| one.attended == Some(true);
    let of = |one: &attendances::Model| match one.capacity {
        AttendanceCapacity::Member => seats.iter().find(|seat| seat.person_id == one.person_id).map_or(0, vote),
        AttendanceCapacity::Deputy => 1,
        AttendanceCapacity::Observer | AttendanceCapacity::Guest => 0,
    };
    let sum: i64 = there.iter().filter(came).map(of).sum();
    sum.min(votes(seats).unwrap_or(sum))
}
