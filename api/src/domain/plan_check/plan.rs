//! What the rules look at: the project's own records, those that count, and the days that they count by.

use std::collections::HashMap;

use chrono::{Months, NaiveDate};
use entity::activities::ActivityStatus;
use entity::project_parties::PartyRole;
use entity::projects::ProjectStatus;
use entity::*;
use uuid::Uuid;

use crate::domain::calendar::next_day;
use crate::domain::capacity::holds;
use crate::domain::numbering::Number;
use crate::domain::{Picture, schedule};

/// The plan of one project.
pub(super) struct Plan<'a> {
    /// Everything around it.
    pub picture: &'a Picture,
    /// The project.
    pub project: &'a projects::Model,
    /// The day of the check.
    pub today: NaiveDate,
    /// The day whose seats and capacity count: today, or the nearest day of the project's period.
    pub day: NaiveDate,
    /// Milestones that are not given up, in the order of their numbers.
    pub milestones: Vec<&'a milestones::Model>,
    /// Activities that are not given up.
    pub activities: Vec<&'a activities::Model>,
    /// Decision points.
    pub decision_points: Vec<&'a decision_points::Model>,
    /// Seats that are filled on the day.
    pub seats: Vec<&'a assignments::Model>,
    /// Organisations in the project.
    pub parties: Vec<&'a project_parties::Model>,
    /// Documents.
    pub documents: Vec<&'a documents::Model>,
    organisations: HashMap<Uuid, &'a organisations::Model>,
    people: HashMap<Uuid, &'a people::Model>,
}

impl<'a> Plan<'a> {
    /// The plan of the picture's project; `None` for a picture of nothing.
    pub fn of(picture: &'a Picture, today: NaiveDate) -> Option<Self> {
        let project = picture.project()?;
        let own = |id: Uuid| id == project.id;
        let day = picture.reference_day(today);
        let mut milestones: Vec<_> =
            picture.milestones.iter().filter(|one| own(one.project_id) && one.cancelled_on.is_none()).collect();
        milestones.sort_by_cached_key(|one| (Number::of(&one.number), one.planned_on, one.id));
        Some(Self {
            picture,
            project,
            today,
            day,
            milestones,
            activities: picture
                .activities
                .iter()
                .filter(|one| own(one.project_id) && one.status != ActivityStatus::Cancelled)
                .collect(),
            decision_points: picture.decision_points.iter().filter(|one| own(one.project_id)).collect(),
            seats: picture
                .assignments
                .iter()
                .filter(|one| own(one.project_id) && holds(one.valid_from, one.valid_to, day))
                .collect(),
            parties: picture.parties.iter().filter(|one| own(one.project_id)).collect(),
            documents: picture.documents.iter().filter(|one| own(one.project_id)).collect(),
            organisations: picture.organisations.iter().map(|one| (one.id, one)).collect(),
            people: picture.people.iter().map(|one| (one.id, one)).collect(),
        })
    }

    /// Whether the project is still to be carried out: neither closed nor cancelled.
    pub const fn open(&self) -> bool {
        match self.project.status {
            ProjectStatus::Closed | ProjectStatus::Cancelled => false,
            ProjectStatus::Pipeline
            | ProjectStatus::Active
            | ProjectStatus::Finalisation
            | ProjectStatus::Suspended => true,
        }
    }

    /// Whether a day lies in the project's period, as far as that is known.
    pub fn in_period(&self, day: NaiveDate) -> bool {
        holds(self.project.starts_on, self.project.ends_on, day)
    }

    /// The day by which the project ends, as far as its dates and durations tell.
    pub fn ends(&self) -> Option<NaiveDate> {
        self.end_of(self.project, self.picture.projects.len())
    }

    /// The project that ends last of this one and those that build on it, and the day by which it does.
    pub fn horizon(&self) -> Option<(&'a projects::Model, NaiveDate)> {
        let count = self.picture.projects.len();
        let mut chain = vec![self.project];
        let mut next = 0;
        while let Some(before) = chain.get(next).copied() {
            let known = |one: &projects::Model| chain.iter().any(|placed| placed.id == one.id);
            let after = self.picture.projects.iter().filter(|one| one.predecessor_id == Some(before.id) && !known(one));
            let lives = |one: &&projects::Model| one.status != ProjectStatus::Cancelled;
            let after: Vec<_> = after.filter(lives).collect();
            chain.extend(after);
            next += 1;
        }
        let ends = chain.into_iter().filter_map(|one| Some((one, self.end_of(one, count)?)));
        // Of two that end on the same day the earlier in the chain, which is surer to take place.
        ends.reduce(|last, one| if one.1 > last.1 { one } else { last })
    }

    /// The end of a project: its last day, or its longest duration from its start, which is at the earliest the day
    /// after the end of the one that it follows. `steps` bounds the way back.
    fn end_of(&self, project: &projects::Model, steps: usize) -> Option<NaiveDate> {
        if project.ends_on.is_some() {
            return project.ends_on;
        }
        let start = project.starts_on.or_else(|| {
            let before = self.picture.projects.iter().find(|one| Some(one.id) == project.predecessor_id)?;
            self.end_of(before, steps.checked_sub(1)?).map(next_day)
        })?;
        let months = project.duration_months_max.or(project.duration_months_min)?;
        start.checked_add_months(Months::new(u32::try_from(months).ok()?))?.pred_opt()
    }

    /// The name of an organisation.
    pub fn organisation(&self, id: Uuid) -> Option<&'a organisations::Model> {
        self.organisations.get(&id).copied()
    }

    /// The name of a person.
    pub fn person(&self, id: Uuid) -> Option<String> {
        self.people.get(&id).map(|person| format!("{} {}", person.given_name, person.family_name))
    }

    /// The organisations of a role, in the order of their records.
    pub fn of_role(&self, role: PartyRole) -> impl Iterator<Item = &'a project_parties::Model> + '_ {
        self.parties.iter().copied().filter(move |party| party.role == role)
    }
}

/// The day on which a milestone was reached, or is to be.
pub(super) fn due(milestone: &milestones::Model) -> Option<NaiveDate> {
    milestone.met_on.or(milestone.forecast_on).or(milestone.planned_on)
}

/// Whether a milestone is reached.
pub(super) fn met(plan: &Plan<'_>, milestone: &milestones::Model) -> bool {
    schedule::milestone_status(milestone, plan.today) == milestones::MilestoneStatus::Met
}
