//! `GET /cost-keys/{id}/shares` and `POST /cost-keys/preview`: an amount shared to the øre.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use chrono::{Days, NaiveDate, Utc};
use entity::cost_keys::{self, CostComponents, CostParties};
use entity::organisations;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::about::preview_schema;
use super::told;
use crate::access::Sight;
use crate::db::{Db, Typed};
use crate::domain::cost_key;
use crate::facts;
use crate::http::query::{Query, invalid};
use crate::http::{Answer, Call};
use crate::problem::{Error, codes};
use crate::standard::act::given;
use crate::standard::list::weakly_tagged;
use crate::standard::read;
use crate::{store, text};

/// An amount, shared.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Shares {
    /// What is shared, in øre; the shares sum to it.
    pub amount_ore: i64,
    /// The day whose key and whose parties are used; within its year each party pays for its days.
    pub as_of: NaiveDate,
    /// The version of the key that is used; null for a draft that is not stored.
    #[schema(required = true)]
    pub key_version: Option<i64>,
    /// Whether the key is in force on that day; null for a draft that is not stored.
    #[schema(required = true)]
    pub in_force: Option<bool>,
    /// Who pays how much, in the order of the key.
    pub shares: Vec<Share>,
}

/// What a party pays.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Share {
    /// The organisation.
    pub organisation_id: Uuid,
    /// What it pays, in øre.
    pub amount_ore: i64,
    /// The same before it was rounded: øre as a whole number or a fraction in lowest terms.
    #[schema(max_length = 1000, example = "5175000000/109")]
    pub exact: String,
}

/// Shares an amount by a stored key, as the key stood on a day.
///
/// # Errors
/// 401; 404 for a key that the caller does not see; 400 for an amount or a day that is none; 422 when the key cannot
/// share it.
pub async fn shares(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let id = read::id(&call)?;
    let db = &call.store.read;
    let facts = facts::by_path("cost-keys").ok_or(&codes::NO_ROUTE)?;
    let today = Utc::now().date_naive();
    let now = read::find(db, facts, &caller, id, today).await?;
    let mut query = call.query()?;
    let amount = amount(&mut query)?;
    let asked = query.take_day("asOf")?;
    query.finish(&["amountOre", "asOf"])?;
    let on = asked.unwrap_or(today);
    let stood = match asked {
        Some(on) => store::stood(db, facts.kind, id, end_of(on)).await?.unwrap_or(now),
        None => now,
    };
    let version = stood.version();
    let key: cost_keys::Model = stood.typed()?;
    // An observer sees what the municipalities have adopted, and had adopted then.
    if caller.rights(key.project_id, facts.area).sight != Sight::All && key.adopted_on.is_none() {
        return Err((&codes::NOT_FOUND).into());
    }
    let shared = shared(db, amount, &key.components, &key.parties, on).await?;
    let in_force = cost_key::in_force(&key, on);
    answer(
        &call,
        &Shares { amount_ore: amount, as_of: on, key_version: Some(version), in_force: Some(in_force), shares: shared },
    )
}

/// Shares an amount by a key that is not stored: what if.
///
/// # Errors
/// 401; 422 with every fault of the key.
pub async fn preview(call: Call) -> Result<HttpResponse, Error> {
    call.caller().await?;
    let body = call.body(&["application/json"]).await?;
    call.query()?.finish(&[])?;
    let given = given(&preview_schema(), &body)?;
    let read = |name: &str| given.get(name).cloned().unwrap_or_default();
    let wrong = |error| Error::internal("read a key that was checked", error);
    let components: CostComponents = serde_json::from_value(read("components")).map_err(wrong)?;
    let parties: CostParties = serde_json::from_value(read("parties")).map_err(wrong)?;
    let on = serde_json::from_value::<Option<NaiveDate>>(read("asOf")).map_err(wrong)?;
    let on = on.unwrap_or_else(|| Utc::now().date_naive());
    let amount = read("amountOre").as_i64().unwrap_or_default();
    let shares = shared(&call.store.read, amount, &components, &parties, on).await?;
    answer(&call, &Shares { amount_ore: amount, as_of: on, key_version: None, in_force: None, shares })
}

fn answer(call: &Call, shares: &Shares) -> Result<HttpResponse, Error> {
    let body = serde_json::to_value(shares).map_err(|error| Error::internal("write shares", error))?;
    weakly_tagged(call, Answer::ok(body))
}

async fn shared(
    db: &impl Db,
    amount: i64,
    components: &CostComponents,
    parties: &CostParties,
    on: NaiveDate,
) -> Result<Vec<Share>, Error> {
    let ids = parties.0.iter().map(|party| party.organisation_id);
    let found = organisations::Entity::find().filter(organisations::Column::Id.is_in(ids)).every(db).await?;
    let numbers: BTreeMap<Uuid, Option<String>> = found.into_iter().map(|one| (one.id, one.org_number)).collect();
    let number = |id: Uuid| numbers.get(&id).cloned().flatten();
    let shares =
        cost_key::share(amount, components, parties, on, number).map_err(|wrong| Error::invalid(told(wrong)))?;
    Ok(shares
        .into_iter()
        .map(|share| Share {
            organisation_id: share.organisation,
            amount_ore: share.amount_ore,
            exact: cost_key::exact_text(&share.exact),
        })
        .collect())
}

/// Most that is shared, in øre, either way.
pub(super) const MOST: i64 = 1_000_000_000_000_000;

fn amount(query: &mut Query) -> Result<i64, Error> {
    let text = query.take("amountOre").unwrap_or_default();
    let amount = text.parse::<i64>().ok().filter(|amount| amount.unsigned_abs() <= MOST.unsigned_abs());
    amount.ok_or_else(|| {
        invalid(
            "amountOre",
            &text!(
                "må være hele øre, fra -{MOST} til {MOST}",
                "må vere heile øre, frå -{MOST} til {MOST}",
                "must be whole øre, from -{MOST} to {MOST}"
            ),
        )
    })
}

/// The first instant after a day, UTC.
fn end_of(day: NaiveDate) -> chrono::DateTime<Utc> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    next.and_time(chrono::NaiveTime::MIN).and_utc()
}
