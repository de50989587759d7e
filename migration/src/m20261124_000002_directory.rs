//! Who: organisations, people, programmes, regions and how municipalities organise their services.

use sea_orm_migration::prelude::*;

use crate::table::{drop_tables, record};

/// Makes the directory's tables.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// In the order in which they refer to each other.
const TABLES: &[&str] = &[
    "organisations",
    "municipality_codes",
    "people",
    "affiliations",
    "programmes",
    "programme_assignments",
    "regions",
    "region_members",
    "service_profiles",
    "service_provisions",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        organisations(manager).await?;
        people(manager).await?;
        programmes(manager).await?;
        regions(manager).await?;
        services(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn organisations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("organisations")
        .text("name")
        .json("alt_names")
        .text("kind")
        .opt_text("org_number")
        .opt_reference("parent_id", "organisations")
        .opt_integer("inhabitants")
        .opt_date("inhabitants_on")
        .opt_text("email")
        .opt_text("website")
        .opt_text("language")
        .unique(&["org_number"])
        .create(manager)
        .await?;
    record("municipality_codes")
        .reference("organisation_id", "organisations")
        .text("code")
        .opt_date("valid_from")
        .opt_date("valid_to")
        .create(manager)
        .await
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("people").text("given_name").text("family_name").opt_text("email").opt_text("phone").create(manager).await?;
    record("affiliations")
        .reference("person_id", "people")
        .reference("organisation_id", "organisations")
        .opt_text("title")
        .opt_decimal("fraction")
        .opt_date("valid_from")
        .opt_date("valid_to")
        .create(manager)
        .await
}

async fn programmes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("programmes")
        .text("name")
        .opt_text("description")
        .opt_reference("owner_id", "organisations")
        .create(manager)
        .await?;
    record("programme_assignments")
        .reference("programme_id", "programmes")
        .opt_reference("person_id", "people")
        .opt_reference("organisation_id", "organisations")
        .text("role")
        .opt_date("valid_from")
        .opt_date("valid_to")
        .create(manager)
        .await
}

async fn regions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("regions").reference("programme_id", "programmes").text("name").create(manager).await?;
    record("region_members")
        .reference("region_id", "regions")
        .reference("organisation_id", "organisations")
        .opt_date("valid_from")
        .opt_date("valid_to")
        .create(manager)
        .await
}

async fn services(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("service_profiles")
        .reference("organisation_id", "organisations")
        .opt_date("as_of")
        .opt_text("description")
        .opt_flag("has_business_association")
        .create(manager)
        .await?;
    record("service_provisions")
        .reference("profile_id", "service_profiles")
        .opt_reference("provider_id", "organisations")
        .text("arrangement")
        .opt_text("title")
        .opt_decimal("business_fte")
        .opt_decimal("provider_fte")
        .opt_integer("headcount")
        .flag("approximate")
        .opt_date("valid_from")
        .opt_date("valid_to")
        .create(manager)
        .await
}
