//! `GET /projects/{id}/rf1350`: what a grant portal asks for when money is to be paid, ready to copy.
//!
//! RF13.50 (regionalforvaltning.no) has no interface for machines: a payout request is a text for each question of the
//! payer, and the costs so far against the cost plan that was approved. A project without money reports the same way.

mod about;
mod answers;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use entity::RecordRef;
use entity::budgets::{self, BudgetStatus};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::finance::{Books, BudgetName, seen_budgets, seen_sources, spent, worked};
use super::shapes::OrganisationName;
use super::{Asked, moves, rescheduled};
use crate::domain::finance::{self, Figures, Spent, Worked};
use crate::domain::report_draft::{Move, Period};
use crate::http::Call;
use crate::http::query::invalid;
use crate::problem::{Error, codes};
use crate::render::Tables;
use crate::text;

pub use about::about;

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let cost = "category approvedOre accumulatedOre inPeriodOre remainingOre";
    let total = "costsTotal.approvedOre:approvedOre costsTotal.accumulatedOre:accumulatedOre \
                 costsTotal.inPeriodOre:inPeriodOre costsTotal.remainingOre:remainingOre";
    Tables::of::<PayoutReport>("rf1350", text!("Anmodning", "Oppmoding", "Payout report"))
        .table("costs", text!("Kostnader", "Kostnader", "Costs"), "costs", cost)
        .table("total", text!("Sum", "Sum", "Total"), "", total)
        .table("questions", text!("Spørsmål", "Spørsmål", "Questions"), "questions", "question text")
        .table(
            "funding",
            text!("Finansiering", "Finansiering", "Funding"),
            "funding",
            "organisation.name:organisation state amountOre",
        )
});

/// A progress and payout report.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayoutReport {
    /// The project.
    pub project_id: Uuid,
    /// Its short name.
    #[schema(max_length = 40, example = "NVR-2017-02")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
    /// The first day that is reported on.
    pub period_from: NaiveDate,
    /// The last day, and the day that costs are counted to.
    pub period_to: NaiveDate,
    /// The answers, one for each question.
    #[schema(max_items = 20)]
    pub questions: Vec<Answered>,
    /// The budget that binds, which the costs are held against; null while there is none.
    #[schema(required = true)]
    pub cost_plan: Option<BudgetName>,
    /// Costs by sort, against the cost plan.
    pub costs: Vec<CostLine>,
    /// All costs.
    pub costs_total: CostLine,
    /// Who pays, and how far that has come.
    pub funding: Vec<PayerLine>,
    /// All of it as one text.
    #[schema(max_length = 100_000)]
    pub text: String,
}

/// A question and its answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Answered {
    /// Stable code: progress, results, deviations, next, decisions, economy.
    #[schema(max_length = 40, example = "progress")]
    pub code: String,
    /// The question, in the caller's language.
    #[schema(max_length = 500)]
    pub question: String,
    /// The answer, in the caller's language; never empty.
    #[schema(max_length = 50_000)]
    pub text: String,
    /// What it follows from.
    #[schema(max_items = 10_000)]
    pub from: Vec<RecordRef>,
}

/// Costs of a sort against the cost plan, in øre; null while not known.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostLine {
    /// The sort of cost; null for what has none, and for the sum.
    #[schema(required = true, max_length = 100, example = "Prosjektledelse")]
    pub category: Option<String>,
    /// What the cost plan has for it.
    #[schema(required = true)]
    pub approved_ore: Option<i64>,
    /// Costs, and own effort that the payers accept, until the end of the period.
    #[schema(required = true)]
    pub accumulated_ore: Option<i64>,
    /// What of it lies in the period.
    #[schema(required = true)]
    pub in_period_ore: Option<i64>,
    /// What is left of the plan.
    #[schema(required = true)]
    pub remaining_ore: Option<i64>,
}

/// A payer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayerLine {
    /// Who pays.
    #[schema(required = true)]
    pub organisation: Option<OrganisationName>,
    /// How far it has come.
    pub state: entity::funding_sources::FundingState,
    /// How much, in øre.
    #[schema(required = true)]
    pub amount_ore: Option<i64>,
}

/// Answers the payout report of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see; 400 for a period that is none.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let mut query = call.query()?;
    let asked = Asked::of(&call).await?.past(&mut query)?.shaped(&call, &mut query, &TABLES)?;
    let (from, to) = (query.take_day("from")?, query.take_day("to")?);
    query.finish(&["asOf", "format", "from", "table", "to"])?;
    let asked = asked.noted(&format!("{from:?}-{to:?}"));
    if let Some(unchanged) = asked.unchanged(&call)? {
        return Ok(unchanged);
    }
    let mut picture = asked.picture(&call).await?;
    let started = picture.project().ok_or(&codes::NOT_FOUND)?.starts_on;
    let to = to.unwrap_or(asked.today);
    let period = Period { from: from.or(started).unwrap_or(to).min(to), to };
    if from.is_some_and(|from| from > to) {
        let why = text!("kan ikke være før from", "kan ikkje vere før from", "cannot be before from");
        return Err(invalid("to", &why));
    }
    picture.meetings.retain(|meeting| asked.sees_meeting(meeting));
    picture.measurements.retain(|one| one.measured_on <= period.to);
    let db = &call.store.read;
    let moved = moves(asked.stood(rescheduled(&call.store, asked.project).await?));
    let books = Books::of(db, &asked, picture, period.to).await?;
    let before = match period.from.pred_opt() {
        Some(day) => {
            let (project, as_of) = (asked.project, asked.as_of);
            (spent(db, project, as_of, day).await?, worked(db, project, as_of, day).await?)
        }
        None => Default::default(),
    };
    asked.answer(&of(&asked, &books, &before, &moved, period).ok_or(&codes::NOT_FOUND)?).await
}

/// Costs and hours of the time before the period.
type Before = (Vec<Spent>, Vec<Worked>);

/// The report that the books show to who asks.
fn of(asked: &Asked, books: &Books, before: &Before, moved: &[Move], period: Period) -> Option<PayoutReport> {
    let picture = &books.picture;
    let project = picture.project()?;
    // What is only indicative was approved by nobody.
    let binds = |budget: &&budgets::Model| budget.status == BudgetStatus::Committed;
    let budget = finance::in_force(seen_budgets(asked, picture).filter(binds));
    let figures = |spent, worked| finance::figures(picture, budget, spent, worked, period.to);
    let (now, then) = (figures(&books.spent, &books.worked), figures(&before.0, &before.1));
    let by_category = |places: &[_]| finance::by(places, |place: &finance::Place| place.category.clone());
    let earlier: BTreeMap<Option<String>, Figures> = by_category(&then).into_iter().collect();
    let costs: Vec<CostLine> = by_category(&now)
        .into_iter()
        .map(|(category, figures)| cost(category.clone(), &figures, earlier.get(&category)))
        .collect();
    let costs_total = cost(None, &finance::total(&now), Some(&finance::total(&then)));
    let questions = answers::of(asked, picture, moved, period, &costs_total);
    let payer = |source: entity::funding_sources::Model| PayerLine {
        organisation: picture.organisation(source.organisation_id).map(OrganisationName::of),
        state: source.state,
        amount_ore: source.amount_ore,
    };
    let mut report = PayoutReport {
        project_id: project.id,
        code: project.code.clone(),
        name: project.name.clone(),
        period_from: period.from,
        period_to: period.to,
        questions,
        cost_plan: budget.map(BudgetName::of),
        costs,
        costs_total,
        funding: seen_sources(asked, picture).into_iter().map(payer).collect(),
        text: String::new(),
    };
    report.text = answers::whole(&report, asked.lang);
    Some(report)
}

fn cost(category: Option<String>, now: &Figures, before: Option<&Figures>) -> CostLine {
    let used = |figures: &Figures| finance::added(figures.actual, figures.counted);
    let accumulated = used(now);
    let earlier = before.and_then(used).unwrap_or_default();
    CostLine {
        category,
        approved_ore: now.budget(),
        accumulated_ore: accumulated,
        in_period_ore: accumulated.map(|all| all - earlier),
        remaining_ore: now.remaining(),
    }
}
