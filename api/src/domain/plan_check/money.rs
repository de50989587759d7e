//! Rules on money: that it is known, that it balances, that somebody has promised it, and who bears how much.

use chrono::{Datelike, NaiveDate};
use entity::budgets::{self, BudgetStatus};
use entity::documents::{DocumentKind, DocumentStatus};
use entity::funding_sources::{self, FundingState};
use entity::matters::{MatterState, MatterSubject, Model as Matter};
use entity::project_parties::PartyRole;
use entity::projects::{Entity as Project, ProjectStatus};

use super::finding::Found;
use super::plan::Plan;
use crate::domain::{cost_key, finance, money};
use crate::text;

/// A project that has a start, or is under way, and no budget with an amount: what is not known yet is not zero. A
/// budget document that stands is taken for one, too.
pub(super) fn budget_missing(plan: &Plan<'_>) -> Vec<Found> {
    let known = plan.picture.budgets.iter().any(|budget| budget.total_ore.is_some());
    let document = plan
        .documents
        .iter()
        .any(|document| document.kind == DocumentKind::Budget && document.status != DocumentStatus::Superseded);
    if known || document || !planned(plan) {
        return Vec::new();
    }
    let message = text!(
        "Prosjektet har ikke noe budsjett: hva det koster og hvem som betaler, er ikke kjent ennå.",
        "Prosjektet har ikkje noko budsjett: kva det kostar og kven som betaler, er ikkje kjent enno.",
        "The project has no budget: what it costs and who pays are not known yet."
    );
    vec![Found::at::<Project>(plan.project.id, "", message)]
}

/// A later phase that is only named is asked for no money yet.
fn planned(plan: &Plan<'_>) -> bool {
    plan.project.starts_on.is_some() || plan.project.status != ProjectStatus::Pipeline
}

/// What payers are bound to does not cover the cash of the budget that binds. An amount that is not known may cover it.
pub(super) fn unbalanced(plan: &Plan<'_>) -> Vec<Found> {
    let binding = plan.picture.budgets.iter().filter(|budget| budget.status == BudgetStatus::Committed);
    let Some(budget) = finance::in_force(binding) else { return Vec::new() };
    let sources = &plan.picture.funding_sources;
    let Some(cash) = budget.cash_ore.filter(|_| finance::commitments_known(sources)) else { return Vec::new() };
    let funded = finance::committed(sources).unwrap_or_default();
    if funded >= cash {
        return Vec::new();
    }
    let [cash, funded, gap] = [cash, funded, cash - funded].map(money::kroner);
    let (cash_no, funded_no, gap_no) = (cash.nb, funded.nb, gap.nb);
    let (cash_en, funded_en, gap_en) = (cash.en, funded.en, gap.en);
    let message = text!(
        "Det bindende budsjettet er på {cash_no} kr i penger, tilsagnene på {funded_no} kr: {gap_no} kr mangler.",
        "Det bindande budsjettet er på {cash_no} kr i pengar, tilsegna på {funded_no} kr: {gap_no} kr manglar.",
        "The committed budget has NOK {cash_en} in cash, the commitments come to NOK {funded_en}: NOK {gap_en} is missing."
    );
    vec![Found::at::<budgets::Entity>(budget.id, "/cashOre", message)]
}

/// Sources are named, and none of them has come further than possible.
pub(super) fn indicative_only(plan: &Plan<'_>) -> Vec<Found> {
    let living = || plan.picture.funding_sources.iter().filter(|source| source.state != FundingState::Rejected);
    let count = living().count();
    if count == 0 || !planned(plan) || living().any(|source| source.state != FundingState::Possible) {
        return Vec::new();
    }
    let message = text!(
        "All finansiering er bare mulig ({count} kilder): ingen er søkt, og ingen har gitt tilsagn.",
        "All finansiering er berre mogleg ({count} kjelder): ingen er søkte, og ingen har gjeve tilsegn.",
        "All funding is only possible ({count} sources): none is applied for, and nobody has committed."
    );
    vec![Found::at::<Project>(plan.project.id, "", message)]
}

/// A payer that is bound, and has not had its report by the day that it asked for.
pub(super) fn report_overdue(plan: &Plan<'_>) -> Vec<Found> {
    let late = |source: &&funding_sources::Model| {
        source.state.binds() && source.reported_on.is_none() && source.report_due_on.is_some_and(|due| due < plan.today)
    };
    let found = plan.picture.funding_sources.iter().filter(late).filter_map(|source| {
        let due = source.report_due_on?;
        let name = plan.organisation(source.organisation_id).map_or("–", |body| body.name.as_str());
        let message = text!(
            "{name} skulle hatt sin rapport {due}.",
            "{name} skulle ha hatt rapporten sin {due}.",
            "{name} should have had its report by {due}."
        );
        Some(Found::at::<funding_sources::Entity>(source.id, "/reportDueOn", message))
    });
    found.collect()
}

/// Several owners bear the project, and no key says how much each.
pub(super) fn cost_key_missing(plan: &Plan<'_>) -> Vec<Found> {
    let owners = plan.of_role(PartyRole::Owner).count();
    if owners < 2 || !planned(plan) || plan.picture.cost_keys.iter().any(|key| cost_key::in_force(key, plan.day)) {
        return Vec::new();
    }
    let drafts = plan.picture.cost_keys.len();
    let message = if drafts == 0 {
        text!(
            "Prosjektet har {owners} eiere, men ingen kostnadsnøkkel: hvem som bærer hvor mye, er ikke avtalt.",
            "Prosjektet har {owners} eigarar, men ingen kostnadsnøkkel: kven som ber kor mykje, er ikkje avtalt.",
            "The project has {owners} owners but no cost key: who bears how much is not agreed."
        )
    } else {
        text!(
            "Prosjektet har {owners} eiere, men ingen kostnadsnøkkel som gjelder ({drafts} under arbeid).",
            "Prosjektet har {owners} eigarar, men ingen kostnadsnøkkel som gjeld ({drafts} under arbeid).",
            "The project has {owners} owners but no cost key in force ({drafts} in the making)."
        )
    };
    vec![Found::at::<Project>(plan.project.id, "", message)]
}

/// A budget matter is treated, or is to be, in the budget year itself: the municipalities' budgets were adopted before
/// the year began (kommuneloven § 14-3), so each of them must amend its own.
pub(super) fn after_budget_year(plan: &Plan<'_>) -> Vec<Found> {
    let own = plan.picture.matters.iter().filter(|matter| {
        matter.project_id == plan.project.id
            && matter.subject == MatterSubject::Budget
            && matter.state != MatterState::NotMet
    });
    let found = own.filter_map(|matter| {
        let day = treated_on(plan, matter)?;
        let year = budget_year(plan, matter)?;
        if day < NaiveDate::from_ymd_opt(year, 1, 1)? {
            return None;
        }
        let title = &matter.title;
        let message = text!(
            "«{title}» behandles {day}, etter at budsjettåret {year} er begynt: kommunene må regulere budsjettene sine.",
            "«{title}» blir handsama {day}, etter at budsjettåret {year} har teke til: kommunane må regulere budsjetta sine.",
            "“{title}” is treated on {day}, after the budget year {year} has begun: the municipalities must amend their budgets."
        );
        Some(Found::at::<entity::matters::Entity>(matter.id, "/subject", message))
    });
    found.collect()
}

/// The last day on which a council treats a matter: as decided, else as its window or its milestone has it.
fn treated_on(plan: &Plan<'_>, matter: &Matter) -> Option<NaiveDate> {
    let cases = plan.picture.political_cases.iter().filter(|case| case.matter_id == matter.id);
    let days: Vec<NaiveDate> = cases.filter_map(|case| case.decided_on.or(case.window_to)).collect();
    let milestone = || plan.milestones.iter().find(|milestone| matter.milestone_id == Some(milestone.id));
    days.into_iter().max().or_else(|| milestone().and_then(|one| one.met_on.or(one.forecast_on).or(one.planned_on)))
}

/// The first year that a budget with this matter is for; without lines, the year in which the project ends.
fn budget_year(plan: &Plan<'_>, matter: &Matter) -> Option<i32> {
    let adopted = |id| plan.picture.budgets.iter().any(|budget| budget.id == id && budget.matter_id == Some(matter.id));
    let years = plan.picture.budget_lines.iter().filter(|line| adopted(line.budget_id)).filter_map(|line| line.year);
    let first = years.min().and_then(|year| i32::try_from(year).ok());
    first.or_else(|| plan.project.ends_on.map(|end| end.year()))
}
