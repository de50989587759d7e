//! How one sees whether a goal is reached: a measured quantity, its baseline and its targets.

use crate::prelude::*;

record! {
    /// A quantity that shows whether a goal is reached; earlier targets stay beside the revised ones.
    Indicator "indicator" "indicators" "indicators" of project {
        /// The goal that it measures.
        goal_id: Uuid,
        /// What is measured.
        #[schema(min_length = 1, max_length = 200, example = "Nye arbeidsplasser")]
        name: String,
        /// The unit of every value of the indicator.
        #[schema(min_length = 1, max_length = 40, example = "arbeidsplasser")]
        unit: String,
        /// What counts and what does not.
        #[schema(max_length = 10000, example = "Årsverk i foretak som er etablert etter prosjektstart")]
        definition: Option<String>,
        /// Where the values come from.
        #[schema(max_length = 500, example = "SSB tabell 07091")]
        source: Option<String>,
        /// The way in which it is to move.
        #[schema(example = "increase")]
        direction: Option<IndicatorDirection>,
        /// The value before the project, in the unit, at most four decimals; null when not known yet.
        #[schema(example = 0)]
        baseline: Option<Decimal4>,
        /// The date of the baseline.
        #[schema(example = "2017-09-28")]
        baseline_on: Option<NaiveDate>,
        /// The targets, in the order in which they were set; the last one for a date is in force.
        #[sea_orm(column_type = "JsonBinary")]
        #[serde(default)]
        #[schema(value_type = Vec<IndicatorTarget>, max_items = 100)]
        targets: IndicatorTargets,
        /// What is counted, where programmes sum it across projects; null for anything else.
        #[schema(example = "jobs_created")]
        measures: Option<IndicatorMeasure>,
    }
}

codes! {
    /// What an indicator counts, where programmes sum it across projects.
    IndicatorMeasure "indicatorMeasure" {
        JobsCreated = "jobs_created" ("arbeidsplasser som er skapt", "arbeidsplassar som er skapte", "jobs created"),
        JobsSecured = "jobs_secured" ("arbeidsplasser som er sikret", "arbeidsplassar som er sikra", "jobs secured"),
    }
}

codes! {
    /// The way in which an indicator is to move.
    IndicatorDirection "indicatorDirection" {
        Increase = "increase" ("skal øke", "skal auke", "increase"),
        Decrease = "decrease" ("skal minke", "skal minke", "decrease"),
        Maintain = "maintain" ("skal holdes", "skal haldast", "maintain"),
    }
}

/// The targets of an indicator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct IndicatorTargets(pub Vec<IndicatorTarget>);

/// A value to be reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorTarget {
    /// The value to be reached, in the indicator's unit, at most four decimals.
    #[schema(example = 25)]
    pub value: Decimal4,
    /// The date by which it is to be reached; null when not known yet.
    #[schema(example = "2018-12-31")]
    pub by: Option<NaiveDate>,
    /// The date on which the target was set.
    pub set_on: Option<NaiveDate>,
    /// Why it was set or revised.
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
}
