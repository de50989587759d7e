//! What municipal systems and the public are shown of a project, in their own shapes.

use serde_json::{Value, json};
use support::{Role, World, both, schemas};

/// A document of the world's project.
async fn document(world: &World, more: Value) -> Value {
    let mut new = json!({ "projectId": world.project["id"], "kind": "memo", "title": "Notat", "status": "final" });
    for (name, value) in more.as_object().into_iter().flatten() {
        new[name] = value.clone();
    }
    world.as_admin().create("documents", new).await
}

async fn milestone(world: &World, number: &str, internal: bool) -> Value {
    let new = json!({
        "projectId": world.project["id"], "number": number, "title": "Gjennomført workshop", "plannedOn": "2017-11-15",
        "type": "engagement", "internal": internal,
    });
    world.as_admin().create("milestones", new).await
}

both! {
    async fn the_phases_of_a_case_have_the_protocols_shape(app: App) {
        let world = app.world().await;
        let archive = json!({ "system": "arkiv", "caseYear": 2017, "caseSequence": 412, "entryNumber": 3, "state": "archived", "archivedAt": "2017-12-01T00:00:00Z" });
        document(&world, json!({ "archive": archive })).await;
        let offer = document(&world, json!({ "title": "Tilbud fra Proneo", "kind": "other", "access": "exempt", "exemptionBasis": "offentleglova § 23" })).await;
        milestone(&world, "01", false).await;
        milestone(&world, "02", true).await;
        let manager = world.as_a(Role::Manager).await;
        let told = manager.get(&world.report("saksfaser")).await.expect(200);
        assert_eq!(told["saksnummer"], json!({ "saksaar": 2017, "sakssekvensnummer": 412 }), "{told}");
        let phase = &told["faser"][0];
        assert_eq!((&phase["status"], &phase["kategori"]["kodeverdi"]), (&json!("UnderArbeid"), &json!("pre_project")));
        assert_eq!(phase["milepeler"].as_array().map(Vec::len), Some(2), "{told}");
        assert_eq!(phase["milepeler"][0]["frist"], "2017-11-15");
        assert!(told.text().contains("Tilbud fra Proneo"));
        let observer = world.as_a(Role::Observer).await.get(&world.report("saksfaser")).await.expect(200);
        assert_eq!(observer["faser"][0]["milepeler"].as_array().map(Vec::len), Some(1), "{observer}");
        assert!(!observer.text().contains("Tilbud fra Proneo"), "{observer}");
        assert!(observer.text().contains(offer["id"].as_str().expect("an id")));
        let table = manager.get(&format!("{}?format=csv&table=milestones", world.report("saksfaser"))).await.expect(200);
        assert!(table.text().contains("Gjennomført workshop"), "{table}");
        if let Some(folder) = schemas::folder("fiks-saksfaser-v1") {
            schemas::valid(&schemas::json(&folder, "no.ks.fiks.saksfaser.v1.saksfaser.hent.resultat.schema.json"), &told.json);
        }
    }

    async fn the_number_of_a_case_is_that_of_an_archive_that_has_one(app: App) {
        let world = app.world().await;
        let admin = world.as_admin();
        let number = async || admin.get(&world.report("saksfaser")).await.expect(200)["saksnummer"].clone();
        let entry = |system: &str, sequence: Option<i64>| json!({ "archive": {
            "system": system, "caseYear": sequence.map(|_| 2017), "caseSequence": sequence, "state": "archived",
            "archivedAt": "2017-12-01T00:00:00Z",
        } });
        document(&world, entry("a-arkiv", None)).await;
        assert_eq!(number().await, Value::Null, "no archive has given it one");
        document(&world, entry("b-arkiv", Some(412))).await;
        assert_eq!(number().await, json!({ "saksaar": 2017, "sakssekvensnummer": 412 }), "the first that has one");
    }

    async fn the_public_journal_shields_what_is_exempt_and_forgets_names(app: App) {
        let world = app.world().await;
        let names = json!({ "sender": "Kari Nordmann", "recipient": "Lavangen kommune" });
        document(&world, names.clone()).await;
        let mut exempt = names.clone();
        for (name, value) in [("title", "Tilbud fra Proneo"), ("access", "exempt"), ("exemptionBasis", "offentleglova § 23"), ("kind", "other")] {
            exempt[name] = json!(value);
        }
        document(&world, exempt).await;
        document(&world, json!({ "status": "draft", "title": "Utkast" })).await;
        let observer = world.as_a(Role::Observer).await;
        let told = observer.get(&world.report("public-journal")).await.expect(200);
        assert_eq!(told.items().len(), 2, "{told}");
        assert_eq!((&told.items()[0]["title"], &told.items()[0]["sender"]), (&json!("Notat"), &json!("Kari Nordmann")));
        let shielded = &told.items()[1];
        assert_eq!((&shielded["title"], &shielded["sender"]), (&json!("Annet (unntatt offentlighet)"), &Value::Null));
        assert_eq!(shielded["exemptionBasis"], "offentleglova § 23");
        assert_eq!(world.as_admin().get(&world.report("public-journal")).await.expect(200).json, told.json, "the same for everybody");
        app.sql("UPDATE documents SET created_at = '2018-01-02T12:00:00+00:00'").await;
        // The counter that the copy is true by stands still when the database is changed behind its back.
        let old = world.as_a(Role::Manager).await.with("accept-language", "en").get(&world.report("public-journal")).await.expect(200);
        let first = &old.items()[0];
        assert_eq!((&first["sender"], &first["recipient"]), (&Value::Null, &json!("Lavangen kommune")), "{old}");
        let sheet = observer.get(&format!("{}?format=csv", world.report("public-journal"))).await.expect(200);
        assert!(sheet.text().contains("unntatt offentlighet"), "{sheet}");
    }

    async fn open_data_holds_what_is_for_everybody(app: App) {
        let world = app.world().await;
        document(&world, json!({ "title": "Åpent notat" })).await;
        document(&world, json!({ "title": "Hemmelig", "access": "exempt", "exemptionBasis": "offentleglova § 13" })).await;
        document(&world, json!({ "title": "Senere", "accessibleAfter": "2199-01-01" })).await;
        document(&world, json!({ "title": "Utkast", "status": "draft" })).await;
        milestone(&world, "01", false).await;
        milestone(&world, "99", true).await;
        let manager = world.as_a(Role::Manager).await;
        let told = manager.get(&world.report("oc4ids")).await.expect(200);
        let titles: Vec<&Value> = told["documents"].as_array().expect("documents").iter().map(|one| &one["title"]).collect();
        assert_eq!(titles, ["Åpent notat"]);
        assert_eq!(told["milestones"].as_array().map(Vec::len), Some(1), "{told}");
        assert_eq!((&told["status"], &told["iati"]["activityStatus"]), (&json!("preparation"), &json!("2")));
        assert_eq!(told["parties"][0]["roles"], json!(["publicAuthority"]), "{told}");
        let copy = world.as_a(Role::Observer).await.get(&world.report("oc4ids")).await.expect(200);
        assert_eq!(copy.json, told.json, "the same for everybody");
        let catalogue = manager.get(&world.report("catalogue")).await.expect(200);
        assert_eq!(catalogue.header("content-type"), "application/ld+json");
        let dataset = &catalogue["dcat:dataset"][0];
        for required in ["dct:title", "dct:description", "dct:publisher", "dcat:theme", "dcat:contactPoint"] {
            assert!(!dataset[required].is_null(), "{required}: {catalogue}");
        }
        for required in ["dct:title", "dct:publisher", "dcat:endpointURL", "dcat:contactPoint"] {
            assert!(!catalogue["dcat:service"][0][required].is_null(), "{required}: {catalogue}");
        }
        assert_eq!(manager.get(&world.report("catalogue")).if_none_match(&catalogue.etag()).await.status, 304);
        world.as_a(Role::Stranger).await.get(&world.report("oc4ids")).await.refused(404, "record.not_found");
    }
}
