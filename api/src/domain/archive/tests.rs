use serde_json::json;
use uuid::Uuid;

use super::{File, Reason, Wanted, file, package, published};
use crate::domain::Picture;

const PROJECT: Uuid = Uuid::from_u128(1);

/// A project with a final, a draft and an empty document.
fn picture(archive: serde_json::Value) -> Picture {
    let at = "2017-09-28T08:00:00Z";
    let mut picture = Picture { focus: PROJECT, ..Picture::default() };
    let mut add = |path: &str, id: u128, mut more: serde_json::Value| {
        let header = json!({ "id": Uuid::from_u128(id), "version": 1, "createdAt": at, "updatedAt": at });
        for (name, value) in header.as_object().into_iter().flatten() {
            more[name] = value.clone();
        }
        picture.add(path, more).expect("a record");
    };
    add("projects", 1, json!({ "code": "NVR", "name": "Næring & vekst", "type": "pre_project" }));
    let document = |title: &str, status: &str, access: &str, archive: &serde_json::Value| {
        json!({
            "projectId": PROJECT, "kind": "final_report", "title": title, "status": status, "access": access,
            "exemptionBasis": "offentleglova § 23", "archive": archive,
        })
    };
    add("documents", 2, document("Tilbud fra <Proneo>", "final", "exempt", &archive));
    add("documents", 3, document("Utkast", "draft", "public", &json!(null)));
    add("documents", 4, document("Uten innhold", "adopted", "public", &json!(null)));
    add("documents", 5, document("Sluttrapport", "adopted", "public", &json!(null)));
    picture
}

fn files() -> Vec<(Uuid, File)> {
    let named = |name: &str| File {
        version: 1,
        media_type: "application/pdf".to_owned(),
        file_name: Some(name.to_owned()),
        size_bytes: 3,
        sha256: "ab".repeat(32),
    };
    vec![
        (Uuid::from_u128(2), named("Tilbud æøå.PDF")),
        (Uuid::from_u128(3), named("u")),
        (Uuid::from_u128(5), named("s.p/f")),
    ]
}

#[test]
fn drafts_and_what_has_no_content_stay_out() {
    let picture = picture(json!(null));
    let made = package(&picture, &[], &files(), &Wanted::default());
    let out: Vec<(&str, Reason)> = made.left_out.iter().map(|(one, why)| (one.title.as_str(), *why)).collect();
    assert_eq!(out, [("Utkast", Reason::Draft), ("Uten innhold", Reason::NoContent)]);
    let names: Vec<&str> = made.messages.iter().map(|message| message.name.as_str()).collect();
    assert_eq!(names, ["arkivmelding.xml", "arkivmelding-002.xml"]);
    let endings: Vec<&str> = made.entries.iter().filter_map(|entry| entry.name.rsplit('.').next()).collect();
    assert_eq!(endings, ["pdf", "pdf"], "only letters and digits, else what the media type says");
    assert_eq!(
        made.messages,
        package(&picture, &[], &files(), &Wanted::default()).messages,
        "the same bytes every time"
    );
}

#[test]
fn what_is_exempt_is_shielded_and_its_title_is_not_public() {
    let picture = picture(json!(null));
    let made = package(&picture, &[], &files(), &Wanted::default());
    let xml = &made.messages[0].xml;
    assert!(xml.contains("<skjermingshjemmel>offentleglova § 23</skjermingshjemmel>"), "{xml}");
    assert!(xml.contains("<offentligTittel>Sluttrapport (unntatt offentlighet)</offentligTittel>"), "{xml}");
    assert!(xml.contains("<tittel>Tilbud fra &lt;Proneo&gt;</tittel>"), "{xml}");
    assert!(!made.messages[1].xml.contains("skjerming"), "{}", made.messages[1].xml);
}

#[test]
fn what_the_archive_has_is_named_as_it_names_it() {
    let entry = json!({
        "system": "gratangen", "caseYear": 2017, "caseSequence": 412, "entryNumber": 3, "state": "archived",
        "archivedAt": "2017-09-29T08:00:00Z", "caseId": Uuid::from_u128(77), "entryId": Uuid::from_u128(78),
    });
    let picture = picture(entry);
    let of = |pending: bool, system: &str| Wanted { document: None, pending, system: Some(system.to_owned()) };
    let again = package(&picture, &[], &files(), &of(false, "gratangen"));
    let first = &again.messages[0].xml;
    for known in [
        "<saksaar>2017</saksaar>",
        "<m:sakssekvensnummer>412</m:sakssekvensnummer>",
        "<journalpostnummer>3</journalpostnummer>",
    ] {
        assert!(first.contains(known), "{known}: {first}");
    }
    assert!(first.contains(&format!("<systemID>{}</systemID>", Uuid::from_u128(78))), "{first}");
    let new = package(&picture, &[], &files(), &of(true, "gratangen"));
    assert_eq!((new.entries.len(), new.left_out[0].1), (1, Reason::Archived));
    let other = package(&picture, &[], &files(), &of(true, "bardu"));
    assert_eq!(other.entries.len(), 2, "another archive has nothing of it");
    assert!(!other.messages[0].xml.contains("412"), "{}", other.messages[0].xml);
}

#[test]
fn a_published_report_goes_as_a_document_under_the_hash_that_was_signed() {
    let mut picture = picture(json!(null));
    for (id, state) in [(7, "published"), (8, "approved")] {
        let at = "2018-01-10T08:00:00Z";
        let report = json!({
            "id": Uuid::from_u128(id), "version": 4, "createdAt": at, "updatedAt": at, "projectId": PROJECT,
            "periodFrom": "2017-11-01", "periodTo": "2017-12-31", "state": state, "publishedAt": at, "sha256": "cd".repeat(32),
        });
        picture.add("status-reports", report).expect("a report");
    }
    let reports = published(&picture);
    let files: Vec<(Uuid, File)> =
        picture.status_reports.iter().map(|report| (report.id, file(report, 12))).chain(files()).collect();
    let made = package(&picture, &reports, &files, &Wanted::default());
    let of_reports: Vec<&str> = made
        .entries
        .iter()
        .map(|entry| entry.document.title.as_str())
        .filter(|title| title.starts_with("Status"))
        .collect();
    assert_eq!(of_reports, ["Statusrapport 2017-11-01–2017-12-31"], "what is not published is no record yet");
    let xml = &made.messages.last().expect("a message").xml;
    let hash = format!("<sjekksum>{}</sjekksum>", "cd".repeat(32));
    for part in [
        hash.as_str(),
        "<filnavn>statusrapport-2017-12-31.json</filnavn>",
        "<filstoerrelse>12</filstoerrelse>",
        "<dokumentetsDato>2018-01-10</dokumentetsDato>",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
}
