//! Indexes in the order of the finance report's groups: SQLite then sums as it reads, and holds no entries in memory to sort them.

use sea_orm_migration::prelude::*;

use crate::table::{NamedIndex, create_indexes, drop_indexes};

/// Makes the indexes.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// Name, table and columns.
const INDEXES: [NamedIndex; 2] = [
    ("idx_cost_entries_groups", "cost_entries", &["project_id", "budget_line_id", "incurred_on", "amount_ore"]),
    (
        "idx_time_entries_groups",
        "time_entries",
        &["project_id", "organisation_id", "activity_id", "counts_as_funding", "worked_on", "hours", "amount_ore"],
    ),
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
