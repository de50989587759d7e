//! Cases go to committee systems, and what was decided there comes back.

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::{Role, World, both, schemas};

use crate::handling::Handling;

const POLITICAL: &str = "fiks-politisk-behandling-v1";

/// A message as a committee system would send it.
fn message(number: (i64, i64)) -> Value {
    json!({
        "utvalgId": "KST", "utvalgNavn": "Gratangen kommunestyre", "moeteId": "KST-2018-01",
        "moetedato": "2018-01-25T17:00:00+01:00", "erEndeligVedtak": true,
        "sak": {
            "referanseEksternNoekkel": { "fagsystem": "Elements møte", "noekkel": "8f0c2e0a" },
            "fagsystemetsSaksnummer": { "saksaar": number.0, "sakssekvensnummer": number.1 },
            "utvalgetsSaksnummer": { "saksaar": 2018, "sakssekvensnummer": 5 },
            "tittel": "Budsjett med kostnadsfordeling", "vedtaksdato": "2018-01-25",
            "status": { "kodeverdi": "VEDTATT" },
            "vedtak": { "tekstInnhold": "Kommunestyret vedtar budsjettet.", "tekstFormat": { "kodeverdi": "text/plain" } },
            "saksansvarlig": "Ole Kristian Severinsen",
            "votering": [
                { "moetedeltaker": "A", "representerer": "X", "stemme": { "Ja": {} } },
                { "moetedeltaker": "B", "representerer": "Y", "stemme": { "Nei": {} } },
                { "moetedeltaker": "C", "representerer": "X", "stemme": { "Ja": {} } },
            ],
        },
    })
}

fn board(mut message: Value) -> Value {
    message["utvalgId"] = json!("FSK");
    message["utvalgNavn"] = json!("Formannskapet");
    message["moeteId"] = json!("FSK-2018-01");
    message["erEndeligVedtak"] = json!(false);
    message["sak"]["vedtaksdato"] = json!("2018-01-16");
    message
}

fn address(case: &Value, what: &str) -> String {
    format!("/api/v1/political-cases/{}/{what}", case["id"].as_str().expect("an id"))
}

/// A case that has a number in its municipality.
async fn numbered(world: &World, four: &Handling, place: usize) -> Value {
    let number = json!({ "caseYear": 2017, "caseSequence": 412 });
    world.as_admin().change("political-cases", &four.cases[place], number).await.expect(200).json
}

both! {
    async fn a_final_resolution_closes_the_right_case_and_twice_is_once(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        let case = numbered(&world, &four, 1).await;
        let manager = world.as_a(Role::Manager).await;
        let to = address(&case, "incoming-resolutions");
        let first = manager.post(&to, board(message((2017, 412)))).await.expect(200);
        assert_eq!((&first["body"], &first["isFinal"]), (&json!("executive_board"), &json!(false)), "{first}");
        assert_eq!(manager.read("political-cases", &case).await["outcome"], Value::Null, "the board closes nothing");
        let step = manager.post(&to, message((2017, 412))).await.expect(200);
        assert_eq!((&step["body"], &step["outcome"], &step["itemNumber"]), (&json!("council"), &json!("adopted"), &json!("PS 5/18")));
        assert_eq!(step["votes"], json!({ "for": 2, "against": 1, "blank": 0 }), "{step}");
        assert_eq!(step["resolutionText"], "Kommunestyret vedtar budsjettet.");
        let closed = manager.read("political-cases", &case).await;
        assert_eq!((&closed["outcome"], &closed["decidedOn"]), (&json!("adopted"), &json!("2018-01-25")));
        for other in [0, 2, 3] {
            assert_eq!(manager.read("political-cases", &four.cases[other]).await["outcome"], Value::Null);
        }
        assert_eq!(four.standing(&world).await, ("partially_met".to_owned(), Value::Null, [1, 4]));
        // What somebody has written beside it stays when the message comes again.
        let noted = manager.change("political-steps", &step.json, json!({ "itemNumber": "KST 5/18" })).await.expect(200);
        let again = manager.post(&to, message((2017, 412))).await.expect(200);
        assert_eq!(again.json, noted.json);
        assert_eq!(manager.read("political-cases", &case).await, closed);
        let steps = manager.get(&format!("/api/v1/political-steps?caseId={}&count=true", case["id"].as_str().expect("an id"))).await;
        assert_eq!(steps["total"], 2, "{steps}");
        let history = manager.get(&format!("/api/v1/political-steps/{}/history", step.id())).await.expect(200);
        assert_eq!(history.items().last().expect("an entry")["event"], "political_step.received", "{history}");
    }

    async fn the_same_message_at_the_same_moment_is_one_step(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        let case = numbered(&world, &four, 1).await;
        let to = address(&case, "incoming-resolutions");
        let sent = (0..4).map(|_| tokio::spawn(world.as_admin().post(&to, message((2017, 412))).into_future()));
        let answers = join_all(sent).await.into_iter().map(|answer| answer.expect("no task fails").expect(200).id());
        let ids: std::collections::BTreeSet<String> = answers.collect();
        assert_eq!(ids.len(), 1, "{ids:?}");
    }

    async fn another_message_under_the_same_key_is_a_correction_and_a_planned_step_is_filled_in(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        let case = numbered(&world, &four, 1).await;
        let admin = world.as_admin();
        let planned = json!({ "projectId": world.project["id"], "caseId": case["id"], "body": "council", "meetingOn": "2018-01-25" });
        let planned = admin.create("political-steps", planned).await;
        let to = address(&case, "incoming-resolutions");
        let mut sent = message((2017, 412));
        let step = admin.post(&to, sent.clone()).await.expect(200);
        assert_eq!(step["id"], planned["id"], "what was planned is what happened");
        sent["sak"]["status"]["kodeverdi"] = json!("Avslått");
        let corrected = admin.post(&to, sent).await.expect(200);
        assert_eq!((&corrected["id"], &corrected["outcome"]), (&step["id"], &json!("rejected")));
        assert_eq!(admin.read("political-cases", &case).await["outcome"], "rejected");
        let late = admin.post(&to, message((2017, 412))).await.expect(200);
        assert_eq!(late.json, corrected.json, "what was corrected comes in once more, and changes nothing");
    }

    async fn what_is_wrong_with_a_message_is_told_where(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        let case = numbered(&world, &four, 1).await;
        let admin = world.as_admin();
        let to = address(&case, "incoming-resolutions");
        let wrong = |pointer: &str, value: Value| {
            let mut sent = message((2017, 412));
            *sent.pointer_mut(pointer).expect("a member") = value;
            admin.post(&to, sent)
        };
        wrong("/erEndeligVedtak", json!("ja")).await.faulted("/erEndeligVedtak", "wrong_type");
        wrong("/moetedato", json!("i går")).await.faulted("/moetedato", "wrong_format");
        wrong("/sak/vedtaksdato", json!("2199-01-01")).await.faulted("/sak/vedtaksdato", "too_late");
        wrong("/sak/status/kodeverdi", json!("Kanskje")).await.faulted("/sak/status/kodeverdi", "undecided");
        wrong("/sak/status", json!(null)).await.faulted("/sak/status/kodeverdi", "undecided");
        wrong("/sak/status/kodeverdi", json!("Utsatt")).await.faulted("/sak/status/kodeverdi", "not_final");
        wrong("/sak/fagsystemetsSaksnummer/sakssekvensnummer", json!(413)).await.faulted("/sak/fagsystemetsSaksnummer", "other_case");
        let mut foreign = message((2017, 412));
        foreign["sak"]["fagsystemetsReferanseEksternNoekkel"] = json!({ "fagsystem": "Framdrift", "noekkel": four.cases[0]["id"] });
        admin.post(&to, foreign).await.faulted("/sak/fagsystemetsReferanseEksternNoekkel/noekkel", "other_case");
        let mut more = message((2017, 412));
        more["sak"]["hvaErDette"] = json!(1);
        admin.post(&to, more).await.faulted("/sak/hvaErDette", "unknown_field");
        let steps = admin.get("/api/v1/political-steps?count=true").await.expect(200);
        assert_eq!(steps["total"], 0, "nothing of it stays");
        let officer = world.as_a(Role::MunicipalOfficer).await;
        officer.post(&to, message((2017, 412))).await.refused(403, "access.forbidden");
        world.as_a(Role::Stranger).await.post(&to, message((2017, 412))).await.refused(404, "record.not_found");
        let own = address(&four.cases[0], "incoming-resolutions");
        officer.post(&own, message((2018, 1))).await.expect(200);
    }

    async fn an_exempt_resolution_is_not_kept_and_an_unnumbered_case_gets_its_number(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        let mut sent = message((2018, 9));
        sent["sak"]["skjerming"] = json!({ "skjermingshjemmel": "offentleglova § 13", "tilgangsrestriksjon": { "kodeverdi": "UO" } });
        sent["sak"]["arkivSaksnummer"] = json!({ "saksaar": 2018, "sakssekvensnummer": 77 });
        let admin = world.as_admin();
        let step = admin.post(&address(&four.cases[2], "incoming-resolutions"), sent).await.expect(200);
        assert_eq!(step["resolutionText"], "Unntatt offentlighet: offentleglova § 13");
        let case = admin.read("political-cases", &four.cases[2]).await;
        assert_eq!((&case["caseYear"], &case["caseSequence"]), (&json!(2018), &json!(77)));
    }

    async fn a_case_goes_out_as_its_committee_system_takes_it(app: App) {
        let world = app.world().await;
        let four = Handling::of(&world, "all").await;
        let admin = world.as_admin();
        let manager = world.as_a(Role::Manager).await;
        let unready = manager.get(&address(&four.cases[1], "utvalgssak")).await.refused(409, "record.wrong_state");
        assert_eq!(unready["errors"][0]["pointer"], "/caseYear", "{unready}");
        let case = numbered(&world, &four, 1).await;
        let new = json!({
            "projectId": world.project["id"], "kind": "case_paper", "title": "Tilbud fra Proneo", "status": "final",
            "access": "exempt", "exemptionBasis": "offentleglova § 23",
        });
        let paper = admin.create("documents", new).await;
        let matter = admin.read("matters", &four.matter).await;
        admin.change("matters", &matter, json!({ "documentId": paper["id"] })).await.expect(200);
        for (body, on) in [("council", "2018-01-25"), ("executive_board", "2018-01-16")] {
            let step = json!({ "projectId": world.project["id"], "caseId": case["id"], "body": body, "meetingOn": on });
            admin.create("political-steps", step).await;
        }
        let sent = manager.get(&address(&case, "utvalgssak")).await.expect(200);
        let plan: Vec<&Value> = sent["forslagTilBehandlingsplan"].as_array().expect("a plan").iter().map(|one| &one["tilUtvalgNavn"]).collect();
        assert_eq!(plan, ["Formannskapet", "Kommunestyret"]);
        assert_eq!(sent["sak"]["fagsystemetsSaksnummer"], json!({ "saksaar": 2017, "sakssekvensnummer": 412 }));
        assert_eq!(sent["sak"]["skjerming"]["skjermingshjemmel"], "offentleglova § 23");
        assert!(!sent.text().contains("Tilbud fra Proneo"), "an exempt title stays here: {sent}");
        let copy = manager.get(&address(&case, "utvalgssak")).if_none_match(&sent.etag()).await;
        assert_eq!(copy.status, 304);
        world.as_a(Role::Observer).await.get(&address(&case, "utvalgssak")).await.refused(403, "access.forbidden");
        if let Some(folder) = schemas::folder(POLITICAL) {
            let schema = schemas::json(&folder, "no.ks.fiks.politisk.behandling.v1.utvalgssak.send.schema.json");
            schemas::valid(&schema, &sent.json);
            let schema = schemas::json(&folder, "no.ks.fiks.politisk.behandling.v1.vedtakfrautvalg.send.schema.json");
            let mut back = message((2017, 412));
            back["sak"]["votering"] = json!([]);
            schemas::valid(&schema, &back);
            // The answer to what was sent names the case as it was named.
            back["sak"]["fagsystemetsReferanseEksternNoekkel"] = sent["sak"]["fagsystemetsReferanseEksternNoekkel"].clone();
            manager.post(&address(&case, "incoming-resolutions"), back).await.expect(200);
        }
    }
}
