//! What a project costs, what is due, and what a payer is told.

use serde_json::{Value, json};
use support::both;

use crate::economy::{Budget, with_project};

both! {
    async fn what_is_planned_spent_and_worked_adds_up(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let owner = world.municipality["id"].clone();
        let activity = json!({ "title": "Workshop", "number": "HA 2", "kind": "workshop" });
        let activity = admin.create("activities", with_project(&world, activity)).await;
        let lines = [
            json!({ "category": "Innleie", "year": 2018, "amountOre": 60_000, "organisationId": owner, "activityId": activity["id"] }),
            json!({ "category": "Reise", "year": 2017, "amountOre": 5_000 }),
            json!({ "category": "Egeninnsats", "kind": "in_kind", "year": 2018, "amountOre": 20_000, "organisationId": owner }),
        ];
        let Budget { budget, lines } = Budget::of(&world, json!({ "status": "committed" }), &lines).await;
        for (line, amount, on) in [(&lines[0], 70_000, "2018-02-01"), (&lines[1], 4_000, "2017-12-01"), (&lines[1], 500, "2018-01-10")] {
            let cost = json!({ "budgetLineId": line["id"], "amountOre": amount, "incurredOn": on });
            admin.create("cost-entries", with_project(&world, cost)).await;
        }
        let person = world.make("people").await;
        for (hours, rate) in [(2.5, json!(600)), (1.0, Value::Null)] {
            let hours = json!({
                "personId": person["id"], "organisationId": owner, "activityId": activity["id"], "workedOn": "2018-01-16",
                "hours": hours, "rateOre": rate, "countsAsFunding": true,
            });
            admin.create("time-entries", with_project(&world, hours)).await;
        }
        let funding = |state: &str, amount: Value| {
            with_project(&world, json!({ "organisationId": owner, "state": state, "amountOre": amount }))
        };
        admin.create("funding-sources", funding("committed", json!(40_000))).await;
        admin.create("funding-sources", funding("possible", Value::Null)).await;
        let report = admin.get(&world.report("finance")).await.expect(200);
        let totals = &report["totals"];
        assert_eq!(report["budget"]["id"], budget["id"]);
        let known = ["budgetOre", "cashOre", "inKindOre", "actualOre", "ownEffortOre", "forecastOre", "remainingOre"].map(|field| totals[field].as_i64());
        // Of 2018: 70 000 spent of 60 000. Of 2017: a year that is over costs what it cost. In kind: as planned.
        assert_eq!(known, [85_000, 65_000, 20_000, 74_500, 1_500, 94_500, 9_000].map(Some), "{report}");
        assert_eq!((&totals["ownEffortHours"], &totals["hoursWithoutRate"]), (&json!(3.5), &json!(1)));
        let years: Vec<(&Value, &Value)> = report["byYear"].as_array().into_iter().flatten().map(|one| (&one["year"], &one["figures"]["actualOre"])).collect();
        assert_eq!(years, [(&json!(2017), &json!(4_000)), (&json!(2018), &json!(70_500))]);
        for group in ["byYear", "byOrganisation", "byActivity", "byCategory"] {
            for figure in ["budgetOre", "actualOre", "ownEffortOre", "forecastOre"] {
                let sum: i64 = report[group].as_array().into_iter().flatten().filter_map(|one| one["figures"][figure].as_i64()).sum();
                assert_eq!(Some(sum), totals[figure].as_i64(), "{group} {figure}: {report}");
            }
        }
        let rung = |state: &str| report["balance"].as_array().into_iter().flatten().find(|rung| rung["state"] == state).cloned().expect("a rung");
        assert_eq!((&rung("committed")["securedOre"], &rung("committed")["balanceOre"]), (&json!(40_000), &json!(-25_000)));
        assert_eq!((&rung("possible")["sourcesNotKnown"], &rung("possible")["securedOre"]), (&json!(1), &json!(40_000)));
        assert!(rung("paid")["securedOre"].is_null(), "not known is not zero");
        let found = admin.get(&world.report("findings")).await.expect(200);
        assert!(found.items().iter().any(|finding| finding["rule"] == "budget.unbalanced" && finding["record"]["id"] == budget["id"]), "{found}");
        let status = admin.get(&world.report("status")).await.expect(200);
        assert_eq!((&status["economy"]["totalOre"], &status["economy"]["committedOre"]), (&json!(85_000), &json!(40_000)), "{status}");
    }

    async fn a_revised_budget_takes_over_what_was_spent_on_the_one_before(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let line = |amount: i64| json!({ "category": "Innleie", "year": 2100, "amountOre": amount });
        let Budget { lines, .. } = Budget::of(&world, json!({ "number": 1, "status": "committed" }), &[line(600)]).await;
        Budget::of(&world, json!({ "number": 2, "kind": "revised", "status": "committed" }), &[line(650)]).await;
        let cost = json!({ "budgetLineId": lines[0]["id"], "amountOre": 500, "incurredOn": "2018-01-31" });
        admin.create("cost-entries", with_project(&world, cost)).await;
        let totals = &admin.get(&world.report("finance")).await.expect(200)["totals"];
        assert_eq!([&totals["budgetOre"], &totals["actualOre"], &totals["forecastOre"]], [&json!(650), &json!(500), &json!(650)], "{totals}");
    }

    async fn the_budget_is_shared_by_the_key_in_force(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let other = admin.create("organisations", json!({ "name": "Bardu kommune", "kind": "municipality" })).await;
        let key = |name: &str, from: &str, weight: i64| {
            with_project(&world, json!({
                "name": name, "validFrom": from, "components": [{ "type": "custom", "weight": 1 }],
                "parties": [
                    { "organisationId": world.municipality["id"], "figures": { "custom": 1 } },
                    { "organisationId": other["id"], "figures": { "custom": weight } },
                ],
            }))
        };
        let report = admin.get(&world.report("finance")).await.expect(200);
        assert!(report["shares"].is_null() && report["totals"]["budgetOre"].is_null(), "{report}");
        let codes: Vec<&Value> = report["notKnown"].as_array().into_iter().flatten().map(|one| &one["code"]).collect();
        assert_eq!(codes, ["budget", "actual", "shares"], "a project without money says so");
        Budget::of(&world, json!({}), &[json!({ "amountOre": 100_000 })]).await;
        admin.create("cost-keys", key("Den gamle", "2017-11-01", 1)).await;
        admin.create("cost-keys", key("Den nye", "2018-01-01", 2)).await;
        let source = json!({ "organisationId": world.make("organisations").await["id"], "state": "committed", "amountOre": 70_000 });
        admin.create("funding-sources", with_project(&world, source)).await;
        let report = admin.get(&world.report("finance")).await.expect(200);
        let shares = &report["shares"];
        assert_eq!((&shares["name"], &shares["amountOre"], &shares["ownShareOre"]), (&json!("Den nye"), &json!(100_000), &json!(30_000)));
        let each: Vec<(Option<i64>, Option<i64>)> = shares["shares"].as_array().into_iter().flatten()
            .map(|share| (share["amountOre"].as_i64(), share["ownShareOre"].as_i64())).collect();
        assert_eq!(each, [(Some(33_333), Some(10_000)), (Some(66_667), Some(20_000))]);
    }

    async fn a_payout_report_is_ready_to_copy(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let empty = admin.get(&world.report("rf1350")).await.expect(200);
        assert!(empty["questions"].as_array().is_some_and(|all| all.len() == 6 && all.iter().all(|one| one["text"] != "")), "{empty}");
        let observer = world.as_a(support::Role::Observer).await;
        let closed = json!({ "kind": "coordination", "title": "Lukket møte", "startsAt": "2018-01-10T09:00:00Z", "status": "held" });
        admin.create("meetings", with_project(&world, closed)).await;
        assert!(admin.get(&world.report("rf1350")).await.expect(200).text().contains("Lukket møte"));
        assert!(!observer.get(&world.report("rf1350")).await.expect(200).text().contains("Lukket møte"));
        assert!(empty["costPlan"].is_null() && empty["text"].as_str().is_some_and(|text| text.contains("Ikke relevant")), "{empty}");
        let Budget { lines, .. } = Budget::of(&world, json!({ "status": "committed" }), &[json!({ "category": "Innleie", "amountOre": 12_345_600 })]).await;
        for (amount, on) in [(100_000, "2017-11-20"), (50_000, "2018-01-20"), (1, "2018-04-01")] {
            let cost = json!({ "budgetLineId": lines[0]["id"], "amountOre": amount, "incurredOn": on });
            admin.create("cost-entries", with_project(&world, cost)).await;
        }
        let met = json!({ "number": "01", "title": "Workshop holdt", "plannedOn": "2018-01-15", "metOn": "2018-01-15" });
        admin.create("milestones", with_project(&world, met)).await;
        let report = admin.get(&format!("{}?from=2018-01-01&to=2018-02-28", world.report("rf1350"))).await.expect(200);
        let line = &report["costs"][0];
        let amounts = ["approvedOre", "accumulatedOre", "inPeriodOre", "remainingOre"].map(|field| line[field].as_i64());
        assert_eq!(amounts, [12_345_600, 150_000, 50_000, 12_195_600].map(Some), "{report}");
        let progress = &report["questions"][0];
        assert!(progress["text"].as_str().is_some_and(|text| text.contains("Workshop holdt")), "{progress}");
        assert!(progress["from"].as_array().is_some_and(|all| all.iter().any(|from| from["kind"] == "milestone")), "{progress}");
        assert!(report["text"].as_str().is_some_and(|text| text.contains("Innleie\t123\u{a0}456\t1\u{a0}500\t121\u{a0}956")), "{report}");
        admin.get(&format!("{}?from=2018-03-01&to=2018-02-28", world.report("rf1350"))).await.expect(400);
    }

    async fn what_is_due_stands_in_the_order_of_its_days(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let source = |state: &str| {
            with_project(&world, json!({
                "organisationId": world.municipality["id"], "state": state, "reportDueOn": "2018-06-30", "acceptDueOn": "2018-01-08",
            }))
        };
        admin.create("funding-sources", source("committed")).await;
        admin.create("funding-sources", source("possible")).await;
        for (number, internal) in [("01", false), ("02", true)] {
            let new = json!({ "number": number, "title": "Nådd", "plannedOn": "2018-02-01", "internal": internal });
            admin.create("milestones", with_project(&world, new)).await;
        }
        let due = |report: &Value| -> Vec<String> {
            let items = report["items"].as_array().into_iter().flatten();
            items.map(|item| format!("{} {}", item["on"].as_str().unwrap_or_default(), item["kind"].as_str().unwrap_or_default())).collect()
        };
        let report = admin.get(&world.report("deadlines")).await.expect(200);
        let expected = ["2018-01-08 funding_acceptance", "2018-02-01 milestone", "2018-02-01 milestone", "2018-06-30 funding_report"];
        assert_eq!(due(&report.json), expected);
        assert!(report.items().iter().all(|item| item["overdue"] == true), "{report}");
        let observer = world.as_a(support::Role::Observer).await;
        assert_eq!(due(&observer.get(&world.report("deadlines")).await.expect(200).json).len(), 3, "nothing internal");
    }
}
