//! The content of documents: its versions, its bytes in chunks, and the uploads that are not finished.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::drop_tables;

/// Makes the tables of contents.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["document_contents", "content_chunks", "uploads"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [document_contents(), content_chunks(), uploads()] {
            manager.create_table(table).await?;
        }
        manager.create_index(versions()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            // What people upload is packed already: the server need not try again.
            let sql = "ALTER TABLE content_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL";
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A row makes a content visible: it is written in the transaction of the document's change.
fn document_contents() -> TableCreateStatement {
    let refers = |table: &str| format!("REFERENCES {table} (id) DEFERRABLE INITIALLY DEFERRED");
    Table::create()
        .table("document_contents")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("project_id").uuid().not_null().extra(refers("projects")))
        .col(ColumnDef::new("document_id").uuid().not_null().extra(refers("documents")))
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("media_type").text().not_null())
        .col(ColumnDef::new("file_name").text())
        .col(ColumnDef::new("size_bytes").big_integer().not_null())
        .col(ColumnDef::new("sha256").text().not_null())
        .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("created_by").uuid())
        .to_owned()
}

fn versions() -> IndexCreateStatement {
    Index::create()
        .name("idx_document_contents_document_id_version")
        .table("document_contents")
        .col("document_id")
        .col("version")
        .unique()
        .to_owned()
}

/// The bytes of a content or of an upload, whose identifiers are the same.
fn content_chunks() -> TableCreateStatement {
    Table::create()
        .table("content_chunks")
        .col(ColumnDef::new("content_id").uuid().not_null())
        .col(ColumnDef::new("sequence").big_integer().not_null())
        .col(ColumnDef::new("bytes").binary().not_null())
        .primary_key(Index::create().col("content_id").col("sequence"))
        .to_owned()
}

/// Whose chunks no content claims: an upload on its way, or what is to be cleared away.
fn uploads() -> TableCreateStatement {
    Table::create()
        .table("uploads")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("document_id").uuid().not_null())
        .col(ColumnDef::new("started_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("updated_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("abandoned").boolean().not_null())
        .to_owned()
}
