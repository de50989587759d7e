//! What the municipalities decide makes milestones true, and nothing else does.

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::{Role, World, both};

/// A matter before four municipalities, with a milestone behind it.
pub struct Handling {
    /// The matter.
    pub matter: Value,
    milestone: Value,
    municipalities: Vec<Value>,
    /// The case of each municipality.
    pub cases: Vec<Value>,
}

impl Handling {
    /// Puts it to them.
    pub async fn of(world: &World, rule: &str) -> Self {
        let admin = world.as_admin();
        let project = world.project["id"].clone();
        let new = json!({ "projectId": project, "number": "03", "title": "Budsjett behandlet i kommunene", "plannedOn": "2018-01-31" });
        let milestone = admin.create("milestones", new).await;
        let new = json!({
            "projectId": project, "subject": "budget", "title": "Budsjett med kostnadsfordeling", "rule": rule,
            "milestoneId": milestone["id"],
        });
        let matter = admin.create("matters", new).await;
        let (mut municipalities, mut cases) = (vec![world.municipality.clone()], Vec::new());
        for name in ["Gratangen", "Ibestad", "Salangen"] {
            let municipality = json!({ "name": format!("{name} kommune"), "kind": "municipality" });
            municipalities.push(admin.create("organisations", municipality).await);
        }
        for municipality in &municipalities {
            if municipality != &world.municipality {
                let party = json!({ "projectId": project, "organisationId": municipality["id"], "role": "owner" });
                admin.create("project-parties", party).await;
            }
            let case = json!({ "projectId": project, "matterId": matter["id"], "organisationId": municipality["id"] });
            cases.push(admin.create("political-cases", case).await);
        }
        Self { matter, milestone, municipalities, cases }
    }

    fn step(&self, case: usize, outcome: &str, on: &str) -> Value {
        json!({
            "projectId": self.matter["projectId"], "caseId": self.cases[case]["id"], "body": "council",
            "meetingOn": on, "outcome": outcome, "isFinal": true,
        })
    }

    async fn decides(&self, world: &World, case: usize, outcome: &str, on: &str) -> Value {
        world.as_admin().create("political-steps", self.step(case, outcome, on)).await
    }

    /// The status and the date of the milestone, and how many of how many have adopted.
    pub async fn standing(&self, world: &World) -> (String, Value, [u64; 2]) {
        let milestone = world.as_admin().read("milestones", &self.milestone).await;
        let matter = world.as_admin().read("matters", &self.matter).await;
        assert!(matter["metOn"] == milestone["metOn"], "{matter} {milestone}");
        let counted = |name: &str| matter["rollUp"][name].as_u64().unwrap_or_default();
        let adopted = counted("adopted") + counted("adoptedWithConditions");
        let status = milestone["status"].as_str().unwrap_or_default().to_owned();
        (status, milestone["metOn"].clone(), [adopted, counted("of")])
    }
}

both! {
    async fn a_milestone_is_met_on_the_day_on_which_the_last_council_has_adopted(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        assert_eq!(four.standing(&world).await, ("overdue".to_owned(), Value::Null, [0, 4]));
        four.decides(&world, 0, "adopted", "2018-01-11").await;
        four.decides(&world, 1, "adopted_with_conditions", "2018-02-08").await;
        four.decides(&world, 2, "adopted", "2018-01-18").await;
        assert_eq!(four.standing(&world).await, ("partially_met".to_owned(), Value::Null, [3, 4]));
        let mut board = four.step(3, "adopted", "2018-01-16");
        board["body"] = json!("executive_board");
        board["isFinal"] = json!(false);
        world.as_admin().create("political-steps", board).await;
        assert_eq!(four.standing(&world).await.0, "partially_met", "what is not final does not count");
        let last = four.decides(&world, 3, "adopted", "2018-01-25").await;
        assert_eq!(four.standing(&world).await, ("met".to_owned(), json!("2018-02-08"), [4, 4]));
        let history = world.as_admin().get(&format!("/api/v1/milestones/{}/history", four.milestone["id"].as_str().expect("an id"))).await;
        assert_eq!(history.items()[0]["event"], "milestone.met", "{history}");
        world.as_admin().remove("political-steps", &last).await.expect(204);
        assert_eq!(four.standing(&world).await, ("partially_met".to_owned(), Value::Null, [3, 4]));
    }

    async fn one_no_is_enough_where_all_are_asked(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        for case in 0..3 {
            four.decides(&world, case, "adopted", "2018-01-11").await;
        }
        four.decides(&world, 3, "rejected", "2018-01-25").await;
        assert_eq!(four.standing(&world).await.0, "not_met");
        // A council may decide anew: the latest final step speaks.
        four.decides(&world, 3, "adopted", "2018-02-22").await;
        assert_eq!(four.standing(&world).await, ("met".to_owned(), json!("2018-02-22"), [4, 4]));
    }

    async fn a_majority_is_enough_where_the_rule_says_so(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "majority").await;
        four.decides(&world, 0, "rejected", "2018-01-11").await;
        four.decides(&world, 1, "adopted", "2018-01-12").await;
        four.decides(&world, 2, "adopted", "2018-01-13").await;
        assert_eq!(four.standing(&world).await.0, "partially_met");
        four.decides(&world, 3, "adopted", "2018-01-14").await;
        assert_eq!(four.standing(&world).await, ("met".to_owned(), json!("2018-01-14"), [3, 4]));
    }

    async fn what_follows_from_the_councils_is_not_written_by_hand(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        let manager = world.as_a(Role::Manager).await;
        let milestone = manager.read("milestones", &four.milestone).await;
        let refused = manager.change("milestones", &milestone, json!({ "metOn": "2018-01-31" })).await;
        let matter = four.matter["id"].as_str().expect("an id");
        assert!(refused.text().contains(matter), "it says where it comes from: {refused}");
        refused.faulted("/metOn", "derived");
        let read_only = json!({ "state": "met" });
        let matter = manager.read("matters", &four.matter).await;
        manager.change("matters", &matter, read_only).await.faulted("/state", "read_only");
        let other = json!({ "projectId": world.project["id"], "subject": "agreement", "title": "Avtale", "milestoneId": milestone["id"] });
        manager.post("/api/v1/matters", other).await.faulted("/milestoneId", "taken");
    }

    async fn two_councils_at_the_same_moment_make_it_true_once(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        four.decides(&world, 0, "adopted", "2018-01-11").await;
        four.decides(&world, 1, "adopted", "2018-01-12").await;
        let last = [(2, "2018-01-25"), (3, "2018-01-24")].map(|(case, on)| {
            tokio::spawn(world.as_admin().post("/api/v1/political-steps", four.step(case, "adopted", on)).into_future())
        });
        for answer in join_all(last).await {
            answer.expect("no task fails").expect(201);
        }
        assert_eq!(four.standing(&world).await, ("met".to_owned(), json!("2018-01-25"), [4, 4]));
        let history = world.as_admin().get(&format!("/api/v1/milestones/{}/history", four.milestone["id"].as_str().expect("an id"))).await;
        let met = history.items().iter().filter(|entry| entry["event"] == "milestone.met").count();
        assert_eq!(met, 1, "{history}");
    }

    async fn an_officer_writes_the_case_of_the_own_municipality_and_no_other(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        let officer = world.as_a(Role::MunicipalOfficer).await;
        let (own, foreign) = (&four.cases[0], &four.cases[3]);
        officer.change("political-cases", own, json!({ "caseYear": 2018, "caseSequence": 17 })).await.expect(200);
        officer.change("political-cases", foreign, json!({ "caseYear": 2018 })).await.refused(403, "access.forbidden");
        officer.post("/api/v1/political-steps", four.step(3, "adopted", "2018-01-25")).await.refused(403, "access.forbidden");
        let step = officer.post("/api/v1/political-steps", four.step(0, "adopted", "2018-01-25")).await.expect(201).json;
        let step = officer.change("political-steps", &step, json!({ "itemNumber": "PS 5/18" })).await.expect(200).json;
        officer.change("political-steps", &step, json!({ "caseId": foreign["id"] })).await.refused(403, "access.forbidden");
        let new = json!({ "projectId": world.project["id"], "matterId": four.matter["id"], "organisationId": four.municipalities[2]["id"] });
        officer.post("/api/v1/political-cases", new).await.refused(403, "access.forbidden");
        officer.change("matters", &four.matter, json!({ "rule": "majority" })).await.refused(403, "access.forbidden");
    }

    async fn an_observer_sees_outcomes_and_no_drafts(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        let decided = four.decides(&world, 0, "adopted", "2018-01-25").await;
        let mut draft = four.step(1, "adopted", "2018-01-25");
        for field in ["outcome", "isFinal"] {
            draft.as_object_mut().expect("an object").remove(field);
        }
        let draft = world.as_admin().create("political-steps", draft).await;
        let observer = world.as_a(Role::Observer).await;
        let steps = observer.get("/api/v1/political-steps").await.expect(200);
        assert_eq!(steps.ids(), [decided["id"].as_str().expect("an id")]);
        observer.get(&format!("/api/v1/political-steps/{}", draft["id"].as_str().expect("an id"))).await.refused(404, "record.not_found");
        assert_eq!(observer.read("matters", &four.matter).await["rollUp"]["adopted"], 1);
    }

    async fn a_final_step_decides_on_a_day(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        let manager = world.as_a(Role::Manager).await;
        let path = "/api/v1/political-steps";
        manager.post(path, four.step(0, "postponed", "2018-01-25")).await.faulted("/outcome", "not_final");
        let mut undated = four.step(0, "adopted", "2018-01-25");
        undated["meetingOn"] = Value::Null;
        manager.post(path, undated).await.faulted("/meetingOn", "required");
        let mut conditions = four.step(0, "adopted", "2018-01-25");
        conditions["conditions"] = json!("Kostnaden øker ikke");
        manager.post(path, conditions).await.faulted("/conditions", "not_applicable");
        let named = json!({ "projectId": world.project["id"], "subject": "other", "title": "Uten navn", "rule": "named" });
        manager.post("/api/v1/matters", named).await.faulted("/named", "not_applicable");
    }

    async fn an_agreement_tells_what_the_law_requires_of_it(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let project = &world.project["id"];
        let document = json!({ "projectId": project, "kind": "agreement", "title": "Vertskommuneavtale", "status": "final" });
        let document = admin.create("documents", document).await;
        let clauses = json!([{ "requirement": "host", "clause": "§ 2" }]);
        let agreement = json!({
            "projectId": project, "kind": "host_municipality", "documentId": document["id"], "clauses": clauses,
        });
        let agreement = admin.create("agreements", agreement).await;
        for _ in 0..2 {
            let organisation = world.make("organisations").await;
            let party = json!({
                "projectId": project, "agreementId": agreement["id"], "organisationId": organisation["id"],
                "adoptedVersionSha256": format!("{:064x}", world.next()), "signedOn": "2018-04-12",
            });
            admin.create("agreement-parties", party).await;
        }
        let address = format!("/api/v1/agreements/{}/completeness", agreement["id"].as_str().expect("an id"));
        let told = world.as_a(Role::SteeringMember).await.get(&address).await.expect(200);
        assert_eq!(told["complete"], false, "{told}");
        let of = |name: &str| {
            let all = told["requirements"].as_array().expect("a list");
            all.iter().find(|one| one["requirement"] == name).cloned().unwrap_or_default()
        };
        assert_eq!((&of("host")["met"], &of("host")["clause"]), (&json!(true), &json!("§ 2")), "{told}");
        assert_eq!(of("exit")["met"], false, "{told}");
        let codes: Vec<&str> = told["missing"].as_array().expect("a list").iter().filter_map(|one| one["code"].as_str()).collect();
        assert!(codes.contains(&"other_text"), "two councils adopted different texts: {codes:?}");
        world.as_a(Role::Stranger).await.get(&address).await.refused(404, "record.not_found");
    }
}
