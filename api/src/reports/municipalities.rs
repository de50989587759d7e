//! `POST /imports/municipalities`: the list of municipalities comes in, with every number that they have or had.

use actix_web::HttpResponse;
use serde_json::json;

use super::imports::{Import, Imported, LIMIT};
use crate::access::proof::writes_directory;
use crate::exchange::{municipalities, unwatched};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::routes;

/// Brings the list in.
///
/// # Errors
/// 401; 403 when the caller writes no organisations, or not one of these; 413; 415; 422 with every fault, by row and column.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    writes_directory(&caller)?;
    let mut query = call.query()?;
    let dry_run = query.take_flag("dryRun")?;
    query.finish(&["dryRun"])?;
    let bytes = call.body_within(&["text/csv"], LIMIT).await?;
    let key = call.idempotency_key()?;
    let write = call.store.write(call.writer(&caller)?).await?;
    let path = format!("{}?dryRun={dry_run}", call.request.path());
    let asked = Import { path, key, bytes: &bytes, dry_run, lang: call.lang() };
    asked
        .carried_out(write, async |write| {
            municipalities::import(write, &caller, routes::resources(), &bytes, &unwatched).await
        })
        .await
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    let example = json!({
        "projectId": null, "dryRun": false, "created": 4, "updated": 0, "unchanged": 0, "ignored": [], "errors": [], "findings": []
    });
    About::new("importMunicipalities", "Exchange", "Bring in the list of municipalities")
        .more(
            "A table with the columns currentCode, code, name, validFrom, validTo and orgNumber (`;` or `,`): one row for each number \
             that a municipality has or had, so that it is found by any of them (`GET /organisations?municipalityCode=1922`). Rows of \
             one `currentCode` are one municipality as far as they share a name; what was merged into another, or split off, under its own \
             name is a body of its own. Organisations are met by their number, then by a code; what stands here is completed and \
             nothing is taken away, so the same list may come twice. Faults are told with their row and column, and keep the whole \
             list out. `dryRun=true` answers what would happen and writes nothing.",
        )
        .query("dryRun", "Say what would happen, write nothing.", json!({ "type": "boolean", "default": false }))
        .repeatable()
        .reasoned()
        .takes_value(
            "text/csv",
            json!({ "type": "string", "maxLength": LIMIT }),
            json!("currentCode;code;name;validFrom;validTo;orgNumber\r\n5520;5520;Bardu;2024-01-01;;864993982\r\n5520;1922;Bardu;;2019-12-31;\r\n"),
        )
        .answers::<Imported>(200, "What was done, or would be", example)
        .fails(&[&codes::FORBIDDEN, &codes::CONFLICT, &codes::INVALID, &codes::KEY_IN_PROGRESS, &codes::KEY_REUSED, &codes::TOO_LARGE])
}
