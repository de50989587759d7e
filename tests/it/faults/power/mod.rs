//! Power that goes while many write, on SQLite: the files are made again from what the service asked the kernel for, as a disk may hold
//! them that has lost what was not synced; and nothing is missing that had been answered.

mod disk;
mod image;
mod made_up;
mod told;
mod trace;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Instant;

use futures_util::future::join_all;
use support::Client;
use support::dice::{Dice, times};
use support::process::{Framdrift, Running};

use super::writer::{self, Service, Told};
use crate::process::{binary, serving_at, token};
use disk::{Disk, Fate};
use told::Known;
use trace::Event;

const EMAIL: &str = "a@framdrift.example";
/// Cuts of one recorded run.
const ROUND: usize = 250;
/// Of so many images one is served again.
const SERVED: usize = 80;
/// Cuts at which syncs of the log are taken for nothing, to see that the loss is found.
const HEEDLESS: usize = 8;

#[test]
fn power_that_goes_takes_nothing_that_was_answered() {
    support::block_on(cut(40, 40));
}

#[test]
#[ignore = "heavy: tests/run --heavy"]
fn power_that_goes_a_thousand_times_takes_nothing_that_was_answered() {
    support::block_on(cut(times("FRAMDRIFT_TEST_CUTS", 1000), 250));
}

/// So many cuts, in rounds that each record a run of so many answers.
async fn cut(cuts: usize, answers: u64) {
    if !trace::is_there() {
        eprintln!("skipped: strace is missing or may not trace, so no loss of power can be replayed");
        return;
    }
    let (mut dice, mut done, began) = (Dice::thrown(), 0, Instant::now());
    while done < cuts {
        let of_round = ROUND.min(cuts - done);
        let run = Run::record(answers, &mut dice).await;
        println!(
            "{} calls recorded after {:?}: {}",
            run.events.len(),
            began.elapsed(),
            super::judge::summary(&run.told)
        );
        run.cut(of_round, &mut dice).await;
        done += of_round;
        println!("{done} cuts after {:?}", began.elapsed());
    }
}

/// A run of the service from its first user on, and what it asked the kernel for.
struct Run {
    home: tempfile::TempDir,
    events: Vec<Event>,
    lines: usize,
    told: Vec<Told>,
    password: String,
}

impl Run {
    /// The data directory in a home.
    fn data(home: &Path) -> PathBuf {
        home.join("ny/data")
    }

    /// Adds a user, lets many write, ends the service in good order, starts it again, lets them write on, and ends it at once.
    async fn record(answers: u64, dice: &mut Dice) -> Self {
        let home = tempfile::tempdir().expect("a directory");
        let root = home.path().canonicalize().expect("a directory");
        let traces = tempfile::tempdir().expect("a directory");
        let trace = |number: usize| traces.path().join(format!("{number}.trace"));
        let add = ["user", "add", "--email", EMAIL, "--name", "A", "--administrator"];
        let said = traced(&Self::data(&root), &trace(0)).with(&add).printed();
        let password = said.lines().find_map(|line| line.strip_prefix("Password (shown once): ")).expect("a password");
        let service = Service::new();
        let (server, address) = started(&Self::data(&root), &trace(1)).await;
        let admin = Client::new(address).with_token(token(address, EMAIL, password.trim()).await);
        let writers = writer::start(&service, &admin, dice).await;
        service.is_at(admin.clone());
        service.more(answers / 2).await;
        server.terminate();
        ended(server).await;
        let (mut server, address) = started(&Self::data(&root), &trace(2)).await;
        service.is_at(Client::new(address).with_token(admin.token()));
        service.more(answers / 2).await;
        service.end();
        let told = join_all(writers).await.into_iter().map(|told| told.expect("no writer fails")).collect();
        server.kill();
        ended(server).await;
        let (mut events, mut lines) = (Vec::new(), 0);
        for number in 0..3 {
            let (read, after) = trace::read(&trace(number), &root, lines);
            events.extend(read);
            lines = after;
        }
        Self { home, events, lines, told, password: password.trim().to_owned() }
    }

    /// Cuts the power so many times, in the order of time, and looks at what each leaves.
    async fn cut(&self, count: usize, dice: &mut Dice) {
        let root = self.home.path().canonicalize().expect("a directory");
        let known = Known::of(&self.events, &self.told);
        let mut disk = Disk::new(&root, &self.events);
        for (number, line) in self.lines_to_cut(&known, count, dice).into_iter().enumerate() {
            disk.until(line);
            let fate = *dice.one_of(&[Fate::Lost, Fate::Torn, Fate::Some, Fate::SomeTorn]);
            let image = tempfile::tempdir().expect("a directory");
            disk.image(image.path(), fate, dice);
            if known.user < line && number % SERVED == SERVED / 2 - 1 {
                self.served(&Self::data(image.path()), &known, line).await;
            }
            let faults = image::faults(&Self::data(image.path()), &known, line).await;
            if !faults.is_empty() {
                let kept = image.keep();
                panic!("power that went at line {line} ({fate:?}) left in {}:\n{}", kept.display(), faults.join("\n"));
            }
        }
        // What is found here would be found there.
        let mut heedless = Disk::new(&root, &self.events).heedless_of(|path| path.ends_with("framdrift.db-wal"));
        let mut found = 0;
        for part in 1..=HEEDLESS {
            let line = known.answered[known.answered.len() * part / HEEDLESS - 1].0 + 1;
            heedless.until(line);
            let image = tempfile::tempdir().expect("a directory");
            heedless.image(image.path(), Fate::Lost, dice);
            let faults = image::faults(&Self::data(image.path()), &known, line).await;
            found += usize::from(faults.iter().any(|fault| fault.starts_with("lost")));
        }
        println!("a log that is not synced: something is lost at {found} of {HEEDLESS} cuts");
        assert!(found > HEEDLESS / 2, "a loss is not found");
    }

    /// Where to cut: half of them as soon as something has been answered, the others anywhere.
    fn lines_to_cut(&self, known: &Known, count: usize, dice: &mut Dice) -> Vec<usize> {
        let anywhere = u64::try_from(self.lines).expect("a number");
        let mut lines: Vec<usize> = (0..count)
            .map(|number| match number % 2 {
                0 => dice.one_of(&known.answered).0 + 1,
                _ => usize::try_from(dice.below(anywhere)).expect("a number"),
            })
            .collect();
        lines.sort_unstable();
        lines
    }

    /// Serves what a loss of power left, as it left it: everything answered is answered again, and the journal verifies.
    async fn served(&self, data: &Path, known: &Known, line: usize) {
        let copy = tempfile::tempdir().expect("a directory");
        for file in std::fs::read_dir(data).expect("a directory").flatten() {
            std::fs::copy(file.path(), copy.path().join(file.file_name())).expect("a file is copied");
        }
        let here = on(copy.path());
        let (server, address) = starting(here.clone()).await;
        let admin = Client::new(address).with_token(token(address, EMAIL, &self.password).await);
        let newest = known.at(line);
        for effect in newest.values() {
            let address = format!("/api/v1/{}s/{}", effect.kind, effect.id);
            let found = admin.get(&address).await.expect(200);
            assert!(found["version"].as_u64() >= Some(effect.version), "{effect:?} is lost: {found}");
            if effect.kind == "document" && found["sha256"].is_string() {
                let content = admin.get(&format!("{address}/content")).await.expect(200);
                assert_eq!(found["sha256"], writer::hash(&content.bytes), "{found}");
            }
        }
        server.terminate();
        ended(server).await;
        let verified = here.with(&["journal", "verify"]).printed();
        println!("cut at line {line} of {}: {} records are served; {}", self.lines, newest.len(), verified.trim());
    }
}

/// The binary on a data directory.
fn on(data: &Path) -> Framdrift {
    let unlimited =
        ["--rate-limit", "0", "--report-limit", "0", "--public-url", "http://framdrift.example", "--drain-delay", "0"];
    binary().with(&["--data-dir", &data.to_string_lossy()]).with(&unlimited)
}

/// The same, with what it asks the kernel for written down.
fn traced(data: &Path, trace: &Path) -> Framdrift {
    let command = trace::command(trace);
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    on(data).under(&command)
}

async fn started(data: &Path, trace: &Path) -> (Running, SocketAddr) {
    starting(traced(data, trace)).await
}

async fn starting(server: Framdrift) -> (Running, SocketAddr) {
    tokio::task::spawn_blocking(move || serving_at(server)).await.expect("it starts")
}

/// Waits until it has ended, and whoever traced it.
async fn ended(mut server: Running) {
    tokio::task::spawn_blocking(move || server.ended()).await.expect("it ends");
}
