//! What the municipalities decide, each for itself.

use sea_orm_migration::prelude::*;

use crate::table::{RecordTable, drop_tables, record, widened};

/// Makes the tables of municipal handling.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// In the order in which they refer to each other.
const TABLES: &[&str] = &["matters", "political_cases", "political_steps", "agreements", "agreement_parties"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        matters(manager).await?;
        agreements(manager).await?;
        documents().add(manager).await?;
        decision_points().add(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        decision_points().take_away(manager).await?;
        documents().take_away(manager).await?;
        drop_tables(manager, TABLES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn matters(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("matters")
        .of_project()
        .text("subject")
        .text("title")
        .opt_reference("document_id", "documents")
        .text("rule")
        .json("named")
        .opt_reference("milestone_id", "milestones")
        .text("state")
        .json("roll_up")
        .opt_date("met_on")
        .create(manager)
        .await?;
    record("political_cases")
        .of_project()
        .reference("matter_id", "matters")
        .reference("organisation_id", "organisations")
        .opt_integer("case_year")
        .opt_integer("case_sequence")
        .opt_date("window_from")
        .opt_date("window_to")
        .opt_text("outcome")
        .opt_date("decided_on")
        .unique(&["matter_id", "organisation_id"])
        .create(manager)
        .await?;
    record("political_steps")
        .of_project()
        .reference("case_id", "political_cases")
        .text("body")
        .opt_date("meeting_on")
        .opt_text("item_number")
        .opt_text("outcome")
        .opt_text("conditions")
        .opt_text("resolution_text")
        .flag("is_final")
        .opt_json("votes")
        .create(manager)
        .await
}

async fn agreements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("agreements")
        .of_project()
        .text("kind")
        .opt_text("title")
        .opt_text("legal_basis")
        .opt_date("valid_from")
        .opt_date("valid_to")
        .opt_integer("notice_months")
        .opt_reference("document_id", "documents")
        .json("clauses")
        .create(manager)
        .await?;
    record("agreement_parties")
        .of_project()
        .reference("agreement_id", "agreements")
        .reference("organisation_id", "organisations")
        .opt_reference("case_id", "political_cases")
        .opt_text("adopted_version_sha256")
        .opt_date("signed_on")
        .opt_reference("signed_by", "people")
        .unique(&["agreement_id", "organisation_id"])
        .create(manager)
        .await
}

/// What a document belongs to, follows and was adopted by, and what its newest content is.
fn documents() -> RecordTable {
    widened("documents")
        .opt_unchecked_reference("activity_id")
        .opt_unchecked_reference("supersedes_id")
        .opt_unchecked_reference("resolution_id")
        .opt_integer("content_version")
        .opt_text("media_type")
        .opt_text("file_name")
        .opt_integer("size_bytes")
        .opt_text("sha256")
}

/// Why a decision point was passed although something was missing.
fn decision_points() -> RecordTable {
    widened("decision_points").opt_text("override_reason")
}
