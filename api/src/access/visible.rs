//! Every read starts from what the caller may see.

use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait};

use super::{Area, Caller, Sight, observed};
use crate::facts::{self, Facts, Row};

/// The condition that the rows of a resource meet which the caller may see.
#[must_use]
pub fn visible(facts: &Facts, caller: &Caller) -> Condition {
    if caller.administrator {
        return Cond::all();
    }
    // An alternative that finds nothing would keep SQLite from finding another by its index.
    let among = |column, sight| {
        let projects = caller.projects_seen(facts.area, sight);
        (!projects.is_empty()).then(|| Expr::col(column).is_in(projects))
    };
    let column = match (facts.of_project, facts.path, facts.area) {
        (true, _, _) => "project_id",
        (false, "projects", _) => "id",
        (false, "external-references", _) => {
            // What is of no project is open with what it names: not who logs in, nor where somebody is told.
            let open = facts::all().iter().filter(|facts| directory(facts.area)).map(|facts| facts.kind);
            let open = Expr::col("project_id").is_null().and(Expr::col("kind").is_in(open));
            return Cond::any().add_option(among("project_id", Sight::All)).add(open);
        }
        // Of a project or of none: what is of none is the administrators'.
        (false, _, Area::Webhooks) => "project_id",
        // Who saw one's own contact details is for oneself, too.
        (false, "person-views", _) => {
            let own = caller.person.map(|person| Expr::col("person_ids").cast_as("text").like(format!("%{person}%")));
            return Cond::all().add(own.unwrap_or_else(never));
        }
        (false, _, Area::Users) => return Cond::all().add(never()),
        (false, _, _) => return Cond::all(),
    };
    // What is not on the list of those who see a part is not theirs to see.
    let some = among(column, Sight::Published).filter(|_| observed::shows_some(facts));
    let some = some.map(|some| Cond::all().add(some).add_option(facts.published.map(Expr::cust)));
    match (among(column, Sight::All), some) {
        (None, None) => Cond::all().add(never()),
        (all, some) => Cond::any().add_option(all).add_option(some),
    }
}

/// What holds for no row, and needs none to be looked at.
fn never() -> Expr {
    Expr::cust("1 = 2")
}

/// Whether the caller sees a record whatever stands in it, so that nobody need ask.
#[must_use]
pub fn sees(facts: &Facts, caller: &Caller, row: &Row) -> bool {
    let of_project = || facts.of_project.then(|| row.uuid("projectId")).flatten();
    caller.administrator || of_project().is_some_and(|project| caller.rights(project, facts.area).sight == Sight::All)
}

/// Whether an area is open to every caller.
const fn directory(area: Area) -> bool {
    matches!(area, Area::Directory | Area::Programmes | Area::ServiceProfiles)
}
