//! References hold: what is referred to exists, is visible, is in the same project, and is not deleted away.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, ExprTrait, LockType, Query};
use serde_json::Value;
use uuid::Uuid;

use super::Faults;
use crate::access::Caller;
use crate::access::visible::visible;
use crate::db::Db;
use crate::facts::{self, Change, Facts, Kind, Row};
use crate::problem::{Error, Fault, Problem, codes};
use crate::store::Write;
use crate::text;

/// Identifiers looked up in one statement.
const CHUNK: usize = 500;

/// What some changes refer to and the caller sees, looked up for all of them together.
pub struct Known {
    /// Collection and identifier of what there is, with its project if it is of one.
    found: BTreeMap<(&'static str, Uuid), Option<Uuid>>,
}

impl Known {
    /// Looks up what these changes refer to: one statement per collection and 500 identifiers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of<'a>(
        write: &Write,
        caller: &Caller,
        changes: impl IntoIterator<Item = (&'a Facts, &'a Change)>,
    ) -> Result<Self, Error> {
        let mut wanted: BTreeMap<(&'static str, bool), BTreeSet<Uuid>> = BTreeMap::new();
        let mut known = Self { found: BTreeMap::new() };
        for (facts, change) in changes {
            for pointed in pointed(facts, change) {
                let Some((target, id)) = pointed.to else { continue };
                // The database holds its own to that, too, whoever deletes it at this moment; to no other reference to a project.
                if facts.of_project && pointed.pointer == "/projectId" && write.has_project(caller, id) {
                    known.found.insert((target.path, id), None);
                } else {
                    wanted.entry((target.path, pointed.loose)).or_default().insert(id);
                }
            }
        }
        for ((path, loose), ids) in wanted {
            let Some(target) = facts::by_path(path) else { continue };
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for chunk in ids.chunks(CHUNK) {
                known.look(write, caller, target, chunk, loose).await?;
            }
        }
        Ok(known)
    }

    /// Looks for records; where they are to be `held`, they stay until this transaction ends, or are gone already.
    async fn look(
        &mut self,
        write: &Write,
        caller: &Caller,
        target: &Facts,
        ids: &[Uuid],
        held: bool,
    ) -> Result<(), Error> {
        let mut query = Query::select();
        query.column("id").from(target.table);
        if target.of_project {
            query.column("project_id");
        }
        query.and_where(Expr::col("id").is_in(ids.iter().copied())).cond_where(visible(target, caller));
        if held {
            query.lock(LockType::KeyShare);
        }
        for row in write.tx().query_all(&query).await? {
            let project = if target.of_project { Some(row.try_get("", "project_id")?) } else { None };
            let id = row.try_get("", "id")?;
            if target.path == "projects" {
                write.saw_project(id);
            }
            self.found.insert((target.path, id), project);
        }
        Ok(())
    }

    /// The faults in what a record now refers to.
    #[must_use]
    pub fn faults(&self, facts: &Facts, change: &Change) -> Faults {
        let own = change.after().and_then(|after| after.uuid("projectId"));
        pointed(facts, change).into_iter().filter_map(|pointed| self.fault(pointed, own)).collect()
    }

    fn fault(&self, pointed: Pointed, own: Option<Uuid>) -> Option<Fault> {
        let Pointed { pointer, kind, to, .. } = pointed;
        let Some((target, id)) = to else {
            let message = text!(
                "«{kind}» er ikke en slags post",
                "«{kind}» er ikkje ein slags post",
                "“{kind}” is not a kind of record"
            );
            return Some(Fault::at(format!("{pointer}/kind"), "unknown_code", message));
        };
        let Some(project) = self.found.get(&(target.path, id)) else {
            let message = text!(
                "ingen {kind} med denne id-en",
                "ingen {kind} med denne id-en",
                "there is no {kind} with this id"
            );
            return Some(Fault::at(pointer, "no_such_record", message));
        };
        (target.of_project && own.is_some() && *project != own).then(|| {
            let message = text!(
                "er i et annet prosjekt; må være i samme prosjekt",
                "er i eit anna prosjekt; må vere i same prosjekt",
                "is in another project; must be in the same one"
            );
            Fault::at(pointer, "other_project", message)
        })
    }
}

/// A reference that a change sets.
struct Pointed {
    pointer: String,
    kind: String,
    /// Whether the database does not hold it: it stands in a list, or may be to a record of any kind.
    loose: bool,
    /// What it points to; `None` when there is no such kind of record.
    to: Option<(&'static Facts, Uuid)>,
}

/// The references that a change sets: in a field, in a list of identifiers, or to a record of any kind.
fn pointed(facts: &Facts, change: &Change) -> Vec<Pointed> {
    let Some(after) = change.after() else { return Vec::new() };
    let mut all = Vec::new();
    let strict = facts.references.iter().map(|reference| (reference, false));
    let all_of_a_kind = strict.chain(facts.lists.iter().map(|reference| (reference, true)));
    for (reference, loose) in all_of_a_kind.filter(|(reference, _)| change.touches(reference.field)) {
        let Some(target) = facts::by_path(reference.target) else { continue };
        for (pointer, id) in after.uuids(reference.field) {
            all.push(Pointed { pointer, kind: target.kind.to_owned(), loose, to: Some((target, id)) });
        }
    }
    for field in facts.fields.iter().filter(|field| field.kind == Kind::Reference && change.touches(&field.name)) {
        let Some(Value::Object(to)) = after.0.get(&field.name) else { continue };
        let kind = to["kind"].as_str().unwrap_or_default();
        let id = to["id"].as_str().and_then(|id| id.parse().ok());
        let to = facts::by_kind(kind).zip(id);
        all.push(Pointed { pointer: format!("/{}", field.name), kind: kind.to_owned(), loose: true, to });
    }
    all
}

/// Refuses to delete what other records refer to, and names up to ten of those that the caller sees.
///
/// # Errors
/// 409 with what refers to it.
pub async fn unused(db: &impl Db, facts: &Facts, caller: &Caller, row: &Row) -> Result<(), Error> {
    let mut users = Vec::new();
    for (user, reference) in facts::referring(facts.path).filter(|(user, _)| !user.derived) {
        if let Some(field) = user.field(reference.field) {
            users.extend(find(db, caller, user, Expr::col(field.column.clone()).eq(row.id())).await?);
        }
    }
    for (user, field) in facts::listing(facts.path) {
        // The text of a JSON list is the same on both engines as far as an identifier goes.
        let within = Expr::col(field.column.clone()).cast_as("text").like(format!("%{}%", row.id()));
        users.extend(find(db, caller, user, within).await?);
    }
    let stored = format!("{}:{}", facts.kind, row.id());
    for user in facts::all().iter().filter(|user| !user.derived) {
        for field in user.fields.iter().filter(|field| field.kind == Kind::Reference) {
            users.extend(find(db, caller, user, Expr::col(field.column.clone()).eq(stored.clone())).await?);
        }
    }
    if users.is_empty() {
        return Ok(());
    }
    users.sort_by_key(|(_, id)| id.is_none());
    let fault = |(path, id): &(&str, Option<Uuid>)| {
        let message = match id {
            Some(id) => text!("brukt av {path}/{id}", "brukt av {path}/{id}", "used by {path}/{id}"),
            None => text!(
                "brukt av {path} som du ikke har innsyn i",
                "brukt av {path} som du ikkje har innsyn i",
                "used by {path} that you may not see"
            ),
        };
        Fault::at("", "in_use", message)
    };
    Err(Problem::new(&codes::IN_USE).errors(users.iter().take(10).map(fault).collect()).into())
}

/// Records with this value in a column; without their identifiers where the caller does not see them.
async fn find(
    db: &impl Db,
    caller: &Caller,
    user: &'static Facts,
    condition: Expr,
) -> Result<Vec<(&'static str, Option<Uuid>)>, Error> {
    let seen = Expr::case(visible(user, caller), Expr::col("id")).finally(Expr::val(Option::<Uuid>::None));
    let mut query = Query::select();
    query.expr_as(seen, "id").from(user.table).and_where(condition).limit(10);
    let rows = db.query_all(&query).await?;
    rows.iter().map(|row| Ok((user.path, row.try_get("", "id")?))).collect()
}
