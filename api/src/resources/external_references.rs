//! The resource `external-references`: seen and written by those who see and write the record.

use entity::external_references;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::access::Area;
use crate::db::Db;
use crate::facts;
use crate::problem::Error;
use crate::standard::Resource;
use crate::standard::consequence::fields;
use crate::store::Write;

/// The facts and rules of external references. They belong to this installation, so no project document carries them.
pub fn resource() -> Resource {
    Resource::of::<external_references::Entity>(Area::Project)
        .search(&["system", "key", "url"])
        .order("system,key")
        .unique(&["system", "key", "kind"])
        .personal(&["key", "url"])
        .fixed(&["record"])
        .stays()
        .derives(|write, reference| Box::pin(of_its_record(write, reference)))
        .done()
}

/// The kind and the project of the record; one that is not there is left for the rule on references to refuse.
async fn of_its_record(write: &Write, reference: external_references::Model) -> Result<Map<String, Value>, Error> {
    let kind = reference.record.kind;
    let mut derived = json!({ "kind": kind, "projectId": null });
    if kind == "project" {
        derived["projectId"] = json!(reference.record.id);
    }
    if let Some(facts) = facts::by_kind(&kind).filter(|facts| facts.of_project) {
        let mut query = Query::select();
        query.column("project_id").from(facts.table).and_where(Expr::col("id").eq(reference.record.id));
        if let Some(row) = write.tx().query_one(&query).await? {
            derived["projectId"] = json!(row.try_get::<Uuid>("", "project_id")?);
        }
    }
    Ok(fields(derived))
}
