//! Wrong passwords by account and network, so that guessing ends, whichever replica is asked.

use sea_orm_migration::prelude::*;

/// Makes the table.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("login_failures")
            .col(ColumnDef::new("id").binary().not_null().primary_key())
            .col(ColumnDef::new("failures").big_integer().not_null())
            .col(ColumnDef::new("began_at").timestamp_with_time_zone().not_null())
            .to_owned();
        manager.create_table(table).await?;
        let index =
            Index::create().name("idx_login_failures_began_at").table("login_failures").col("began_at").to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("login_failures").to_owned()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
