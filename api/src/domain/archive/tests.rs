use serde_json::json;
use uuid::Uuid;

use super::{File, Kind, Reason, Wanted, file, followed, package, published};
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
    let made = package(&picture, &[], &files(), &Picture::default(), &Wanted::default());
    let out: Vec<(&str, Reason)> = made.left_out.iter().map(|(one, why)| (one.title.as_str(), *why)).collect();
    assert_eq!(out, [("Utkast", Reason::Draft), ("Uten innhold", Reason::NoContent)]);
    let names: Vec<&str> = made.messages.iter().map(|message| message.name.as_str()).collect();
    assert_eq!(names, ["arkivmelding.xml", "arkivmelding-002.xml"]);
    let endings: Vec<&str> = made.entries.iter().filter_map(|entry| entry.name.rsplit('.').next()).collect();
    assert_eq!(endings, ["pdf", "pdf"], "only letters and digits, else what the media type says");
    assert_eq!(
        made.messages,
        package(&picture, &[], &files(), &Picture::default(), &Wanted::default()).messages,
        "the same bytes every time"
    );
}

#[test]
fn what_is_exempt_is_shielded_and_its_title_is_not_public() {
    let picture = picture(json!(null));
    let made = package(&picture, &[], &files(), &Picture::default(), &Wanted::default());
    let xml = &made.messages[0].xml;
    assert!(xml.contains("<skjermingshjemmel>offentleglova § 23</skjermingshjemmel>"), "{xml}");
    assert!(xml.contains("<offentligTittel>Sluttrapport (unntatt offentlighet)</offentligTittel>"), "{xml}");
    assert!(xml.contains("<tittel>Tilbud fra &lt;Proneo&gt;</tittel>"), "{xml}");
    assert!(!made.messages[1].xml.contains("skjerming"), "{}", made.messages[1].xml);
}

/// What the archive has of the first document, as of these versions.
fn entry(version: Option<i64>, content: i64) -> serde_json::Value {
    json!({
        "system": "gratangen", "caseYear": 2017, "caseSequence": 412, "entryNumber": 3, "state": "archived",
        "archivedAt": "2017-09-29T08:00:00Z", "caseId": Uuid::from_u128(77), "entryId": Uuid::from_u128(78),
        "entryVersion": version, "descriptionVersion": version, "contentVersion": content,
    })
}

fn to(system: &str) -> Wanted {
    Wanted { document: None, system: Some(system.to_owned()) }
}

#[test]
fn what_the_archive_has_is_left_out_and_what_is_new_goes_into_its_folder() {
    let picture = picture(entry(Some(1), 1));
    assert_eq!(followed(&picture, &to("gratangen")), [(Uuid::from_u128(2), 1)]);
    let again = package(&picture, &[], &files(), &picture, &to("gratangen"));
    assert_eq!(again.left_out[0].1, Reason::Archived);
    assert_eq!(again.messages.len(), 1, "the other document: {:?}", again.messages);
    let first = &again.messages[0].xml;
    for known in ["<m:saksaar>2017</m:saksaar>", "<m:sakssekvensnummer>412</m:sakssekvensnummer>"] {
        assert!(first.contains(known), "{known}: {first}");
    }
    assert!(!first.contains("<mappe"), "the folder is there: {first}");
    let other = package(&picture, &[], &files(), &picture, &to("bardu"));
    assert_eq!(other.entries.len(), 2, "another archive has nothing of it");
    assert!(!other.messages[0].xml.contains("412"), "{}", other.messages[0].xml);
}

#[test]
fn an_update_tells_what_has_changed_and_nothing_else() {
    let former = picture(entry(Some(1), 1));
    let changed = |change: &dyn Fn(&mut entity::documents::Model)| {
        let mut now = picture(entry(Some(1), 1));
        now.documents.truncate(1);
        now.documents[0].version = 3;
        change(&mut now.documents[0]);
        let made = package(&now, &[], &files(), &former, &to("gratangen"));
        made.messages
            .into_iter()
            .map(|message| (message.kind, message.tells, message.said.to_string(), message.xml))
            .collect::<Vec<_>>()
    };
    assert!(
        changed(&|document| document.retention = Some("Bevares".to_owned())).is_empty(),
        "an archive is not told of that"
    );
    let title = changed(&|document| document.title = "Tilbud".to_owned());
    let told: Vec<(Kind, &str)> = title
        .iter()
        .map(|(kind, tells, said, _)| (*kind, if tells == &["title"] { said.as_str() } else { "" }))
        .collect();
    assert_eq!(told, [(Kind::Update, "entry.3"), (Kind::Update, "description.3")]);
    assert!(
        title[0].3.contains("<tittel>Tilbud</tittel>") && !title[0].3.contains("offentligTittel"),
        "{}",
        title[0].3
    );
    let opened = changed(&|document| document.access = entity::documents::DocumentAccess::Public);
    assert_eq!(opened.len(), 2);
    for (_, tells, _, xml) in &opened {
        assert_eq!(tells, &["access"]);
        assert!(xml.contains("<slett>true</slett>"), "{xml}");
    }
    assert!(opened[0].3.contains("<offentligTittel>Tilbud fra &lt;Proneo&gt;</offentligTittel>"), "{}", opened[0].3);
    let named = changed(&|document| document.recipient = Some("Gratangen".to_owned()));
    assert_eq!(named.len(), 1, "the description has no correspondents");
    assert!(
        named[0].3.contains("<o:korrespondansepartNavn>Gratangen</") && !named[0].3.contains("merknad"),
        "{}",
        named[0].3
    );
}

#[test]
fn what_the_elements_cannot_say_is_a_remark() {
    let mut former = picture(entry(Some(1), 1));
    former.documents[0].sender = Some("Porneo AS".to_owned());
    former.documents[0].document_on = "2017-09-28".parse().ok();
    former.documents[0].accessible_after = "2030-01-01".parse().ok();
    let mut now = former.clone();
    now.documents[0].version = 2;
    now.documents[0].sender = Some("Proneo AS".to_owned());
    now.documents[0].document_on = None;
    now.documents[0].accessible_after = None;
    let made = package(&now, &[], &files(), &former, &Wanted { document: Some(Uuid::from_u128(2)), ..to("gratangen") });
    assert_eq!(made.messages.len(), 1, "an end that is no more cannot be said of the description: {:?}", made.messages);
    let (message, xml) = (&made.messages[0], &made.messages[0].xml);
    assert_eq!(message.tells, ["access", "sender", "documentOn"]);
    for part in [
        "<o:merknadstekst>Ekstern avsender er nå «Proneo AS» i stedet for «Porneo AS».</",
        "<o:merknadstekst>Skjermingen har ikke lenger noen sluttdato; den var 2030-01-01.</",
        "<o:merknadstekst>Dokumentet har ikke lenger noen dato; den var 2017-09-28.</",
        "<o:erSkjermet>true</o:erSkjermet>",
        "<o:korrespondansepartNavn>Proneo AS</",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    assert!(!xml.contains("dokumentetsDato"), "{xml}");
}

#[test]
fn new_content_goes_with_its_file_and_what_is_not_known_is_not_guessed() {
    let (mut now, mut newer) = (picture(entry(Some(1), 1)), files());
    newer[0].1.version = 2;
    let wanted = Wanted { document: Some(Uuid::from_u128(2)), ..to("gratangen") };
    let made = package(&now, &[], &newer, &now, &wanted);
    let told: Vec<(&str, Kind, String)> =
        made.messages.iter().map(|message| (message.name.as_str(), message.kind, message.said.to_string())).collect();
    assert_eq!(told, [("dokumentobjekt-001.xml", Kind::NewContent, "content.2".to_owned())]);
    assert_eq!((made.entries.len(), made.entries[0].message.as_str()), (1, "dokumentobjekt-001.xml"));
    let by_hand = picture(entry(None, 1));
    now.documents[0].archive.clone_from(&by_hand.documents[0].archive);
    now.documents[0].archive.as_mut().expect("an entry").content_version = None;
    now.documents[0].title = "Noe annet".to_owned();
    assert!(followed(&now, &wanted).is_empty());
    let made = package(&now, &[], &newer, &Picture::default(), &wanted);
    assert_eq!(
        (made.messages.len(), made.left_out[0].1),
        (0, Reason::Archived),
        "who entered it did not say which version"
    );
}

#[test]
fn the_case_folder_is_updated_where_it_is_followed() {
    let mut former = picture(entry(Some(1), 1));
    former.documents.truncate(1);
    let case = json!({ "system": "gratangen", "caseYear": 2017, "caseSequence": 412, "caseId": Uuid::from_u128(77), "version": 1 });
    former.projects[0].archive = serde_json::from_value(case).expect("a case");
    former.projects[0].purpose = Some("Bedre tjenester".to_owned());
    former.projects[0].starts_on = "2017-11-01".parse().ok();
    assert!(package(&former, &[], &files(), &former, &to("gratangen")).messages.is_empty());
    let mut now = former.clone();
    now.projects[0].version = 4;
    now.projects[0].name = "Næringsvennlig region".to_owned();
    now.projects[0].purpose = None;
    now.projects[0].starts_on = "2017-12-01".parse().ok();
    let made = package(&now, &[], &files(), &former, &to("gratangen"));
    let message = &made.messages[0];
    assert_eq!(
        (made.messages.len(), &message.tells[..], message.said.to_string().as_str()),
        (1, &["title", "purpose", "startsOn"][..], "case.4")
    );
    for part in ["<tittel>NVR Næringsvennlig region</tittel>", "<slett>true</slett>", "<saksdato>2017-12-01</saksdato>"]
    {
        assert!(message.xml.contains(part), "{part}: {}", message.xml);
    }
    let alone = Wanted { document: Some(Uuid::from_u128(2)), ..to("gratangen") };
    assert!(package(&now, &[], &files(), &former, &alone).messages.is_empty(), "who asks for a document gets that");
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
    let made = package(&picture, &reports, &files, &Picture::default(), &Wanted::default());
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
