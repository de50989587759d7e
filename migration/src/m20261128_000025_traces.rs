//! The trace of the request that made a change, on its way to webhooks.

use sea_orm_migration::prelude::*;

use crate::table::{RecordTable, widened};

/// Widens the feed, which is written with the change, and the outbox that is made of it.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(feed().add_column(ColumnDef::new(COLUMN).text()).to_owned()).await?;
        deliveries().add(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        deliveries().take_away(manager).await?;
        manager.alter_table(feed().drop_column(COLUMN).to_owned()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// W3C Trace Context §3.2.
const COLUMN: &str = "traceparent";

fn feed() -> TableAlterStatement {
    Table::alter().table("feed").to_owned()
}

fn deliveries() -> RecordTable {
    widened("webhook_deliveries").opt_text(COLUMN)
}
