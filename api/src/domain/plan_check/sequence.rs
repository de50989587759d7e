//! Numbers and dates in the same order: the fewest milestones whose removal puts them so.

use chrono::NaiveDate;
use entity::milestones;

use super::plan::Plan;
use crate::domain::numbering::Number;

/// A dated milestone in its place among the others of its series.
pub(super) struct Place<'a> {
    pub milestone: &'a milestones::Model,
    pub date: NaiveDate,
    /// Whether the date lies in the project's period.
    pub in_period: bool,
    /// Whether it is among those that are in order once the culprits are gone.
    pub kept: bool,
}

/// The planned milestones, series by series ("MP 1" says nothing of "01"), each in the order of its numbers. Those of
/// one number may come in any order: they stand in the order of their dates.
pub(super) fn series<'a>(plan: &Plan<'a>) -> Vec<Vec<Place<'a>>> {
    let mut series: Vec<(String, Vec<Place<'a>>)> = Vec::new();
    for milestone in plan.milestones.iter().copied() {
        let Some(date) = milestone.planned_on else { continue };
        let number = Number::of(&milestone.number);
        let place = Place { milestone, date, in_period: plan.in_period(date), kept: false };
        // The milestones come in the order of their numbers, so a series comes in one piece.
        match series.last_mut() {
            Some((name, places)) if *name == number.series() => places.push(place),
            Some(_) | None => series.push((number.series().to_owned(), vec![place])),
        }
    }
    let mut series: Vec<Vec<Place<'a>>> = series.into_iter().map(|(_, places)| places).collect();
    for places in &mut series {
        let dates: Vec<(NaiveDate, bool)> = places.iter().map(|place| (place.date, place.in_period)).collect();
        for (place, kept) in places.iter_mut().zip(in_order(&dates)) {
            place.kept = kept;
        }
    }
    series
}

/// How good it is to keep a milestone and some that follow it: how many they are, then how many lie in the period.
type Worth = (usize, usize);

/// Which of the dates to keep so that they never go back: as many as can be; of equally many those with most dates in
/// the project's period (the `bool`), then those that come first. O(n log n): for each date, from the last, the best
/// that can follow it is the best so far among the dates not before it.
pub(super) fn in_order(dates: &[(NaiveDate, bool)]) -> Vec<bool> {
    let mut days: Vec<NaiveDate> = dates.iter().map(|(date, _)| *date).collect();
    days.sort_unstable();
    days.dedup();
    let rank = |date: &NaiveDate| days.partition_point(|day| day < date);
    let mut best = BestNotBefore::new(days.len());
    let mut worth: Vec<Worth> = vec![(0, 0); dates.len()];
    for (place, (date, in_period)) in dates.iter().enumerate().rev() {
        let (count, inside) = best.from(rank(date));
        worth[place] = (count + 1, inside + usize::from(*in_period));
        best.raise(rank(date), worth[place]);
    }
    let mut left = best.from(0);
    let mut last = NaiveDate::MIN;
    let mut kept = vec![false; dates.len()];
    for (place, (date, in_period)) in dates.iter().enumerate() {
        if worth[place] == left && left.0 > 0 && *date >= last {
            kept[place] = true;
            last = *date;
            left = (left.0 - 1, left.1 - usize::from(*in_period));
        }
    }
    kept
}

/// The best worth at or after a rank (a Fenwick tree over the ranks from the last).
struct BestNotBefore(Vec<Worth>);

impl BestNotBefore {
    fn new(ranks: usize) -> Self {
        Self(vec![(0, 0); ranks + 1])
    }

    fn from(&self, rank: usize) -> Worth {
        let mut node = self.0.len() - 1 - rank;
        let mut best = (0, 0);
        while node > 0 {
            best = best.max(self.0[node]);
            node &= node - 1;
        }
        best
    }

    fn raise(&mut self, rank: usize, worth: Worth) {
        let mut node = self.0.len() - 1 - rank;
        while node < self.0.len() {
            self.0[node] = self.0[node].max(worth);
            node += node & node.wrapping_neg();
        }
    }
}
