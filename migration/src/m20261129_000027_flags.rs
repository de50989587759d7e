//! Flags: what the plan check finds, kept so that it can be told when it is raised and when it is cleared.

use sea_orm_migration::prelude::*;

use crate::table::{drop_tables, record};

/// Makes the tables of flags.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// In the order in which they refer to each other.
const TABLES: &[&str] = &["flags", "flag_checks", "leases"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        record("flags")
            .of_project()
            .text("rule")
            .text("severity")
            .record_ref("record")
            .text("pointer")
            .flag("internal")
            .flag("waived")
            .text("state")
            .instant("raised_at")
            .opt_instant("cleared_at")
            .unique(&["project_id", "rule", "record", "pointer"])
            .create(manager)
            .await?;
        manager.create_table(checks()).await?;
        manager.create_table(leases()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// What of a project was last looked at: how often it and the directory had been written, how often it is to be looked at again for
/// what else has happened, for which day and when.
fn checks() -> TableCreateStatement {
    let gone = "REFERENCES projects (id) ON DELETE CASCADE";
    Table::create()
        .table("flag_checks")
        .col(ColumnDef::new("project_id").uuid().not_null().primary_key().extra(gone))
        .col(ColumnDef::new("counter").big_integer().not_null())
        .col(ColumnDef::new("directory").big_integer().not_null())
        .col(ColumnDef::new("again").big_integer().not_null())
        .col(ColumnDef::new("checked_on").date().not_null())
        .col(ColumnDef::new("looked_at").timestamp_with_time_zone().not_null())
        .to_owned()
}

/// What one process at a time does for all: who does it, and until when nobody else begins.
fn leases() -> TableCreateStatement {
    Table::create()
        .table("leases")
        .col(ColumnDef::new("name").text().not_null().primary_key())
        .col(ColumnDef::new("holder").uuid().not_null())
        .col(ColumnDef::new("held_until").timestamp_with_time_zone().not_null())
        .to_owned()
}
