//! The configuration: flags, then `FRAMDRIFT_*` environment variables, then a TOML file, then defaults.

mod edge;
pub mod issuers;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use ipnet::IpNet;
use serde::Deserialize;

pub use self::edge::{Collector, Contact, Origin};
use self::issuers::IssuerSettings;
use crate::problem::Error;

/// Where Enhetsregisteret answers.
const REGISTER: &str = "https://data.brreg.no/enhetsregisteret/api";

/// How often an issuer is asked for its keys at most, in seconds.
const SHORTEST_REFRESH: u32 = 60;

/// A value that is never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The value, for the one place that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl std::str::FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text when a person watches, JSON when nobody does.
    Auto,
    /// Sentences with fields.
    Text,
    /// One JSON object per line.
    Json,
}

/// The settings as they are given: by flag, environment or file.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// TOML file with any of these settings (names as the flags)
    #[arg(long, env = "FRAMDRIFT_CONFIG", global = true)]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Address to serve on [default: 127.0.0.1:8080]
    #[arg(long, env = "FRAMDRIFT_LISTEN", global = true)]
    pub listen: Option<SocketAddr>,
    /// Directory of the SQLite file and its lock [default: data]
    #[arg(long, env = "FRAMDRIFT_DATA_DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// postgres://… to use PostgreSQL in place of the SQLite file (also DATABASE_URL)
    #[arg(long, env = "FRAMDRIFT_DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<Secret>,
    /// postgres://… of a streaming standby of --database-url that answers reads while it is not behind [default: none]
    #[arg(long, env = "FRAMDRIFT_READ_DATABASE_URL", global = true, hide_env_values = true)]
    pub read_database_url: Option<Secret>,
    /// Public address of the service, in links, problem types and tokens [default: http://<listen>]
    #[arg(long, env = "FRAMDRIFT_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// Connections to PostgreSQL per worker [default: 4]
    #[arg(long, env = "FRAMDRIFT_POSTGRES_POOL", global = true, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub postgres_pool: Option<u32>,
    /// Worker threads [default: the number of processors]
    #[arg(long, env = "FRAMDRIFT_WORKERS", global = true, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: Option<u16>,
    /// Largest JSON body in bytes [default: 1048576]
    #[arg(long, env = "FRAMDRIFT_BODY_LIMIT", global = true, value_parser = clap::value_parser!(u32).range(1024..=104_857_600))]
    pub body_limit: Option<u32>,
    /// Largest content of a document in bytes [default: 268435456]
    #[arg(long, env = "FRAMDRIFT_DOCUMENT_LIMIT", global = true, value_parser = clap::value_parser!(u64).range(1024..=17_179_869_184))]
    pub document_limit: Option<u64>,
    /// How many days the change feed and the log of deliveries keep [default: 90]
    #[arg(long, env = "FRAMDRIFT_EVENT_DAYS", global = true, value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub event_days: Option<u16>,
    /// File that tells what was erased of whom, for backups that are restored [default: erasures.jsonl beside the SQLite file; none with PostgreSQL]
    #[arg(long, env = "FRAMDRIFT_ERASURE_LOG", global = true)]
    pub erasure_log: Option<PathBuf>,
    /// Whether this process sends to webhooks [default: true]
    #[arg(long, env = "FRAMDRIFT_WEBHOOK_DELIVERY", global = true)]
    pub webhook_delivery: Option<bool>,
    /// Whether this process looks for flags that are raised or cleared [default: true]
    #[arg(long, env = "FRAMDRIFT_FLAG_WATCH", global = true)]
    pub flag_watch: Option<bool>,
    /// Whether webhooks may point into the network and use http: for tests and development [default: false]
    #[arg(long, env = "FRAMDRIFT_WEBHOOK_ANYWHERE", global = true)]
    pub webhook_anywhere: Option<bool>,
    /// Requests a minute that a caller may make; 0 is no limit [default: 600]
    #[arg(long, env = "FRAMDRIFT_RATE_LIMIT", global = true)]
    pub rate_limit: Option<u32>,
    /// Expensive requests a minute that a caller may make; 0 is no limit [default: 60]
    #[arg(long, env = "FRAMDRIFT_REPORT_LIMIT", global = true)]
    pub report_limit: Option<u32>,
    /// Expensive requests that this process works on at a time [default: twice the workers]
    #[arg(long, env = "FRAMDRIFT_REPORTS_AT_ONCE", global = true, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub reports_at_once: Option<u16>,
    /// Networks of the proxies whose X-Forwarded-For is believed, separated by commas [default: none]
    #[arg(long, env = "FRAMDRIFT_TRUSTED_PROXIES", global = true, value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<IpNet>>,
    /// Origins whose pages may ask from a browser (CORS), separated by commas [default: none]
    #[arg(long, env = "FRAMDRIFT_CORS_ORIGINS", global = true, value_delimiter = ',')]
    pub cors_origins: Option<Vec<Origin>>,
    /// Address to serve /metrics on [default: not served]
    #[arg(long, env = "FRAMDRIFT_METRICS_LISTEN", global = true)]
    pub metrics_listen: Option<SocketAddr>,
    /// Address of an OpenTelemetry collector that is sent a span of each request, by OTLP over HTTP [default: none]
    #[arg(long, env = "FRAMDRIFT_OTLP_ENDPOINT", global = true)]
    pub otlp_endpoint: Option<Collector>,
    /// mailto: or https: addresses for those who find a vulnerability, separated by commas, for security.txt [default: none]
    #[arg(long, env = "FRAMDRIFT_SECURITY_CONTACTS", global = true, value_delimiter = ',')]
    pub security_contacts: Option<Vec<Contact>>,
    /// Seconds between a signal to end and the end of listening, in which /readyz says 503 [default: 1]
    #[arg(long, env = "FRAMDRIFT_DRAIN_DELAY", global = true, value_parser = clap::value_parser!(u8).range(0..=120))]
    pub drain_delay: Option<u8>,
    /// Address of Enhetsregisteret, or `off` to ask no register [default: https://data.brreg.no/enhetsregisteret/api]
    #[arg(long, env = "FRAMDRIFT_REGISTER_URL", global = true)]
    pub register_url: Option<String>,
    /// What to log: a level or tracing directives [default: info]
    #[arg(long, env = "FRAMDRIFT_LOG", global = true)]
    pub log: Option<String>,
    /// How log lines look [default: auto]
    #[arg(long, env = "FRAMDRIFT_LOG_FORMAT", global = true, value_enum)]
    pub log_format: Option<LogFormat>,
    /// Issuers of tokens beside the service's own; only in the file.
    #[arg(skip)]
    #[serde(default)]
    pub issuers: Vec<IssuerSettings>,
}

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address to serve on.
    pub listen: SocketAddr,
    /// Directory of the SQLite file.
    pub data_dir: PathBuf,
    /// `postgres://…`, if PostgreSQL is used.
    pub database_url: Option<Secret>,
    /// `postgres://…` of a standby that answers reads, if there is one.
    pub read_database_url: Option<Secret>,
    /// Public address, if it is given.
    pub public_url: Option<String>,
    /// Connections to PostgreSQL per worker.
    pub postgres_pool: u32,
    /// Worker threads.
    pub workers: usize,
    /// Largest JSON body in bytes.
    pub body_limit: usize,
    /// Largest content of a document in bytes.
    pub document_limit: u64,
    /// How many days the change feed and the log of deliveries keep.
    pub event_days: u16,
    /// File that tells what was erased of whom, if one is named.
    pub erasure_log: Option<PathBuf>,
    /// Whether this process sends to webhooks.
    pub webhook_delivery: bool,
    /// Whether this process looks for flags that are raised or cleared.
    pub flag_watch: bool,
    /// Whether webhooks may point into the network and use http.
    pub webhook_anywhere: bool,
    /// Requests a minute that a caller may make; 0 is no limit.
    pub rate_limit: u32,
    /// Expensive requests a minute that a caller may make; 0 is no limit.
    pub report_limit: u32,
    /// Expensive requests that this process works on at a time.
    pub reports_at_once: usize,
    /// Networks of the proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins whose pages may ask from a browser.
    pub cors_origins: Vec<Origin>,
    /// Address to serve `/metrics` on, if it is served.
    pub metrics_listen: Option<SocketAddr>,
    /// The collector that is sent a span of each request, if there is one.
    pub otlp_endpoint: Option<Collector>,
    /// Where those write who find a vulnerability.
    pub security_contacts: Vec<Contact>,
    /// Seconds between a signal to end and the end of listening.
    pub drain_delay: u8,
    /// Address of Enhetsregisteret, if it may be asked.
    pub register_url: Option<String>,
    /// What to log.
    pub log: String,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Issuers of tokens beside the service's own.
    pub issuers: Vec<IssuerSettings>,
}

impl Settings {
    /// The settings in force: what is not given by flag or environment comes from the file, then the default.
    ///
    /// # Errors
    /// When the file cannot be read or holds a setting that is not known.
    pub fn resolve(self) -> Result<Config, Error> {
        let file = self.config.as_deref().map(read).transpose()?.unwrap_or_default();
        let standard = std::env::var("DATABASE_URL").ok().map(Secret);
        let workers = self.workers.or(file.workers).map_or_else(processors, usize::from);
        let listen = self.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        Ok(Config {
            listen,
            data_dir: self.data_dir.or(file.data_dir).unwrap_or_else(|| PathBuf::from("data")),
            database_url: self.database_url.or(standard).or(file.database_url),
            read_database_url: self.read_database_url.or(file.read_database_url),
            erasure_log: self.erasure_log.or(file.erasure_log),
            public_url: self.public_url.or(file.public_url).map(|url| url.trim_end_matches('/').to_owned()),
            postgres_pool: self.postgres_pool.or(file.postgres_pool).unwrap_or(4),
            workers,
            body_limit: self.body_limit.or(file.body_limit).map_or(1_048_576, |limit| limit as usize),
            document_limit: self.document_limit.or(file.document_limit).unwrap_or(268_435_456),
            event_days: self.event_days.or(file.event_days).unwrap_or(90),
            webhook_delivery: self.webhook_delivery.or(file.webhook_delivery).unwrap_or(true),
            flag_watch: self.flag_watch.or(file.flag_watch).unwrap_or(true),
            webhook_anywhere: self.webhook_anywhere.or(file.webhook_anywhere).unwrap_or(false),
            rate_limit: self.rate_limit.or(file.rate_limit).unwrap_or(600),
            report_limit: self.report_limit.or(file.report_limit).unwrap_or(60),
            reports_at_once: self.reports_at_once.or(file.reports_at_once).map_or(workers * 2, usize::from),
            trusted_proxies: self.trusted_proxies.or(file.trusted_proxies).unwrap_or_default(),
            cors_origins: self.cors_origins.or(file.cors_origins).unwrap_or_default(),
            metrics_listen: self.metrics_listen.or(file.metrics_listen),
            otlp_endpoint: self.otlp_endpoint.or(file.otlp_endpoint),
            security_contacts: self.security_contacts.or(file.security_contacts).unwrap_or_default(),
            drain_delay: self.drain_delay.or(file.drain_delay).unwrap_or(1),
            register_url: Some(self.register_url.or(file.register_url).unwrap_or_else(|| REGISTER.to_owned()))
                .filter(|url| url != "off"),
            log: self.log.or(file.log).unwrap_or_else(|| "info".to_owned()),
            log_format: self.log_format.or(file.log_format).unwrap_or(LogFormat::Auto),
            issuers: file.issuers,
        })
    }
}

impl Config {
    /// The file that tells what was erased of whom: the one that is named, else one beside the SQLite file. Replicas on
    /// PostgreSQL have no place in common, so there it has to be named.
    #[must_use]
    pub fn erasures(&self) -> Option<PathBuf> {
        let beside = || self.database_url.is_none().then(|| self.data_dir.join("erasures.jsonl"));
        self.erasure_log.clone().or_else(beside)
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

fn read(path: &Path) -> Result<Settings, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::internal("read the configuration file", error))?;
    let settings: Settings =
        toml::from_str(&text).map_err(|error| Error::internal("read the configuration file", error))?;
    if let Some(issuer) = settings.issuers.iter().find(|issuer| issuer.refresh_seconds < SHORTEST_REFRESH) {
        let why = format!("refresh-seconds of {} is to be {SHORTEST_REFRESH} at least", issuer.issuer);
        return Err(Error::internal("read the configuration file", why));
    }
    Ok(settings)
}
