//! What other systems call records.

use sea_orm_migration::prelude::*;

use crate::table::{drop_tables, record};

/// Makes the table of external references.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        record("external_references")
            .text("system")
            .text("key")
            .opt_text("url")
            .record_ref("record")
            .text("kind")
            .opt_unchecked_reference("project_id")
            .unique(&["system", "key", "kind"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["external_references"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
