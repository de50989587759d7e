//! What stands beside the projects of a page: a statement for each thing, not for each project.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use entity::decision_points::{self, DecisionOutcome};
use entity::status_reports::{self, OverallStatus, ReportState};
use entity::{Decimal2, budgets, funding_sources, projects};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{NextDecisionPoint, PortfolioProject};
use crate::access::{Area, Caller, Sight};
use crate::domain::finance;
use crate::problem::Error;

/// Milestones of a project: all, met, due and not met.
#[derive(Clone, Copy, Default)]
struct Milestones {
    all: i64,
    met: i64,
    overdue: i64,
}

/// What stands beside the projects of a page.
pub(super) struct Beside {
    points: BTreeMap<Uuid, Vec<decision_points::Model>>,
    reports: HashMap<Uuid, (DateTime<Utc>, Option<OverallStatus>)>,
    milestones: HashMap<Uuid, Milestones>,
    budgets: BTreeMap<Uuid, Vec<budgets::Model>>,
    committed: HashMap<Uuid, Option<i64>>,
    used: HashMap<Uuid, i64>,
}

impl Beside {
    /// Reads it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(
        db: &impl ConnectionTrait,
        caller: &Caller,
        projects: &[projects::Model],
        today: NaiveDate,
    ) -> Result<Self, Error> {
        let ids: Vec<Uuid> = projects.iter().map(|project| project.id).collect();
        let all = |area: Area| -> Vec<Uuid> {
            let sees = |id: &Uuid| caller.administrator || caller.rights(*id, area).sight == Sight::All;
            ids.iter().copied().filter(sees).collect()
        };
        Ok(Self {
            points: points(db, &ids).await?,
            reports: reports(db, &ids).await?,
            milestones: milestones(db, &ids, &all(Area::Milestones), today).await?,
            budgets: seen_budgets(db, &ids, &all(Area::Economy)).await?,
            committed: committed(db, &ids).await?,
            used: used(db, &ids, today).await?,
        })
    }

    /// A project with what stands beside it.
    pub fn project(&self, project: &projects::Model, today: NaiveDate) -> PortfolioProject {
        let id = project.id;
        let report = self.reports.get(&id);
        let milestones = self.milestones.get(&id).copied().unwrap_or_default();
        let budget = self.budgets.get(&id).and_then(finance::in_force);
        let (total, used) = (budget.and_then(|budget| budget.total_ore), self.used.get(&id).copied());
        let next = self.points.get(&id).and_then(|points| {
            points.iter().min_by_key(|point| (point.planned_on.is_none(), point.planned_on, point.id))
        });
        PortfolioProject {
            id,
            code: project.code.clone(),
            name: project.name.clone(),
            project_type: project.project_type,
            status: project.status,
            programme_id: project.programme_id,
            region_id: project.region_id,
            predecessor_id: project.predecessor_id,
            starts_on: project.starts_on,
            ends_on: project.ends_on,
            days_in_phase: days(project, today),
            overall: report.and_then(|(_, overall)| *overall),
            reported_at: report.map(|(at, _)| *at),
            report_age_days: report.map(|(at, _)| (today - at.date_naive()).num_days()),
            next_decision_point: next.map(|point| NextDecisionPoint {
                id: point.id,
                number: point.number.clone(),
                theme: point.theme.clone(),
                planned_on: point.planned_on,
            }),
            milestones: milestones.all,
            milestones_met: milestones.met,
            milestones_overdue: milestones.overdue,
            budget_status: budget.map(|budget| budget.status),
            budget_ore: total,
            committed_ore: self.committed.get(&id).copied().flatten(),
            used_ore: used,
            budget_used_percent: percent(used, total.filter(|_| budget.is_some_and(|one| one.lines_not_known == 0))),
        }
    }
}

/// Days from the first day of a phase to its last, or to today; both ends count.
fn days(project: &projects::Model, today: NaiveDate) -> Option<i64> {
    let start = project.starts_on.filter(|start| *start <= today)?;
    let end = project.ends_on.map_or(today, |end| Ord::min(end, today));
    Some((end - start).num_days() + 1)
}

/// How much of a total a part is, in hundredths of a per cent, rounded half up.
fn percent(part: Option<i64>, total: Option<i64>) -> Option<Decimal2> {
    let (part, total) = (i128::from(part?), i128::from(total?));
    (total > 0).then_some(())?;
    i64::try_from((part * 20_000 + total) / (2 * total)).ok().map(Decimal2)
}

async fn points(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<decision_points::Model>>, Error> {
    use decision_points::Column;
    let open = Column::Outcome.is_null().or(Column::Outcome.eq(DecisionOutcome::Postponed));
    let found = decision_points::Entity::find().filter(Column::ProjectId.is_in(ids.to_vec())).filter(open);
    let mut points: BTreeMap<Uuid, Vec<decision_points::Model>> = BTreeMap::new();
    for point in found.all(db).await? {
        points.entry(point.project_id).or_default().push(point);
    }
    Ok(points)
}

/// The newest published report of each project, by its publication.
async fn reports(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, (DateTime<Utc>, Option<OverallStatus>)>, Error> {
    use status_reports::Column;
    let published = status_reports::Entity::find()
        .filter(Column::ProjectId.is_in(ids.to_vec()))
        .filter(Column::State.eq(ReportState::Published));
    let mut newest: HashMap<Uuid, (DateTime<Utc>, Option<OverallStatus>)> = HashMap::new();
    for report in published.all(db).await? {
        let Some(at) = report.published_at else { continue };
        let overall = report.overall.map(|overall| overall.status);
        let here = newest.entry(report.project_id).or_insert((at, overall));
        if here.0 < at {
            *here = (at, overall);
        }
    }
    Ok(newest)
}

async fn milestones(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
    all: &[Uuid],
    today: NaiveDate,
) -> Result<HashMap<Uuid, Milestones>, Error> {
    let sum = |condition: &str| Expr::cust(format!("CAST(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END) AS bigint)"));
    let met = "matter_state = 'met' OR met_on IS NOT NULL";
    let due = Expr::case(
        Expr::cust("met_on IS NULL AND COALESCE(matter_state, '') <> 'met'")
            .and(Expr::cust("COALESCE(forecast_on, planned_on)").lt(today)),
        Expr::val(1),
    )
    .finally(Expr::val(0));
    let mut query = of_projects("milestones", ids);
    query
        .expr_as(Expr::cust("COUNT(*)"), "number")
        .expr_as(sum(met), "met")
        .expr_as(Expr::expr(due).sum().cast_as("bigint"), "overdue")
        .and_where(Expr::col("cancelled_on").is_null())
        .cond_where(Expr::col("internal").eq(false).or(Expr::col("project_id").is_in(all.to_vec())));
    let mut milestones = HashMap::new();
    for row in db.query_all(&query).await? {
        let counted = Milestones {
            all: row.try_get("", "number")?,
            met: row.try_get("", "met")?,
            overdue: row.try_get("", "overdue")?,
        };
        milestones.insert(row.try_get("", "project_id")?, counted);
    }
    Ok(milestones)
}

/// An observer sees the budgets that bind.
async fn seen_budgets(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
    all: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<budgets::Model>>, Error> {
    use budgets::Column;
    let seen = Column::Status.eq(budgets::BudgetStatus::Committed).or(Column::ProjectId.is_in(all.to_vec()));
    let found = budgets::Entity::find().filter(Column::ProjectId.is_in(ids.to_vec())).filter(seen);
    let mut budgets: BTreeMap<Uuid, Vec<budgets::Model>> = BTreeMap::new();
    for budget in found.all(db).await? {
        budgets.entry(budget.project_id).or_default().push(budget);
    }
    Ok(budgets)
}

async fn committed(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Option<i64>>, Error> {
    use funding_sources::{Column, FundingState};
    let binding = FundingState::iter().filter(|state| state.binds());
    let found: Vec<(Uuid, Option<i64>)> = funding_sources::Entity::find()
        .select_only()
        .columns([Column::ProjectId, Column::AmountOre])
        .filter(Column::ProjectId.is_in(ids.to_vec()))
        .filter(Column::State.is_in(binding))
        .into_tuple()
        .all(db)
        .await?;
    let mut committed: HashMap<Uuid, Option<i64>> = HashMap::new();
    for (project, amount) in found {
        let here = committed.entry(project).or_default();
        *here = finance::added(*here, amount);
    }
    Ok(committed)
}

/// Costs and own effort together; a project without any is not in it.
async fn used(db: &impl ConnectionTrait, ids: &[Uuid], today: NaiveDate) -> Result<HashMap<Uuid, i64>, Error> {
    let mut used: HashMap<Uuid, i64> = HashMap::new();
    for (table, day) in [("cost_entries", "incurred_on"), ("time_entries", "worked_on")] {
        let mut query = of_projects(table, ids);
        query.expr_as(Expr::col("amount_ore").sum().cast_as("bigint"), "amount").and_where(Expr::col(day).lte(today));
        for row in db.query_all(&query).await? {
            if let Some(amount) = row.try_get::<Option<i64>>("", "amount")? {
                let sum = used.entry(row.try_get("", "project_id")?).or_default();
                *sum = sum.saturating_add(amount);
            }
        }
    }
    Ok(used)
}

/// A statement that makes one row of each project.
fn of_projects(table: &'static str, ids: &[Uuid]) -> SelectStatement {
    let mut query = Query::select();
    query
        .column("project_id")
        .from(table)
        .and_where(Expr::col("project_id").is_in(ids.to_vec()))
        .group_by_col("project_id");
    query
}
