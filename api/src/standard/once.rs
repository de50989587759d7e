//! Work that is done once, however often an `Idempotency-Key` is sent.

use actix_web::HttpResponse;
use serde_json::Value;

use super::sealed;
use crate::facts::{Facts, Row, Secret};
use crate::http::Answer;
use crate::http::answer::replayed;
use crate::problem::Error;
use crate::store::{Replay, Store, Stored, Write, Writer};

/// Does the work and commits it; a key that was seen gets the answer that it got, and the work is not done again.
///
/// # Errors
/// 422 when the key was used with another body; what the work fails with, and then nothing is kept.
pub async fn once<W>(write: Write, path: &str, key: Option<&str>, body: &[u8], work: W) -> Result<HttpResponse, Error>
where
    W: AsyncFnOnce(&Write) -> Result<Answer, Error>,
{
    once_shown(write, path, key, body, &|_| (), work).await
}

/// The same, with something in the answer that is never kept: `show` puts it there, the first time and every other.
///
/// # Errors
/// As [`once`].
pub async fn once_shown<W>(
    write: Write,
    path: &str,
    key: Option<&str>,
    body: &[u8],
    show: &dyn Fn(&mut Value),
    work: W,
) -> Result<HttpResponse, Error>
where
    W: AsyncFnOnce(&Write) -> Result<Answer, Error>,
{
    let claim = match key {
        None => None,
        Some(key) => match write.claim(path, key, body).await? {
            Replay::Again(stored) => {
                write.settled().await?;
                return Ok(replayed(again(stored, key, show)?));
            }
            Replay::First(id) => Some((id, key)),
        },
    };
    let mut answer = work(&write).await?;
    let drawn = write.shown();
    if let Some((id, key)) = claim {
        let mut kept = answer.clone();
        if let (Some(body), Some(drawn)) = (&mut kept.body, &drawn) {
            body["secret"] = sealed::seal(key, drawn)?.into();
        }
        write.remember(id, &kept.stored()).await?;
    }
    write.commit().await?;
    if let Some(body) = &mut answer.body {
        show(body);
        if let Some(drawn) = drawn {
            body["secret"] = drawn.into();
        }
    }
    Ok(answer.into_response())
}

/// The answer that a key got before, if it did; by asking nothing is claimed. For what asks somebody else or is many
/// transactions, and can be done again without harm: its answer is kept by [`once`] when it is there.
///
/// # Errors
/// 422 when the key was used with another body; 409 while another request with the key is at work.
pub async fn before(
    store: &Store,
    writer: Writer,
    path: &str,
    key: Option<&str>,
    body: &[u8],
) -> Result<Option<HttpResponse>, Error> {
    let Some(key) = key else { return Ok(None) };
    let write = store.write(writer).await?;
    match write.claim(path, key, body).await? {
        Replay::Again(stored) => {
            write.settled().await?;
            Ok(Some(replayed(again(stored, key, &|_| ())?)))
        }
        // What was claimed goes with the transaction.
        Replay::First(_) => Ok(None),
    }
}

fn again(mut stored: Stored, key: &str, show: &dyn Fn(&mut Value)) -> Result<Stored, Error> {
    if let Ok(mut body) = serde_json::from_str::<Value>(&stored.body) {
        // What was drawn is only in the answer, and only the caller's key opens it.
        if let Some(sealed) = body.get("secret").and_then(Value::as_str) {
            body["secret"] = sealed::open(key, sealed)?.into();
        }
        show(&mut body);
        stored.body = body.to_string();
    }
    Ok(stored)
}

/// Puts the secret of a record into the answer that shows the record, where it is worked out from it.
pub fn secret<'a>(facts: &'a Facts, key: &'a [u8]) -> impl Fn(&mut Value) + 'a {
    move |body| {
        if let (Some(Secret::Derived(of)), Value::Object(record)) = (facts.secret, body) {
            let secret = of(key, &Row(record.clone()));
            record.insert("secret".to_owned(), secret.into());
        }
    }
}
