//! What of the change feed a caller may see: the same areas as in the lists, and strict where a list would show a part.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{Area, Caller, Sight, observed};
use crate::facts::{self, Facts};

/// The condition that an entry of the journal meets which the caller may be told of.
///
/// Of a project's area, those who see all of it are told of every event. Those who see what is published are told of
/// the events of records that are published to them now: a deleted record is not, and neither is one that has gone
/// back to a draft. Events of the directory are told to everybody; they hold nothing of its content.
#[must_use]
pub fn events_seen(caller: &Caller) -> Condition {
    if caller.administrator {
        return Cond::all();
    }
    let kind = || Expr::col(("journal", "record_kind"));
    let mut directory = Vec::new();
    let mut whole: BTreeMap<Vec<Uuid>, Vec<&str>> = BTreeMap::new();
    let mut any = Cond::any();
    for facts in facts::all() {
        if !Area::PROJECT.contains(&facts.area) {
            if facts.area != Area::Users {
                directory.push(facts.kind);
            }
            continue;
        }
        whole.entry(caller.projects_seen(facts.area, Sight::All)).or_default().push(facts.kind);
        any = any.add_option(published(caller, facts));
    }
    for (projects, kinds) in whole.into_iter().filter(|(projects, _)| !projects.is_empty()) {
        any = any.add(kind().is_in(kinds).and(Expr::col(("journal", "project_id")).is_in(projects)));
    }
    any.add(kind().is_in(directory))
}

/// Events of records that are published to the caller, who sees no more of their area; none where there are none.
fn published(caller: &Caller, facts: &Facts) -> Option<Expr> {
    let mut projects = caller.projects_seen(facts.area, Sight::Published);
    projects.retain(|project| caller.rights(*project, facts.area).sight == Sight::Published);
    if projects.is_empty() || !observed::shows_some(facts) {
        return None;
    }
    let mut records = Query::select();
    records.column("id").from(facts.table);
    if let Some(sql) = facts.published {
        records.and_where(Expr::cust(sql));
    }
    let of_kind = Expr::col(("journal", "record_kind")).eq(facts.kind);
    let in_projects = Expr::col(("journal", "project_id")).is_in(projects);
    Some(of_kind.and(in_projects).and(Expr::col(("journal", "record_id")).in_subquery(records)))
}

/// Whether the caller is also told who did it and why: as in the history, which is for those who see all.
#[must_use]
pub fn sees_all(caller: &Caller, kind: &str, project: Option<Uuid>) -> bool {
    let area = facts::by_kind(kind).map(|facts| facts.area);
    caller.administrator
        || project.zip(area).is_some_and(|(project, area)| caller.rights(project, area).sight == Sight::All)
}
