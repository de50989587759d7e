//! Where published reports stand in an archive.

use sea_orm_migration::prelude::*;

use crate::table::{RecordTable, widened};

/// Widens the table of status reports.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        reports().add(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        reports().take_away(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// As documents have it.
fn reports() -> RecordTable {
    widened("status_reports").opt_json("archive")
}
