//! `GET /regions/{id}/capacity`: FTE for business work per municipality and in sum, on a day.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::moment as known_at;
use super::shapes::{self, Capacity};
use crate::facts::check;
use crate::http::{Answer, Call, Query};
use crate::openapi::About;
use crate::openapi::about::moment;
use crate::problem::{Error, codes};
use crate::render::Tables;
use crate::standard::read;
use crate::standard::tabular::Shape;
use crate::standard::whole::typed;
use crate::{store, text};

/// The columns of a municipality.
pub const COLUMNS: &str = "organisation.name:municipality businessFte approximate hasBusinessAssociation description \
                           organisation.id:municipalityId";

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let provisions = "../organisation.name:municipality arrangement title provider.name businessFte providerFte headcount \
                      approximate validTo id";
    let region = "name asOf businessFte approximate complete businessAssociations regionId";
    Tables::of::<Capacity>("capacity", text!("Kapasitet", "Kapasitet", "Capacity"))
        .table("municipalities", text!("Kommuner", "Kommunar", "Municipalities"), "municipalities", COLUMNS)
        .table("provisions", text!("Ordninger", "Ordningar", "Provisions"), "municipalities/provisions", provisions)
        .table("region", text!("Regionen", "Regionen", "Region"), "", region)
});

/// Answers the capacity of a region.
///
/// # Errors
/// 401; 404 for a region that is not there; 400 for a date that is none.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    call.caller().await?;
    let region = read::id(&call)?;
    let db = &call.store.read;
    let today = store::region(db, region).await?;
    if !today.iter().any(|(facts, _)| facts.path == "regions") {
        return Err((&codes::NOT_FOUND).into());
    }
    let mut query = call.query()?;
    let (day, at) = asked(&mut query)?;
    let shape = Shape::take(&call, &mut query, &TABLES)?;
    query.finish(&["asOf", "format", "table"])?;
    let then = match at {
        Some(at) => store::region_at(db, region, at).await?,
        None => None,
    };
    let picture = typed(Uuid::nil(), then.unwrap_or(today))?;
    let region = picture.regions.first().ok_or(&codes::NOT_FOUND)?;
    let capacity = shapes::region_capacity(picture.capacity(), region, day);
    let body = serde_json::to_value(capacity).map_err(|error| Error::internal("write a report", error))?;
    shape.weakly_tagged(&call, Answer::ok(body)).await
}

/// The day that the figures are to hold for, and the instant whose knowledge of it is asked for. What will hold on a day
/// ahead is what is known of it now.
fn asked(query: &mut Query) -> Result<(NaiveDate, Option<DateTime<Utc>>), Error> {
    let now = Utc::now();
    let Some(text) = query.take("asOf") else { return Ok((now.date_naive(), None)) };
    let day: Option<NaiveDate> = if check::date(&text) { text.parse().ok() } else { None };
    if let Some(ahead) = day.filter(|day| *day > now.date_naive()) {
        return Ok((ahead, None));
    }
    let (at, day) = known_at("asOf", &text)?;
    Ok((day, Some(at.min(now))))
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getRegionCapacity", "Reports", "Sum the capacity for business work in a region")
        .more(
            "Only FTE for business work is summed; what a provider has in all is shown beside it. A municipality whose \
             arrangement is not known for the day has `null`, and `complete` is then false. The past is told as it was \
             known then, from the journal; a day before the region was recorded here, from today's records.",
        )
        .query(
            "asOf",
            "The day that the figures hold for (at its end, UTC; it may lie ahead), or an instant (RFC 3339) that has been; \
             today when it is left out.",
            moment(&["2017-11-01", "2026-11-25T12:00:00Z"], &[]),
        )
        .answers::<Capacity>(
            200,
            "The capacity on that day",
            json!({
                "regionId": "015ec5c8-6c00-7007-8000-000000000001",
                "name": "Sør-Troms",
                "asOf": "2017-11-01",
                "businessFte": 1.2,
                "approximate": true,
                "complete": true,
                "businessAssociations": 1,
                "municipalities": [{
                    "organisation": { "id": "015ec5c8-6c00-7001-8000-000000000001", "name": "Bardu kommune" },
                    "businessFte": 1.2,
                    "approximate": true,
                    "hasBusinessAssociation": true,
                    "description": null,
                    "provisions": []
                }]
            }),
        )
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::NOT_FOUND, &codes::INVALID_PARAMETER])
}
