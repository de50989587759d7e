//! The resource `projects`.

mod continuation;

use entity::projects;

use crate::access::Area;
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

pub use continuation::{about as about_continue, carry_on};

/// The facts and rules of projects.
pub fn resource() -> Resource {
    Resource::of::<projects::Entity>(Area::Project)
        .search(&["code", "name", "purpose"])
        .order("code")
        .refers("programmeId", "programmes")
        .refers("regionId", "regions")
        .refers("predecessorId", "projects")
        .unique(&["code"])
        .dates("startsOn", "endsOn")
        .acyclic("predecessorId")
        .check(duration)
        .then(|write, change| Box::pin(forgotten(write, change)))
        .event(event)
        .tells(&["phase_changed"])
        .done()
}

/// The shortest duration is not longer than the longest.
fn duration(change: &Change<projects::Model>) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    match (after.duration_months_min, after.duration_months_max) {
        (Some(least), Some(most)) if least > most => vec![Fault::at(
            "/durationMonthsMax",
            "out_of_order",
            text!("må være minst {least}", "må vere minst {least}", "must be at least {least}"),
        )],
        _ => Vec::new(),
    }
}

/// A project that is gone takes its flags with it.
async fn forgotten(write: &Write, change: Change<projects::Model>) -> Result<(), Error> {
    match change {
        Change::Deleted { before } => super::flags::forget(write, before.id).await,
        Change::Created { .. } | Change::Changed { .. } => Ok(()),
    }
}

fn event(change: &Change) -> Option<&'static str> {
    (change.before().is_some() && change.after().is_some() && change.touches("status")).then_some("phase_changed")
}
