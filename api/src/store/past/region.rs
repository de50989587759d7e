//! A region's capacity as it stood at an instant: the rows that `picture::region` reads, from the journal.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{CHUNK, Stood, changed_since};
use crate::db::Db;
use crate::facts::{Facts, Row};
use crate::problem::Error;

/// The rows of a region as they stood at an instant; `None` when the journal knew no such region then.
///
/// # Errors
/// When the database fails.
pub async fn region_at(
    db: &impl Db,
    region: Uuid,
    at: DateTime<Utc>,
) -> Result<Option<Vec<(&'static Facts, Row)>>, Error> {
    let mut stood = Stood::at(at);
    stood.look(db, &[region].into()).await?;
    if !stood.rows.contains_key(&region) {
        return Ok(None);
    }
    stood.look(db, &changed_since(db, at).await?).await?;
    stood.look(db, &naming(db, "region_members", "region_id", &[region].into()).await?).await?;
    let members = stood.named("region-members", "organisationId", |row| row.uuid("regionId") == Some(region));
    stood.look(db, &members).await?;
    let profiles = stood.services(db, &members).await?;
    let offered = |row: &Row| row.uuid("profileId").is_some_and(|id| profiles.contains(&id));
    let mut bodies = stood.named("service-provisions", "providerId", offered);
    bodies.extend(&members);
    Ok(Some(stood.kept(|facts, row| match facts.path {
        "regions" => row.id() == region,
        "region-members" => row.uuid("regionId") == Some(region),
        "service-profiles" => profiles.contains(&row.id()),
        "service-provisions" => offered(row),
        "organisations" => bodies.contains(&row.id()),
        _ => false,
    })))
}

impl Stood {
    /// Looks up how organisations organised their service and with whom; the profiles that they had. The tables tell where to
    /// look: what was otherwise then has changed since.
    pub(super) async fn services(&mut self, db: &impl Db, members: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>, Error> {
        self.look(db, &naming(db, "service_profiles", "organisation_id", members).await?).await?;
        let profiles =
            self.ids("service-profiles", |row| row.uuid("organisationId").is_some_and(|id| members.contains(&id)));
        self.look(db, &naming(db, "service_provisions", "profile_id", &profiles).await?).await?;
        let offered = |row: &Row| row.uuid("profileId").is_some_and(|id| profiles.contains(&id));
        self.look(db, &self.named("service-provisions", "providerId", offered)).await?;
        Ok(profiles)
    }
}

/// The records of a table that name one of these in a column.
async fn naming(
    db: &impl Db,
    table: &'static str,
    column: &'static str,
    named: &BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>, Error> {
    let named: Vec<Uuid> = named.iter().copied().collect();
    let mut found = BTreeSet::new();
    for chunk in named.chunks(CHUNK) {
        let condition = Expr::col(column).is_in(chunk.iter().copied());
        let query = Query::select().column("id").from(table).and_where(condition).take();
        for row in db.query_all(&query).await? {
            found.insert(row.try_get("", "id")?);
        }
    }
    Ok(found)
}
