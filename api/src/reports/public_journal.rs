//! `GET /projects/{id}/public-journal`: what the public may be told of the documents of a project (offentleglova § 3,
//! arkivforskrifta §§ 5 and 15), the same for everybody who asks.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::documents::{self, DocumentAccess, DocumentKind, DocumentStatus};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Asked, tabled};
use crate::domain::Picture;
use crate::domain::archive::shielded_title;
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::render::Tables;
use crate::text;

/// How long names of people stand in a journal on the internet (offentlegforskrifta § 6), in days.
const NAMED: u64 = 365;

/// The public journal of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicJournal {
    /// The day of the report.
    pub today: NaiveDate,
    /// The entries, by the day on which the document was registered.
    pub items: Vec<JournalEntry>,
}

/// An entry of the public journal.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// The document.
    pub document_id: Uuid,
    /// The number of its case and its entry in the archive, as journals write them; null while it has none.
    #[schema(required = true, max_length = 40, example = "2017/412-3")]
    pub number: Option<String>,
    /// When it was registered (UTC).
    #[schema(value_type = String, format = DateTime)]
    pub registered_at: DateTime<Utc>,
    /// The date that it bears.
    #[schema(required = true)]
    pub document_on: Option<NaiveDate>,
    /// What sort of document it is.
    pub kind: DocumentKind,
    /// The title; of what is exempt, what sort of document it is.
    #[schema(max_length = 500)]
    pub title: String,
    /// Who sent it; null where nobody is named, or the name is not for the public, or no longer.
    #[schema(required = true, max_length = 500)]
    pub sender: Option<String>,
    /// Whom it was sent to; null as for the sender.
    #[schema(required = true, max_length = 500)]
    pub recipient: Option<String>,
    /// Who may read it by law.
    pub access: DocumentAccess,
    /// The law and paragraph that exempts it.
    #[schema(required = true, max_length = 200, example = "offentleglova § 23")]
    pub exemption_basis: Option<String>,
    /// The date after which the public may read it.
    #[schema(required = true)]
    pub accessible_after: Option<NaiveDate>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let columns =
        "number registeredAt documentOn kind title sender recipient access exemptionBasis accessibleAfter documentId";
    let title = || text!("Offentlig journal", "Offentleg journal", "Public journal");
    Tables::of::<PublicJournal>("public-journal", title()).table("entries", title(), "items", columns)
});

/// Answers the public journal of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    tabled(&call, &TABLES, of).await
}

fn of(asked: &Asked, picture: &Picture) -> PublicJournal {
    // A document becomes one of the case when it is finished (offentleglova § 4).
    let mut finished: Vec<&documents::Model> =
        picture.documents.iter().filter(|document| document.status != DocumentStatus::Draft).collect();
    finished.sort_by_key(|document| (document.created_at, document.id));
    PublicJournal {
        today: asked.today,
        items: finished.into_iter().map(|document| entry(picture, document, asked.today)).collect(),
    }
}

fn entry(picture: &Picture, document: &documents::Model, today: NaiveDate) -> JournalEntry {
    let open = document.access == DocumentAccess::Public;
    let registered = document.created_at.date_naive();
    let old = registered.checked_add_days(Days::new(NAMED)).is_some_and(|last| last < today);
    // A name that is no organisation's may be a person's.
    let party = |name: &Option<String>| name.clone().filter(|name| open && (!old || is_organisation(picture, name)));
    JournalEntry {
        document_id: document.id,
        number: number(document),
        registered_at: document.created_at,
        document_on: document.document_on,
        kind: document.kind,
        title: shielded_title(document),
        sender: party(&document.sender),
        recipient: party(&document.recipient),
        access: document.access,
        exemption_basis: document.exemption_basis.clone().filter(|_| !open),
        accessible_after: document.accessible_after,
    }
}

fn number(document: &documents::Model) -> Option<String> {
    let entry = document.archive.as_ref()?;
    let (year, sequence) = entry.case_year.zip(entry.case_sequence)?;
    Some(match entry.entry_number {
        Some(number) => format!("{year}/{sequence}-{number}"),
        None => format!("{year}/{sequence}"),
    })
}

fn is_organisation(picture: &Picture, name: &str) -> bool {
    let same = |known: &str| known.trim().to_lowercase() == name.trim().to_lowercase();
    picture.organisations.iter().any(|one| same(&one.name) || one.alt_names.0.iter().any(|other| same(&other.name)))
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    let example = json!({
        "today": "2018-05-02",
        "items": [{
            "documentId": "015ec5c8-6c00-7020-8000-000000000001", "number": "2017/412-3", "registeredAt": "2017-09-28T08:00:00Z",
            "documentOn": "2017-09-28", "kind": "other", "title": "Annet (unntatt offentlighet)", "sender": null, "recipient": null,
            "access": "exempt", "exemptionBasis": "offentleglova § 23", "accessibleAfter": null
        }]
    });
    About::new("getProjectPublicJournal", "Exchange", "Show the public journal of a project")
        .more(
            "Every finished document, as the public may be told of it; the same for everybody who asks. The title of what is exempt from \
             public access is what sort of document it is, without sender and recipient, with the legal basis. Names that are no \
             organisation's are left out of entries older than a year, so that nobody is found by name in old journals. Drafts are not \
             documents of the case yet.",
        )
        .dated()
        .answers::<PublicJournal>(200, "The journal", example)
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::NOT_FOUND])
}
