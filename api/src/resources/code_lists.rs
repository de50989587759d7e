//! `GET /code-lists`: every code with its labels in Bokmål, Nynorsk and English.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use crate::http::{Answer, Call};
use crate::problem::Error;
use crate::standard::list::weakly_tagged;

/// Answers every code list.
///
/// # Errors
/// 400 for a parameter that is not known.
pub async fn code_lists(call: Call) -> Result<HttpResponse, Error> {
    call.query()?.finish(&[])?;
    let items: Vec<Value> = entity::code_lists().into_iter().map(|(name, labels)| list(name, labels)).collect();
    let answer = Answer::ok(json!({ "items": items, "next": null })).header("Cache-Control", "public, max-age=3600");
    weakly_tagged(&call, answer)
}

fn list(name: &str, labels: &[entity::Label]) -> Value {
    let codes: Vec<Value> = labels
        .iter()
        .map(|label| json!({ "code": label.code, "labels": { "nb": label.nb, "nn": label.nn, "en": label.en } }))
        .collect();
    json!({ "name": name, "codes": codes })
}
