//! The messages that political steps came by.

use sea_orm_migration::prelude::*;

use crate::table::{RecordTable, widened};

/// Widens the table of political steps.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        steps().add(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        steps().take_away(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The same message is the same step, whoever sends it at the same moment.
fn steps() -> RecordTable {
    widened("political_steps").opt_json("message").opt_text("message_key").unique(&["case_id", "message_key"])
}
