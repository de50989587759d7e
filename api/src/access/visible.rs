//! Every read starts from what the caller may see.

use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait};

use super::{Area, Caller, Sight};
use crate::facts::Facts;

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
            return Cond::any().add(own).add(Expr::col("project_id").is_null());
        }
        // Of a project or of none: what is of none is the administrators'.
        (false, _, Area::Webhooks) => "project_id",
        (false, _, Area::Users) => return Cond::all().add(Expr::val(1).eq(2)),
        (false, _, _) => return Cond::all(),
    };
    let all = caller.projects_seen(facts.area, Sight::All);
    let some = caller.projects_seen(facts.area, Sight::Published);
    let published = facts.published.map_or(Cond::all(), |sql| Cond::all().add(Expr::cust(sql)));
    Cond::any().add(Expr::col(column).is_in(all)).add(Cond::all().add(Expr::col(column).is_in(some)).add(published))
}
