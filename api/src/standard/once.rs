//! Work that is done once, however often an `Idempotency-Key` is sent.

use actix_web::HttpResponse;

use crate::http::Answer;
use crate::http::answer::replayed;
use crate::problem::Error;
use crate::store::{Replay, Write};

/// Does the work and commits it; a key that was seen gets the answer that it got, and the work is not done again.
///
/// # Errors
/// 422 when the key was used with another body; what the work fails with, and then nothing is kept.
pub async fn once<W>(write: Write, path: &str, key: Option<&str>, body: &[u8], work: W) -> Result<HttpResponse, Error>
where
    W: AsyncFnOnce(&Write) -> Result<Answer, Error>,
{
    let claim = match key {
        None => None,
        Some(key) => match write.claim(path, key, body).await? {
            Replay::Again(stored) => return Ok(replayed(stored)),
            Replay::First(id) => Some(id),
        },
    };
    let answer = work(&write).await?;
    if let Some(id) = claim {
        write.remember(id, &answer.stored()).await?;
    }
    write.commit().await?;
    Ok(answer.into_response())
}
