//! The feed as server-sent events: one answer that goes on for as long as the caller listens and may.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING};
use actix_web::web::Bytes;
use futures_util::stream;
use tokio::sync::watch;
use tokio::time::Instant;

use super::asked::Asked;
use super::{come, read, shown};
use crate::access::Caller;
use crate::access::recent::Fingerprint;
use crate::http::{Call, Shared};
use crate::problem::Error;
use crate::store::Store;
use crate::store::feed::{Entry, Place};

/// How often the caller hears that the service is there; proxies close what is silent for a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// What the stream begins with: how long to wait before coming back, in milliseconds.
const HELLO: &str = "retry: 2000\n\n";

/// Somebody who listens.
struct Listener {
    shared: Arc<Shared>,
    store: Store,
    token: String,
    asked: Asked,
    head: watch::Receiver<i64>,
    /// Whether there is more than what was told.
    behind: bool,
}

/// Answers the stream. The first part is read before, so that what is wrong is a problem like others.
///
/// # Errors
/// 401, 410.
pub async fn answer(call: &Call, asked: Asked) -> Result<HttpResponse, Error> {
    let mut listener = Listener {
        shared: Arc::clone(&call.shared),
        store: call.store.clone(),
        token: call.bearer()?,
        asked,
        head: call.store.news.head(),
        behind: false,
    };
    let mut first = String::from(HELLO);
    first.push_str(&listener.turn().await?);
    let rest = stream::unfold((listener, Some(first)), |(mut listener, first)| async move {
        let text = match first {
            Some(text) => text,
            None => listener.next().await?,
        };
        Some((Ok::<_, Infallible>(Bytes::from(text)), (listener, None)))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        // The compressor would hold events back; it leaves alone what says that it has a coding.
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(rest))
}

impl Listener {
    /// What comes next: events, or a sign of life. `None` ends the stream: the service ends, or the caller's token
    /// no longer holds. It comes back with `Last-Event-ID` and has missed nothing.
    async fn next(&mut self) -> Option<String> {
        let deadline = Instant::now() + HEARTBEAT;
        loop {
            if !self.behind && !come(&self.store.news, &mut self.head, deadline).await {
                return if deadline <= Instant::now() { self.heartbeat().await } else { None };
            }
            let text = self.turn().await.ok()?;
            if !text.is_empty() {
                return Some(text);
            }
        }
    }

    /// A comment, and the place reached: who listens to little does not fall behind what the feed keeps.
    async fn heartbeat(&mut self) -> Option<String> {
        self.caller().await.ok()?;
        let place = match self.asked.place {
            Place::After(position) => format!("id: {}\n", self.asked.cursor(&self.shared.cursor_secret, position)),
            Place::Oldest | Place::Now => String::new(),
        };
        Some(format!(": still here\n{place}\n"))
    }

    /// The events that there are now, a page of them at most; moves on past them.
    async fn turn(&mut self) -> Result<String, Error> {
        self.head.borrow_and_update();
        let caller = self.caller().await?;
        let page = read(&self.store, &caller, &self.asked).await?;
        self.asked.place = Place::After(page.next);
        self.behind = page.entries.len() as u64 == self.asked.limit;
        Ok(page.entries.iter().map(|entry| self.told(&caller, entry)).collect())
    }

    fn told(&self, caller: &Caller, entry: &Entry) -> String {
        let id = self.asked.cursor(&self.shared.cursor_secret, entry.position);
        format!("id: {id}\nevent: {}\ndata: {}\n\n", entry.event, shown(caller, entry))
    }

    /// Who listens, as it is now.
    async fn caller(&self) -> Result<Caller, Error> {
        self.shared.caller(&self.store, &self.token, Fingerprint::of(&self.token)).await
    }
}
