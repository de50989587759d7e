//! Accounts come in as a table.

use serde_json::{Value, json};
use support::{Role, World, both};

use crate::economy::Budget;

const TABLE: &str = "Dato;Bilag;Art;Leverandør;Tekst;Beløp;Bankkonto\r\n\
31.01.2018;20180017;37000;Proneo AS;Prosessledelse;12 500,50;9\r\n\
1.2.18;20180018;17050;Widerøe;Reise til Bardu;-1.234,00;9\r\n\
31.01.2018;20180017;37000;Proneo AS;Prosessledelse;12 500,50;9\r\n";

async fn planned(world: &World) -> Budget {
    let lines = [
        json!({ "category": "Innleie", "accountType": "370", "year": 2018, "amountOre": 60_000_000 }),
        json!({ "category": "Reise", "accountType": "170", "year": 2018, "amountOre": 5_000_000 }),
    ];
    Budget::of(world, json!({}), &lines).await
}

fn address(budget: &Value) -> String {
    format!("/api/v1/imports/accounting?budgetId={}", budget["id"].as_str().unwrap_or_default())
}

both! {
    async fn accounts_come_in_once_however_often_they_come(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let Budget { budget, lines } = planned(&world).await;
        let manager = world.as_a(Role::Manager).await;
        let send = async |suffix: &str, table: &[u8]| {
            let request = manager.send("POST", &format!("{}{suffix}", address(&budget))).body("text/csv", table);
            request.await.expect(200)
        };
        let tried = send("&dryRun=true", TABLE.as_bytes()).await;
        assert_eq!((&tried["created"], &tried["ignored"]), (&json!(3), &json!(["Bankkonto"])), "{tried}");
        assert_eq!(admin.get("/api/v1/cost-entries").await.expect(200).items().len(), 0, "nothing of a dry run stays");
        let first = send("", TABLE.as_bytes()).await;
        assert_eq!((&first["created"], &first["unchanged"]), (&json!(3), &json!(0)), "{first}");
        // The same file in the other encoding of such systems.
        let windows: Vec<u8> = TABLE.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin")).collect();
        let again = send("", &windows).await;
        assert_eq!((&again["created"], &again["unchanged"]), (&json!(0), &json!(3)), "{again}");
        let entries = admin.get("/api/v1/cost-entries?sort=amountOre").await.expect(200);
        let amounts: Vec<&Value> = entries.items().iter().map(|entry| &entry["amountOre"]).collect();
        assert_eq!(amounts, [&json!(-123_400), &json!(1_250_050), &json!(1_250_050)], "two like rows are two costs");
        assert_eq!(entries.items()[0]["budgetLineId"], lines[1]["id"], "by its account");
        assert_eq!((&entries.items()[0]["supplier"], &entries.items()[0]["incurredOn"]), (&json!("Widerøe"), &json!("2018-02-01")));
    }

    async fn a_table_with_a_fault_is_kept_out_whole(app: App) {
        let world = app.world().await;
        let Budget { budget, .. } = planned(&world).await;
        let admin = app.as_admin();
        let mut table = String::from("Dato;Art;Beløp\n");
        for row in 0..10_000 {
            table.push_str(match row % 4 {
                0 => "31.02.2018;370;100,00\n",
                1 => "31.01.2018;370;1,005\n",
                2 => "31.01.2018;370;hundre\n",
                _ => "31.01.2018;370;100,00\n",
            });
        }
        let refused = admin.send("POST", &address(&budget)).body("text/csv", table).await.expect(422);
        let faults = refused["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert_eq!(faults.len(), 7_500, "each fault is told");
        assert_eq!(faults[0]["pointer"], "/rows/2/Dato", "{}", faults[0]);
        assert_eq!(faults[1]["pointer"], "/rows/3/Beløp", "{}", faults[1]);
        assert!(faults.iter().all(|fault| fault["message"].as_str().is_some_and(|message| !message.is_empty())));
        assert_eq!(admin.get("/api/v1/cost-entries").await.expect(200).items().len(), 0);
        let unfit = "Dato;Art;Beløp\n31.01.2018;450;100,00\n31.01.2019;370;100,00\n";
        let refused = admin.send("POST", &address(&budget)).body("text/csv", unfit).await.expect(422);
        let codes: Vec<&Value> = refused["errors"].as_array().into_iter().flatten().map(|fault| &fault["code"]).collect();
        assert_eq!(codes, ["no_line", "no_line"], "{refused}");
        let either = "Dato;Beløp\n31.01.2018;100,00\n";
        let refused = admin.send("POST", &address(&budget)).body("text/csv", either).await.expect(422);
        assert_eq!(refused["errors"][0]["code"], "ambiguous_line", "{refused}");
    }

    async fn accounts_are_brought_in_by_those_who_write_them(app: App) {
        let world = app.world().await;
        let Budget { budget, .. } = planned(&world).await;
        let send = |client: &support::Client| client.send("POST", &address(&budget)).body("text/csv", TABLE);
        send(&world.as_a(Role::SteeringMember).await).await.expect(403);
        // Who writes nothing anywhere is told so before the budget is looked for: it learns nothing of which there are.
        send(&world.as_a(Role::Stranger).await).await.expect(403);
        let nowhere = "/api/v1/imports/accounting?budgetId=0190e0a0-0000-7000-8000-000000000000";
        world.as_a(Role::Manager).await.send("POST", nowhere).body("text/csv", TABLE).await.expect(404);
        let admin = app.as_admin();
        admin.send("POST", "/api/v1/imports/accounting").body("text/csv", TABLE).await.expect(400);
        admin.send("POST", &address(&budget)).body("application/json", TABLE).await.expect(415);
    }
}
