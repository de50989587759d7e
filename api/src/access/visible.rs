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
    let column = match (facts.of_project, facts.path, facts.area) {
        (true, _, _) => "project_id",
        (false, "projects", _) => "id",
        (false, "external-references", _) => {
            let own = Expr::col("project_id").is_in(caller.projects_seen(facts.area, Sight::All));
            // What is of no project is open with what it names: not who logs in, nor where somebody is told.
            let open = facts::all().iter().filter(|facts| directory(facts.area)).map(|facts| facts.kind);
            let open = Expr::col("project_id").is_null().and(Expr::col("kind").is_in(open));
            return Cond::any().add(own).add(open);
        }
        // Of a project or of none: what is of none is the administrators'.
        (false, _, Area::Webhooks) => "project_id",
        // Who saw one's own contact details is for oneself, too.
        (false, "person-views", _) => {
            let own = caller.person.map(|person| Expr::col("person_ids").cast_as("text").like(format!("%{person}%")));
            return Cond::all().add(own.unwrap_or_else(|| Expr::val(1).eq(2)));
        }
        (false, _, Area::Users) => return Cond::all().add(Expr::val(1).eq(2)),
        (false, _, _) => return Cond::all(),
    };
    let all = caller.projects_seen(facts.area, Sight::All);
    let all = Expr::col(column).is_in(all);
    // What is not on the list of those who see a part is not theirs to see.
    if !observed::shows_some(facts) {
        return Cond::any().add(all);
    }
    let some = caller.projects_seen(facts.area, Sight::Published);
    let published = facts.published.map_or(Cond::all(), |sql| Cond::all().add(Expr::cust(sql)));
    Cond::any().add(all).add(Cond::all().add(Expr::col(column).is_in(some)).add(published))
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
