//! The schedule of a picture, as who asks may see it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::political_cases::HandlingStatus;
use entity::{RecordRef, activities, decision_points, milestones};
use uuid::Uuid;

use super::shape::{
    PoliticalWindow, Schedule, ScheduledActivity, ScheduledDecisionPoint, ScheduledMilestone, ScheduledProject,
    UndatedRecord,
};
use crate::domain::councils::Councils;
use crate::domain::{Picture, schedule};
use crate::reports::shapes::OrganisationName;
use crate::reports::{Asked, status};
use crate::store::Entry;

/// The schedule that a picture shows to who asks; `None` when the project is not in it.
#[must_use]
pub fn of(asked: &Asked, picture: &Picture, journal: &[Entry]) -> Option<Schedule> {
    let project = picture.project()?;
    let period = Period { from: project.starts_on, to: project.ends_on };
    let mut schedule = Schedule {
        today: asked.today,
        project: ScheduledProject {
            id: project.id,
            code: project.code.clone(),
            name: project.name.clone(),
            starts_on: project.starts_on,
            ends_on: project.ends_on,
        },
        activities: activities(asked, picture, period),
        milestones: milestones(asked, picture, journal, period),
        decision_points: decision_points(picture, period),
        political_windows: windows(asked, picture),
        undated: Vec::new(),
    };
    schedule.undated = undated(&schedule);
    Some(schedule)
}

/// The project's period, an end of which may not be known.
#[derive(Clone, Copy)]
struct Period {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl Period {
    fn leaves_out(self, days: &[Option<NaiveDate>]) -> bool {
        let outside =
            |day: &NaiveDate| self.from.is_some_and(|from| *day < from) || self.to.is_some_and(|to| *day > to);
        days.iter().flatten().any(outside)
    }
}

fn activities(asked: &Asked, picture: &Picture, period: Period) -> Vec<ScheduledActivity> {
    if !asked.sees_all_of("activities") {
        return Vec::new();
    }
    let mut by_parent: BTreeMap<Option<Uuid>, Vec<&activities::Model>> = BTreeMap::new();
    for activity in &picture.activities {
        let known = activity.parent_id.filter(|parent| picture.activities.iter().any(|one| one.id == *parent));
        by_parent.entry(known).or_default().push(activity);
    }
    let order = |one: &&activities::Model| (one.starts_on.is_none(), one.starts_on, one.number.clone(), one.id);
    by_parent.values_mut().for_each(|siblings| siblings.sort_by_key(order));
    let mut below: Vec<(&activities::Model, usize)> = Vec::new();
    let mut placed = Vec::new();
    below.extend(by_parent.get(&None).into_iter().flatten().rev().map(|one| (*one, 0)));
    while let Some((activity, depth)) = below.pop() {
        placed.push(scheduled(activity, depth, period));
        below.extend(by_parent.get(&Some(activity.id)).into_iter().flatten().rev().map(|one| (*one, depth + 1)));
    }
    placed
}

fn scheduled(activity: &activities::Model, depth: usize, period: Period) -> ScheduledActivity {
    ScheduledActivity {
        id: activity.id,
        number: activity.number.clone(),
        title: activity.title.clone(),
        kind: activity.kind,
        parent_id: activity.parent_id,
        depth,
        starts_on: activity.starts_on,
        ends_on: activity.ends_on,
        progress_percent: activity.progress_percent,
        status: activity.status,
        outside_period: period.leaves_out(&[activity.starts_on, activity.ends_on]),
    }
}

fn milestones(asked: &Asked, picture: &Picture, journal: &[Entry], period: Period) -> Vec<ScheduledMilestone> {
    let first = status::first_planned(journal);
    let work = asked.sees_all_of("activities");
    let mut seen: Vec<&milestones::Model> =
        picture.milestones.iter().filter(|milestone| asked.sees_milestone(milestone)).collect();
    seen.sort_by(|a, b| (&a.number, a.id).cmp(&(&b.number, b.id)));
    let one = |milestone: &milestones::Model| ScheduledMilestone {
        id: milestone.id,
        number: milestone.number.clone(),
        title: milestone.title.clone(),
        activity_id: milestone.activity_id.filter(|_| work),
        baseline_on: first.get(&milestone.id).copied().or(milestone.planned_on),
        planned_on: milestone.planned_on,
        forecast_on: milestone.forecast_on,
        met_on: milestone.met_on,
        status: schedule::milestone_status(milestone, asked.today),
        outside_period: period.leaves_out(&[milestone.planned_on, milestone.forecast_on]),
    };
    seen.into_iter().map(one).collect()
}

fn decision_points(picture: &Picture, period: Period) -> Vec<ScheduledDecisionPoint> {
    let mut points: Vec<&decision_points::Model> = picture.decision_points.iter().collect();
    points.sort_by(|a, b| (&a.number, a.id).cmp(&(&b.number, b.id)));
    let one = |point: &decision_points::Model| ScheduledDecisionPoint {
        id: point.id,
        number: point.number.clone(),
        theme: point.theme.clone(),
        planned_on: point.planned_on,
        decided_on: point.decided_on,
        outcome: point.outcome,
        outside_period: period.leaves_out(&[point.planned_on]),
    };
    points.into_iter().map(one).collect()
}

/// Every case of the project's matters and of those that it comes from, as the status shows them.
fn windows(asked: &Asked, picture: &Picture) -> Vec<PoliticalWindow> {
    let councils = Councils::of(picture);
    let columns = councils.municipalities(picture);
    let mut windows = Vec::new();
    for (_, matter) in councils.matters(picture) {
        for cell in councils.row(picture, matter, &columns, asked.today) {
            let named = columns.iter().find(|column| column.id == cell.organisation);
            let Some((case, organisation)) = cell.case.zip(named) else { continue };
            if cell.status == HandlingStatus::NotAsked {
                continue;
            }
            windows.push(PoliticalWindow {
                matter_id: matter.id,
                title: matter.title.clone(),
                organisation: OrganisationName::of(organisation),
                case_id: case.id,
                window_from: case.window_from,
                window_to: case.window_to,
                status: cell.status,
                decided_on: case.decided_on,
            });
        }
    }
    windows
}

fn undated(schedule: &Schedule) -> Vec<UndatedRecord> {
    let one = |kind: &str, id: Uuid, dated: &[Option<NaiveDate>], title: String| {
        let record = RecordRef { kind: kind.to_owned(), id };
        dated.iter().all(Option::is_none).then_some(UndatedRecord { record, title })
    };
    let numbered = |number: &str, title: &str| format!("{number} {title}").trim().to_owned();
    let activities = schedule.activities.iter().filter_map(|activity| {
        let title = numbered(activity.number.as_deref().unwrap_or_default(), &activity.title);
        one("activity", activity.id, &[activity.starts_on, activity.ends_on], title)
    });
    let milestones = schedule.milestones.iter().filter_map(|milestone| {
        let days = [milestone.planned_on, milestone.baseline_on, milestone.forecast_on, milestone.met_on];
        one("milestone", milestone.id, &days, numbered(&milestone.number, &milestone.title))
    });
    let points = schedule.decision_points.iter().filter_map(|point| {
        one("decision_point", point.id, &[point.planned_on, point.decided_on], numbered(&point.number, &point.theme))
    });
    let windows = schedule.political_windows.iter().filter_map(|window| {
        let title = format!("{}: {}", window.organisation.name, window.title);
        one("political_case", window.case_id, &[window.window_from, window.window_to, window.decided_on], title)
    });
    activities.chain(milestones).chain(points).chain(windows).collect()
}
