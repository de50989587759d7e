//! What: projects and all that a project plan holds.

use sea_orm_migration::prelude::*;

use crate::table::{drop_tables, record};

/// Makes the plan's tables.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// In the order in which they refer to each other.
const TABLES: &[&str] = &[
    "projects",
    "project_parties",
    "assignments",
    "documents",
    "goals",
    "indicators",
    "measurements",
    "activities",
    "dependencies",
    "milestones",
    "decision_points",
    "decision_requirements",
    "risks",
    "change_requests",
    "recommendations",
    "organisation_options",
    "services",
    "competence_needs",
    "reference_cases",
    "communication_measures",
    "finding_waivers",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        projects(manager).await?;
        organisation(manager).await?;
        documents(manager).await?;
        results(manager).await?;
        schedule(manager).await?;
        decisions(manager).await?;
        uncertainty(manager).await?;
        recommendations(manager).await?;
        workshops(manager).await?;
        outside(manager).await?;
        waivers(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn projects(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("projects")
        .text("code")
        .text("name")
        .text("type")
        .opt_integer("stage")
        .opt_reference("programme_id", "programmes")
        .opt_reference("region_id", "regions")
        .opt_reference("predecessor_id", "projects")
        .flag("conditional")
        .text("status")
        .opt_date("starts_on")
        .opt_date("ends_on")
        .opt_integer("duration_months_min")
        .opt_integer("duration_months_max")
        .opt_text("purpose")
        .opt_text("background")
        .opt_text("scope")
        .opt_text("exclusions")
        .opt_text("constraints")
        .unique(&["code"])
        .create(manager)
        .await
}

async fn organisation(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("project_parties")
        .of_project()
        .reference("organisation_id", "organisations")
        .text("role")
        .opt_text("note")
        .create(manager)
        .await?;
    record("assignments")
        .of_project()
        .reference("person_id", "people")
        .text("role")
        .opt_reference("organisation_id", "organisations")
        .opt_text("title")
        .opt_integer("votes")
        .opt_date("valid_from")
        .opt_date("valid_to")
        .create(manager)
        .await
}

async fn documents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("documents")
        .of_project()
        .text("kind")
        .text("title")
        .opt_date("document_on")
        .opt_text("sender")
        .opt_text("recipient")
        .text("status")
        .opt_date("adopted_on")
        .text("access")
        .opt_text("exemption_basis")
        .opt_date("accessible_after")
        .opt_json("archive")
        .opt_text("retention")
        .create(manager)
        .await
}

async fn results(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("goals").of_project().text("kind").text("text").opt_reference("parent_id", "goals").create(manager).await?;
    record("indicators")
        .of_project()
        .reference("goal_id", "goals")
        .text("name")
        .text("unit")
        .opt_text("definition")
        .opt_text("source")
        .opt_text("direction")
        .opt_decimal("baseline")
        .opt_date("baseline_on")
        .json("targets")
        .create(manager)
        .await?;
    record("measurements")
        .of_project()
        .reference("indicator_id", "indicators")
        .opt_reference("organisation_id", "organisations")
        .date("measured_on")
        .decimal("value")
        .opt_text("note")
        .create(manager)
        .await
}

async fn schedule(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("activities")
        .of_project()
        .opt_text("number")
        .text("title")
        .text("kind")
        .opt_reference("parent_id", "activities")
        .opt_date("starts_on")
        .opt_date("ends_on")
        .opt_integer("progress_percent")
        .opt_reference("responsible_id", "people")
        .opt_text("evidence")
        .text("status")
        .unique(&["project_id", "number"])
        .create(manager)
        .await?;
    record("dependencies")
        .of_project()
        .record_ref("predecessor")
        .record_ref("successor")
        .integer("lag_days")
        .create(manager)
        .await?;
    record("milestones")
        .of_project()
        .text("number")
        .text("title")
        .opt_reference("activity_id", "activities")
        .opt_date("planned_on")
        .opt_date("forecast_on")
        .opt_date("met_on")
        .opt_date("cancelled_on")
        .opt_text("type")
        .flag("internal")
        .flag("requires_document")
        .opt_unchecked_reference("matter_id")
        .opt_text("matter_state")
        .unique(&["project_id", "number"])
        .create(manager)
        .await
}

async fn decisions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("decision_points")
        .of_project()
        .text("number")
        .text("theme")
        .opt_date("planned_on")
        .opt_text("approver")
        .opt_date("decided_on")
        .opt_text("outcome")
        .opt_text("conditions")
        .opt_unchecked_reference("resolution_id")
        .unique(&["project_id", "number"])
        .create(manager)
        .await?;
    record("decision_requirements")
        .of_project()
        .reference("decision_point_id", "decision_points")
        .text("document_kind")
        .opt_reference("document_id", "documents")
        .text("required_status")
        .create(manager)
        .await
}

async fn uncertainty(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("risks")
        .of_project()
        .text("kind")
        .text("title")
        .opt_integer("probability")
        .opt_integer("impact")
        .opt_text("response")
        .opt_reference("owner_id", "people")
        .text("status")
        .opt_integer("residual_probability")
        .opt_integer("residual_impact")
        .create(manager)
        .await?;
    record("change_requests")
        .of_project()
        .text("type")
        .text("description")
        .opt_text("consequence")
        .opt_reference("requested_by", "people")
        .opt_text("decision")
        .opt_date("decided_on")
        .create(manager)
        .await
}

async fn recommendations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("recommendations")
        .of_project()
        .text("number")
        .text("text")
        .opt_integer("stage")
        .opt_unchecked_reference("adopted_by_id")
        .text("status")
        .opt_reference("leads_to_project_id", "projects")
        .unique(&["project_id", "number"])
        .create(manager)
        .await?;
    record("organisation_options")
        .of_project()
        .text("form")
        .opt_text("horizon")
        .opt_text("assessment")
        .opt_text("status")
        .create(manager)
        .await
}

async fn workshops(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("services")
        .of_project()
        .text("name")
        .opt_text("target_group")
        .opt_text("description")
        .json("providers")
        .text("status")
        .create(manager)
        .await?;
    record("competence_needs")
        .of_project()
        .text("need")
        .opt_integer("current_level")
        .opt_integer("required_level")
        .opt_text("coverage")
        .opt_reference("service_id", "services")
        .create(manager)
        .await
}

async fn outside(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("reference_cases")
        .of_project()
        .text("kind")
        .text("name")
        .opt_text("place")
        .opt_text("summary")
        .opt_text("relevance")
        .opt_text("url")
        .create(manager)
        .await?;
    record("communication_measures")
        .of_project()
        .text("audience")
        .opt_text("message")
        .opt_text("channel")
        .opt_date("planned_on")
        .opt_date("done_on")
        .opt_reference("responsible_id", "people")
        .create(manager)
        .await
}

async fn waivers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    record("finding_waivers")
        .of_project()
        .text("rule")
        .opt_record_ref("record")
        .opt_text("pointer")
        .text("reason")
        .create(manager)
        .await
}
