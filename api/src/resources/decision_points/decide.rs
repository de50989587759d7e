//! `POST /decision-points/{id}/decide`: go, go with conditions, no-go or later; a go takes its documents.

use actix_web::HttpResponse;
use chrono::NaiveDate;
use entity::RecordRef;
use entity::decision_points::{self, Approver, DecisionOutcome};
use serde_json::{Map, Value, json};

use super::about::decision;
use crate::access::Edit;
use crate::domain::{Picture, plan_check, readiness};
use crate::facts::Change;
use crate::http::Call;
use crate::problem::{Error, Fault, Lang, Problem, codes};
use crate::reports;
use crate::resources::resolutions;
use crate::standard::act::{Right, act};
use crate::standard::consequence::{fields, follow};
use crate::standard::whole::whole;
use crate::store::Write;
use crate::text;

/// Decides at a decision point.
///
/// # Errors
/// 409 with what is missing, or when it is decided already; 403 for who may not decide; 422; those of [`act`].
pub async fn decide(call: Call) -> Result<HttpResponse, Error> {
    let lang = call.lang();
    act("decision-points", call, Right::Decide, &decision(), async |write, edit, given| {
        decided(write, edit, &given, lang).await
    })
    .await
}

async fn decided(write: &Write, edit: Edit, given: &Map<String, Value>, lang: Lang) -> Result<Change, Error> {
    let point: decision_points::Model = edit.row().typed()?;
    let outcome = outcome(given)?;
    still_open(&point)?;
    let may_override = edit.approves();
    let (edit, resolved_on) = approver(write, edit, &point, given).await?;
    let picture = whole(write.tx(), point.project_id).await?;
    let reason = match passes(outcome) {
        true => let_through(write, &picture, &point, given, may_override, lang)?,
        false => None,
    };
    let on = given_day(given, write)?.or(resolved_on).unwrap_or_else(|| write.today());
    let change = write
        .change(
            edit,
            &fields(json!({
                "outcome": outcome,
                "decidedOn": on,
                "conditions": given.get("conditions"),
                "resolutionId": given.get("resolutionId"),
                "overrideReason": reason,
            })),
        )
        .await?;
    if let Some(status) = readiness::next_status(&picture, &point, outcome) {
        let changed = fields(json!({ "status": status }));
        follow(write, "projects", point.project_id, "phase_changed", changed).await?;
    }
    Ok(change)
}

const fn passes(outcome: DecisionOutcome) -> bool {
    matches!(outcome, DecisionOutcome::Approved | DecisionOutcome::ApprovedWithConditions)
}

fn outcome(given: &Map<String, Value>) -> Result<DecisionOutcome, Error> {
    let outcome: DecisionOutcome = serde_json::from_value(given.get("outcome").cloned().unwrap_or_default())
        .map_err(|error| Error::internal("read an outcome", error))?;
    let conditions = given.get("conditions").is_some_and(Value::is_string);
    if conditions == (outcome == DecisionOutcome::ApprovedWithConditions) {
        return Ok(outcome);
    }
    let message = text!(
        "vilkår hører til utfallet approved_with_conditions, som krever dem",
        "vilkår høyrer til utfallet approved_with_conditions, som krev dei",
        "conditions belong to the outcome approved_with_conditions, which takes them"
    );
    Err(Error::invalid(vec![Fault::at("/conditions", "not_applicable", message)]))
}

/// What was approved or rejected stands; what was put off may be decided.
fn still_open(point: &decision_points::Model) -> Result<(), Error> {
    match point.outcome {
        None | Some(DecisionOutcome::Postponed) => Ok(()),
        Some(outcome) => {
            let outcome = outcome.code();
            let detail =
                text!("er alt avgjort: {outcome}", "er alt avgjort: {outcome}", "is decided already: {outcome}");
            Err(Problem::new(&codes::WRONG_STATE).detail(detail).into())
        }
    }
}

/// Who may decide: who approves in the project; or, where the steering group approves, one of its members (or who
/// writes decision points) with its resolution.
async fn approver(
    write: &Write,
    edit: Edit,
    point: &decision_points::Model,
    given: &Map<String, Value>,
) -> Result<(Edit, Option<NaiveDate>), Error> {
    let about = RecordRef { kind: "decision_point".to_owned(), id: point.id };
    let Some(named) = resolutions::named(write.tx(), point.project_id, given, &about).await? else {
        return if edit.approves() { Ok((edit, None)) } else { Err(not_yours()) };
    };
    let theirs = matches!(point.approver, Some(Approver::SteeringGroup | Approver::ProjectExecutiveOrSteeringGroup));
    if edit.approves() || theirs {
        Ok((edit.by_resolution(&named.wrote, write.by())?, named.on))
    } else {
        Err(not_yours())
    }
}

fn not_yours() -> Error {
    Problem::new(&codes::FORBIDDEN)
        .detail(text!(
            "beslutningen er ikke din: prosjektansvarlig godkjenner, eller styringsgruppa ved vedtak (resolutionId)",
            "avgjerda er ikkje di: prosjektansvarleg godkjenner, eller styringsgruppa ved vedtak (resolutionId)",
            "the decision is not yours: the project executive approves, or the steering group by a resolution (resolutionId)"
        ))
        .into()
}

/// Lets the project through when nothing is missing; or in spite of it, by who approves, with a reason.
fn let_through(
    write: &Write,
    picture: &Picture,
    point: &decision_points::Model,
    given: &Map<String, Value>,
    may_override: bool,
    lang: Lang,
) -> Result<Option<String>, Error> {
    let findings = plan_check::check(picture, write.today());
    let by_resolution = given.get("resolutionId").is_some_and(Value::is_string);
    let obstacles = readiness::obstacles(picture, point, &findings, by_resolution);
    let reason = given.get("override").and_then(|given| given["reason"].as_str()).map(str::to_owned);
    match (obstacles.is_empty(), reason) {
        (true, _) => Ok(None),
        (false, Some(reason)) if may_override => Ok(Some(reason)),
        (false, Some(_)) => Err(Problem::new(&codes::FORBIDDEN)
            .detail(text!(
                "bare prosjektansvarlig kan godkjenne på tross av det som mangler",
                "berre prosjektansvarleg kan godkjenne på tross av det som manglar",
                "only the project executive may approve in spite of what is missing"
            ))
            .into()),
        (false, None) => {
            let count = obstacles.len();
            Err(Problem::new(&codes::NOT_READY)
                .detail(text!("{count} mangler, se unmet", "{count} manglar, sjå unmet", "{count} missing, see unmet"))
                .member("unmet", reports::readiness::unmet(&obstacles, lang)?)
                .into())
        }
    }
}

/// The day of the decision, when the caller names one: not after today.
fn given_day(given: &Map<String, Value>, write: &Write) -> Result<Option<NaiveDate>, Error> {
    let day: Option<NaiveDate> = given.get("decidedOn").and_then(Value::as_str).and_then(|text| text.parse().ok());
    if day.is_some_and(|day| day > write.today()) {
        let message = text!("kan ikke være fram i tid", "kan ikkje vere fram i tid", "cannot be in the future");
        return Err(Error::invalid(vec![Fault::at("/decidedOn", "too_late", message)]));
    }
    Ok(day)
}
