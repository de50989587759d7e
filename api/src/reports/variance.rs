//! `GET /projects/{id}/variance`: the plan as it was at a baseline against the plan of today.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use entity::{Record, RecordRef, decision_points, milestones, projects};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Asked;
use super::changes::{Baseline, named, usual};
use super::finance::seen_budgets;
use crate::domain::{Picture, finance};
use crate::http::Call;
use crate::openapi::About;
use crate::openapi::about::baseline;
use crate::problem::{Error, codes};
use crate::render::Tables;
use crate::standard::whole::typed;
use crate::store::{self, Extent};
use crate::text;

/// The plan then and now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Variance {
    /// The day of the report.
    pub today: NaiveDate,
    /// What today is held against.
    pub baseline: Baseline,
    /// Dates then and now.
    pub dates: Vec<DateVariance>,
    /// The budget then and now.
    pub budget: BudgetVariance,
}

/// A date then and now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DateVariance {
    /// The milestone, the decision point, or the project for its last day.
    pub record: RecordRef,
    /// What it is called.
    #[schema(max_length = 10_000)]
    pub title: String,
    /// The date at the baseline; null where none was known, or the record was not there.
    #[schema(required = true)]
    pub baseline_on: Option<NaiveDate>,
    /// The date now: as it was reached or decided, else as forecast, else as planned.
    #[schema(required = true)]
    pub on: Option<NaiveDate>,
    /// Whether it is reached or decided.
    pub done: bool,
    /// Days later than at the baseline; negative for earlier, null where one of them is not known.
    #[schema(required = true)]
    pub days: Option<i64>,
    /// Whether the record was there at the baseline.
    pub in_baseline: bool,
}

/// A budget then and now, in øre; null while not known.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BudgetVariance {
    /// What the budget came to.
    #[schema(required = true)]
    pub baseline_ore: Option<i64>,
    /// What it comes to.
    #[schema(required = true)]
    pub total_ore: Option<i64>,
    /// How much more that is.
    #[schema(required = true)]
    pub difference_ore: Option<i64>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let dates = "title baselineOn on days done inBaseline record";
    let budget = "budget.baselineOre:baselineOre budget.totalOre:totalOre budget.differenceOre:differenceOre";
    Tables::of::<Variance>("variance", text!("Avvik", "Avvik", "Variance"))
        .table("dates", text!("Datoer", "Datoar", "Dates"), "dates", dates)
        .table("budget", text!("Budsjett", "Budsjett", "Budget"), "", budget)
});

/// Answers the plan then and now.
///
/// # Errors
/// 401; 404 for a project that the caller does not see, or that was not there then; 400 for a baseline that is none.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let mut query = call.query()?;
    let against = query.take("against");
    let asked = Asked::of(&call).await?.past(&mut query)?.shaped(&call, &mut query, &TABLES)?;
    let asked = asked.noted(against.as_deref().unwrap_or_default());
    query.finish(&["against", "asOf", "format", "table"])?;
    if let Some(unchanged) = asked.unchanged(&call)? {
        return Ok(unchanged);
    }
    let now = asked.picture(&call).await?;
    let baseline = match against {
        Some(text) => named(&now, "against", &text)?,
        None => usual(&asked, &now),
    };
    let db = &call.store.read;
    let today = store::picture(db, asked.project).await?;
    let rows = store::picture_at(db, asked.project, baseline.at, Extent::Picture, &today).await?;
    let then = typed(asked.project, rows.ok_or(&codes::NOT_FOUND)?)?;
    asked.answer(&of(&asked, &then, &now, baseline)).await
}

fn of(asked: &Asked, then: &Picture, now: &Picture, baseline: Baseline) -> Variance {
    let total = |picture: &Picture| finance::in_force(seen_budgets(asked, picture)).and_then(|budget| budget.total_ore);
    let (was, is) = (total(then), total(now));
    let mut dates: Vec<DateVariance> = now
        .milestones
        .iter()
        .filter(|one| asked.sees_milestone(one) && one.cancelled_on.is_none())
        .map(|one| milestone(asked, then, one))
        .collect();
    dates.extend(now.decision_points.iter().map(|one| decision_point(then, one)));
    dates.extend(now.project().map(|project| end(then, project)));
    Variance {
        today: asked.today,
        baseline,
        dates,
        budget: BudgetVariance {
            baseline_ore: was,
            total_ore: is,
            difference_ore: is.zip(was).map(|(is, was)| is - was),
        },
    }
}

/// A record's date then and now.
fn variance<E: Record>(
    id: Uuid,
    title: String,
    then: Option<Option<NaiveDate>>,
    now: (Option<NaiveDate>, bool),
) -> DateVariance {
    let (on, done) = now;
    let baseline_on = then.flatten();
    DateVariance {
        record: RecordRef { kind: E::KIND.to_owned(), id },
        title,
        baseline_on,
        on,
        done,
        days: on.zip(baseline_on).map(|(on, was)| (on - was).num_days()),
        in_baseline: then.is_some(),
    }
}

fn milestone(asked: &Asked, then: &Picture, now: &milestones::Model) -> DateVariance {
    let was = then.milestones.iter().find(|one| one.id == now.id && asked.sees_milestone(one));
    let on = now.met_on.or(now.forecast_on).or(now.planned_on);
    let title = format!("{} {}", now.number, now.title);
    variance::<milestones::Entity>(now.id, title, was.map(|was| was.planned_on), (on, now.met_on.is_some()))
}

fn decision_point(then: &Picture, now: &decision_points::Model) -> DateVariance {
    let was = then.decision_points.iter().find(|one| one.id == now.id);
    let on = now.decided_on.or(now.planned_on);
    let title = format!("{} {}", now.number, now.theme);
    variance::<decision_points::Entity>(now.id, title, was.map(|was| was.planned_on), (on, now.decided_on.is_some()))
}

fn end(then: &Picture, now: &projects::Model) -> DateVariance {
    let was = then.project().map(|project| project.ends_on);
    variance::<projects::Entity>(now.id, now.name.clone(), was, (now.ends_on, false))
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectVariance", "Reports", "Hold the plan of today against the plan of then")
        .more(
            "Dates of milestones, decision points and the project's end, and the budget, as they were at a baseline and as they \
             are. A decision or a published report is a baseline; unless one is named it is the first decision, else the first \
             published report, else the plan as it was first written.",
        )
        .query(
            "against",
            "A date (its end, UTC), an instant (RFC 3339), the id of a published report, or of a decision point that is decided.",
            baseline("2018-01-31"),
        )
        .dated()
        .answers::<Variance>(200, "Then and now", example())
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::NOT_FOUND, &codes::INVALID_PARAMETER])
}

fn example() -> Value {
    json!({
        "today": "2018-01-31",
        "baseline": {
            "at": "2017-11-02T00:00:00Z", "record": { "kind": "decision_point", "id": "015ec5c8-6c00-7014-8000-000000000001" }
        },
        "dates": [{
            "record": { "kind": "milestone", "id": "015ec5c8-6c00-7013-8000-000000000003" },
            "title": "03 Budsjett med kostnadsfordeling behandlet i kommunene", "baselineOn": "2018-02-01",
            "on": "2018-03-15", "done": false, "days": 42, "inBaseline": true
        }],
        "budget": { "baselineOre": 80_000_000, "totalOre": 85_000_000, "differenceOre": 5_000_000 }
    })
}
