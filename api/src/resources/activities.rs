//! The resource `activities`.

use entity::activities::{self, ActivityKind, ActivityStatus};
use sea_orm::Statement;

use crate::access::Area;
use crate::db::Db;
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of activities.
pub fn resource() -> Resource {
    Resource::of::<activities::Entity>(Area::Work)
        .search(&["number", "title", "evidence"])
        .order("number,title")
        .refers("parentId", "activities")
        .refers("responsibleId", "people")
        .unique(&["number"])
        .dates("startsOn", "endsOn")
        .acyclic("parentId")
        .rule(|write, change| Box::pin(done_with_memo(write, change)))
        .done()
}

/// A workshop whose memo is missing is not done: the evidence that the plan asks for is a final document of the
/// activity, or the minutes of a meeting of it.
async fn done_with_memo(write: &Write, change: Change<activities::Model>) -> Result<Faults, Error> {
    let asks = |row: &activities::Model| row.kind == ActivityKind::Workshop && row.evidence.is_some();
    let Some(after) = change.after().filter(|after| asks(after) && after.status == ActivityStatus::Done) else {
        return Ok(Vec::new());
    };
    let sql = "SELECT id FROM documents WHERE status IN ('final', 'adopted') AND (activity_id = $1 \
               OR id IN (SELECT minutes_id FROM meetings WHERE activity_id = $1))";
    let statement = Statement::from_sql_and_values(write.tx().get_database_backend(), sql, [after.id.into()]);
    let shown = write.tx().query_one_raw(statement).await?.is_some();
    let evidence = after.evidence.as_deref().unwrap_or_default();
    let message = || {
        text!(
            "er ikke utført før dette er ferdig: {evidence} (et dokument med activityId, eller et møtereferat)",
            "er ikkje utført før dette er ferdig: {evidence} (eit dokument med activityId, eller eit møtereferat)",
            "is not done before this is final: {evidence} (a document with activityId, or minutes)"
        )
    };
    Ok((!shown).then(|| Fault::at("/status", "evidence_missing", message())).into_iter().collect())
}
