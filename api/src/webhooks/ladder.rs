//! When to try again: the ladder of the specification, which takes some 75 hours.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Seconds from one attempt to the next; the first is made at once.
const STEPS: [i64; 9] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// Longest time that an endpoint may ask for.
const LONGEST: i64 = 86_400;
/// How much longer than the step the time may be, in hundredths: what failed together does not come back together.
const JITTER: i64 = 20;

/// When the next attempt is due after this many; `None` when there is no other. `chance` is a random number.
/// Whole milliseconds, as every instant here.
pub fn next(made: i64, now: DateTime<Utc>, asked: Option<i64>, chance: u16) -> Option<DateTime<Utc>> {
    let step = usize::try_from(made - 1).ok().and_then(|made| STEPS.get(made))?;
    let waits = (*step).max(asked.unwrap_or_default().min(LONGEST)) * 1000;
    let longer = waits * JITTER / 100 * i64::from(chance) / i64::from(u16::MAX);
    Some((now + TimeDelta::milliseconds(waits + longer)).trunc_subsecs(3))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::next;

    #[test]
    fn ten_attempts_take_three_days_and_a_bit() {
        let began = DateTime::<Utc>::UNIX_EPOCH;
        let last = |chance| (1..).try_fold(began, |now, made| next(made, now, None, chance).ok_or(now));
        let hours = |chance| last(chance).map_or_else(|last| (last - began).num_minutes() as f64 / 60.0, |_| 0.0);
        assert!((75.5..75.7).contains(&hours(0)), "{}", hours(0));
        assert!((90.0..91.0).contains(&hours(u16::MAX)), "{}", hours(u16::MAX));
        assert_eq!((1..).take_while(|made| next(*made, began, None, 0).is_some()).count(), 9);
    }

    #[test]
    fn the_next_attempt_is_due_at_a_whole_millisecond() {
        let now = DateTime::from_timestamp(0, 123_456_789).expect("an instant");
        let due = next(1, now, None, 0).map(|at| (at.timestamp(), at.timestamp_subsec_nanos()));
        assert_eq!(due, Some((5, 123_000_000)));
    }

    #[test]
    fn who_asks_for_time_gets_it_within_reason() {
        let began = DateTime::<Utc>::UNIX_EPOCH;
        let seconds = |asked| next(1, began, Some(asked), 0).map(|at| at.timestamp());
        assert_eq!((seconds(0), seconds(120), seconds(1_000_000)), (Some(5), Some(120), Some(86_400)));
    }
}
