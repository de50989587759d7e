//! A whole project as typed rows: what reports are folded from, and what rules across a project look at.

use uuid::Uuid;

use crate::db::Db;
use crate::domain::Picture;
use crate::facts::{Facts, Row};
use crate::problem::Error;
use crate::store;

/// Everything of a project, as it is in the tables: one statement. What rules look at, and reports that are kept, says nothing
/// of who is told.
///
/// # Errors
/// When the database fails.
pub async fn whole(db: &impl Db, project: Uuid) -> Result<Picture, Error> {
    let mut picture = typed(project, store::picture(db, project).await?)?;
    picture.webhooks.clear();
    Ok(picture)
}

/// Rows in types.
///
/// # Errors
/// When a row is not of its collection's shape, which is a fault of ours.
pub fn typed(project: Uuid, rows: Vec<(&'static Facts, Row)>) -> Result<Picture, Error> {
    let mut picture = Picture { focus: project, ..Picture::default() };
    for (facts, row) in rows {
        let added = picture.add(facts.path, row.0.into());
        added.map_err(|error| Error::internal("read a record as its own type", error))?;
    }
    Ok(picture)
}
