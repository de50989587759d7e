//! The tables: up, down, up again, and never half.

use std::cell::Cell;

use framdrift::store::Database;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DbBackend, DbErr, Statement};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};
use support::both;

both! {
    async fn down_and_up_again_gives_the_same_tables(place: Place) {
        let db = connect(&place.url()).await;
        Migrator::up(&db, None).await.expect("the tables are made");
        let made = schema(&db).await;
        assert!(made.len() > 100, "{made:#?}");
        Migrator::down(&db, None).await.expect("the tables are taken away");
        let left = schema(&db).await;
        assert!(left.iter().all(|line| line.contains("seaql_migrations")), "down leaves {left:#?}");
        Migrator::up(&db, None).await.expect("the tables are made again");
        assert_eq!(schema(&db).await, made);
    }

    async fn each_step_can_be_taken_back_alone(place: Place) {
        let db = connect(&place.url()).await;
        Migrator::install(&db).await.expect("the list of steps is made");
        for step in Migrator::migrations() {
            let before = schema(&db).await;
            Migrator::up(&db, Some(1)).await.expect("a step");
            let after = schema(&db).await;
            let elsewhere = matches!(place, Place::Sqlite(_)) && step.name() == "m20261128_000026_unsealed";
            assert_eq!(before == after, elsewhere, "{} makes something, unless it is only for PostgreSQL", step.name());
            Migrator::down(&db, Some(1)).await.expect("a step back");
            assert_eq!(schema(&db).await, before);
            Migrator::up(&db, Some(1)).await.expect("the step again");
            assert_eq!(schema(&db).await, after);
        }
    }

    async fn a_step_that_fails_at_its_end_leaves_nothing_half(place: Place) {
        let db = connect(&place.url()).await;
        Migrator::install(&db).await.expect("the list of steps is made");
        for step in 0..Migrator::migrations().len() {
            let before = schema(&db).await;
            FAILS_AT.set(step);
            let failed = Failing::up(&db, Some(1)).await.expect_err("the step fails");
            assert!(failed.to_string().contains("on purpose"), "{failed}");
            assert_eq!(schema(&db).await, before, "step {step} left something");
            Migrator::up(&db, Some(1)).await.expect("the step goes well the next time");
        }
    }

    async fn several_processes_may_migrate_at_once(place: Place) {
        let all = match &place {
            Place::Postgres(url, _) => (0..4).map(|_| Database::postgres(url.clone(), 1)).collect(),
            // A SQLite file belongs to one process.
            Place::Sqlite(_) => vec![Database::sqlite(place.directory(), 1).await.expect("the file opens")],
        };
        let migrated = futures_util::future::join_all(all.iter().map(Database::migrate)).await;
        for done in migrated {
            done.expect("each finds the tables up to date or makes them so");
        }
        let ready = all[0].open().await.expect("it opens").ready().await.expect("it answers");
        assert!(ready);
    }
}

#[test]
fn every_step_runs_in_a_transaction() {
    for step in Migrator::migrations() {
        assert_eq!(step.use_transaction(), Some(true), "{}: on SQLite the default is none", step.name());
    }
}

/// Opens a database.
pub async fn connect(url: &str) -> DatabaseConnection {
    SeaDatabase::connect(url).await.expect("the database opens")
}

/// Every table, column, index and constraint, as the database tells them.
pub async fn schema(db: &DatabaseConnection) -> Vec<String> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => "
            SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable, column_default, collation_name) AS line
            FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid))
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            ORDER BY line",
        _ => "SELECT type || ' ' || tbl_name || ' ' || name || ' ' || COALESCE(sql, '') AS line FROM sqlite_master
              WHERE name <> 'sqlite_sequence' ORDER BY line",
    };
    let rows = db.query_all_raw(Statement::from_string(backend, sql)).await.expect("the schema can be read");
    rows.iter().map(|row| row.try_get("", "line").expect("a line")).collect()
}

thread_local! {
    /// The step that fails in [`Failing`]; each test has a thread of its own.
    static FAILS_AT: Cell<usize> = const { Cell::new(0) };
}

/// The real steps, one of which fails when all its work is done.
struct Failing;

#[async_trait::async_trait]
impl MigratorTrait for Failing {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let last = FAILS_AT.get();
        let steps = Migrator::migrations().into_iter().take(last + 1).enumerate();
        steps
            .map(
                |(place, step)| {
                    if place == last { Box::new(FailsAtTheEnd(step)) as Box<dyn MigrationTrait> } else { step }
                },
            )
            .collect()
    }
}

struct FailsAtTheEnd(Box<dyn MigrationTrait>);

impl MigrationName for FailsAtTheEnd {
    fn name(&self) -> &str {
        self.0.name()
    }
}

#[async_trait::async_trait]
impl MigrationTrait for FailsAtTheEnd {
    fn use_transaction(&self) -> Option<bool> {
        self.0.use_transaction()
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.up(manager).await?;
        Err(DbErr::Custom("on purpose".to_owned()))
    }
}
