//! The indicators of a project: baseline, target and newest measurement.

use chrono::NaiveDate;
use entity::measurements::Certainty;
use entity::{Decimal4, indicators};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::{Picture, results};

/// Where an indicator stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorStatus {
    /// The indicator.
    pub id: Uuid,
    /// The goal that it measures.
    pub goal_id: Uuid,
    /// What is measured.
    #[schema(max_length = 200)]
    pub name: String,
    /// The unit of the values.
    #[schema(max_length = 40)]
    pub unit: String,
    /// The value before the project.
    #[schema(required = true)]
    pub baseline: Option<Decimal4>,
    /// The target in force.
    #[schema(required = true)]
    pub target: Option<Decimal4>,
    /// The date by which it is to be reached.
    #[schema(required = true)]
    pub target_by: Option<NaiveDate>,
    /// The newest confirmed value of each organisation, summed; null before the first.
    #[schema(required = true)]
    pub actual: Option<Decimal4>,
    /// The day of the newest of them.
    #[schema(required = true)]
    pub measured_on: Option<NaiveDate>,
}

/// Where an indicator stands.
pub(super) fn of(picture: &Picture, indicator: &indicators::Model, today: NaiveDate) -> IndicatorStatus {
    let target = results::target(indicator, today);
    let reached = results::reached(picture, indicator.id, Certainty::Confirmed);
    IndicatorStatus {
        id: indicator.id,
        goal_id: indicator.goal_id,
        name: indicator.name.clone(),
        unit: indicator.unit.clone(),
        baseline: indicator.baseline,
        target: target.map(|target| target.value),
        target_by: target.and_then(|target| target.by),
        actual: reached.map(|reached| reached.value),
        measured_on: reached.map(|reached| reached.on),
    }
}
