//! Indexes along which lists of milestones are walked in the order of their days.

use sea_orm_migration::prelude::*;

use crate::table::{NamedIndex, create_indexes, drop_indexes};

/// Makes the indexes.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// What the index of a project's milestones by their days makes needless.
const REPLACED: [NamedIndex; 1] = [("idx_milestones_project_id", "milestones", &["project_id"])];

/// A milestone without a day comes after all others: the service writes the expression of these indexes where it sorts and
/// compares, and an index serves no other.
const ORDERS: [NamedIndex; 2] = [
    ("idx_milestones_project_day", "milestones", &["project_id", DAY, "id"]),
    ("idx_milestones_day", "milestones", &[DAY, "id"]),
];

const DAY: &str = "COALESCE(planned_on, 'infinity')";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, columns) in ORDERS {
            let sql = format!("CREATE INDEX {name} ON {table} ({})", columns.join(", "));
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        drop_indexes(manager, &REPLACED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_indexes(manager, &REPLACED).await?;
        drop_indexes(manager, &ORDERS).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
