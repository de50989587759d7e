//! The table of rules: what each is called, how much it weighs, which projects it holds against, how it finds.

use entity::finding_waivers::FindingRule::*;
use entity::finding_waivers::FindingSeverity::{Error, Info, Warning};
use entity::finding_waivers::{FindingRule, FindingSeverity};
use entity::projects::ProjectStatus;

use super::finding::Found;
use super::plan::Plan;
use super::{
    activities, agreements, capacity, decision_points, evidence, goals, interests, mandate, matters, milestones, money,
    organisations, region, reports, roles, slack, steering_group, typo, webhooks,
};

/// One rule of the plan check.
pub(super) struct Rule {
    /// Its name; the code list says what it holds against.
    pub rule: FindingRule,
    /// How much its findings weigh.
    pub severity: FindingSeverity,
    /// Which projects it holds against.
    pub holds: Holds,
    /// Everything that it finds in a plan.
    pub find: fn(&Plan<'_>) -> Vec<Found>,
}

/// Which projects a rule holds against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Every project: what the rule finds is wrong on paper, too, and stays so in the archive.
    Always,
    /// Projects still to be carried out: nobody can plan or staff what is closed or cancelled.
    Open,
    /// Projects under way.
    Active,
}

impl Holds {
    /// Whether the rule is asked about a project.
    pub fn against(self, plan: &Plan<'_>) -> bool {
        match self {
            Self::Always => true,
            Self::Open => plan.open(),
            Self::Active => plan.project.status == ProjectStatus::Active,
        }
    }
}

const fn rule(rule: FindingRule, severity: FindingSeverity, holds: Holds, find: fn(&Plan<'_>) -> Vec<Found>) -> Rule {
    Rule { rule, severity, holds, find }
}

/// Every rule.
pub(super) const RULES: &[Rule] = &[
    rule(MilestoneOutsideProjectPeriod, Error, Holds::Always, milestones::outside_project_period),
    rule(MilestoneOutOfSequence, Error, Holds::Always, milestones::out_of_sequence),
    rule(MilestoneLikelyTypo, Info, Holds::Always, typo::likely_typo),
    rule(MilestoneNonWorkingDay, Info, Holds::Open, milestones::non_working_day),
    rule(MilestoneWithoutActivity, Warning, Holds::Open, milestones::without_activity),
    rule(MilestoneEvidenceMissing, Warning, Holds::Always, evidence::evidence_missing),
    rule(ActivityWithoutMilestone, Warning, Holds::Open, activities::without_milestone),
    rule(ActivityNumberGap, Warning, Holds::Open, activities::number_gap),
    rule(ActivityWithoutSchedule, Warning, Holds::Open, activities::without_schedule),
    rule(DecisionPointWithoutRequirement, Warning, Holds::Open, decision_points::without_requirement),
    rule(DecisionPointAmbiguousApprover, Warning, Holds::Open, decision_points::ambiguous_approver),
    rule(DecisionPointBeforeBudget, Warning, Holds::Open, decision_points::before_budget),
    rule(DecisionPointNoSlack, Warning, Holds::Open, slack::no_slack),
    rule(ProjectBeforeMandate, Warning, Holds::Open, mandate::before_mandate),
    rule(BudgetMissing, Warning, Holds::Open, money::budget_missing),
    rule(BudgetUnbalanced, Error, Holds::Always, money::unbalanced),
    rule(FundingIndicativeOnly, Warning, Holds::Open, money::indicative_only),
    rule(FundingReportOverdue, Warning, Holds::Always, money::report_overdue),
    rule(CostKeyMissing, Warning, Holds::Open, money::cost_key_missing),
    rule(MatterAfterBudgetYear, Warning, Holds::Open, money::after_budget_year),
    rule(RoleMissing, Error, Holds::Active, roles::missing),
    rule(RoleDual, Warning, Holds::Open, interests::dual),
    rule(RoleDoubleAffiliation, Warning, Holds::Open, roles::double_affiliation),
    rule(RoleObserverFunds, Info, Holds::Open, roles::observer_funds),
    rule(SteeringGroupUnequalSeats, Info, Holds::Open, steering_group::unequal_seats),
    rule(OrganisationNearDuplicate, Warning, Holds::Always, organisations::near_duplicate),
    rule(OrganisationAliasUsed, Info, Holds::Always, organisations::alias_used),
    rule(GoalNotMeasurable, Warning, Holds::Open, goals::not_measurable),
    rule(CapacityProviderFteDiffers, Warning, Holds::Open, capacity::provider_fte_differs),
    rule(CapacityTemporary, Warning, Holds::Open, capacity::temporary),
    rule(CapacityApproximate, Info, Holds::Open, capacity::approximate),
    rule(RegionMembershipChanges, Warning, Holds::Open, region::membership_changes),
    rule(MatterRejected, Warning, Holds::Open, matters::rejected),
    rule(AgreementIncomplete, Error, Holds::Always, agreements::incomplete),
    rule(AgreementTextsDiffer, Warning, Holds::Always, agreements::texts_differ),
    rule(ReportOverdue, Warning, Holds::Active, reports::overdue),
    rule(WebhookDisabled, Warning, Holds::Always, webhooks::disabled),
];
