//! Documents go to the archive, and the archive's receipts come back.

use std::io::{Cursor, Read};

use aws_lc_rs::digest::{SHA256, digest};
use roxmltree::Document;
use serde_json::{Value, json};
use support::{Answer, Client, Role, World, both, schemas};
use zip::ZipArchive;

use crate::status_reports;

const RECEIPT: &str = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/arkivmelding/opprett/kvittering/v1";
const CATALOGUE: &str = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/metadatakatalog/v1";
pub const FOLDER: &str = "0b1f3f5a-5b1e-4c55-9a0e-5d7f3a1b2c3d";
pub const ENTRY: &str = "6a0e2f4b-1c3d-4e5f-8a9b-0c1d2e3f4a5b";

/// The files of a package, in their order.
pub fn unpacked(package: &Answer) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(&package.bytes)).expect("a zip");
    let file = |place: usize| {
        let mut file = zip.by_index(place).expect("a file");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its bytes, with the right CRC");
        (file.name().expect("a name").into_owned(), bytes)
    };
    (0..package_length(package)).map(file).collect()
}

fn package_length(package: &Answer) -> usize {
    ZipArchive::new(Cursor::new(&package.bytes)).expect("a zip").len()
}

pub fn named<'a>(files: &'a [(String, Vec<u8>)], name: &str) -> &'a [u8] {
    let found = files.iter().find(|(known, _)| known == name);
    &found.unwrap_or_else(|| panic!("no {name} in {:?}", files.iter().map(|(name, _)| name).collect::<Vec<_>>())).1
}

pub fn manifest(files: &[(String, Vec<u8>)]) -> Value {
    serde_json::from_slice(named(files, "manifest.json")).expect("JSON")
}

pub fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A document with content.
pub async fn document(world: &World, title: &str, more: Value, content: &[u8]) -> Value {
    let mut new = json!({
        "projectId": world.project["id"], "kind": "final_report", "title": title, "status": "final",
        "documentOn": "2018-04-30", "sender": "Proneo AS", "recipient": "Gratangen & Lavangen",
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        new[name] = value.clone();
    }
    let admin = world.as_admin();
    let made = admin.create("documents", new).await;
    let path = format!(
        "/api/v1/documents/{}/content?fileName=Rapport%20%C3%A6%C3%B8.pdf",
        made["id"].as_str().expect("an id")
    );
    admin.send("PUT", &path).body("application/pdf", content).if_match("\"1\"").await.expect(200).json
}

/// A receipt as an archive would send it, for one message.
pub fn receipt(project: &Value, document: &Value, number: u32, entry: &str) -> String {
    let key = |id: &Value| {
        let id = id.as_str().expect("an id");
        format!(
            "<referanseEksternNoekkel><m:fagsystem>Framdrift</m:fagsystem><m:noekkel>{id}</m:noekkel></referanseEksternNoekkel>"
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <arkivmeldingKvittering xmlns=\"{RECEIPT}\" xmlns:m=\"{CATALOGUE}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <mappeKvittering xsi:type=\"saksmappeKvittering\"><systemID>{FOLDER}</systemID>{}\
         <opprettetEllerEksisterende>Opprettet</opprettetEllerEksisterende><saksaar>2018</saksaar>\
         <sakssekvensnummer>17</sakssekvensnummer></mappeKvittering>\
         <registreringKvittering xsi:type=\"journalpostKvittering\"><systemID>{entry}</systemID>\
         <arkivertDato>2018-05-02T10:00:00+02:00</arkivertDato>{}\
         <opprettetEllerEksisterende>Opprettet</opprettetEllerEksisterende>\
         <journalpostnummer>{number}</journalpostnummer></registreringKvittering></arkivmeldingKvittering>",
        key(&project["id"]),
        key(&document["id"]),
    )
}

fn large() -> Vec<u8> {
    (0..3_200_000_usize).map(|place| u8::try_from((place * 31 + place / 251) % 256).unwrap_or_default()).collect()
}

both! {
    async fn a_package_opens_as_files_with_the_right_hashes_and_is_the_same_every_time(app: App) {
        let world = app.world().await;
        let large = large();
        let report = document(&world, "Sluttrapport <1>", json!({}), &large).await;
        let exempt = json!({ "access": "exempt", "exemptionBasis": "offentleglova § 23", "kind": "other", "accessibleAfter": "2030-01-01" });
        let offer = document(&world, "Tilbud fra Proneo", exempt, b"tilbud").await;
        document(&world, "Utkast", json!({ "status": "draft" }), b"utkast").await;
        world.make("documents").await;
        let manager = world.as_a(Role::Manager).await;
        let package = manager.get(&world.report("archive-package")).await.expect(200);
        assert_eq!(package.header("content-type"), "application/zip");
        let files = unpacked(&package);
        let told = manifest(&files);
        let listed = told["messages"].as_array().into_iter().chain(told["files"].as_array()).flatten();
        let mut seen = 1;
        for file in listed {
            let bytes = named(&files, file["path"].as_str().expect("a path"));
            assert_eq!((&file["sha256"], &file["sizeBytes"]), (&json!(sha256(bytes)), &json!(bytes.len())), "{file}");
            seen += 1;
        }
        assert_eq!(files.len(), seen, "nothing is in it that the manifest does not name");
        assert_eq!(told["files"].as_array().map(Vec::len), Some(2), "{told:#}");
        let names = |document: &Value| told["files"].as_array().into_iter().flatten().any(|file| file["documentId"] == document["id"]);
        assert!(names(&report) && names(&offer), "{told:#}");
        assert_eq!(told["leftOut"][0]["reason"], "draft", "{told:#}");
        let messages: Vec<&(String, Vec<u8>)> = files.iter().filter(|(name, _)| name.starts_with("arkivmelding")).collect();
        assert_eq!(messages.len(), 2);
        for (_, xml) in &messages {
            let text = std::str::from_utf8(xml).expect("UTF-8");
            let parsed = Document::parse(text).expect("XML");
            let text_of = |name: &str| parsed.descendants().find(|node| node.tag_name().name() == name).and_then(|node| node.text());
            let file = named(&files, text_of("referanseDokumentfil").expect("a file"));
            assert_eq!(text_of("sjekksum"), Some(sha256(file).as_str()), "{text}");
            assert_eq!(text_of("antallFiler"), Some("1"));
        }
        let second = String::from_utf8_lossy(named(&files, "arkivmelding-002.xml")).into_owned();
        assert!(second.contains("<skjermingshjemmel>offentleglova § 23</skjermingshjemmel>"), "{second}");
        assert!(second.contains("<offentligTittel>Annet (unntatt offentlighet)</offentligTittel>"), "{second}");
        let absent = format!("{}?documentId=0190e0a0-0000-7000-8000-000000000000", world.report("archive-package"));
        manager.get(&absent).await.refused(404, "record.not_found");
        let again = manager.get(&world.report("archive-package")).await.expect(200);
        assert!(again.bytes == package.bytes, "the same state is the same bytes");
        assert_eq!(manager.get(&world.report("archive-package")).if_none_match(&package.etag()).await.status, 304);
        assert_eq!(manager.send("HEAD", &world.report("archive-package")).await.expect(200).etag(), package.etag());
        if let Some(folder) = schemas::folder("fiks-arkiv-v1") {
            let schema = folder.join("no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.xsd");
            messages.iter().for_each(|(_, xml)| schemas::lint(&schema, xml));
        }
    }

    async fn a_receipt_comes_in_once_and_the_next_package_has_what_is_new(app: App) {
        let world = app.world().await;
        let report = document(&world, "Sluttrapport", json!({}), b"rapport").await;
        let manager = world.as_a(Role::Manager).await;
        let to = format!("{}?system=gratangen-arkiv", world.report("archive-receipts"));
        let send = |body: String| manager.send("POST", &to).body("application/xml", body);
        let told = send(receipt(&world.project, &report, 3, ENTRY)).await.expect(200);
        assert_eq!((&told["changed"], &told["documentId"]), (&json!(true), &report["id"]), "{told}");
        let archive = json!({
            "system": "gratangen-arkiv", "caseYear": 2018, "caseSequence": 17, "entryNumber": 3, "state": "archived",
            "archivedAt": "2018-05-02T08:00:00Z", "caseId": FOLDER, "entryId": ENTRY,
            "entryVersion": report["version"], "descriptionVersion": report["version"], "contentVersion": 1,
        });
        let archived = manager.read("documents", &report).await;
        assert_eq!(archived["archive"], archive);
        let again = send(receipt(&world.project, &report, 3, ENTRY)).await.expect(200);
        assert_eq!(again["changed"], false);
        assert_eq!(manager.read("documents", &report).await, archived, "no new version");
        manager.remove("documents", &archived).await.refused(409, "record.locked");
        let later = document(&world, "Notat", json!({ "kind": "memo" }), b"notat").await;
        let files = unpacked(&manager.get(&world.report("archive-package")).await.expect(200));
        let first = String::from_utf8_lossy(named(&files, "arkivmelding.xml")).into_owned();
        for known in [FOLDER, "<m:sakssekvensnummer>17</m:sakssekvensnummer>"] {
            assert!(first.contains(known), "{known}: {first}");
        }
        assert!(!first.contains("<mappe"), "the folder is there: {first}");
        let told = manifest(&files);
        assert_eq!((told["messages"].as_array().map(Vec::len), &told["files"][0]["documentId"]), (Some(1), &later["id"]), "{told:#}");
        assert_eq!((&told["leftOut"][0]["documentId"], &told["leftOut"][0]["reason"]), (&report["id"], &json!("archived")), "{told:#}");
        let pending = manager.get(&format!("{}?pending=true", world.report("archive-package"))).await.expect(200);
        assert!(pending.bytes == manager.get(&world.report("archive-package")).await.bytes, "there is nothing else in it anyway");
        if let Some(folder) = schemas::folder("fiks-arkiv-v1") {
            let schema = folder.join("no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.xsd");
            for (name, xml) in files.iter().filter(|(name, _)| name.ends_with(".xml")) {
                assert!(name.starts_with("arkivmelding"), "{name}");
                schemas::lint(&schema, xml);
            }
        }
    }

    async fn a_receipt_that_does_not_fit_is_told_where(app: App) {
        let world = app.world().await;
        let report = document(&world, "Sluttrapport", json!({}), b"rapport").await;
        let manager = world.as_a(Role::Manager).await;
        let to = format!("{}?system=gratangen-arkiv", world.report("archive-receipts"));
        let send = |body: String| manager.send("POST", &to).body("application/xml", body);
        let key = "/arkivmeldingKvittering/registreringKvittering/referanseEksternNoekkel";
        send(receipt(&world.project, &world.project, 3, ENTRY)).await.faulted(&format!("{key}/noekkel"), "no_such_record");
        let good = receipt(&world.project, &report, 3, ENTRY);
        send(good.replace(">Framdrift<", ">Annet<")).await.faulted(&format!("{key}/fagsystem"), "other_system");
        send(good.replace(">17<", ">sytten<")).await.faulted("/arkivmeldingKvittering/mappeKvittering/sakssekvensnummer", "wrong_format");
        send(receipt(&report, &report, 3, ENTRY)).await.faulted("/arkivmeldingKvittering/mappeKvittering/referanseEksternNoekkel/noekkel", "other_project");
        send("<a/>".to_owned()).await.faulted("", "wrong_element");
        send("<a".to_owned()).await.refused(400, "request.malformed");
        let nowhere = world.report("archive-receipts");
        manager.send("POST", &nowhere).body("application/xml", good.clone()).await.refused(400, "request.invalid_parameter");
        send(good).await.expect(200);
        let other = receipt(&world.project, &report, 4, FOLDER);
        send(other.clone()).await.faulted("/arkivmeldingKvittering/registreringKvittering/systemID", "other_entry");
        let elsewhere = to.replace("gratangen", "bardu");
        manager.send("POST", &elsewhere).body("application/xml", other.clone()).await.refused(400, "request.invalid_parameter");
        for role in [Role::GroupMember, Role::SteeringMember, Role::MunicipalOfficer, Role::Observer] {
            let somebody = world.as_a(role).await;
            somebody.get(&world.report("archive-package")).await.refused(403, "access.forbidden");
            somebody.send("POST", &to).body("application/xml", other.clone()).await.refused(403, "access.forbidden");
        }
        world.as_a(Role::Stranger).await.get(&world.report("archive-package")).await.refused(404, "record.not_found");
    }

    async fn a_published_report_is_archived_as_it_was_signed_and_once(app: App) {
        let world = app.world().await;
        document(&world, "Notat", json!({ "kind": "memo" }), b"notat").await;
        let executive = status_reports::staffed(&world).await;
        let report = status_reports::draft(&world, "2017-11-01", "2017-12-31").await;
        status_reports::draft(&world, "2018-01-01", "2018-02-28").await;
        let report = status_reports::publish(&executive, &report).await;
        assert_eq!(report["archive"], Value::Null);
        let files = unpacked(&executive.get(&world.report("archive-package")).await.expect(200));
        let told = manifest(&files);
        let of_reports: Vec<&Value> = told["files"].as_array().into_iter().flatten().filter(|file| !file["reportId"].is_null()).collect();
        assert_eq!(of_reports.len(), 1, "what is not published is no record yet: {told:#}");
        let file = of_reports[0];
        assert_eq!((&file["reportId"], &file["documentId"], &file["sha256"]), (&report["id"], &Value::Null, &report["sha256"]), "{file}");
        let frozen = named(&files, file["path"].as_str().expect("a path"));
        let snapshot = executive.get(&format!("/api/v1/status-reports/{}/snapshot", report["id"].as_str().expect("an id"))).await.expect(200);
        assert_eq!((frozen, json!(sha256(frozen)), &file["sizeBytes"]), (&snapshot.bytes[..], report["sha256"].clone(), &json!(frozen.len())));
        let to = format!("{}?system=gratangen-arkiv", world.report("archive-receipts"));
        let bring = || executive.send("POST", &to).body("application/xml", receipt(&world.project, &report, 4, ENTRY));
        let came = bring().await.expect(200);
        assert_eq!((&came["reportId"], &came["documentId"], &came["changed"]), (&report["id"], &Value::Null, &json!(true)), "{came}");
        assert_eq!(bring().await.expect(200)["changed"], false);
        let archived = executive.read("status-reports", &report).await;
        assert_eq!((&archived["archive"]["entryId"], &archived["archive"]["state"]), (&json!(ENTRY), &json!("archived")), "{archived}");
        let proof = format!("/api/v1/status-reports/{}/verification", report["id"].as_str().expect("an id"));
        assert_eq!(executive.get(&proof).await.expect(200)["valid"], true, "what was published stands");
        let again = unpacked(&executive.get(&world.report("archive-package")).await.expect(200));
        let told = manifest(&again);
        assert!(!told["messages"].as_array().into_iter().flatten().any(|message| message["reportId"] == report["id"]), "{told:#}");
        let left_out = told["leftOut"].as_array().into_iter().flatten().any(|left| left["reportId"] == report["id"] && left["reason"] == "archived");
        assert!(left_out, "{told:#}");
        let only = format!("{}?documentId={}", world.report("archive-package"), report["id"].as_str().expect("an id"));
        assert_eq!(manifest(&unpacked(&executive.get(&only).await.expect(200)))["messages"], json!([]), "the archive has it");
        let elsewhere = manifest(&unpacked(&executive.get(&format!("{only}&system=bardu-arkiv")).await.expect(200)));
        assert_eq!(elsewhere["files"].as_array().map(Vec::len), Some(1), "{elsewhere:#}");
        if let Some(folder) = schemas::folder("fiks-arkiv-v1") {
            let schema = folder.join("no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.xsd");
            for (_, xml) in files.iter().chain(&again).filter(|(name, _)| name.ends_with(".xml")) {
                schemas::lint(&schema, xml);
            }
        }
    }

    async fn an_archives_machine_fetches_the_package_and_brings_the_receipt_and_no_other_does(app: App) {
        let world = app.world().await;
        let report = document(&world, "Sluttrapport", json!({}), b"rapport").await;
        let (package, to) = (world.report("archive-package"), format!("{}?system=gratangen-arkiv", world.report("archive-receipts")));
        let body = receipt(&world.project, &report, 3, ENTRY);
        let archive = world.as_machine(&["framdrift:archive"]).await;
        let bring = |somebody: &Client| somebody.send("POST", &to).body("application/xml", body.clone());
        for scope in ["framdrift:status", "framdrift:read", "framdrift:political.write", "framdrift:write"] {
            let other = world.as_machine(&[scope]).await;
            for answer in [other.get(&package).await, bring(&other).await] {
                assert_eq!((answer.status, &answer["code"]), (403, &json!("access.insufficient_scope")), "{scope}: {answer}");
                assert!(answer.header("www-authenticate").contains("framdrift:archive"), "{scope}: {answer}");
            }
        }
        let elsewhere = app.world().await;
        let outside = elsewhere.as_machine(&["framdrift:archive"]).await;
        outside.get(&package).await.refused(404, "record.not_found");
        bring(&outside).await.refused(404, "record.not_found");
        let party = json!({ "projectId": world.project["id"], "organisationId": elsewhere.municipality["id"], "role": "observer" });
        world.as_admin().create("project-parties", party).await;
        outside.get(&package).await.refused(403, "access.forbidden");
        bring(&outside).await.refused(403, "access.forbidden");
        let files = unpacked(&archive.get(&package).await.expect(200));
        assert_eq!(manifest(&files)["files"][0]["documentId"], report["id"]);
        assert_eq!(bring(&archive).await.expect(200)["changed"], true);
        assert_eq!(bring(&archive).await.expect(200)["changed"], false, "the same receipt again changes nothing");
        let archived = world.as_admin().read("documents", &report).await;
        assert_eq!((&archived["archive"]["state"], &archived["archive"]["entryId"]), (&json!("archived"), &json!(ENTRY)));
        let history = format!("/api/v1/documents/{}/history", report["id"].as_str().expect("an id"));
        let history = world.as_admin().get(&history).await.expect(200).text();
        assert!(history.contains("\"kind\":\"client\""), "the machine stands in the history: {history}");
        archive.change("documents", &archived, json!({ "title": "Noe annet" })).await.refused(403, "access.insufficient_scope");
        archive.post("/api/v1/risks", json!({ "projectId": world.project["id"] })).await.refused(403, "access.insufficient_scope");
    }

    async fn what_the_archive_could_not_take_has_failed(app: App) {
        let world = app.world().await;
        let report = document(&world, "Sluttrapport", json!({}), b"rapport").await;
        let error = "<registreringFeilet><feilmelding>Mappen er avsluttet</feilmelding></registreringFeilet>";
        let error = format!("<arkivmeldingKvittering xmlns='{RECEIPT}'>{error}</arkivmeldingKvittering>");
        let to = format!("{}?system=arkiv&documentId={}", world.report("archive-receipts"), report["id"].as_str().expect("an id"));
        let told = world.as_admin().send("POST", &to).body("application/xml", error).await.expect(200);
        assert_eq!(told["archive"]["state"], "failed", "{told}");
        assert_eq!(world.as_admin().read("documents", &report).await["archive"]["archivedAt"], Value::Null);
    }
}
