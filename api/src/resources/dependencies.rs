//! The resource `dependencies`.

use entity::dependencies;
use sea_orm::Statement;

use crate::access::Area;
use crate::db::Db;
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of dependencies.
pub fn resource() -> Resource {
    Resource::of::<dependencies::Entity>(Area::Control)
        .order("createdAt")
        .rule(|write, change| Box::pin(no_circle(write, change)))
        .done()
}

/// Dependencies never lead back to where they began.
async fn no_circle(write: &Write, change: Change<dependencies::Model>) -> Result<Faults, Error> {
    let Some(after) = change.after() else { return Ok(Vec::new()) };
    let sql = "WITH RECURSIVE onward (record) AS (SELECT CAST($1 AS TEXT) UNION \
               SELECT d.successor FROM dependencies d JOIN onward o ON d.predecessor = o.record WHERE d.project_id = $3) \
               SELECT record FROM onward WHERE record = $2";
    let values = [after.successor.stored().into(), after.predecessor.stored().into(), after.project_id.into()];
    let statement = Statement::from_sql_and_values(write.tx().get_database_backend(), sql, values);
    let circle = write.tx().query_one_raw(statement).await?.is_some();
    Ok(circle
        .then(|| {
            Fault::at(
                "/successor",
                "circle",
                text!(
                    "avhengighetene går i ring: etterfølgeren fører tilbake til forgjengeren",
                    "avhengnadene går i ring: etterfølgjaren fører attende til forgjengaren",
                    "the dependencies go in a circle: the successor leads back to the predecessor"
                ),
            )
        })
        .into_iter()
        .collect())
}
