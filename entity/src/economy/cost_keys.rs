//! How a total is shared between parties.

use crate::prelude::*;

record! {
    /// A key by which the parties share a total: components with weights, and the figures of each party.
    CostKey "cost_key" "cost-keys" "cost_keys" of project {
        /// What it is called.
        #[schema(min_length = 1, max_length = 200, example = "20 % likt, 80 % etter folketall")]
        name: String,
        /// What is shared by what; weights are relative to their sum.
        #[sea_orm(column_type = "JsonBinary")]
        #[schema(value_type = Vec<CostComponent>, min_items = 1, max_items = 20)]
        components: CostComponents,
        /// Who shares, each with the figures that the components ask for.
        #[sea_orm(column_type = "JsonBinary")]
        #[schema(value_type = Vec<CostParty>, min_items = 1, max_items = 500)]
        parties: CostParties,
        /// Where the figures come from; a key by population must say it.
        #[schema(min_length = 1, max_length = 500, example = "SSB, folkemengde 1.1.2013")]
        source: Option<String>,
        /// The day that the figures hold for; a key by population must say it.
        #[schema(example = "2013-01-01")]
        reference_on: Option<NaiveDate>,
        /// The first day in force; null while it is a draft.
        #[schema(example = "2017-11-01")]
        valid_from: Option<NaiveDate>,
        /// The last day in force, inclusive; null while it lasts.
        valid_to: Option<NaiveDate>,
        /// The matter by which the municipalities adopt it; until they have, it is not in force.
        adopted_by_matter_id: Option<Uuid>,
        /// The day on which the last of them adopted it; follows from the matter.
        #[serde(default)]
        #[schema(read_only)]
        adopted_on: Option<NaiveDate>,
    }
}

/// The components of a key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct CostComponents(pub Vec<CostComponent>);

/// A part of the total and what it is shared by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostComponent {
    /// What it is shared by.
    #[serde(rename = "type")]
    pub kind: CostBasis,
    /// How much it weighs beside the others, at most four decimals: 40 and 60, or 0.4 and 0.6. A fixed amount has none.
    #[schema(value_type = Option<f64>, minimum = 0, maximum = 1000000, multiple_of = 0.0001, example = 80)]
    pub weight: Option<Decimal4>,
    /// Only for a fixed amount: what every party pays before the rest is shared, in øre.
    #[schema(minimum = 0, maximum = 1000000000000000.0)]
    pub amount_ore: Option<i64>,
}

/// The parties of a key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct CostParties(pub Vec<CostParty>);

/// A party of a key, with its figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostParty {
    /// The organisation.
    pub organisation_id: Uuid,
    /// Its figures; null where the components ask for none.
    pub figures: Option<CostFigures>,
    /// Its first day as a party; null: from the beginning. Within a year it pays for its days.
    #[schema(example = "2018-07-01")]
    pub valid_from: Option<NaiveDate>,
    /// Its last day as a party, inclusive; null: to the end.
    pub valid_to: Option<NaiveDate>,
}

/// What a total can be shared by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostFigures {
    /// Inhabitants.
    #[schema(minimum = 0, maximum = 1000000000, example = 3933)]
    pub population: Option<i64>,
    /// Full-time equivalents, at most two decimals.
    #[schema(value_type = Option<f64>, minimum = 0, maximum = 1000000, multiple_of = 0.01, example = 1.2)]
    pub fte: Option<Decimal2>,
    /// Use of the service, in whatever unit all parties are counted in, at most four decimals.
    #[serde(rename = "use")]
    #[schema(value_type = Option<f64>, minimum = 0, maximum = 1000000000, multiple_of = 0.0001, example = 12)]
    pub usage: Option<Decimal4>,
    /// A figure that the parties have agreed on, for example a percentage, at most four decimals.
    #[schema(value_type = Option<f64>, minimum = 0, maximum = 1000000000, multiple_of = 0.0001, example = 14.29)]
    pub custom: Option<Decimal4>,
}

codes! {
    /// What a component of a cost key is shared by.
    CostBasis "costBasis" {
        Equal = "equal" ("likt", "likt", "equally"),
        Population = "population" ("folketall", "folketal", "population"),
        Fte = "fte" ("årsverk", "årsverk", "full-time equivalents"),
        Usage = "use" ("bruk", "bruk", "use"),
        FixedAmount = "fixed_amount" ("fast beløp per deltaker", "fast beløp per deltakar", "a fixed amount for each party"),
        Custom = "custom" ("avtalt tall", "avtalt tal", "an agreed figure"),
    }
}
