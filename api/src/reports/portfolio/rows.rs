//! What stands beside the projects of a page: one statement for all of them, and one for their budgets.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use chrono::{DateTime, NaiveDate, Utc};
use entity::decision_points::DecisionOutcome;
use entity::funding_sources::FundingState;
use entity::status_reports::{OverallDimension, OverallStatus, ReportState};
use entity::{Decimal2, budgets, projects};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter, Statement, Value};
use uuid::Uuid;

use super::{NextDecisionPoint, PortfolioProject};
use crate::access::{Area, Caller, Sight};
use crate::db::{Db, Found, Typed};
use crate::domain::finance;
use crate::problem::Error;

/// What is told of each project of a page. `here` are the projects, `inside` those whose internal milestones the caller sees. `{at}` is
/// today; the rest are codes. Of reports the newest published counts, of decision points the first that is open.
const TOLD: &str = "stones AS (SELECT m.project_id, COUNT(*) AS number, \
  SUM(CASE WHEN m.matter_state = 'met' OR m.met_on IS NOT NULL THEN 1 ELSE 0 END) AS met, \
  SUM(CASE WHEN m.met_on IS NULL AND COALESCE(m.matter_state, '') <> 'met' AND COALESCE(m.forecast_on, m.planned_on) < {at} THEN 1 ELSE 0 END) AS overdue \
  FROM milestones m JOIN here h ON h.id = m.project_id WHERE m.cancelled_on IS NULL AND (h.inside OR NOT m.internal) GROUP BY m.project_id), \
points AS (SELECT project_id, id, number, theme, planned_on, \
  ROW_NUMBER() OVER (PARTITION BY project_id ORDER BY planned_on NULLS LAST, id) AS place FROM decision_points \
  WHERE project_id IN (SELECT id FROM here) AND (outcome IS NULL OR outcome = '{postponed}')), \
reports AS (SELECT project_id, published_at, overall, \
  ROW_NUMBER() OVER (PARTITION BY project_id ORDER BY published_at DESC, id) AS place FROM status_reports \
  WHERE project_id IN (SELECT id FROM here) AND state = '{published}' AND published_at IS NOT NULL), \
bound AS (SELECT project_id, SUM(amount_ore) AS amount FROM funding_sources \
  WHERE project_id IN (SELECT id FROM here) AND state IN ({binding}) GROUP BY project_id), \
spent AS (SELECT project_id, SUM(amount_ore) AS amount FROM cost_entries \
  WHERE project_id IN (SELECT id FROM here) AND incurred_on <= {at} GROUP BY project_id), \
worked AS (SELECT project_id, SUM(amount_ore) AS amount FROM time_entries \
  WHERE project_id IN (SELECT id FROM here) AND worked_on <= {at} GROUP BY project_id) \
SELECT h.id AS project, CAST(COALESCE(s.number, 0) AS bigint) AS milestones, CAST(COALESCE(s.met, 0) AS bigint) AS met, \
  CAST(COALESCE(s.overdue, 0) AS bigint) AS overdue, p.id AS point, p.number AS number, p.theme AS theme, p.planned_on AS planned_on, \
  r.published_at AS published_at, r.overall AS overall, CAST(b.amount AS bigint) AS bound, CAST(c.amount AS bigint) AS spent, \
  CAST(w.amount AS bigint) AS worked \
FROM here h LEFT JOIN stones s ON s.project_id = h.id LEFT JOIN points p ON p.project_id = h.id AND p.place = 1 \
  LEFT JOIN reports r ON r.project_id = h.id AND r.place = 1 LEFT JOIN bound b ON b.project_id = h.id \
  LEFT JOIN spent c ON c.project_id = h.id LEFT JOIN worked w ON w.project_id = h.id";

/// What is told of a project.
#[derive(Default)]
struct Told {
    milestones: i64,
    met: i64,
    overdue: i64,
    next: Option<NextDecisionPoint>,
    report: Option<(DateTime<Utc>, Option<OverallStatus>)>,
    committed: Option<i64>,
    used: Option<i64>,
}

/// What stands beside the projects of a page.
pub(super) struct Beside {
    told: HashMap<Uuid, Told>,
    budgets: BTreeMap<Uuid, Vec<budgets::Model>>,
}

impl Beside {
    /// Reads it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(
        db: &impl Db,
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
            told: told(db, &ids, &all(Area::Milestones), today).await?,
            budgets: seen_budgets(db, &ids, &all(Area::Economy)).await?,
        })
    }

    /// A project with what stands beside it.
    pub fn project(&mut self, project: &projects::Model, today: NaiveDate) -> PortfolioProject {
        let id = project.id;
        let told = self.told.remove(&id).unwrap_or_default();
        let budget = self.budgets.get(&id).and_then(finance::in_force);
        let total = budget.and_then(|budget| budget.total_ore);
        let reported = told.report.as_ref().map(|(at, _)| *at);
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
            overall: told.report.and_then(|(_, overall)| overall),
            reported_at: reported,
            report_age_days: reported.map(|at| (today - at.date_naive()).num_days()),
            next_decision_point: told.next,
            milestones: told.milestones,
            milestones_met: told.met,
            milestones_overdue: told.overdue,
            budget_status: budget.map(|budget| budget.status),
            budget_ore: total,
            committed_ore: told.committed,
            used_ore: told.used,
            budget_used_percent: percent(
                told.used,
                total.filter(|_| budget.is_some_and(|one| one.lines_not_known == 0)),
            ),
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

async fn told(db: &impl Db, ids: &[Uuid], inside: &[Uuid], today: NaiveDate) -> Result<HashMap<Uuid, Told>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = "WITH here (id, inside) AS (VALUES ".to_owned();
    for (at, id) in ids.iter().enumerate() {
        let _ = write!(sql, "{}(${}, {})", if at == 0 { "" } else { ", " }, at + 1, inside.contains(id));
    }
    sql.push_str("), ");
    let binding: Vec<String> =
        FundingState::iter().filter(|state| state.binds()).map(|state| format!("'{}'", state.code())).collect();
    sql.push_str(
        &TOLD
            .replace("{at}", &format!("${}", ids.len() + 1))
            .replace("{postponed}", DecisionOutcome::Postponed.code())
            .replace("{published}", ReportState::Published.code())
            .replace("{binding}", &binding.join(", ")),
    );
    let values: Vec<Value> = ids.iter().map(|id| (*id).into()).chain([today.into()]).collect();
    let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "project")?, read(row)?))).collect()
}

fn read(row: &Found) -> Result<Told, Error> {
    let point: Option<Uuid> = row.try_get("", "point")?;
    let next = match point {
        None => None,
        Some(id) => Some(NextDecisionPoint {
            id,
            number: row.try_get("", "number")?,
            theme: row.try_get("", "theme")?,
            planned_on: row.try_get("", "planned_on")?,
        }),
    };
    let at: Option<DateTime<Utc>> = row.try_get("", "published_at")?;
    let overall: Option<OverallDimension> = row.parsed("overall")?;
    let [spent, worked] = ["spent", "worked"].map(|column| row.try_get::<Option<i64>>("", column));
    Ok(Told {
        milestones: row.try_get("", "milestones")?,
        met: row.try_get("", "met")?,
        overdue: row.try_get("", "overdue")?,
        next,
        report: at.map(|at| (at, overall.map(|overall| overall.status))),
        committed: row.try_get("", "bound")?,
        used: finance::added(spent?, worked?),
    })
}

/// An observer sees the budgets that bind.
async fn seen_budgets(db: &impl Db, ids: &[Uuid], all: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<budgets::Model>>, Error> {
    use budgets::Column;
    let seen = Column::Status.eq(budgets::BudgetStatus::Committed).or(Column::ProjectId.is_in(all.to_vec()));
    let found = budgets::Entity::find().filter(Column::ProjectId.is_in(ids.to_vec())).filter(seen);
    let mut budgets: BTreeMap<Uuid, Vec<budgets::Model>> = BTreeMap::new();
    for budget in found.every(db).await? {
        budgets.entry(budget.project_id).or_default().push(budget);
    }
    Ok(budgets)
}
