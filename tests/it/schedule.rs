//! The schedule: as data, and as a picture that hides nothing and runs nothing.

use roxmltree::Document;
use serde_json::{Value, json};
use support::{Answer, Role, both};

/// The words of a picture, each text by itself; it must be well-formed XML.
fn texts(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    let picture = Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let all = picture.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")));
    all.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

both! {
    async fn the_schedule_of_sør_troms_hides_nothing(app: App) {
        let project = app.demo().await;
        let schedule = app.as_admin().get(&format!("/api/v1/projects/{project}/schedule")).await.expect(200);
        let list = |name: &str| schedule[name].as_array().expect("a list");
        assert_eq!([list("milestones").len(), list("activities").len(), list("decisionPoints").len()], [4, 10, 2]);
        let second = &list("milestones")[1];
        assert_eq!((&second["plannedOn"], &second["outsidePeriod"]), (&json!("2018-12-15"), &json!(true)), "{second}");
        assert_eq!(list("milestones").iter().filter(|one| one["outsidePeriod"] == true).count(), 1, "{schedule}");
        let open = list("politicalWindows").iter().filter(|one| one["windowFrom"] == "2017-09-01");
        assert_eq!(open.count(), 4, "the four councils in September and October 2017: {schedule}");
        let undated = |kind: &str| list("undated").iter().filter(|one| one["record"]["kind"] == kind).count();
        assert_eq!((undated("activity"), undated("political_case")), (10, 8), "{schedule}");
        let picture = app.as_admin().get(&format!("/api/v1/projects/{project}/schedule.svg")).await.expect(200);
        let words = texts(&picture).join(" ");
        for said in ["15.12.2018", "▲ utenfor prosjektperioden", "prosjektperioden 01.11.2017–30.04.2018", "Sør-Troms", "HA 5 Avtaleverk", "i dag "] {
            assert!(words.contains(said), "{said}: {words}");
        }
    }

    async fn a_moved_milestone_keeps_its_baseline(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let new = json!({ "projectId": world.project["id"], "number": "01", "title": "Nådd", "plannedOn": "2017-12-01" });
        let first = admin.create("milestones", new).await;
        let moved = admin.change("milestones", &first, json!({ "plannedOn": "2018-01-15" })).because("Sykdom").await.expect(200).json;
        let again = admin.change("milestones", &moved, json!({ "plannedOn": "2018-02-01", "forecastOn": "2018-02-10" })).because("Igjen").await.expect(200).json;
        admin.change("milestones", &again, json!({ "metOn": "2018-02-12" })).await.expect(200);
        let schedule = admin.get(&world.report("schedule")).await.expect(200);
        let one = &schedule["milestones"][0];
        let days = ["baselineOn", "plannedOn", "forecastOn", "metOn"].map(|name| &one[name]);
        assert_eq!(days, ["2017-12-01", "2018-02-01", "2018-02-10", "2018-02-12"].map(Value::from).iter().collect::<Vec<_>>()[..]);
        let words = texts(&admin.get(&world.report("schedule.svg")).await.expect(200));
        for said in ["først planlagt 01.12.2017", "01.02.2018", "prognose 10.02.2018", "nådd 12.02.2018", "✓ nådd"] {
            assert!(words.iter().any(|one| one == said), "{said}: {words:?}");
        }
    }

    async fn activities_stand_below_what_they_are_a_part_of(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let activity = |number: &str, parent: &Value, from: &str| json!({
            "projectId": world.project["id"], "number": number, "title": "Arbeid", "kind": "other", "parentId": parent,
            "startsOn": from, "endsOn": "2018-06-01", "progressPercent": 40,
        });
        let late = admin.create("activities", activity("HA 2", &Value::Null, "2018-01-01")).await;
        admin.create("activities", activity("HA 1", &Value::Null, "2017-12-01")).await;
        admin.create("activities", activity("2.1", &late["id"], "2018-02-01")).await;
        let schedule = admin.get(&world.report("schedule")).await.expect(200);
        let placed: Vec<(&Value, &Value)> = schedule["activities"].as_array().expect("a list").iter().map(|one| (&one["number"], &one["depth"])).collect();
        assert_eq!(placed, [(&json!("HA 1"), &json!(0)), (&json!("HA 2"), &json!(0)), (&json!("2.1"), &json!(1))]);
        assert_eq!(schedule["activities"][0]["outsidePeriod"], true, "it ends after the project: {schedule}");
    }

    async fn the_picture_is_one_of_its_own_and_runs_nothing(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let evil = "<script>alert(1)</script> & \"Åse\" ]]> <b onload=x>";
        let new = json!({ "projectId": world.project["id"], "number": "01", "title": evil, "plannedOn": "2017-12-01" });
        admin.create("milestones", new).await;
        let address = world.report("schedule.svg");
        let picture = admin.get(&address).await.expect(200);
        assert_eq!(picture.header("content-type"), "image/svg+xml");
        assert_eq!(picture.header("content-language"), "nb");
        let policy = picture.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
        let text = picture.text();
        assert!(!text.contains("<script") && !text.contains("href") && !text.contains("<b "), "{text}");
        let parsed = Document::parse(&text).expect("well-formed");
        let root = parsed.root_element();
        let named: Vec<&str> = root.children().filter(|node| node.is_element()).take(2).map(|node| node.tag_name().name()).collect();
        assert_eq!((named, root.attribute("role")), (vec!["title", "desc"], Some("img")), "{text}");
        assert!(texts(&picture).join(" ").contains("<script>alert(1)</script>"), "shown as it was written: {text}");
        admin.get(&address).if_none_match(&picture.etag()).await.expect(304);
        for same in [format!("{}?format=svg", world.report("schedule")), world.report("schedule")] {
            let same = admin.get(&same).header("accept", "image/svg+xml").await.expect(200);
            assert_eq!(same.bytes, picture.bytes);
        }
        let narrow = admin.get(&format!("{address}?width=390")).await.expect(200);
        assert!(narrow.etag() != picture.etag() && narrow.text().contains("viewBox=\"0 0 390 "), "{narrow}");
        for wrong in ["width=100", "width=wide", "width=-1"] {
            admin.get(&format!("{address}?{wrong}")).await.refused(400, "request.invalid_parameter");
        }
        admin.get(&format!("{}?width=390", world.report("schedule"))).await.refused(400, "request.invalid_parameter");
        admin.get(&format!("{address}?format=svg")).await.refused(400, "request.unknown_parameter");
        let english = admin.with("accept-language", "en").get(&address).await.expect(200);
        assert!(texts(&english).contains(&"1 Dec 2017".to_owned()), "{english}");
    }

    async fn the_schedule_shows_an_observer_no_work_and_nothing_internal(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        world.make("activities").await;
        for (number, internal) in [("01", false), ("02", true)] {
            let new = json!({ "projectId": world.project["id"], "number": number, "title": format!("Tilstand {number}"), "internal": internal });
            admin.create("milestones", new).await;
        }
        let observer = world.as_a(Role::Observer).await;
        for address in [world.report("schedule"), world.report("schedule.svg")] {
            let seen = observer.get(&address).await.expect(200).text();
            assert!(seen.contains("Tilstand 01") && !seen.contains("Tilstand 02"), "{seen}");
            assert!(admin.get(&address).await.expect(200).text().contains("Tilstand 02"));
            world.as_a(Role::Stranger).await.get(&address).await.refused(404, "record.not_found");
            app.as_nobody().get(&address).await.refused(401, "auth.required");
        }
        let schedule = observer.get(&world.report("schedule")).await.expect(200);
        assert_eq!((&schedule["activities"], schedule["undated"].as_array().map(Vec::len)), (&json!([]), Some(1)), "{schedule}");
    }
}
