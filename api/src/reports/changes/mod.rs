//! `GET /projects/{id}/changes`: what has changed since a day, a report or a decision, in words and data.

mod about;
mod baseline;
mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use entity::RecordRef;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Asked;
use crate::access::{Sight, observed};
use crate::facts::{self, Facts, Row};
use crate::http::Call;
use crate::http::query::invalid;
use crate::problem::Error;
use crate::render::Tables;
use crate::store::{self, Entry};
use crate::text;

pub use about::about;
pub use baseline::{Baseline, named, usual};

/// What has changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changes {
    /// What it is held against.
    pub since: Baseline,
    /// Every record that is not as it was, those of one theme together, the newest change first.
    pub items: Vec<RecordChange>,
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeTheme {
    /// When things are to be done.
    Dates,
    /// Budget, funding and who bears how much.
    Money,
    /// Risks.
    Risks,
    /// What was decided, in the project and in the municipalities.
    Decisions,
    /// Goals, indicators and measured values.
    Results,
    /// Who takes part.
    People,
    /// All else of the plan.
    Plan,
}

/// How a record is not as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was not there.
    Created,
    /// It says something else.
    Changed,
    /// It is gone.
    Deleted,
}

/// A record that is not as it was.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordChange {
    /// What it is about.
    pub theme: ChangeTheme,
    /// The record.
    pub record: RecordRef,
    /// How it is not as it was.
    pub change: ChangeKind,
    /// What it is called.
    #[schema(max_length = 10_000)]
    pub title: String,
    /// When it was last changed (UTC).
    #[schema(value_type = String, format = DateTime)]
    pub at: DateTime<Utc>,
    /// Why, as those who wrote said, in their order.
    #[schema(schema_with = words::reasons)]
    pub reasons: Vec<String>,
    /// What it says now and said then; empty for a record that is new or gone.
    #[schema(max_items = 200)]
    pub fields: Vec<FieldChange>,
    /// In the caller's language.
    #[schema(max_length = 50_000, example = "Milepæl 02: Plandato 2018-12-15 → 2017-12-15 (Skrivefeil i planen)")]
    pub in_words: String,
}

/// A field that says something else.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldChange {
    /// The field.
    #[schema(max_length = 100, example = "plannedOn")]
    pub field: String,
    /// What people call it, in the caller's language.
    #[schema(max_length = 200, example = "Plandato")]
    pub label: String,
    /// What it said.
    #[schema(value_type = Value, nullable)]
    pub from: Value,
    /// What it says.
    #[schema(value_type = Value, nullable)]
    pub to: Value,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    Tables::of::<Changes>("changes", text!("Endringer", "Endringar", "Changes"))
        .table(
            "changes",
            text!("Endringer", "Endringar", "Changes"),
            "items",
            "theme change title inWords at reasons record",
        )
        .table("fields", text!("Felt", "Felt", "Fields"), "items/fields", "../title label from to field")
});

/// Answers what has changed in a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see; 400 without a `since` that is known.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let mut query = call.query()?;
    let asked = Asked::of(&call).await?;
    let since = query.take("since").ok_or_else(|| {
        let why = text!("mangler: endret siden når?", "manglar: endra sidan når?", "is missing: changed since when?");
        invalid("since", &why)
    })?;
    let asked = asked.shaped(&call, &mut query, &TABLES)?.noted(&since);
    query.finish(&["format", "since", "table"])?;
    if let Some(unchanged) = asked.unchanged(&call)? {
        return Ok(unchanged);
    }
    let picture = asked.picture(&call).await?;
    let since = named(&picture, "since", &since)?;
    let entries = store::since(&call.store.read, asked.project, since.at).await?;
    asked.answer(&Changes { items: of(&asked, &entries), since }).await
}

/// What the entries of the journal come to, as far as who asks may see it.
#[must_use]
pub fn of(asked: &Asked, entries: &[Entry]) -> Vec<RecordChange> {
    let mut records: BTreeMap<(&str, uuid::Uuid), Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        records.entry((&entry.kind, entry.record)).or_default().push(entry);
    }
    let mut items: Vec<RecordChange> = records.into_values().filter_map(|entries| change(asked, &entries)).collect();
    items.sort_by(|one, other| (one.theme, other.at, one.record.id).cmp(&(other.theme, one.at, other.record.id)));
    items
}

/// What a record was and is; `None` when it is as it was, or not for who asks.
fn change(asked: &Asked, entries: &[&Entry]) -> Option<RecordChange> {
    let (first, last) = (entries.first()?, entries.last()?);
    let facts = facts::by_kind(&first.kind)?;
    if !seen(asked, facts, first.before.as_ref()) || !seen(asked, facts, last.after.as_ref()) {
        return None;
    }
    let whole = asked.caller.rights(asked.project, facts.area).sight == Sight::All;
    let side = |version: &Option<Value>| if whole { version.clone() } else { part(facts, version.clone()) };
    let (before, after) = (side(&first.before), side(&last.after));
    let (before, after) = (before.as_ref(), after.as_ref());
    let change = match (before, after) {
        (None, None) => return None,
        (None, Some(_)) => ChangeKind::Created,
        (Some(_), None) => ChangeKind::Deleted,
        (Some(_), Some(_)) => ChangeKind::Changed,
    };
    let fields = match (before, after) {
        (Some(before), Some(after)) => words::fields(facts, before, after, asked.lang),
        (None, _) | (_, None) => Vec::new(),
    };
    if change == ChangeKind::Changed && fields.is_empty() {
        return None;
    }
    let mut reasons: Vec<String> = entries.iter().filter_map(|entry| entry.reason.clone()).collect();
    // Why a milestone was moved is for everybody who sees it; why anything else was done may tell of what is hidden.
    reasons.retain(|_| whole || facts.path == "milestones");
    reasons.dedup();
    let title = words::title(after.or(before)?);
    Some(RecordChange {
        theme: theme(facts, &fields),
        record: RecordRef { kind: first.kind.clone(), id: first.record },
        change,
        at: last.at,
        in_words: words::sentence(facts, change, &title, &fields, &reasons, asked.lang),
        title,
        reasons,
        fields,
    })
}

/// What those who see a part see of a version.
fn part(facts: &Facts, version: Option<Value>) -> Option<Value> {
    match version {
        Some(Value::Object(members)) => {
            let mut row = Row(members);
            observed::withhold(facts, &mut row);
            Some(Value::Object(row.0))
        }
        other => other,
    }
}

/// Whether who asks sees a version of a record. What an observer sees hangs on the record where it is published by a
/// condition: of those, only milestones that were not internal then and are not now.
fn seen(asked: &Asked, facts: &Facts, version: Option<&Value>) -> bool {
    match asked.caller.rights(asked.project, facts.area).sight {
        Sight::All => true,
        Sight::Nothing => false,
        Sight::Published => match (facts.path, version) {
            ("milestones", Some(version)) => version["internal"] == false,
            (_, None) => true,
            _ => facts.published.is_none() && observed::shows_some(facts),
        },
    }
}

fn theme(facts: &Facts, fields: &[FieldChange]) -> ChangeTheme {
    let moved = |names: &[&str]| fields.iter().any(|field| names.contains(&field.field.as_str()));
    match facts.path {
        "milestones" | "activities" | "projects" | "decision-points"
            if moved(&["plannedOn", "forecastOn", "metOn", "startsOn", "endsOn"]) =>
        {
            ChangeTheme::Dates
        }
        "budgets" | "budget-lines" | "funding-sources" | "cost-keys" => ChangeTheme::Money,
        "risks" => ChangeTheme::Risks,
        "decision-points"
        | "decision-requirements"
        | "resolutions"
        | "matters"
        | "political-cases"
        | "political-steps"
        | "recommendations"
        | "change-requests" => ChangeTheme::Decisions,
        "goals" | "indicators" | "measurements" => ChangeTheme::Results,
        "assignments" | "project-parties" => ChangeTheme::People,
        _ => ChangeTheme::Plan,
    }
}
