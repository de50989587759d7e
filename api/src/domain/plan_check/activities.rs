//! Rules on activities: numbers that are missing, and work that leads nowhere or has no time.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::activities::{ActivityKind, ActivityStatus, Entity as Activity, Model};
use uuid::Uuid;

use super::finding::Found;
use super::plan::{Plan, due};
use super::words;
use crate::domain::numbering::Number;
use crate::problem::Text;
use crate::text;

/// A numbered activity, a main activity or a workshop that leads to no milestone, itself or by one of its parts.
/// Parts of an activity need none of their own, and what is done has led where it led.
pub(super) fn without_milestone(plan: &Plan<'_>) -> Vec<Found> {
    let leading = Tree::of(plan).with_wholes(plan.milestones.iter().filter_map(|milestone| milestone.activity_id));
    let to_lead = |activity: &&&Model| {
        let kind = matches!(activity.kind, ActivityKind::MainActivity | ActivityKind::Workshop);
        (kind || activity.number.is_some()) && activity.parent_id.is_none() && activity.status != ActivityStatus::Done
    };
    let alone = plan.activities.iter().filter(to_lead).filter(|activity| !leading.contains(&activity.id));
    let found = alone.map(|activity| {
        let Text { nb, nn, en } = name(activity);
        let message = text!(
            "{nb} fører ikke til noen milepæl.",
            "{nn} fører ikkje til nokon milepæl.",
            "{en} leads to no milestone."
        );
        Found::at::<Activity>(activity.id, "", message)
    });
    found.collect()
}

/// A number that is missing in a series, said of the activity that comes after it. A series that begins far from 1,
/// or that counts in tens or hundreds, is meant so; an activity that was given up keeps its number.
pub(super) fn number_gap(plan: &Plan<'_>) -> Vec<Found> {
    let mut series: BTreeMap<Number, BTreeMap<u128, &Model>> = BTreeMap::new();
    let own = plan.picture.activities.iter().filter(|activity| activity.project_id == plan.project.id);
    for activity in own {
        if let Some((before, last)) = activity.number.as_deref().and_then(|number| Number::of(number).last()) {
            series.entry(before).or_default().entry(last).or_insert(activity);
        }
    }
    series.values().flat_map(gaps).collect()
}

fn gaps(numbers: &BTreeMap<u128, &Model>) -> Vec<Found> {
    let step = [100, 10].into_iter().find(|step| numbers.keys().all(|number| number % step == 0)).unwrap_or(1);
    let mut found = Vec::new();
    let mut before = 0;
    for (number, activity) in numbers {
        let missing = (number / step).saturating_sub(before / step).saturating_sub(1);
        let begins_elsewhere = before == 0 && missing > numbers.len() as u128;
        if missing > 0 && !begins_elsewhere {
            let message = missing_between(activity, before + step, number - step);
            found.push(Found::at::<Activity>(activity.id, "/number", message));
        }
        before = *number;
    }
    found
}

fn missing_between(activity: &Model, first: u128, last: u128) -> Text {
    let written = activity.number.as_deref().unwrap_or_default();
    let front = written.trim_end().trim_end_matches(|c: char| c.is_ascii_digit());
    if first == last {
        return text!(
            "{front}{first} mangler i rekken før {written}.",
            "{front}{first} manglar i rekkja før {written}.",
            "{front}{first} is missing in the series before {written}."
        );
    }
    text!(
        "{front}{first} til {front}{last} mangler i rekken før {written}.",
        "{front}{first} til {front}{last} manglar i rekkja før {written}.",
        "{front}{first} to {front}{last} are missing in the series before {written}."
    )
}

/// Work still to be done that has no date: neither its own, nor of a part, nor of what it is a part of, nor of a
/// milestone that it leads to. Of a whole and its parts only the whole is named.
pub(super) fn without_schedule(plan: &Plan<'_>) -> Vec<Found> {
    let tree = Tree::of(plan);
    let dated = |activity: &&&Model| activity.starts_on.is_some() || activity.ends_on.is_some();
    let own: Vec<Uuid> = plan.activities.iter().filter(dated).map(|activity| activity.id).collect();
    let reached = plan.milestones.iter().filter(|milestone| due(milestone).is_some());
    let by_milestone = reached.filter_map(|milestone| milestone.activity_id);
    let mut scheduled = tree.with_parts(own.iter().copied());
    scheduled.extend(tree.with_wholes(own.into_iter().chain(by_milestone)));
    let loose = |activity: &&&Model| activity.status != ActivityStatus::Done && !scheduled.contains(&activity.id);
    let whole_is_loose =
        |activity: &&&Model| activity.parent_id.is_some_and(|whole| tree.knows(whole) && !scheduled.contains(&whole));
    let found = plan.activities.iter().filter(loose).filter(|activity| !whole_is_loose(activity)).map(|activity| {
        let Text { nb, nn, en } = name(activity);
        let message = text!(
            "{nb} har verken datoer eller en milepæl med dato.",
            "{nn} har verken datoar eller ein milepæl med dato.",
            "{en} has neither dates nor a milestone with a date."
        );
        Found::at::<Activity>(activity.id, "/startsOn", message)
    });
    found.collect()
}

/// The number of an activity, if it has one, and its title in quotation marks.
fn name(activity: &Model) -> Text {
    let title = words::shortened(&activity.title);
    match &activity.number {
        Some(number) => text!("{number} («{title}»)", "{number} («{title}»)", "{number} (“{title}”)"),
        None => text!("«{title}»", "«{title}»", "“{title}”"),
    }
}

/// Which activity is a part of which.
struct Tree {
    whole: HashMap<Uuid, Option<Uuid>>,
    parts: HashMap<Uuid, Vec<Uuid>>,
}

impl Tree {
    fn of(plan: &Plan<'_>) -> Self {
        let whole = plan.activities.iter().map(|activity| (activity.id, activity.parent_id)).collect();
        let mut parts: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for activity in &plan.activities {
            if let Some(whole) = activity.parent_id {
                parts.entry(whole).or_default().push(activity.id);
            }
        }
        Self { whole, parts }
    }

    fn knows(&self, activity: Uuid) -> bool {
        self.whole.contains_key(&activity)
    }

    /// Some activities and all that they are parts of; nothing is walked twice.
    fn with_wholes(&self, some: impl Iterator<Item = Uuid>) -> HashSet<Uuid> {
        let mut all = HashSet::new();
        for activity in some {
            let mut next = Some(activity);
            while let Some(id) = next.filter(|id| all.insert(*id)) {
                next = self.whole.get(&id).copied().flatten();
            }
        }
        all
    }

    /// Some activities and all their parts; nothing is walked twice.
    fn with_parts(&self, some: impl Iterator<Item = Uuid>) -> HashSet<Uuid> {
        let mut all = HashSet::new();
        let mut next: Vec<Uuid> = some.collect();
        while let Some(id) = next.pop() {
            if all.insert(id) {
                next.extend(self.parts.get(&id).into_iter().flatten());
            }
        }
        all
    }
}
