//! The application: built from a configuration, then run. `serve`, `demo` and the tests all start this one.

mod keys;
mod privacy;

use std::any::Any;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as Actix, HttpServer, web};
use tokio::task::JoinSet;

use crate::access::external::External;
use crate::access::recent::Recent;
use crate::access::token::Issuer;
use crate::access::{Outbound, throttle};
use crate::config::Config;
use crate::http::Shared;
use crate::http::addresses;
use crate::http::frame::frame;
use crate::http::gate::Gate;
use crate::http::metrics::{self, Metrics};
use crate::http::room::Room;
use crate::http::traces::Traces;
use crate::problem::Error;
use crate::registers::Register;
use crate::routes;
use crate::store::chain::{self, checkpoint};
use crate::store::{self, Database, News, Store, Writer, content, deliveries, feed, idempotency, soundness, views};
use crate::watch::Watcher;
use crate::webhooks::deliver::Deliverer;

/// Signals that end the service are honoured for this long, in seconds: what is being answered is answered.
const DRAIN_SECONDS: u64 = 9;
/// An idle connection is closed after this long: later than proxies and clients close theirs (60 to 90 s), for who sends a request into
/// a connection that is just being closed does not know whether it was done.
const KEEP_ALIVE: Duration = Duration::from_secs(120);
/// Threads beside each worker, for what would keep it from others: a body that is compressed takes some megabytes meanwhile.
const BESIDE: usize = 8;
/// How long a client may take nothing of its answer.
#[cfg(target_os = "linux")]
const TAKES_NOTHING: Duration = Duration::from_secs(12);
/// The first clean-up comes soon, for a service that is restarted often, but not while it starts.
const FIRST_CLEAN_UP: Duration = Duration::from_secs(60);
/// The time between two clean-ups.
const CLEAN_UP: Duration = Duration::from_secs(600);
/// The time between two checkpoints of the journal.
const CHECKPOINT: Duration = Duration::from_secs(3600);
/// How soon this process hears of what another has committed.
const OTHERS: Duration = Duration::from_millis(500);
/// How often the chain of the journal is extended while writes go on: nobody waits for it.
const CHAINED: Duration = Duration::from_millis(200);
/// Commits that come this close to each other get into the feed together.
const TOGETHER: Duration = Duration::from_millis(20);
/// How many times as long as it took to bring the feed up to date it rests, up to as long as others wait: where many write, it is the
/// writers who want the database. Who reads the feed brings it up to date by asking; who waits for news, and webhooks, hear of it then.
const RESTS: u32 = 9;

/// The application, bound to its address and ready to run.
pub struct App {
    /// The address that it serves on.
    pub address: SocketAddr,
    /// The address that it serves `/metrics` on, if it does.
    pub metrics_address: Option<SocketAddr>,
    /// The public address.
    pub public_url: String,
    /// The database, for commands that work beside the server.
    pub database: Database,
    /// What all workers share.
    pub shared: Arc<Shared>,
    /// For all that is done beside the serving: a few connections, not a few for each task.
    store: Store,
    config: Config,
    server: Server,
    metrics: Option<Server>,
}

/// Opens the database of a configuration.
///
/// # Errors
/// When it cannot be opened.
pub async fn open(config: &Config) -> Result<Database, Error> {
    match (&config.database_url, &config.read_database_url) {
        (Some(url), standby) => {
            let database = Database::postgres(url.reveal().to_owned(), config.postgres_pool);
            Ok(match standby {
                Some(standby) => database.reading_from(standby.reveal().to_owned()),
                None => database,
            })
        }
        (None, Some(_)) => Err(Error::internal(
            "start",
            "--read-database-url names a standby of PostgreSQL: give --database-url, its primary, too",
        )),
        (None, None) => Database::sqlite(&config.data_dir, u32::try_from(config.workers).unwrap_or(2)).await,
    }
}

async fn prepared(config: &Config, database: &Database) -> Result<Store, Error> {
    database.migrate().await?;
    let store = database.open().await?;
    privacy::erased_since(config, &store).await?;
    Ok(store)
}

/// What was made of the content of the database. Where that failed, a damaged file is the likely reason, and then it is what is told.
async fn trusted<T>(config: &Config, made: Result<T, Error>) -> Result<T, Error> {
    match made {
        Err(error) if config.database_url.is_none() => Err(soundness::suspected(&config.data_dir, error).await),
        made => made,
    }
}

impl App {
    /// Opens and migrates the database, binds the address, and builds everything that a request needs.
    ///
    /// # Errors
    /// When the database cannot be opened or migrated, or the address is taken.
    pub async fn build(config: &Config) -> Result<Self, Error> {
        let database = open(config).await.map_err(|error| soundness::explained(&config.data_dir, error))?;
        let store = trusted(config, prepared(config, &database).await).await?;
        let (listener, address) = bound(config.listen)?;
        let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
        let shared = Arc::new(trusted(config, shared(config, &store, &public_url).await).await?);
        let server = serve(config, listener, database.clone(), Arc::clone(&shared))?;
        let (metrics, metrics_address) = match config.metrics_listen {
            None => (None, None),
            Some(listen) => {
                let (listener, address) = bound(listen)?;
                // Its server has a thread, and with it connections, of its own.
                let store = database.open().await?;
                let server = metrics::serve(listener, Arc::clone(&shared), database.clone(), store)?;
                (Some(server), Some(address))
            }
        };
        Ok(Self {
            address,
            metrics_address,
            public_url,
            database,
            shared,
            store,
            config: config.clone(),
            server,
            metrics,
        })
    }

    /// Serves until a signal ends it or its handle is stopped; then closes the database.
    ///
    /// # Errors
    /// When serving fails.
    pub async fn run(self) -> Result<(), Error> {
        let mut beside = JoinSet::new();
        let store = self.store;
        beside.spawn(clean_up(store.clone(), self.config.event_days));
        beside.spawn(seal(store.clone()));
        if self.database.standby().is_some() {
            let store = store.clone();
            beside.spawn(async move { store.watch_standby().await });
        }
        beside.spawn(check(store.clone(), Arc::clone(&self.shared)));
        if self.config.webhook_delivery {
            beside.spawn(deliver(store.clone(), Arc::clone(&self.shared)));
        }
        if self.config.flag_watch {
            beside.spawn(Watcher::of(store.clone()).run());
        }
        let measured = self.metrics.as_ref().map(Server::handle);
        if let Some(metrics) = self.metrics {
            beside.spawn(async move {
                if let Err(error) = metrics.await {
                    tracing::error!(%error, "The metrics are served no longer");
                }
            });
        }
        beside.spawn(keys::follow(store.clone(), Arc::clone(&self.shared)));
        beside.spawn(privacy::note(store.clone()));
        beside.spawn(privacy::retain(store.clone(), self.config.erasures()));
        let (handle, mut server) = (self.server.handle(), self.server);
        let served = tokio::select! {
            served = &mut server => served.map_err(|error| Error::internal("serve", error)),
            damage = damage(&self.config) => {
                let _ = tokio::join!(handle.stop(false), server);
                Err(damage)
            }
        };
        if let Some(measured) = measured {
            measured.stop(false).await;
        }
        let shared = Arc::clone(&self.shared);
        let traced = tokio::task::spawn_blocking(move || shared.traces.as_ref().map(Traces::end));
        // Their connections go with them: the database is closed by nobody else's leave.
        beside.shutdown().await;
        let _ = traced.await;
        served?;
        // What was shown last is noted before the end.
        if let Err(error) = views::flush(&store).await {
            tracing::error!(error = error.with_causes(), "Who saw whose contact details last is not written down");
        }
        // Who closes an SQLite file last takes its log into it.
        drop(store);
        self.database.close().await?;
        Ok(())
    }

    /// A handle that stops the server from elsewhere.
    #[must_use]
    pub fn handle(&self) -> actix_web::dev::ServerHandle {
        self.server.handle()
    }
}

fn bound(listen: SocketAddr) -> Result<(TcpListener, SocketAddr), Error> {
    let listener = TcpListener::bind(listen).map_err(|error| Error::internal("bind the address", error))?;
    let address = listener.local_addr().map_err(|error| Error::internal("read the address", error))?;
    Ok((listener, address))
}

/// Brings the feed up to date after every commit of this process, and now and then for the commits of others; and the chain after
/// it, less often while writes go on.
async fn seal(store: Store) {
    let mut chained: Option<Instant> = None;
    loop {
        let began = Instant::now();
        if let Err(error) = feed::seal(&store).await {
            tracing::warn!(error = error.with_causes(), "The feed waits for its next turn");
        }
        let rest = (began.elapsed() * RESTS).clamp(TOGETHER, OTHERS);
        let resting = chained.map_or(Duration::ZERO, |at| CHAINED.saturating_sub(at.elapsed()));
        if resting.is_zero() {
            if let Err(error) = chain::extend(&store).await {
                tracing::warn!(error = error.with_causes(), "The chain of the journal waits for its next turn");
            }
            chained = Some(Instant::now());
        }
        store.news.committed(if resting.is_zero() { OTHERS } else { resting }).await;
        tokio::time::sleep(rest).await;
    }
}

/// Waits until the database is found to be damaged: for ever, as a rule.
async fn damage(config: &Config) -> Error {
    if config.database_url.is_none()
        && let Err(damage) = soundness::sound(&config.data_dir).await
    {
        return damage;
    }
    std::future::pending().await
}

/// Signs every hour where the journal stands, if anything has happened since.
async fn check(store: Store, shared: Arc<Shared>) {
    let mut clock = tokio::time::interval_at(tokio::time::Instant::now() + FIRST_CLEAN_UP, CHECKPOINT);
    loop {
        clock.tick().await;
        if let Err(error) = checkpoint::sign(&store, &shared.signer, Writer::service(None)).await {
            tracing::warn!(error = error.with_causes(), "The next checkpoint of the journal waits for its turn");
        }
    }
}

/// Sends to webhooks what is due.
async fn deliver(store: Store, shared: Arc<Shared>) {
    match Deliverer::new(store, shared.webhook_key.clone(), shared.outbound.clone()) {
        Ok(deliverer) => Arc::new(deliverer).run().await,
        Err(error) => tracing::error!(error = error.with_causes(), "Nothing is sent to webhooks from here"),
    }
}

/// Clears away from time to time what broken uploads and deleted documents have left, and what the feed no longer keeps.
async fn clean_up(store: Store, event_days: u16) {
    let mut clock = tokio::time::interval_at(tokio::time::Instant::now() + FIRST_CLEAN_UP, CLEAN_UP);
    loop {
        clock.tick().await;
        let now = chrono::Utc::now();
        let kept = now - chrono::TimeDelta::days(event_days.into());
        let pruned =
            [feed::prune(&store, kept).await, deliveries::prune(&store, kept).await, forget(&store, now).await];
        for done in [content::clean_up(&store, now).await].into_iter().chain(pruned) {
            if let Err(error) = done {
                tracing::warn!(error = error.with_causes(), "The clean-up waits for its next turn");
            }
        }
    }
}

/// Forgets wrong passwords that no longer count, and keys that are no longer kept.
async fn forget(store: &Store, now: chrono::DateTime<chrono::Utc>) -> Result<(), Error> {
    idempotency::prune(store, now).await?;
    let write = store.write(Writer::service(None)).await?;
    throttle::prune(write.tx(), write.now()).await?;
    write.commit().await
}

async fn shared(config: &Config, store: &Store, public_url: &str) -> Result<Shared, Error> {
    if let Some(url) = &config.register_url {
        // Said when the service starts, not when somebody asks.
        Register::at(url)?;
    }
    let metrics = Metrics::default();
    let traced = config.otlp_endpoint.as_ref();
    let traces = traced.map(|collector| Traces::to(collector, public_url, metrics.spans())).transpose()?;
    Ok(Shared {
        public_url: public_url.to_owned(),
        issuer: Issuer::new(public_url.to_owned(), store::signing::keys(store).await?),
        recent: Recent::default(),
        others: External::all(&config.issuers, public_url)?,
        addresses: routes::addresses(),
        needs: routes::needs(),
        cursor_secret: store::secret(store, "cursor").await?,
        webhook_key: store::secret(store, "webhooks").await?,
        erasure_log: config.erasures(),
        signer: checkpoint::Signer::of(store).await?,
        verifying: tokio::sync::Semaphore::new(1),
        retaining: tokio::sync::Mutex::default(),
        outbound: if config.webhook_anywhere { Outbound::Anywhere } else { Outbound::beyond(public_url) },
        body_limit: config.body_limit,
        document_limit: config.document_limit,
        register_url: config.register_url.clone(),
        hashing: Arc::new(tokio::sync::Semaphore::new(config.workers)),
        login_key: store::secret(store, "logins").await?,
        gate: Gate::new(config),
        room: Room::default(),
        metrics,
        traces,
        proxies: config.trusted_proxies.clone(),
        origins: config.cors_origins.clone(),
        contacts: config.security_contacts.clone(),
    })
}

fn serve(config: &Config, listener: TcpListener, database: Database, shared: Arc<Shared>) -> Result<Server, Error> {
    let news = database.news().clone();
    let delay = Duration::from_secs(config.drain_delay.into());
    let server = HttpServer::new(move || {
        let database = database.clone();
        Actix::new()
            .app_data(web::Data::from(Arc::clone(&shared)))
            .data_factory(move || {
                let database = database.clone();
                async move { database.open().await }
            })
            .wrap(Compress::default())
            .wrap(from_fn(frame))
            .default_service(web::to(addresses::serve))
    });
    let server = server
        .workers(config.workers)
        .worker_max_blocking_threads(BESIDE)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(DRAIN_SECONDS)
        .shutdown_signal(ended(news, delay))
        .on_connect(|connection, _| patient(connection))
        .listen(listener)
        .map_err(|error| Error::internal("listen", error))?;
    Ok(server.run())
}

/// SIGTERM and Ctrl-C both drain; who waits for events is let go. Until the delay is over requests are still taken, on new
/// connections and on old ones, each of which ends with its answer: nobody sends a request into a connection that is
/// just being closed, and who asks `/readyz` hears of the end before it comes.
async fn ended(news: News, delay: Duration) {
    signalled().await;
    news.close();
    tokio::time::sleep(delay).await;
}

/// Gives up a client that takes nothing of its answer for a while, so that it does not keep a connection and the answer
/// in memory for ever. The system watches over it, below what the server sees.
fn patient(connection: &dyn Any) {
    #[cfg(target_os = "linux")]
    if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
        && let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(TAKES_NOTHING))
    {
        tracing::debug!(%error, "A slow reader is not given up");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = connection;
}

async fn signalled() {
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}
