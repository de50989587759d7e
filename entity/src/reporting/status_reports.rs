//! Status reports (PLP: statusrapport, sluttrapport): where the project stood at the end of a period.

use crate::documents::ArchiveEntry;
use crate::prelude::*;

record! {
    /// Where the project stood at the end of a period: written as a draft, then submitted, approved and published.
    /// Published, it holds the whole project frozen, and nothing changes it.
    StatusReport "status_report" "status-reports" "status_reports" of project {
        /// Whether it is a report of a period or the final report.
        #[serde(default)]
        #[schema(default = "status", example = "status")]
        kind: ReportKind,
        /// The first day of the period.
        #[schema(example = "2017-11-01")]
        period_from: NaiveDate,
        /// The last day of the period, inclusive.
        #[schema(example = "2017-12-31")]
        period_to: NaiveDate,
        /// How far it has come; moved by `/submit`, `/approve` and `/publish` only.
        #[serde(default)]
        #[schema(read_only, default = "draft", example = "draft")]
        state: ReportState,
        /// The project as a whole.
        #[sea_orm(column_type = "JsonBinary", nullable)]
        overall: Option<OverallDimension>,
        /// Progress against the plan (framdrift).
        #[sea_orm(column_type = "JsonBinary", nullable)]
        time: Option<TimeDimension>,
        /// Money against the budget (økonomi).
        #[sea_orm(column_type = "JsonBinary", nullable)]
        economy: Option<EconomyDimension>,
        /// What is delivered against what was specified (kvalitet).
        #[sea_orm(column_type = "JsonBinary", nullable)]
        quality: Option<QualityDimension>,
        /// Risk (risiko).
        #[sea_orm(column_type = "JsonBinary", nullable)]
        risk: Option<RiskDimension>,
        /// Goals reached (måloppnåelse).
        #[sea_orm(column_type = "JsonBinary", nullable)]
        outcome: Option<OutcomeDimension>,
        /// What was reached in the period. Left out of a new report, it is suggested from the plan.
        #[schema(max_length = 20000)]
        achieved: Option<String>,
        /// What is planned for the next period. Left out of a new report, it is suggested from the plan.
        #[schema(max_length = 20000)]
        next: Option<String>,
        /// Decisions that are wanted, and by when. Left out of a new report, they are suggested from the plan.
        #[schema(max_length = 20000)]
        decisions_wanted: Option<String>,
        /// The sections of a final report.
        #[sea_orm(column_type = "JsonBinary")]
        #[serde(default)]
        #[schema(value_type = Vec<ReportSection>, max_items = 20)]
        sections: ReportSections,
        /// The published report that this one corrects and takes the place of.
        supersedes_id: Option<Uuid>,
        /// What was suggested when the draft was made, and from which records.
        #[sea_orm(column_type = "JsonBinary")]
        #[serde(default)]
        #[schema(read_only, value_type = Vec<ReportSuggestion>)]
        suggestions: ReportSuggestions,
        /// When it was submitted (UTC).
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime)]
        submitted_at: Option<Instant>,
        /// When it was approved (UTC).
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime)]
        approved_at: Option<Instant>,
        /// When it was published (UTC); the newest published report is the latest.
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime)]
        published_at: Option<Instant>,
        /// The SHA-256 of the frozen project (canonical JSON, RFC 8785), in lower-case hexadecimal; null until published.
        #[serde(default)]
        #[schema(read_only, max_length = 64)]
        sha256: Option<String>,
        /// The SHA-256 of the part of it that observers read.
        #[serde(default)]
        #[schema(read_only, max_length = 64)]
        public_sha256: Option<String>,
        /// Where what was published stands in an archive; written by the archive's receipts only, null while there is none.
        #[sea_orm(column_type = "JsonBinary", nullable)]
        #[serde(default)]
        #[schema(read_only)]
        archive: Option<ArchiveEntry>,
    }
}

macro_rules! dimensions {
    ($( $(#[doc = $doc:tt])* $name:ident $status:ident $example:tt ),* $(,)?) => { $(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
        pub struct $name {
            /// Where it stands.
            #[schema(example = $example)]
            pub status: $status,
            /// Where it is going; null when not known.
            pub trend: Option<Trend>,
            /// Why, and what is done about it.
            #[schema(max_length = 10000)]
            pub comment: Option<String>,
        }
    )* };
}

dimensions! {
    /// The project as a whole, in one colour.
    OverallDimension OverallStatus "green",
    /// Progress against the plan.
    TimeDimension TimeStatus "on_plan",
    /// Money against the budget.
    EconomyDimension EconomyStatus "not_known",
    /// Deliveries against the specification.
    QualityDimension QualityStatus "as_specified",
    /// Risk.
    RiskDimension RiskLevel "medium",
    /// Goals reached.
    OutcomeDimension OutcomeStatus "not_started",
}

/// The sections of a final report, in their order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct ReportSections(pub Vec<ReportSection>);

/// A section of a final report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportSection {
    /// Which one it is.
    #[schema(example = "goal_achievement")]
    pub heading: SectionHeading,
    /// What it says.
    #[schema(min_length = 1, max_length = 50000)]
    pub text: String,
}

/// What was suggested for a draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct ReportSuggestions(pub Vec<ReportSuggestion>);

/// A line that was suggested, and what it is derived from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportSuggestion {
    /// The field that it was suggested for.
    #[schema(max_length = 40, example = "achieved")]
    pub field: String,
    /// The line.
    #[schema(max_length = 2000)]
    pub text: String,
    /// The record that it follows from.
    pub from: RecordRef,
}

codes! {
    /// Whether a report is of a period or the final one.
    ReportKind "reportKind" default Status {
        Status = "status" ("statusrapport", "statusrapport", "status report"),
        Final = "final" ("sluttrapport", "sluttrapport", "final report"),
    }
}

codes! {
    /// How far a report has come.
    ReportState "reportState" default Draft {
        Draft = "draft" ("utkast", "utkast", "draft"),
        Submitted = "submitted" ("oversendt", "oversend", "submitted"),
        Approved = "approved" ("godkjent", "godkjend", "approved"),
        Published = "published" ("publisert", "publisert", "published"),
    }
}

codes! {
    /// The project in one colour.
    OverallStatus "overallStatus" {
        Green = "green" ("grønn", "grøn", "green"),
        Yellow = "yellow" ("gul", "gul", "yellow"),
        Red = "red" ("rød", "raud", "red"),
        NotKnown = "not_known" ("ikke kjent", "ikkje kjent", "not known"),
    }
}

codes! {
    /// Progress against the plan.
    TimeStatus "timeStatus" {
        Ahead = "ahead" ("foran plan", "føre plan", "ahead of plan"),
        OnPlan = "on_plan" ("på plan", "på plan", "on plan"),
        MinorDelay = "minor_delay" ("mindre forsinkelser", "mindre forseinkingar", "minor delays"),
        Delayed = "delayed" ("forsinket", "forseinka", "delayed"),
        NotKnown = "not_known" ("ikke kjent", "ikkje kjent", "not known"),
    }
}

codes! {
    /// Money against the budget.
    EconomyStatus "economyStatus" {
        UnderBudget = "under_budget" ("under budsjett", "under budsjett", "under budget"),
        OnBudget = "on_budget" ("på budsjett", "på budsjett", "on budget"),
        MinorOverrun = "minor_overrun" ("mindre overskridelser", "mindre overskridingar", "minor overruns"),
        OverBudget = "over_budget" ("over budsjett", "over budsjett", "over budget"),
        NotKnown = "not_known" ("vet ikke", "veit ikkje", "not known"),
    }
}

codes! {
    /// Deliveries against the specification.
    QualityStatus "qualityStatus" {
        Better = "better" ("bedre enn spesifikasjonen", "betre enn spesifikasjonen", "better than specified"),
        AsSpecified = "as_specified" ("i henhold til spesifikasjonen", "i samsvar med spesifikasjonen", "as specified"),
        MinorDeviation = "minor_deviation" ("mindre avvik fra spesifikasjonen", "mindre avvik frå spesifikasjonen", "minor deviation"),
        MajorDeviation = "major_deviation" ("større avvik fra spesifikasjonen", "større avvik frå spesifikasjonen", "major deviation"),
        NotKnown = "not_known" ("ikke kjent", "ikkje kjent", "not known"),
    }
}

codes! {
    /// How high the risk is.
    RiskLevel "riskLevel" {
        Low = "low" ("lav", "låg", "low"),
        Medium = "medium" ("middels", "middels", "medium"),
        High = "high" ("høy", "høg", "high"),
        NotKnown = "not_known" ("ikke kjent", "ikkje kjent", "not known"),
    }
}

codes! {
    /// How far the goals are reached.
    OutcomeStatus "outcomeStatus" {
        NotStarted = "not_started" ("ikke påbegynt", "ikkje påbyrja", "not started"),
        Ahead = "ahead" ("foran plan", "føre plan", "ahead of plan"),
        OnPlan = "on_plan" ("på plan", "på plan", "on plan"),
        MinorDelay = "minor_delay" ("mindre forsinkelser", "mindre forseinkingar", "minor delays"),
        Delayed = "delayed" ("forsinket", "forseinka", "delayed"),
        NotKnown = "not_known" ("ikke kjent", "ikkje kjent", "not known"),
    }
}

codes! {
    /// Where something is going.
    Trend "trend" {
        Improving = "improving" ("bedre", "betre", "improving"),
        Stable = "stable" ("uendret", "uendra", "stable"),
        Worsening = "worsening" ("verre", "verre", "worsening"),
    }
}

codes! {
    /// A section of a final report.
    SectionHeading "sectionHeading" {
        Summary = "summary" ("sammendrag", "samandrag", "summary"),
        GoalAchievement = "goal_achievement" ("måloppnåelse", "måloppnåing", "goals achieved"),
        Deliveries = "deliveries" ("leveranser", "leveransar", "deliveries"),
        Finances = "finances" ("økonomi", "økonomi", "finances"),
        Deviations = "deviations" ("avvik", "avvik", "deviations"),
        Organisation = "organisation" ("organisering og styring", "organisering og styring", "organisation and steering"),
        Lessons = "lessons" ("erfaringer og læring", "erfaringar og læring", "lessons"),
        Recommendations = "recommendations" ("konklusjon og anbefalinger", "konklusjon og tilrådingar", "conclusion and recommendations"),
        Annexes = "annexes" ("vedlegg", "vedlegg", "annexes"),
    }
}
