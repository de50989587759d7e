//! The axis of time: where a day lies, and which months are named.

use chrono::{Datelike, Months, NaiveDate};

use super::measure::width;
use crate::problem::Lang;
use crate::render::spoken::month;

/// Months between two marks: the smallest step at which names have room is taken.
const STEPS: [u32; 14] = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12_000, 60_000];

/// The axis between two edges.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// The first day of the first month.
    pub from: NaiveDate,
    /// The first day after the last month.
    pub to: NaiveDate,
    /// The left edge in pixels.
    pub left: f64,
    /// The right edge in pixels.
    pub right: f64,
}

/// A mark on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it is.
    pub x: f64,
    /// The month; empty when marks are years apart.
    pub month: &'static str,
    /// The year, where it is named.
    pub year: Option<i32>,
}

impl Axis {
    /// The axis that holds all these days; `None` when there is none.
    #[must_use]
    pub fn of(days: impl Iterator<Item = NaiveDate> + Clone, left: f64, right: f64) -> Option<Self> {
        let first = days.clone().min()?;
        let last = days.max()?;
        let from = first.with_day(1)?;
        let to = last.with_day(1)?.checked_add_months(Months::new(1))?;
        Some(Self { from, to, left, right })
    }

    /// Where a day begins.
    #[must_use]
    pub fn x(&self, day: NaiveDate) -> f64 {
        let days = |to: NaiveDate| f64::from(i32::try_from((to - self.from).num_days()).unwrap_or(i32::MAX));
        self.left + (self.right - self.left) * days(day) / days(self.to).max(1.0)
    }

    /// Where the middle of a day is.
    #[must_use]
    pub fn middle(&self, day: NaiveDate) -> f64 {
        f64::midpoint(self.x(day), day.succ_opt().map_or(self.right, |next| self.x(next)))
    }

    /// Whether a day lies on it.
    #[must_use]
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from <= day && day < self.to
    }

    /// The marks, as many as have room for their names at this size.
    #[must_use]
    pub fn ticks(&self, size: f64, lang: Lang) -> Vec<Tick> {
        let widest = (0..12).map(|index| width(month(index, lang), size)).fold(width("2017", size), f64::max);
        let months = months(self.to).saturating_sub(months(self.from)).max(1);
        let each = (self.right - self.left) / f64::from(months);
        let step = STEPS.into_iter().find(|step| each * f64::from(*step) >= widest + 6.0).unwrap_or(60_000);
        let aligned = months_up(months_of(self.from), step);
        let mut ticks: Vec<Tick> = Vec::new();
        let mut named = None;
        for index in (aligned..months_of(self.to)).step_by(step as usize) {
            let Some(day) = day_of(index) else { break };
            // A name that would go over the edge is left out with its line.
            if self.x(day) + widest > self.right + 2.0 {
                break;
            }
            let year = (named != Some(day.year())).then_some(day.year());
            named = Some(day.year());
            let month = if step < 12 { month(day.month0(), lang) } else { "" };
            ticks.push(Tick { x: self.x(day), month, year });
        }
        ticks
    }
}

fn months(day: NaiveDate) -> u32 {
    u32::try_from(months_of(day)).unwrap_or_default()
}

/// Months since the year 0.
fn months_of(day: NaiveDate) -> i32 {
    day.year() * 12 + i32::try_from(day.month0()).unwrap_or_default()
}

/// The next multiple of a step.
fn months_up(months: i32, step: u32) -> i32 {
    let step = i32::try_from(step).unwrap_or(1).max(1);
    months + (-months).rem_euclid(step)
}

fn day_of(months: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(months.div_euclid(12), u32::try_from(months.rem_euclid(12)).ok()? + 1, 1)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::Axis;
    use crate::problem::Lang;
    use crate::render::gantt::measure::width;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn axis(from: &str, to: &str, right: f64) -> Axis {
        Axis::of([day(from), day(to)].into_iter(), 0.0, right).expect("an axis")
    }

    #[test]
    fn an_axis_goes_from_the_first_month_to_the_last() {
        let axis = axis("2017-11-15", "2018-12-15", 1000.0);
        assert_eq!((axis.from, axis.to), (day("2017-11-01"), day("2019-01-01")));
        assert_eq!((axis.x(axis.from), axis.x(axis.to)), (0.0, 1000.0));
        assert!(axis.middle(day("2017-11-15")) > axis.x(day("2017-11-15")));
        assert!(axis.holds(day("2018-12-31")) && !axis.holds(day("2019-01-01")));
        assert!(Axis::of(std::iter::empty(), 0.0, 1.0).is_none());
    }

    #[test]
    fn names_of_months_never_touch_and_every_year_is_named_once() {
        let spans = [
            ("2017-11-15", "2018-12-15"),
            ("2017-11-01", "2017-11-30"),
            ("2001-01-01", "2030-12-31"),
            ("0001-01-01", "9998-01-01"),
        ];
        for (from, to) in spans {
            for right in [300.0, 374.0, 620.0, 1200.0] {
                for lang in [Lang::Nb, Lang::Nn, Lang::En] {
                    let ticks = axis(from, to, right).ticks(11.0, lang);
                    for pair in ticks.windows(2) {
                        let name = width(pair[0].month, 11.0).max(if pair[0].year.is_some() {
                            width("2017", 11.0)
                        } else {
                            0.0
                        });
                        assert!(pair[0].x + name < pair[1].x, "{from} {to} {right}: {pair:?}");
                    }
                    let years: Vec<i32> = ticks.iter().filter_map(|tick| tick.year).collect();
                    assert!(years.windows(2).all(|pair| pair[0] < pair[1]), "{years:?}");
                    assert!(ticks.iter().all(|tick| tick.x >= 0.0 && tick.x < right), "{ticks:?}");
                }
            }
        }
    }

    #[test]
    fn months_are_named_in_the_language() {
        let names = |lang| {
            axis("2017-11-15", "2018-02-15", 900.0).ticks(11.0, lang).iter().map(|tick| tick.month).collect::<Vec<_>>()
        };
        assert_eq!(names(Lang::Nb), ["nov.", "des.", "jan.", "feb."]);
        assert_eq!(names(Lang::En), ["Nov", "Dec", "Jan", "Feb"]);
    }
}
