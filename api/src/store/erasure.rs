//! What an erasure does to what is not a record: the versions in the journal, the answers kept for repetitions, the
//! passwords and sessions, and the bytes that deleted rows leave behind.

use std::collections::BTreeMap;

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query};
use sea_orm::{Statement, Value as Sql};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::chain::form::{ERASED, digest};
use super::connect::Writing;
use super::feed::{held, move_to};
use super::{Store, Write};
use crate::db::{Db, Found};
use crate::facts::{Facts, row};
use crate::problem::Error;

/// What stands in place of a text that cannot be null.
pub const PLACEHOLDER: &str = "erased";

/// The tables that an erasure takes something out of.
const VACUUM: &str = "VACUUM people, users, credentials, sessions, external_references, user_identities, affiliations, \
    idempotency_keys, journal, journal_salts";

/// Entries that are rewritten in one statement.
const CHUNK: usize = 100;

/// A record of which fields are to leave every version.
#[derive(Clone, Debug)]
pub struct Losing {
    /// What it is.
    pub facts: &'static Facts,
    /// Which one.
    pub id: Uuid,
    /// The fields.
    pub fields: Vec<&'static str>,
}

impl Losing {
    /// What stands in place of a field's value.
    #[must_use]
    pub fn in_place_of(&self, field: &str) -> Value {
        let nullable = self.facts.field(field).is_none_or(|field| field.nullable);
        if nullable { Value::Null } else { PLACEHOLDER.into() }
    }
}

impl Write {
    /// Takes fields of records out of every version that the journal has of them, with the salts that they were hashed
    /// with. What the chain needs of them stays: their digests. Until the transaction ends nothing is sealed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn erase_versions(&self, records: &[Losing]) -> Result<(), Error> {
        self.tx().at_length();
        held(self.tx(), "chained").await?;
        let erased = held(self.tx(), "erased").await?;
        move_to(self.tx(), "erased", erased + 1).await?;
        for record in records {
            let salts = self.salts_of(record).await?;
            let versions = self.versions_of(record, &salts).await?;
            for chunk in versions.chunks(CHUNK) {
                self.rewrite(chunk).await?;
            }
            self.forget_salts(record).await?;
        }
        Ok(())
    }

    async fn salts_of(&self, record: &Losing) -> Result<BTreeMap<(i64, String), Vec<u8>>, Error> {
        let sql = "SELECT s.sequence AS sequence, s.field AS field, s.salt AS salt FROM journal_salts s \
            JOIN journal j ON j.sequence = s.sequence WHERE j.record_id = $1 AND j.record_kind = $2";
        let mut salts = BTreeMap::new();
        for row in self.ask(sql, [record.id.into(), record.facts.kind.into()]).await? {
            let key = (row.try_get("", "sequence")?, row.try_get("", "field")?);
            salts.insert(key, row.try_get("", "salt")?);
        }
        Ok(salts)
    }

    /// The versions as they will be: sequence, before and after.
    async fn versions_of(
        &self,
        record: &Losing,
        salts: &BTreeMap<(i64, String), Vec<u8>>,
    ) -> Result<Vec<(i64, Value, Value)>, Error> {
        let sql = "SELECT sequence, before, after, \
            EXISTS (SELECT 1 FROM journal_chain c WHERE c.sequence = journal.sequence) AS sealed \
            FROM journal WHERE record_id = $1 AND record_kind = $2 ORDER BY sequence";
        let mut versions = Vec::new();
        for row in self.ask(sql, [record.id.into(), record.facts.kind.into()]).await? {
            let sequence: i64 = row.try_get("", "sequence")?;
            let sealed: bool = row.try_get("", "sealed")?;
            let side = |side: &str| -> Result<Value, Error> {
                let version: Option<Value> = row.try_get("", side)?;
                let Some(Value::Object(version)) = version else { return Ok(Value::Null) };
                Ok(Value::Object(self.emptied(record, (sequence, sealed), side, version, salts)))
            };
            versions.push((sequence, side("before")?, side("after")?));
        }
        Ok(versions)
    }

    fn emptied(
        &self,
        record: &Losing,
        (sequence, sealed): (i64, bool),
        side: &str,
        mut version: Map<String, Value>,
        salts: &BTreeMap<(i64, String), Vec<u8>>,
    ) -> Map<String, Value> {
        let mut erased =
            version.shift_remove(ERASED).unwrap_or_else(|| json!({ "at": null, "fields": [], "digests": {} }));
        erased["at"] = row::instant(self.now()).into();
        for field in &record.fields {
            let Some(value) = version.get_mut(*field) else { continue };
            let before = erased["digests"].get(*field).is_some();
            // What was erased before has lost its salt and keeps the digest that it has. What was sealed before the field
            // was one of a person's is hashed as it stands: without it the chain would not hold.
            match salts.get(&(sequence, (*field).to_owned())) {
                Some(salt) => erased["digests"][*field] = digest(salt, side, field, value).into(),
                None if sealed && !before => {
                    tracing::warn!(sequence, field, "An old version keeps a value: it was sealed with it");
                    continue;
                }
                None => {}
            }
            *value = record.in_place_of(field);
            if let Some(fields) =
                erased["fields"].as_array_mut().filter(|fields| !fields.contains(&Value::from(*field)))
            {
                fields.push((*field).into());
            }
        }
        version.insert(ERASED.to_owned(), erased);
        version
    }

    async fn rewrite(&self, versions: &[(i64, Value, Value)]) -> Result<(), Error> {
        let each = |side: fn(&(i64, Value, Value)) -> &Value| {
            versions.iter().fold(CaseStatement::new(), |case, version| {
                let value = Some(side(version).clone()).filter(|value| !value.is_null());
                case.case(Expr::col("sequence").eq(version.0), Expr::val(value))
            })
        };
        let mut update = Query::update();
        update
            .table("journal")
            .value("before", each(|version| &version.1))
            .value("after", each(|version| &version.2))
            .and_where(Expr::col("sequence").is_in(versions.iter().map(|version| version.0)));
        self.tx().execute(&update).await?;
        Ok(())
    }

    async fn forget_salts(&self, record: &Losing) -> Result<(), Error> {
        let mut entries = Query::select();
        entries
            .column("sequence")
            .from("journal")
            .and_where(Expr::col("record_id").eq(record.id))
            .and_where(Expr::col("record_kind").eq(record.facts.kind));
        let mut delete = Query::delete();
        delete
            .from_table("journal_salts")
            .and_where(Expr::col("sequence").in_subquery(entries))
            .and_where(Expr::col("field").is_in(record.fields.iter().copied()));
        self.tx().execute(&delete).await?;
        Ok(())
    }

    /// Takes away the answers that are kept for repetitions and tell of a record; the keys stay used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_answers(&self, record: Uuid) -> Result<(), Error> {
        let sql = "UPDATE idempotency_keys SET body = NULL WHERE body LIKE $1";
        self.run(sql, [format!("%{record}%").into()]).await
    }

    /// Takes away how a user logs in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_login(&self, user: Uuid) -> Result<(), Error> {
        self.run("DELETE FROM sessions WHERE user_id = $1", [user.into()]).await?;
        self.run("DELETE FROM credentials WHERE user_id = $1", [user.into()]).await
    }

    async fn run<const N: usize>(&self, sql: &str, values: [Sql; N]) -> Result<(), Error> {
        let statement = Statement::from_sql_and_values(self.tx().get_database_backend(), sql, values);
        self.tx().execute_raw(statement).await?;
        Ok(())
    }

    async fn ask<const N: usize>(&self, sql: &str, values: [Sql; N]) -> Result<Vec<Found>, Error> {
        let statement = Statement::from_sql_and_values(self.tx().get_database_backend(), sql, values);
        Ok(self.tx().query_all_raw(statement).await?)
    }
}

impl Store {
    /// Lets go of the bytes that an erasure has freed. SQLite overwrites them as it frees them (`secure_delete`), and this
    /// empties its log; on PostgreSQL it makes the dead rows reusable.
    ///
    /// # Errors
    /// When the database fails, or somebody reads the log of SQLite for longer than a lock is waited for; the erasure stands all
    /// the same.
    pub async fn scrub(&self) -> Result<(), Error> {
        let desk = match self.writing() {
            Writing::Desk(desk) => desk,
            Writing::Pool(pool) => {
                pool.db.execute_unprepared(VACUUM).await?;
                return Ok(());
            }
        };
        let told = desk.alone("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        let busy: i64 = told.first().map(|row| row.try_get("", "busy")).transpose()?.unwrap_or_default();
        if busy != 0 {
            return Err(Error::internal("empty the log of SQLite", "somebody reads it: the next erasure empties it"));
        }
        Ok(())
    }
}
