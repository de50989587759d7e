//! The resource `agreements`, and what the law requires of one.

use actix_web::HttpResponse;
use entity::agreements::{self, AgreementRequirement};
use entity::{agreement_parties, documents, political_cases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Area;
use crate::db::Typed;
use crate::domain::completeness::{self, Missing};
use crate::facts;
use crate::http::{Answer, Call};
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::standard::list::weakly_tagged;
use crate::standard::{Resource, read};

/// The facts and rules of agreements.
pub fn resource() -> Resource {
    Resource::of::<agreements::Entity>(Area::Agreements)
        .search(&["title", "legalBasis"])
        .order("validFrom,title")
        .refers("documentId", "documents")
        .dates("validFrom", "validTo")
        .published("valid_from IS NOT NULL")
        .done()
}

/// What the law requires of an agreement, and what is missing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Completeness {
    /// Whether nothing is missing.
    pub complete: bool,
    /// The provision that lists what an agreement of this kind must contain; null where no law does.
    #[schema(required = true, max_length = 200, example = "kommuneloven § 20-4")]
    pub source: Option<String>,
    /// What it must contain, and where it does.
    pub requirements: Vec<RequiredClause>,
    /// What is missing beside contents, in the caller's language.
    #[schema(max_items = 1000)]
    pub missing: Vec<MissingPart>,
}

/// A requirement of the law and the clause that meets it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequiredClause {
    /// The requirement.
    pub requirement: AgreementRequirement,
    /// The clause; null while it is missing.
    #[schema(required = true, max_length = 200)]
    pub clause: Option<String>,
    /// Whether it is met.
    pub met: bool,
}

/// Something that is missing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MissingPart {
    /// Stable code.
    #[schema(max_length = 40, example = "not_signed")]
    pub code: String,
    /// The party that it concerns; null when it concerns the agreement.
    #[schema(required = true)]
    pub organisation_id: Option<Uuid>,
    /// What is missing, in the caller's language.
    #[schema(max_length = 2000)]
    pub message: String,
}

/// Answers what the law requires of an agreement and what is missing.
///
/// # Errors
/// 401; 404 for an agreement that the caller does not see.
pub async fn completeness(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let id = read::id(&call)?;
    let db = &call.store.read;
    let facts = facts::by_path("agreements").ok_or(&codes::NO_ROUTE)?;
    let today = chrono::Utc::now().date_naive();
    let agreement: agreements::Model = read::find(db, facts, &caller, id, today).await?.typed()?;
    call.query()?.finish(&[])?;
    let parties =
        agreement_parties::Entity::find().filter(agreement_parties::Column::AgreementId.eq(id)).every(db).await?;
    let ids = parties.iter().filter_map(|party| party.case_id);
    let cases = political_cases::Entity::find().filter(political_cases::Column::Id.is_in(ids)).every(db).await?;
    let document = match agreement.document_id {
        Some(document) => documents::Entity::find_by_id(document).first(db).await?,
        None => None,
    };
    let missing = completeness::missing(&agreement, document.as_ref(), &parties, &cases);
    let answer = answer(&agreement, missing, call.lang());
    let body = serde_json::to_value(answer).map_err(|error| Error::internal("write a report", error))?;
    weakly_tagged(&call, Answer::ok(body))
}

fn answer(agreement: &agreements::Model, missing: Vec<Missing>, lang: crate::problem::Lang) -> Completeness {
    let clause = |requirement: &AgreementRequirement| {
        let found = agreement.clauses.0.iter().find(|clause| clause.requirement == *requirement);
        let clause = found.map(|clause| clause.clause.clone());
        RequiredClause { requirement: *requirement, met: clause.is_some(), clause }
    };
    let part = |missing: Missing| MissingPart {
        code: missing.code.to_owned(),
        organisation_id: missing.organisation,
        message: missing.message.in_lang(lang).to_owned(),
    };
    Completeness {
        complete: missing.is_empty(),
        source: completeness::source(agreement.kind).map(str::to_owned),
        requirements: completeness::required(agreement.kind).iter().map(clause).collect(),
        missing: missing.into_iter().map(part).collect(),
    }
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getAgreementCompleteness", "Agreements", "Check an agreement against what the law requires")
        .more(
            "The contents that the law lists for the kind of agreement, the clause that meets each, and what else is \
             missing: the text, parties, councils that have not adopted it, councils that adopted different texts, \
             signatures.",
        )
        .answers::<Completeness>(200, "What is required and what is missing", json!({
            "complete": false,
            "source": "kommuneloven § 20-4",
            "requirements": [{ "requirement": "host", "clause": "§ 2", "met": true }],
            "missing": [{ "code": "not_signed", "organisationId": "015ec5c8-6c00-7001-8000-000000000001", "message": "ikke undertegnet" }]
        }))
        .tagged()
        .fails(&[&codes::NOT_FOUND])
}
