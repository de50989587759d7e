//! What has changed since the archive took it in goes as an update, once.

use serde_json::{Value, json};
use support::{Answer, Client, Role, World, both, schemas};

use crate::archive::{ENTRY, document, manifest, named, receipt, sha256, unpacked};

const ERROR: &str = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/feil/ikkefunnet/v1";
const OBJECT: &str =
    "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/dokumentobjekt/opprett/kvittering/v1";
const CREATE: &str = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett";
const UPDATE: &str = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.oppdater";
const NEW_CONTENT: &str = "no.ks.fiks.arkiv.v1.arkivering.dokumentobjekt.opprett";

/// The files of the next package, each message valid against the schema of its type, where that is at hand.
async fn next(somebody: &Client, world: &World) -> Vec<(String, Vec<u8>)> {
    let files = unpacked(&somebody.get(&world.report("archive-package")).await.expect(200));
    if let Some(folder) = schemas::folder("fiks-arkiv-v1") {
        for message in messages(&files) {
            let kind = message["type"].as_str().expect("a type");
            schemas::lint_by(&folder, &format!("{kind}.xsd"), named(&files, message["path"].as_str().expect("a path")));
        }
    }
    files
}

fn messages(files: &[(String, Vec<u8>)]) -> Vec<Value> {
    manifest(files)["messages"].as_array().expect("messages").clone()
}

/// Of each message: its type and what it changes.
fn told(files: &[(String, Vec<u8>)]) -> Vec<(String, Value)> {
    messages(files)
        .iter()
        .map(|message| (message["type"].as_str().expect("a type").to_owned(), message["changes"].clone()))
        .collect()
}

/// Brings what came back on a message to where the manifest says.
async fn bring(somebody: &Client, message: &Value, body: &str) -> Answer {
    let to = message["receiptTo"].as_str().expect("an address");
    let request = somebody.send("POST", to);
    if body.is_empty() { request.await } else { request.body("application/xml", body).await }
}

/// The package that creates all, brought to the archive and receipted.
async fn archived(manager: &Client, world: &World, report: &Value) {
    let files = next(manager, world).await;
    assert_eq!(told(&files), [(CREATE.to_owned(), json!([]))]);
    let mut message = messages(&files)[0].clone();
    let to = format!("{}&system=gratangen-arkiv", message["receiptTo"].as_str().expect("an address"));
    message["receiptTo"] = json!(to);
    let came = bring(manager, &message, &receipt(&world.project, report, 3, ENTRY)).await.expect(200);
    assert_eq!((&came["changed"], &came["case"]["caseSequence"]), (&json!(true), &json!(17)), "{came}");
    let again = bring(manager, &message, &receipt(&world.project, report, 3, ENTRY)).await.expect(200);
    assert_eq!(again["changed"], false, "{again}");
}

both! {
    async fn the_second_package_tells_what_has_changed_and_the_third_nothing(app: App) {
        let world = app.world().await;
        let report = document(&world, "Sluttrapport", json!({}), b"rapport").await;
        let manager = world.as_a(Role::Manager).await;
        let first = next(&manager, &world).await;
        let path = format!("/api/v1/documents/{}/content", report["id"].as_str().expect("an id"));
        let put = manager.send("PUT", &path).body("application/pdf", &b"rapport 2"[..]);
        put.if_match(&format!("\"{}\"", report["version"])).await.expect(200);
        let to = format!("{}&system=gratangen-arkiv", messages(&first)[0]["receiptTo"].as_str().expect("an address"));
        let came = manager.send("POST", &to).body("application/xml", receipt(&world.project, &report, 3, ENTRY)).await.expect(200);
        assert_eq!(came["archive"]["contentVersion"], 1, "what the message said, not what is there now: {came}");
        let late = next(&manager, &world).await;
        assert_eq!(told(&late), [(NEW_CONTENT.to_owned(), json!(["content"]))], "what was put between package and receipt");
        let file = &manifest(&late)["files"][0];
        let bytes = named(&late, file["path"].as_str().expect("a path"));
        assert_eq!((bytes, &file["sha256"], &file["contentVersion"]), (&b"rapport 2"[..], &json!(sha256(bytes)), &json!(2)), "{file}");
        let object = format!("<dokumentobjektOpprettKvittering xmlns='{OBJECT}'><systemID>{ENTRY}</systemID></dokumentobjektOpprettKvittering>");
        assert_eq!(bring(&manager, &messages(&late)[0], &object).await.expect(200)["archive"]["contentVersion"], 2);
        let nothing = next(&manager, &world).await;
        assert_eq!((told(&nothing), nothing.len()), (Vec::new(), 1), "the manifest alone");
        let archived = manager.read("documents", &report).await;
        let changed = json!({ "title": "Sluttrapport <2>", "sender": "Annen avsender AS", "access": "exempt", "exemptionBasis": "offentleglova § 23", "accessibleAfter": "2030-01-01" });
        manager.change("documents", &archived, changed).await.expect(200);
        let project = manager.read("projects", &world.project).await;
        assert_eq!((&project["archive"]["system"], &project["archive"]["version"]), (&json!("gratangen-arkiv"), &world.project["version"]), "{project}");
        manager.change("projects", &project, json!({ "name": "Et nytt navn", "purpose": "Bedre & enklere" })).await.expect(200);
        let files = next(&manager, &world).await;
        let expected = [
            (UPDATE, json!(["title", "purpose"])),
            (UPDATE, json!(["title", "access", "sender"])),
            (UPDATE, json!(["title", "access"])),
        ];
        assert_eq!(told(&files), expected.map(|(kind, fields)| (kind.to_owned(), fields)));
        for (place, message) in messages(&files).iter().enumerate() {
            let text = String::from_utf8_lossy(named(&files, message["path"].as_str().expect("a path"))).into_owned();
            assert!(place == 0 || text.contains(ENTRY), "by the archive's own name: {text}");
            let not_found = format!("<ikkefunnet xmlns='{ERROR}' xmlns:f='f'><f:feilId>1</f:feilId><f:feilmelding>Finnes ikke</f:feilmelding></ikkefunnet>");
            assert_eq!(bring(&manager, message, &not_found).await.expect(200)["changed"], false, "what could not be done is not there");
        }
        assert_eq!(told(&next(&manager, &world).await).len(), 3, "and goes again");
        for (place, message) in messages(&files).iter().enumerate() {
            let came = bring(&manager, message, "").await.expect(200);
            assert_eq!(came["changed"], true, "{message}: {came}");
            assert_eq!(bring(&manager, message, "").await.expect(200)["changed"], false, "the same again changes nothing");
            assert_eq!(told(&next(&manager, &world).await).len(), 2 - place, "what is receipted is not told again");
        }
        let last = manager.read("documents", &report).await;
        assert_eq!((&last["archive"]["state"], &last["archive"]["contentVersion"]), (&json!("archived"), &json!(2)), "{last}");
    }

    async fn a_document_that_takes_the_place_of_another_refers_to_it(app: App) {
        let world = app.world().await;
        let report = document(&world, "Sluttrapport", json!({}), b"rapport").await;
        let manager = world.as_a(Role::Manager).await;
        archived(&manager, &world, &report).await;
        document(&world, "Sluttrapport, rettet", json!({ "supersedesId": report["id"] }), b"rettet").await;
        let files = next(&manager, &world).await;
        assert_eq!(told(&files), [(CREATE.to_owned(), json!([]))], "the one before is as it was");
        let text = String::from_utf8_lossy(named(&files, "arkivmelding.xml")).into_owned();
        let reference = text.split_once("<kryssreferanse>").and_then(|(_, rest)| rest.split_once("</kryssreferanse>"));
        let (reference, _) = reference.unwrap_or_else(|| panic!("{text}"));
        assert!(reference.contains(ENTRY) && reference.contains(report["id"].as_str().expect("an id")), "{reference}");
    }

    async fn what_changed_between_package_and_receipt_is_in_the_next_package(app: App) {
        let world = app.world().await;
        let report = document(&world, "Sluttrapport", json!({}), b"rapport").await;
        let manager = world.as_a(Role::Manager).await;
        let files = next(&manager, &world).await;
        let changed = manager.change("documents", &report, json!({ "title": "Sluttrapport 2" })).await.expect(200).json;
        let to = format!("{}&system=gratangen-arkiv", messages(&files)[0]["receiptTo"].as_str().expect("an address"));
        let came = manager.send("POST", &to).body("application/xml", receipt(&world.project, &report, 3, ENTRY)).await.expect(200);
        assert_eq!(came["archive"]["entryVersion"], report["version"], "what the message said, not what is there now: {came}");
        assert_eq!(told(&next(&manager, &world).await).len(), 2, "the entry and its description");
        let by_hand = json!({ "archive": { "entryVersion": changed["version"], "descriptionVersion": changed["version"] } });
        let read = manager.read("documents", &report).await;
        manager.change("documents", &read, by_hand).await.expect(200);
        assert_eq!(told(&next(&manager, &world).await), [], "who mended it in the archive says so");
    }

    async fn who_answers_for_the_case_is_told_of(app: App) {
        let world = app.world().await;
        let report = document(&world, "Sluttrapport", json!({}), b"rapport").await;
        let manager = world.as_a(Role::Manager).await;
        archived(&manager, &world, &report).await;
        assert_eq!(told(&next(&manager, &world).await), []);
        world.member(Role::Executive).await;
        let files = next(&manager, &world).await;
        assert_eq!(told(&files), [(UPDATE.to_owned(), json!(["responsible"]))], "the executive comes before the manager");
        assert_eq!(bring(&manager, &messages(&files)[0], "").await.expect(200)["changed"], true);
        assert_eq!(told(&next(&manager, &world).await), []);
    }

    async fn a_receipt_says_what_it_is_of(app: App) {
        let world = app.world().await;
        let report = document(&world, "Sluttrapport", json!({}), b"rapport").await;
        let manager = world.as_a(Role::Manager).await;
        let to = |more: &str| format!("{}?system=gratangen-arkiv{more}", world.report("archive-receipts"));
        let of = format!("&documentId={}", report["id"].as_str().expect("an id"));
        let post = |more: &str| manager.send("POST", &to(more));
        post(&of).await.refused(400, "request.invalid_parameter");
        post(&format!("{of}&said=entry.2")).await.refused(400, "request.invalid_parameter");
        post("&said=entry.2").await.faulted("/arkivmeldingKvittering/registreringKvittering/referanseEksternNoekkel/noekkel", "required");
        post(&format!("{of}&said=nothing.2")).await.refused(400, "request.invalid_parameter");
        let ahead = post(&format!("{of}&said=entry.99")).body("application/xml", receipt(&world.project, &report, 3, ENTRY)).await;
        ahead.refused(400, "request.invalid_parameter");
        let stranger = world.as_a(Role::GroupMember).await;
        stranger.send("POST", &to("&said=case.1")).await.refused(403, "access.forbidden");
    }
}
