//! The resource `people`.

pub mod rights;

use entity::people;

use crate::access::Area;
use crate::facts::Change;
use crate::problem::Fault;
use crate::standard::{Faults, Resource};
use crate::text;

/// The facts and rules of people.
pub fn resource() -> Resource {
    Resource::of::<people::Entity>(Area::Directory)
        .search(&["givenName", "familyName"])
        .order("familyName,givenName")
        .contact(&["email", "phone"])
        .personal(&["givenName", "familyName"])
        .carried(&["erasedAt"])
        .check(not_again)
        .done()
}

/// What was erased does not come back, not by an old document either: who takes part again is a new person.
fn not_again(change: &Change<people::Model>) -> Faults {
    let given = |person: &people::Model| person.email.is_some() || person.phone.is_some();
    let gone = change.before().is_some_and(|person| person.erased_at.is_some());
    let back = change.after().is_some_and(|person| match person.erased_at {
        Some(_) => given(person),
        None => gone,
    });
    let message = || {
        text!(
            "opplysningene om personen er slettet og legges ikke inn igjen: opprett en ny person",
            "opplysningane om personen er sletta og blir ikkje lagde inn att: opprett ein ny person",
            "the person's data was erased and is not given again: make a new person"
        )
    };
    back.then(|| Fault::at("/erasedAt", "erased", message())).into_iter().collect()
}
