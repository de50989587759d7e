//! Keys that share to the øre.

use serde_json::{Value, json};
use support::{World, both};

use crate::economy::with_project;

/// Inhabitants on 1 January 2013 (SSB), from which the table of the field is worked out.
const POPULATION: [(&str, i64); 4] = [("Bardu", 3933), ("Gratangen", 1119), ("Lavangen", 1012), ("Salangen", 2220)];

/// The four municipalities with their population as parties of a key.
async fn parties(world: &World) -> Vec<Value> {
    let mut parties = Vec::new();
    for (name, population) in POPULATION {
        let body = world.as_admin().create("organisations", json!({ "name": name, "kind": "municipality" })).await;
        parties.push(json!({ "organisationId": body["id"], "figures": { "population": population } }));
    }
    parties
}

fn amounts(answer: &Value) -> Vec<i64> {
    answer["shares"].as_array().into_iter().flatten().filter_map(|share| share["amountOre"].as_i64()).collect()
}

both! {
    async fn the_worked_table_comes_out_to_the_krone(app: App) {
        let world = app.world().await;
        let parties = parties(&world).await;
        let table: [(Value, [i64; 4]); 5] = [
            (json!([{ "type": "equal", "weight": 100 }]), [250_000; 4]),
            (json!([{ "type": "population", "weight": 1 }]), [474_771, 135_080, 122_163, 267_986]),
            (json!([{ "type": "equal", "weight": 50 }, { "type": "population", "weight": 50 }]), [362_385, 192_540, 186_082, 258_993]),
            (json!([{ "type": "equal", "weight": 0.4 }, { "type": "population", "weight": 0.6 }]), [384_862, 181_048, 173_298, 260_792]),
            (json!([{ "type": "equal", "weight": 20 }, { "type": "population", "weight": 80 }]), [429_816, 158_064, 147_731, 264_389]),
        ];
        for (components, expected) in table {
            // An øre is the unit that is never divided; so is a krone, when the amount is in kroner.
            let asked = json!({ "amountOre": 1_000_000, "components": components, "parties": parties });
            let answer = app.as_admin().post("/api/v1/cost-keys/preview", asked).await.expect(200);
            assert_eq!(amounts(&answer.json), expected, "{components}");
        }
        let asked = json!({ "amountOre": -100_001, "components": [{ "type": "equal", "weight": 1 }], "parties": parties });
        let back = app.as_admin().post("/api/v1/cost-keys/preview", asked).await.expect(200);
        let mut shares = amounts(&back.json);
        shares.sort_unstable();
        assert_eq!(shares, [-25_001, -25_000, -25_000, -25_000], "what comes back is shared as well");
        assert_eq!(back["shares"][0]["exact"], "-100001/4");
    }

    async fn a_key_says_what_is_wrong_with_it(app: App) {
        let world = app.world().await;
        let parties = parties(&world).await;
        let post = async |components: Value, parties: Value| {
            let asked = json!({ "amountOre": 100, "components": components, "parties": parties });
            let refused = app.as_admin().post("/api/v1/cost-keys/preview", asked).await.expect(422);
            (refused["errors"][0]["pointer"].clone(), refused["errors"][0]["code"].clone())
        };
        let equal = json!([{ "type": "equal", "weight": 0 }]);
        assert_eq!(post(equal, json!(parties)).await.1, "no_weight");
        let fte = json!([{ "type": "fte", "weight": 1 }]);
        assert_eq!(post(fte, json!(parties)).await, (json!("/parties/0/figures/fte"), json!("required")));
        let nobody = json!([{ "organisationId": parties[0]["organisationId"], "figures": { "population": 0 } }]);
        assert_eq!(post(json!([{ "type": "population", "weight": 1 }]), nobody).await.0, "/components/0");
        let much = json!([{ "type": "fixed_amount", "amountOre": 30 }, { "type": "equal", "weight": 1 }]);
        assert_eq!(post(much, json!(parties)).await.1, "exceeds_total");
        let new = json!({ "name": "Folketall", "components": [{ "type": "population", "weight": 1 }], "parties": parties });
        let refused = app.as_admin().post("/api/v1/cost-keys", with_project(&world, new)).await.expect(422);
        let pointers: Vec<&Value> = refused["errors"].as_array().into_iter().flatten().map(|fault| &fault["pointer"]).collect();
        assert_eq!(pointers, ["/source", "/referenceOn"], "inhabitants are of a day and of a source: {refused}");
    }

    async fn a_party_of_a_part_of_the_year_pays_for_its_days(app: App) {
        let world = app.world().await;
        let parties = parties(&world).await;
        let with = |from: &str| json!({ "organisationId": parties[1]["organisationId"], "validFrom": from });
        let asked = json!({
            "amountOre": 100_000, "components": [{ "type": "equal", "weight": 1 }], "asOf": "2018-03-01",
            "parties": [{ "organisationId": parties[0]["organisationId"] }, with("2018-10-20")],
        });
        let answer = app.as_admin().post("/api/v1/cost-keys/preview", asked).await.expect(200);
        // 365 days and 73 days: five parts and one.
        assert_eq!(amounts(&answer.json), [83_333, 16_667]);
    }

    async fn a_key_keeps_its_history(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let parties = parties(&world).await;
        let new = json!({
            "name": "Nøkkel", "components": [{ "type": "equal", "weight": 1 }], "parties": parties,
            "validFrom": "2018-01-01", "validTo": "2018-12-31",
        });
        let key = admin.create("cost-keys", with_project(&world, new)).await;
        // As if it had been agreed long ago.
        app.tamper("UPDATE journal SET at = '2018-01-02T12:00:00+00:00' WHERE record_kind = 'cost_key'").await;
        let two = json!({ "parties": [parties[0], parties[1]] });
        admin.change("cost-keys", &key, two).await.expect(200);
        let shares = format!("/api/v1/cost-keys/{}/shares?amountOre=1000", key["id"].as_str().unwrap_or_default());
        let now = admin.get(&shares).await.expect(200);
        assert_eq!((amounts(&now.json), &now["keyVersion"], &now["inForce"]), (vec![500, 500], &json!(2), &json!(false)));
        let then = admin.get(&format!("{shares}&asOf=2018-06-01")).await.expect(200);
        assert_eq!((amounts(&then.json), &then["keyVersion"], &then["inForce"]), (vec![250; 4], &json!(1), &json!(true)));
        admin.get(&shares.replace("1000", "12.5")).await.expect(400);
        let refused = admin.delete(&format!("/api/v1/organisations/{}", parties[0]["organisationId"].as_str().unwrap_or_default()));
        let refused = refused.if_match("\"1\"").await.expect(409);
        assert!(refused.text().contains("cost-keys"), "a party of a key is not deleted: {refused}");
    }
}
