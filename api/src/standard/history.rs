//! `GET /{collection}/{id}/history`: every version of a record, newest first: who, when, why, before and after.

use actix_web::HttpResponse;
use chrono::Utc;
use serde_json::Value;
use uuid::Uuid;

use super::Resource;
use super::cursor::Numbered;
use super::list::weakly_tagged;
use super::present;
use super::read::{find, id};
use crate::access::{Caller, Sight};
use crate::http::Call;
use crate::problem::{Error, codes};
use crate::store;

/// Answers a history.
///
/// # Errors
/// 401; 404 for what the caller may not see; 403 for what it sees a part of.
pub async fn history(resource: &'static Resource, call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let record = id(&call)?;
    let question = format!("history {} {record} {:?}", resource.facts.path, caller.actor);
    let asked = Numbered::asked(&call, &question)?;
    let hidden = may_see(resource, &call, &caller, record).await?;
    let entries = store::history(&call.store.read, resource.facts.kind, record, asked.before, asked.limit + 1).await?;
    if hidden.is_empty() && present::is_of_people(resource.facts) {
        let versions = entries.iter().flat_map(|entry| [&entry.before, &entry.after]).flatten().cloned();
        let versions: Vec<Value> = versions.collect();
        call.shows(&caller, present::told_of(resource.facts, &present::Wanted::default(), &versions));
    }
    let answer = asked.page(entries, |entry| entry.sequence, |entry| without(entry.json(), &hidden));
    weakly_tagged(&call, present::unkept(resource.facts, &present::Wanted::default(), answer))
}

/// Lets those read the history who see all of the record's area; of a deleted record, those who saw all of it.
/// Answers the fields that stay hidden from them.
async fn may_see(resource: &Resource, call: &Call, caller: &Caller, record: Uuid) -> Result<Vec<&'static str>, Error> {
    let facts = resource.facts;
    let today = Utc::now().date_naive();
    let row = match find(&call.store, facts, caller, record, today).await {
        Err(Error::Problem(problem)) if problem.code == &codes::NOT_FOUND => {
            let saw = (!caller.administrator).then(|| caller.projects_seen(facts.area, Sight::All));
            let gone = store::was_deleted(&call.store.read, facts.kind, record, saw).await?;
            return if gone { Ok(Vec::new()) } else { Err(Error::Problem(problem)) };
        }
        found => found?,
    };
    // Of the directory everybody sees what it says today; who said what before, and why, is for those who see all of a
    // project.
    let project = if facts.path == "projects" { Some(record) } else { row.uuid("projectId") };
    let all = project
        .map_or_else(|| caller.sees_all_somewhere(), |project| caller.rights(project, facts.area).sight == Sight::All);
    if !all {
        return Err((&codes::FORBIDDEN).into());
    }
    let contact: Vec<&str> = facts.contact().collect();
    let open = contact.is_empty()
        || caller.administrator
        || present::acquainted(&call.store.read, caller, today, &[row]).await?.contains(&record);
    Ok(if open { Vec::new() } else { contact })
}

fn without(mut entry: Value, hidden: &[&str]) -> Value {
    for side in ["before", "after"] {
        for name in hidden {
            if entry[side].is_object() {
                entry[side][*name] = Value::Null;
            }
        }
    }
    entry
}
