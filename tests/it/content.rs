//! The content of documents: what goes in comes out, nothing that breaks stays, and nobody is made to run it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use framdrift::db::Db as _;
use framdrift::store::content;
use sea_orm::Statement;
use serde_json::{Value, json};
use support::{App, Beside, Client, Request, Role, World, both};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn address(document: &Value, part: &str) -> String {
    format!("/api/v1/documents/{}/{part}", document["id"].as_str().expect("an identifier"))
}

/// A public document that is finished, so that observers see it.
async fn document(world: &World) -> Value {
    let new = json!({ "projectId": world.project["id"], "kind": "memo", "title": "Notat", "status": "final" });
    world.as_admin().create("documents", new).await
}

fn put(client: &Client, document: &Value, bytes: &[u8]) -> Request {
    let tag = format!("\"{}\"", document["version"]);
    client.send("PUT", &address(document, "content")).body("application/pdf", bytes).if_match(&tag)
}

/// Bytes of a length that no two places have alike.
fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|place| u8::try_from((place * 31 + place / 251) % 256).unwrap_or_default()).collect()
}

fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(digest(&SHA256, bytes).as_ref())
}

/// How many rows a table has.
async fn rows(app: &App, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS n FROM {table}");
    let backend = app.store.read.get_database_backend();
    let row =
        app.store.read.query_one_raw(Statement::from_string(backend, sql)).await.expect("a number").expect("a row");
    row.try_get("", "n").expect("a number")
}

/// Asks again and again until the answer is yes; what breaks off is noticed by the service, not by the test.
async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..400 {
        if holds().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("waited ten seconds in vain: {what}");
}

/// Waits until nothing of any upload is left.
async fn nothing_left(app: &App) {
    until("no chunk is left", async || rows(app, "content_chunks").await == 0).await;
    nothing_left_of_uploads(app).await;
}

/// Waits until no upload is on its way any more.
async fn nothing_left_of_uploads(app: &App) {
    until("no upload is left", async || rows(app, "uploads").await == 0).await;
}

both! {
    async fn what_goes_in_comes_out_with_its_digest(app: App) {
        let world = app.world().await;
        let member = world.as_a(Role::GroupMember).await;
        let new = document(&world).await;
        member.get(&address(&new, "content")).await.refused(404, "document.no_content");
        let sent = bytes((1 << 20) * 2 + 12345);
        let disposition = "attachment; filename*=UTF-8''..%2F..%2Fnotat%20%C3%A5r.pdf";
        let taken = put(&member, &new, &sent).header("content-disposition", disposition)
            .header("repr-digest", format!("sha-256=:{}:", encoded(&sent))).await.expect(200);
        assert_eq!((&taken["contentVersion"], &taken["sizeBytes"], &taken["fileName"], &taken["version"]),
            (&json!(1), &json!(sent.len()), &json!("notat år.pdf"), &json!(2)), "{taken}");
        let got = member.get(&address(&new, "content")).await.expect(200);
        assert!(got.bytes == sent, "byte for byte");
        let header = |name: &str| got.header(name).to_owned();
        assert_eq!(header("content-type"), "application/pdf");
        assert_eq!(header("content-length"), sent.len().to_string());
        assert_eq!(header("content-disposition"), "attachment; filename*=UTF-8''notat%20%C3%A5r.pdf");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(header("repr-digest"), format!("sha-256=:{}:", encoded(&sent)));
        assert_eq!(header("digest"), format!("sha-256={}", encoded(&sent)));
        assert_eq!(got.etag(), format!("\"{}\"", taken["sha256"].as_str().expect("a hash")));
        member.get(&address(&new, "content")).if_none_match(&got.etag()).await.expect(304);
        let head = member.send("HEAD", &address(&new, "content")).await.expect(200);
        assert_eq!((head.header("content-length"), head.bytes.len()), (sent.len().to_string().as_str(), 0));
        let packed = member.get(&address(&new, "content")).header("accept-encoding", "gzip, br").await.expect(200);
        assert!(packed.header("content-encoding").is_empty() && packed.bytes == sent, "it is never compressed");
        let history = member.get(&address(&new, "history")).await.expect(200);
        assert_eq!(history.items()[0]["event"], "document.content_added");
        assert_eq!(rows(&app, "uploads").await, 0);
    }

    async fn a_range_is_a_part(app: App) {
        let world = app.world().await;
        let member = world.as_a(Role::GroupMember).await;
        let new = document(&world).await;
        let sent = bytes((1 << 20) + 100);
        put(&member, &new, &sent).await.expect(200);
        let content = address(&new, "content");
        let length = sent.len();
        for (field, from, to) in [
            ("bytes=0-9".to_owned(), 0, 10),
            (format!("bytes={}-{}", (1 << 20) - 5, (1 << 20) + 4), (1 << 20) - 5, (1 << 20) + 5),
            ("bytes=-7".to_owned(), length - 7, length),
            (format!("bytes={}-", length - 1), length - 1, length),
        ] {
            let part = member.get(&content).header("range", &field).await.expect(206);
            assert!(part.bytes == sent[from..to], "{field}");
            assert_eq!(part.header("content-range"), format!("bytes {from}-{}/{length}", to - 1));
        }
        let beyond = member.get(&content).header("range", format!("bytes={length}-")).await;
        assert_eq!(beyond.header("content-range"), format!("bytes */{length}"));
        beyond.refused(416, "request.no_such_range");
        let old = member.get(&content).header("range", "bytes=0-9").header("if-range", "\"another\"").await.expect(200);
        assert_eq!(old.bytes.len(), length, "another version is sent whole");
    }

    async fn more_than_the_limit_leaves_nothing(app: App) {
        let small = Beside::start_with(app.engine, |config| config.document_limit = 1_500_000).await;
        let world = small.app.world().await;
        let new = document(&world).await;
        let member = world.as_a(Role::GroupMember).await;
        put(&member, &new, &bytes(1_500_000)).await.expect(200);
        // A body that says no length is counted while it comes.
        let mut raw = tokio::net::TcpStream::connect(small.app.address).await.expect("a connection");
        let head = format!(
            "PUT {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIf-Match: \"2\"\r\nTransfer-Encoding: chunked\r\n\r\n",
            address(&new, "content"), member.token(),
        );
        raw.write_all(head.as_bytes()).await.expect("it is sent");
        raw.write_all(format!("{:x}\r\n", 1_500_001).as_bytes()).await.expect("it is sent");
        raw.write_all(&bytes(1_500_001)).await.expect("it is sent");
        let mut said = [0; 12];
        raw.read_exact(&mut said).await.expect("it answers");
        assert_eq!(&said, b"HTTP/1.1 413");
        nothing_left_of_uploads(&small.app).await;
        assert_eq!(rows(&small.app, "content_chunks").await, 2, "those of the first content");
        drop(world);
        small.end().await;
    }

    async fn every_upload_is_a_version_and_old_ones_stay(app: App) {
        let world = app.world().await;
        let member = world.as_a(Role::GroupMember).await;
        let new = document(&world).await;
        put(&member, &new, b"en").await.expect(200);
        put(&member, &new, b"to").await.refused(412, "record.stale");
        let now = member.read("documents", &new).await;
        put(&member, &now, b"to").await.expect(200);
        assert_eq!(member.get(&address(&new, "content")).await.text(), "to");
        assert_eq!(member.get(&address(&new, "content?version=1")).await.text(), "en");
        member.get(&address(&new, "content?version=3")).await.refused(404, "document.no_content");
        let all = member.get(&address(&new, "contents")).await.expect(200);
        let versions: Vec<&Value> = all.items().iter().map(|one| &one["version"]).collect();
        assert_eq!(versions, [2, 1], "{all}");
        let gone = member.read("documents", &new).await;
        member.remove("documents", &gone).await.expect(204);
        content::clean_up(&app.store, chrono::Utc::now()).await.expect("it is cleaned up");
        nothing_left(&app).await;
    }

    async fn what_does_not_arrive_whole_leaves_nothing(app: App) {
        let world = app.world().await;
        let member = world.as_a(Role::GroupMember).await;
        let new = document(&world).await;
        let sent = bytes((1 << 20) * 2);
        let wrong = format!("sha-256=:{}:", encoded(b"noe annet"));
        put(&member, &new, &sent).header("repr-digest", &wrong).await.faulted("", "digest_mismatch");
        put(&member, &new, &sent).header("content-digest", "sha-256=abc").await.refused(400, "request.malformed");
        nothing_left(&app).await;
        let mut half = tokio::net::TcpStream::connect(app.address).await.expect("a connection");
        let head = format!(
            "PUT {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIf-Match: \"1\"\r\nContent-Type: text/plain\r\nContent-Length: 9000000\r\n\r\n",
            address(&new, "content"), member.token(),
        );
        half.write_all(head.as_bytes()).await.expect("it is sent");
        half.write_all(&sent).await.expect("it is sent");
        until("it is on its way", async || rows(&app, "content_chunks").await > 0).await;
        drop(half);
        nothing_left(&app).await;
        member.get(&address(&new, "content")).await.refused(404, "document.no_content");
        assert_eq!(member.read("documents", &new).await, new);
    }

    async fn what_is_said_of_a_content_holds_no_national_identity_number(app: App) {
        let world = app.world().await;
        let member = world.as_a(Role::GroupMember).await;
        let new = document(&world).await;
        // Made up; both check digits are right.
        let number = "01010750160";
        let to = address(&new, "content");
        let send = |to: &str, kind: &str| member.send("PUT", to).body(kind, b"innhold").if_match("\"1\"");
        let named = format!("attachment; filename=\"sak {number}.txt\"");
        let encoded = format!("attachment; filename*=UTF-8''sak%20{number}.txt");
        for (request, pointer) in [
            (send(&to, "text/plain").header("content-disposition", &named), "/fileName"),
            (send(&to, "text/plain").header("content-disposition", &encoded), "/fileName"),
            (send(&format!("{to}?fileName=sak%20{number}.txt"), "text/plain"), "/fileName"),
            (send(&to, &format!("text/plain; note={number}")), "/mediaType"),
        ] {
            let answer = request.await.faulted(pointer, "identity_number");
            assert!(!answer.text().contains(number), "the number is not said again: {answer}");
        }
        nothing_left(&app).await;
        assert_eq!(member.read("documents", &new).await, new);
        let named = "attachment; filename=\"sak 2017-412.txt\"";
        send(&to, "text/plain; charset=utf-8").header("content-disposition", named).await.expect(200);
    }

    async fn what_a_killed_process_left_is_cleared_away(app: App) {
        let world = app.world().await;
        let new = document(&world).await;
        let id: uuid::Uuid = new["id"].as_str().and_then(|id| id.parse().ok()).expect("an identifier");
        let mut upload = content::Upload::begin(&app.store, id).await.expect("it begins");
        upload.take(&bytes(1 << 20)).await.expect("it is taken");
        // Nobody drops what a killed process had.
        std::mem::forget(upload);
        let now = chrono::Utc::now();
        content::clean_up(&app.store, now).await.expect("it is cleaned up");
        assert_eq!(rows(&app, "content_chunks").await, 1, "it may still be on its way");
        content::clean_up(&app.store, now + chrono::TimeDelta::hours(2)).await.expect("it is cleaned up");
        nothing_left(&app).await;
    }

    async fn what_is_adopted_keeps_its_content(app: App) {
        let world = app.world().await;
        let executive = world.as_a(Role::Executive).await;
        let new = document(&world).await;
        let filled = put(&executive, &new, b"vedtatt tekst").await.expect(200);
        let tag = filled.etag();
        executive.post(&address(&new, "adopt"), json!({})).if_match(&tag).await.expect(200);
        let adopted = executive.read("documents", &new).await;
        put(&executive, &adopted, b"en annen tekst").await.refused(409, "record.locked");
        assert_eq!(executive.get(&address(&new, "content")).await.text(), "vedtatt tekst");
    }

    async fn who_sees_the_document_reads_it_and_who_writes_it_fills_it(app: App) {
        let world = app.world().await;
        let member = world.as_a(Role::GroupMember).await;
        let observer = world.as_a(Role::Observer).await;
        let open = document(&world).await;
        let open = put(&member, &open, b"til alle").await.expect(200).json;
        assert_eq!(observer.get(&address(&open, "content")).await.expect(200).text(), "til alle");
        put(&observer, &open, b"fra en observator").await.refused(403, "access.forbidden");
        put(&world.as_a(Role::Stranger).await, &open, b"fra en fremmed").await.refused(404, "record.not_found");
        let bare = member.send("PUT", &address(&open, "content")).body("text/plain", "uten versjon");
        bare.await.refused(428, "record.precondition_required");
        for change in [json!({ "access": "exempt", "exemptionBasis": "offl. § 13" }), json!({ "status": "draft" })] {
            let mut body = json!({ "projectId": world.project["id"], "kind": "memo", "title": "Internt", "status": "final" });
            body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
            let kept = app.as_admin().create("documents", body).await;
            put(&member, &kept, b"bare for oss").await.expect(200);
            observer.get(&address(&kept, "content")).await.refused(404, "record.not_found");
        }
        nothing_left_of_uploads(&app).await;
    }

    async fn an_exported_document_claims_no_content(app: App) {
        let world = app.world().await;
        let new = document(&world).await;
        put(&app.as_admin(), &new, b"innhold").await.expect(200);
        let taken = app.as_admin().get(&world.report("document")).await.expect(200);
        assert!(!taken.text().contains("contentVersion") && !taken.text().contains("sizeBytes"), "{taken}");
    }
}
