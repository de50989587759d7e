//! The resource `political-cases`, and how a case goes to a committee system and its resolutions come back.

pub mod incoming;
mod message;
pub mod utvalgssak;

use entity::political_cases;

use super::handling;
use crate::access::Area;
use crate::facts::Change;
use crate::problem::Error;
use crate::standard::Resource;
use crate::store::Write;

/// The facts and rules of political cases.
pub fn resource() -> Resource {
    Resource::of::<political_cases::Entity>(Area::Handling)
        .order("windowFrom,createdAt")
        .refers("matterId", "matters")
        .refers("organisationId", "organisations")
        .unique(&["matterId", "organisationId"])
        .fixed(&["matterId", "organisationId"])
        .dates("windowFrom", "windowTo")
        .published("1 = 1")
        .then(|write, change| Box::pin(follow(write, change)))
        .tells(&["resolved", "reopened"])
        .done()
}

async fn follow(write: &Write, change: Change<political_cases::Model>) -> Result<(), Error> {
    match change.after().or(change.before()) {
        Some(case) => handling::settle(write, case.matter_id).await,
        None => Ok(()),
    }
}
