//! One question put to several municipalities.

use crate::prelude::*;

record! {
    /// One question put to several municipalities, each of which decides for itself; the rule says what follows.
    Matter "matter" "matters" "matters" of project {
        /// What it is about.
        #[schema(example = "budget")]
        subject: MatterSubject,
        /// What it is called.
        #[schema(min_length = 1, max_length = 500, example = "Budsjett med kostnadsfordeling")]
        title: String,
        /// The document that is put to the municipalities.
        document_id: Option<Uuid>,
        /// Whose yes it takes.
        #[serde(default)]
        #[schema(default = "all", example = "all")]
        rule: MatterRule,
        /// With the rule `named`: the municipalities whose yes it takes.
        #[sea_orm(column_type = "JsonBinary")]
        #[serde(default)]
        #[schema(value_type = Vec<Uuid>, max_items = 500)]
        named: Named,
        /// The milestone that becomes true by it.
        milestone_id: Option<Uuid>,
        /// How far it has come: follows from the final steps of its cases.
        #[serde(default = "pending")]
        #[schema(read_only, default = "pending", example = "partially_met")]
        state: MatterState,
        /// How many municipalities have answered what.
        #[sea_orm(column_type = "JsonBinary")]
        #[serde(default)]
        #[schema(read_only, default = json!({"of": 0, "adopted": 0, "adoptedWithConditions": 0, "rejected": 0, "postponed": 0, "pending": 0}))]
        roll_up: RollUp,
        /// The date of the step that made it true; null until then.
        #[serde(default)]
        #[schema(read_only)]
        met_on: Option<NaiveDate>,
    }
}

/// Nobody has answered yet.
const fn pending() -> MatterState {
    MatterState::Pending
}

/// The municipalities that a rule names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct Named(pub Vec<Uuid>);

/// How many municipalities have answered what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct RollUp {
    /// How many are asked.
    #[schema(minimum = 0, example = 4)]
    pub of: i64,
    /// How many have adopted it.
    #[schema(minimum = 0, example = 3)]
    pub adopted: i64,
    /// How many have adopted it with conditions.
    #[schema(minimum = 0, example = 0)]
    pub adopted_with_conditions: i64,
    /// How many have rejected it.
    #[schema(minimum = 0, example = 0)]
    pub rejected: i64,
    /// How many have postponed it.
    #[schema(minimum = 0, example = 0)]
    pub postponed: i64,
    /// How many have not decided.
    #[schema(minimum = 0, example = 1)]
    pub pending: i64,
}

codes! {
    /// What a matter is about.
    MatterSubject "matterSubject" {
        FinalReport = "final_report" ("sluttrapport", "sluttrapport", "final report"),
        Continuation = "continuation" ("videreføring", "vidareføring", "continuation"),
        Budget = "budget" ("budsjett", "budsjett", "budget"),
        Agreement = "agreement" ("avtale", "avtale", "agreement"),
        CostKey = "cost_key" ("kostnadsfordelingsnøkkel", "kostnadsfordelingsnøkkel", "cost key"),
        CompanyFormation = "company_formation" ("selskapsetablering", "selskapsetablering", "company formation"),
        Other = "other" ("annet", "anna", "other"),
    }
}

codes! {
    /// Whose yes a matter takes.
    MatterRule "matterRule" default All {
        All = "all" ("alle kommunene", "alle kommunane", "all municipalities"),
        Majority = "majority" ("flertallet av kommunene", "fleirtalet av kommunane", "the majority of the municipalities"),
        Named = "named" ("de navngitte kommunene", "dei namngjevne kommunane", "the named municipalities"),
    }
}

codes! {
    /// How far a matter has come in the municipalities.
    MatterState "matterState" {
        Pending = "pending" ("venter", "ventar", "pending"),
        PartiallyMet = "partially_met" ("delvis nådd", "delvis nådd", "partially met"),
        Met = "met" ("nådd", "nådd", "met"),
        NotMet = "not_met" ("ikke nådd", "ikkje nådd", "not met"),
    }
}
