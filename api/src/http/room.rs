//! Room for what comes in and goes out: large bodies together never take more memory than this process sets apart for them, however
//! many clients send or take them slowly.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::Method;
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use super::gate::busy;
use super::turns::Turn;
use crate::problem::Error;

/// Bodies up to this size, in bytes, are of no account.
pub const SMALL: usize = 65_536;
/// The most that a connection is given at once, in bytes: it keeps a copy until the client has taken it.
const PIECE: usize = 65_536;
/// Room for bodies that are coming in, in KiB.
const INCOMING: u32 = 32 * 1024;
/// Room for bodies that clients have not taken yet, in KiB.
const OUTGOING: u32 = 48 * 1024;
/// How long a body waits for room to go out, where no more are made meanwhile.
const PATIENCE: Duration = Duration::from_secs(2);

/// Room in memory, shared by all workers.
#[derive(Debug)]
pub struct Room {
    incoming: Arc<Semaphore>,
    outgoing: Arc<Semaphore>,
}

/// A part of the room; it is given back when this is dropped.
#[derive(Debug)]
pub struct Held(#[expect(dead_code, reason = "what counts is when it is dropped")] OwnedSemaphorePermit);

impl Default for Room {
    fn default() -> Self {
        let room = |size: u32| Arc::new(Semaphore::new(size as usize));
        Self { incoming: room(INCOMING), outgoing: room(OUTGOING) }
    }
}

impl Room {
    /// Room for so many bytes on their way in.
    ///
    /// # Errors
    /// 503 when others have it.
    pub fn incoming(&self, bytes: usize) -> Result<Held, Error> {
        held(&self.incoming, kibibytes(bytes, INCOMING)).map_err(|_| busy())
    }

    /// Room for so many bytes on their way out.
    ///
    /// # Errors
    /// 503 when others have it.
    pub fn outgoing(&self, bytes: usize) -> Result<Held, Error> {
        held(&self.outgoing, kibibytes(bytes, OUTGOING)).map_err(|_| busy())
    }

    /// An answer whose body, where it is a large one, goes out in pieces, has its room until its last piece is taken, and is 503 where
    /// there is none. Whoever has a turn waits for room, since no more is made meanwhile; and what was written is told in any case, which
    /// is bounded by turns, too.
    pub async fn paced(&self, request: &HttpRequest, response: HttpResponse<BoxBody>) -> HttpResponse<BoxBody> {
        if !matches!(response.body().size(), BodySize::Sized(size) if size > SMALL as u64) {
            return response;
        }
        let (response, body) = response.into_parts();
        let bytes = match body.try_into_bytes() {
            Ok(bytes) => bytes,
            // It comes in pieces already.
            Err(body) => return response.set_body(body),
        };
        let size = kibibytes(bytes.len(), OUTGOING);
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let found = if !reads || request.extensions().contains::<Turn>() {
            let waited = Arc::clone(&self.outgoing).acquire_many_owned(size);
            tokio::time::timeout(PATIENCE, waited).await.ok().and_then(Result::ok).map(Held)
        } else {
            held(&self.outgoing, size).ok()
        };
        if found.is_none() && reads {
            return busy().error_response();
        }
        response.set_body(BoxBody::new(Pieces { left: bytes, _room: found }))
    }
}

/// A body that goes out in pieces.
pub struct Pieces {
    left: Bytes,
    _room: Option<Held>,
}

impl Pieces {
    /// Of bytes that are there for all: they take no room.
    #[must_use]
    pub const fn of_all(bytes: &'static [u8]) -> Self {
        Self { left: Bytes::from_static(bytes), _room: None }
    }
}

impl MessageBody for Pieces {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.left.len() as u64)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let piece = piece_of(&mut self.get_mut().left);
        Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }
}

/// The next piece of bytes that are given away.
#[must_use]
pub fn piece_of(left: &mut Bytes) -> Bytes {
    left.split_to(left.len().min(PIECE))
}

fn held(room: &Arc<Semaphore>, size: u32) -> Result<Held, TryAcquireError> {
    Arc::clone(room).try_acquire_many_owned(size).map(Held)
}

/// As much of the room as bytes take: all of it, where they are more.
fn kibibytes(bytes: usize, most: u32) -> u32 {
    u32::try_from(bytes.div_ceil(1024)).map_or(most, |size| size.min(most))
}

#[cfg(test)]
mod tests {
    use actix_web::body::{BodySize, MessageBody, to_bytes};
    use actix_web::test::TestRequest;
    use actix_web::{HttpMessage, HttpResponse};

    use super::{OUTGOING, Pieces, Room, SMALL};
    use crate::http::turns::Turn;

    fn large() -> HttpResponse {
        HttpResponse::Ok().body(vec![7; OUTGOING as usize * 1024])
    }

    #[actix_web::test]
    async fn what_clients_have_not_taken_is_bounded_and_comes_whole() {
        let room = Room::default();
        let request = TestRequest::get().to_http_request();
        let first = room.paced(&request, large()).await;
        assert_eq!((first.status().as_u16(), first.body().size()), (200, BodySize::Sized(u64::from(OUTGOING) * 1024)));
        let second = room.paced(&request, HttpResponse::Ok().body(vec![7; SMALL + 1])).await;
        assert_eq!(second.status(), 503);
        assert!(second.headers().contains_key("retry-after"));
        assert_eq!(
            room.paced(&request, HttpResponse::Ok().body(vec![7; SMALL])).await.status(),
            200,
            "small ones always go"
        );
        assert!(to_bytes(first.into_body()).await.is_ok_and(|all| all.len() == OUTGOING as usize * 1024));
        assert_eq!(room.paced(&request, large()).await.status(), 200, "and there is room again");
    }

    #[actix_web::test]
    async fn who_has_a_turn_waits_for_room_and_what_was_written_is_told() {
        let room = Room::default();
        let held = room.outgoing(usize::MAX);
        let written = TestRequest::post().to_http_request();
        assert_eq!(room.paced(&written, large()).await.status(), 200);
        let patient = TestRequest::get().to_http_request();
        patient.extensions_mut().insert(Turn::none());
        let (answer, ()) = futures_util::join!(room.paced(&patient, large()), async { drop(held) });
        assert_eq!(answer.status(), 200);
    }

    #[actix_web::test]
    async fn a_body_for_all_takes_no_room() {
        let body = Pieces::of_all(b"Framdrift");
        assert_eq!(body.size(), BodySize::Sized(9));
        assert_eq!(to_bytes(body).await.ok().as_deref(), Some(b"Framdrift".as_slice()));
    }
}
