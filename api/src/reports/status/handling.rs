//! What each municipality has said in each matter, in short.

use chrono::NaiveDate;
use entity::matters::{self, MatterState, MatterSubject};
use entity::political_cases::HandlingStatus;
use entity::political_steps::StepOutcome;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::Picture;
use crate::domain::councils::{self, Cell, Councils};
use crate::reports::Asked;
use crate::reports::shapes::{OrganisationName, RollUpCounts};

/// Where a matter stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatterStanding {
    /// The matter.
    pub id: Uuid,
    /// What is asked.
    #[schema(max_length = 500, example = "Videreføring i forprosjekt")]
    pub title: String,
    /// What it is about.
    pub subject: MatterSubject,
    /// Where it stands by its rule.
    pub state: MatterState,
    /// How many have answered what.
    pub roll_up: RollUpCounts,
    /// The same in words, in the caller's language.
    #[schema(max_length = 500, example = "3 av 4 har vedtatt, 1 venter")]
    pub in_words: String,
    /// The date of the answer that made it true; null until then.
    #[schema(required = true)]
    pub met_on: Option<NaiveDate>,
    /// Those who are asked, by name.
    pub municipalities: Vec<MunicipalAnswer>,
}

/// What a municipality has said in a matter.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MunicipalAnswer {
    /// The municipality.
    pub organisation: OrganisationName,
    /// Where it stands.
    pub status: HandlingStatus,
    /// What the final step decided; null while the case is open.
    #[schema(required = true)]
    pub outcome: Option<StepOutcome>,
    /// The day of that step.
    #[schema(required = true)]
    pub decided_on: Option<NaiveDate>,
    /// The first day on which the case may be treated.
    #[schema(required = true)]
    pub window_from: Option<NaiveDate>,
    /// The last day, inclusive.
    #[schema(required = true)]
    pub window_to: Option<NaiveDate>,
}

/// The matters of the project and of those that it comes from.
pub(super) fn of(asked: &Asked, picture: &Picture) -> Vec<MatterStanding> {
    let councils = Councils::of(picture);
    let columns = councils.municipalities(picture);
    let standing = |matter: &matters::Model| {
        let cells = councils.row(picture, matter, &columns, asked.today);
        let cells = columns.iter().map(|column| OrganisationName::of(column)).zip(cells);
        let asked_for = cells.filter(|(_, cell)| cell.status != HandlingStatus::NotAsked);
        MatterStanding {
            id: matter.id,
            title: matter.title.clone(),
            subject: matter.subject,
            state: matter.state,
            roll_up: matter.roll_up.into(),
            in_words: councils::in_words(matter).in_lang(asked.lang).to_owned(),
            met_on: matter.met_on,
            municipalities: asked_for.map(|(organisation, cell)| answer(organisation, &cell)).collect(),
        }
    };
    councils.matters(picture).map(|(_, matter)| standing(matter)).collect()
}

fn answer(organisation: OrganisationName, cell: &Cell<'_>) -> MunicipalAnswer {
    let case = cell.case;
    MunicipalAnswer {
        organisation,
        status: cell.status,
        outcome: case.and_then(|case| case.outcome),
        decided_on: case.and_then(|case| case.decided_on),
        window_from: case.and_then(|case| case.window_from),
        window_to: case.and_then(|case| case.window_to),
    }
}
