//! What of the feed waits for its position, found by an index of its own.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// PostgreSQL plans the statement that gives positions while the feed is short, and keeps that plan: it then went through all of the
/// feed for the few rows without a position, the longer the more. An index that holds nothing but those fits any plan. Positions
/// leave it for another, so that a row is in two indexes as before. SQLite finds them by the index of positions, in their order, and
/// would go through the whole feed where both are asked for.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let steps = [
            "CREATE INDEX idx_feed_unsealed ON feed (sequence) WHERE position IS NULL",
            "DROP INDEX idx_feed_position",
            "CREATE UNIQUE INDEX idx_feed_position ON feed (position) WHERE position IS NOT NULL",
        ];
        on_postgres(manager, &steps).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let steps = [
            "DROP INDEX idx_feed_unsealed",
            "DROP INDEX idx_feed_position",
            "CREATE UNIQUE INDEX idx_feed_position ON feed (position)",
        ];
        on_postgres(manager, &steps).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn on_postgres(manager: &SchemaManager<'_>, steps: &[&str]) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        for sql in steps {
            manager.get_connection().execute_unprepared(sql).await?;
        }
    }
    Ok(())
}
