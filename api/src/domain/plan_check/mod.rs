//! The plan check: what a reader of the plan would point at, each with its rule, its culprit and what would fit.
//!
//! [`rules`] is the table of all rules; each theme has a file that holds how its rules find. A new rule is a code
//! of [`FindingRule`], a row of that table and a function from [`Plan`] to what it found.

mod activities;
mod agreements;
mod capacity;
mod decision_points;
mod evidence;
mod finding;
mod goals;
mod interests;
mod mandate;
mod matters;
mod milestones;
mod money;
mod organisations;
mod plan;
mod region;
mod reports;
mod roles;
mod rules;
mod sequence;
mod slack;
mod steering_group;
mod typo;
mod waivers;
mod webhooks;
mod words;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
pub use entity::finding_waivers::{FindingRule, FindingSeverity};

use super::Picture;
pub use finding::Finding;
use plan::Plan;
use waivers::Waivers;

/// The errors that nobody has waived: what keeps a decision from being made and a report from being published.
pub fn errors(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|finding| finding.severity == FindingSeverity::Error && finding.waiver.is_none())
}

/// Every finding of a project as it is on a day: errors first, then by rule and record; waived ones say so.
#[must_use]
pub fn check(picture: &Picture, today: NaiveDate) -> Vec<Finding> {
    let Some(plan) = Plan::of(picture, today) else { return Vec::new() };
    let waivers = Waivers::of(picture);
    let asked = rules::RULES.iter().filter(|rule| rule.holds.against(&plan));
    let found = asked.flat_map(|rule| (rule.find)(&plan).into_iter().map(move |found| (rule, found)));
    let mut findings: Vec<Finding> = found.map(|(rule, found)| Finding::of(rule, found, &waivers)).collect();
    findings.sort_by(|a, b| a.place().cmp(&b.place()));
    findings
}

/// What there is to find that is of no project: webhooks of an organisation, or of everything, that the service gave up.
#[must_use]
pub fn of_no_project(given_up: &[entity::webhooks::Model]) -> Vec<Finding> {
    let nothing = Picture::default();
    let waivers = Waivers::of(&nothing);
    let Some(rule) = rules::RULES.iter().find(|rule| rule.rule == FindingRule::WebhookDisabled) else {
        return Vec::new();
    };
    let of_none = given_up.iter().filter(|webhook| webhook.project_id.is_none());
    let found = of_none.filter_map(webhooks::given_up);
    let mut findings: Vec<Finding> = found.map(|found| Finding::of(rule, found, &waivers)).collect();
    findings.sort_by(|a, b| a.place().cmp(&b.place()));
    findings
}
