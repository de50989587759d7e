//! The tables of Framdrift, step by step, on SQLite and PostgreSQL.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

pub mod table;

mod m20261124_000001_system;
mod m20261124_000002_directory;
mod m20261124_000003_plan;
mod m20261125_000004_meetings;
mod m20261125_000005_handling;
mod m20261125_000006_contents;
mod m20261125_000007_reporting;
mod m20261127_000008_economy;
mod m20261127_000009_events;
mod m20261127_000011_results;
mod m20261127_000012_references;
mod m20261127_000013_indexes;
mod m20261127_000014_calendar_links;
mod m20261127_000015_clients;
mod m20261127_000016_login_failures;
mod m20261127_000017_journal;
mod m20261127_000018_privacy;
mod m20261127_000019_reference_scope;
mod m20261127_000020_messages;
mod m20261127_000021_outbox;
mod m20261127_000023_sums;
mod m20261128_000019_report_archive;
mod m20261128_000024_project_archive;
mod m20261128_000025_traces;
mod m20261128_000026_unsealed;
mod m20261129_000027_flags;
mod m20261129_000028_orders;

/// Every step in its order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_system::Migration),
            Box::new(m20261124_000002_directory::Migration),
            Box::new(m20261124_000003_plan::Migration),
            Box::new(m20261125_000004_meetings::Migration),
            Box::new(m20261125_000005_handling::Migration),
            Box::new(m20261125_000006_contents::Migration),
            Box::new(m20261125_000007_reporting::Migration),
            Box::new(m20261127_000008_economy::Migration),
            Box::new(m20261127_000009_events::Migration),
            Box::new(m20261127_000011_results::Migration),
            Box::new(m20261127_000012_references::Migration),
            Box::new(m20261127_000013_indexes::Migration),
            Box::new(m20261127_000014_calendar_links::Migration),
            Box::new(m20261127_000015_clients::Migration),
            Box::new(m20261127_000016_login_failures::Migration),
            Box::new(m20261127_000017_journal::Migration),
            Box::new(m20261127_000018_privacy::Migration),
            Box::new(m20261127_000019_reference_scope::Migration),
            Box::new(m20261127_000020_messages::Migration),
            Box::new(m20261127_000021_outbox::Migration),
            Box::new(m20261127_000023_sums::Migration),
            Box::new(m20261128_000019_report_archive::Migration),
            Box::new(m20261128_000024_project_archive::Migration),
            Box::new(m20261128_000025_traces::Migration),
            Box::new(m20261128_000026_unsealed::Migration),
            Box::new(m20261129_000027_flags::Migration),
            Box::new(m20261129_000028_orders::Migration),
        ]
    }
}
