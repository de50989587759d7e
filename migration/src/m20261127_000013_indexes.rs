//! Indexes for what reports ask of many entries.

use sea_orm_migration::prelude::*;

use crate::table::{NamedIndex, create_indexes, drop_indexes};

/// Makes the indexes.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// Name, table and columns.
const INDEXES: [NamedIndex; 4] = [
    ("idx_journal_project_event", "journal", &["project_id", "event"]),
    ("idx_journal_project_kind", "journal", &["project_id", "record_kind"]),
    ("idx_cost_entries_project_day", "cost_entries", &["project_id", "incurred_on"]),
    ("idx_time_entries_project_day", "time_entries", &["project_id", "worked_on"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_indexes(manager, &INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_indexes(manager, &INDEXES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
