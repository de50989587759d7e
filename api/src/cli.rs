//! The commands of the binary.

mod backup;
mod bar;
mod erasure;
mod import;
mod journal;
mod keys;
mod logging;
mod retention;

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde_json::Value;
use uuid::Uuid;

use crate::access::scope;
use crate::app::{self, App};
use crate::config::{Config, Settings};
use crate::exchange::export;
use crate::problem::Error;
use crate::store;
use crate::{accounts, demo, http, openapi, routes};

/// Framdrift: inter-municipal development projects over HTTP
#[derive(Parser)]
#[command(
    name = "framdrift",
    version,
    about,
    after_help = "Settings come from flags, then FRAMDRIFT_* variables, then the file of --config, then the defaults."
)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Migrate and serve; the default
    Serve,
    /// Serve the Sør-Troms project from a throw-away database (or --data-dir)
    Demo,
    /// Migrate and end
    Migrate,
    /// Users
    #[command(subcommand)]
    User(UserCommand),
    /// Machine clients
    #[command(subcommand)]
    Client(ClientCommand),
    /// Bring in a project document or the list of municipalities; all or nothing
    Import {
        /// The file, - for standard input; its content says which of the two it is
        file: PathBuf,
        /// Say what would happen, change nothing
        #[arg(long)]
        dry_run: bool,
        /// Why, for the journal; moving a planned date needs it
        #[arg(long)]
        reason: Option<String>,
    },
    /// Print the document of a project
    Export {
        /// The project's identifier or code
        project: String,
    },
    /// Copy the SQLite database to a file, also while it is served; on PostgreSQL use pg_dump
    Backup {
        /// The file; it must not exist. FILE.sha256 is written beside it
        file: PathBuf,
    },
    /// Put a backup into an empty --data-dir or, with --database-url, into an empty PostgreSQL database
    Restore {
        /// The file that `framdrift backup` wrote
        file: PathBuf,
        /// The SHA-256 that the backup printed; without it FILE.sha256 is read
        #[arg(long, value_name = "HEX")]
        sha256: Option<String>,
        /// A log of erasures that was kept elsewhere (`framdrift erasure log`), done again beside the one of --erasure-log
        #[arg(long, value_name = "FILE")]
        erasures: Option<PathBuf>,
    },
    /// Erasures of people's data, for backups that are restored
    #[command(subcommand)]
    Erasure(erasure::ErasureCommand),
    /// Do what the rules of retention say, as the service does once a day
    Retention {
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// The journal: who wrote what, when and why
    #[command(subcommand)]
    Journal(journal::JournalCommand),
    /// The keys that sign access tokens
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Print the OpenAPI document
    Openapi,
    /// Ask a running service whether it is ready; for container health checks
    Health,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add a user; without --password-stdin a password is made and printed once
    Add {
        /// The address to log in with
        #[arg(long)]
        email: String,
        /// What to call the user
        #[arg(long)]
        name: String,
        /// May do everything
        #[arg(long)]
        administrator: bool,
        /// The person of the directory that the user is
        #[arg(long)]
        person: Option<Uuid>,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
}

#[derive(Subcommand)]
enum ClientCommand {
    /// Add a machine that calls for an organisation; its secret is printed once
    Add {
        /// The organisation's number (nine digits)
        #[arg(long)]
        organisation: String,
        /// What to call the client
        #[arg(long)]
        name: String,
        /// What its tokens may be used for; may stand several times
        #[arg(long, required = true, value_parser = scope::ALL.map(scope::code))]
        scope: Vec<String>,
    },
}

/// Runs the command of the arguments; the exit code is 0 when it went well.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match actix_web::rt::System::new().block_on(run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("framdrift: {}", told(&error));
            ExitCode::FAILURE
        }
    }
}

/// What went wrong, for the person at the command line.
fn told(error: &Error) -> String {
    match error {
        Error::Problem(problem) => {
            let detail = problem.detail.as_ref().map_or(problem.code.title[2], |detail| detail.en.as_str());
            let faults = problem.errors.iter().map(|fault| format!("\n  {}: {}", fault.pointer, fault.message.en));
            format!("{detail}{}", faults.collect::<String>())
        }
        Error::Database(_) | Error::Internal { .. } => error.with_causes(),
    }
}

async fn run(cli: Cli) -> Result<(), Error> {
    let command = cli.command.unwrap_or(Command::Serve);
    if let Command::Demo = command {
        let settings = cli.settings.clone();
        logging::begin(&cli.settings.resolve()?)?;
        return demo::run(settings).await;
    }
    let config = cli.settings.resolve()?;
    logging::begin(&config)?;
    let _ = routes::resources();
    match command {
        Command::Serve | Command::Demo => serve(&config).await,
        Command::Migrate => migrate(&config).await,
        Command::User(UserCommand::Add { email, name, administrator, person, password_stdin }) => {
            let given = if password_stdin { Some(password()?) } else { None };
            let new = accounts::NewUser { email, name, administrator, person };
            add_user(&config, new, given).await
        }
        Command::Client(ClientCommand::Add { organisation, name, scope }) => {
            add_client(&config, accounts::NewClient { organisation, name, scopes: scope }).await
        }
        Command::Import { file, dry_run, reason } => import::run(&config, &file, dry_run, reason).await,
        Command::Export { project } => take_out(&config, &project).await,
        Command::Backup { file } => backup::backup(&config, &file).await,
        Command::Restore { file, sha256, erasures } => {
            backup::restore(&config, &file, sha256, erasures.as_deref()).await
        }
        Command::Erasure(command) => erasure::run(&config, command).await,
        Command::Retention { dry_run } => retention::run(&config, dry_run).await,
        Command::Journal(command) => journal::run(&config, command).await,
        Command::Keys(command) => keys::run(&config, command).await,
        Command::Openapi => {
            print!("{}", openapi::text());
            Ok(())
        }
        Command::Health => http::health::ask(config.listen).await,
    }
}

async fn serve(config: &Config) -> Result<(), Error> {
    config.refuse_well_known_secrets()?;
    let app = App::build(config).await?;
    if let Some(address) = app.metrics_address {
        tracing::info!(%address, "Metrics are at http://{address}/metrics");
    }
    tracing::info!(address = %app.address, "Framdrift serves at {}", app.public_url);
    app.run().await
}

async fn migrate(config: &Config) -> Result<(), Error> {
    let database = app::open(config).await?;
    database.migrate().await?;
    database.close().await?;
    eprintln!("The tables are up to date.");
    Ok(())
}

async fn add_user(config: &Config, new: accounts::NewUser, given: Option<String>) -> Result<(), Error> {
    let database = app::open(config).await?;
    database.migrate().await?;
    let made = given.is_none();
    let password = given.map_or_else(accounts::fresh_password, Ok)?;
    let email = new.email.clone();
    accounts::add(&database.open().await?, new, password.clone()).await?;
    database.close().await?;
    println!("User {email} is added.");
    if made {
        println!("Password (shown once): {password}");
    }
    Ok(())
}

async fn add_client(config: &Config, new: accounts::NewClient) -> Result<(), Error> {
    let database = app::open(config).await?;
    database.migrate().await?;
    let name = new.name.clone();
    let (id, secret) = accounts::add_client(&database.open().await?, new).await?;
    database.close().await?;
    println!("Client {name} is added.");
    println!("Client id: {id}");
    println!("Client secret (shown once): {secret}");
    Ok(())
}

fn password() -> Result<String, Error> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| Error::internal("read the password", error))?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

async fn take_out(config: &Config, project: &str) -> Result<(), Error> {
    let database = app::open(config).await?;
    database.migrate().await?;
    let store = database.open().await?;
    let id = accounts::project(&store, project).await?;
    let picture = store::whole(&store.read, id).await?;
    println!("{}", pretty(&export::document(id, &picture)));
    database.close().await?;
    Ok(())
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
