//! The binary as people run it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;

use serde_json::{Value, json};
use support::both;
use support::process::Framdrift;
use support::{Client, Place};

/// On any free port.
pub const ANY_PORT: [&str; 2] = ["--listen", "127.0.0.1:0"];

both! {
    async fn the_demo_prints_a_line_that_shows_the_status(place: Place) {
        let mut demo = on(&place).with(&ANY_PORT).with(&["demo"]).start();
        let said = demo.until("curl ");
        let line = said.lines().last().expect("a line").trim().to_owned();
        let answer = asked(&line).await;
        let count = |name: &str| answer[name].as_array().map(Vec::len);
        assert_eq!((count("milestones"), count("decisionPoints"), count("people")), (Some(4), Some(2), Some(14)), "{answer}");
        assert_eq!((&answer["capacity"]["businessFte"], &answer["findingCounts"]["errors"]), (&json!(4.7), &json!(2)), "{answer}");
        every_login_works(&said, &line).await;
        demo.terminate();
        assert!(demo.ended().success());
    }

    async fn what_is_told_to_end_answers_what_it_has_begun(place: Place) {
        let added = on(&place).with(&["user", "add", "--email", "a@framdrift.example", "--name", "A", "--administrator"]).printed();
        let (mut server, line) = on(&place).with(&ANY_PORT).with(&["--log-format", "json", "--drain-delay", "0"]).start_logging("serves at");
        let line: Value = serde_json::from_str(&line).expect("a log line is JSON");
        let address: SocketAddr = line["address"].as_str().and_then(|address| address.parse().ok()).expect("an address");
        let token = token(address, "a@framdrift.example", password(&added)).await;
        let body = r#"{"name":"Begynt før slutten"}"#;
        let mut slow = TcpStream::connect(address).expect("it listens");
        let head = format!(
            "POST /api/v1/programmes HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n",
            body.len()
        );
        slow.write_all(head.as_bytes()).expect("it reads");
        // It asks for the body, so the request has begun.
        let mut begun = [0; 12];
        slow.read_exact(&mut begun).expect("it answers");
        assert_eq!(&begun, b"HTTP/1.1 100");
        server.terminate();
        while TcpStream::connect(address).is_ok() {
            std::thread::yield_now();
        }
        slow.write_all(body.as_bytes()).expect("it still reads");
        let mut answer = String::new();
        slow.read_to_string(&mut answer).expect("it answers");
        assert!(answer.contains("HTTP/1.1 201"), "{answer}");
        assert!(server.ended().success());
    }

    async fn what_is_told_to_end_is_not_ready_and_still_serves_for_a_while(place: Place) {
        let password = added(&place, "a@framdrift.example");
        let (mut server, line) =
            on(&place).with(&ANY_PORT).with(&["--log-format", "json", "--drain-delay", "3"]).start_logging("serves at");
        let line: Value = serde_json::from_str(&line).expect("a log line is JSON");
        let address: SocketAddr = line["address"].as_str().and_then(|address| address.parse().ok()).expect("an address");
        let client = Client::new(address).with_token(token(address, "a@framdrift.example", &password).await);
        let ready = client.get("/readyz").await.expect(200);
        assert!(ready.header("connection").is_empty(), "{ready}");
        server.terminate();
        while client.get("/readyz").await.status == 200 {}
        client.get("/readyz").await.refused(503, "server.unavailable");
        // Work is still done, on connections that end with it.
        let created = client.post("/api/v1/programmes", json!({ "name": "P" })).await.expect(201);
        assert_eq!(created.header("connection"), "close");
        assert!(server.ended().success());
        assert!(TcpStream::connect(address).is_err());
    }

    async fn a_user_is_added_with_a_password_of_its_own_or_a_made_one(place: Place) {
        let add = |email: &str| on(&place).with(&["user", "add", "--email", email, "--name", "Knut"]);
        let made = add("knut@framdrift.example").printed();
        let given = add("Kari@framdrift.example").with(&["--password-stdin"]).run_reading("en lang setning er god\n");
        assert!(given.status.success() && !String::from_utf8_lossy(&given.stdout).contains("setning"), "{given:?}");
        let short = add("per@framdrift.example").with(&["--password-stdin"]).run_reading("kort");
        assert!(!short.status.success() && String::from_utf8_lossy(&short.stderr).contains("/password"), "{short:?}");
        let twice = add("knut@framdrift.example").run();
        assert!(!twice.status.success(), "{twice:?}");
        let (_server, address) = served(&place);
        token(address, "knut@framdrift.example", password(&made)).await;
        token(address, "kari@framdrift.example", "en lang setning er god").await;
    }

    async fn a_client_is_added_with_a_secret_and_an_issuer_comes_from_the_file(place: Place) {
        let demo = place.directory().join("project.json");
        std::fs::write(&demo, framdrift::demo::DOCUMENT).expect("the file is written");
        let imported = on(&place).with(&["import", &demo.to_string_lossy()]).printed();
        assert!(imported.contains("created"), "{imported}");
        let add = |number: &str, scope: &str| {
            on(&place).with(&["client", "add", "--organisation", number, "--name", "Sak og arkiv", "--scope", "framdrift:status", "--scope", scope])
        };
        let unknown = add("123456785", "framdrift:read").run();
        assert!(!unknown.status.success() && String::from_utf8_lossy(&unknown.stderr).contains("123456785"), "{unknown:?}");
        let wrong = add("959469881", "framdrift:everything").run();
        assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("framdrift:political.write"), "{wrong:?}");
        let added = add("959469881", "framdrift:read").printed();
        let after = |label: &str| added.lines().find_map(|line| line.strip_prefix(label)).expect("it is printed").trim().to_owned();
        let (id, secret) = (after("Client id:"), after("Client secret (shown once):"));
        let issuers = place.directory().join("framdrift.toml");
        let settings = "[[issuers]]\nissuer = \"https://maskinporten.no/\"\ncaller = \"organisation\"\naudience = [\"https://framdrift.example\"]\n\
                        [issuers.scopes]\n\"region:prosjekt/status\" = \"framdrift:status\"\n";
        std::fs::write(&issuers, settings.replace("caller", "cal1er")).expect("the file is written");
        let misspelt = on(&place).with(&["--config", &issuers.to_string_lossy(), "migrate"]).run();
        assert!(!misspelt.status.success() && String::from_utf8_lossy(&misspelt.stderr).contains("cal1er"), "{misspelt:?}");
        std::fs::write(&issuers, settings).expect("the file is written");
        let with_file = on(&place).with(&["--config", &issuers.to_string_lossy()]).with(&ANY_PORT).with(&["--log-format", "json"]);
        let (mut server, line) = with_file.start_logging("serves at");
        let line: Value = serde_json::from_str(&line).expect("a log line is JSON");
        let address: SocketAddr = line["address"].as_str().and_then(|address| address.parse().ok()).expect("an address");
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let token = Client::new(address).send("POST", "/oauth/token").body("application/x-www-form-urlencoded", form).await.expect(200);
        let machine = Client::new(address).with_token(token["access_token"].as_str().expect("a token").to_owned());
        let me = machine.get("/api/v1/me").await.expect(200);
        assert_eq!((&me["kind"], &me["scopes"]), (&json!("client"), &json!(["framdrift:status", "framdrift:read"])), "{me}");
        server.terminate();
        assert!(server.ended().success());
    }

    async fn a_document_comes_in_and_goes_out_by_the_command_line(place: Place) {
        let file = place.directory().join("project.json");
        std::fs::write(&file, framdrift::demo::DOCUMENT).expect("the file is written");
        let file = file.to_string_lossy().into_owned();
        let dry = on(&place).with(&["import", "--dry-run", &file]).printed();
        assert!(dry.contains("created"), "{dry}");
        let unknown = on(&place).with(&["export", "NVR-2017-02"]).run();
        assert!(!unknown.status.success(), "a dry run writes nothing");
        let done = on(&place).with(&["import", &file]).printed();
        assert!(done.contains("created"), "{done}");
        let taken = on(&place).with(&["export", "NVR-2017-02"]).printed();
        let again = on(&place).with(&["import", "-"]).run_reading(&taken);
        assert!(again.status.success() && String::from_utf8_lossy(&again.stdout).contains("0 created, 0 updated"), "{again:?}");
        assert_eq!(on(&place).with(&["export", "NVR-2017-02"]).printed(), taken);
        let broken = on(&place).with(&["import", "-"]).run_reading("{\"format\":\"other/1\"}");
        assert!(!broken.status.success() && String::from_utf8_lossy(&broken.stderr).contains("framdrift.project/1"), "{broken:?}");
    }
}

#[test]
fn a_second_process_on_the_same_directory_is_refused_with_what_to_do() {
    let directory = tempfile::tempdir().expect("a directory");
    let place = directory.path().to_string_lossy().into_owned();
    let framdrift = binary().with(&["--data-dir", &place]).with(&ANY_PORT);
    let (mut first, _) = framdrift.clone().with(&["--log-format", "json"]).start_logging("serves at");
    for command in
        [&["serve"] as &[&str], &["migrate"], &["demo"], &["user", "add", "--email", "a@b.example", "--name", "A"]]
    {
        let second = framdrift.clone().with(command).run();
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert!(!second.status.success(), "{command:?}");
        for words in ["another framdrift process", &place, "PostgreSQL"] {
            assert!(said.contains(words), "{command:?} says {said}");
        }
    }
    first.terminate();
    assert!(first.ended().success());
    // The lock goes with the process.
    assert!(framdrift.with(&["migrate"]).run().status.success());
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().expect("a directory");
    let home = directory.path().join("data");
    let place = home.to_string_lossy().into_owned();
    // Whatever the process was started with: a mask that allows all.
    let command = format!("umask 0; exec {} --data-dir {place} migrate", env!("CARGO_BIN_EXE_framdrift-under-test"));
    let done = Command::new("sh").args(["-c", &command]).status().expect("a shell");
    assert!(done.success());
    let (mut server, line) =
        binary().with(&["--data-dir", &place, "--log-format", "json"]).with(&ANY_PORT).start_logging("serves at");
    let line: Value = serde_json::from_str(&line).expect("a log line is JSON");
    let address = line["address"].as_str().and_then(|address| address.parse().ok()).expect("an address");
    // Whoever answers also hears signals.
    let health = support::raw::ask(address, b"GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    assert_eq!(support::raw::status(&health), 200, "{health}");
    let mode = |path: &std::path::Path| path.metadata().expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(&home), 0o700);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&home).expect("a directory").flatten() {
        assert_eq!(mode(&entry.path()), 0o600, "{}", entry.path().display());
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    assert!(
        names.iter().any(|name| name == "framdrift.db") && names.iter().any(|name| name == "framdrift.db-wal"),
        "{names:?}"
    );
    server.terminate();
    assert!(server.ended().success());
}

#[test]
fn a_password_that_everybody_knows_is_refused_before_anything_is_done() {
    let url = "postgres://framdrift:changeme@192.0.2.1/framdrift";
    let refused = binary().with(&["--database-url", url, "serve"]).run();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("choose another") && !said.contains("changeme"), "{said}");
}

#[test]
fn the_document_is_printed_as_it_is_served() {
    let printed = binary().with(&["openapi"]).printed();
    assert_eq!(&serde_json::from_str::<Value>(&printed).expect("JSON"), support::document::document());
}

#[test]
fn a_setting_that_is_not_known_is_refused() {
    for wrong in [
        &["--colour", "blue"] as &[&str],
        &["--workers", "0"],
        &["--listen", "nowhere"],
        &["colour"],
        &["--cors-origins", "*"],
        &["--cors-origins", "https://a.example,https://b.example/"],
        &["--trusted-proxies", "proxy"],
        &["--trusted-proxies", "10.0.0.0/33"],
        &["--security-contacts", "security@framdrift.example"],
        &["--metrics-listen", "9090"],
        &["--otlp-endpoint", "https://key@collector.example"],
        &["--reports-at-once", "0"],
        &["--drain-delay", "600"],
    ] {
        assert!(!binary().with(wrong).run().status.success(), "{wrong:?}");
    }
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "colour = \"blue\"\n").expect("the file is written");
    let output = binary().with(&["--config", &file.path().to_string_lossy(), "migrate"]).run();
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("colour"), "{output:?}");
}

/// The binary. It writes nothing by itself that follows from what a test writes, unless the test says so.
pub fn binary() -> Framdrift {
    Framdrift::new(env!("CARGO_BIN_EXE_framdrift-under-test")).knowing("FRAMDRIFT_FLAG_WATCH", "false")
}

/// The binary on a database.
pub fn on(place: &Place) -> Framdrift {
    let directory = place.directory().to_string_lossy().into_owned();
    let binary = binary().with(&["--data-dir", &directory]);
    match place {
        Place::Sqlite(_) => binary,
        Place::Postgres(url, _) => binary.with(&["--database-url", url]),
    }
}

/// A server on a database, and where it listens.
pub fn served(place: &Place) -> (support::process::Running, SocketAddr) {
    served_with(place, &[])
}

/// The same with further arguments.
pub fn served_with(place: &Place, arguments: &[&str]) -> (support::process::Running, SocketAddr) {
    serving_at(on(place).with(arguments))
}

/// The binary started as a server on any free port, and where it listens.
pub fn serving_at(framdrift: Framdrift) -> (support::process::Running, SocketAddr) {
    let (server, line) = framdrift.with(&ANY_PORT).with(&["--log-format", "json"]).start_logging("serves at");
    let line: Value = serde_json::from_str(&line).expect("a log line is JSON");
    (server, line["address"].as_str().and_then(|address| address.parse().ok()).expect("an address"))
}

/// The same with its log.
pub fn recorded(framdrift: Framdrift) -> (support::process::Running, support::process::Log, SocketAddr) {
    let (server, mut log) = framdrift.with(&ANY_PORT).with(&["--log-format", "json"]).start_recorded();
    let line: Value = serde_json::from_str(&log.until("serves at")).expect("a log line is JSON");
    let address = line["address"].as_str().and_then(|address| address.parse().ok()).expect("an address");
    (server, log, address)
}

/// Adds an administrator; answers its password.
pub fn added(place: &Place, email: &str) -> String {
    let said = on(place).with(&["user", "add", "--email", email, "--name", "A", "--administrator"]).printed();
    password(&said).to_owned()
}

/// The password that was made and printed.
fn password(said: &str) -> &str {
    said.lines().find_map(|line| line.strip_prefix("Password (shown once): ")).expect("a password").trim()
}

/// A token of a user.
pub async fn token(address: SocketAddr, email: &str, password: &str) -> String {
    let login = json!({ "email": email, "password": password });
    let session = Client::new(address).post("/api/v1/auth/login", login).await.expect(200);
    session["access_token"].as_str().expect("a token").to_owned()
}

/// What the printed line answers: asked by `curl` where there is one, else by the same request.
async fn asked(line: &str) -> Value {
    if let Ok(output) = Command::new("sh").args(["-c", line]).output()
        && output.status.success()
    {
        return serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{line}: {output:?}"));
    }
    let (header, url) = parts(line);
    let (address, path) = split(url);
    let (name, value) = header.split_once(": ").expect("a header field");
    Client::new(address).with(name, value).get(&path).await.expect(200).json
}

/// Every login that the demo prints, with what it may see.
async fn every_login_works(said: &str, line: &str) {
    let (address, path) = split(parts(line).1);
    let logins: Vec<(&str, &str)> = said
        .lines()
        .filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [.., email, password] = words.as_slice() else { return None };
            email.ends_with("@demo.example").then_some((*email, *password))
        })
        .collect();
    assert_eq!(logins.len(), 6, "{said}");
    for (email, password) in logins {
        let token = token(address, email, password).await;
        Client::new(address).with_token(token).get(&path).await.expect(200);
    }
}

/// The header field and the address of a `curl` line.
fn parts(line: &str) -> (&str, &str) {
    let header = line.split('\'').nth(1).expect("a quoted header field");
    (header, line.split_whitespace().last().expect("an address"))
}

fn split(url: &str) -> (SocketAddr, String) {
    let rest = url.strip_prefix("http://").expect("an address");
    let (address, path) = rest.split_once('/').expect("a path");
    (address.parse().expect("an address"), format!("/{path}"))
}
