//! Secret addresses for calendar programs.

use sea_orm_migration::prelude::*;

use crate::table::{drop_tables, record};

/// Makes the table of the links.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["calendar_links"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        record("calendar_links")
            .owned_by("project_id", "projects")
            .opt_text("name")
            .text("language")
            .text("token_sha256")
            .unique(&["token_sha256"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
