//! The resource `attendances`.

use entity::attendances::{self, AttendanceCapacity};
use sea_orm::Statement;

use crate::access::Area;
use crate::db::Db;
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of attendances.
pub fn resource() -> Resource {
    Resource::of::<attendances::Entity>(Area::Meetings)
        .order("createdAt")
        .refers("meetingId", "meetings")
        .refers("personId", "people")
        .refers("organisationId", "organisations")
        .unique(&["meetingId", "personId"])
        .fixed(&["meetingId", "personId"])
        .published(super::meetings::OPEN)
        .rule(|write, change| Box::pin(observers_observe(write, change)))
        .done()
}

/// Who is only an observer in the project takes part as an observer (or guest): without a vote.
async fn observers_observe(write: &Write, change: Change<attendances::Model>) -> Result<Faults, Error> {
    let Some(after) = change.after() else { return Ok(Vec::new()) };
    if !matches!(after.capacity, AttendanceCapacity::Member | AttendanceCapacity::Deputy) {
        return Ok(Vec::new());
    }
    let sql = "SELECT COUNT(*) AS seats, SUM(CASE WHEN role = 'observer' THEN 0 ELSE 1 END) AS others FROM assignments \
               WHERE project_id = $1 AND person_id = $2";
    let values = [after.project_id.into(), after.person_id.into()];
    let statement = Statement::from_sql_and_values(write.tx().get_database_backend(), sql, values);
    let Some(row) = write.tx().query_one_raw(statement).await? else { return Ok(Vec::new()) };
    let (seats, others): (i64, Option<i64>) = (row.try_get("", "seats")?, row.try_get("", "others")?);
    let only_observer = seats > 0 && others.unwrap_or_default() == 0;
    let message = || {
        text!(
            "er observatør i prosjektet og har ingen stemme: bruk observer",
            "er observatør i prosjektet og har inga stemme: bruk observer",
            "is an observer in the project and has no vote: use observer"
        )
    };
    Ok(only_observer.then(|| Fault::at("/capacity", "no_vote", message())).into_iter().collect())
}
