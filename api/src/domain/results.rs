//! What a project has reached: the newest value of each organisation, the expected apart from the confirmed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::indicators::{self, IndicatorMeasure};
use entity::measurements::{self, Certainty};
use entity::{Decimal2, Decimal4};
use uuid::Uuid;

use super::Picture;

/// A value, and the day of the newest measurement in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The value in the indicator's unit.
    pub value: Decimal4,
    /// The newest day that it rests on.
    pub on: NaiveDate,
}

/// The newest value of each organisation (`None`: of all together) of one certainty.
#[must_use]
pub fn newest(picture: &Picture, indicator: Uuid, certainty: Certainty) -> BTreeMap<Option<Uuid>, Reached> {
    let own = picture
        .measurements
        .iter()
        .filter(|one| one.indicator_id == indicator && one.certainty.unwrap_or(Certainty::Confirmed) == certainty);
    let mut ordered: Vec<&measurements::Model> = own.collect();
    ordered.sort_by_key(|one| (one.measured_on, one.id));
    let reached = |one: &measurements::Model| (one.organisation_id, Reached { value: one.value, on: one.measured_on });
    ordered.into_iter().map(reached).collect()
}

/// The sum of the newest values: of the organisations, unless a newer one was measured for all together.
#[must_use]
pub fn reached(picture: &Picture, indicator: Uuid, certainty: Certainty) -> Option<Reached> {
    let each = newest(picture, indicator, certainty);
    let together = each.get(&None).copied();
    let apart = each.iter().filter(|(organisation, _)| organisation.is_some()).map(|(_, reached)| *reached);
    let apart = apart.reduce(|sum, one| Reached {
        value: Decimal4(sum.value.0.saturating_add(one.value.0)),
        on: sum.on.max(one.on),
    });
    match (together, apart) {
        (Some(together), Some(apart)) => Some(if together.on >= apart.on { together } else { apart }),
        (together, apart) => together.or(apart),
    }
}

/// The target in force on a day: of those set by then the one that was set last.
#[must_use]
pub fn target(indicator: &indicators::Model, today: NaiveDate) -> Option<&indicators::IndicatorTarget> {
    indicator.targets.0.iter().rev().find(|target| target.set_on.is_none_or(|set| set <= today))
}

/// How far the way from the baseline to the target has been gone, in per cent, rounded to two decimals.
#[must_use]
pub fn progress(baseline: Option<Decimal4>, target: Option<Decimal4>, value: Option<Decimal4>) -> Option<Decimal2> {
    let (baseline, target, value) = (i128::from(baseline?.0), i128::from(target?.0), i128::from(value?.0));
    let way = target - baseline;
    if way == 0 {
        return None;
    }
    let (gone, whole) = ((value - baseline) * 10_000 * way.signum(), way.abs());
    let half = if gone < 0 { -whole / 2 } else { whole / 2 };
    i64::try_from((gone + half) / whole).ok().map(Decimal2)
}

/// The sum of what all indicators of a measure have reached; `None` while nothing is measured.
#[must_use]
pub fn summed(picture: &Picture, measure: IndicatorMeasure, certainty: Certainty) -> Option<Decimal4> {
    let own = picture.indicators.iter().filter(|indicator| indicator.measures == Some(measure));
    let values = own.filter_map(|indicator| reached(picture, indicator.id, certainty)).map(|reached| reached.value.0);
    values.reduce(i64::saturating_add).map(Decimal4)
}

#[cfg(test)]
mod tests {
    use super::{Decimal2, Decimal4, progress};

    #[test]
    fn progress_is_the_part_of_the_way() {
        let of = |from: i64, to: i64, at: i64| progress(Some(Decimal4(from)), Some(Decimal4(to)), Some(Decimal4(at)));
        assert_eq!(of(0, 250_000, 350_000), Some(Decimal2(14_000)), "more than the target");
        assert_eq!(of(0, 30_000, 10_000), Some(Decimal2(3_333)));
        assert_eq!(of(100_000, 50_000, 75_000), Some(Decimal2(5_000)), "what is to fall");
        assert_eq!(of(0, 10_000, -5_000), Some(Decimal2(-5_000)));
        assert_eq!(of(10_000, 10_000, 10_000), None, "no way to go");
        assert_eq!(progress(None, Some(Decimal4(1)), Some(Decimal4(1))), None, "not known is not zero");
    }
}
