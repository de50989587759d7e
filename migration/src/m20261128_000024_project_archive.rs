//! What an archive has of a project's case folder.

use sea_orm_migration::prelude::*;

use crate::table::{RecordTable, widened};

/// Widens the table of projects.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        projects().add(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        projects().take_away(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A JSON object, as documents and reports have theirs.
fn projects() -> RecordTable {
    widened("projects").opt_json("archive")
}
