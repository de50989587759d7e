//! The chain of phases that a project stands in.

use chrono::NaiveDate;
use entity::matters::{self, MatterState};
use entity::projects::{self, ProjectStatus, ProjectType};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::Picture;
use crate::domain::calendar::next_day;
use crate::domain::councils::{self, Councils};
use crate::problem::Lang;

/// One phase of a development: a project in the chain of predecessors and successors.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// The project.
    pub id: Uuid,
    /// Its short name.
    #[schema(max_length = 40, example = "NVR-2017-02")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
    /// The phase that it is.
    #[serde(rename = "type")]
    pub project_type: ProjectType,
    /// The step in a development by steps.
    #[schema(required = true, example = 1)]
    pub stage: Option<i64>,
    /// Where it stands.
    pub status: ProjectStatus,
    /// Whether it takes place only if an earlier stage leads to it.
    pub conditional: bool,
    /// The first day.
    #[schema(required = true)]
    pub starts_on: Option<NaiveDate>,
    /// The last day, inclusive.
    #[schema(required = true)]
    pub ends_on: Option<NaiveDate>,
    /// The shortest duration foreseen, in months.
    #[schema(required = true)]
    pub duration_months_min: Option<i64>,
    /// The longest duration foreseen, in months.
    #[schema(required = true)]
    pub duration_months_max: Option<i64>,
    /// Whether it is the project that the report is of.
    pub current: bool,
    /// The time between the end of the phase and the start of the next, in which the municipalities decide; null when
    /// the next follows at once, and when there is none.
    #[schema(required = true)]
    pub awaiting_decisions: Option<AwaitingDecisions>,
}

/// The time between two phases.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AwaitingDecisions {
    /// The last day of the phase.
    pub from: NaiveDate,
    /// The first day of the next phase; null while it is not known.
    #[schema(required = true)]
    pub to: Option<NaiveDate>,
    /// The matters of the phase that the municipalities have not decided yet.
    pub matters: Vec<AwaitedMatter>,
}

/// A matter that is not decided yet.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AwaitedMatter {
    /// The matter.
    pub id: Uuid,
    /// What is asked.
    #[schema(max_length = 500)]
    pub title: String,
    /// Where it stands.
    pub state: MatterState,
    /// Where it stands, in the caller's language.
    #[schema(max_length = 500, example = "3 av 4 har vedtatt, 1 venter")]
    pub in_words: String,
}

/// The chain of phases, each after the one that it builds on.
#[must_use]
pub fn phases(picture: &Picture, lang: Lang) -> Vec<Phase> {
    let mut left: Vec<&projects::Model> = picture.projects.iter().collect();
    let mut chain: Vec<&projects::Model> = Vec::new();
    while !left.is_empty() {
        let ready = left.iter().position(|project| {
            project.predecessor_id.is_none_or(|before| !left.iter().any(|other| other.id == before))
        });
        // Predecessors never go in a circle: there is always one whose predecessor is placed.
        chain.push(left.remove(ready.unwrap_or_default()));
    }
    let councils = Councils::of(picture);
    let phase = |project: &projects::Model| Phase {
        id: project.id,
        code: project.code.clone(),
        name: project.name.clone(),
        project_type: project.project_type,
        stage: project.stage,
        status: project.status,
        conditional: project.conditional,
        starts_on: project.starts_on,
        ends_on: project.ends_on,
        duration_months_min: project.duration_months_min,
        duration_months_max: project.duration_months_max,
        current: project.id == picture.focus,
        awaiting_decisions: between(picture, &councils, project, lang),
    };
    chain.into_iter().map(phase).collect()
}

/// The time after a phase: while the start of the next is not known, or lies later, or something is undecided.
fn between(
    picture: &Picture,
    councils: &Councils<'_>,
    project: &projects::Model,
    lang: Lang,
) -> Option<AwaitingDecisions> {
    let from = project.ends_on?;
    let after = picture.projects.iter().filter(|one| one.predecessor_id == Some(project.id));
    let next = after
        .filter(|one| one.status != ProjectStatus::Cancelled)
        .min_by_key(|one| (one.starts_on.is_none(), one.starts_on, one.id))?;
    let open = |matter: &&matters::Model| matches!(matter.state, MatterState::Pending | MatterState::PartiallyMet);
    let own = councils.matters(picture).map(|(_, matter)| matter).filter(|matter| matter.project_id == project.id);
    let matters: Vec<AwaitedMatter> = own
        .filter(open)
        .map(|matter| AwaitedMatter {
            id: matter.id,
            title: matter.title.clone(),
            state: matter.state,
            in_words: councils::in_words(matter).in_lang(lang).to_owned(),
        })
        .collect();
    let at_once = next.starts_on.is_some_and(|starts| starts <= next_day(from));
    (!at_once || !matters.is_empty()).then_some(AwaitingDecisions { from, to: next.starts_on, matters })
}
