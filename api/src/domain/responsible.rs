//! Who answers for a project towards other systems.

use entity::assignments::AssignmentRole;

use super::Picture;

/// The name of who has the first of these roles that anybody has: the one who still has it before the one who had it, so
/// that a project that is over has somebody too.
#[must_use]
pub fn answers_for(picture: &Picture, roles: &[AssignmentRole]) -> Option<String> {
    let holds = |role: &AssignmentRole| {
        let held = picture.assignments.iter().filter(|one| one.role == *role && one.project_id == picture.focus);
        held.max_by_key(|one| (one.valid_to.is_none(), one.valid_to, one.valid_from, one.id))
    };
    let one = roles.iter().find_map(holds)?;
    picture.person(one.person_id).map(|person| format!("{} {}", person.given_name, person.family_name))
}
