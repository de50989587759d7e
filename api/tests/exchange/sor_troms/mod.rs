//! The demo's document held against the plan that it comes from, row by row of the checklist made from the plan.
//!
//! A row that later resources hold (political cases, meetings, budgets) stands here as the text that keeps it until then.

mod organisations;
mod people;
mod plan;
mod programme;
mod schedule;
mod services;
mod steps;

use framdrift::access::Caller;
use framdrift::demo;
use serde_json::Value;

use crate::support::{Place, Result, engines, project, told};
use plan::Plan;

/// Row of the checklist, what it is about, what the document says, what the plan says.
type Row = (&'static str, &'static str, Value, Value);

#[test]
fn the_document_says_what_the_plan_says() -> Result {
    let plan = Plan::read()?;
    let parts = [
        programme::rows(&plan),
        steps::rows(&plan),
        services::rows(&plan),
        schedule::rows(&plan),
        people::rows(&plan),
        organisations::rows(&plan),
    ];
    let wrong: Vec<String> = parts
        .iter()
        .flatten()
        .filter(|(_, _, found, expected)| found != expected)
        .map(|(row, what, found, expected)| format!("row {row}, {what}:\n   found    {found}\n   expected {expected}"))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn it_comes_in_by_the_rules_and_a_second_time_changes_nothing() -> Result {
    let document: Value = serde_json::from_str(demo::DOCUMENT)?;
    for engine in engines() {
        let place = Place::new(engine).await?;
        let outcome = place.import(&Caller::operator(), &document).await?;
        assert_eq!((told(&outcome.errors), outcome.unchanged), (vec![], 0));
        let outcome = place.import(&Caller::operator(), &document).await?;
        assert_eq!((outcome.created, outcome.updated), (0, 0));
        let taken_out: Value = serde_json::from_str(&place.export(project(&document)?).await?)?;
        assert_eq!(taken_out["records"]["people"].as_array().map(Vec::len), Some(14));
        place.close().await?;
    }
    Ok(())
}
