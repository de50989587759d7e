//! What an indicator measures, and how sure a measured value is.

use sea_orm_migration::prelude::*;

use crate::table::{RecordTable, widened};

/// Widens the tables of indicators and measurements.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            table.add(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            table.take_away(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> [RecordTable; 2] {
    [widened("indicators").opt_text("measures"), widened("measurements").opt_text("certainty")]
}
