//! What the command line does with users, clients and projects, through the same door as everybody.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::Statement;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::access::{Caller, Create, session};
use crate::db::Db;
use crate::facts::{Row, check};
use crate::problem::{Error, Fault, codes};
use crate::resources::auth;
use crate::routes;
use crate::store::{Store, Writer};
use crate::text;

/// A user to add.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The address to log in with.
    pub email: String,
    /// What to call the user.
    pub name: String,
    /// Whether the user may do everything.
    pub administrator: bool,
    /// The person that the user is.
    pub person: Option<Uuid>,
}

/// A password that nobody has thought of: 20 random characters.
///
/// # Errors
/// When no random bytes can be had.
pub fn fresh_password() -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(session::random::<15>()?))
}

/// Adds a user with a password.
///
/// # Errors
/// 409 when the address is taken, 422 when something is not valid.
pub async fn add(store: &Store, new: NewUser, password: String) -> Result<Uuid, Error> {
    let resource = routes::resources().iter().find(|one| one.facts.path == "users").ok_or(&codes::NO_ROUTE)?;
    let hash = auth::hashed(password, None).await?;
    let given = json!({
        "email": new.email.to_lowercase(),
        "name": new.name,
        "administrator": new.administrator,
        "personId": new.person,
    });
    let Value::Object(given) = given else { return Err((&codes::INVALID).into()) };
    let content = check::content(resource.facts, given).map_err(Error::invalid)?;
    let caller = Caller::operator();
    let write = store.write(Writer::of(&caller)).await?;
    let proof = Create::allowed(write.tx(), resource.facts, &caller, Row(content)).await?;
    let change = write.create(proof).await?;
    resource.settle(&write, &caller, &change).await?;
    let user = change.row().id();
    session::set_password(write.tx(), user, hash).await?;
    write.commit().await?;
    Ok(user)
}

/// A machine client to add.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// The number of the organisation that it calls for.
    pub organisation: String,
    /// What to call it.
    pub name: String,
    /// What its tokens may be used for.
    pub scopes: Vec<String>,
}

/// Adds a machine client; its identifier and its secret, which is kept nowhere.
///
/// # Errors
/// 422 when something is not valid, the organisation not known among it.
pub async fn add_client(store: &Store, new: NewClient) -> Result<(Uuid, String), Error> {
    let resource = routes::resources().iter().find(|one| one.facts.path == "clients").ok_or(&codes::NO_ROUTE)?;
    let sql = "SELECT id FROM organisations WHERE org_number = $1";
    let values = [new.organisation.clone().into()];
    let statement = Statement::from_sql_and_values(store.read.get_database_backend(), sql, values);
    let found = store.read.query_one_raw(statement).await?;
    let organisation: Uuid =
        found.map(|row| row.try_get("", "id")).transpose()?.ok_or_else(|| unknown(&new.organisation))?;
    let given = json!({ "organisationId": organisation, "name": new.name, "scopes": new.scopes });
    let Value::Object(given) = given else { return Err((&codes::INVALID).into()) };
    let content = check::content(resource.facts, given).map_err(Error::invalid)?;
    let caller = Caller::operator();
    let write = store.write(Writer::of(&caller)).await?;
    let proof = Create::allowed(write.tx(), resource.facts, &caller, Row(content)).await?;
    let change = write.create(proof).await?;
    resource.settle(&write, &caller, &change).await?;
    let secret = write.shown().ok_or_else(|| Error::internal("add a client", "it has no secret"))?;
    write.commit().await?;
    Ok((change.row().id(), secret))
}

fn unknown(number: &str) -> Error {
    let message = text!(
        "ingen organisasjon har nummer {number}",
        "ingen organisasjon har nummer {number}",
        "no organisation has the number {number}"
    );
    Error::invalid(vec![Fault::at("/organisation", "no_such_record", message)])
}

/// The project of an identifier or a code.
///
/// # Errors
/// 404 when there is none.
pub async fn project(store: &Store, name: &str) -> Result<Uuid, Error> {
    let sql = "SELECT id FROM projects WHERE code = $1 OR id = $2";
    let id = name.parse::<Uuid>().unwrap_or_default();
    let statement = Statement::from_sql_and_values(store.read.get_database_backend(), sql, [name.into(), id.into()]);
    let found = store.read.query_one_raw(statement).await?;
    Ok(found.map(|row| row.try_get("", "id")).transpose()?.ok_or(&codes::NOT_FOUND)?)
}
