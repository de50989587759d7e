//! `GET /projects/{id}/finance`: budget, funding, costs and own effort, who bears them, and what is missing.

mod about;
mod rows;
mod shape;
mod totals;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use entity::budgets::{self, BudgetStatus};
use entity::funding_sources::{self, FundingState};
use entity::organisations;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::Asked;
use crate::access::{Area, Sight};
use crate::db::{Db, Typed};
use crate::domain::Picture;
use crate::domain::finance::{Spent, Worked};
use crate::http::Call;
use crate::problem::Error;
use crate::render::Tables;
use crate::text;

pub use about::about;
pub use rows::{spent, worked};
pub use shape::{BudgetName, Finance, FundingRung, of};
pub use totals::{EconomyTotals, totals};

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let figures = "figures.budgetOre figures.cashOre figures.inKindOre figures.linesNotKnown figures.actualOre \
                   figures.ownEffortHours figures.ownEffortOre figures.ownEffortAsFundingOre figures.hoursWithoutRate \
                   figures.forecastOre figures.remainingOre";
    let by = |key: &str| format!("{key} {figures}");
    let source = "organisation.name:organisation scheme state amountOre supportShare reportDueOn reportedOn";
    let rung = "state sources sourcesNotKnown amountOre securedOre balanceOre";
    Tables::of::<Finance>("finance", text!("Økonomi", "Økonomi", "Finance"))
        .table("categories", text!("Kostnadstyper", "Kostnadstypar", "Categories"), "byCategory", by("category"))
        .table("years", text!("År", "År", "Years"), "byYear", by("year"))
        .table(
            "organisations",
            text!("Organisasjoner", "Organisasjonar", "Organisations"),
            "byOrganisation",
            by("organisation.name:organisation"),
        )
        .table(
            "activities",
            text!("Aktiviteter", "Aktivitetar", "Activities"),
            "byActivity",
            by("activity.name:activity"),
        )
        .table("funding", text!("Finansiering", "Finansiering", "Funding"), "funding", source)
        .table("balance", text!("Balanse", "Balanse", "Balance"), "balance", rung)
        .table(
            "shares",
            text!("Fordeling", "Fordeling", "Shares"),
            "shares/shares",
            "name:organisation amountOre ownShareOre exact",
        )
});

/// What a finance report is folded from.
pub struct Books {
    /// The project; its organisations include those that only hours name.
    pub picture: Picture,
    /// Costs.
    pub spent: Vec<Spent>,
    /// Hours.
    pub worked: Vec<Worked>,
}

/// Answers the finance report of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&call).await?.in_tables(&call, &TABLES)?;
    if let Some(unchanged) = asked.unchanged(&call)? {
        return Ok(unchanged);
    }
    let books = Books::of(&call.store.read, &asked, asked.picture(&call).await?, asked.today).await?;
    asked.answer(&of(&asked, &books)).await
}

impl Books {
    /// The costs and hours of a project until a day: one statement each.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(db: &impl Db, asked: &Asked, mut picture: Picture, until: NaiveDate) -> Result<Self, Error> {
        // What is charged to a budget that the caller does not see is told without where it is charged.
        let seen: Vec<Uuid> = seen_budgets(asked, &picture).map(|budget| budget.id).collect();
        picture.budget_lines.retain(|line| seen.contains(&line.budget_id));
        let spent = spent(db, asked.project, asked.as_of, until).await?;
        let worked = worked(db, asked.project, asked.as_of, until).await?;
        let keys = picture.cost_keys.iter().flat_map(|key| &key.parties.0).map(|party| party.organisation_id);
        let named = worked.iter().filter_map(|sum| sum.organisation).chain(keys);
        let unknown: Vec<Uuid> = named.filter(|id| picture.organisation(*id).is_none()).collect();
        if !unknown.is_empty() {
            let found = organisations::Entity::find().filter(organisations::Column::Id.is_in(unknown));
            picture.organisations.extend(found.every(db).await?);
        }
        Ok(Self { picture, spent, worked })
    }
}

/// The budgets that the caller sees.
pub fn seen_budgets<'a>(asked: &Asked, picture: &'a Picture) -> impl Iterator<Item = &'a budgets::Model> {
    budgets_seen_with(asked.caller.rights(asked.project, Area::Economy).sight, picture)
}

/// The sources that the caller sees.
#[must_use]
pub fn seen_sources(asked: &Asked, picture: &Picture) -> Vec<funding_sources::Model> {
    sources_seen_with(asked.caller.rights(asked.project, Area::Economy).sight, picture)
}

/// An observer sees the budgets that bind.
fn budgets_seen_with(sight: Sight, picture: &Picture) -> impl Iterator<Item = &budgets::Model> {
    picture.budgets.iter().filter(move |budget| sight == Sight::All || budget.status == BudgetStatus::Committed)
}

/// An observer sees the sources that were not rejected: offentlegforskrifta § 1 exempts the papers of applications,
/// except for decisions to support.
fn sources_seen_with(sight: Sight, picture: &Picture) -> Vec<funding_sources::Model> {
    let seen = |source: &&funding_sources::Model| sight == Sight::All || source.state != FundingState::Rejected;
    picture.funding_sources.iter().filter(seen).cloned().collect()
}

/// The activities of a picture by their identifier.
fn activities(picture: &Picture) -> BTreeMap<Uuid, String> {
    let called = |activity: &entity::activities::Model| match &activity.number {
        Some(number) => format!("{number} {}", activity.title),
        None => activity.title.clone(),
    };
    picture.activities.iter().map(|activity| (activity.id, called(activity))).collect()
}
