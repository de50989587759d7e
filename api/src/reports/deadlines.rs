//! `GET /projects/{id}/deadlines`: everything that has a day, and is not done, in the order of the days.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use entity::decision_points::DecisionOutcome;
use entity::meetings::MeetingStatus;
use entity::{
    Record, RecordRef, action_items, agreements, communication_measures, decision_points, funding_sources, meetings,
    milestones, political_cases,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::finance::seen_sources;
use super::shapes::OrganisationName;
use super::{Asked, tabled};
use crate::domain::Picture;
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::render::Tables;
use crate::text;

/// What is due.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deadlines {
    /// The day of the report.
    pub today: NaiveDate,
    /// What is not done, the earliest first.
    pub items: Vec<Deadline>,
}

/// Something that is due on a day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deadline {
    /// The day.
    #[schema(example = "2018-02-01")]
    pub on: NaiveDate,
    /// What is due: milestone, decision_point, political_window, meeting, action_item, communication, funding_acceptance,
    /// funding_report, agreement_end.
    #[schema(max_length = 40, example = "funding_report")]
    pub kind: String,
    /// What it is called.
    #[schema(max_length = 10_000)]
    pub title: String,
    /// The record.
    pub record: RecordRef,
    /// Who it is for; null where nobody is named.
    #[schema(required = true)]
    pub organisation: Option<OrganisationName>,
    /// Whether the day has passed.
    pub overdue: bool,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let columns = "on kind title organisation.name:organisation overdue record";
    Tables::of::<Deadlines>("deadlines", text!("Frister", "Fristar", "Deadlines")).table(
        "deadlines",
        text!("Frister", "Fristar", "Deadlines"),
        "items",
        columns,
    )
});

/// Answers what is due in a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    tabled(&call, &TABLES, of).await
}

/// What is due in a picture, as far as who asks may see it.
#[must_use]
pub fn of(asked: &Asked, picture: &Picture) -> Deadlines {
    let calendar = Calendar { asked, picture };
    let mut items: Vec<Deadline> = [
        calendar.milestones(),
        calendar.decision_points(),
        calendar.political_windows(),
        calendar.meetings(),
        calendar.tasks(),
        calendar.funding(),
        calendar.agreements(),
    ]
    .into_iter()
    .flatten()
    .collect();
    items.sort_by(|one, other| (one.on, &one.kind, one.record.id).cmp(&(other.on, &other.kind, other.record.id)));
    Deadlines { today: asked.today, items }
}

struct Calendar<'a> {
    asked: &'a Asked,
    picture: &'a Picture,
}

impl Calendar<'_> {
    fn deadline<E: Record>(&self, kind: &str, on: NaiveDate, id: Uuid, title: &str, whose: Option<Uuid>) -> Deadline {
        Deadline {
            on,
            kind: kind.to_owned(),
            title: title.to_owned(),
            record: RecordRef { kind: E::KIND.to_owned(), id },
            organisation: whose.and_then(|id| self.picture.organisation(id)).map(OrganisationName::of),
            overdue: on < self.asked.today,
        }
    }

    fn milestones(&self) -> Vec<Deadline> {
        let open = |one: &&milestones::Model| {
            one.met_on.is_none() && one.cancelled_on.is_none() && self.asked.sees_milestone(one)
        };
        let due = |one: &milestones::Model| {
            let on = one.forecast_on.or(one.planned_on)?;
            let title = format!("{} {}", one.number, one.title);
            Some(self.deadline::<milestones::Entity>("milestone", on, one.id, &title, None))
        };
        self.picture.milestones.iter().filter(open).filter_map(due).collect()
    }

    fn decision_points(&self) -> Vec<Deadline> {
        let open =
            |one: &&decision_points::Model| one.outcome.is_none_or(|outcome| outcome == DecisionOutcome::Postponed);
        let due = |one: &decision_points::Model| {
            let title = format!("{} {}", one.number, one.theme);
            Some(self.deadline::<decision_points::Entity>("decision_point", one.planned_on?, one.id, &title, None))
        };
        self.picture.decision_points.iter().filter(open).filter_map(due).collect()
    }

    fn political_windows(&self) -> Vec<Deadline> {
        let own = |one: &&political_cases::Model| one.project_id == self.picture.focus && one.outcome.is_none();
        let due = |one: &political_cases::Model| {
            let matter = self.picture.matters.iter().find(|matter| matter.id == one.matter_id)?;
            let whose = Some(one.organisation_id);
            let (on, title) = (one.window_to?, &matter.title);
            Some(self.deadline::<political_cases::Entity>("political_window", on, one.id, title, whose))
        };
        self.picture.political_cases.iter().filter(own).filter_map(due).collect()
    }

    fn meetings(&self) -> Vec<Deadline> {
        let ahead = |one: &&meetings::Model| {
            !matches!(one.status, MeetingStatus::Held | MeetingStatus::Cancelled) && self.asked.sees_meeting(one)
        };
        let due = |one: &meetings::Model| {
            let on = one.starts_at?.date_naive();
            Some(self.deadline::<meetings::Entity>("meeting", on, one.id, &one.title, None))
        };
        self.picture.meetings.iter().filter(ahead).filter_map(due).collect()
    }

    /// What people are to do; an observer does not see it.
    fn tasks(&self) -> Vec<Deadline> {
        let mut all = Vec::new();
        if self.asked.sees_all_of("action-items") {
            let open = self.picture.action_items.iter().filter(|one| one.done_on.is_none());
            all.extend(open.filter_map(|one| {
                Some(self.deadline::<action_items::Entity>("action_item", one.due_on?, one.id, &one.text, None))
            }));
        }
        if self.asked.sees_all_of("communication-measures") {
            let open = self.picture.communication_measures.iter().filter(|one| one.done_on.is_none());
            all.extend(open.filter_map(|one| {
                let on = one.planned_on?;
                Some(self.deadline::<communication_measures::Entity>("communication", on, one.id, &one.audience, None))
            }));
        }
        all
    }

    fn funding(&self) -> Vec<Deadline> {
        let mut all = Vec::new();
        for source in seen_sources(self.asked, self.picture).into_iter().filter(|source| source.state.binds()) {
            let name = self.picture.organisation(source.organisation_id).map_or("", |body| body.name.as_str());
            let title = source.scheme.as_deref().unwrap_or(name);
            let whose = Some(source.organisation_id);
            let due =
                |kind: &str, on: NaiveDate| self.deadline::<funding_sources::Entity>(kind, on, source.id, title, whose);
            all.extend(
                source.accept_due_on.filter(|_| source.accepted_on.is_none()).map(|on| due("funding_acceptance", on)),
            );
            all.extend(
                source.report_due_on.filter(|_| source.reported_on.is_none()).map(|on| due("funding_report", on)),
            );
        }
        all
    }

    /// The last day of an agreement in force.
    fn agreements(&self) -> Vec<Deadline> {
        let lasts = |one: &&agreements::Model| one.valid_from.is_some();
        let due = |one: &agreements::Model| {
            let on = one.valid_to.filter(|on| *on >= self.asked.today)?;
            let title = one.title.as_deref().unwrap_or_default();
            Some(self.deadline::<agreements::Entity>("agreement_end", on, one.id, title, None))
        };
        self.picture.agreements.iter().filter(lasts).filter_map(due).collect()
    }
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectDeadlines", "Reports", "Ask what is due when")
        .more(
            "Milestones, decision points, political windows, meetings, tasks, the acceptance of commitments, reports to \
             payers and the end of agreements: what is not done, the earliest first, what is overdue marked.",
        )
        .dated()
        .answers::<Deadlines>(
            200,
            "What is due",
            json!({
                "today": "2018-01-31",
                "items": [{
                    "on": "2018-06-30", "kind": "funding_report", "title": "Regionale utviklingsmidler 2018",
                    "record": { "kind": "funding_source", "id": "015ec5c8-6c00-7032-8000-000000000001" },
                    "organisation": { "id": "015ec5c8-6c00-7001-8000-000000000005", "name": "Troms fylkeskommune" },
                    "overdue": false
                }]
            }),
        )
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::NOT_FOUND])
}
