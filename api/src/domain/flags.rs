//! Flags follow the plan check: what is to be raised, changed or cleared so that they say what it finds.

use std::collections::{BTreeMap, BTreeSet};

use entity::finding_waivers::{FindingRule, FindingSeverity};
use entity::flags::{FlagState, Model};
use entity::{Record, RecordRef, agreement_parties, interest_declarations, milestones, webhooks};
use uuid::Uuid;

use super::plan_check::Finding;

/// What a flag says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The rule.
    pub rule: FindingRule,
    /// The record.
    pub record: RecordRef,
    /// The field.
    pub pointer: String,
    /// How much it weighs.
    pub severity: FindingSeverity,
    /// Whether only those see it who see all of the project.
    pub internal: bool,
    /// Whether the project has accepted it.
    pub waived: bool,
}

/// What is to be done about one flag.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn<'a> {
    /// There was none.
    Raise(Said),
    /// It was cleared and is found again.
    Again(&'a Model, Said),
    /// It stands, and says something else.
    Change(&'a Model, Said),
    /// It is found no longer.
    Clear(&'a Model),
}

/// What makes two findings one flag.
type Key<'a> = (&'static str, &'a str, Uuid, &'a str);

/// What there is to flag of what was found. What the service gave up of telling others, and who has declared an interest, is not for
/// everybody who sees all of the project: those findings are told to who asks for the findings, and are no flags. `hidden` are the
/// milestones that are internal.
#[must_use]
pub fn flagged(found: &[Finding], hidden: &BTreeSet<Uuid>) -> Vec<Said> {
    let told = found.iter().filter(|one| !of_some(&one.record.kind));
    let said = told.map(|one| Said {
        rule: one.rule,
        record: one.record.clone(),
        pointer: one.pointer.clone(),
        severity: one.severity,
        internal: internal(&one.record, hidden),
        waived: one.waiver.is_some(),
    });
    said.collect()
}

fn of_some(kind: &str) -> bool {
    [webhooks::Entity::KIND, interest_declarations::Entity::KIND].contains(&kind)
}

/// Whether a record is for those who see all of its project.
fn internal(record: &RecordRef, hidden: &BTreeSet<Uuid>) -> bool {
    record.kind == agreement_parties::Entity::KIND
        || (record.kind == milestones::Entity::KIND && hidden.contains(&record.id))
}

/// What is to be done so that the flags that there are, raised and cleared, say what was found; nothing when they do.
#[must_use]
pub fn turns<'a>(flags: &'a [Model], said: &[Said]) -> Vec<Turn<'a>> {
    // The first of several is the heaviest: findings come in that order.
    let mut found: BTreeMap<Key<'_>, &Said> = BTreeMap::new();
    for one in said {
        found.entry((one.rule.code(), &one.record.kind, one.record.id, &one.pointer)).or_insert(one);
    }
    let mut turns = Vec::new();
    for flag in flags {
        let key: Key<'_> = (flag.rule.code(), &flag.record.kind, flag.record.id, &flag.pointer);
        let one = found.remove(&key);
        match (flag.state, one) {
            (FlagState::Raised, None) => turns.push(Turn::Clear(flag)),
            (FlagState::Cleared, Some(one)) => turns.push(Turn::Again(flag, one.clone())),
            (FlagState::Raised, Some(one))
                if (flag.severity, flag.internal, flag.waived) != (one.severity, one.internal, one.waived) =>
            {
                turns.push(Turn::Change(flag, one.clone()));
            }
            (FlagState::Raised, Some(_)) | (FlagState::Cleared, None) => {}
        }
    }
    turns.extend(found.into_values().cloned().map(Turn::Raise));
    turns
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::RecordRef;
    use entity::finding_waivers::{FindingRule, FindingSeverity};
    use entity::flags::{FlagState, Model};
    use uuid::Uuid;

    use super::{Said, Turn, turns};

    fn said(rule: FindingRule, pointer: &str) -> Said {
        let record = RecordRef { kind: "milestone".to_owned(), id: Uuid::from_u128(7) };
        Said {
            rule,
            record,
            pointer: pointer.to_owned(),
            severity: FindingSeverity::Error,
            internal: false,
            waived: false,
        }
    }

    fn flag(said: &Said, state: FlagState) -> Model {
        let at = DateTime::UNIX_EPOCH;
        Model {
            id: Uuid::from_u128(1),
            version: 1,
            created_at: at,
            created_by: None,
            updated_at: at,
            updated_by: None,
            project_id: Uuid::from_u128(2),
            rule: said.rule,
            severity: said.severity,
            record: said.record.clone(),
            pointer: said.pointer.clone(),
            internal: said.internal,
            waived: said.waived,
            state,
            raised_at: at,
            cleared_at: None,
            search_text: String::new(),
        }
    }

    #[test]
    fn a_flag_comes_goes_and_comes_back() {
        let year = said(FindingRule::MilestoneOutsideProjectPeriod, "/plannedOn");
        let order = said(FindingRule::MilestoneOutOfSequence, "/plannedOn");
        assert_eq!(turns(&[], std::slice::from_ref(&year)), [Turn::Raise(year.clone())]);
        let raised = [flag(&year, FlagState::Raised)];
        assert_eq!(turns(&raised, std::slice::from_ref(&year)), [], "it stands");
        assert_eq!(turns(&raised, &[]), [Turn::Clear(&raised[0])]);
        assert_eq!(turns(&raised, std::slice::from_ref(&order)), [Turn::Clear(&raised[0]), Turn::Raise(order.clone())]);
        let cleared = [flag(&year, FlagState::Cleared)];
        assert_eq!(turns(&cleared, &[]), [], "it stays away");
        assert_eq!(turns(&cleared, std::slice::from_ref(&year)), [Turn::Again(&cleared[0], year)]);
    }

    #[test]
    fn another_field_is_another_flag_and_another_weight_is_not() {
        let year = said(FindingRule::MilestoneLikelyTypo, "/plannedOn");
        let raised = [flag(&year, FlagState::Raised)];
        let elsewhere = said(FindingRule::MilestoneLikelyTypo, "/forecastOn");
        assert_eq!(turns(&raised, &[year.clone(), elsewhere.clone()]), [Turn::Raise(elsewhere)]);
        let lighter = Said { severity: FindingSeverity::Info, ..year.clone() };
        assert_eq!(turns(&raised, std::slice::from_ref(&lighter)), [Turn::Change(&raised[0], lighter.clone())]);
        assert_eq!(turns(&raised, &[year.clone(), lighter]), [], "of two the heavier");
        for other in [Said { internal: true, ..year.clone() }, Said { waived: true, ..year }] {
            assert_eq!(turns(&raised, std::slice::from_ref(&other)), [Turn::Change(&raised[0], other.clone())]);
        }
    }
}
