//! What was erased of whom, since when, and what more an erasure may take out of the journal.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::m20261127_000017_journal::{ERASABLE as BEFORE, KINDS as KINDS_BEFORE, postgres_kept, sqlite_not_changed};
use crate::table::{RecordTable, drop_tables, record, widened};

/// Makes the log of erasures.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// What an erasure may take out of the versions of a record.
const ERASABLE: [&str; 10] =
    ["givenName", "familyName", "email", "phone", "name", "key", "url", "subject", "title", "erased"];

/// The records whose versions may lose something.
const KINDS: &str = "'person', 'user', 'external_reference', 'user_identity', 'affiliation'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            table.add(manager).await?;
        }
        // A person may be deleted later; what was erased stays known.
        record("erasures")
            .opt_unchecked_reference("person_id")
            .text("extent")
            .text("reason")
            .instant("erased_at")
            .create(manager)
            .await?;
        lets_go(manager, &ERASABLE, KINDS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        lets_go(manager, &BEFORE, KINDS_BEFORE).await?;
        drop_tables(manager, &["erasures"]).await?;
        for table in tables() {
            table.take_away(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> [RecordTable; 1] {
    [widened("people").opt_instant("erased_at")]
}

/// Lets these be taken out of the journal, and nothing else.
async fn lets_go(manager: &SchemaManager<'_>, erasable: &[&str], kinds: &str) -> Result<(), DbErr> {
    let statements = if manager.get_database_backend() == DbBackend::Postgres {
        postgres_kept(erasable, kinds).to_vec()
    } else {
        vec!["DROP TRIGGER journal_not_changed".to_owned(), sqlite_not_changed(erasable, kinds)]
    };
    for statement in statements {
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}
