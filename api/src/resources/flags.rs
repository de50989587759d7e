//! The resource `flags`: what the plan check finds, as it comes and goes.

use entity::{RecordRef, flags};
use sea_orm::sea_query::{Expr, ExprTrait};
use serde_json::json;
use uuid::Uuid;

use crate::access::{Area, Edit};
use crate::facts::Change;
use crate::problem::Error;
use crate::standard::consequence::{affected, fields};
use crate::standard::{Resource, by_path};
use crate::store::Write;

/// The facts of flags; only the service writes them.
pub fn resource() -> Resource {
    Resource::of::<flags::Entity>(Area::Project)
        .search(&["rule"])
        .order("-raisedAt")
        .published("internal = FALSE")
        .stays()
        .derived()
        .event(event)
        .tells(&["raised", "cleared"])
        .done()
}

fn event(change: &Change) -> Option<&'static str> {
    let after = change.after().filter(|_| change.before().is_none() || change.touches("state"))?;
    Some(if after.text("state") == Some("raised") { "raised" } else { "cleared" })
}

/// Takes the flags about a record from those who do not see it any longer.
///
/// # Errors
/// When the database fails.
pub async fn hide(write: &Write, record: &RecordRef) -> Result<(), Error> {
    let resource = by_path("flags")?;
    let open = Expr::col("record").eq(record.stored()).and(Expr::col("internal").eq(false));
    for row in affected(write, resource.facts, open).await? {
        let change = write.change(Edit::consequence(resource.facts, row), &fields(json!({ "internal": true }))).await?;
        write.record(resource.facts, &change, resource.event(&change)).await?;
    }
    Ok(())
}

/// Takes away the flags of a project that is gone.
///
/// # Errors
/// When the database fails.
pub async fn forget(write: &Write, project: Uuid) -> Result<(), Error> {
    let resource = by_path("flags")?;
    for row in affected(write, resource.facts, Expr::col("project_id").eq(project)).await? {
        let change = write.delete(Edit::consequence(resource.facts, row)).await?;
        write.record(resource.facts, &change, resource.event(&change)).await?;
    }
    Ok(())
}
