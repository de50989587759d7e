//! PostgreSQL that crashes, hangs up or cannot be reached, while the service serves.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use support::Client;
use support::cluster::Cluster;
use support::dice::{Dice, times};
use support::proxy::Proxy;

use super::judge;
use super::writer::{self, Service, Told};
use crate::process::{added, on, served_with, token};

const EMAIL: &str = "a@framdrift.example";
/// Longest time in which a service notices that its database is gone.
const NOTICED: Duration = Duration::from_secs(2);
/// Longest time in which it serves again once the database is back.
const RECOVERED: Duration = Duration::from_secs(5);

/// What happens to the database, or to the way there.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// It ends at once, and is started again.
    Crash,
    /// It ends every connection.
    HangUp,
    /// Connections break, and new ones too, until the network is mended.
    Cut,
    /// Nothing passes, and nobody is told, until the network is mended.
    Silence,
}

const FAULTS: [Fault; 4] = [Fault::Crash, Fault::HangUp, Fault::Cut, Fault::Silence];

#[test]
fn a_database_that_fails_is_503_and_nothing_is_lost() {
    outages(&FAULTS, Dice::thrown());
}

#[test]
#[ignore = "heavy: tests/run --heavy"]
fn fifty_failures_of_the_database_are_503_and_nothing_is_lost() {
    let mut dice = Dice::thrown();
    let faults: Vec<Fault> = (0..times("FRAMDRIFT_TEST_OUTAGES", 50)).map(|_| *dice.one_of(&FAULTS)).collect();
    outages(&faults, dice);
}

fn outages(faults: &[Fault], dice: Dice) {
    let Some(cluster) = Cluster::start() else {
        eprintln!("skipped: PostgreSQL's programs are not installed, so none can be stopped");
        return;
    };
    support::block_on(suffered(Arc::new(cluster), faults, dice));
}

async fn suffered(cluster: Arc<Cluster>, faults: &[Fault], mut dice: Dice) {
    let proxy = Proxy::before(cluster.address).await;
    // What comes before and after the service takes the straight way.
    let (place, straight) = (cluster.place(proxy.address), cluster.place(cluster.address));
    let password = tokio::task::spawn_blocking(move || added(&straight, EMAIL)).await.expect("a user is added");
    let settings = ["--webhook-delivery", "false", "--rate-limit", "0", "--report-limit", "0", "--workers", "2"];
    let serving = place.clone();
    let start = tokio::task::spawn_blocking(move || served_with(&serving, &settings));
    let (mut server, address) = start.await.expect("it starts");
    let admin = Client::new(address).with_token(token(address, EMAIL, &password).await);
    let service = Service::new();
    let writers = writer::start(&service, &admin, &mut dice).await;
    service.is_at(admin.clone());
    let readers: Vec<_> = (0..4).map(|_| tokio::spawn(reads(Arc::clone(&service), admin.clone()))).collect();
    let (mut noticed, mut recovered) = (Vec::new(), Vec::new());
    for fault in faults {
        service.more(16 + dice.below(48)).await;
        let began = Instant::now();
        match fault {
            Fault::Crash => blocking(&cluster, Cluster::crash).await,
            Fault::HangUp => {
                let ended = cluster.terminate().await;
                assert!(ended > 0, "somebody was connected");
            }
            Fault::Cut => proxy.cut(),
            Fault::Silence => proxy.silence(),
        }
        if !matches!(fault, Fault::HangUp) {
            noticed.push(until_ready(address, false, began, NOTICED, *fault).await);
        }
        match fault {
            Fault::Crash => blocking(&cluster, Cluster::begin).await,
            Fault::HangUp => {}
            Fault::Cut | Fault::Silence => proxy.mend(),
        }
        let began = Instant::now();
        until_ready(address, true, began, RECOVERED, *fault).await;
        // And everybody's next write is done.
        service.more(16).await;
        assert!(began.elapsed() < RECOVERED, "{fault:?}: {:?}", began.elapsed());
        recovered.push(began.elapsed());
    }
    service.more(32).await;
    service.end();
    let told: Vec<Told> = join_all(writers).await.into_iter().map(|told| told.expect("no writer fails")).collect();
    let refused: usize = join_all(readers).await.into_iter().map(|refused| refused.expect("no reader fails")).sum();
    let events = judge::records(&admin, &told).await;
    server.terminate();
    assert!(tokio::task::spawn_blocking(move || server.ended()).await.expect("it ends").success());
    let straight = cluster.place(cluster.address);
    let verified = tokio::task::spawn_blocking(move || on(&straight).with(&["journal", "verify"]).printed()).await;
    blocking(&cluster, Cluster::checked).await;
    println!(
        "{} failures: {}; readers were told to come again {refused} times; {} events\n\
         noticed within {:?}, served again within {:?}\n{}",
        faults.len(),
        judge::summary(&told),
        events.len(),
        noticed.iter().max(),
        recovered.iter().max(),
        verified.expect("the journal holds").trim()
    );
}

#[test]
#[ignore = "heavy: tests/run --heavy"]
fn a_service_that_vanishes_leaves_its_locks_to_nobody() {
    let Some(cluster) = Cluster::start() else {
        eprintln!("skipped: PostgreSQL's programs are not installed, so none can be cut off");
        return;
    };
    support::block_on(vanished(cluster, Dice::thrown()));
}

/// The machine of one replica is gone and PostgreSQL has not heard of it; another replica goes on.
async fn vanished(cluster: Cluster, mut dice: Dice) {
    let proxy = Proxy::before(cluster.address).await;
    let (place, straight) = (cluster.place(proxy.address), cluster.place(cluster.address));
    let password = added(&straight, EMAIL);
    let settings = ["--rate-limit", "0", "--report-limit", "0", "--public-url", "http://framdrift.example"];
    let start = move || served_with(&place, &settings);
    let (mut first, here) = tokio::task::spawn_blocking(start).await.expect("it starts");
    let (_second, there) = served_with(&straight, &settings);
    let admin = Client::new(here).with_token(token(here, EMAIL, &password).await);
    let service = Service::new();
    let writers = writer::start(&service, &admin, &mut dice).await;
    service.is_at(admin.clone());
    service.more(64).await;
    proxy.silence();
    first.kill();
    let began = Instant::now();
    let admin = Client::new(there).with_token(admin.token());
    service.is_at(admin.clone());
    // Each ends with its next answer; some of them wait for who is gone.
    service.end();
    let told: Vec<Told> = join_all(writers).await.into_iter().map(|told| told.expect("no writer fails")).collect();
    println!("everybody has written again after {:?}: {}", began.elapsed(), judge::summary(&told));
    assert!(began.elapsed() < Duration::from_secs(45), "{:?}", began.elapsed());
    judge::records(&admin, &told).await;
}

/// Stops and starts wait for the cluster, and the network goes on meanwhile.
async fn blocking(cluster: &Arc<Cluster>, what: fn(&Cluster)) {
    let cluster = Arc::clone(cluster);
    tokio::task::spawn_blocking(move || what(&cluster)).await.expect("the cluster does it");
}

/// Waits until the service says that it is ready, or that it is not; how long that took.
async fn until_ready(address: SocketAddr, ready: bool, began: Instant, most: Duration, fault: Fault) -> Duration {
    let client = Client::new(address);
    loop {
        let answer = tokio::time::timeout(most, client.get("/readyz").tried()).await;
        let answer = answer.unwrap_or_else(|_| panic!("{fault:?}: /readyz does not answer")).expect("it serves");
        let took = began.elapsed();
        assert!(took < most, "{fault:?}: ready is {} after {took:?}: {answer}", !ready);
        match answer.status {
            200 if ready => return took,
            503 if !ready => {
                answer.refused(503, "server.unavailable");
                return took;
            }
            200 | 503 => tokio::task::yield_now().await,
            _ => panic!("{answer}"),
        }
    }
}

/// Reads until the writers end; how often it was told to come again.
async fn reads(service: Arc<Service>, client: Client) -> usize {
    let mut refused = 0;
    for path in
        ["/api/v1/goals?limit=10", "/api/v1/projects?limit=10&count=true", "/api/v1/events?limit=10"].iter().cycle()
    {
        if service.is_ending() {
            break;
        }
        let answer = client.get(path).await;
        if answer.status == 503 {
            refused += 1;
            let wait: u64 = answer.header("retry-after").parse().expect("seconds");
            assert!(wait <= 1, "{answer}");
            answer.refused(503, "server.unavailable");
            tokio::time::sleep(Duration::from_secs(wait)).await;
        } else {
            answer.expect(200);
        }
    }
    refused
}
