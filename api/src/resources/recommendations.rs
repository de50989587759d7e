//! The resource `recommendations`.

use entity::recommendations;
use sea_orm::Statement;

use crate::access::Area;
use crate::db::Db;
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of recommendations.
pub fn resource() -> Resource {
    Resource::of::<recommendations::Entity>(Area::Control)
        .search(&["number", "text"])
        .order("number")
        .refers("leadsToProjectId", "projects")
        .unique(&["number"])
        .rule(|write, change| Box::pin(adopted_somewhere(write, change)))
        .then(|write, change| Box::pin(led_elsewhere(write, change)))
        .event(event)
        .tells(&["adopted", "deferred", "rejected", "continued"])
        .done()
}

/// A recommendation is adopted by a matter of the municipalities or in a meeting of its own project.
async fn adopted_somewhere(write: &Write, change: Change<recommendations::Model>) -> Result<Faults, Error> {
    let Some(after) = change.after() else { return Ok(Vec::new()) };
    let Some(by) = after.adopted_by_id.filter(|by| change.before().and_then(|row| row.adopted_by_id) != Some(*by))
    else {
        return Ok(Vec::new());
    };
    let sql = "SELECT id FROM matters WHERE id = $1 AND project_id = $2 \
               UNION ALL SELECT id FROM meetings WHERE id = $1 AND project_id = $2";
    let values = [by.into(), after.project_id.into()];
    let statement = Statement::from_sql_and_values(write.tx().get_database_backend(), sql, values);
    let found = write.tx().query_one_raw(statement).await?.is_some();
    let message = || {
        text!(
            "ingen matter eller meeting i prosjektet med denne id-en",
            "ingen matter eller meeting i prosjektet med denne id-en",
            "there is no matter and no meeting of the project with this id"
        )
    };
    Ok((!found).then(|| Fault::at("/adoptedById", "no_such_record", message())).into_iter().collect())
}

/// A project that nobody recommends any longer has other findings.
async fn led_elsewhere(write: &Write, change: Change<recommendations::Model>) -> Result<(), Error> {
    let before = change.before().and_then(|before| before.leads_to_project_id);
    match before.filter(|_| change.after().and_then(|after| after.leads_to_project_id) != before) {
        Some(project) => write.look_again(project).await,
        None => Ok(()),
    }
}

fn event(change: &Change) -> Option<&'static str> {
    let after = change.after().filter(|_| change.before().is_some() && change.touches("status"))?;
    match after.text("status") {
        Some("adopted") => Some("adopted"),
        Some("deferred") => Some("deferred"),
        Some("rejected") => Some("rejected"),
        _ => None,
    }
}
