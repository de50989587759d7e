//! The keys that sign access tokens, as the database keeps them for all replicas.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::Store;
use super::secrets::{keep, replace_secrets, secrets_of};
use crate::access::signing::{self, Former, NAME, SigningKey, SigningKeys, fresh_key};
use crate::problem::Error;

/// The keys; the first process that asks makes the first one.
///
/// # Errors
/// When the database fails, or a key cannot be read.
pub async fn keys(store: &Store) -> Result<SigningKeys, Error> {
    let mut kept = secrets_of(&store.read, NAME).await?;
    if kept.is_empty() {
        kept.push((NAME.to_owned(), keep(store, NAME, fresh_key).await?));
    }
    SigningKeys::of(&kept)
}

/// Makes a new key, which signs after a while; answers its name in tokens and when that is. Keys that are over go.
///
/// # Errors
/// When the database fails, or no key can be made.
pub async fn rotate(
    store: &Store,
    now: DateTime<Utc>,
    after: TimeDelta,
    former: Former,
) -> Result<(String, DateTime<Utc>), Error> {
    let keys = keys(store).await?;
    let (from, gone): (_, Vec<&str>) = match former {
        Former::Kept => ((now + after).max(keys.newest() + TimeDelta::milliseconds(1)), keys.over(now).collect()),
        Former::Refused => (now, keys.names().collect()),
    };
    let from = from.trunc_subsecs(3);
    let (name, fresh) = (signing::name(from), fresh_key()?);
    let kid = SigningKey::read(&name, &fresh)?.kid().to_owned();
    replace_secrets(store, &gone, &name, fresh).await?;
    Ok((kid, from))
}
