//! `GET /events`: what happened, in the order in which it was committed; asked again and again, waited for, or streamed.

pub mod about;
pub mod asked;
mod stream;

use actix_web::HttpResponse;
use serde_json::Value;
use tokio::time::Instant;

use crate::access::Caller;
use crate::access::events::{events_seen, sees_all};
use crate::http::{Answer, Call};
use crate::problem::{Error, codes};
use crate::store::feed::{self, Page, Place};
use crate::store::{News, Store};
use asked::Asked;

/// Answers a part of the feed: at once if there is something or nobody waits, else when there is.
///
/// # Errors
/// 401; 400 for a parameter; 410 for a cursor that is too old.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let mut asked = Asked::of(&call, &caller)?;
    if asked.streams {
        return stream::answer(&call, asked).await;
    }
    let deadline = Instant::now() + asked.wait;
    let mut head = call.store.news.head();
    loop {
        // Before it is read: what comes meanwhile is news.
        head.borrow_and_update();
        // Asked anew at every turn: who waits may lose its rights while it does.
        let caller = call.caller().await?;
        let page = read(&call.store, &caller, &asked).await?;
        if !page.entries.is_empty() || !come(&call.store.news, &mut head, deadline).await {
            let items: Vec<Value> = page.entries.iter().map(|entry| shown(&caller, entry)).collect();
            let next = asked.cursor(&call.shared.cursor_secret, page.next);
            return Ok(Answer::page(items, Some(next)).into_response());
        }
        asked.place = Place::After(page.next);
    }
}

/// The next part of the feed that the caller may see; what was committed before is in it.
async fn read(store: &Store, caller: &Caller, asked: &Asked) -> Result<Page, Error> {
    match feed::seal(store).await {
        Ok(_) => {}
        // A long write holds the door, or the disk is full: what is sealed already can be read all the same.
        Err(Error::Problem(problem)) if [&codes::UNAVAILABLE, &codes::STORAGE_FULL].contains(&problem.code) => {}
        Err(error) => return Err(error),
    }
    let condition = sea_orm::Condition::all().add(asked.filter.condition()).add(events_seen(caller));
    feed::page(&store.read, condition, asked.place, asked.limit).await
}

/// An event as the caller is told of it.
fn shown(caller: &Caller, entry: &feed::Entry) -> Value {
    entry.json(sees_all(caller, &entry.kind, entry.project))
}

/// Waits until the feed goes on; false when the time is out or the service ends. Nothing of the database is held.
async fn come(news: &News, head: &mut tokio::sync::watch::Receiver<i64>, deadline: Instant) -> bool {
    tokio::select! {
        changed = head.changed() => changed.is_ok(),
        () = tokio::time::sleep_until(deadline) => false,
        () = news.closed() => false,
    }
}
