//! `GET /political-cases/{id}/utvalgssak`: the case as the municipality's committee system takes it, ready to be sent.

use actix_web::HttpResponse;
use chrono::{NaiveDate, Utc};
use entity::assignments::AssignmentRole::{ProjectExecutive, ProjectManager};
use entity::documents::{self, DocumentAccess};
use entity::organisations::OrganisationKind;
use entity::political_cases::Model as Case;
use entity::political_steps::{self, PoliticalBody};
use serde_json::{Value, json};

use crate::access::{Area, Sight};
use crate::domain::responsible::answers_for;
use crate::domain::{Picture, SYSTEM, committee};
use crate::facts;
use crate::http::{Answer, Call};
use crate::openapi::About;
use crate::problem::{Error, Fault, Problem, codes};
use crate::standard::list::weakly_tagged;
use crate::standard::read::{find, id};
use crate::standard::whole::whole;
use crate::text;

/// Answers the message.
///
/// # Errors
/// 401; 404 for a case that the caller does not see; 403 for who sees only what is published; 409 with what is missing.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let facts = facts::by_path("political-cases").ok_or(&codes::NO_ROUTE)?;
    let today = Utc::now().date_naive();
    let row = find(&call.store, facts, &caller, id(&call)?, today).await?;
    let case: Case = row.typed()?;
    if caller.rights(case.project_id, Area::Handling).sight != Sight::All {
        return Err((&codes::FORBIDDEN).into());
    }
    call.query()?.finish(&[])?;
    let picture = whole(&call.store.read, case.project_id).await?;
    weakly_tagged(&call, Answer::ok(message(&picture, &case)?))
}

/// The message, or what is missing for it.
fn message(picture: &Picture, case: &Case) -> Result<Value, Error> {
    let matter = picture.matters.iter().find(|matter| matter.id == case.matter_id).ok_or(&codes::NOT_FOUND)?;
    let number = case.case_year.zip(case.case_sequence);
    let (Some((year, sequence)), Some(responsible)) =
        (number, answers_for(picture, &[ProjectManager, ProjectExecutive]).map(|(_, name)| name))
    else {
        return Err(incomplete(number.is_none()));
    };
    let mut sak = json!({
        "referanseEksternNoekkel": { "fagsystem": SYSTEM, "noekkel": case.id },
        // The schema asks for it and does not say what it is.
        "fagsystemetsReferanse": case.id,
        "fagsystemetsSaksnummer": { "saksaar": year, "sakssekvensnummer": sequence },
        "fagsystemetsReferanseEksternNoekkel": { "fagsystem": SYSTEM, "noekkel": case.id },
        "tittel": matter.title,
        "saksansvarlig": responsible,
    });
    if let Some(project) = picture.project() {
        sak["referanseForelderMappeEksternNoekkel"] = json!({ "fagsystem": SYSTEM, "noekkel": project.id });
    }
    if let Some(document) = picture.documents.iter().find(|document| Some(document.id) == matter.document_id) {
        described(&mut sak, document);
    }
    Ok(json!({ "sak": sak, "forslagTilBehandlingsplan": plan(picture, case) }))
}

/// The paper that is put to the council: what it is called, why it is not public, and where it is archived.
fn described(sak: &mut Value, document: &documents::Model) {
    sak["referanseRegistreringEksternNoekkel"] = json!({ "fagsystem": SYSTEM, "noekkel": document.id });
    let text = match document.access {
        DocumentAccess::Public => document.title.clone(),
        DocumentAccess::PartlyExempt | DocumentAccess::Exempt => {
            let basis = document.exemption_basis.clone().unwrap_or_default();
            sak["skjerming"] = json!({
                "skjermingshjemmel": basis,
                "tilgangsrestriksjon": { "kodeverdi": "UO", "kodebeskrivelse": "Unntatt offentlighet" },
            });
            "Saksdokumentet er unntatt offentlighet.".to_owned()
        }
    };
    sak["saksbeskrivelse"] = json!({ "tekstInnhold": text, "tekstFormat": { "kodeverdi": "text/plain" } });
    if let Some(entry) = &document.archive {
        if let Some((year, sequence)) = entry.case_year.zip(entry.case_sequence) {
            sak["arkivSaksnummer"] = json!({ "saksaar": year, "sakssekvensnummer": sequence });
        }
        if let Some(entry) = entry.entry_number {
            sak["arkivJournalpostnummer"] = json!(entry);
        }
    }
}

/// The bodies that are to treat it, in their order: those that are planned, else the one that decides.
fn plan(picture: &Picture, case: &Case) -> Vec<Value> {
    let mut planned: Vec<&political_steps::Model> =
        picture.political_steps.iter().filter(|step| step.case_id == case.id && step.outcome.is_none()).collect();
    planned.sort_by_key(|step| (step.meeting_on.is_none(), step.meeting_on, step.id));
    let stage = |place: usize, body: PoliticalBody, on: Option<NaiveDate>| {
        let mut stage = json!({
            "tilUtvalgId": body, "tilUtvalgNavn": committee::name(body), "rekkefoelge": place + 1,
        });
        if let Some(on) = on {
            // The hour is the committee's to say.
            stage["tilMoetedato"] = json!(format!("{on}T00:00:00Z"));
        }
        stage
    };
    if planned.is_empty() {
        return vec![stage(0, decides(picture, case), None)];
    }
    planned.into_iter().enumerate().map(|(place, step)| stage(place, step.body, step.meeting_on)).collect()
}

fn decides(picture: &Picture, case: &Case) -> PoliticalBody {
    match picture.organisation(case.organisation_id).map(|organisation| organisation.kind) {
        Some(OrganisationKind::CountyAuthority) => PoliticalBody::CountyCouncil,
        _ => PoliticalBody::Council,
    }
}

/// What has to be there before a case can be sent.
fn incomplete(unnumbered: bool) -> Error {
    let fault = if unnumbered {
        let message = text!(
            "mangler: en sak sendes med saksår og sekvensnummer (caseYear, caseSequence)",
            "manglar: ei sak blir send med saksår og sekvensnummer (caseYear, caseSequence)",
            "is missing: a case is sent with its year and number (caseYear, caseSequence)"
        );
        Fault::at("/caseYear", "required", message)
    } else {
        let message = text!(
            "prosjektet har verken prosjektleder eller prosjektansvarlig som svarer for saken",
            "prosjektet har verken prosjektleiar eller prosjektansvarleg som svarer for saka",
            "the project has neither a project manager nor a project executive who answers for the case"
        );
        Fault::at("", "role_missing", message)
    };
    Problem::new(&codes::WRONG_STATE).detail(fault.message.clone()).errors(vec![fault]).into()
}

fn schema() -> Value {
    let text = || json!({ "type": "string", "maxLength": 10000 });
    let number = || json!({ "type": "integer", "format": "int64" });
    let object = |required: Value, properties: Value| json!({ "type": "object", "required": required, "properties": properties });
    let key = || object(json!(["fagsystem", "noekkel"]), json!({ "fagsystem": text(), "noekkel": text() }));
    let case = || {
        object(json!(["saksaar", "sakssekvensnummer"]), json!({ "saksaar": number(), "sakssekvensnummer": number() }))
    };
    let code = || object(json!(["kodeverdi"]), json!({ "kodeverdi": text(), "kodebeskrivelse": text() }));
    let sak = json!({
        "referanseEksternNoekkel": key(),
        "fagsystemetsReferanse": text(),
        "fagsystemetsSaksnummer": case(),
        "fagsystemetsReferanseEksternNoekkel": key(),
        "tittel": text(),
        "saksbeskrivelse": object(json!(["tekstInnhold", "tekstFormat"]), json!({ "tekstInnhold": text(), "tekstFormat": code() })),
        "skjerming": object(
            json!(["skjermingshjemmel", "tilgangsrestriksjon"]),
            json!({ "skjermingshjemmel": text(), "tilgangsrestriksjon": code() })
        ),
        "saksansvarlig": text(),
        "referanseForelderMappeEksternNoekkel": key(),
        "referanseRegistreringEksternNoekkel": key(),
        "arkivSaksnummer": case(),
        "arkivJournalpostnummer": number(),
    });
    let required = json!([
        "referanseEksternNoekkel",
        "fagsystemetsReferanse",
        "fagsystemetsSaksnummer",
        "tittel",
        "saksansvarlig"
    ]);
    let stage = json!({
        "tilUtvalgId": text(), "tilUtvalgNavn": text(),
        "tilMoetedato": { "type": "string", "format": "date-time" }, "rekkefoelge": number(),
    });
    let stage = object(json!(["tilUtvalgId", "tilUtvalgNavn", "rekkefoelge"]), stage);
    let plan = json!({ "type": "array", "minItems": 1, "maxItems": 1000, "items": stage });
    object(
        json!(["sak", "forslagTilBehandlingsplan"]),
        json!({ "sak": object(required, sak), "forslagTilBehandlingsplan": plan }),
    )
}

/// `GET /political-cases/{id}/utvalgssak`.
#[must_use]
pub fn about() -> About {
    let key = json!({ "fagsystem": SYSTEM, "noekkel": "015ec5c8-6c00-7021-8000-000000000001" });
    let example = json!({
        "sak": {
            "referanseEksternNoekkel": key,
            "fagsystemetsReferanse": "015ec5c8-6c00-7021-8000-000000000001",
            "fagsystemetsSaksnummer": { "saksaar": 2017, "sakssekvensnummer": 412 },
            "fagsystemetsReferanseEksternNoekkel": key,
            "tittel": "Budsjett med kostnadsfordeling", "saksansvarlig": "Knut Baglo",
        },
        "forslagTilBehandlingsplan": [{ "tilUtvalgId": "council", "tilUtvalgNavn": "Kommunestyret", "rekkefoelge": 1 }],
    });
    About::new("getUtvalgssak", "Political cases", "Take out a case as a committee system takes it")
        .more(
            "An `utvalgssak` of Fiks Politisk Behandling V1: the matter, its number in the municipality, the paper that is put to \
             the council (what is exempt from public access is named by its legal basis alone) and the bodies that are to treat it, \
             those of the planned steps. It is sent by a connector; `vedtakFraUtvalg` comes back by `incoming-resolutions`. A case \
             without a number, or a project without anybody who answers for it, is 409 with what is missing.",
        )
        .answers_value(200, "The message", "application/json", schema(), example)
        .tagged()
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN, &codes::WRONG_STATE])
}
