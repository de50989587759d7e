//! The change feed, and the webhooks that carry it to others.

use sea_orm_migration::prelude::*;

use crate::table::{drop_tables, record};

/// Makes the tables of the feed and of webhooks.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// In the order in which they refer to each other.
const TABLES: &[&str] = &["feed", "feed_state", "webhooks", "webhook_deliveries"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(feed()).await?;
        manager.create_index(index("feed", &["position"]).unique().to_owned()).await?;
        manager.create_table(feed_state()).await?;
        // What was written before there was a feed is in it too.
        let known = "INSERT INTO feed (sequence) SELECT sequence FROM journal";
        let state = "INSERT INTO feed_state (name, position) VALUES ('sealed', 0), ('pruned', 0), ('derived', 0)";
        for sql in [known, state] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        webhooks(manager).await?;
        deliveries(manager).await?;
        manager.create_index(index("webhook_deliveries", &["state", "next_attempt_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// One row per entry of the journal that the feed still keeps. It is written with the entry; the position comes when
/// the transaction is known to have committed.
fn feed() -> TableCreateStatement {
    Table::create()
        .table("feed")
        .col(ColumnDef::new("sequence").big_integer().not_null().primary_key())
        .col(ColumnDef::new("position").big_integer())
        .col(ColumnDef::new("sealed_at").timestamp_with_time_zone())
        .to_owned()
}

/// How far the feed is sealed, cleared away, and turned into deliveries.
fn feed_state() -> TableCreateStatement {
    Table::create()
        .table("feed_state")
        .col(ColumnDef::new("name").text().not_null().primary_key())
        .col(ColumnDef::new("position").big_integer().not_null())
        .to_owned()
}

/// No secret stands here: it is worked out from the service's own and the number of the version.
async fn webhooks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("webhooks")
        .text("url")
        .json("event_types")
        .opt_reference("project_id", "projects")
        .opt_reference("organisation_id", "organisations")
        .text("state")
        .opt_text("description")
        .opt_text("disabled_reason")
        .integer("secret_version")
        .opt_instant("secret_rotated_at")
        .create(manager)
        .await
}

/// The outbox and its log in one: a row is what is to be sent to one webhook, and what became of it.
async fn deliveries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("webhook_deliveries")
        .reference("webhook_id", "webhooks")
        .opt_unchecked_reference("project_id")
        .text("event_id")
        .text("event_type")
        .opt_integer("sequence")
        .text("state")
        .integer("attempts")
        .opt_instant("next_attempt_at")
        .opt_instant("delivered_at")
        .opt_integer("last_status")
        .opt_text("last_error")
        .json("log")
        .opt_instant("lease_until")
        .unique(&["webhook_id", "sequence"])
        .create(manager)
        .await
}

fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("idx_{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}
