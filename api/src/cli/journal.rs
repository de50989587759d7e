//! `framdrift journal`: is the journal what was sealed, a checkpoint to keep elsewhere, and all of it for others to verify.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Subcommand;

use super::bar::Bar;
use crate::access::Caller;
use crate::app;
use crate::config::Config;
use crate::problem::Error;
use crate::store::chain::checkpoint::{self, Checkpoint, Signer};
use crate::store::chain::verify::{Verified, verify};
use crate::store::chain::{self, export::lines, form};
use crate::store::{Store, Writer, feed};

/// What can be done with the journal.
#[derive(Subcommand)]
pub enum JournalCommand {
    /// Check the chain of hashes from the first entry on, and name the first that does not hold
    Verify {
        /// A checkpoint that was kept elsewhere: its signed line, or the record as the API gives it
        #[arg(long)]
        checkpoint: Vec<PathBuf>,
    },
    /// Sign where the journal stands and print the line, to be kept elsewhere
    Checkpoint,
    /// Print every entry of the chain as a line of JSON, with its hash and what was hashed, people as digests
    Export,
}

/// Does it.
///
/// # Errors
/// When the database cannot be read, or the journal is not what was sealed.
pub async fn run(config: &Config, command: JournalCommand) -> Result<(), Error> {
    let database = app::open(config).await?;
    let store = database.open().await?;
    if !store.ready().await.unwrap_or(false) {
        let what = "its tables are not those of this version: run `framdrift migrate` first";
        return Err(Error::internal("read the journal", what));
    }
    let signer = Signer::of(&store).await?;
    let done = match command {
        JournalCommand::Verify { checkpoint } => tell(&store, &signer, &checkpoint).await,
        JournalCommand::Checkpoint => print(&store, &signer).await,
        JournalCommand::Export => export(&store).await,
    };
    database.close().await?;
    done
}

async fn tell(store: &Store, signer: &Signer, files: &[PathBuf]) -> Result<(), Error> {
    let kept = files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let began = std::time::Instant::now();
    let bar = Bar::new();
    let progress = |done: i64, of: i64| {
        bar.show(done.unsigned_abs(), of.unsigned_abs());
    };
    let verified = verify(store, signer, &kept, &progress).await;
    drop(bar);
    let verified = verified?;
    let seconds = began.elapsed().as_secs_f64();
    if let Some(broken) = &verified.broken {
        let place = [("entry", broken.sequence), ("place", broken.position)];
        let place = place.iter().filter_map(|(what, number)| Some(format!("{what} {}", (*number)?)));
        let place = place.collect::<Vec<_>>().join(", ");
        let why = broken.fault.told().en;
        let what = format!("{place}: {why} ({}); {} entries before it hold", broken.fault.code(), verified.entries);
        return Err(Error::internal("verify the journal", what));
    }
    println!("{}", whole(&verified, seconds));
    Ok(())
}

fn whole(verified: &Verified, seconds: f64) -> String {
    let Verified { entries, checkpoints, waiting, hash, .. } = verified;
    let waiting = if *waiting > 0 { format!("; {waiting} wait to be sealed") } else { String::new() };
    let hash = form::hex(hash);
    format!("The journal holds: {entries} entries, {checkpoints} checkpoints, {seconds:.1} s{waiting}.\n{hash}")
}

fn read(file: &PathBuf) -> Result<Checkpoint, Error> {
    let text = std::fs::read_to_string(file).map_err(|error| Error::internal("read the checkpoint", error))?;
    Checkpoint::read(&text).ok_or_else(|| {
        let what = "the file is neither the line of a checkpoint nor its record as JSON";
        Error::internal("read the checkpoint", what)
    })
}

async fn print(store: &Store, signer: &Signer) -> Result<(), Error> {
    feed::seal(store).await?;
    chain::extend(store).await?;
    let writer = Writer::of(&Caller::operator());
    let id = checkpoint::sign(store, signer, writer).await?;
    let id = id.ok_or_else(|| Error::internal("sign a checkpoint", "the journal has no entry yet"))?;
    let line = checkpoint::line(&store.read, id).await?;
    println!("{line}");
    Ok(())
}

async fn export(store: &Store) -> Result<(), Error> {
    feed::seal(store).await?;
    chain::extend(store).await?;
    let mut last = 0;
    while let Some((next, page)) = lines(store, last).await? {
        std::io::stdout().write_all(&page).map_err(|error| Error::internal("write the journal", error))?;
        last = next;
    }
    Ok(())
}
