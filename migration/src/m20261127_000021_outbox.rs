//! What connectors carry to other systems.

use sea_orm_migration::prelude::*;

use crate::table::{drop_tables, record};

/// Makes the table of outbound messages.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        record("outbound_messages")
            .of_project()
            .text("kind")
            .record_ref("record")
            .opt_reference("recipient_id", "organisations")
            .opt_text("channel")
            .text("state")
            .opt_text("message_id")
            .opt_text("payload_tag")
            .opt_text("receipt")
            .opt_text("failure")
            .text("payload")
            .integer("attempts")
            .opt_instant("taken_at")
            .opt_instant("delivered_at")
            .opt_instant("receipted_at")
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["outbound_messages"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
