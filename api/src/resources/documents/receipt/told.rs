//! What the service answers to a receipt.

use chrono::{DateTime, Utc};
use entity::documents::{ArchiveEntry, ArchiveState};
use entity::projects::ArchiveCase;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What came of a receipt.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipted {
    /// The document that it is about; null when it is about a report, or about the case folder alone.
    #[schema(required = true)]
    pub document_id: Option<Uuid>,
    /// The published report that it is about, if it is about one.
    #[schema(required = true)]
    pub report_id: Option<Uuid>,
    /// Whether the document, the report or the project was changed by it.
    pub changed: bool,
    /// Where the document, or the report, is archived now, as its own field `archive` says.
    #[schema(required = true)]
    pub archive: Option<Archived>,
    /// The case folder, as the project's own field `archive` says.
    #[schema(required = true)]
    pub case: Option<ArchivedCase>,
}

/// A document's entry in an archive, as a receipt left it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Archived {
    /// The archive.
    #[schema(max_length = 100, example = "gratangen-arkiv")]
    pub system: String,
    /// The year of the case.
    #[schema(required = true, minimum = 1900, maximum = 2200, example = 2017)]
    pub case_year: Option<i64>,
    /// The number of the case in its year.
    #[schema(required = true, minimum = 1, maximum = 999999999, example = 412)]
    pub case_sequence: Option<i64>,
    /// The number of the entry in the case.
    #[schema(required = true, minimum = 1, maximum = 999999999, example = 3)]
    pub entry_number: Option<i64>,
    /// How far the transfer has come.
    pub state: ArchiveState,
    /// When the archive took it in (UTC).
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    pub archived_at: Option<DateTime<Utc>>,
    /// The archive's own identifier of the case.
    #[schema(required = true)]
    pub case_id: Option<Uuid>,
    /// The archive's own identifier of the entry.
    #[schema(required = true)]
    pub entry_id: Option<Uuid>,
    /// The version of the document, or the report, that the entry is as.
    #[schema(required = true, minimum = 1, example = 2)]
    pub entry_version: Option<i64>,
    /// The version that the entry's description of its document is as.
    #[schema(required = true, minimum = 1, example = 2)]
    pub description_version: Option<i64>,
    /// The newest version of the content that the archive has.
    #[schema(required = true, minimum = 1, example = 1)]
    pub content_version: Option<i64>,
}

/// A project's case folder in an archive, as a receipt left it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedCase {
    /// The archive.
    #[schema(max_length = 100, example = "gratangen-arkiv")]
    pub system: String,
    /// The year of the case.
    #[schema(required = true, minimum = 1900, maximum = 2200, example = 2017)]
    pub case_year: Option<i64>,
    /// The number of the case in its year.
    #[schema(required = true, minimum = 1, maximum = 999999999, example = 412)]
    pub case_sequence: Option<i64>,
    /// The archive's own identifier of the case.
    #[schema(required = true)]
    pub case_id: Option<Uuid>,
    /// The version of the project that the folder is as.
    #[schema(required = true, minimum = 1, example = 3)]
    pub version: Option<i64>,
    /// The person who answers for the case there.
    #[schema(required = true)]
    pub responsible_id: Option<Uuid>,
}

impl From<ArchiveEntry> for Archived {
    fn from(entry: ArchiveEntry) -> Self {
        let ArchiveEntry {
            system,
            case_year,
            case_sequence,
            entry_number,
            state,
            archived_at,
            case_id,
            entry_id,
            entry_version,
            description_version,
            content_version,
        } = entry;
        Self {
            system,
            case_year,
            case_sequence,
            entry_number,
            state,
            archived_at,
            case_id,
            entry_id,
            entry_version,
            description_version,
            content_version,
        }
    }
}

impl From<ArchiveCase> for ArchivedCase {
    fn from(case: ArchiveCase) -> Self {
        let ArchiveCase { system, case_year, case_sequence, case_id, version, responsible_id } = case;
        Self { system, case_year, case_sequence, case_id, version, responsible_id }
    }
}
