//! Machine clients: their secrets and keys, what was used once, and what they are today.

use std::collections::BTreeSet;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use entity::clients::{ClientKeys, ClientScopes};
use sea_orm::Statement;
use uuid::Uuid;

use super::keys::{Key, OF_CLIENTS, usable};
use super::scope::{Scope, listed};
use super::session::random;
use super::token::Claims;
use super::{Actor, Caller};
use crate::db::{Db, Found};
use crate::problem::Error;

/// What a secret begins with, so that scanners know one that has leaked.
const PREFIX: &str = "framdrift_";

/// What a client has shown to get a token; the token ends with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The secret of this version.
    Secret(i64),
    /// The key of this name.
    Key(String),
}

impl Credential {
    /// As a token carries it.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Secret(version) => format!("secret:{version}"),
            Self::Key(kid) => format!("key:{kid}"),
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        match code.split_once(':')? {
            ("secret", version) => version.parse().ok().map(Self::Secret),
            ("key", kid) => Some(Self::Key(kid.to_owned())),
            _ => None,
        }
    }
}

/// A client that is not disabled.
pub struct Known {
    /// The organisation that it calls for.
    pub organisation: Uuid,
    /// What its tokens may be used for.
    pub scopes: BTreeSet<Scope>,
    /// Its public keys.
    pub keys: Vec<Key>,
}

/// Draws a secret for a client and keeps its hash; the secret itself is kept nowhere. It has 256 random bits, so that a fast hash
/// is enough: there is nothing to guess.
///
/// # Errors
/// When the database fails.
pub async fn draw(tx: &impl Db, client: Uuid, version: i64) -> Result<String, Error> {
    let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random::<32>()?));
    let sql = "INSERT INTO client_secrets (client_id, version, hash) VALUES ($1, $2, $3)";
    run(tx, sql, [client.into(), version.into(), hash(&secret).into()]).await?;
    Ok(secret)
}

/// Ends the secrets of a client: the one of a version at an instant, those before it now.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &impl Db, client: Uuid, version: i64, at: DateTime<Utc>) -> Result<(), Error> {
    let before = "DELETE FROM client_secrets WHERE client_id = $1 AND version < $2";
    run(tx, before, [client.into(), version.into()]).await?;
    let sql = "UPDATE client_secrets SET expires_at = $3 WHERE client_id = $1 AND version = $2";
    run(tx, sql, [client.into(), version.into(), at.into()]).await
}

/// The version of the secret that a client has shown, if it is one of its own.
///
/// # Errors
/// When the database fails.
pub async fn secret_version(
    db: &impl Db,
    client: Uuid,
    secret: &str,
    now: DateTime<Utc>,
) -> Result<Option<i64>, Error> {
    let sql =
        "SELECT version, hash FROM client_secrets WHERE client_id = $1 AND (expires_at IS NULL OR expires_at > $2)";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [client.into(), now.into()]);
    let shown = hash(secret);
    for row in db.query_all_raw(statement).await? {
        let kept: Vec<u8> = row.try_get("", "hash")?;
        if verify_slices_are_equal(&kept, &shown).is_ok() {
            return Ok(Some(row.try_get("", "version")?));
        }
    }
    Ok(None)
}

/// A client as it is now; `None` for one that is gone or disabled.
///
/// # Errors
/// When the database fails.
pub async fn known(db: &impl Db, client: Uuid) -> Result<Option<Known>, Error> {
    let sql = "SELECT organisation_id, scopes, jwks FROM clients WHERE id = $1 AND disabled_at IS NULL";
    let found =
        db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [client.into()])).await?;
    found.as_ref().map(read).transpose()
}

fn read(row: &Found) -> Result<Known, Error> {
    let scopes: Option<ClientScopes> = row.parsed("scopes")?;
    let keys: Option<ClientKeys> = row.parsed("jwks")?;
    let keys = keys.map(|keys| usable(&serde_json::to_value(keys).unwrap_or_default(), &OF_CLIENTS));
    Ok(Known {
        organisation: row.try_get("", "organisation_id")?,
        scopes: scopes.into_iter().flat_map(|scopes| scopes.0).collect(),
        keys: keys.unwrap_or_default(),
    })
}

/// Uses an assertion up, on all replicas; false when it was used before (RFC 7523 §3, item 7). What has ended is forgotten.
///
/// # Errors
/// When the database fails.
pub async fn use_up(
    tx: &impl Db,
    client: Uuid,
    jti: &str,
    ends: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    run(tx, "DELETE FROM client_assertions WHERE expires_at < $1", [now.into()]).await?;
    let sql = "INSERT INTO client_assertions (client_id, hash, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    let values = [client.into(), hash(jti).into(), ends.into()];
    let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a client has got a token.
///
/// # Errors
/// When the database fails.
pub async fn used(tx: &impl Db, client: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
    let sql = "INSERT INTO client_uses (client_id, used_at) VALUES ($1, $2) \
               ON CONFLICT (client_id) DO UPDATE SET used_at = excluded.used_at";
    run(tx, sql, [client.into(), now.into()]).await
}

/// The caller of a client's token, as it is now: the client, what it showed for the token, and its scopes still have to be there.
///
/// # Errors
/// When the database fails; `None` when it is no longer a caller.
pub(super) async fn caller(db: &impl Db, claims: &Claims) -> Result<Option<Caller>, Error> {
    let credential = claims.cred.as_deref().and_then(Credential::from_code);
    let (Some(credential), Some(scope)) = (credential, &claims.scope) else { return Ok(None) };
    let Some(known) = known(db, claims.sub).await? else { return Ok(None) };
    let now = Utc::now();
    let holds = match &credential {
        Credential::Key(kid) => known.keys.iter().any(|key| key.kid == *kid),
        Credential::Secret(version) => {
            let sql = "SELECT version FROM client_secrets \
                       WHERE client_id = $1 AND version = $2 AND (expires_at IS NULL OR expires_at > $3)";
            let values = [claims.sub.into(), (*version).into(), now.into()];
            db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?.is_some()
        }
    };
    if !holds {
        return Ok(None);
    }
    let scopes = listed(scope).filter(|scope| known.scopes.contains(scope)).collect();
    let actor = Actor { kind: "client", id: Some(claims.sub), via: None };
    Caller::of_organisation(db, actor, known.organisation, scopes, now.date_naive()).await.map(Some)
}

async fn run<const N: usize>(tx: &impl Db, sql: &str, values: [sea_orm::Value; N]) -> Result<(), Error> {
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

fn hash(text: &str) -> Vec<u8> {
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}
