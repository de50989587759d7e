//! A project by the PLP method: one phase, planned, staffed, decided and reported on its own.

use crate::prelude::*;

record! {
    /// A project by the PLP method: one phase (forstudie, forprosjekt, hovedprosjekt) with a plan of its own.
    Project "project" "projects" "projects" {
        /// A short name, unique in the service, by which people and systems refer to the project.
        #[schema(min_length = 1, max_length = 40, example = "NVR-ST-FP")]
        code: String,
        /// What the project is called.
        #[schema(min_length = 1, max_length = 200, example = "Næringsvennlig region Sør-Troms – forprosjekt")]
        name: String,
        /// The phase that the project is.
        #[serde(rename = "type")]
        #[sea_orm(column_name = "type")]
        #[schema(example = "pre_project")]
        project_type: ProjectType,
        /// The step in a development by steps, from 1.
        #[schema(minimum = 1, maximum = 20, example = 1)]
        stage: Option<i64>,
        /// The programme that the project is part of.
        programme_id: Option<Uuid>,
        /// The region that it takes place in.
        region_id: Option<Uuid>,
        /// The project whose recommendations it follows.
        predecessor_id: Option<Uuid>,
        /// Whether it takes place only if an earlier stage leads to it ("eventuell").
        #[serde(default)]
        #[schema(default = false)]
        conditional: bool,
        /// Where the project stands (IATI ActivityStatus).
        #[serde(default)]
        #[schema(default = "pipeline", example = "active")]
        status: ProjectStatus,
        /// The first day; null when not known yet.
        #[schema(example = "2017-11-01")]
        starts_on: Option<NaiveDate>,
        /// The last day, inclusive; null when not known yet.
        #[schema(example = "2018-04-30")]
        ends_on: Option<NaiveDate>,
        /// The shortest duration foreseen, in months.
        #[schema(minimum = 1, maximum = 600, example = 6)]
        duration_months_min: Option<i64>,
        /// The longest duration foreseen, in months; the same as the shortest when there is no range.
        #[schema(minimum = 1, maximum = 600, example = 6)]
        duration_months_max: Option<i64>,
        /// What the project is for.
        #[schema(max_length = 10000, example = "Bedre offentlige tjenester for næringsutvikling")]
        purpose: Option<String>,
        /// What it builds on (bakgrunn).
        #[schema(max_length = 10000)]
        background: Option<String>,
        /// What it covers (omfang).
        #[schema(max_length = 10000)]
        scope: Option<String>,
        /// What it leaves out (avgrensning).
        #[schema(max_length = 10000)]
        exclusions: Option<String>,
        /// Limits of time, money and law (rammer).
        #[schema(max_length = 10000)]
        constraints: Option<String>,
        /// The case folder that an archive has of it; written by the archive's receipts only, null while there is none.
        #[sea_orm(column_type = "JsonBinary", nullable)]
        #[serde(default)]
        #[schema(read_only)]
        archive: Option<ArchiveCase>,
    }
}

/// A project's case folder (saksmappe) in an archive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveCase {
    /// The archive system, by the name that external references use.
    #[schema(min_length = 1, max_length = 100, example = "gratangen-arkiv")]
    pub system: String,
    /// The year of the case (saksår).
    #[schema(minimum = 1900, maximum = 2200, example = 2017)]
    pub case_year: Option<i64>,
    /// The number of the case in its year (sakssekvensnummer).
    #[schema(minimum = 1, maximum = 999999999, example = 412)]
    pub case_sequence: Option<i64>,
    /// The archive's own identifier of the case (systemID).
    pub case_id: Option<Uuid>,
    /// The version of the project that the folder is as, by the receipts.
    #[schema(minimum = 1, example = 3)]
    pub version: Option<i64>,
    /// The person who answers for the case there (saksansvarlig).
    pub responsible_id: Option<Uuid>,
}

codes! {
    /// The phase that a project is (PLP), with company formation as a project of its own.
    ProjectType "projectType" {
        PreStudy = "pre_study" ("forstudie", "forstudie", "pre-study"),
        PreProject = "pre_project" ("forprosjekt", "forprosjekt", "pre-project"),
        MainProject = "main_project" ("hovedprosjekt", "hovudprosjekt", "main project"),
        CompanyFormation = "company_formation" ("selskapsetablering", "selskapsetablering", "company formation"),
    }
}

codes! {
    /// Where a project stands (IATI ActivityStatus 1–6).
    ProjectStatus "projectStatus" default Pipeline {
        Pipeline = "pipeline" ("planlagt", "planlagt", "pipeline"),
        Active = "active" ("pågår", "pågår", "active"),
        Finalisation = "finalisation" ("under avslutning", "under avslutning", "finalisation"),
        Closed = "closed" ("avsluttet", "avslutta", "closed"),
        Cancelled = "cancelled" ("avlyst", "avlyst", "cancelled"),
        Suspended = "suspended" ("stilt i bero", "stilt i bero", "suspended"),
    }
}
