//! Who answers for a project towards other systems.

use entity::assignments::{self, AssignmentRole};
use uuid::Uuid;

use super::Picture;

/// Who has the first of these roles that anybody has, with the name: the one who still has it before the one who had it, so
/// that a project that is over has somebody too.
#[must_use]
pub fn answers_for(picture: &Picture, roles: &[AssignmentRole]) -> Option<(Uuid, String)> {
    let person = picture.person(first_of(&picture.assignments, picture.focus, roles)?)?;
    Some((person.id, format!("{} {}", person.given_name, person.family_name)))
}

/// The same of assignments alone: the person.
#[must_use]
pub fn first_of(assignments: &[assignments::Model], project: Uuid, roles: &[AssignmentRole]) -> Option<Uuid> {
    let holds = |role: &AssignmentRole| {
        let held = assignments.iter().filter(|one| one.role == *role && one.project_id == project);
        held.max_by_key(|one| (one.valid_to.is_none(), one.valid_to, one.valid_from, one.id))
    };
    roles.iter().find_map(holds).map(|one| one.person_id)
}
