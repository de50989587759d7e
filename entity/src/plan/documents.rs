//! A document of the project and what the archive and the public need to know of it.

use crate::prelude::*;

record! {
    /// A document of the project: the metadata of the record; its content has an address of its own.
    Document "document" "documents" "documents" of project {
        /// What kind of document it is.
        #[schema(example = "project_plan")]
        kind: DocumentKind,
        /// The title.
        #[schema(min_length = 1, max_length = 500, example = "Prosjektplan forprosjekt")]
        title: String,
        /// The date that the document bears; null when not known.
        #[schema(example = "2017-09-28")]
        document_on: Option<NaiveDate>,
        /// Who sent or wrote it, as the journal names them (arkivforskrifta § 15).
        #[schema(max_length = 500, example = "Proneo AS")]
        sender: Option<String>,
        /// Whom it was sent to, as the journal names them (arkivforskrifta § 15).
        #[schema(max_length = 500, example = "Gratangen kommune")]
        recipient: Option<String>,
        /// The activity that it documents: the memo of a workshop, the notes of a visit.
        activity_id: Option<Uuid>,
        /// The document that this one takes the place of once it is adopted.
        supersedes_id: Option<Uuid>,
        /// Where the document stands: forward only. What is adopted is not changed, only superseded.
        #[serde(default)]
        #[schema(default = "draft", example = "final")]
        status: DocumentStatus,
        /// The date on which it was adopted.
        adopted_on: Option<NaiveDate>,
        /// The resolution that adopted it; set by `POST /documents/{id}/adopt` only.
        #[serde(default)]
        #[schema(read_only)]
        resolution_id: Option<Uuid>,
        /// Who may read it by law (offentleglova § 3).
        #[serde(default)]
        #[schema(default = "public", example = "public")]
        access: DocumentAccess,
        /// The law and paragraph that exempts it, when it is not public.
        #[schema(max_length = 200, example = "offentleglova § 23")]
        exemption_basis: Option<String>,
        /// The date after which the public may read it (offentleglova § 5).
        accessible_after: Option<NaiveDate>,
        /// Where it stands in an archive; null when no archive has been asked.
        #[sea_orm(column_type = "JsonBinary", nullable)]
        archive: Option<ArchiveEntry>,
        /// The class of retention or disposal that the archive owner has set (arkivlova §§ 12, 13).
        #[schema(max_length = 200, example = "Bevares")]
        retention: Option<String>,
        /// How often content was put; null while there is none. Earlier contents stay readable.
        #[serde(default)]
        #[schema(read_only, example = 1)]
        content_version: Option<i64>,
        /// The media type of the newest content.
        #[serde(default)]
        #[schema(read_only, max_length = 200, example = "application/pdf")]
        media_type: Option<String>,
        /// The name of the file, as it was given.
        #[serde(default)]
        #[schema(read_only, max_length = 255, example = "prosjektplan.pdf")]
        file_name: Option<String>,
        /// The size of the newest content in bytes.
        #[serde(default)]
        #[schema(read_only, example = 183420)]
        size_bytes: Option<i64>,
        /// The SHA-256 of the newest content, in lower-case hexadecimal.
        #[serde(default)]
        #[schema(read_only, max_length = 64)]
        sha256: Option<String>,
    }
}

/// A document's entry in an archive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveEntry {
    /// The archive system, by the name that external references use.
    #[schema(min_length = 1, max_length = 100, example = "gratangen-arkiv")]
    pub system: String,
    /// The year of the case (saksår).
    #[schema(minimum = 1900, maximum = 2200, example = 2017)]
    pub case_year: Option<i64>,
    /// The number of the case in its year (sakssekvensnummer).
    #[schema(minimum = 1, maximum = 999999999, example = 412)]
    pub case_sequence: Option<i64>,
    /// The number of the entry in the case (journalpostnummer).
    #[schema(minimum = 1, maximum = 999999999, example = 3)]
    pub entry_number: Option<i64>,
    /// How far the transfer has come.
    #[schema(example = "archived")]
    pub state: ArchiveState,
    /// When the archive took it in (UTC).
    #[schema(value_type = Option<String>, format = DateTime, example = "2017-09-29T08:00:00Z")]
    pub archived_at: Option<DateTime<Utc>>,
    /// The archive's own identifier of the case (systemID).
    pub case_id: Option<Uuid>,
    /// The archive's own identifier of the entry (systemID).
    pub entry_id: Option<Uuid>,
    /// The version of this record that the entry (journalpost) is as, by the receipts; null when that is not known: what has
    /// changed since cannot be told then.
    #[schema(minimum = 1, example = 2)]
    pub entry_version: Option<i64>,
    /// The version of this record that the entry's description of its document (dokumentbeskrivelse) is as.
    #[schema(minimum = 1, example = 2)]
    pub description_version: Option<i64>,
    /// The newest version of the content that the archive has.
    #[schema(minimum = 1, example = 1)]
    pub content_version: Option<i64>,
}

codes! {
    /// What kind of document it is.
    DocumentKind "documentKind" {
        ProjectPlan = "project_plan" ("prosjektplan", "prosjektplan", "project plan"),
        FinalReport = "final_report" ("sluttrapport", "sluttrapport", "final report"),
        StatusReport = "status_report" ("statusrapport", "statusrapport", "status report"),
        Memo = "memo" ("notat", "notat", "memo"),
        Minutes = "minutes" ("møtereferat", "møtereferat", "minutes"),
        Budget = "budget" ("budsjett", "budsjett", "budget"),
        Agreement = "agreement" ("avtale", "avtale", "agreement"),
        CasePaper = "case_paper" ("saksframlegg", "saksframlegg", "case paper"),
        Application = "application" ("søknad", "søknad", "application"),
        CommitmentLetter = "commitment_letter" ("tilsagnsbrev", "tilsegnsbrev", "commitment letter"),
        Presentation = "presentation" ("presentasjon", "presentasjon", "presentation"),
        Other = "other" ("annet", "anna", "other"),
    }
}

codes! {
    /// Where a document stands.
    DocumentStatus "documentStatus" default Draft {
        Draft = "draft" ("utkast", "utkast", "draft"),
        Final = "final" ("ferdig", "ferdig", "final"),
        Adopted = "adopted" ("vedtatt", "vedteke", "adopted"),
        Superseded = "superseded" ("erstattet", "erstatta", "superseded"),
    }
}

codes! {
    /// Who may read a document by law.
    DocumentAccess "documentAccess" default Public {
        Public = "public" ("offentlig", "offentleg", "public"),
        PartlyExempt = "partly_exempt" ("delvis unntatt offentlighet", "delvis unnateke offentlegheit", "partly exempt"),
        Exempt = "exempt" ("unntatt offentlighet", "unnateke offentlegheit", "exempt"),
    }
}

codes! {
    /// How far the transfer to an archive has come.
    ArchiveState "archiveState" {
        NotArchived = "not_archived" ("ikke arkivert", "ikkje arkivert", "not archived"),
        Queued = "queued" ("i kø", "i kø", "queued"),
        Received = "received" ("mottatt", "motteke", "received"),
        Archived = "archived" ("arkivert", "arkivert", "archived"),
        Failed = "failed" ("feilet", "feila", "failed"),
    }
}
