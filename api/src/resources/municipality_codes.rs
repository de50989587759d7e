//! The resource `municipality-codes`.

use chrono::NaiveDate;
use entity::municipality_codes;
use sea_orm::Statement;

use crate::access::Area;
use crate::db::Db;
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of municipality codes.
pub fn resource() -> Resource {
    Resource::of::<municipality_codes::Entity>(Area::Directory)
        .search(&["code"])
        .order("code,validFrom")
        .refers("organisationId", "organisations")
        .dates("validFrom", "validTo")
        .rule(|write, change| Box::pin(one_code_at_a_time(write, change)))
        .done()
}

/// A municipality has one number at a time: validity periods of one organisation do not overlap.
async fn one_code_at_a_time(write: &Write, change: Change<municipality_codes::Model>) -> Result<Faults, Error> {
    let Some(after) = change.after() else { return Ok(Vec::new()) };
    let sql = "SELECT code FROM municipality_codes WHERE organisation_id = $1 AND id <> $2 \
               AND (valid_from IS NULL OR $4 >= valid_from) AND (valid_to IS NULL OR $3 <= valid_to)";
    let from = after.valid_from.unwrap_or(NaiveDate::MIN.max(FIRST));
    let to = after.valid_to.unwrap_or(LAST);
    let values = [after.organisation_id.into(), after.id.into(), from.into(), to.into()];
    let statement = Statement::from_sql_and_values(write.tx().get_database_backend(), sql, values);
    let Some(other) = write.tx().query_one_raw(statement).await? else { return Ok(Vec::new()) };
    let code: String = other.try_get("", "code")?;
    Ok(vec![Fault::at(
        "/validFrom",
        "overlaps",
        text!(
            "gjelder samtidig som {code}: en kommune har ett nummer om gangen",
            "gjeld samstundes med {code}: ein kommune har eitt nummer om gongen",
            "is valid at the same time as {code}: a municipality has one number at a time"
        ),
    )])
}

/// Open ends of a period, as dates that both engines can compare.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).expect("a date");
const LAST: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a date");
