//! What the municipalities have said in each matter: cells of the matrix, and the roll-up in words.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::matters::{self, MatterRule, MatterState, MatterSubject};
use entity::organisations::OrganisationKind;
use entity::political_cases::{self, HandlingStatus};
use entity::political_steps::{self, StepOutcome};
use entity::project_parties::PartyRole;
use entity::{organisations, projects};
use uuid::Uuid;

use super::Picture;
use super::roll_up::{self, Step};
use crate::problem::Text;
use crate::text;

/// The cases and steps of a picture by what they belong to: looked up, not searched for.
#[derive(Debug)]
pub struct Councils<'a> {
    /// The project that the picture is of, then those that it comes from, the nearest first.
    pub chain: Vec<&'a projects::Model>,
    owners: HashSet<Uuid>,
    cases: HashMap<Uuid, Vec<&'a political_cases::Model>>,
    steps: HashMap<Uuid, Vec<&'a political_steps::Model>>,
}

/// A municipality in a matter.
#[derive(Debug)]
pub struct Cell<'a> {
    /// The municipality.
    pub organisation: Uuid,
    /// Where it stands.
    pub status: HandlingStatus,
    /// Its case; `None` while there is none.
    pub case: Option<&'a political_cases::Model>,
    /// The steps of the case, oldest first.
    pub steps: Vec<&'a political_steps::Model>,
}

impl Cell<'_> {
    /// Whether an answer of the municipality is still to come.
    #[must_use]
    pub const fn awaited(&self) -> bool {
        match self.status {
            HandlingStatus::NotSent | HandlingStatus::Pending | HandlingStatus::Overdue | HandlingStatus::Postponed => {
                true
            }
            HandlingStatus::NotAsked
            | HandlingStatus::Noted
            | HandlingStatus::Adopted
            | HandlingStatus::AdoptedWithConditions
            | HandlingStatus::Rejected => false,
        }
    }

    /// The step that speaks for the case: the latest final one.
    #[must_use]
    pub fn decisive(&self) -> Option<&political_steps::Model> {
        let finals = self.steps.iter().filter(|step| step.is_final && step.outcome.is_some());
        finals.max_by_key(|step| (step.meeting_on, step.id)).copied()
    }
}

impl<'a> Councils<'a> {
    /// What the picture knows.
    #[must_use]
    pub fn of(picture: &'a Picture) -> Self {
        let mut cases: HashMap<Uuid, Vec<_>> = HashMap::new();
        for case in &picture.political_cases {
            cases.entry(case.matter_id).or_default().push(case);
        }
        let mut steps: HashMap<Uuid, Vec<&political_steps::Model>> = HashMap::new();
        for step in &picture.political_steps {
            steps.entry(step.case_id).or_default().push(step);
        }
        steps
            .values_mut()
            .for_each(|own| own.sort_by_key(|step| (step.meeting_on.is_none(), step.meeting_on, step.id)));
        Self { chain: chain(picture), owners: owners(picture).collect(), cases, steps }
    }

    /// The matters of the project and of those before it, each with its project; the newest project first.
    pub fn matters<'s>(
        &'s self,
        picture: &'a Picture,
    ) -> impl Iterator<Item = (&'a projects::Model, &'a matters::Model)> + 's {
        self.chain.iter().flat_map(|project| {
            picture.matters.iter().filter(|matter| matter.project_id == project.id).map(|matter| (*project, matter))
        })
    }

    /// The cases of a matter.
    #[must_use]
    pub fn cases(&self, matter: Uuid) -> &[&'a political_cases::Model] {
        self.cases.get(&matter).map_or(&[], Vec::as_slice)
    }

    /// Where a municipality stands in a matter. One that has no case is still to be asked when the matter names it, or
    /// when it is one of the project's own (`owned`) and the matter asks all.
    #[must_use]
    pub fn cell(&self, matter: &matters::Model, organisation: Uuid, owned: bool, today: NaiveDate) -> Cell<'a> {
        let case = self.cases(matter.id).iter().copied().find(|case| case.organisation_id == organisation);
        let steps = case.and_then(|case| self.steps.get(&case.id)).cloned().unwrap_or_default();
        let asked = match matter.rule {
            MatterRule::Named => matter.named.0.contains(&organisation),
            MatterRule::All | MatterRule::Majority => owned,
        };
        let status = match case {
            Some(case) => status(case, &steps, today),
            None if asked => HandlingStatus::NotSent,
            None => HandlingStatus::NotAsked,
        };
        Cell { organisation, status, case, steps }
    }

    /// A row of the matrix: where each of these municipalities stands in a matter. Who owned a project before is not known
    /// here, so of its matters only cases and names tell who was asked.
    #[must_use]
    pub fn row(
        &self,
        picture: &Picture,
        matter: &matters::Model,
        columns: &[&organisations::Model],
        today: NaiveDate,
    ) -> Vec<Cell<'a>> {
        let own = matter.project_id == picture.focus;
        columns
            .iter()
            .map(|column| self.cell(matter, column.id, own && self.owners.contains(&column.id), today))
            .collect()
    }

    /// The municipalities from which a matter awaits an answer.
    #[must_use]
    pub fn awaited(&self, picture: &Picture, matter: &matters::Model, today: NaiveDate) -> Vec<Cell<'a>> {
        let asked = self.cases(matter.id).iter().map(|case| case.organisation_id);
        let mut asked: Vec<Uuid> = match matter.rule {
            MatterRule::Named => matter.named.0.clone(),
            MatterRule::All | MatterRule::Majority if matter.project_id == picture.focus => {
                asked.chain(self.owners.iter().copied()).collect()
            }
            MatterRule::All | MatterRule::Majority => asked.collect(),
        };
        asked.sort_unstable();
        asked.dedup();
        let cells = asked.into_iter().map(|id| self.cell(matter, id, matter.project_id == picture.focus, today));
        cells.filter(Cell::awaited).collect()
    }

    /// The columns of the matrix, by name: the municipalities that own the project or take part in it, and everybody
    /// who has a case or is named.
    #[must_use]
    pub fn municipalities(&self, picture: &'a Picture) -> Vec<&'a organisations::Model> {
        let mut ids: Vec<Uuid> = self.owners.iter().copied().collect();
        for (_, matter) in self.matters(picture) {
            ids.extend(&matter.named.0);
            ids.extend(self.cases(matter.id).iter().map(|case| case.organisation_id));
        }
        ids.sort_unstable();
        ids.dedup();
        let mut found: Vec<_> =
            picture.organisations.iter().filter(|known| ids.binary_search(&known.id).is_ok()).collect();
        found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        found
    }
}

/// Whom a matter of the project asks as a matter of course: its owners, and municipalities with another part in it.
fn owners(picture: &Picture) -> impl Iterator<Item = Uuid> + '_ {
    let municipality = |id| {
        picture
            .organisation(id)
            .is_some_and(|organisation: &organisations::Model| organisation.kind == OrganisationKind::Municipality)
    };
    let own = picture.parties.iter().filter(|party| party.project_id == picture.focus);
    own.filter(move |party| match party.role {
        PartyRole::Owner => true,
        PartyRole::CommissioningParty | PartyRole::Partner => municipality(party.organisation_id),
        PartyRole::Funder | PartyRole::Supplier | PartyRole::Observer => false,
    })
    .map(|party| party.organisation_id)
}

/// The project, then those that it comes from.
fn chain(picture: &Picture) -> Vec<&projects::Model> {
    let mut chain: Vec<&projects::Model> = picture.project().into_iter().collect();
    while let Some(before) = chain.last().and_then(|last| last.predecessor_id) {
        let known = picture.projects.iter().find(|project| project.id == before);
        match known.filter(|project| !chain.iter().any(|placed| placed.id == project.id)) {
            Some(project) => chain.push(project),
            None => break,
        }
    }
    chain
}

fn status(case: &political_cases::Model, steps: &[&political_steps::Model], today: NaiveDate) -> HandlingStatus {
    match case.outcome {
        Some(StepOutcome::Adopted) => HandlingStatus::Adopted,
        Some(StepOutcome::AdoptedWithConditions) => HandlingStatus::AdoptedWithConditions,
        Some(StepOutcome::Rejected) => HandlingStatus::Rejected,
        Some(StepOutcome::Noted) => HandlingStatus::Noted,
        Some(StepOutcome::Postponed) => HandlingStatus::Postponed,
        None if roll_up::postponed(&steps.iter().map(|step| Step::from(*step)).collect::<Vec<_>>()) => {
            HandlingStatus::Postponed
        }
        None if case.window_to.is_some_and(|end| end < today) => HandlingStatus::Overdue,
        None => HandlingStatus::Pending,
    }
}

/// Where a matter stands, in words: "3 av 4 har vedtatt, 1 venter".
#[must_use]
pub fn in_words(matter: &matters::Model) -> Text {
    let up = matter.roll_up;
    if up.of == 0 {
        return text!(
            "ingen kommune er spurt ennå",
            "ingen kommune er spurd enno",
            "no municipality has been asked yet"
        );
    }
    let (yes, of) = (up.adopted + up.adopted_with_conditions, up.of);
    let mut said = if matter.subject == MatterSubject::FinalReport {
        text!("{yes} av {of} har behandlet", "{yes} av {of} har handsama", "{yes} of {of} have treated it")
    } else {
        text!("{yes} av {of} har vedtatt", "{yes} av {of} har vedteke", "{yes} of {of} have adopted")
    };
    let mut add = |count: i64, more: Text| {
        if count > 0 {
            for (said, more) in [(&mut said.nb, &more.nb), (&mut said.nn, &more.nn), (&mut said.en, &more.en)] {
                *said = format!("{said}, {more}");
            }
        }
    };
    let n = up.adopted_with_conditions;
    add(n, text!("{n} av dem med vilkår", "{n} av dei med vilkår", "{n} of them with conditions"));
    let n = up.rejected;
    add(n, text!("{n} har sagt nei", "{n} har sagt nei", "{n} said no"));
    let n = up.postponed;
    add(n, text!("{n} har utsatt", "{n} har utsett", "{n} postponed"));
    let n = up.pending;
    if matter.state != MatterState::Met {
        add(n, text!("{n} venter", "{n} ventar", "{n} pending"));
    }
    said
}
