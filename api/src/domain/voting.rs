//! Whether a body could resolve what the minutes say it did: quorum, majority and the chair's casting vote.

use entity::body_rules::{Majority, Quorum};
use entity::resolutions::ResolutionOutcome;

use crate::problem::Text;
use crate::text;

/// How a body votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// How many of the votes must be present.
    pub quorum: Quorum,
    /// How many votes a proposal needs.
    pub majority: Majority,
    /// Whether the chair's vote decides when the votes are equal.
    pub chair_casting_vote: bool,
}

impl Default for Rule {
    /// Half present, a simple majority, the chair's casting vote (kommuneloven §§ 11-8 and 11-9).
    fn default() -> Self {
        Self { quorum: Quorum::Half, majority: Majority::Simple, chair_casting_vote: true }
    }
}

/// The votes of a body on the day of a meeting.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    /// All votes of the body; `None` when the seats' votes are not known.
    pub votes: Option<i64>,
    /// The votes of those present; `None` when nobody has noted who was there.
    pub present: Option<i64>,
}

/// What was counted.
#[derive(Clone, Copy, Debug)]
pub struct Count {
    /// What the minutes say.
    pub outcome: ResolutionOutcome,
    /// Votes for; `None` when they were not counted.
    pub votes_for: Option<i64>,
    /// Votes against; `None` when they were not counted.
    pub votes_against: Option<i64>,
}

/// Why a resolution is against the rule of its body; `None` when it is not, or when what is known does not tell.
#[must_use]
pub fn against_rule(rule: Rule, body: Body, count: Count) -> Option<Text> {
    let decided = matches!(count.outcome, ResolutionOutcome::Adopted | ResolutionOutcome::Rejected);
    if !decided {
        return None;
    }
    quorum(rule, body).or_else(|| votes(rule, body, count))
}

fn quorum(rule: Rule, body: Body) -> Option<Text> {
    let (all, present) = (body.votes.filter(|all| *all > 0)?, body.present?);
    let needed = match rule.quorum {
        Quorum::None => return None,
        Quorum::Half => all.div_euclid(2) + all.rem_euclid(2),
        Quorum::TwoThirds => (2 * all + 2).div_euclid(3),
        Quorum::All => all,
    };
    (present < needed).then(|| {
        text!(
            "ikke vedtaksfør: {present} av {all} stemmer til stede, minst {needed} kreves",
            "ikkje vedtaksfør: {present} av {all} stemmer til stades, minst {needed} krevst",
            "no quorum: {present} of {all} votes present, at least {needed} are needed"
        )
    })
}

fn votes(rule: Rule, body: Body, count: Count) -> Option<Text> {
    let (yes, no) = (count.votes_for?, count.votes_against?);
    let cast = yes + no;
    if let Some(most) = body.present.or(body.votes).filter(|most| cast > *most) {
        return Some(text!(
            "{cast} stemmer er avgitt, men bare {most} kan avgis",
            "{cast} stemmer er gjevne, men berre {most} kan gjevast",
            "{cast} votes were cast, but only {most} can be"
        ));
    }
    let adopted = carried(rule, body.votes, yes, no);
    let says = count.outcome == ResolutionOutcome::Adopted;
    (adopted.is_some_and(|adopted| adopted != says)).then(|| {
        let outcome = if says { "adopted" } else { "rejected" };
        text!(
            "{yes} mot {no} stemmer gir ikke utfallet {outcome} etter regelen for organet",
            "{yes} mot {no} stemmer gir ikkje utfallet {outcome} etter regelen for organet",
            "{yes} to {no} votes do not give the outcome {outcome} by the rule of the body"
        )
    })
}

/// Whether the votes carry a proposal; `None` when the chair's vote, or the number of all votes, decides it.
fn carried(rule: Rule, all: Option<i64>, yes: i64, no: i64) -> Option<bool> {
    match rule.majority {
        Majority::Simple if yes == no => (!rule.chair_casting_vote).then_some(false),
        Majority::Simple => Some(yes > no),
        Majority::Absolute => all.map(|all| 2 * yes > all),
        Majority::TwoThirds => Some(3 * yes >= 2 * (yes + no) && yes > 0),
        Majority::Unanimous => Some(no == 0 && yes > 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(outcome: ResolutionOutcome, yes: i64, no: i64) -> Count {
        Count { outcome, votes_for: Some(yes), votes_against: Some(no) }
    }

    const FIVE: Body = Body { votes: Some(5), present: Some(5) };

    #[test]
    fn a_body_of_five_resolves_with_three_present_and_not_with_two() {
        let body = |present| Body { votes: Some(5), present: Some(present) };
        let said = count(ResolutionOutcome::Adopted, 2, 0);
        assert!(against_rule(Rule::default(), body(2), said).is_some());
        assert!(against_rule(Rule::default(), body(3), said).is_none());
        assert!(against_rule(Rule { quorum: Quorum::TwoThirds, ..Rule::default() }, body(3), said).is_some());
    }

    #[test]
    fn what_is_not_known_is_not_held_against_anybody() {
        let unknown = Body { votes: None, present: None };
        assert!(against_rule(Rule::default(), unknown, count(ResolutionOutcome::Adopted, 3, 2)).is_none());
        let uncounted = Count { outcome: ResolutionOutcome::Adopted, votes_for: None, votes_against: None };
        assert!(against_rule(Rule::default(), FIVE, uncounted).is_none());
    }

    #[test]
    fn votes_and_outcome_must_agree() {
        assert!(against_rule(Rule::default(), FIVE, count(ResolutionOutcome::Adopted, 2, 3)).is_some());
        assert!(against_rule(Rule::default(), FIVE, count(ResolutionOutcome::Rejected, 3, 2)).is_some());
        assert!(against_rule(Rule::default(), FIVE, count(ResolutionOutcome::Adopted, 5, 1)).is_some());
        assert!(against_rule(Rule::default(), FIVE, count(ResolutionOutcome::Adopted, 2, 2)).is_none());
        let no_casting = Rule { chair_casting_vote: false, ..Rule::default() };
        assert!(against_rule(no_casting, FIVE, count(ResolutionOutcome::Adopted, 2, 2)).is_some());
        let unanimous = Rule { majority: Majority::Unanimous, ..Rule::default() };
        assert!(against_rule(unanimous, FIVE, count(ResolutionOutcome::Adopted, 4, 1)).is_some());
        assert!(against_rule(Rule::default(), FIVE, count(ResolutionOutcome::Noted, 0, 5)).is_none());
    }
}
