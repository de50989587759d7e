//! A body that is taken piece by piece: what is too large for memory passes through it.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use futures_util::StreamExt;

use crate::problem::{Error, codes};

/// How long a client may send nothing. The time of the whole depends on its size, so it has no bound here: who takes
/// the pieces bounds it by progress.
const SILENCE: Duration = Duration::from_secs(30);

/// A body on its way in.
pub struct Incoming(Payload);

impl Incoming {
    /// The body of a request.
    #[must_use]
    pub(super) const fn of(payload: Payload) -> Self {
        Self(payload)
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// 408 when the client sends nothing for too long, 400 when it is gone before the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let next = tokio::time::timeout(SILENCE, self.0.next()).await;
        let piece = next.map_err(|_| Error::from(&codes::TIMEOUT))?;
        piece.transpose().map_err(|_| (&codes::MALFORMED).into())
    }
}
