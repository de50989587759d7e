//! What follows from the municipalities' steps: the case closes, the matter rolls up, the milestone becomes true, the
//! budget binds and the cost key holds.

use entity::{matters, milestones, political_cases, political_steps};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{budgets, cost_keys};
use crate::db::{Db, Typed};
use crate::domain::roll_up::{self, Case, Standing, Step};
use crate::problem::Error;
use crate::standard::consequence::{fields, follow};
use crate::store::Write;

/// Brings cases, matter and milestone in line with the steps. The writes of one project stand in line at its counter,
/// so of two councils at the same moment the second sees the first.
///
/// # Errors
/// When the database fails.
pub async fn settle(write: &Write, matter: Uuid) -> Result<(), Error> {
    let Some(matter) = matters::Entity::find_by_id(matter).first(write.tx()).await? else { return Ok(()) };
    let cases = cases(write.tx(), matter.id).await?;
    for (stored, case) in &cases {
        if (stored.outcome, stored.decided_on) != (case.outcome, case.decided_on) {
            let verb = if case.outcome.is_some() { "resolved" } else { "reopened" };
            let fields = fields(json!({ "outcome": case.outcome, "decidedOn": case.decided_on }));
            follow(write, "political-cases", stored.id, verb, fields).await?;
        }
    }
    let standing = of(&matter, &cases);
    let rolled = json!({ "state": standing.state, "rollUp": standing.roll_up, "metOn": standing.met_on });
    follow(write, "matters", matter.id, "rolled_up", fields(rolled)).await?;
    budgets::settle(write, matter.id, &standing).await?;
    cost_keys::settle(write, matter.id, &standing).await?;
    if let Some(milestone) = matter.milestone_id {
        let verb = if standing.met_on.is_some() { "met" } else { "rolled_up" };
        let derived = json!({ "matterId": matter.id, "matterState": standing.state, "metOn": standing.met_on });
        follow(write, "milestones", milestone, verb, fields(derived)).await?;
    }
    Ok(())
}

/// Where a matter stands by its steps, whatever is stored.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &impl Db, matter: &matters::Model) -> Result<Standing, Error> {
    Ok(of(matter, &cases(db, matter.id).await?))
}

/// Lets a milestone go that was tied to a matter; what it was met by stays.
///
/// # Errors
/// When the database fails.
pub async fn untie(write: &Write, milestone: Uuid, matter: Uuid) -> Result<(), Error> {
    match milestones::Entity::find_by_id(milestone).first(write.tx()).await? {
        Some(milestone) if milestone.matter_id == Some(matter) => {
            let none = json!({ "matterId": null, "matterState": null });
            follow(write, "milestones", milestone.id, "changed", fields(none)).await
        }
        _ => Ok(()),
    }
}

fn of(matter: &matters::Model, cases: &[(political_cases::Model, Case)]) -> Standing {
    let cases: Vec<Case> = cases.iter().map(|(_, case)| *case).collect();
    roll_up::roll_up(matter.subject, matter.rule, &matter.named.0, &cases)
}

/// The cases of a matter as they are stored, and as their steps say: two queries.
async fn cases(db: &impl Db, matter: Uuid) -> Result<Vec<(political_cases::Model, Case)>, Error> {
    let stored = political_cases::Entity::find().filter(political_cases::Column::MatterId.eq(matter)).every(db).await?;
    let ids = stored.iter().map(|case| case.id);
    let steps = political_steps::Entity::find().filter(political_steps::Column::CaseId.is_in(ids)).every(db).await?;
    let said = |case: political_cases::Model| {
        let own: Vec<Step> = steps.iter().filter(|step| step.case_id == case.id).map(Step::from).collect();
        let closed = roll_up::closed(&own);
        let case_as_said = Case {
            organisation: case.organisation_id,
            outcome: closed.map(|(outcome, _)| outcome),
            decided_on: closed.and_then(|(_, on)| on),
            postponed: roll_up::postponed(&own),
        };
        (case, case_as_said)
    };
    Ok(stored.into_iter().map(said).collect())
}
