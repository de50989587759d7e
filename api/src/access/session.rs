//! Passwords and sessions: login, refresh with rotation and detection of reuse, logout.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::{hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{TimeDelta, Utc};
use sea_orm::Statement;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, LockType, Query};
use uuid::Uuid;

use crate::db::Db;
use crate::problem::{Error, codes};

/// How long a session lives without being refreshed, in days.
const SESSION_DAYS: i64 = 30;
/// Random bytes of a refresh token; what shows that it is one of ours comes after them.
const DRAWN: usize = 32;

/// A user's session and the refresh token that continues it, shown once.
pub struct Session {
    /// The user.
    pub user: Uuid,
    /// The session.
    pub id: Uuid,
    /// The refresh token.
    pub refresh_token: String,
}

/// Argon2id with 19 MiB, two passes, one lane (OWASP's and ASVS 11.4.2's floor).
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None).unwrap_or_default())
}

/// The hash of a password, with a salt of its own. Takes some 20 ms of processor time.
///
/// # Errors
/// When no random bytes can be had.
pub fn hash_password(password: &str) -> Result<String, Error> {
    let salt =
        SaltString::encode_b64(&random::<16>()?).map_err(|error| Error::internal("make a salt", error.to_string()))?;
    let hash = argon2().hash_password(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| Error::internal("hash a password", error.to_string()))
}

/// The hash of no password, with the cost of every other.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$nJ7kUqV1lFcmGn0RuXBc0F2jAKkD3g1BCGxJ0XkHhZo";

/// Whether a password is the one of a hash. Without a hash it does the same work, so that time tells nothing.
#[must_use]
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    let fits = argon2().verify_password(password.as_bytes(), &parsed).is_ok();
    fits && hash.is_some()
}

/// Random bytes from the operating system.
///
/// # Errors
/// When it gives none.
pub fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|error| Error::internal("draw random bytes", error))?;
    Ok(bytes)
}

/// Opens a session for a user whose password was right; `key` is the secret of logins.
///
/// # Errors
/// When the database fails.
pub async fn open(tx: &impl Db, key: &[u8], user: Uuid) -> Result<Session, Error> {
    let session = fresh(key, user, Uuid::now_v7())?;
    let now = Utc::now();
    let sql = "INSERT INTO sessions (id, user_id, refresh_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    let expires = now + TimeDelta::days(SESSION_DAYS);
    let values = [session.id.into(), user.into(), hash(&session.refresh_token).into(), now.into(), expires.into()];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(session)
}

/// What became of a refresh token.
pub enum Refreshed {
    /// The session goes on with a new one.
    Renewed(Session),
    /// It is not known, or was used before: then its session is ended.
    Refused,
}

/// Continues a session with its refresh token, which is then used up. An old one ends the session: somebody
/// else may have it (RFC 9700 §4.14.2). One that was never given out ends none: the identifier of a session stands in
/// each of its access tokens, and knowing it is no reason to log its owner out.
///
/// # Errors
/// When the database fails.
pub async fn refresh(tx: &impl Db, key: &[u8], token: &str) -> Result<Refreshed, Error> {
    let Some(id) = token.split_once('.').and_then(|(id, _)| id.parse::<Uuid>().ok()) else {
        return Ok(Refreshed::Refused);
    };
    let now = Utc::now();
    let sql = "SELECT s.user_id FROM sessions s JOIN users u ON u.id = s.user_id \
               WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.disabled_at IS NULL";
    let found = tx
        .query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [id.into(), now.into()]))
        .await?;
    let Some(row) = found else { return Ok(Refreshed::Refused) };
    let session = fresh(key, row.try_get("", "user_id")?, id)?;
    let sql = "UPDATE sessions SET refresh_hash = $3, expires_at = $4 WHERE id = $1 AND refresh_hash = $2";
    let expires = now + TimeDelta::days(SESSION_DAYS);
    let values = [id.into(), hash(token).into(), hash(&session.refresh_token).into(), expires.into()];
    let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    if done.rows_affected() == 1 {
        return Ok(Refreshed::Renewed(session));
    }
    if given_out(key, id, token) {
        close(tx, id).await?;
    }
    Ok(Refreshed::Refused)
}

/// Ends every session of a user.
///
/// # Errors
/// When the database fails.
pub async fn close_all(tx: &impl Db, user: Uuid) -> Result<(), Error> {
    let sql = "UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL";
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [user.into(), Utc::now().into()]))
        .await?;
    Ok(())
}

/// Ends a session: its tokens are refused from now on.
///
/// # Errors
/// When the database fails.
pub async fn close(tx: &impl Db, session: Uuid) -> Result<(), Error> {
    let sql = "UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [session.into(), Utc::now().into()]))
        .await?;
    Ok(())
}

/// The user of an e-mail address with its password hash; `None` for nobody and for the disabled.
///
/// # Errors
/// When the database fails.
pub async fn credentials(db: &impl Db, email: &str) -> Result<Option<(Uuid, String)>, Error> {
    let sql = "SELECT u.id, c.password_hash FROM users u JOIN credentials c ON c.user_id = u.id \
               WHERE u.email = $1 AND u.disabled_at IS NULL";
    let found = db
        .query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [email.to_lowercase().into()]))
        .await?;
    Ok(found
        .map(|row| Ok::<_, sea_orm::DbErr>((row.try_get("", "id")?, row.try_get("", "password_hash")?)))
        .transpose()?)
}

/// Whether a password that was found right is still the user's, who may still log in. Both stay so until this transaction ends: who
/// changes them meanwhile waits, and then ends the session that it opens.
///
/// # Errors
/// When the database fails.
pub async fn stands(tx: &impl Db, user: Uuid, password_hash: &str) -> Result<bool, Error> {
    let mut query = Query::select();
    query
        .expr(Expr::val(1))
        .from("credentials")
        .join(JoinType::InnerJoin, "users", Expr::col(("users", "id")).equals(("credentials", "user_id")))
        .and_where(Expr::col("user_id").eq(user))
        .and_where(Expr::col("password_hash").eq(password_hash))
        .and_where(Expr::col("disabled_at").is_null())
        .lock(LockType::Share);
    Ok(!tx.query_all(&query).await?.is_empty())
}

/// The password hash of a user, if it has a password.
///
/// # Errors
/// When the database fails.
pub async fn password_hash(db: &impl Db, user: Uuid) -> Result<Option<String>, Error> {
    let sql = "SELECT password_hash FROM credentials WHERE user_id = $1";
    let found = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [user.into()])).await?;
    Ok(found.map(|row| row.try_get("", "password_hash")).transpose()?)
}

/// The user of an e-mail address.
///
/// # Errors
/// When the database fails.
pub async fn user_of(db: &impl Db, email: &str) -> Result<Option<Uuid>, Error> {
    let sql = "SELECT id FROM users WHERE email = $1";
    let found = db
        .query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [email.to_lowercase().into()]))
        .await?;
    Ok(found.map(|row| row.try_get("", "id")).transpose()?)
}

/// Sets the password of a user, in place of the one it had.
///
/// # Errors
/// When the database fails.
pub async fn set_password(tx: &impl Db, user: Uuid, password_hash: String) -> Result<(), Error> {
    let sql = "INSERT INTO credentials (user_id, password_hash) VALUES ($1, $2) \
               ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash";
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [user.into(), password_hash.into()]))
        .await?;
    Ok(())
}

/// The problem of a refresh token that does not hold.
#[must_use]
pub fn invalid_grant() -> Error {
    (&codes::INVALID_GRANT).into()
}

fn fresh(key: &[u8], user: Uuid, id: Uuid) -> Result<Session, Error> {
    let drawn = random::<DRAWN>()?;
    let secret = [drawn.as_slice(), hmac::sign(&of_tokens(key), &signed(id, &drawn)).as_ref()].concat();
    Ok(Session { user, id, refresh_token: format!("{id}.{}", URL_SAFE_NO_PAD.encode(secret)) })
}

/// Whether a refresh token of a session was given out by this service, whenever that was.
fn given_out(key: &[u8], id: Uuid, token: &str) -> bool {
    let secret = token.split_once('.').and_then(|(_, secret)| URL_SAFE_NO_PAD.decode(secret).ok());
    let Some((drawn, tag)) = secret.as_deref().and_then(|secret| secret.split_at_checked(DRAWN)) else { return false };
    hmac::verify(&of_tokens(key), &signed(id, drawn), tag).is_ok()
}

fn of_tokens(key: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, key)
}

fn signed(id: Uuid, drawn: &[u8]) -> Vec<u8> {
    [b"refresh token 1".as_slice(), id.as_bytes(), drawn].concat()
}

fn hash(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}
