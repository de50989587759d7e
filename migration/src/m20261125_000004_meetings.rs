//! Where things are talked over and resolved.

use sea_orm_migration::prelude::*;

use crate::table::{drop_tables, record};

/// Makes the tables of meetings.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// In the order in which they refer to each other.
const TABLES: &[&str] =
    &["meetings", "attendances", "agenda_items", "interest_declarations", "resolutions", "action_items", "body_rules"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        meetings(manager).await?;
        agenda(manager).await?;
        outcomes(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn meetings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("meetings")
        .of_project()
        .text("kind")
        .text("title")
        .opt_instant("starts_at")
        .opt_instant("ends_at")
        .opt_text("place")
        .text("status")
        .opt_reference("activity_id", "activities")
        .opt_reference("minutes_id", "documents")
        .create(manager)
        .await?;
    record("attendances")
        .of_project()
        .reference("meeting_id", "meetings")
        .reference("person_id", "people")
        .opt_reference("organisation_id", "organisations")
        .text("capacity")
        .opt_text("response")
        .opt_flag("attended")
        .unique(&["meeting_id", "person_id"])
        .create(manager)
        .await
}

async fn agenda(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("agenda_items")
        .of_project()
        .reference("meeting_id", "meetings")
        .text("number")
        .text("title")
        .opt_text("text")
        .unique(&["meeting_id", "number"])
        .create(manager)
        .await?;
    record("interest_declarations")
        .of_project()
        .reference("agenda_item_id", "agenda_items")
        .reference("person_id", "people")
        .text("interest")
        .opt_text("basis")
        .opt_flag("recused")
        .unique(&["agenda_item_id", "person_id"])
        .create(manager)
        .await
}

async fn outcomes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("resolutions")
        .of_project()
        .reference("meeting_id", "meetings")
        .opt_reference("agenda_item_id", "agenda_items")
        .opt_text("number")
        .text("text")
        .text("outcome")
        .opt_date("adopted_on")
        .opt_integer("votes_for")
        .opt_integer("votes_against")
        .opt_record_ref("subject")
        .create(manager)
        .await?;
    record("action_items")
        .of_project()
        .reference("meeting_id", "meetings")
        .text("text")
        .opt_reference("responsible_id", "people")
        .opt_date("due_on")
        .opt_date("done_on")
        .create(manager)
        .await?;
    record("body_rules")
        .of_project()
        .text("body")
        .text("quorum")
        .text("majority")
        .flag("chair_casting_vote")
        .opt_date("valid_from")
        .create(manager)
        .await
}
