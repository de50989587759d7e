//! Login, refresh, logout, who the caller is, and a user's password: plain handlers, no standard method.

pub mod about;
mod common;
pub mod token;

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpResponse, web};
use chrono::Utc;
use serde_json::{Map, Value, json};
use tokio::sync::OwnedSemaphorePermit;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::access::session::{self, Session};
use crate::access::throttle::{self, Tried};
use crate::access::token::ACCESS_SECONDS;
use crate::access::{Area, Caller, Role, Sight, scope};
use crate::facts;
use crate::http::{Answer, Call, gate, json as body};
use crate::problem::{Error, Fault, Problem, codes};
use crate::standard::read;
use crate::store::Writer;
use crate::text;

/// Shortest password, in characters (ASVS 6.2.1).
const SHORTEST: usize = 12;
/// Longest password, in characters.
const LONGEST: usize = 256;
/// How long a login waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens a session with e-mail and password.
///
/// # Errors
/// 401, the same for a wrong password, an unknown and a disabled user; 429 after too many of them.
pub async fn login(call: Call) -> Result<HttpResponse, Error> {
    call.query()?.finish(&[])?;
    let given = body::object(&call.body(&["application/json"]).await?)?;
    let [email, password] = texts(&given, ["email", "password"])?;
    let found = session::credentials(&call.store.read, &email).await?;
    let (user, hash) = found.unzip();
    let tried = Tried::of(&call.shared.login_key, &email, call.network());
    let right = verified(&call, &tried, user, password, hash.clone()).await?;
    let (user, hash) = user.zip(hash).filter(|_| right).ok_or_else(wrong_credentials)?;
    let write = call.store.write(Writer::of(&Caller::operator())).await?;
    // It took a while to look at the password; somebody may have changed it because another knows it.
    if !session::stands(write.tx(), user, &hash).await? {
        return Err(wrong_credentials());
    }
    let session = session::open(write.tx(), &call.shared.login_key, user).await?;
    throttle::forget(write.tx(), &tried).await?;
    write.commit().await?;
    tokens(&call, &session)
}

/// Ends the caller's session: its access and refresh tokens are refused from now on.
///
/// # Errors
/// 401.
pub async fn logout(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    call.query()?.finish(&[])?;
    let write = call.store.write(call.writer(&caller)?).await?;
    if let Some(session) = caller.session {
        session::close(write.tx(), session).await?;
    }
    write.commit().await?;
    Ok(Answer::no_content().into_response())
}

/// Who the caller is: user or machine, roles and rights by project.
///
/// # Errors
/// 401.
pub async fn me(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    call.query()?.finish(&[])?;
    let projects: Vec<Value> = caller.roles.keys().map(|project| standing(&caller, *project)).collect();
    let document = json!({
        "kind": caller.actor.kind,
        "id": caller.actor.id,
        "personId": caller.person,
        "administrator": caller.administrator,
        "programmes": caller.programmes,
        "municipalities": caller.municipalities,
        "organisationId": caller.organisation,
        "scopes": caller.scopes.as_ref().map(|scopes| scopes.iter().map(|one| scope::code(*one)).collect::<Vec<_>>()),
        "issuer": caller.actor.via.as_ref().map(|via| &via.issuer),
        "projects": projects,
    });
    Ok(Answer::ok(document).unkept().into_response())
}

fn standing(caller: &Caller, project: Uuid) -> Value {
    let roles: Vec<&str> = caller.roles.get(&project).into_iter().flatten().map(|role: &Role| role.name()).collect();
    let rights: Map<String, Value> = Area::PROJECT
        .iter()
        .map(|area| {
            let rights = caller.rights(project, *area);
            let sight = match rights.sight {
                Sight::Nothing => "nothing",
                Sight::Published => "published",
                Sight::All => "all",
            };
            (area.name().to_owned(), json!({ "read": sight, "write": rights.write, "approve": rights.approve }))
        })
        .collect();
    json!({ "projectId": project, "roles": roles, "rights": rights })
}

/// Sets the password of a user and ends its sessions; administrators set anyone's, users their own, which they
/// have to know (ASVS 6.2.3): a session left open is not yet an account lost.
///
/// # Errors
/// 401, 404, 422.
pub async fn set_password(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let user = read::id(&call)?;
    let own = caller.actor.id == Some(user);
    let there = facts::by_path("users").filter(|_| caller.administrator || own).ok_or(&codes::NOT_FOUND)?;
    let found = read::find(&call.store, there, &Caller::operator(), user, Utc::now().date_naive()).await?;
    call.query()?.finish(&[])?;
    let given = body::object(&call.body(&["application/json"]).await?)?;
    let tried = Tried::of(&call.shared.login_key, &user.to_string(), call.network());
    let password = if own {
        let [current, password] = texts(&given, ["currentPassword", "password"])?;
        let hash = session::password_hash(&call.store.read, user).await?;
        if !verified(&call, &tried, Some(user), current, hash).await? {
            let message = text!("er ikke passordet nå", "er ikkje passordet no", "is not the password now");
            return Err(Error::invalid(vec![Fault::at("/currentPassword", "wrong_password", message)]));
        }
        password
    } else {
        if given.contains_key("currentPassword") {
            let message = text!(
                "gjelder bare ens eget passord; dette er en annens",
                "gjeld berre eins eige passord; dette er ein annan sitt",
                "is for one's own password only; this is another's"
            );
            return Err(Error::invalid(vec![Fault::at("/currentPassword", "only_own", message)]));
        }
        let [password] = texts(&given, ["password"])?;
        password
    };
    let turn = turn(&call).await?;
    let hash = hashed(password, found.text("email")).await?;
    drop(turn);
    let write = call.store.write(call.writer(&caller)?).await?;
    session::set_password(write.tx(), user, hash).await?;
    session::close_all(write.tx(), user).await?;
    throttle::forget(write.tx(), &tried).await?;
    write.commit().await?;
    tracing::info!(%user, by = ?caller.actor.id, "A password was set");
    Ok(Answer::no_content().into_response())
}

/// Whether a password is the one of a hash, worked out in a thread for such work; as many at a time as there are workers.
/// A wrong one is counted; once the count is full, nobody who came with others is told whether it was right.
async fn verified(
    call: &Call,
    tried: &Tried,
    user: Option<Uuid>,
    password: String,
    hash: Option<String>,
) -> Result<bool, Error> {
    let turn = turn(call).await?;
    // Asked when it is this one's turn: those that came together are not all looked at.
    throttle::open(&call.store.read, tried, Utc::now()).await?;
    let hashing = move || {
        let right = session::verify_password(&password, hash.as_deref());
        (right, turn)
    };
    // The turn goes with the work: a client that leaves does not make room for more while its work goes on.
    let done = web::block(hashing).await;
    let (right, turn) = done.map_err(|error| Error::internal("verify a password", error))?;
    // Asked again, for others may have filled the count meanwhile, and of no standby. The right one is then counted as well, so
    // that its answer takes as long as that of a wrong one.
    let open = throttle::open(call.store.first(), tried, Utc::now()).await;
    if !right || open.is_err() {
        let write = call.store.write(Writer::of(&Caller::operator())).await?;
        throttle::failed(write.tx(), tried, write.now()).await?;
        let within = throttle::within(write.tx(), tried, write.now()).await;
        write.commit().await?;
        if !right {
            tracing::warn!(?user, from = %call.network(), "A password was wrong");
        }
        open.and(within)?;
    }
    drop(turn);
    Ok(right)
}

async fn turn(call: &Call) -> Result<OwnedSemaphorePermit, Error> {
    let turn = Arc::clone(&call.shared.hashing).acquire_owned();
    let turn = tokio::time::timeout(PATIENCE, turn).await.map_err(|_| gate::busy())?;
    turn.map_err(|error| Error::internal("wait for a turn to hash", error))
}

fn wrong_credentials() -> Error {
    Problem::new(&codes::WRONG_CREDENTIALS).header("WWW-Authenticate", "Bearer").into()
}

/// The hash of a password that is long enough, and not what everybody would try for the user of an e-mail address; without
/// one it was chosen by who runs the service, who answers for it. In NFC, as every text of a body is, so that
/// the command line and a browser mean the same.
///
/// # Errors
/// 422 for one that is too short or too long, or that everybody would try.
pub async fn hashed(password: String, email: Option<&str>) -> Result<String, Error> {
    let password: String = password.nfc().collect();
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        let message = text!(
            "må ha {SHORTEST} til {LONGEST} tegn",
            "må ha {SHORTEST} til {LONGEST} teikn",
            "must have {SHORTEST} to {LONGEST} characters"
        );
        return Err(Error::invalid(vec![Fault::at("/password", "wrong_length", message)]));
    }
    if email.is_some_and(|email| common::is_common(&password, email)) {
        let message = text!(
            "er blant det alle ville prøve; velg noe annet, gjerne en hel setning",
            "er blant det alle ville prøve; vel noko anna, gjerne ei heil setning",
            "is among what everybody would try; choose another, a whole sentence is a good one"
        );
        return Err(Error::invalid(vec![Fault::at("/password", "too_common", message)]));
    }
    web::block(move || session::hash_password(&password))
        .await
        .map_err(|error| Error::internal("hash a password", error))?
}

fn tokens(call: &Call, session: &Session) -> Result<HttpResponse, Error> {
    let access = call.shared.issuer.access_token(session.user, session.id, ACCESS_SECONDS)?;
    let document = json!({
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "refresh_token": session.refresh_token,
    });
    Ok(Answer::ok(document).unkept().into_response())
}

/// Exactly these text members.
fn texts<const N: usize>(given: &Map<String, Value>, names: [&str; N]) -> Result<[String; N], Error> {
    let mut faults = Vec::new();
    let allowed = names.join(", ");
    for name in given.keys().filter(|name| !names.contains(&name.as_str())) {
        let message = text!(
            "ukjent felt; tillatt: {allowed}",
            "ukjent felt; tillate: {allowed}",
            "unknown field; allowed: {allowed}"
        );
        faults.push(Fault::at(format!("/{}", facts::check::escape(name)), "unknown_field", message));
    }
    let taken = names.map(|name| match given.get(name).and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => {
            faults.push(Fault::at(
                format!("/{name}"),
                "required",
                text!("må være tekst", "må vere tekst", "must be text"),
            ));
            String::new()
        }
    });
    if faults.is_empty() { Ok(taken) } else { Err(Error::invalid(faults)) }
}
