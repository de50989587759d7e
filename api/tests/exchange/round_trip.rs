//! What is taken out and brought in again is the same.

use std::collections::BTreeSet;

use framdrift::access::Caller;
use framdrift::demo;
use framdrift::routes;
use serde_json::{Value, json};

use crate::support::{Place, Result, engines, project, told, whole};

#[tokio::test]
async fn a_document_comes_back_byte_for_byte_from_an_empty_database_of_either_engine() -> Result {
    let operator = Caller::operator();
    for document in [whole()?, serde_json::from_str(demo::DOCUMENT)?] {
        let project = project(&document)?;
        for from in engines() {
            let first = Place::new(from).await?;
            first.import(&operator, &document).await?;
            let taken_out = first.export(project).await?;
            for to in engines() {
                let second = Place::new(to).await?;
                let outcome = second.import(&operator, &serde_json::from_str(&taken_out)?).await?;
                assert_eq!((told(&outcome.errors), outcome.updated, outcome.unchanged), (vec![], 0, 0));
                assert_eq!(second.export(project).await?, taken_out, "from {from:?} to {to:?}");
                second.close().await?;
            }
            first.close().await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_document_brought_in_where_it_came_from_changes_nothing() -> Result {
    let operator = Caller::operator();
    for engine in engines() {
        let place = Place::new(engine).await?;
        let document = whole()?;
        place.import(&operator, &document).await?;
        let taken_out = place.export(project(&document)?).await?;
        let entries = place.count("SELECT COUNT(*) FROM journal").await?;
        let outcome = place.import(&operator, &serde_json::from_str(&taken_out)?).await?;
        assert_eq!((outcome.created, outcome.updated), (0, 0));
        assert_eq!(outcome.unchanged, records(&serde_json::from_str(&taken_out)?).count() as u64);
        assert_eq!(place.count("SELECT COUNT(*) FROM journal").await?, entries);
        place.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_document_is_whole_and_holds_every_collection_and_every_value() -> Result {
    let place = Place::new(engines()[0]).await?;
    let document = whole()?;
    place.import(&Caller::operator(), &document).await?;
    let taken_out: Value = serde_json::from_str(&place.export(project(&document)?).await?)?;
    let collections: BTreeSet<&str> =
        taken_out["records"].as_object().ok_or("records")?.keys().map(String::as_str).collect();
    let carried = routes::resources().iter().filter(|resource| !resource.facts.stays && resource.facts.path != "users");
    let all = carried.map(|resource| resource.facts.path);
    assert_eq!(collections, all.collect());
    let ids: BTreeSet<&str> = records(&taken_out).filter_map(|record| record["id"].as_str()).collect();
    let mut named = BTreeSet::new();
    identifiers(&taken_out, &mut named);
    assert_eq!(named.difference(&ids).collect::<Vec<_>>(), Vec::<&&str>::new(), "named, but not in the document");
    for given in records(&document) {
        let found = records(&taken_out).find(|record| record["id"] == given["id"]);
        let found = found.ok_or_else(|| format!("{given} is not in the document"))?;
        for (name, value) in given.as_object().ok_or("a record")?.iter().filter(|(name, _)| *name != "archive") {
            contains(&found[name], value);
        }
    }
    let archive = records(&taken_out).find_map(|record| record["archive"]["archivedAt"].as_str());
    assert_eq!(archive, Some("2017-09-29T08:00:00.500Z"), "one instant has one form");
    place.close().await
}

#[tokio::test]
async fn the_same_in_another_form_is_no_change() -> Result {
    let operator = Caller::operator();
    for engine in engines() {
        let place = Place::new(engine).await?;
        let document = whole()?;
        place.import(&operator, &document).await?;
        let text = document.to_string();
        let shouted = text.replace("0190e0a0-", "0190E0A0-").replace("\"votes\":1,", "\"votes\":1.0,");
        assert_ne!(text, shouted);
        let outcome = place.import(&operator, &serde_json::from_str(&shouted)?).await?;
        assert_eq!((told(&outcome.errors), outcome.created, outcome.updated), (vec![], 0, 0));
        place.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn numbers_move_from_record_to_record() -> Result {
    let operator = Caller::operator();
    for engine in engines() {
        let place = Place::new(engine).await?;
        let mut document = whole()?;
        place.import(&operator, &document).await?;
        // A new 01 pushes 01 and 02 on.
        let project = document["projectId"].clone();
        let milestones = document["records"]["milestones"].as_array_mut().ok_or("milestones")?;
        milestones[0]["number"] = "02".into();
        milestones[1]["number"] = "03".into();
        milestones.push(json!({ "id": "0190e0a0-0000-7000-8000-00000000f001", "projectId": project, "number": "01", "title": "Først" }));
        let outcome = place.import(&operator, &document).await?;
        assert_eq!((told(&outcome.errors), outcome.created, outcome.updated), (vec![], 1, 2));
        // Two that change places have no order in which it could be done.
        document["records"]["milestones"][0]["number"] = "03".into();
        document["records"]["milestones"][1]["number"] = "02".into();
        let outcome = place.import(&operator, &document).await?;
        let expected =
            vec![("/records/milestones/0/number", "exchanged"), ("/records/milestones/1/number", "exchanged")];
        assert_eq!(told(&outcome.errors), expected);
        place.close().await?;
    }
    Ok(())
}

fn records(document: &Value) -> impl Iterator<Item = &Value> {
    document["records"]
        .as_object()
        .into_iter()
        .flat_map(|lists| lists.values())
        .flat_map(|list| list.as_array())
        .flatten()
}

/// Every text that is an identifier, at any depth.
fn identifiers<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::String(text) if text.len() == 36 && text.parse::<uuid::Uuid>().is_ok() => {
            found.insert(text);
        }
        Value::Array(items) => items.iter().for_each(|item| identifiers(item, found)),
        Value::Object(members) => members.values().for_each(|member| identifiers(member, found)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Every given value is there, nested ones too.
fn contains(found: &Value, given: &Value) {
    match (found, given) {
        (Value::Object(found), Value::Object(given)) => {
            given.iter().for_each(|(name, value)| contains(&found[name], value));
        }
        (Value::Array(found), Value::Array(given)) => {
            assert_eq!(found.len(), given.len());
            found.iter().zip(given).for_each(|(found, given)| contains(found, given));
        }
        _ => assert_eq!(found, given),
    }
}
