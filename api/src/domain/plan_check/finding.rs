//! What the plan check answers with: one finding, about one record.

use entity::finding_waivers::{FindingRule, FindingSeverity};
use entity::{Record, RecordRef};
use serde_json::Value;
use uuid::Uuid;

use super::rules::Rule;
use super::waivers::Waivers;
use crate::problem::Text;

/// One finding, about one record.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: FindingRule,
    /// How much it weighs.
    pub severity: FindingSeverity,
    /// The record that it names.
    pub record: RecordRef,
    /// The field, a JSON pointer (RFC 6901) into the record; empty for the whole record.
    pub pointer: String,
    /// What is odd, in words.
    pub message: Text,
    /// What would fit, as a merge patch of the record; a suggestion only, nothing is corrected by itself.
    pub suggestion: Option<Value>,
    /// The waiver that accepts it, and its reason.
    pub waiver: Option<(Uuid, String)>,
}

impl Finding {
    /// What a rule found, with the weight of the rule and the waiver that accepts it.
    pub(super) fn of(rule: &Rule, found: Found, waivers: &Waivers<'_>) -> Self {
        let waiver = waivers.of_finding(rule.rule, &found.record, &found.pointer);
        Self {
            rule: rule.rule,
            severity: rule.severity,
            record: found.record,
            pointer: found.pointer,
            message: found.message,
            suggestion: found.suggestion,
            waiver: waiver.map(|waiver| (waiver.id, waiver.reason.clone())),
        }
    }

    /// Where it stands in the list.
    pub(super) fn place(&self) -> impl Ord + '_ {
        (self.severity, self.rule.code(), &self.record.kind, self.record.id, &self.pointer)
    }
}

/// What a rule found: the culprit and what is odd about it.
pub(super) struct Found {
    pub record: RecordRef,
    pub pointer: String,
    pub message: Text,
    pub suggestion: Option<Value>,
}

impl Found {
    /// A finding about a field of a record; the empty pointer is the whole record.
    pub fn at<E: Record>(id: Uuid, pointer: &str, message: Text) -> Self {
        let record = RecordRef { kind: E::KIND.to_owned(), id };
        Self { record, pointer: pointer.to_owned(), message, suggestion: None }
    }

    /// Adds a merge patch of the record that would fit.
    pub fn suggesting(mut self, patch: Value) -> Self {
        self.suggestion = Some(patch);
        self
    }
}
