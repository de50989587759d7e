//! The decision points of a project with what they require.

use chrono::NaiveDate;
use entity::decision_points::{self, Approver, DecisionOutcome};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::Picture;
use crate::problem::Lang;
use crate::reports::readiness::{RequirementStatus, requirements};

/// Where a decision point stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionPointStatus {
    /// The decision point.
    pub id: Uuid,
    /// Its number as the plan writes it.
    #[schema(max_length = 20, example = "1")]
    pub number: String,
    /// What is decided.
    #[schema(max_length = 500, example = "Prosjektstart")]
    pub theme: String,
    /// The date of the plan.
    #[schema(required = true)]
    pub planned_on: Option<NaiveDate>,
    /// Who decides.
    #[schema(required = true)]
    pub approver: Option<Approver>,
    /// The date of the decision.
    #[schema(required = true)]
    pub decided_on: Option<NaiveDate>,
    /// What was decided.
    #[schema(required = true)]
    pub outcome: Option<DecisionOutcome>,
    /// The conditions of the approval.
    #[schema(required = true, max_length = 10000)]
    pub conditions: Option<String>,
    /// Whether every requirement is met.
    pub ready: bool,
    /// What it requires.
    pub requirements: Vec<RequirementStatus>,
}

/// Every decision point, in the order of their numbers.
pub(super) fn of(picture: &Picture, lang: Lang) -> Vec<DecisionPointStatus> {
    let mut points: Vec<&decision_points::Model> = picture.decision_points.iter().collect();
    points.sort_by(|a, b| (&a.number, a.id).cmp(&(&b.number, b.id)));
    let status = |point: &decision_points::Model| {
        let requirements = requirements(picture, point, lang);
        DecisionPointStatus {
            id: point.id,
            number: point.number.clone(),
            theme: point.theme.clone(),
            planned_on: point.planned_on,
            approver: point.approver,
            decided_on: point.decided_on,
            outcome: point.outcome,
            conditions: point.conditions.clone(),
            ready: requirements.iter().all(|requirement| requirement.met),
            requirements,
        }
    };
    points.into_iter().map(status).collect()
}
