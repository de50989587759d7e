//! Money and effort.

use sea_orm_migration::prelude::*;

use crate::table::{drop_tables, record};

/// Makes the tables of the economy.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// In the order in which they refer to each other.
const TABLES: &[&str] = &["budgets", "budget_lines", "funding_sources", "cost_entries", "time_entries", "cost_keys"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        planned(manager).await?;
        spent(manager).await?;
        record("cost_keys")
            .of_project()
            .text("name")
            .json("components")
            .json("parties")
            .opt_text("source")
            .opt_date("reference_on")
            .opt_date("valid_from")
            .opt_date("valid_to")
            .opt_reference("adopted_by_matter_id", "matters")
            .opt_date("adopted_on")
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn planned(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("budgets")
        .of_project()
        .opt_text("name")
        .opt_integer("number")
        .text("status")
        .text("kind")
        .opt_reference("matter_id", "matters")
        .opt_date("adopted_on")
        .opt_integer("cash_ore")
        .opt_integer("in_kind_ore")
        .opt_integer("total_ore")
        .integer("lines_not_known")
        .create(manager)
        .await?;
    record("budget_lines")
        .of_project()
        .reference("budget_id", "budgets")
        .opt_reference("activity_id", "activities")
        .opt_reference("organisation_id", "organisations")
        .opt_text("category")
        .text("kind")
        .opt_integer("year")
        .opt_integer("amount_ore")
        .opt_decimal("hours")
        .opt_integer("rate_ore")
        .opt_integer("forecast_ore")
        .opt_text("function")
        .opt_text("account_type")
        .opt_text("note")
        .create(manager)
        .await?;
    record("funding_sources")
        .of_project()
        .reference("organisation_id", "organisations")
        .opt_text("scheme")
        .opt_integer("amount_ore")
        .text("state")
        .opt_decimal("support_share")
        .opt_text("conditions")
        .opt_date("decided_on")
        .opt_date("accept_due_on")
        .opt_date("accepted_on")
        .opt_date("report_due_on")
        .opt_date("reported_on")
        .create(manager)
        .await
}

async fn spent(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("cost_entries")
        .of_project()
        .opt_reference("budget_line_id", "budget_lines")
        .integer("amount_ore")
        .date("incurred_on")
        .opt_text("supplier")
        .opt_text("voucher")
        .opt_text("text")
        .opt_text("import_key")
        .unique(&["project_id", "import_key"])
        .create(manager)
        .await?;
    record("time_entries")
        .of_project()
        .reference("person_id", "people")
        .opt_reference("organisation_id", "organisations")
        .opt_reference("activity_id", "activities")
        .date("worked_on")
        .decimal("hours")
        .opt_integer("rate_ore")
        .flag("counts_as_funding")
        .opt_text("note")
        .opt_integer("amount_ore")
        .create(manager)
        .await
}
