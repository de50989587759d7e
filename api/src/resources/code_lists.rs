//! `GET /code-lists`: every code with its labels in Bokmål, Nynorsk and English.

use actix_web::HttpResponse;
use entity::kostra::KostraCode;
use serde_json::{Value, json};

use crate::http::{Answer, Call};
use crate::openapi::About;
use crate::problem::Error;
use crate::standard::list::weakly_tagged;

/// Answers every code list.
///
/// # Errors
/// 400 for a parameter that is not known.
pub async fn code_lists(call: Call) -> Result<HttpResponse, Error> {
    call.query()?.finish(&[])?;
    let lists = entity::code_lists().into_iter().map(|(name, labels)| list(name, labels));
    let items: Vec<Value> = lists.chain(KOSTRA.iter().map(|(name, codes)| kostra(name, codes))).collect();
    let answer = Answer::ok(json!({ "items": items, "next": null })).header("Cache-Control", "public, max-age=3600");
    weakly_tagged(&call, answer)
}

/// The lists whose codes hold for some years only.
const KOSTRA: [(&str, &[KostraCode]); 2] =
    [("kostraFunction", entity::kostra::FUNCTIONS), ("kostraAccountType", entity::kostra::ACCOUNT_TYPES)];

fn kostra(name: &str, codes: &[KostraCode]) -> Value {
    let codes: Vec<Value> = codes
        .iter()
        .map(|code| {
            json!({
                "code": code.code, "labels": { "nb": code.nb, "nn": code.nn, "en": code.en },
                "validFrom": code.from, "validTo": code.to,
            })
        })
        .collect();
    json!({ "name": name, "codes": codes })
}

fn list(name: &str, labels: &[entity::Label]) -> Value {
    let codes: Vec<Value> = labels
        .iter()
        .map(|label| json!({ "code": label.code, "labels": { "nb": label.nb, "nn": label.nn, "en": label.en } }))
        .collect();
    json!({ "name": name, "codes": codes })
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    let text = json!({ "type": "string", "maxLength": 200 });
    let schema = json!({
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": { "type": "array", "maxItems": 500, "items": {
                "type": "object",
                "required": ["name", "codes"],
                "properties": {
                    "name": text,
                    "codes": { "type": "array", "maxItems": 500, "items": {
                        "type": "object",
                        "required": ["code", "labels"],
                        "properties": {
                            "code": text,
                            "validFrom": { "type": ["integer", "null"], "minimum": 1900, "maximum": 2200, "description": "For a code of accounts: the first year in which it is valid, where that is known." },
                            "validTo": { "type": ["integer", "null"], "minimum": 1900, "maximum": 2200, "description": "For a code of accounts: the last year in which it is valid; null while it lasts." },
                            "labels": { "type": "object", "required": ["nb", "nn", "en"], "properties": { "nb": text, "nn": text, "en": text } }
                        }
                    } }
                }
            } },
            "next": { "type": "null", "description": "The lists always fit on one page." }
        }
    });
    let example = json!({
        "items": [{ "name": "documentAccess", "codes": [{ "code": "public", "labels": { "nb": "offentlig", "nn": "offentleg", "en": "public" } }] }],
        "next": null
    });
    About::new("listCodeLists", "Reports", "Get every code with its labels")
        .more("Labels in Bokmål, Nynorsk and English; codes are never translated.")
        .public()
        .answers_value(200, "The code lists", "application/json", schema, example)
        .tagged()
}
