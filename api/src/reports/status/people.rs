//! Everybody who holds a seat, each person once.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::Picture;
use crate::reports::shapes::{self, PersonName};

/// A person and all that the person is in the project.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonRoles {
    /// The person.
    pub id: Uuid,
    /// Given and family name.
    #[schema(max_length = 401, example = "Knut Baglo")]
    pub name: String,
    /// The roles of today.
    pub roles: Vec<entity::assignments::AssignmentRole>,
}

/// The people of a day with their roles.
pub(super) fn of(picture: &Picture, on: NaiveDate) -> Vec<PersonRoles> {
    let mut people: Vec<PersonRoles> = Vec::new();
    for seat in shapes::seats(picture, on) {
        let PersonName { id, name } = seat.person;
        match people.iter_mut().find(|person| person.id == id) {
            Some(person) => person.roles.push(seat.role),
            None => people.push(PersonRoles { id, name, roles: vec![seat.role] }),
        }
    }
    people
}
