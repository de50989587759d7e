//! `POST /imports/accounting`: accounts come in as a table, whole or not at all, and not twice.

use actix_web::HttpResponse;
use chrono::Utc;
use entity::budgets;
use serde_json::json;
use uuid::Uuid;

use super::imports::{Import, Imported, LIMIT};
use crate::access::proof::{writes_some, writes_something};
use crate::exchange::actuals;
use crate::http::Call;
use crate::http::query::invalid;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::standard::by_path;
use crate::standard::read::find;
use crate::text;

/// Brings accounts into a budget.
///
/// # Errors
/// 401; 404 for a budget that the caller does not see; 403; 413; 415; 422 with every fault, by row and column.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    writes_something(&caller)?;
    let mut query = call.query()?;
    let dry_run = query.take_flag("dryRun")?;
    let budget = query.take("budgetId").and_then(|text| text.parse::<Uuid>().ok());
    // Who may is asked before what was sent is looked at, and before a lock is held.
    let (facts, entries) = (by_path("budgets")?.facts, by_path("cost-entries")?.facts);
    if let Some(id) = budget {
        let seen = find(&call.store, facts, &caller, id, Utc::now().date_naive()).await?;
        writes_some(entries, &caller, seen.uuid("projectId").unwrap_or_default())?;
    }
    query.finish(&["budgetId", "dryRun"])?;
    let budget = budget.ok_or_else(|| {
        let why =
            text!("må være id-en til et budsjett", "må vere id-en til eit budsjett", "must be the id of a budget");
        invalid("budgetId", &why)
    })?;
    let bytes = call.body_within(&["text/csv"], LIMIT).await?;
    let key = call.idempotency_key()?;
    let write = call.store.write(call.writer(&caller)?).await?;
    let path = format!("{}?{}", call.request.path(), call.request.query_string());
    let asked = Import { path, key, bytes: &bytes, dry_run, lang: call.lang() };
    asked
        .carried_out(write, async |write| {
            let budget: budgets::Model = find(write.tx(), facts, &caller, budget, write.today()).await?.typed()?;
            actuals::import(write, &caller, &budget, &bytes).await
        })
        .await
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("importAccounting", "Exchange", "Bring in accounts")
        .more(
            "A table as accounting systems export it: `;`, `,` or tab between cells, decimal comma or point, Norwegian or ISO \
             dates, UTF-8 or Windows-1252; columns by their names (beløp or debet and kredit, dato, leverandør, bilag, tekst, art, \
             funksjon, aktivitet, organisasjon, and the same in Nynorsk and English). Each row becomes a cost entry of the \
             line of the budget that it fits: of those that contradict it in nothing the one that agrees in most. One row \
             that fits no line, or several, keeps the whole file out, as does any other fault; each is told with its row \
             and column. A row that is there already is not brought in again, so the same file may come twice. \
             `dryRun=true` answers what would happen and writes nothing.",
        )
        .must_query("budgetId", "The budget whose lines the rows belong to.", json!({ "type": "string", "format": "uuid" }))
        .query("dryRun", "Say what would happen, write nothing.", json!({ "type": "boolean", "default": false }))
        .repeatable()
        .reasoned()
        .takes_value(
            "text/csv",
            json!({ "type": "string", "maxLength": LIMIT }),
            json!("Dato;Bilag;Art;Leverandør;Tekst;Beløp\r\n31.01.2018;20180017;370;Proneo AS;Prosessledelse;12 500,00\r\n"),
        )
        .answers::<Imported>(
            200,
            "What was done, or would be",
            json!({
                "projectId": "015ec5c8-6c00-700b-8000-000000000002",
                "dryRun": true,
                "created": 1,
                "updated": 0,
                "unchanged": 0,
                "ignored": ["Bankkonto"],
                "errors": [{
                    "pointer": "/rows/3/Beløp", "code": "wrong_format",
                    "message": "«12,5oo» er ikke et beløp; skriv for eksempel 12 500,00"
                }],
                "findings": []
            }),
        )
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN, &codes::INVALID_PARAMETER, &codes::INVALID, &codes::KEY_IN_PROGRESS, &codes::KEY_REUSED, &codes::TOO_LARGE])
}
