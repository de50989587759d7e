//! References hold: what is referred to exists, is visible, is in the same project, and is not deleted away.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::Value;
use uuid::Uuid;

use super::Faults;
use crate::access::Caller;
use crate::access::visible::visible;
use crate::facts::{self, Change, Facts, Kind, Row};
use crate::problem::{Error, Fault, Problem, codes};
use crate::store::Write;
use crate::text;

/// The faults in what a record now refers to; only references that the change touches are looked up.
///
/// # Errors
/// When the database fails.
pub async fn check(write: &Write, caller: &Caller, facts: &Facts, change: &Change) -> Result<Faults, Error> {
    let Some(after) = change.after() else { return Ok(Vec::new()) };
    let mut faults = Vec::new();
    for reference in facts.references.iter().filter(|reference| change.touches(reference.field)) {
        let (Some(id), Some(target)) = (after.uuid(reference.field), facts::by_path(reference.target)) else {
            continue;
        };
        let pointer = format!("/{}", reference.field);
        faults.extend(look(write, caller, target, id, after, pointer).await?);
    }
    for field in facts.fields.iter().filter(|field| field.kind == Kind::Reference && change.touches(&field.name)) {
        let Some(Value::Object(to)) = after.0.get(&field.name) else { continue };
        let (kind, id) = (to["kind"].as_str().unwrap_or_default(), to["id"].as_str().and_then(|id| id.parse().ok()));
        let pointer = format!("/{}", field.name);
        match (facts::by_kind(kind), id) {
            (Some(target), Some(id)) => faults.extend(look(write, caller, target, id, after, pointer).await?),
            _ => faults.push(Fault::at(
                format!("{pointer}/kind"),
                "unknown_code",
                text!(
                    "«{kind}» er ikke en slags post",
                    "«{kind}» er ikkje ein slags post",
                    "“{kind}” is not a kind of record"
                ),
            )),
        }
    }
    Ok(faults)
}

async fn look(
    write: &Write,
    caller: &Caller,
    target: &Facts,
    id: Uuid,
    from: &Row,
    pointer: String,
) -> Result<Option<Fault>, Error> {
    let mut query = Query::select();
    let project = if target.of_project { Expr::col("project_id") } else { Expr::val(Option::<Uuid>::None) };
    query
        .expr_as(project, Alias::new("project"))
        .from(target.table)
        .and_where(Expr::col("id").eq(id))
        .cond_where(visible(target, caller));
    let kind = target.kind;
    let Some(found) = write.tx().query_one(&query).await? else {
        return Ok(Some(Fault::at(
            pointer,
            "no_such_record",
            text!("ingen {kind} med denne id-en", "ingen {kind} med denne id-en", "there is no {kind} with this id"),
        )));
    };
    let project: Option<Uuid> = if target.of_project { found.try_get("", "project")? } else { None };
    let own = from.uuid("projectId");
    Ok((target.of_project && own.is_some() && project != own).then(|| {
        Fault::at(
            pointer,
            "other_project",
            text!(
                "er i et annet prosjekt; må være i samme prosjekt",
                "er i eit anna prosjekt; må vere i same prosjekt",
                "is in another project; must be in the same one"
            ),
        )
    }))
}

/// Refuses to delete what other records refer to, and names up to ten of those that the caller sees.
///
/// # Errors
/// 409 with what refers to it.
pub async fn unused(db: &impl ConnectionTrait, facts: &Facts, caller: &Caller, row: &Row) -> Result<(), Error> {
    let mut users = Vec::new();
    for (user, reference) in facts::referring(facts.path) {
        if let Some(field) = user.field(reference.field) {
            users.extend(find(db, caller, user, &field.column, Expr::val(row.id())).await?);
        }
    }
    let stored = format!("{}:{}", facts.kind, row.id());
    for user in facts::all() {
        for field in user.fields.iter().filter(|field| field.kind == Kind::Reference) {
            users.extend(find(db, caller, user, &field.column, Expr::val(stored.clone())).await?);
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
    db: &impl ConnectionTrait,
    caller: &Caller,
    user: &'static Facts,
    column: &str,
    value: Expr,
) -> Result<Vec<(&'static str, Option<Uuid>)>, Error> {
    let seen = Expr::case(visible(user, caller), Expr::col("id")).finally(Expr::val(Option::<Uuid>::None));
    let mut query = Query::select();
    query.expr_as(seen, Alias::new("id")).from(user.table).and_where(Expr::col(column.to_owned()).eq(value)).limit(10);
    let rows = db.query_all(&query).await?;
    rows.iter().map(|row| Ok((user.path, row.try_get("", "id")?))).collect()
}
