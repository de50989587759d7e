//! What the service itself needs: the journal, counters, users, sessions, secrets and remembered answers.

use sea_orm_migration::prelude::*;

/// The migration.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 7] = ["journal", "scopes", "idempotency_keys", "secrets", "sessions", "credentials", "users"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        norwegian_order(manager).await?;
        for table in [journal(), scopes(), idempotency_keys(), secrets(), users(), credentials(), sessions()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// PostgreSQL keeps the collation in the database; on SQLite each connection brings it.
async fn norwegian_order(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == sea_orm_migration::sea_orm::DbBackend::Postgres {
        let sql = "CREATE COLLATION IF NOT EXISTS framdrift_nb (provider = icu, locale = 'nb')";
        manager.get_connection().execute_unprepared(sql).await?;
    }
    Ok(())
}

fn journal() -> TableCreateStatement {
    Table::create()
        .table("journal")
        .col(ColumnDef::new("sequence").big_integer().not_null().auto_increment().primary_key())
        .col(ColumnDef::new("event").text().not_null())
        .col(ColumnDef::new("record_kind").text().not_null())
        .col(ColumnDef::new("record_id").uuid().not_null())
        .col(ColumnDef::new("project_id").uuid())
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("actor_kind").text().not_null())
        .col(ColumnDef::new("actor_id").uuid())
        .col(ColumnDef::new("at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("reason").text())
        .col(ColumnDef::new("before").json_binary())
        .col(ColumnDef::new("after").json_binary())
        .to_owned()
}

fn scopes() -> TableCreateStatement {
    Table::create()
        .table("scopes")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("counter").big_integer().not_null())
        .to_owned()
}

fn idempotency_keys() -> TableCreateStatement {
    Table::create()
        .table("idempotency_keys")
        .col(ColumnDef::new("id").binary().not_null().primary_key())
        .col(ColumnDef::new("fingerprint").binary().not_null())
        .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("status").big_integer())
        .col(ColumnDef::new("headers").json_binary())
        .col(ColumnDef::new("body").text())
        .to_owned()
}

fn secrets() -> TableCreateStatement {
    Table::create()
        .table("secrets")
        .col(ColumnDef::new("name").text().not_null().primary_key())
        .col(ColumnDef::new("value").binary().not_null())
        .to_owned()
}

fn users() -> TableCreateStatement {
    Table::create()
        .table("users")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("created_by").uuid())
        .col(ColumnDef::new("updated_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("updated_by").uuid())
        .col(ColumnDef::new("email").text().not_null())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("person_id").uuid())
        .col(ColumnDef::new("administrator").boolean().not_null())
        .col(ColumnDef::new("disabled_at").timestamp_with_time_zone())
        .col(ColumnDef::new("search_text").text().not_null().default(""))
        .to_owned()
}

fn credentials() -> TableCreateStatement {
    Table::create()
        .table("credentials")
        .col(ColumnDef::new("user_id").uuid().not_null().primary_key().extra("REFERENCES users (id) ON DELETE CASCADE"))
        .col(ColumnDef::new("password_hash").text().not_null())
        .to_owned()
}

fn sessions() -> TableCreateStatement {
    Table::create()
        .table("sessions")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("user_id").uuid().not_null().extra("REFERENCES users (id) ON DELETE CASCADE"))
        .col(ColumnDef::new("refresh_hash").binary().not_null())
        .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("expires_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("revoked_at").timestamp_with_time_zone())
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        Index::create().name("idx_journal_record").table("journal").col("record_id").col("sequence").to_owned(),
        Index::create().name("idx_journal_project").table("journal").col("project_id").col("sequence").to_owned(),
        Index::create().name("idx_idempotency_keys_created_at").table("idempotency_keys").col("created_at").to_owned(),
        Index::create().name("idx_sessions_user").table("sessions").col("user_id").to_owned(),
        Index::create().name("idx_users_email").table("users").col("email").unique().to_owned(),
    ]
}
