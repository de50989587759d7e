//! Who may bring what in: what is changed needs a right, what is unchanged needs none, what is foreign stays hidden.

use framdrift::access::policy::Role;
use framdrift::access::{Actor, Caller};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Place, Result, engines, project, told, whole};

fn caller(project: Uuid, role: Role) -> Caller {
    Caller {
        actor: Actor { kind: "user", id: Some(Uuid::from_u128(7)), via: None },
        administrator: false,
        roles: [(project, [role].into())].into(),
        ..Caller::operator()
    }
}

/// The document as the service gives it back, in a place that has it.
async fn given(place: &Place) -> Result<(Uuid, Value)> {
    let document = whole()?;
    let project = project(&document)?;
    place.import(&Caller::operator(), &document).await?;
    Ok((project, serde_json::from_str(&place.export(project).await?)?))
}

#[tokio::test]
async fn a_project_manager_brings_the_own_document_back_with_changes() -> Result {
    for engine in engines() {
        let place = Place::new(engine).await?;
        let (project, mut document) = given(&place).await?;
        let manager = caller(project, Role::ProjectManager);
        let outcome = place.import(&manager, &document).await?;
        assert_eq!((told(&outcome.refused), outcome.created, outcome.updated), (vec![], 0, 0));
        document["records"]["risks"][0]["title"] = "To nei".into();
        document["records"]["goals"].as_array_mut().ok_or("goals")?.push(
            json!({ "id": "0190e0a0-0000-7000-8000-00000000f002", "projectId": project, "kind": "output", "text": "Nytt" }),
        );
        let outcome = place.import(&manager, &document).await?;
        assert_eq!((told(&outcome.refused), outcome.created, outcome.updated), (vec![], 1, 1));
        let by = place.count("SELECT COUNT(*) FROM journal WHERE actor_id IS NOT NULL").await?;
        assert_eq!(by, 2);
        place.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn who_reads_only_may_bring_back_what_is_unchanged_and_nothing_else() -> Result {
    let place = Place::new(engines()[0]).await?;
    let (project, mut document) = given(&place).await?;
    let member = caller(project, Role::SteeringGroup);
    assert_eq!(told(&place.import(&member, &document).await?.refused), vec![]);
    document["records"]["risks"][0]["title"] = "To nei".into();
    document["records"]["projects"][0]["name"] = "Mitt".into();
    let outcome = place.import(&member, &document).await?;
    let expected = vec![("/records/projects/0", "forbidden"), ("/records/risks/0", "forbidden")];
    assert_eq!((told(&outcome.refused), told(&outcome.errors)), (expected, vec![]));
    place.close().await
}

#[tokio::test]
async fn what_was_decided_is_brought_in_by_who_may_decide() -> Result {
    let place = Place::new(engines()[0]).await?;
    let (project, mut document) = given(&place).await?;
    document["records"]["decision-points"][1]["outcome"] = "approved".into();
    document["records"]["decision-points"][1]["decidedOn"] = "2018-04-30".into();
    let outcome = place.import(&caller(project, Role::ProjectManager), &document).await?;
    let expected = vec![
        ("/records/decision-points/1/decidedOn", "forbidden"),
        ("/records/decision-points/1/outcome", "forbidden"),
    ];
    assert_eq!(told(&outcome.refused), expected);
    let outcome = place.import(&caller(project, Role::ProjectExecutive), &document).await?;
    assert_eq!((told(&outcome.refused), outcome.updated), (vec![], 1));
    // Left out, a decision stays.
    let point = document["records"]["decision-points"][1].as_object_mut().ok_or("a point")?;
    point.retain(|name, _| matches!(name.as_str(), "id" | "projectId" | "number" | "theme"));
    let outcome = place.import(&caller(project, Role::ProjectManager), &document).await?;
    assert_eq!((told(&outcome.refused), outcome.updated), (vec![], 0));
    place.close().await
}

#[tokio::test]
async fn a_foreign_record_is_refused_in_the_same_words_whether_it_is_there_or_not() -> Result {
    for engine in engines() {
        let place = Place::new(engine).await?;
        let (theirs, document) = given(&place).await?;
        let mine = Uuid::from_u128(42);
        let mut base = json!({ "format": document["format"], "projectId": mine, "records": {} });
        base["records"]["projects"] = json!([{ "id": mine, "code": "EGET", "name": "Eget", "type": "pre_project" }]);
        place.import(&Caller::operator(), &base).await?;
        let stranger = caller(mine, Role::ProjectManager);
        for change in [None, Some("To nei")] {
            let mut answers = Vec::new();
            for id in [document["records"]["risks"][0]["id"].clone(), json!(Uuid::from_u128(99))] {
                let mut risk = document["records"]["risks"][0].clone();
                risk["id"] = id;
                if let Some(title) = change {
                    risk["title"] = title.into();
                }
                let mut asked = base.clone();
                asked["records"]["risks"] = json!([risk]);
                let outcome = place.import(&stranger, &asked).await?;
                answers.push((outcome.refused.clone(), outcome.errors.clone(), outcome.unchanged));
            }
            assert_eq!(format!("{:?}", answers[0]), format!("{:?}", answers[1]));
            assert_eq!(told(&answers[0].0), vec![("/records/risks/0", "forbidden")]);
        }
        // Nor does a foreign project's own record, taken word for word, answer that it is there.
        let mut asked = base.clone();
        asked["records"]["projects"] = document["records"]["projects"].clone();
        let outcome = place.import(&stranger, &asked).await?;
        assert_eq!(outcome.unchanged, 0);
        assert_eq!(outcome.refused.len(), document["records"]["projects"].as_array().ok_or("projects")?.len());
        assert_ne!(theirs, mine);
        place.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_record_is_not_moved_to_another_project_nor_takes_a_foreign_identifier() -> Result {
    for engine in engines() {
        let place = Place::new(engine).await?;
        let (_, mut document) = given(&place).await?;
        let mine = Uuid::from_u128(42);
        let own = json!({ "id": mine, "code": "EGET", "name": "Eget", "type": "pre_project" });
        let base = json!({ "format": document["format"], "projectId": mine, "records": { "projects": [own] } });
        place.import(&Caller::operator(), &base).await?;
        document["records"]["risks"][0]["projectId"] = json!(mine);
        let outcome = place.import(&Caller::operator(), &document).await?;
        assert_eq!(told(&outcome.errors), vec![("/records/risks/0/projectId", "fixed")]);
        let mut asked = base.clone();
        asked["records"]["risks"] = json!([document["records"]["risks"][0]]);
        let outcome = place.import(&caller(mine, Role::ProjectManager), &asked).await?;
        assert_eq!(told(&outcome.errors), vec![("/records/risks/0/id", "taken")]);
        place.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_programme_manager_brings_in_a_project_of_the_own_programme() -> Result {
    let place = Place::new(engines()[0]).await?;
    let (project, document) = given(&place).await?;
    let records = &document["records"];
    let leader = records["programme-assignments"][0]["personId"].as_str().ok_or("a person")?.parse()?;
    let mut manager = Caller { person: Some(leader), roles: Default::default(), ..caller(project, Role::Observer) };
    let today = framdrift::store::Writer::of(&manager);
    let write = place.store.write(today).await?;
    manager.load_roles(write.tx(), write.today()).await?;
    drop(write);
    let new = Uuid::from_u128(43);
    let asked = json!({ "format": document["format"], "projectId": new, "records": {
        "projects": [{ "id": new, "code": "NYTT", "name": "Nytt", "type": "pre_project", "programmeId": records["programmes"][0]["id"] }],
        "goals": [{ "id": Uuid::from_u128(44), "projectId": new, "kind": "outcome", "text": "Mål" }]
    } });
    let outcome = place.import(&manager, &asked).await?;
    assert_eq!((told(&outcome.refused), told(&outcome.errors), outcome.created), (vec![], vec![], 2));
    place.close().await
}
