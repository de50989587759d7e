//! What the municipalities' answers come to: a case from its steps, a matter from its cases and its rule.

use chrono::NaiveDate;
use entity::matters::{MatterRule, MatterState, MatterSubject, RollUp};
use entity::political_steps::{self, StepOutcome};
use uuid::Uuid;

/// One treatment of a case.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The step.
    pub id: Uuid,
    /// The day of the meeting.
    pub on: Option<NaiveDate>,
    /// What was decided.
    pub outcome: Option<StepOutcome>,
    /// Whether it closes the case.
    pub is_final: bool,
}

impl From<&political_steps::Model> for Step {
    fn from(step: &political_steps::Model) -> Self {
        Self { id: step.id, on: step.meeting_on, outcome: step.outcome, is_final: step.is_final }
    }
}

/// What the final step of a case decided, and when. Only a final step closes a case; of several the latest speaks,
/// since a council may decide anew.
#[must_use]
pub fn closed(steps: &[Step]) -> Option<(StepOutcome, Option<NaiveDate>)> {
    let last =
        steps.iter().filter(|step| step.is_final && step.outcome.is_some()).max_by_key(|step| (step.on, step.id))?;
    last.outcome.map(|outcome| (outcome, last.on))
}

/// Whether the newest step that decided anything put the case off.
#[must_use]
pub fn postponed(steps: &[Step]) -> bool {
    let decided = steps.iter().filter(|step| step.outcome.is_some());
    decided.max_by_key(|step| (step.on, step.id)).is_some_and(|step| step.outcome == Some(StepOutcome::Postponed))
}

/// A case as the roll-up sees it.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The municipality.
    pub organisation: Uuid,
    /// What the final step decided; `None` while the case is open.
    pub outcome: Option<StepOutcome>,
    /// The date of that step.
    pub decided_on: Option<NaiveDate>,
    /// Whether the newest step of the open case postponed it.
    pub postponed: bool,
}

/// Where a matter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How many municipalities have answered what.
    pub roll_up: RollUp,
    /// What that comes to by the rule.
    pub state: MatterState,
    /// The date of the step that made it true.
    pub met_on: Option<NaiveDate>,
}

/// How a case counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    YesWithConditions,
    No,
    Later,
    None,
}

/// A report is treated when it is noted; budgets, agreements and the like take a yes.
const fn answer(subject: MatterSubject, case: &Case) -> Answer {
    match case.outcome {
        Some(StepOutcome::Adopted) => Answer::Yes,
        Some(StepOutcome::AdoptedWithConditions) => Answer::YesWithConditions,
        Some(StepOutcome::Rejected) => Answer::No,
        Some(StepOutcome::Postponed) => Answer::Later,
        Some(StepOutcome::Noted) if matches!(subject, MatterSubject::FinalReport) => Answer::Yes,
        Some(StepOutcome::Noted) => Answer::None,
        None if case.postponed => Answer::Later,
        None => Answer::None,
    }
}

/// Rolls the cases of a matter up by its rule. With the rule `named`, municipalities without a case count as asked.
#[must_use]
pub fn roll_up(subject: MatterSubject, rule: MatterRule, named: &[Uuid], cases: &[Case]) -> Standing {
    let counts = |case: &&Case| rule != MatterRule::Named || named.contains(&case.organisation);
    let asked: Vec<&Case> = cases.iter().filter(counts).collect();
    let of = if rule == MatterRule::Named { named.len() } else { asked.len() };
    let number = |wanted: Answer| asked.iter().filter(|case| answer(subject, case) == wanted).count();
    let (yes, with_conditions, no, later) =
        (number(Answer::Yes), number(Answer::YesWithConditions), number(Answer::No), number(Answer::Later));
    let adopted = yes + with_conditions;
    let needed = match rule {
        MatterRule::All | MatterRule::Named => of,
        MatterRule::Majority => of / 2 + 1,
    };
    let state = if of > 0 && adopted >= needed {
        MatterState::Met
    } else if of.saturating_sub(no) < needed {
        MatterState::NotMet
    } else if adopted > 0 {
        MatterState::PartiallyMet
    } else {
        MatterState::Pending
    };
    let mut dates: Vec<Option<NaiveDate>> = asked
        .iter()
        .filter(|case| matches!(answer(subject, case), Answer::Yes | Answer::YesWithConditions))
        .map(|case| case.decided_on)
        .collect();
    dates.sort_unstable();
    let met_on = (state == MatterState::Met).then(|| dates.get(needed.saturating_sub(1)).copied().flatten()).flatten();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let roll_up = RollUp {
        of: count(of),
        adopted: count(yes),
        adopted_with_conditions: count(with_conditions),
        rejected: count(no),
        postponed: count(later),
        pending: count(of.saturating_sub(adopted + no + later)),
    };
    Standing { roll_up, state, met_on }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(number: u128, outcome: Option<StepOutcome>, day: u32) -> Case {
        let decided_on = outcome.and_then(|_| NaiveDate::from_ymd_opt(2018, 1, day));
        Case { organisation: Uuid::from_u128(number), outcome, decided_on, postponed: false }
    }

    fn of(rule: MatterRule, cases: &[Case]) -> Standing {
        roll_up(MatterSubject::Budget, rule, &[], cases)
    }

    const YES: Option<StepOutcome> = Some(StepOutcome::Adopted);
    const NO: Option<StepOutcome> = Some(StepOutcome::Rejected);

    #[test]
    fn all_must_say_yes_and_the_last_date_counts() {
        let open = of(MatterRule::All, &[case(1, None, 0), case(2, None, 0)]);
        assert_eq!((open.state, open.met_on), (MatterState::Pending, None));
        let some = of(MatterRule::All, &[case(1, YES, 20), case(2, YES, 10), case(3, YES, 5), case(4, None, 0)]);
        assert_eq!(
            (some.state, some.roll_up.adopted, some.roll_up.of, some.roll_up.pending),
            (MatterState::PartiallyMet, 3, 4, 1)
        );
        let all = of(MatterRule::All, &[case(1, YES, 20), case(2, YES, 10)]);
        assert_eq!((all.state, all.met_on), (MatterState::Met, NaiveDate::from_ymd_opt(2018, 1, 20)));
        let no = of(MatterRule::All, &[case(1, YES, 20), case(2, NO, 10), case(3, None, 0)]);
        assert_eq!((no.state, no.met_on), (MatterState::NotMet, None));
    }

    #[test]
    fn a_majority_is_met_on_the_day_that_made_it_one_and_lost_when_it_cannot_be_reached() {
        let won = of(MatterRule::Majority, &[case(1, YES, 3), case(2, YES, 9), case(3, YES, 6), case(4, None, 0)]);
        assert_eq!((won.state, won.met_on), (MatterState::Met, NaiveDate::from_ymd_opt(2018, 1, 9)));
        let tied = of(MatterRule::Majority, &[case(1, YES, 3), case(2, YES, 9), case(3, NO, 6), case(4, NO, 6)]);
        assert_eq!(tied.state, MatterState::NotMet);
        let open = of(MatterRule::Majority, &[case(1, YES, 3), case(2, NO, 9), case(3, None, 0)]);
        assert_eq!(open.state, MatterState::PartiallyMet);
    }

    #[test]
    fn named_municipalities_decide_and_the_others_do_not() {
        let named = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let cases = [case(1, YES, 3), case(3, NO, 4)];
        let standing = roll_up(MatterSubject::Agreement, MatterRule::Named, &named, &cases);
        assert_eq!((standing.state, standing.roll_up.of, standing.roll_up.rejected), (MatterState::PartiallyMet, 2, 0));
    }

    #[test]
    fn a_report_is_treated_when_it_is_noted_but_a_budget_takes_a_yes() {
        let noted = [case(1, Some(StepOutcome::Noted), 3)];
        assert_eq!(roll_up(MatterSubject::FinalReport, MatterRule::All, &[], &noted).state, MatterState::Met);
        assert_eq!(roll_up(MatterSubject::Budget, MatterRule::All, &[], &noted).state, MatterState::Pending);
    }

    #[test]
    fn only_a_final_step_closes_a_case_and_the_latest_speaks() {
        let day = |day| NaiveDate::from_ymd_opt(2018, 1, day);
        let step = |number, on, outcome, is_final| Step { id: Uuid::from_u128(number), on, outcome, is_final };
        assert_eq!(closed(&[step(1, day(5), YES, false)]), None);
        let steps = [step(1, day(5), YES, false), step(2, day(9), NO, true), step(3, day(20), YES, true)];
        assert_eq!(closed(&steps), Some((StepOutcome::Adopted, day(20))));
    }
}
