//! One treatment of a case by one body of a municipality.

use crate::prelude::*;

record! {
    /// One treatment of a case by one body of a municipality: committee, executive board, council.
    PoliticalStep "political_step" "political-steps" "political_steps" of project {
        /// The case.
        case_id: Uuid,
        /// The body that treats it.
        #[schema(example = "council")]
        body: PoliticalBody,
        /// The day of its meeting; null when not known yet.
        #[schema(example = "2018-01-25")]
        meeting_on: Option<NaiveDate>,
        /// The number of the item there (utvalgssak).
        #[schema(min_length = 1, max_length = 40, example = "PS 5/18")]
        item_number: Option<String>,
        /// What it decided; null until it has.
        #[schema(example = "adopted")]
        outcome: Option<StepOutcome>,
        /// The conditions of an adoption with conditions.
        #[schema(max_length = 10000)]
        conditions: Option<String>,
        /// The resolution as the body worded it.
        #[schema(max_length = 10000)]
        resolution_text: Option<String>,
        /// Whether this step closes the case (erEndeligVedtak).
        #[serde(default)]
        #[schema(default = false, example = true)]
        is_final: bool,
        /// The votes; null when they were not counted.
        #[sea_orm(column_type = "JsonBinary", nullable)]
        votes: Option<Votes>,
        /// The message (vedtakFraUtvalg) that it came by; null for a step that was written by hand.
        #[sea_orm(column_type = "JsonBinary", nullable)]
        #[serde(default)]
        #[schema(read_only)]
        message: Option<IncomingMessage>,
        /// What tells that message from every other one of the case: the same message is the same step.
        #[serde(default)]
        #[schema(read_only, max_length = 64)]
        message_key: Option<String>,
    }
}

/// A message of a committee system, and what it is known by there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct IncomingMessage {
    /// The system that keeps the case of the committee (fagsystem).
    #[schema(max_length = 200, example = "elements-moete")]
    pub system: String,
    /// The key of the case there (noekkel).
    #[schema(max_length = 200, example = "8f0c2e0a-2b1c-4d6e-9a51-0d6f7c3b2a10")]
    pub key: String,
    /// The committee, by its identifier there (utvalgId).
    #[schema(max_length = 200, example = "KST")]
    pub body_id: String,
    /// The committee, by its name there (utvalgNavn).
    #[schema(max_length = 200, example = "Gratangen kommunestyre")]
    pub body_name: String,
    /// The meeting, by its identifier there (moeteId).
    #[schema(max_length = 200, example = "KST-2018-01")]
    pub meeting_id: String,
    /// The SHA-256 of what it says, in lower-case hexadecimal: another one under the same key is a correction.
    #[schema(max_length = 64)]
    pub sha256: String,
}

/// The votes on a resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct Votes {
    /// Votes for.
    #[serde(rename = "for")]
    #[schema(minimum = 0, maximum = 10000, example = 15)]
    pub in_favour: i64,
    /// Votes against.
    #[schema(minimum = 0, maximum = 10000, example = 2)]
    pub against: i64,
    /// Blank votes.
    #[schema(minimum = 0, maximum = 10000, example = 0)]
    pub blank: Option<i64>,
}

codes! {
    /// A body of a municipality.
    PoliticalBody "politicalBody" {
        Committee = "committee" ("utvalg", "utval", "committee"),
        ExecutiveBoard = "executive_board" ("formannskap", "formannskap", "executive board"),
        Council = "council" ("kommunestyre", "kommunestyre", "municipal council"),
        CountyExecutiveBoard = "county_executive_board" ("fylkesutvalg", "fylkesutval", "county executive board"),
        CountyCouncil = "county_council" ("fylkesting", "fylkesting", "county council"),
        ChiefExecutive = "chief_executive" ("kommunedirektør (delegert)", "kommunedirektør (delegert)", "chief executive (delegated)"),
        Other = "other" ("annet", "anna", "other"),
    }
}

codes! {
    /// What a body decided on a case.
    StepOutcome "stepOutcome" {
        Adopted = "adopted" ("vedtatt", "vedteke", "adopted"),
        AdoptedWithConditions = "adopted_with_conditions" ("vedtatt med vilkår", "vedteke med vilkår", "adopted with conditions"),
        Rejected = "rejected" ("avslått", "avslått", "rejected"),
        Postponed = "postponed" ("utsatt", "utsett", "postponed"),
        Noted = "noted" ("tatt til orientering", "teke til orientering", "noted"),
    }
}
