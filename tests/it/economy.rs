//! Money: budgets that add up, funding that climbs its ladder, and who may write what.

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::{Role, World, both};

/// A budget with its lines.
pub struct Budget {
    pub budget: Value,
    pub lines: Vec<Value>,
}

impl Budget {
    /// A budget with these lines, each with what is given of it.
    pub async fn of(world: &World, budget: Value, lines: &[Value]) -> Self {
        let admin = world.as_admin();
        let budget = admin.create("budgets", with_project(world, budget)).await;
        let mut made = Vec::new();
        for line in lines {
            let mut line = with_project(world, line.clone());
            line["budgetId"] = budget["id"].clone();
            made.push(admin.create("budget-lines", line).await);
        }
        Self { budget: admin.read("budgets", &budget).await, lines: made }
    }
}

/// A body for the world's project.
pub fn with_project(world: &World, mut body: Value) -> Value {
    body["projectId"] = world.project["id"].clone();
    body
}

both! {
    async fn the_sums_of_a_budget_are_those_of_its_lines(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let lines = [
            json!({ "category": "Prosjektledelse", "year": 2018, "amountOre": 60_000_001 }),
            json!({ "category": "Egeninnsats", "kind": "in_kind", "hours": 33.33, "rateOre": 60_001 }),
            json!({ "category": "Reise" }),
        ];
        let Budget { budget, lines } = Budget::of(&world, json!({ "name": "Budsjett" }), &lines).await;
        assert_eq!(lines[1]["amountOre"], 1_999_833, "hours times rate, rounded to the øre: {}", lines[1]);
        let sums = |budget: &Value| ["cashOre", "inKindOre", "totalOre", "linesNotKnown"].map(|field| budget[field].clone());
        assert_eq!(sums(&budget), [json!(60_000_001), json!(1_999_833), json!(61_999_834), json!(1)]);
        let changed = admin.change("budget-lines", &lines[0], json!({ "amountOre": -1 })).await.expect(200);
        assert_eq!(admin.read("budgets", &budget).await["totalOre"], 1_999_832);
        admin.remove("budget-lines", &changed.json).await.expect(204);
        admin.remove("budget-lines", &lines[1]).await.expect(204);
        let budget = admin.read("budgets", &budget).await;
        assert_eq!(sums(&budget), [Value::Null, Value::Null, Value::Null, json!(1)], "what is not known is not zero");
        let written = admin.change("budgets", &budget, json!({ "totalOre": 5 })).await.expect(422);
        assert_eq!(written["errors"][0]["pointer"], "/totalOre", "{written}");
    }

    async fn what_is_known_in_kind_says_nothing_of_cash(app: App) {
        let world = app.world().await;
        let lines = [json!({ "category": "Innleie" }), json!({ "kind": "in_kind", "amountOre": 100 })];
        let Budget { budget, .. } = Budget::of(&world, json!({}), &lines).await;
        assert_eq!([&budget["cashOre"], &budget["inKindOre"], &budget["totalOre"]], [&Value::Null, &json!(100), &json!(100)], "{budget}");
    }

    async fn the_amount_follows_hours_and_rate_as_long_as_nobody_says_another(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let Budget { lines, .. } = Budget::of(&world, json!({}), &[json!({ "kind": "in_kind", "hours": 10, "rateOre": 600 })]).await;
        let more = admin.change("budget-lines", &lines[0], json!({ "hours": 20 })).await.expect(200);
        assert_eq!(more["amountOre"], 12_000, "{more}");
    }

    async fn what_the_councils_adopted_stays_what_they_adopted(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let matter = admin.create("matters", with_project(&world, json!({ "subject": "budget", "title": "Budsjett" }))).await;
        let case = json!({ "matterId": matter["id"], "organisationId": world.municipality["id"] });
        let case = admin.create("political-cases", with_project(&world, case)).await;
        let Budget { budget, lines } = Budget::of(&world, json!({ "matterId": matter["id"] }), &[json!({ "amountOre": 100 })]).await;
        let key = json!({
            "name": "Likt", "components": [{ "type": "equal", "weight": 1 }], "validFrom": "2018-01-01",
            "parties": [{ "organisationId": world.municipality["id"] }], "adoptedByMatterId": matter["id"],
        });
        let key = admin.create("cost-keys", with_project(&world, key)).await;
        let step = json!({ "caseId": case["id"], "body": "council", "meetingOn": "2018-01-25", "outcome": "adopted", "isFinal": true });
        admin.create("political-steps", with_project(&world, step)).await;
        let (budget, key) = (admin.read("budgets", &budget).await, admin.read("cost-keys", &key).await);
        admin.remove("budgets", &budget).await.expect(409);
        admin.remove("cost-keys", &key).await.expect(409);
        admin.change("cost-keys", &key, json!({ "components": [{ "type": "equal", "weight": 2 }] })).await.expect(409);
        admin.change("cost-keys", &key, json!({ "validTo": "2018-12-31" })).await.expect(200);
        admin.change("budget-lines", &lines[0], json!({ "amountOre": 200 })).await.expect(409);
        admin.remove("budget-lines", &lines[0]).await.expect(409);
        let new = with_project(&world, json!({ "budgetId": budget["id"], "amountOre": 5 }));
        admin.post("/api/v1/budget-lines", new).await.expect(409);
        admin.change("budget-lines", &lines[0], json!({ "forecastOre": 120 })).await.expect(200);
    }

    async fn an_import_gives_nobody_what_a_change_would_not(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let manager = world.member(Role::Manager).await;
        let member = world.member(Role::GroupMember).await;
        let other = world.make("people").await;
        let document = |path: &str, record: Value| json!({ "format": "framdrift.project/1", "projectId": world.project["id"], "records": { path: [record] } });
        let executive = json!({
            "id": manager.reason["id"], "projectId": world.project["id"], "personId": manager.person["id"], "role": "project_executive",
        });
        let refused = manager.client.post("/api/v1/imports/projects", document("assignments", executive)).await.expect(403);
        assert!(refused.text().contains("/records/assignments/0"), "{refused}");
        assert_eq!(admin.read("assignments", &manager.reason).await["role"], "project_manager");
        let hours = json!({ "personId": member.person["id"], "workedOn": "2018-01-16", "hours": 1 });
        let hours = member.client.create("time-entries", with_project(&world, hours)).await;
        let moved = json!({
            "id": hours["id"], "projectId": world.project["id"], "personId": other["id"], "workedOn": "2018-01-16", "hours": 1,
        });
        member.client.post("/api/v1/imports/projects", document("time-entries", moved)).await.expect(403);
    }

    async fn an_amount_of_work_is_hours_times_rate(app: App) {
        let world = app.world().await;
        let line = json!({ "budgetId": world.make("budgets").await["id"], "kind": "in_kind", "hours": 10, "rateOre": 600, "amountOre": 6_001 });
        let refused = app.as_admin().post("/api/v1/budget-lines", with_project(&world, line)).await.expect(422);
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/amountOre"), &json!("not_the_product")));
        assert!(refused.text().contains("6000"), "it says what would be right: {refused}");
    }

    async fn codes_of_the_accounts_are_those_of_their_year(app: App) {
        let world = app.world().await;
        let budget = world.make("budgets").await;
        let line = |account: &str, year: i64| {
            with_project(&world, json!({ "budgetId": budget["id"], "accountType": account, "function": "325", "year": year }))
        };
        let admin = app.as_admin();
        admin.create("budget-lines", line("375", 2018)).await;
        let gone = admin.post("/api/v1/budget-lines", line("375", 2026)).await.expect(422);
        assert_eq!(gone["errors"][0]["pointer"], "/accountType", "{gone}");
        let lists = admin.get("/api/v1/code-lists").await.expect(200);
        let list = lists.items().iter().find(|list| list["name"] == "kostraFunction").expect("the list of functions");
        assert!(list["codes"].as_array().is_some_and(|codes| codes.iter().any(|code| code["code"] == "325")), "{list}");
    }

    async fn a_budget_that_the_councils_adopt_binds_from_then_on(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let matter = json!({ "subject": "budget", "title": "Budsjett" });
        let matter = admin.create("matters", with_project(&world, matter)).await;
        let case = json!({ "matterId": matter["id"], "organisationId": world.municipality["id"] });
        let case = admin.create("political-cases", with_project(&world, case)).await;
        let too_early = with_project(&world, json!({ "status": "committed", "matterId": matter["id"] }));
        let refused = admin.post("/api/v1/budgets", too_early).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], "/status", "{refused}");
        let budget = admin.create("budgets", with_project(&world, json!({ "matterId": matter["id"] }))).await;
        let key = json!({
            "name": "Likt", "components": [{ "type": "equal", "weight": 1 }], "validFrom": "2018-01-01",
            "parties": [{ "organisationId": world.municipality["id"] }], "adoptedByMatterId": matter["id"],
        });
        let key = admin.create("cost-keys", with_project(&world, key)).await;
        let step = json!({ "caseId": case["id"], "body": "council", "meetingOn": "2018-01-25", "outcome": "adopted", "isFinal": true });
        let step = admin.create("political-steps", with_project(&world, step)).await;
        let now = admin.read("budgets", &budget).await;
        assert_eq!((&now["status"], &now["adoptedOn"]), (&json!("committed"), &json!("2018-01-25")), "{now}");
        assert_eq!(admin.read("cost-keys", &key).await["adoptedOn"], "2018-01-25");
        let history = admin.get(&format!("/api/v1/budgets/{}/history", budget["id"].as_str().unwrap_or_default())).await;
        assert_eq!(history.expect(200).items()[0]["event"], "budget.approved");
        // What was recorded by mistake binds nobody.
        admin.remove("political-steps", &step).await.expect(204);
        let now = admin.read("budgets", &budget).await;
        assert_eq!((&now["status"], &now["adoptedOn"]), (&json!("indicative"), &Value::Null), "{now}");
        assert_eq!(admin.read("cost-keys", &key).await["adoptedOn"], Value::Null);
    }

    async fn funding_goes_up_its_ladder_and_down_with_a_reason(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let source = json!({ "organisationId": world.municipality["id"] });
        let source = admin.create("funding-sources", with_project(&world, source)).await;
        assert_eq!((&source["state"], &source["amountOre"]), (&json!("possible"), &Value::Null));
        let committed = admin.change("funding-sources", &source, json!({ "state": "committed" })).await.expect(200).json;
        let down = admin.change("funding-sources", &committed, json!({ "state": "applied" })).await.expect(422);
        assert_eq!((&down["errors"][0]["pointer"], &down["errors"][0]["code"]), (&json!("/state"), &json!("reason_required")));
        let withdrawn = admin.change("funding-sources", &committed, json!({ "state": "rejected" }));
        withdrawn.because("Tilsagnet er trukket").await.expect(200);
    }

    async fn each_writes_its_own_hours_and_costs_and_no_others(app: App) {
        let world = app.world().await;
        let member = world.member(Role::GroupMember).await;
        let other = world.make("people").await;
        let hours = |person: &Value| {
            with_project(&world, json!({ "personId": person["id"], "workedOn": "2018-01-16", "hours": 7.5, "rateOre": 60_000 }))
        };
        let own = member.client.create("time-entries", hours(&member.person)).await;
        assert_eq!(own["amountOre"], 450_000);
        member.client.post("/api/v1/time-entries", hours(&other)).await.expect(403);
        member.client.change("time-entries", &own, json!({ "personId": other["id"] })).await.expect(403);
        let officer = world.as_a(Role::MunicipalOfficer).await;
        let lines = [
            json!({ "organisationId": world.municipality["id"], "amountOre": 100 }),
            json!({ "organisationId": world.make("organisations").await["id"], "amountOre": 100 }),
        ];
        let Budget { lines, .. } = Budget::of(&world, json!({}), &lines).await;
        let cost = |line: &Value| with_project(&world, json!({ "budgetLineId": line["id"], "amountOre": 1, "incurredOn": "2018-01-31" }));
        officer.create("cost-entries", cost(&lines[0])).await;
        officer.post("/api/v1/cost-entries", cost(&lines[1])).await.expect(403);
        officer.post("/api/v1/budget-lines", with_project(&world, json!({ "budgetId": lines[0]["budgetId"] }))).await.expect(403);
    }

    async fn an_observer_sees_what_binds_and_nobody_s_hours(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        Budget::of(&world, json!({ "name": "Utkast" }), &[json!({ "amountOre": 7 })]).await;
        Budget::of(&world, json!({ "name": "Bindende", "status": "committed" }), &[json!({ "amountOre": 5 })]).await;
        let hours = json!({ "personId": world.make("people").await["id"], "workedOn": "2018-01-16", "hours": 1 });
        admin.create("time-entries", with_project(&world, hours)).await;
        let observer = world.as_a(Role::Observer).await;
        let budgets = observer.get("/api/v1/budgets").await.expect(200);
        let names: Vec<&Value> = budgets.items().iter().map(|budget| &budget["name"]).collect();
        assert_eq!(names, ["Bindende"]);
        let lines = observer.get("/api/v1/budget-lines").await.expect(200);
        assert_eq!(lines.items().len(), 1, "{lines}");
        assert_eq!(observer.get("/api/v1/time-entries").await.expect(200).items().len(), 0);
        let finance = observer.get(&world.report("finance")).await.expect(200);
        assert_eq!((&finance["totals"]["budgetOre"], &finance["totals"]["ownEffortHours"]), (&json!(5), &json!(1)), "{finance}");
    }

    async fn writers_at_the_same_time_leave_sums_that_agree(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let Budget { budget, .. } = Budget::of(&world, json!({}), &[]).await;
        let writers = (0..32_i64).map(|writer| {
            let (world, admin, budget) = (&world, &admin, &budget);
            async move {
                for turn in 0..4_i64 {
                    let line = json!({ "budgetId": budget["id"], "amountOre": writer * 100 + turn });
                    let line = admin.create("budget-lines", with_project(world, line)).await;
                    match turn {
                        1 => drop(admin.change("budget-lines", &line, json!({ "amountOre": 7 })).await.expect(200)),
                        2 => drop(admin.remove("budget-lines", &line).await.expect(204)),
                        _ => {}
                    }
                }
            }
        });
        join_all(writers).await;
        let lines = admin.walk("/api/v1/budget-lines?limit=200").await;
        let sum: i64 = lines.iter().filter_map(|line| line["amountOre"].as_i64()).sum();
        assert_eq!((lines.len(), &admin.read("budgets", &budget).await["totalOre"]), (96, &json!(sum)));
    }
}
