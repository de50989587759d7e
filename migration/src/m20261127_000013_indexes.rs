//! Indexes for what reports ask of many entries.

use sea_orm_migration::prelude::*;

/// Makes the indexes.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// Name, table and columns.
const INDEXES: [(&str, &str, [&str; 2]); 4] = [
    ("idx_journal_project_event", "journal", ["project_id", "event"]),
    ("idx_journal_project_kind", "journal", ["project_id", "record_kind"]),
    ("idx_cost_entries_project_day", "cost_entries", ["project_id", "incurred_on"]),
    ("idx_time_entries_project_day", "time_entries", ["project_id", "worked_on"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, columns) in INDEXES {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(column);
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
