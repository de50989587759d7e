//! The resource `flags`: what the plan check finds, as it comes and goes.

use entity::{RecordRef, flags};
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use crate::access::{Area, Edit};
use crate::db::Typed;
use crate::facts::{Change, row};
use crate::problem::Error;
use crate::standard::consequence::{fields, follow};
use crate::standard::{Resource, by_path};
use crate::store::{Source, Write};

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
    let open = flags::Entity::find()
        .filter(flags::Column::Record.eq(record.clone()))
        .filter(flags::Column::Internal.eq(false))
        .order_by_asc(flags::Column::Id);
    for flag in open.every(write.tx()).await? {
        follow(write, "flags", flag.id, "changed", fields(json!({ "internal": true }))).await?;
    }
    Ok(())
}

/// Takes away the flags of a project that is gone.
///
/// # Errors
/// When the database fails.
pub async fn forget(write: &Write, project: Uuid) -> Result<(), Error> {
    let resource = by_path("flags")?;
    let mut query = row::select(resource.facts, write.today());
    query.and_where(Expr::col("project_id").eq(project)).order_by("id", Order::Asc);
    for row in write.tx().rows(resource.facts, &query).await? {
        let change = write.delete(Edit::consequence(resource.facts, row)).await?;
        write.record(resource.facts, &change, resource.event(&change)).await?;
    }
    Ok(())
}
