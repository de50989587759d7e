//! Many at once at the same few records, too many connections, and the dearest answers all at once.

use std::future::IntoFuture;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::dice::times;
use support::raw::Connection;
use support::{Client, Place, World, both, heavy};
use tokio::task::JoinHandle;

use crate::concurrency::contended;
use crate::handling::Handling;
use crate::process::{added, on, served_with, token};

const EMAIL: &str = "a@framdrift.example";
/// Of 32 writers, so many at each thing.
const EACH: usize = 8;

heavy! {
    async fn sixty_four_clients_at_one_record_lose_no_update(app: App) {
        contended(&app, 64, 50).await;
    }

    async fn a_minute_of_many_writers_breaks_no_rule(app: App) {
        let (began, mut rounds) = (Instant::now(), 0);
        while began.elapsed() < Duration::from_secs(60) {
            rules(&app.world().await, rounds).await;
            rounds += 1;
        }
        println!("{rounds} rounds of 32 writers");
    }
}

both! {
    async fn many_writers_at_once_break_no_rule(app: App) {
        for round in 0..2 {
            rules(&app.world().await, round).await;
        }
    }
}

/// Thirty-two writers who all want something that only some of them may have.
async fn rules(world: &World, round: usize) {
    let admin = world.as_admin();
    let key = world.make("cost-keys").await;
    let matter = Handling::of(world, "all").await;
    let mut emptied = Vec::new();
    for pair in 0..EACH / 2 {
        let project = json!({ "code": format!("T {round}.{pair}"), "name": "Tas bort", "type": "pre_study" });
        emptied.push(admin.create("projects", project).await);
    }
    let code = format!("K {round}");
    let same = json!({ "code": code, "name": "Samme kode", "type": "pre_study" });
    let codes: Vec<_> = (0..EACH).map(|_| sent(admin.post("/api/v1/projects", same.clone()))).collect();
    let pairs: Vec<_> = emptied
        .iter()
        .map(|project| {
            let milestone =
                json!({ "projectId": project["id"], "number": "01", "title": "Sent", "plannedOn": "2018-01-01" });
            (sent(admin.remove("projects", project)), sent(admin.post("/api/v1/milestones", milestone)))
        })
        .collect();
    let steps: Vec<_> =
        (0..EACH).map(|writer| sent(admin.post("/api/v1/political-steps", step(&matter, writer)))).collect();
    let shares: Vec<_> = (0..EACH).map(|writer| tokio::spawn(shared(admin.clone(), key.clone(), writer))).collect();
    let made = answered(codes).await;
    assert_eq!(made.iter().filter(|status| **status == 201).count(), 1, "one has the code: {made:?}");
    assert!(made.iter().all(|status| matches!(status, 201 | 409)), "{made:?}");
    assert_eq!(admin.walk(&format!("/api/v1/projects?code={}", code.replace(' ', "%20"))).await.len(), 1);
    for (deleted, added) in pairs {
        let [deleted, added] = answered(vec![deleted, added]).await[..] else { unreachable!("two were asked") };
        assert!(matches!((deleted, added), (204, 422) | (409, 201)), "a milestone under no project: {deleted} {added}");
    }
    assert!(answered(steps).await.iter().all(|status| *status == 201));
    assert_eq!(matter.standing(world).await, ("met".to_owned(), json!("2018-01-11"), [4, 4]));
    for done in join_all(shares).await {
        done.expect("the shares are the whole");
    }
}

fn sent(request: support::Request) -> JoinHandle<support::Answer> {
    tokio::spawn(request.into_future())
}

async fn answered(requests: Vec<JoinHandle<support::Answer>>) -> Vec<u16> {
    join_all(requests).await.into_iter().map(|answer| answer.expect("it is answered").status).collect()
}

/// Two writers for each council, with the same decision.
fn step(handling: &Handling, writer: usize) -> Value {
    let case = &handling.cases[writer % handling.cases.len()];
    json!({
        "projectId": case["projectId"], "caseId": case["id"], "body": "council", "meetingOn": "2018-01-11",
        "outcome": "adopted", "isFinal": true,
    })
}

/// Changes a key, and asks for its shares while others change it: they are the whole, always.
async fn shared(client: Client, key: Value, writer: usize) {
    let address = format!("/api/v1/cost-keys/{}", key["id"].as_str().expect("an identifier"));
    for amount in [1_000_001, 7] {
        let now = client.get(&address).await.expect(200);
        let patch = json!({ "components": [{ "type": "equal", "weight": writer + 1 }] });
        let changed = client.patch(&address, patch).if_match(&now.etag()).await;
        assert!(matches!(changed.status, 200 | 412), "{changed}");
        let shares = client.get(&format!("{address}/shares?amountOre={amount}")).await.expect(200);
        let amounts = shares["shares"].as_array().into_iter().flatten().filter_map(|share| share["amountOre"].as_i64());
        assert_eq!(amounts.sum::<i64>(), amount, "{shares}");
    }
}

both! {
    async fn a_service_without_descriptors_left_goes_on_when_it_has_some_again(place: Place) {
        let password = added(&place, EMAIL);
        let (mut server, mut log, address) = crate::process::recorded(on(&place).under(&["prlimit", "--nofile=64"]));
        let admin = Client::new(address).with_token(token(address, EMAIL, &password).await);
        admin.create("programmes", json!({ "name": "Før" })).await;
        let began = Instant::now();
        let held: Vec<Connection> = (0..120).map(|_| Connection::to(address)).collect();
        log.until("Error accepting");
        // Who is connected is still served.
        for number in 0..20 {
            let written = admin.post("/api/v1/programmes", json!({ "name": format!("Trangt {number}") })).await;
            assert!(matches!(written.status, 201 | 503), "{written}");
            let read = admin.get("/api/v1/programmes?limit=1").await;
            assert!(matches!(read.status, 200 | 503), "{read}");
        }
        drop(held);
        let healed = Instant::now();
        Client::new(address).get("/readyz").await.expect(200);
        Client::new(address).with_token(admin.token()).post("/api/v1/programmes", json!({ "name": "Etter" })).await.expect(201);
        println!("healed after {:?}", healed.elapsed());
        assert!(healed.elapsed() < Duration::from_secs(5), "{:?}", healed.elapsed());
        server.terminate();
        assert!(server.ended().success());
        let said = log.whole().lines().filter(|line| line.contains("Error accepting")).count();
        // Each worker's turn to accept may end with one of its own.
        let took = began.elapsed();
        let most = 4 * (usize::try_from(took.as_secs()).expect("seconds") + 2);
        assert!(said <= most, "{said} lines in {took:?} about the same thing");
    }
}

#[cfg(target_os = "linux")]
both! {
    async fn connections_that_are_idle_take_nothing_from_others(place: Place) {
        flood(&place, 100, 10).await;
    }
}

#[cfg(target_os = "linux")]
heavy! {
    async fn a_thousand_idle_connections_take_nothing_from_a_hundred_clients(place: Place) {
        flood(&place, 1000, 100).await;
    }
}

/// So many connections that have been answered once and stay, and so many clients who go on asking.
#[cfg(target_os = "linux")]
async fn flood(place: &Place, idle: usize, active: usize) {
    let password = added(place, EMAIL);
    let (mut server, address) = served_with(place, &["--rate-limit", "0", "--report-limit", "0"]);
    let admin = Client::new(address).with_token(token(address, EMAIL, &password).await);
    admin.create("projects", json!({ "code": "F", "name": "Flom", "type": "pre_study" })).await;
    // What the service opens and keeps for many clients, whoever is idle beside them.
    many(&admin, active).await;
    let alone = many(&admin, active).await;
    let (descriptors, memory) = (descriptors(server.id()), memory(server.id()));
    let mut held: Vec<Connection> = (0..idle).map(|_| Connection::to(address)).collect();
    for connection in &mut held {
        connection.send(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n");
    }
    for connection in &mut held {
        assert_eq!(connection.line(), "HTTP/1.1 200 OK");
    }
    let beside = many(&admin, active).await;
    let began = Instant::now();
    Client::new(address).get("/readyz").await.expect(200);
    let new = began.elapsed();
    let (open, taken) = (self::descriptors(server.id()), self::memory(server.id()).saturating_sub(memory));
    println!(
        "{idle} idle connections, {active} clients: alone {alone:?}, beside them {beside:?} (median, 99 %); somebody new {new:?}; {taken} KiB more"
    );
    assert!(
        open >= descriptors + idle,
        "only {open} of {descriptors} and {idle} descriptors are open: it has closed some"
    );
    assert!(taken < 150 * 1024, "{taken} KiB more for {idle} idle connections");
    for (beside, alone) in beside.into_iter().zip(alone) {
        assert!(beside < alone * 3 + Duration::from_millis(100), "{beside:?} beside them, {alone:?} alone");
    }
    assert!(new < alone[1] * 3 + Duration::from_millis(250), "somebody new waits {new:?}");
    drop(held);
    let began = Instant::now();
    while self::descriptors(server.id()) > descriptors + 8 {
        admin.get("/healthz").await.expect(200);
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "{} descriptors are open, {descriptors} were",
            self::descriptors(server.id())
        );
    }
    server.terminate();
    assert!(server.ended().success());
}

/// So many clients at once who each read again and again: how long half and 99 of a hundred answers take at most.
#[cfg(target_os = "linux")]
async fn many(client: &Client, clients: usize) -> [Duration; 2] {
    let readers = (0..clients).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            let mut took = Vec::new();
            for _ in 0..20 {
                took.push(client.get("/api/v1/projects?limit=1").await.expect(200).took);
            }
            took
        })
    });
    let mut took: Vec<Duration> =
        join_all(readers).await.into_iter().flat_map(|took| took.expect("each is answered")).collect();
    took.sort();
    [took[took.len() / 2], took[took.len() * 99 / 100]]
}

/// How many descriptors a process has open.
#[cfg(target_os = "linux")]
fn descriptors(process: u32) -> usize {
    std::fs::read_dir(format!("/proc/{process}/fd")).expect("it runs").count()
}

/// What a process has in memory, in KiB.
#[cfg(target_os = "linux")]
fn memory(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.split_whitespace().next().and_then(|size| size.parse().ok()).expect("a number")
}

heavy! {
    async fn twenty_of_the_dearest_answers_at_once_leave_the_others_fast(place: Place) {
        let password = added(&place, EMAIL);
        let (_server, address) = served_with(&place, &["--rate-limit", "0", "--report-limit", "0"]);
        let admin = Client::new(address).with_token(token(address, EMAIL, &password).await);
        let schedule = dear(&admin, times("FRAMDRIFT_TEST_MILESTONES", 2000)).await;
        let alone = reads(&admin, || true).await;
        let one = admin.get(&schedule).await.expect(200).took;
        let exports: Vec<_> = (0..20).map(|_| sent(admin.get(&schedule))).collect();
        let beside = reads(&admin, || exports.iter().all(JoinHandle::is_finished)).await;
        let mut statuses = Vec::new();
        for export in join_all(exports).await {
            let export = export.expect("it is answered");
            assert!(matches!(export.status, 200 | 429 | 503), "{export}");
            assert!(export.status == 200 || !export.header("retry-after").is_empty(), "who is not served is told when to come again");
            statuses.push(export.status);
        }
        println!("20 workbooks: {statuses:?}, one alone takes {one:?}; an ordinary GET: alone {alone:?}, beside them {beside:?} (median, 99 %)");
        assert!(statuses.contains(&200));
        // In a debug build a workbook takes seconds. Whoever had to wait until one is made would wait longer than for one alone; who only
        // shares the machine with them does not.
        assert!(beside[1] < Duration::from_millis(300).max(one), "{beside:?}, while one workbook takes {one:?}");
        assert!(beside[0] < Duration::from_millis(50).max(alone[0] * 20), "half of them take {:?}, alone {:?}", beside[0], alone[0]);
    }
}

/// A project with so many milestones; answers the address of its largest workbook.
pub(super) async fn dear(admin: &Client, milestones: usize) -> String {
    let project = json!({ "code": "S", "name": "Stort", "type": "main_project", "startsOn": "2017-01-01", "endsOn": "2027-12-31" });
    let project = admin.create("projects", project).await;
    let milestone = |n: usize| {
        let body = json!({
            "projectId": project["id"], "number": format!("{n:04}"), "title": format!("Milepæl nummer {n}"),
            "plannedOn": format!("20{}-{:02}-{:02}", 17 + n % 10, 1 + n % 12, 1 + n % 28),
        });
        json!({ "method": "POST", "path": "/milestones", "body": body })
    };
    let all: Vec<usize> = (0..milestones).collect();
    for part in all.chunks(500) {
        let operations: Vec<Value> = part.iter().copied().map(milestone).collect();
        admin.post("/api/v1/batch", json!({ "operations": operations })).await.expect(200);
    }
    format!("/api/v1/projects/{}/schedule?format=xlsx", project["id"].as_str().expect("an identifier"))
}

/// Reads one record again and again until it is over, a hundred times at least: how long half and 99 of a hundred take at most.
async fn reads(client: &Client, over: impl Fn() -> bool) -> [Duration; 2] {
    let project = client.get("/api/v1/projects?limit=1").await.expect(200).items()[0].clone();
    let mut took = Vec::new();
    while took.len() < 100 || !over() {
        let began = Instant::now();
        client.read("projects", &project).await;
        took.push(began.elapsed());
    }
    took.sort();
    [took[took.len() / 2], took[took.len() * 99 / 100]]
}
