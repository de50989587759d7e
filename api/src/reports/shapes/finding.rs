//! Findings of the plan check as the wire shows them.

use entity::RecordRef;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::plan_check::{self, FindingRule, FindingSeverity};
use crate::problem::Lang;

/// A finding of the plan check.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The rule that found it.
    #[schema(example = "milestone.out_of_sequence")]
    pub rule: FindingRule,
    /// How much it weighs: an error blocks approval and publication until it is corrected or waived.
    pub severity: FindingSeverity,
    /// The record that it names.
    pub record: RecordRef,
    /// The field of that record, a JSON pointer (RFC 6901); empty for the whole record.
    #[schema(max_length = 500, example = "/plannedOn")]
    pub pointer: String,
    /// What is odd, in the caller's language.
    #[schema(max_length = 2000)]
    pub message: String,
    /// A merge patch of the record that would fit; nothing is corrected by itself.
    #[schema(required = true, value_type = Option<Object>)]
    pub suggestion: Option<Value>,
    /// The waiver that accepts the finding.
    #[schema(required = true)]
    pub waiver: Option<Waiver>,
}

/// The waiver of a finding.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Waiver {
    /// The record of the waiver.
    pub id: Uuid,
    /// Why the finding is accepted.
    #[schema(max_length = 2000)]
    pub reason: String,
}

/// How many findings there are of each severity; waived ones are counted apart.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct FindingCounts {
    /// Errors that are not waived.
    #[schema(minimum = 0)]
    pub errors: usize,
    /// Warnings that are not waived.
    #[schema(minimum = 0)]
    pub warnings: usize,
    /// Infos that are not waived.
    #[schema(minimum = 0)]
    pub infos: usize,
    /// Findings of any severity that are waived.
    #[schema(minimum = 0)]
    pub waived: usize,
}

/// The findings in one language.
#[must_use]
pub fn findings(found: &[plan_check::Finding], lang: Lang) -> Vec<Finding> {
    let one = |finding: &plan_check::Finding| Finding {
        rule: finding.rule,
        severity: finding.severity,
        record: finding.record.clone(),
        pointer: finding.pointer.clone(),
        message: finding.message.in_lang(lang).to_owned(),
        suggestion: finding.suggestion.clone(),
        waiver: finding.waiver.as_ref().map(|(id, reason)| Waiver { id: *id, reason: reason.clone() }),
    };
    found.iter().map(one).collect()
}

/// Counts findings by severity.
#[must_use]
pub fn counts(found: &[plan_check::Finding]) -> FindingCounts {
    found.iter().fold(FindingCounts::default(), |mut counts, finding| {
        match (&finding.waiver, finding.severity) {
            (Some(_), _) => counts.waived += 1,
            (None, FindingSeverity::Error) => counts.errors += 1,
            (None, FindingSeverity::Warning) => counts.warnings += 1,
            (None, FindingSeverity::Info) => counts.infos += 1,
        }
        counts
    })
}
