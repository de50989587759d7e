//! `GET /{collection}/{id}`: one record, or 304 for a caller that has it.

use actix_web::HttpResponse;
use chrono::{NaiveDate, Utc};
use sea_orm::DbErr;
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use uuid::Uuid;

use super::Resource;
use super::present::{self, Wanted};
use super::resource::Paging;
use crate::access::Caller;
use crate::access::observed::Part;
use crate::access::visible::{sees, visible};
use crate::facts::cells::Cells;
use crate::facts::{Facts, Gather, Row, gather, row};
use crate::http::formats::{self, VARY};
use crate::http::{Answer, Call, Presumed};
use crate::problem::{Error, codes};
use crate::store::{Source, Write};

/// Answers a record.
///
/// # Errors
/// 401; 404 for what the caller may not see.
pub async fn read(resource: &'static Resource, call: Call) -> Result<HttpResponse, Error> {
    let today = Utc::now().date_naive();
    let as_it_stands = is_plain(resource, &call);
    let (Presumed { caller, .. }, found) = call
        .finding(async |caller| {
            let mut query = question(resource.facts, caller, id(&call)?, today);
            // Whole, as it stands: nothing is hidden of it, and nobody is told of.
            if as_it_stands && Part::of(resource.facts, caller).is_none() {
                let mut one = One { has: |version: i64| call.has(&version.to_string()), found: Ok(None) };
                let count = call.store.counted(resource.facts, &mut query, &mut one).await?;
                return Ok((Found::Text(one.found?.ok_or(&codes::NOT_FOUND)?), count));
            }
            let mut rows = Vec::new();
            let count = call.store.counted(resource.facts, &mut query, &mut rows).await?;
            Ok((Found::Row(rows.into_iter().next().ok_or(&codes::NOT_FOUND)?), count))
        })
        .await?;
    let row = match found {
        Found::Row(row) => row,
        Found::Text(whole) => {
            let answer = |status| Answer::empty(status).version(whole.version);
            return Ok(match whole.json {
                Some(json) => answer(200).into_json(json),
                None => answer(304).into_response(),
            });
        }
    };
    let mut query = call.query()?;
    if let Some(paging) = resource.paging()
        && formats::takes_page(&call, &mut query)?
    {
        query.finish(&["format"])?;
        return page(&call, paging, caller, row).await;
    }
    let wanted = Wanted::take(resource.facts, &mut query)?;
    query.finish(if resource.facts.paged { &["fields", "expand", "format"] } else { &["fields", "expand"] })?;
    let version = row.version();
    let plain = wanted.is_plain();
    let varying = |answer: Answer| {
        let answer = present::unkept(resource.facts, &wanted, answer);
        if resource.facts.paged { answer.header(VARY.0, VARY.1) } else { answer }
    };
    if plain && call.has(&version.to_string())? {
        return Ok(varying(Answer::empty(304).version(version)).into_response());
    }
    let mut shown = present::shown(&call.store, resource.facts, &caller, &wanted, today, vec![row]).await?;
    call.shows(&caller, present::told_of(resource.facts, &wanted, &shown));
    let answer = varying(Answer::ok(shown.pop().unwrap_or_default()));
    if plain { Ok(answer.version(version).into_response()) } else { super::list::weakly_tagged(&call, answer) }
}

/// Whether a record is asked for as JSON, with nothing that says how.
fn is_plain(resource: &Resource, call: &Call) -> bool {
    call.request.query_string().is_empty() && resource.paging().is_none() && !present::is_of_people(resource.facts)
}

/// A record that was found.
enum Found {
    /// Of which may not all be shown.
    Row(Row),
    /// As it stands.
    Text(Whole),
}

/// A record as text.
struct Whole {
    version: i64,
    /// None for who has it.
    json: Option<Vec<u8>>,
}

/// The one record of a question, unless its version is one that the caller has.
struct One<F> {
    has: F,
    found: Result<Option<Whole>, Error>,
}

impl<F: Fn(i64) -> Result<bool, Error>> Gather for One<F> {
    fn clear(&mut self) {
        self.found = Ok(None);
    }

    fn add(&mut self, facts: &Facts, row: &impl Cells) -> Result<(), DbErr> {
        let place = facts.fields.iter().position(|field| field.name == "version");
        let version = place.map(|place| row.integer(place)).transpose()?.flatten().unwrap_or_default();
        self.found = match (self.has)(version) {
            Ok(true) => Ok(Some(Whole { version, json: None })),
            Ok(false) => {
                let mut json = Vec::new();
                gather::write(facts, row, &mut json)?;
                Ok(Some(Whole { version, json: Some(json) }))
            }
            Err(error) => Err(error),
        };
        Ok(())
    }
}

/// A record as a page, with the weak tag of its bytes; 304 to a caller that has them.
async fn page(call: &Call, paging: Paging, caller: Caller, row: Row) -> Result<HttpResponse, Error> {
    let drawn = paging(call.store.clone(), caller, row, call.lang()).await?;
    let answer = Answer::empty(200).header(VARY.0, VARY.1);
    super::tabular::viewed(call, answer, drawn)
}

/// Opens the door at the record of an address, for who calls.
///
/// # Errors
/// 401; 404, the same for what is absent and for what is foreign.
pub async fn hold(call: &Call, facts: &Facts) -> Result<(Caller, Write, Row), Error> {
    let (Presumed { caller, .. }, (write, row)) = call
        .finding(async |caller| {
            let id = id(call)?;
            let write = call.store.write(call.writer(caller)?).await?;
            let mut query = question(facts, caller, id, write.today());
            let (rows, count) = call.store.counted_in(write.tx(), facts, &mut query).await?;
            let row = rows.into_iter().next().ok_or(&codes::NOT_FOUND)?;
            Ok(((write, row), count))
        })
        .await?;
    Ok((caller, write, row))
}

/// The record of an address, for who calls, before a door is opened: what is to be written of it is told of one version.
///
/// # Errors
/// 401; 404, the same for what is absent and for what is foreign.
pub async fn look(call: &Call, facts: &Facts) -> Result<(Presumed, Row), Error> {
    let today = Utc::now().date_naive();
    call.finding(async |caller| {
        let mut rows = Vec::new();
        let count = call.store.counted(facts, &mut question(facts, caller, id(call)?, today), &mut rows).await?;
        Ok((rows.into_iter().next().ok_or(&codes::NOT_FOUND)?, count))
    })
    .await
}

/// The record of an identifier, when the caller may see it.
///
/// # Errors
/// 404, the same for what is absent and for what is foreign.
pub async fn find(
    source: &impl Source,
    facts: &Facts,
    caller: &Caller,
    id: Uuid,
    today: NaiveDate,
) -> Result<Row, Error> {
    let query = question(facts, caller, id, today);
    Ok(source.row(facts, &query).await?.ok_or(&codes::NOT_FOUND)?)
}

fn question(facts: &Facts, caller: &Caller, id: Uuid, today: NaiveDate) -> SelectStatement {
    let mut query = row::select(facts, today);
    query.and_where(Expr::col("id").eq(id)).cond_where(visible(facts, caller));
    query
}

/// The answer of a write: the record as it is then, inside the transaction, with its version.
///
/// # Errors
/// 404 when the caller does not see it.
pub async fn written(write: &Write, facts: &'static Facts, caller: &Caller, id: Uuid) -> Result<Answer, Error> {
    let row = match write.written_last(facts, id, |row| sees(facts, caller, row)) {
        Some(row) => row,
        None => find(write.tx(), facts, caller, id, write.today()).await?,
    };
    shown(write, facts, caller, row).await
}

/// A record that was found inside the transaction, as the answer of a write.
///
/// # Errors
/// When the database fails.
pub async fn shown(write: &Write, facts: &'static Facts, caller: &Caller, row: Row) -> Result<Answer, Error> {
    let version = row.version();
    let mut shown = present::shown(write.tx(), facts, caller, &Wanted::default(), write.today(), vec![row]).await?;
    let people = present::told_of(facts, &Wanted::default(), &shown);
    write.shows(&format!("write /api/v1/{}", facts.path), people).await?;
    // A secret may be put into it.
    let answer = Answer::ok(shown.pop().unwrap_or_default()).version(version).unkept_if(facts.secret.is_some());
    Ok(present::unkept(facts, &Wanted::default(), answer))
}

/// The identifier in the address; what is no UUID is the address of nothing.
///
/// # Errors
/// 404.
pub fn id(call: &Call) -> Result<Uuid, Error> {
    let text = call.part("id");
    if text.len() == 36 {
        text.parse().map_err(|_| Error::from(&codes::NOT_FOUND))
    } else {
        Err((&codes::NOT_FOUND).into())
    }
}
