//! A new record.

use framdrift::facts::{Field, Kind};
use serde_json::{Value, json};
use support::both;

use super::{at, free_text, least, one, resources, with, wrong_type};

both! {
    async fn a_new_record_is_answered_as_it_is_read(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let me = admin.get("/api/v1/me").await.expect(200)["id"].clone();
        for (facts, _) in resources() {
            let body = world.body(facts.path).await;
            let mut answer = admin.post(&at(facts), body.clone()).await.expect(201);
            let secret = answer.json.as_object_mut().and_then(|record| record.remove("secret"));
            assert_eq!(secret.is_some(), facts.secret.is_some(), "a secret is shown here and nowhere else: {answer}");
            assert_eq!(answer.header("location"), one(facts, &answer.json));
            assert_eq!((answer.etag(), &answer["version"]), ("\"1\"".to_owned(), &json!(1)), "{answer}");
            assert_eq!((&answer["createdBy"], &answer["updatedBy"]), (&me, &me), "{answer}");
            assert_eq!(answer["createdAt"], answer["updatedAt"], "{answer}");
            for (name, sent) in body.as_object().into_iter().flatten() {
                assert_eq!(&answer[name], sent, "{}.{name}", facts.path);
            }
            let read = admin.get(answer.header("location")).await.expect(200);
            assert_eq!((&read.json, read.etag()), (&answer.json, answer.etag()), "{}", facts.path);
            let list = admin.get(&format!("{}?limit=200", at(facts))).await.expect(200);
            assert!(list.items().contains(&read.json), "{}: the list lacks the record", facts.path);
        }
    }

    async fn what_is_left_out_is_null_or_its_default_never_absent(app: App) {
        let world = app.world().await;
        for (facts, _) in resources() {
            let body = least(facts, &world.body(facts.path).await);
            let record = app.as_admin().create(facts.path, body.clone()).await;
            for field in &facts.fields {
                let value = record.get(&field.name).unwrap_or_else(|| panic!("{}.{} is absent", facts.path, field.name));
                assert!(field.nullable || !value.is_null(), "{}.{} is null", facts.path, field.name);
                let left_out = !field.read_only && body[&field.name].is_null();
                // What the service suggests for a draft says what it follows from.
                let suggestions = record["suggestions"].as_array().into_iter().flatten();
                let suggested = suggestions.clone().any(|one| one["field"] == field.name.as_str());
                let null = value.is_null() || suggested;
                assert!(!(left_out && field.nullable) || null, "{}.{} is {value}", facts.path, field.name);
            }
        }
    }

    async fn what_must_be_given_is_asked_for_all_at_once(app: App) {
        for (facts, _) in resources() {
            let answer = app.as_admin().post(&at(facts), json!({})).await.refused(422, "record.invalid");
            let asked: Vec<&Value> = answer["errors"].as_array().into_iter().flatten().map(|fault| &fault["pointer"]).collect();
            let required = facts.writable().filter(|field| field.required).map(|field| Value::from(format!("/{}", field.name)));
            assert_eq!(asked, required.collect::<Vec<_>>().iter().collect::<Vec<_>>(), "{}", facts.path);
        }
    }

    async fn what_is_wrong_is_422_and_points_to_it(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, sample) in resources() {
            let body = world.body(facts.path).await;
            let (field, value) = &sample.wrong;
            let answer = admin.post(&at(facts), with(&body, field, value.clone())).await.refused(422, "record.invalid");
            let pointed = answer["errors"].as_array().into_iter().flatten().filter_map(|fault| fault["pointer"].as_str());
            assert!(pointed.into_iter().all(|pointer| pointer.starts_with(&format!("/{field}"))), "{answer}");
            let unknown = admin.post(&at(facts), with(&body, "colour", "blå")).await.faulted("/colour", "unknown_field");
            assert!(unknown.text().contains(sample.change.0), "the allowed names are not told: {unknown}");
            for field in facts.fields.iter().filter(|field| field.read_only) {
                let value = json!("0190e0a0-0000-7000-8000-000000000000");
                admin.post(&at(facts), with(&body, &field.name, value)).await.faulted(&format!("/{}", field.name), "read_only");
            }
            let list = admin.get(&format!("{}?count=true", at(facts))).await.expect(200);
            let known = list.items().iter().any(|record| record[*field] == *value);
            assert!(!known, "{}: what was refused is there", facts.path);
        }
    }

    async fn a_value_of_another_type_is_422(app: App) {
        let world = app.world().await;
        for (facts, _) in resources() {
            let body = world.body(facts.path).await;
            for field in facts.writable() {
                let wrong = with(&body, &field.name, wrong_type(field));
                app.as_admin().post(&at(facts), wrong).await.faulted(&format!("/{}", field.name), "wrong_type");
            }
        }
    }

    async fn a_code_that_is_not_on_the_list_is_422_and_names_the_list(app: App) {
        let world = app.world().await;
        for (facts, _) in resources() {
            let body = world.body(facts.path).await;
            for field in facts.writable() {
                let Kind::Code(codes) = &field.kind else { continue };
                let answer = app.as_admin().post(&at(facts), with(&body, &field.name, "no_such_code")).await;
                let answer = answer.faulted(&format!("/{}", field.name), "unknown_code");
                assert!(codes.iter().all(|code| answer.text().contains(code.as_str())), "{answer}");
            }
        }
    }

    async fn a_reference_to_nothing_is_422(app: App) {
        let world = app.world().await;
        for (facts, _) in resources() {
            let body = world.body(facts.path).await;
            for reference in &facts.references {
                let wrong = with(&body, reference.field, "0190e0a0-0000-7000-8000-000000000000");
                let answer = app.as_admin().post(&at(facts), wrong).await;
                answer.faulted(&format!("/{}", reference.field), "no_such_record");
            }
        }
    }

    async fn a_reference_into_another_project_is_422(app: App) {
        let (here, there) = (app.world().await, Another::of(&app).await);
        for (facts, _) in resources().filter(|(facts, _)| facts.of_project) {
            let body = here.body(facts.path).await;
            for reference in facts.references.iter().filter(|reference| reference.field != "projectId") {
                let Some(foreign) = there.record(reference.target).await else { continue };
                let wrong = with(&body, reference.field, foreign["id"].clone());
                let answer = app.as_admin().post(&at(facts), wrong).await;
                answer.faulted(&format!("/{}", reference.field), "other_project");
            }
        }
    }

    async fn text_comes_back_as_it_was_meant(app: App) {
        let world = app.world().await;
        let (sent, kept) = ("Øst-A\u{30a}fjord – «bla\u{30a}» 😀 \u{1F1F3}\u{1F1F4}", "Øst-Åfjord – «blå» 😀 \u{1F1F3}\u{1F1F4}");
        for (facts, _) in resources() {
            for field in free_text(facts) {
                let most = field.schema["maxLength"].as_u64().unwrap_or(u64::MAX);
                if most < 60 {
                    continue;
                }
                let body = with(&world.body(facts.path).await, &field.name, sent);
                let record = app.as_admin().create(facts.path, body).await;
                assert_eq!(record[&field.name], kept, "{}.{}", facts.path, field.name);
            }
        }
    }

    async fn a_character_that_deceives_or_breaks_is_refused(app: App) {
        let world = app.world().await;
        for (facts, _) in resources() {
            let Some(field) = free_text(facts).next() else { continue };
            for character in ['\0', '\u{1b}', '\u{202e}', '\u{200b}'] {
                let body = with(&world.body(facts.path).await, &field.name, format!("a{character}b"));
                app.as_admin().post(&at(facts), body).await.refused(400, "request.malformed");
            }
        }
    }

    async fn a_whole_number_may_be_written_with_a_point(app: App) {
        let world = app.world().await;
        for (facts, sample) in resources() {
            let given = |field: &&Field| field.kind == Kind::Integer && !sample.without.contains(&field.name.as_str());
            let mut body = world.body(facts.path).await;
            for field in facts.writable().filter(given) {
                body[&field.name] = json!(body[&field.name].as_f64());
            }
            let record = app.as_admin().create(facts.path, body.clone()).await;
            for field in facts.writable().filter(given) {
                assert!(body[&field.name].is_f64() && record[&field.name].is_i64(), "{}.{}", facts.path, field.name);
                assert_eq!(record[&field.name].as_f64(), body[&field.name].as_f64(), "{}.{}", facts.path, field.name);
            }
        }
    }
}

/// Records of a second project.
struct Another {
    app: support::App,
    project: Value,
}

impl Another {
    async fn of(app: &support::App) -> Self {
        let project = json!({ "code": "ANNET", "name": "Et annet prosjekt", "type": "pre_study" });
        Self { app: app.clone(), project: app.as_admin().create("projects", project).await }
    }

    /// A record of a collection whose records belong to a project.
    async fn record(&self, path: &str) -> Option<Value> {
        let project = &self.project["id"];
        let body = match path {
            "goals" => json!({ "projectId": project, "kind": "impact", "text": "Vekst" }),
            "indicators" => {
                json!({ "projectId": project, "goalId": Box::pin(self.record("goals")).await?["id"], "name": "Vekst", "unit": "%" })
            }
            "activities" => json!({ "projectId": project, "title": "Møter", "kind": "meetings" }),
            "decision-points" => json!({ "projectId": project, "number": "BP1", "theme": "Start" }),
            "documents" => json!({ "projectId": project, "kind": "memo", "title": "Notat" }),
            "services" => json!({ "projectId": project, "name": "Veiledning" }),
            _ => return None,
        };
        let number = body.get("number").cloned().unwrap_or_default();
        let known =
            self.app.as_admin().get(&format!("/api/v1/{path}?projectId={}", project.as_str()?)).await.expect(200);
        match known.items().iter().find(|record| record["number"] == number) {
            Some(record) if !number.is_null() => Some(record.clone()),
            _ => Some(self.app.as_admin().create(path, body).await),
        }
    }
}
