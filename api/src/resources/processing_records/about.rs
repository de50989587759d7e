//! `GET /processing-records` in the document.

use serde_json::json;
use utoipa::openapi::schema::{Array, ArrayBuilder, ObjectBuilder, Type};

use super::ProcessingRecords;
use crate::openapi::About;
use crate::problem::codes;

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    let example = json!({
        "items": [{
            "code": "access_log",
            "name": "Who saw whose contact details",
            "purpose": "To be able to show people who saw their details, and to find misuse",
            "legalBasis": "GDPR article 6(1)(c) with articles 5(2) and 32: being able to show who did and saw what",
            "dataSubjects": "Those who were seen, and those who saw",
            "data": [{ "collection": "person-views", "fields": ["createdBy", "operation", "personIds"] }],
            "recipients": "Administrators, and the person itself",
            "retention": [{
                "dataClass": "access_log", "ruleId": "015ec5c8-6c00-7060-8000-000000000001", "months": 60, "action": "delete",
                "basis": null, "inWords": "who saw whose contact details: 60 months"
            }],
            "securityMeasures": ["A log of who saw whose contact details"]
        }]
    });
    About::new("listProcessingRecords", "Retention rules", "List the records of processing")
        .more(
            "What a controller has to be able to show (GDPR article 30): for each purpose whose data is processed, which fields, by which \
             law, who sees them, how long they are kept and how they are kept safe. Fields are those that the service itself treats as \
             personal, and how long follows from the rules of retention in force, so neither can differ from what is done. Name and contact \
             of controller, representative and data protection officer are the controller's to add. For administrators.",
        )
        .answers::<ProcessingRecords>(200, "The records, one for each purpose", example)
        .fails(&[&codes::FORBIDDEN])
}

pub(super) fn fields() -> Array {
    texts("Its fields.", 100, 200)
}

pub(super) fn measures() -> Array {
    texts("How it is kept safe (GDPR article 32).", 20, 1000)
}

/// At most so many texts of at most so many characters.
fn texts(about: &str, most: usize, longest: usize) -> Array {
    let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(longest));
    ArrayBuilder::new().items(text).max_items(Some(most)).description(Some(about)).build()
}
