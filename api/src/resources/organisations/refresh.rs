//! `POST /organisations/{id}/refresh`: what Enhetsregisteret says of an organisation, held against what stands here. The
//! register is asked before any lock is held; when it does not answer, that is the answer.

use actix_web::HttpResponse;
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use entity::organisations::{self, AltName, AltNameKind, Model, OrganisationKind};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{Caller, Edit};
use crate::facts::Row;
use crate::http::precondition::TAGS;
use crate::http::{Answer, Call, frame};
use crate::openapi::About;
use crate::problem::{Error, Problem, codes};
use crate::registers::{Asked, Entity, Register};
use crate::standard::by_path;
use crate::standard::change::changed;
use crate::standard::consequence::fields;
use crate::standard::once::{before, once};
use crate::standard::read::{find, id};
use crate::store::Write;
use crate::text;

/// What the register says, and how it differs from what stands here.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterCheck {
    /// The organisation.
    pub organisation_id: Uuid,
    /// The number that was asked for.
    #[schema(max_length = 9, example = "864993982")]
    pub org_number: String,
    /// What came of asking: found, unknown, unreachable (no answer, or none that can be used), disabled.
    #[schema(max_length = 20, example = "found")]
    pub outcome: &'static str,
    /// The address that was asked; null when the register is not to be asked.
    #[schema(required = true, max_length = 2000)]
    pub source: Option<String>,
    /// When it was asked (UTC).
    #[schema(value_type = String, format = DateTime)]
    pub checked_at: DateTime<Utc>,
    /// What it says; null unless it was found.
    #[schema(required = true)]
    pub entry: Option<RegisterEntry>,
    /// What is otherwise there than here.
    pub differences: Vec<RegisterDifference>,
    /// The fields that were filled in, or with `dryRun` would be: only what was not known here.
    #[schema(max_items = 10, value_type = Vec<FilledField>)]
    pub filled: Vec<FilledField>,
    /// The version of the organisation now.
    pub version: i64,
}

/// The name of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(max_length = 40, example = "website")]
pub struct FilledField(pub String);

/// An entry of Enhetsregisteret, as far as the service looks at it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterEntry {
    /// The registered name.
    #[schema(max_length = 200, example = "BARDU KOMMUNE")]
    pub name: String,
    /// The code of the form (organisasjonsform).
    #[schema(required = true, max_length = 20, example = "KOMM")]
    pub form: Option<String>,
    /// The form in words.
    #[schema(required = true, max_length = 200, example = "Kommune")]
    pub form_in_words: Option<String>,
    /// The address, line by line.
    #[schema(max_length = 2000, example = "Parkveien 24, 9360 BARDU")]
    pub address: String,
    /// The number of the municipality of the address.
    #[schema(required = true, max_length = 4, example = "5520")]
    pub municipality_code: Option<String>,
    /// The web site.
    #[schema(required = true, max_length = 2048)]
    pub website: Option<String>,
    /// The organisation's address for e-mail.
    #[schema(required = true, max_length = 254)]
    pub email: Option<String>,
    /// The day on which it was struck off; null while it is registered.
    #[schema(required = true)]
    pub dissolved_on: Option<NaiveDate>,
    /// Whether it is bankrupt.
    pub bankrupt: bool,
    /// Whether it is being wound up.
    pub winding_up: bool,
}

/// Something that is otherwise in the register.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegisterDifference {
    /// What differs: name, kind, website, email, dissolved, bankrupt, winding_up.
    #[schema(max_length = 40, example = "name")]
    pub field: &'static str,
    /// What stands here; null when nothing does.
    #[schema(required = true, max_length = 2048)]
    pub here: Option<String>,
    /// What the register says.
    #[schema(max_length = 2048)]
    pub there: String,
}

/// Asks the register, and fills in what is not known here.
///
/// # Errors
/// 401; 404; 403, 428, 412 unless it is a dry run; 409 for an organisation without a number.
pub async fn refresh(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let facts = by_path("organisations")?.facts;
    let mut query = call.query()?;
    let dry_run = query.take_flag("dryRun")?;
    // A dry run does nothing, so nothing of it is done once.
    let key = call.idempotency_key()?.filter(|_| !dry_run);
    let (path, writer) = (call.request.path(), call.writer(&caller)?);
    if let Some(answer) = before(&call.store, writer.clone(), path, key.as_deref(), &[]).await? {
        return Ok(answer);
    }
    let row = find(&call.store, facts, &caller, id(&call)?, Utc::now().date_naive()).await?;
    if !dry_run {
        let edit = Edit::allowed(&call.store.read, facts, &caller, row.clone()).await?;
        call.if_match(edit.row())?;
    }
    query.finish(&["dryRun"])?;
    let here: Model = row.typed()?;
    let Some(number) = here.org_number.clone() else { return Err(unnumbered()) };
    let asked = match &call.shared.register_url {
        Some(url) => {
            let register = Register::at(url)?;
            Some((register.address(&number), register.ask(&number).await))
        }
        None => None,
    };
    let mut check = compared(&here, number, asked);
    // What changed nothing is asked anew: a register that did not answer may do so the next time.
    if dry_run || check.filled.is_empty() {
        return Ok(told(check)?.into_response());
    }
    once(call.store.write(writer).await?, path, key.as_deref(), &[], async |write| {
        check.version = filled(&call, write, &caller, &row, &check).await?;
        told(check)
    })
    .await
}

fn told(check: RegisterCheck) -> Result<Answer, Error> {
    let told = serde_json::to_value(check).map_err(|error| Error::internal("write a report", error))?;
    Ok(Answer::ok(told))
}

fn unnumbered() -> Error {
    Problem::new(&codes::WRONG_STATE)
        .detail(text!(
            "organisasjonen har ikke noe organisasjonsnummer å spørre etter",
            "organisasjonen har ikkje noko organisasjonsnummer å spørje etter",
            "the organisation has no organisation number to ask for"
        ))
        .into()
}

/// What was asked, held against what stands here.
fn compared(here: &Model, number: String, asked: Option<(String, Asked)>) -> RegisterCheck {
    let mut check = RegisterCheck {
        organisation_id: here.id,
        org_number: number,
        outcome: "disabled",
        source: None,
        checked_at: Utc::now().trunc_subsecs(3),
        entry: None,
        differences: Vec::new(),
        filled: Vec::new(),
        version: here.version,
    };
    let Some((source, asked)) = asked else { return check };
    check.source = Some(source);
    match asked {
        Asked::Unknown => check.outcome = "unknown",
        Asked::Failed(why) => {
            tracing::warn!(why, "Enhetsregisteret did not answer");
            check.outcome = "unreachable";
        }
        Asked::Found(entity) => {
            check.outcome = "found";
            check.differences = differences(here, &entity);
            check.filled = content(here, &entity).keys().map(|name| FilledField(name.clone())).collect();
            check.entry = Some(entry(entity));
        }
    }
    check
}

fn entry(entity: Entity) -> RegisterEntry {
    let town = [entity.postal_code, entity.town].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let lines = entity.address.into_iter().chain(Some(town).filter(|town| !town.is_empty()));
    RegisterEntry {
        name: entity.name,
        form: entity.form,
        form_in_words: entity.form_in_words,
        address: lines.collect::<Vec<_>>().join(", "),
        municipality_code: entity.municipality_code,
        website: entity.website,
        email: entity.email,
        dissolved_on: entity.dissolved_on,
        bankrupt: entity.bankrupt,
        winding_up: entity.winding_up,
    }
}

fn differences(here: &Model, there: &Entity) -> Vec<RegisterDifference> {
    let mut found = Vec::new();
    let mut add = |field, here: Option<String>, there: String| found.push(RegisterDifference { field, here, there });
    if !there.name.is_empty() && !is_called(here, &there.name) {
        add("name", Some(here.name.clone()), there.name.clone());
    }
    if let Some(form) = there.form.as_ref().filter(|form| !is_of_form(here.kind, form)) {
        add("kind", Some(here.kind.code().to_owned()), form.clone());
    }
    for (field, own, told) in [("website", &here.website, &there.website), ("email", &here.email, &there.email)] {
        if let (Some(own), Some(told)) = (own, told)
            && !own.eq_ignore_ascii_case(told)
        {
            add(field, Some(own.clone()), told.clone());
        }
    }
    if let Some(on) = there.dissolved_on {
        add("dissolved", None, on.to_string());
    }
    for (field, holds) in [("bankrupt", there.bankrupt), ("winding_up", there.winding_up)] {
        if holds {
            add(field, None, "true".to_owned());
        }
    }
    found
}

/// The register writes names in capitals.
fn is_called(here: &Model, name: &str) -> bool {
    let same = |known: &str| known.to_lowercase() == name.to_lowercase();
    same(&here.name) || here.alt_names.0.iter().any(|other| other.kind != AltNameKind::Misspelling && same(&other.name))
}

/// Only what cannot be is a difference: a municipality is of the form KOMM, a county authority FYLK, and nobody else is.
fn is_of_form(kind: OrganisationKind, form: &str) -> bool {
    match form {
        "KOMM" => kind == OrganisationKind::Municipality,
        "FYLK" => kind == OrganisationKind::CountyAuthority,
        _ => !matches!(kind, OrganisationKind::Municipality | OrganisationKind::CountyAuthority),
    }
}

/// What is not known here and is there; a name that differs stands beside the one that is used, which stays.
fn content(here: &Model, there: &Entity) -> Map<String, Value> {
    let mut content = Map::new();
    for (field, own, told) in [("website", &here.website, &there.website), ("email", &here.email, &there.email)] {
        if let (None, Some(told)) = (own, told) {
            content.insert(field.to_owned(), json!(told));
        }
    }
    if !there.name.is_empty() && !is_called(here, &there.name) && here.alt_names.0.len() < 50 {
        let mut names = here.alt_names.clone();
        names.0.push(AltName { name: there.name.clone(), language: None, kind: AltNameKind::Official });
        content.insert("altNames".to_owned(), json!(names));
    }
    content
}

/// Writes what is filled in, by the same door as any change.
async fn filled(call: &Call, write: &Write, caller: &Caller, row: &Row, check: &RegisterCheck) -> Result<i64, Error> {
    let resource = by_path("organisations")?;
    let Some(entry) = &check.entry else { return Ok(check.version) };
    let told = Entity {
        name: entry.name.clone(),
        website: entry.website.clone(),
        email: entry.email.clone(),
        ..Entity::default()
    };
    let now = find(write.tx(), resource.facts, caller, row.id(), write.today()).await?;
    let here: organisations::Model = now.typed()?;
    let edit = Edit::allowed(write.tx(), resource.facts, caller, now).await?;
    call.if_match(edit.row())?;
    let answer = changed(resource, write, caller, edit, content(&here, &told)).await?;
    let record = answer.body.map(fields).unwrap_or_default();
    Ok(Row(record).version())
}

/// `POST /organisations/{id}/refresh`.
#[must_use]
pub fn about() -> About {
    let example = json!({
        "organisationId": "015ec5c8-6c00-7001-8000-000000000001", "orgNumber": "864993982", "outcome": "found",
        "source": "https://data.brreg.no/enhetsregisteret/api/enheter/864993982", "checkedAt": "2026-11-27T12:00:00Z",
        "entry": {
            "name": "BARDU KOMMUNE", "form": "KOMM", "formInWords": "Kommune", "address": "Parkveien 24, 9360 BARDU",
            "municipalityCode": "5520", "website": "https://www.bardu.kommune.no", "email": null, "dissolvedOn": null,
            "bankrupt": false, "windingUp": false
        },
        "differences": [], "filled": ["website"], "version": 2
    });
    About::new("refreshOrganisation", "Organisations", "Hold an organisation against Enhetsregisteret")
        .more(
            "Asks the register (`--register-url`) for the organisation number, at once and once: at most 5 seconds, no redirects. The answer \
             says what the register has, what differs, and what was filled in: web site and e-mail that were not known here, and the \
             registered name as another official name. Nothing that stands here is overwritten. A register that does not answer, or not \
             with what it should, is `outcome: unreachable`: the organisation stays as it is. What filled nothing in is asked anew when \
             its `Idempotency-Key` comes again. `dryRun=true` only compares, and needs no right to write.",
        )
        .query("dryRun", "Only compare.", json!({ "type": "boolean", "default": false }))
        .with(&["X-Change-Reason", "Idempotency-Key"])
        .header(
            "If-Match",
            "The version that was read; required unless it is a dry run.",
            json!({
                "type": "string", "maxLength": frame::most("If-Match"),
                "pattern": TAGS,
            }),
        )
        .answers::<RegisterCheck>(200, "What the register says", example)
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN, &codes::PRECONDITION_REQUIRED, &codes::STALE, &codes::WRONG_STATE,
            &codes::KEY_IN_PROGRESS, &codes::KEY_REUSED])
}
