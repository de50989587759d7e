//! What a public register says is held against what stands here, and never stands in the way.

use serde_json::{Value, json};
use support::register::Register;
use support::{Beside, Client, Engine, Role, World, both};

/// A server that asks a register of the test's own.
async fn stage(engine: Engine) -> (Beside, World, Register) {
    let register = Register::start();
    let url = register.url.clone();
    let beside = Beside::start_with(engine, move |config| config.register_url = Some(url)).await;
    let world = beside.app.world().await;
    (beside, world, register)
}

/// An answer in the shape of Enhetsregisteret.
fn recorded(name: &str) -> Value {
    json!({
        "organisasjonsnummer": "864993982", "navn": name,
        "organisasjonsform": { "kode": "KOMM", "beskrivelse": "Kommune", "_links": { "self": { "href": "https://data.example/KOMM" } } },
        "hjemmeside": "www.bardu.example", "registreringsdatoEnhetsregisteret": "1995-02-20", "registrertIMvaregisteret": true,
        "forretningsadresse": {
            "land": "Norge", "landkode": "NO", "postnummer": "9360", "poststed": "BARDU", "adresse": ["Parkveien 24"],
            "kommune": "BARDU", "kommunenummer": "5520"
        },
        "konkurs": false, "underAvvikling": false, "_links": {}
    })
}

fn refreshed(client: &Client, organisation: &Value) -> support::Request {
    let path = format!("/api/v1/organisations/{}/refresh", organisation["id"].as_str().expect("an id"));
    client.send("POST", &path).if_match(&format!("\"{}\"", organisation["version"]))
}

async fn bardu(client: &Client) -> Value {
    client
        .create("organisations", json!({ "name": "Bardu kommune", "kind": "municipality", "orgNumber": "864993982" }))
        .await
}

both! {
    async fn the_list_of_municipalities_comes_in_once(app: App) {
        let admin = app.as_admin();
        let list = "currentCode;code;name;validFrom;validTo;orgNumber\r\n\
                    5520;5520;Bardu;2024-01-01;;864993982\r\n5520;5416;Bardu;2020-01-01;2023-12-31;\r\n5520;1922;Bardu;;2019-12-31;\r\n\
                    5057;5057;Ørland;2020-01-01;;921806027\r\n5057;5017;Bjugn;2018-01-01;2019-12-31;\r\n";
        let to = "/api/v1/imports/municipalities";
        let send = |path: &str, list: &str| admin.send("POST", path).body("text/csv", list);
        let dry = send(&format!("{to}?dryRun=true"), list).await.expect(200);
        assert_eq!((&dry["created"], &dry["dryRun"]), (&json!(8), &json!(true)), "{dry}");
        assert!(admin.get("/api/v1/organisations").await.expect(200).items().is_empty(), "nothing was written");
        assert_eq!(send(to, list).await.expect(200)["created"], 8);
        let again = send(to, list).await.expect(200);
        assert_eq!((&again["created"], &again["updated"], &again["unchanged"]), (&json!(0), &json!(0), &json!(8)), "{again}");
        for code in ["1922", "5416", "5520"] {
            let found = admin.get(&format!("/api/v1/organisations?municipalityCode={code}")).await.expect(200);
            assert_eq!((found.items().len(), &found.items()[0]["orgNumber"]), (1, &json!("864993982")), "{code}");
        }
        let bjugn = admin.get("/api/v1/organisations?municipalityCode=5017").await.expect(200);
        assert_eq!(bjugn.items()[0]["name"], "Bjugn kommune", "what was merged is a body of its own");
        let faulty = send(to, &list.replace("2019-12-31", "2019-12-32")).await.refused(422, "record.invalid");
        assert_eq!(faulty["errors"][0]["pointer"], "/rows/4/validTo", "{faulty}");
        let world = app.world().await;
        let stranger = world.as_a(Role::Stranger).await;
        let more = "currentCode;code;name;validFrom;validTo;orgNumber\r\n5516;5516;Gratangen;2024-01-01;;959469415\r\n";
        stranger.send("POST", to).body("text/csv", more).await.refused(403, "access.forbidden");
    }

    async fn what_is_not_known_is_filled_in_and_what_differs_is_told(app: App) {
        let (beside, world, register) = stage(app.engine).await;
        let admin = world.as_admin();
        let organisation = bardu(&admin).await;
        register.says(200, recorded("BARDU KOMMUNE").to_string());
        let keyed = || refreshed(&admin, &organisation).header("idempotency-key", "natt-til-mandag");
        let told = keyed().await.expect(200);
        assert_eq!((&told["outcome"], &told["filled"]), (&json!("found"), &json!(["website"])), "{told}");
        assert_eq!((&told["differences"], &told["entry"]["address"]), (&json!([]), &json!("Parkveien 24, 9360 BARDU")), "{told}");
        let replayed = keyed().await.expect(200);
        assert_eq!((&replayed.json, replayed.header("idempotent-replayed")), (&told.json, "true"), "and the register is not asked again");
        assert_eq!(register.asked(), ["/api/enheter/864993982"]);
        let now = admin.read("organisations", &organisation).await;
        assert_eq!((&now["website"], &now["name"]), (&json!("https://www.bardu.example"), &json!("Bardu kommune")));
        assert_eq!(told["version"], now["version"]);
        let again = refreshed(&admin, &now).await.expect(200);
        assert_eq!((&again["filled"], &again["version"]), (&json!([]), &now["version"]), "{again}");
        let mut other = recorded("BARDO SUOHKAN");
        other["konkurs"] = json!(true);
        other["organisasjonsform"]["kode"] = json!("AS");
        other["hjemmeside"] = json!("other.example");
        register.says(200, other.to_string());
        let stranger = world.as_a(Role::Stranger).await;
        let path = format!("/api/v1/organisations/{}/refresh", now["id"].as_str().expect("an id"));
        let only = stranger.send("POST", &format!("{path}?dryRun=true")).await.expect(200);
        let fields: Vec<&Value> = only["differences"].as_array().expect("a list").iter().map(|one| &one["field"]).collect();
        assert_eq!(fields, ["name", "kind", "website", "bankrupt"], "{only}");
        assert_eq!(admin.read("organisations", &now).await, now, "only compared");
        refreshed(&stranger, &now).await.refused(403, "access.forbidden");
        admin.send("POST", &path).await.refused(428, "record.precondition_required");
        refreshed(&admin, &organisation).await.refused(412, "record.stale");
        register.end().await;
        beside.end().await;
    }

    async fn a_register_that_does_not_answer_as_it_should_changes_nothing(app: App) {
        let (beside, world, register) = stage(app.engine).await;
        let admin = world.as_admin();
        let organisation = bardu(&admin).await;
        let mut foreign = recorded("X");
        foreign["organisasjonsnummer"] = json!("959469881");
        let mut large = recorded("X");
        large["mer"] = json!("x".repeat(70_000));
        for (status, body) in [
            (500, "{}".to_owned()),
            (200, "<html>".to_owned()),
            (200, foreign.to_string()),
            (200, large.to_string()),
            (200, json!({ "organisasjonsnummer": "864993982", "navn": 7 }).to_string()),
        ] {
            register.says(status, body);
            let told = refreshed(&admin, &organisation).await.expect(200);
            assert_eq!((&told["outcome"], &told["entry"]), (&json!("unreachable"), &Value::Null), "{told}");
        }
        register.points_to(&format!("{}/elsewhere", register.url));
        assert_eq!(refreshed(&admin, &organisation).await.expect(200)["outcome"], "unreachable");
        assert!(register.asked().iter().all(|path| !path.contains("elsewhere")), "no redirect is followed");
        register.says(404, "");
        assert_eq!(refreshed(&admin, &organisation).await.expect(200)["outcome"], "unknown");
        register.end().await;
        assert_eq!(refreshed(&admin, &organisation).await.expect(200)["outcome"], "unreachable");
        assert_eq!(admin.read("organisations", &organisation).await, organisation);
        let unnumbered = admin.create("organisations", json!({ "name": "Uten nummer", "kind": "other" })).await;
        refreshed(&admin, &unnumbered).await.refused(409, "record.wrong_state");
        beside.end().await;
    }
}
