//! Machine clients with their secrets, the identities that users have at other issuers, and on whose behalf an entry was written.

use sea_orm_migration::prelude::*;

use crate::table::{drop_tables, record, widened};

/// Makes the tables.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// In the order in which they refer to each other.
const TABLES: &[&str] = &["clients", "client_secrets", "client_uses", "client_assertions", "user_identities"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        record("clients")
            .reference("organisation_id", "organisations")
            .text("name")
            .json("scopes")
            .opt_json("jwks")
            .opt_instant("disabled_at")
            .integer("secret_version")
            .opt_instant("secret_rotated_at")
            .create(manager)
            .await?;
        for table in [client_secrets(), client_uses(), client_assertions()] {
            manager.create_table(table).await?;
        }
        let expired = Index::create().name("idx_client_assertions_expires_at").table("client_assertions").to_owned();
        manager.create_index(expired.clone().col("expires_at").to_owned()).await?;
        record("user_identities")
            .reference("user_id", "users")
            .text("issuer")
            .text("subject")
            .unique(&["issuer", "subject"])
            .create(manager)
            .await?;
        widened("journal").opt_json("via").add(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        widened("journal").opt_json("via").take_away(manager).await?;
        drop_tables(manager, TABLES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Hashes only. Two of a client are valid at most: the newest, and the one before it until it ends.
fn client_secrets() -> TableCreateStatement {
    Table::create()
        .table("client_secrets")
        .col(client())
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("hash").binary().not_null())
        .col(ColumnDef::new("expires_at").timestamp_with_time_zone())
        .primary_key(Index::create().col("client_id").col("version"))
        .to_owned()
}

/// When a client last got a token: beside its record, since it is no change of it.
fn client_uses() -> TableCreateStatement {
    Table::create()
        .table("client_uses")
        .col(client().primary_key())
        .col(ColumnDef::new("used_at").timestamp_with_time_zone().not_null())
        .to_owned()
}

/// Assertions that were used, until they end by themselves (RFC 7523 §3, item 7).
fn client_assertions() -> TableCreateStatement {
    Table::create()
        .table("client_assertions")
        .col(client())
        .col(ColumnDef::new("hash").binary().not_null())
        .col(ColumnDef::new("expires_at").timestamp_with_time_zone().not_null())
        .primary_key(Index::create().col("client_id").col("hash"))
        .to_owned()
}

fn client() -> ColumnDef {
    ColumnDef::new("client_id").uuid().not_null().extra("REFERENCES clients (id) ON DELETE CASCADE").to_owned()
}
