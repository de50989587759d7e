//! What is reported, and what stood when it was published.

use sea_orm_migration::prelude::*;

use crate::table::{drop_tables, record};

/// Makes the tables of reporting.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// In the order in which they refer to each other.
const TABLES: &[&str] = &["status_reports", "report_signatures", "report_snapshots"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        reports(manager).await?;
        record("report_signatures")
            .of_project()
            .reference("report_id", "status_reports")
            .reference("organisation_id", "organisations")
            .opt_reference("person_id", "people")
            .opt_instant("signed_at")
            .opt_text("sha256")
            .unique(&["report_id", "organisation_id"])
            .create(manager)
            .await?;
        manager.create_table(snapshots()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn reports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("status_reports")
        .of_project()
        .text("kind")
        .date("period_from")
        .date("period_to")
        .text("state")
        .opt_json("overall")
        .opt_json("time")
        .opt_json("economy")
        .opt_json("quality")
        .opt_json("risk")
        .opt_json("outcome")
        .opt_text("achieved")
        .opt_text("next")
        .opt_text("decisions_wanted")
        .json("sections")
        .opt_reference("supersedes_id", "status_reports")
        .json("suggestions")
        .opt_instant("submitted_at")
        .opt_instant("approved_at")
        .opt_instant("published_at")
        .opt_text("sha256")
        .opt_text("public_sha256")
        .create(manager)
        .await
}

/// The canonical text of what stood, apart from the record: lists and reports never read it.
fn snapshots() -> TableCreateStatement {
    Table::create()
        .table("report_snapshots")
        .col(ColumnDef::new("report_id").uuid().not_null().primary_key())
        .col(ColumnDef::new("whole").text().not_null())
        .col(ColumnDef::new("public").text().not_null())
        .to_owned()
}
