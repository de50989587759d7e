//! What was erased of whom, since when, and what more an erasure may take out of the journal; who saw whose contact
//! details; and how long what is kept.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::m20261127_000017_journal::{ERASABLE as BEFORE, KINDS as KINDS_BEFORE, postgres_kept, sqlite_not_changed};
use crate::table::{NamedIndex, RecordTable, create_indexes, drop_tables, record, widened};

/// Makes the logs of erasures and of access, and the rules of retention.
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
        record("person_views").text("actor_kind").text("operation").json("person_ids").create(manager).await?;
        record("retention_rules")
            .text("data_class")
            .integer("months")
            .text("action")
            .opt_text("basis")
            .create(manager)
            .await?;
        create_indexes(manager, &INDEXES).await?;
        manager.get_connection().execute_unprepared(kept(manager.get_database_backend())).await?;
        lets_go(manager, &ERASABLE, KINDS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        lets_go(manager, &BEFORE, KINDS_BEFORE).await?;
        drop_tables(manager, &["erasures", "person_views", "retention_rules"]).await?;
        for table in tables() {
            table.take_away(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// What is asked of the log of access: whom somebody saw, and what is too old to be kept.
const INDEXES: [NamedIndex; 2] = [
    ("idx_person_views_created_at", "person_views", &["created_at"]),
    ("idx_person_views_created_by", "person_views", &["created_by", "created_at"]),
];

/// The log of access is never changed; what is too old goes.
const fn kept(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "CREATE TRIGGER person_views_kept BEFORE UPDATE ON person_views \
             FOR EACH STATEMENT EXECUTE FUNCTION framdrift_refused()"
        }
        _ => {
            "CREATE TRIGGER person_views_no_update BEFORE UPDATE ON person_views \
             BEGIN SELECT RAISE(ABORT, 'person_views is only added to'); END"
        }
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
