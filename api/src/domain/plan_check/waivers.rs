//! Which findings the project has accepted, and why.

use std::collections::HashMap;

use entity::RecordRef;
use entity::finding_waivers::{self, FindingRule};
use uuid::Uuid;

use crate::domain::Picture;

/// The waivers of a project, by what they accept; the oldest of several for the same stands.
pub(super) struct Waivers<'a>(HashMap<Key<'a>, &'a finding_waivers::Model>);

/// Rule, record and field; none stands for every one.
type Key<'a> = (FindingRule, Option<(&'a str, Uuid)>, Option<&'a str>);

impl<'a> Waivers<'a> {
    pub fn of(picture: &'a Picture) -> Self {
        let mut waivers = HashMap::new();
        for waiver in picture.finding_waivers.iter().filter(|waiver| waiver.project_id == picture.focus) {
            let record = waiver.record.as_ref().map(|record| (record.kind.as_str(), record.id));
            waivers.entry((waiver.rule, record, waiver.pointer.as_deref())).or_insert(waiver);
        }
        Self(waivers)
    }

    /// The waiver that accepts a finding; the one that says most exactly what it accepts.
    pub fn of_finding(&self, rule: FindingRule, record: &RecordRef, pointer: &str) -> Option<&finding_waivers::Model> {
        let record = (record.kind.as_str(), record.id);
        let keys = [(Some(record), Some(pointer)), (Some(record), None), (None, Some(pointer)), (None, None)];
        keys.into_iter().find_map(|(record, pointer)| self.0.get(&(rule, record, pointer)).copied())
    }
}
