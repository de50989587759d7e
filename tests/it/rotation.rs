//! Another key signs access tokens, and nobody is logged out by it; or everybody is, when that is wanted.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use support::process::Running;
use support::{Client, Place, both};

use crate::process::{added, on, served_with, token};

/// Longest that a replica may take to know of a change.
const HEARS: Duration = Duration::from_secs(40);

/// The processes that serve one database: on SQLite one, which stops while keys are rotated; on PostgreSQL two, which do not.
struct Site {
    place: Place,
    servers: Vec<(Running, SocketAddr)>,
}

impl Site {
    fn new(place: Place) -> Self {
        let mut site = Self { place, servers: Vec::new() };
        site.serve();
        site
    }

    fn serve(&mut self) {
        let count = if matches!(self.place, Place::Sqlite(_)) { 1 } else { 2 };
        while self.servers.len() < count {
            self.servers.push(served_with(
                &self.place,
                &["--public-url", "https://framdrift.example", "--drain-delay", "0", "--rate-limit", "0"],
            ));
        }
    }

    /// Runs `framdrift keys rotate`.
    fn rotate(&mut self, more: &[&str]) -> String {
        if matches!(self.place, Place::Sqlite(_)) {
            for (mut server, _) in self.servers.drain(..) {
                server.terminate();
                assert!(server.ended().success());
            }
        }
        let said = on(&self.place).with(&["keys", "rotate"]).with(more).printed();
        self.serve();
        said
    }

    fn addresses(&self) -> Vec<SocketAddr> {
        self.servers.iter().map(|(_, address)| *address).collect()
    }

    /// What every server answers with a token.
    async fn statuses(&self, token: &str) -> Vec<u16> {
        let mut statuses = Vec::new();
        for address in self.addresses() {
            statuses.push(Client::new(address).with_token(token.to_owned()).get("/api/v1/me").await.status);
        }
        statuses
    }

    async fn all(&self, token: &str, status: u16) -> bool {
        self.statuses(token).await.iter().all(|one| *one == status)
    }

    /// Waits until every server shows as many keys; answers the names that the first shows.
    async fn shows(&self, count: usize) -> Vec<String> {
        let began = Instant::now();
        let mut first = Vec::new();
        for address in self.addresses() {
            loop {
                let shown = Client::new(address).get("/.well-known/jwks.json").await.expect(200);
                let kids: Vec<String> = shown["keys"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|key| Some(key["kid"].as_str()?.to_owned()))
                    .collect();
                if kids.len() == count {
                    if first.is_empty() {
                        first = kids;
                    }
                    break;
                }
                assert!(began.elapsed() < HEARS, "{address} shows {kids:?}");
                tokio::task::yield_now().await;
            }
        }
        first
    }
}

/// The name of the key that signed a token.
fn kid(token: &str) -> String {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap_or_default()).expect("a header");
    let header: Value = serde_json::from_slice(&header).expect("JSON");
    header["kid"].as_str().expect("a name").to_owned()
}

both! {
    async fn a_new_key_signs_and_the_former_checks_what_it_signed(place: Place) {
        let password = added(&place, "a@framdrift.example");
        let mut site = Site::new(place);
        let login = async |address: SocketAddr| token(address, "a@framdrift.example", &password).await;
        let old = login(site.addresses()[0]).await;
        assert_eq!(site.shows(1).await, [kid(&old)]);
        let said = site.rotate(&["--after", "0"]);
        let shown = site.shows(2).await;
        assert!(said.contains(&shown[0]) && shown[1] == kid(&old), "the new one first: {shown:?}, {said}");
        for address in site.addresses() {
            let new = login(address).await;
            assert_eq!(kid(&new), shown[0], "it signs");
            assert!(site.all(&new, 200).await, "and every process takes it");
        }
        assert!(site.all(&old, 200).await, "nobody is logged out");
        let new = login(site.addresses()[0]).await;
        // One that is announced is shown and does not sign yet.
        site.rotate(&["--after", "3600"]);
        let announced = site.shows(3).await;
        assert_eq!((&announced[1..], kid(&login(site.addresses()[0]).await)), (&shown[..], shown[0].clone()));
        // In wrong hands: every token of a former key is refused, and the next login is good everywhere.
        site.rotate(&["--at-once"]);
        let only = site.shows(1).await;
        let began = Instant::now();
        while !(site.all(&old, 401).await && site.all(&new, 401).await) {
            assert!(began.elapsed() < HEARS, "{:?} {:?}", site.statuses(&old).await, site.statuses(&new).await);
        }
        for address in site.addresses() {
            let fresh = login(address).await;
            assert_eq!([kid(&fresh)], only[..]);
            assert!(site.all(&fresh, 200).await);
        }
    }
}
