//! The chain of hashes over the journal, its signed checkpoints, and what the database itself refuses.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{drop_tables, record};

/// Makes the chain, and keeps the journal from being changed.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// In the order in which they refer to each other.
const TABLES: &[&str] = &["journal_chain", "journal_salts", "journal_checkpoints"];

/// What an erasure may take out of the versions of a record: every other member stays as it is.
pub(crate) const ERASABLE: [&str; 8] = ["givenName", "familyName", "email", "phone", "name", "key", "url", "erased"];

/// The records whose versions may lose something.
pub(crate) const KINDS: &str = "'person', 'user', 'external_reference'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(chain()).await?;
        manager.create_table(salts()).await?;
        checkpoints(manager).await?;
        // How far the chain reaches in the feed, and how often something was erased.
        let states = "INSERT INTO feed_state (name, position) VALUES ('chained', 0), ('erased', 0), ('checked', 0)";
        manager.get_connection().execute_unprepared(states).await?;
        for statement in guards(manager.get_database_backend()) {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            for trigger in ["journal_kept", "journal_not_emptied"] {
                db.execute_unprepared(&format!("DROP TRIGGER {trigger} ON journal")).await?;
            }
        } else {
            for trigger in ["journal_not_changed", "journal_not_deleted"] {
                db.execute_unprepared(&format!("DROP TRIGGER {trigger}")).await?;
            }
        }
        drop_tables(manager, TABLES).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            for function in
                ["framdrift_journal_kept()", "framdrift_refused()", "framdrift_only_erased(was jsonb, becomes jsonb)"]
            {
                db.execute_unprepared(&format!("DROP FUNCTION {function}")).await?;
            }
        }
        db.execute_unprepared("DELETE FROM feed_state WHERE name IN ('chained', 'erased', 'checked')").await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// One row per sealed entry, in the order in which entries were committed.
fn chain() -> TableCreateStatement {
    Table::create()
        .table("journal_chain")
        .col(ColumnDef::new("position").big_integer().not_null().primary_key())
        .col(ColumnDef::new("sequence").big_integer().not_null().unique_key())
        .col(ColumnDef::new("hash").binary().not_null())
        .to_owned()
}

/// What personal fields of an entry were hashed with; an erasure takes it away with the value.
fn salts() -> TableCreateStatement {
    Table::create()
        .table("journal_salts")
        .col(ColumnDef::new("sequence").big_integer().not_null())
        .col(ColumnDef::new("field").text().not_null())
        .col(ColumnDef::new("salt").binary().not_null())
        .primary_key(Index::create().col("sequence").col("field"))
        .to_owned()
}

async fn checkpoints(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("journal_checkpoints")
        .integer("position")
        .integer("sequence")
        .text("hash")
        .instant("signed_at")
        .text("key_id")
        .text("jws")
        .unique(&["position"])
        .create(manager)
        .await
}

/// What makes the database refuse to change what was written.
fn guards(backend: DbBackend) -> Vec<String> {
    if backend == DbBackend::Postgres { postgres() } else { sqlite() }
}

/// The trigger of SQLite on updates. One passes when it takes values of a person out and leaves everything else as it is.
pub(crate) fn sqlite_not_changed(erasable: &[&str], kinds: &str) -> String {
    let same = ["sequence", "event", "record_kind", "record_id", "project_id", "version", "actor_kind", "actor_id"];
    let same = same.iter().chain(&["at", "reason", "via"]).map(|column| format!("NEW.{column} IS OLD.{column}"));
    let members = erasable.iter().map(|member| format!("'$.{member}'")).collect::<Vec<_>>().join(", ");
    let sides = ["\"before\"", "\"after\""].into_iter().flat_map(|side| {
        let rest = format!("json_remove(NEW.{side}, {members}) IS json_remove(OLD.{side}, {members})");
        let each = erasable.iter().filter(|member| **member != "erased").map(move |member| {
            let value = |version: &str| format!("json_extract({version}.{side}, '$.{member}')");
            format!("({0} IS {1} OR {0} IS NULL OR {0} = 'erased')", value("NEW"), value("OLD"))
        });
        [format!("(NEW.{side} IS NULL) = (OLD.{side} IS NULL)"), rest].into_iter().chain(each)
    });
    let erases = same.chain([format!("OLD.record_kind IN ({kinds})")]).chain(sides).collect::<Vec<_>>().join(" AND ");
    format!(
        "CREATE TRIGGER journal_not_changed BEFORE UPDATE ON journal WHEN NOT ({erases}) \
         BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END"
    )
}

/// Triggers of SQLite.
fn sqlite() -> Vec<String> {
    let mut all = vec![
        sqlite_not_changed(&ERASABLE, KINDS),
        "CREATE TRIGGER journal_not_deleted BEFORE DELETE ON journal \
         BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END"
            .to_owned(),
    ];
    let kept = [
        ("journal_chain", "UPDATE"),
        ("journal_chain", "DELETE"),
        ("journal_salts", "UPDATE"),
        ("journal_checkpoints", "UPDATE"),
        ("journal_checkpoints", "DELETE"),
    ];
    all.extend(kept.map(|(table, what)| {
        let name = format!("{table}_no_{}", what.to_lowercase());
        format!(
            "CREATE TRIGGER {name} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
        )
    }));
    all
}

/// What the trigger of PostgreSQL on updates asks.
pub(crate) fn postgres_kept(erasable: &[&str], kinds: &str) -> [String; 2] {
    let members = erasable.iter().map(|member| format!("'{member}'")).collect::<Vec<_>>().join(", ");
    let only_erased = format!(
        "CREATE OR REPLACE FUNCTION framdrift_only_erased(was jsonb, becomes jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ \
         SELECT (was IS NULL) = (becomes IS NULL) AND (was IS NULL OR (becomes - ARRAY[{members}] = was - ARRAY[{members}] \
         AND NOT EXISTS (SELECT 1 FROM unnest(ARRAY[{members}]) AS member WHERE member <> 'erased' \
         AND becomes -> member IS DISTINCT FROM was -> member AND becomes ->> member IS NOT NULL \
         AND becomes ->> member <> 'erased'))) $$"
    );
    let kept = format!(
        "CREATE OR REPLACE FUNCTION framdrift_journal_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF TG_OP = 'UPDATE' AND OLD.record_kind IN ({kinds}) \
         AND to_jsonb(NEW) - ARRAY['before', 'after'] = to_jsonb(OLD) - ARRAY['before', 'after'] \
         AND framdrift_only_erased(OLD.before, NEW.before) AND framdrift_only_erased(OLD.after, NEW.after) THEN RETURN NEW; \
         END IF; RAISE EXCEPTION 'the journal is only added to' USING ERRCODE = 'restrict_violation'; END $$"
    );
    [only_erased, kept]
}

/// The same on PostgreSQL, where a table can also be emptied at once.
fn postgres() -> Vec<String> {
    let refused = "CREATE FUNCTION framdrift_refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
        RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$";
    let mut all = postgres_kept(&ERASABLE, KINDS).to_vec();
    all.push(refused.to_owned());
    all.push(
        "CREATE TRIGGER journal_kept BEFORE UPDATE OR DELETE ON journal FOR EACH ROW \
         EXECUTE FUNCTION framdrift_journal_kept()"
            .to_owned(),
    );
    all.push(
        "CREATE TRIGGER journal_not_emptied BEFORE TRUNCATE ON journal FOR EACH STATEMENT \
         EXECUTE FUNCTION framdrift_refused()"
            .to_owned(),
    );
    let tables = [
        ("journal_chain", "UPDATE OR DELETE OR TRUNCATE"),
        ("journal_salts", "UPDATE OR TRUNCATE"),
        ("journal_checkpoints", "UPDATE OR DELETE OR TRUNCATE"),
    ];
    all.extend(tables.map(|(table, what)| {
        format!(
            "CREATE TRIGGER {table}_kept BEFORE {what} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION framdrift_refused()"
        )
    }));
    all
}
