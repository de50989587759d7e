//! Indexes in the order of the finance report's groups: SQLite then sums as it reads, and holds no entries in memory to sort them.

use sea_orm_migration::prelude::*;

/// Makes the indexes.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// Name, table and columns.
const INDEXES: [(&str, &str, &[&str]); 2] = [
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
        for (name, table, columns) in INDEXES {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, _) in INDEXES {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
