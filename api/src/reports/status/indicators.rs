//! The indicators of a project: baseline, target and newest measurement.

use chrono::NaiveDate;
use entity::{Decimal4, indicators};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::Picture;

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
    /// The newest measured value, summed over organisations measured on that day; null before the first.
    #[schema(required = true)]
    pub actual: Option<Decimal4>,
    /// The day of that measurement.
    #[schema(required = true)]
    pub measured_on: Option<NaiveDate>,
}

/// Where an indicator stands.
pub(super) fn of(picture: &Picture, indicator: &indicators::Model) -> IndicatorStatus {
    let target = indicator.targets.0.last();
    let own = || picture.measurements.iter().filter(|measurement| measurement.indicator_id == indicator.id);
    let measured_on = own().map(|measurement| measurement.measured_on).max();
    let actual = measured_on.map(|day| {
        own().filter(|measurement| measurement.measured_on == day).map(|measurement| measurement.value).sum()
    });
    IndicatorStatus {
        id: indicator.id,
        goal_id: indicator.goal_id,
        name: indicator.name.clone(),
        unit: indicator.unit.clone(),
        baseline: indicator.baseline,
        target: target.map(|target| target.value),
        target_by: target.and_then(|target| target.by),
        actual,
        measured_on,
    }
}
