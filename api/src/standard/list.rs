//! `GET /{collection}`: one page of what the caller may see.

use actix_web::HttpResponse;
use chrono::{NaiveDate, Utc};
use sea_orm::sea_query::{Condition, Expr, Query as Sql, SelectStatement};
use serde_json::Value;

use super::Resource;
use super::cursor::Binding;
use super::filter::{self, Key, MOST_VALUES};
use super::present::{self, Wanted};
use super::tabular;
use crate::access::Caller;
use crate::access::observed::Part;
use crate::access::visible::visible;
use crate::db::Db;
use crate::facts::{Facts, Row, gather, row};
use crate::http::formats::{self, VARY};
use crate::http::query::{Query, invalid, several};
use crate::http::{Answer, Call, Presumed, digest};
use crate::problem::Error;
use crate::render::Format;
use crate::text;

/// What a list is asked for.
struct Question {
    condition: Condition,
    keys: Vec<Key>,
    limit: u64,
    cursor: Option<String>,
    count: bool,
    wanted: Wanted,
    bound: String,
    /// How much of the rows the caller sees; none when it is all.
    part: Option<Part>,
}

/// Answers a list.
///
/// # Errors
/// 401; 400 for a parameter that is not known or not valid.
pub async fn list(resource: &'static Resource, call: Call) -> Result<HttpResponse, Error> {
    let today = Utc::now().date_naive();
    let facts = resource.facts;
    let (Presumed { caller, .. }, (format, wanted, listed)) = call
        .finding(async |caller| {
            let mut query = call.query()?;
            // Not part of what a cursor is bound to: the next page may come in another format.
            let format = formats::take(&call, &mut query, &Format::TABLES)?;
            let question = ask(facts, caller, query, today)?;
            let (listed, count) = if format == Format::Json && question.is_of_whole_records(facts) {
                let (json, next, count) = written(&call, facts, &question, today).await?;
                (Listed::Text(json, next), count)
            } else {
                let (page, count) = counted(&call, facts, &question, today).await?;
                (Listed::Rows(page), count)
            };
            Ok(((format, question.wanted, listed), count))
        })
        .await?;
    let page = match listed {
        Listed::Rows(page) => page,
        Listed::Text(json, next) => {
            let answer = Answer::empty(200).header(VARY.0, VARY.1);
            return tagged(&call, linked(&call, answer, next.as_deref()), json);
        }
    };
    let items = present::shown(&call.store, facts, &caller, &wanted, today, page.rows).await?;
    call.shows(&caller, present::told_of(facts, &wanted, &items));
    let mut answer = Answer::page(items, page.next.clone());
    if let (Some(body), Some(total)) = (&mut answer.body, page.total) {
        body["total"] = total.into();
    }
    let answer = present::unkept(facts, &wanted, answer);
    tabular::list(&call, facts, format, &wanted, linked(&call, answer, page.next.as_deref())).await
}

/// What a list has found.
enum Listed {
    /// Rows, of which not all is shown as it stands.
    Rows(Page),
    /// The text of the answer, and the cursor of the page after it.
    Text(Vec<u8>, Option<String>),
}

/// A page of a list, as its rows.
pub struct Page {
    /// The rows.
    pub rows: Vec<Row>,
    /// The cursor of the page after it.
    pub next: Option<String>,
    /// How many there are on all pages, where it was asked for.
    pub total: Option<i64>,
}

/// The page of a list that a query asks for.
///
/// # Errors
/// 400 for a parameter that is not known or not valid.
pub async fn found(call: &Call, facts: &'static Facts, caller: &Caller, query: Query) -> Result<Page, Error> {
    let today = Utc::now().date_naive();
    let (page, _) = counted(call, facts, &ask(facts, caller, query, today)?, today).await?;
    Ok(page)
}

/// The page of a question, with how often what callers hang on had been written then.
async fn counted(
    call: &Call,
    facts: &'static Facts,
    question: &Question,
    today: NaiveDate,
) -> Result<(Page, Option<u64>), Error> {
    let binding = Binding { secret: &call.shared.cursor_secret, question: &question.bound };
    let mut rows = Vec::new();
    let callers = call.store.counted(facts, &mut question.sql(call, facts, &binding, today)?, &mut rows).await?;
    // Before the cursor is made of what the last one says.
    if let Some(part) = &question.part {
        part.withhold(&mut rows);
    }
    let more = rows.len() as u64 > question.limit;
    rows.truncate(usize::try_from(question.limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|last| binding.seal(&values(&question.keys, last)));
    Ok((Page { rows, next, total: question.total(call, facts).await? }, callers))
}

/// The same as the text of the answer, written as the rows are found, and the cursor of the page after it.
async fn written(
    call: &Call,
    facts: &'static Facts,
    question: &Question,
    today: NaiveDate,
) -> Result<(Vec<u8>, Option<String>, Option<u64>), Error> {
    let binding = Binding { secret: &call.shared.cursor_secret, question: &question.bound };
    let mut page = gather::Page::of(question.limit);
    let callers = call.store.counted(facts, &mut question.sql(call, facts, &binding, today)?, &mut page).await?;
    let next = page.last_of_more().map(|last| binding.seal(&values(&question.keys, &last)));
    let total = question.total(call, facts).await?;
    Ok((page.ended(next.as_deref(), total), next, callers))
}

impl Question {
    /// Whether the records are shown as they stand: whole, to somebody who sees all of them, and of no people, of whom it is
    /// written down who saw them.
    fn is_of_whole_records(&self, facts: &Facts) -> bool {
        self.wanted.is_plain() && self.part.is_none() && !present::is_of_people(facts)
    }

    fn sql(
        &self,
        call: &Call,
        facts: &Facts,
        binding: &Binding<'_>,
        today: NaiveDate,
    ) -> Result<SelectStatement, Error> {
        let mut query = row::select(facts, today);
        query.cond_where(self.condition.clone()).limit(self.limit + 1);
        if let Some(cursor) = &self.cursor {
            query.cond_where(filter::after(&self.keys, &binding.open(cursor)?, call.store.enters_with_rows()));
        }
        filter::ordered(&mut query, &self.keys);
        Ok(query)
    }

    async fn total(&self, call: &Call, facts: &Facts) -> Result<Option<i64>, Error> {
        Ok(if self.count { Some(total(&call.store.read, facts, &self.condition).await?) } else { None })
    }
}

/// The answer with the address of the page after it.
#[must_use]
pub fn linked(call: &Call, answer: Answer, next: Option<&str>) -> Answer {
    match next {
        Some(next) => answer.header("Link", format!("<{}>; rel=\"next\"", address(call, next))),
        None => answer,
    }
}

fn ask(facts: &'static Facts, caller: &Caller, mut query: Query, today: NaiveDate) -> Result<Question, Error> {
    let limit = query.take_limit()?;
    let cursor = query.take("cursor");
    let count = query.take_flag("count")?;
    let sort = query.take("sort");
    let part = Part::of(facts, caller);
    let keys = filter::order(facts, sort.as_deref(), part.as_ref(), today)?;
    let wanted = Wanted::take(facts, &mut query)?;
    let bound = format!("{} {:?} {:?} {:?}", facts.path, caller.actor, sort, query.rest());
    let mut condition = visible(facts, caller);
    if let Some(text) = query.take("q") {
        if text.chars().count() > 200 {
            return Err(invalid(
                "q",
                &text!("kan ha høyst 200 tegn", "kan ha høgst 200 teikn", "may have at most 200 characters"),
            ));
        }
        condition = Condition::all().add(condition).add(filter::search(&text));
        // What is searched is one text: where a part of it is hidden, it is only searched where it is seen whole.
        if let Some(part) = part.as_ref().filter(|part| facts.search.iter().any(|field| part.hides(field))) {
            condition = condition.add(part.in_whole());
        }
    }
    for filter in &facts.filters {
        if let Some(text) = query.take(filter.name) {
            let values = several(filter.name, &text, MOST_VALUES)?;
            condition = Condition::all().add(condition).add((filter.condition)(&values)?);
        }
    }
    let names: Vec<&str> = facts.filters.iter().map(|filter| filter.name).collect();
    let rest = filter::condition(facts, &query, &names, part.as_ref(), today)?;
    let condition = Condition::all().add(condition).add(rest);
    Ok(Question { condition, keys, limit, cursor, count, wanted, bound, part })
}

async fn total(db: &impl Db, facts: &Facts, condition: &Condition) -> Result<i64, Error> {
    let mut query = Sql::select();
    query.expr_as(Expr::cust("COUNT(*)"), "total").from(facts.table).cond_where(condition.clone());
    let row = db.query_one(&query).await?;
    Ok(row.map(|row| row.try_get("", "total")).transpose()?.unwrap_or_default())
}

fn values(keys: &[Key], row: &Row) -> Vec<Value> {
    keys.iter().map(|key| row.0.get(&key.field.name).cloned().unwrap_or_default()).collect()
}

/// The address of the next page: this one with another cursor.
fn address(call: &Call, cursor: &str) -> String {
    let kept = url::form_urlencoded::parse(call.request.query_string().as_bytes()).filter(|(name, _)| name != "cursor");
    let query =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair("cursor", cursor).finish();
    format!("{}{}?{query}", call.shared.public_url, call.request.path())
}

/// Gives a list or a report the weak tag of its bytes, and 304 to a caller that has them.
///
/// # Errors
/// 400 when `If-None-Match` cannot be read.
pub fn weakly_tagged(call: &Call, answer: Answer) -> Result<HttpResponse, Error> {
    let json = answer.body.as_ref().map(Value::to_string).unwrap_or_default();
    tagged(call, answer, json.into_bytes())
}

/// The same for JSON that is written already.
fn tagged(call: &Call, answer: Answer, json: Vec<u8>) -> Result<HttpResponse, Error> {
    let tag = digest::tag(&json);
    Ok(match unchanged(call, &tag, &answer)? {
        Some(unchanged) => unchanged,
        None => answer.header("ETag", format!("W/\"{tag}\"")).into_json(json),
    })
}

/// 304 to a caller that has what this tag stands for.
///
/// # Errors
/// 400 when `If-None-Match` cannot be read.
pub fn unchanged(call: &Call, tag: &str, answer: &Answer) -> Result<Option<HttpResponse>, Error> {
    let vary = answer.headers.iter().filter(|(name, _)| [VARY.0, "Cache-Control"].contains(name)).cloned();
    let headers = vary.chain([("ETag", format!("W/\"{tag}\""))]).collect();
    Ok(call.has(tag)?.then(|| Answer { status: 304, headers, body: None }.into_response()))
}
