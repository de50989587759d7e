//! The server under test: started like in production, in this process, on a free port.

use std::net::SocketAddr;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, RwLock};

use actix_web::dev::ServerHandle;
use framdrift::access::{Caller, session};
use framdrift::accounts::{self, NewUser};
use framdrift::config::Config;
use framdrift::store::{Store, Writer};
use futures_util::FutureExt;
use sea_orm::Statement;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::engine::{Engine, Place};
use crate::{Client, World};
use framdrift::db::Db as _;

/// The password of the administrator that every test has.
pub const PASSWORD: &str = "fire kommuner og en næringssjef";
/// The administrator's address.
pub const ADMINISTRATOR: &str = "admin@framdrift.example";

/// A running server. Clones are the same one.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// What there is to know of a running server.
pub struct Inner {
    /// The engine that it keeps its records in.
    pub engine: Engine,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it was started with.
    pub config: Config,
    /// Its database, for what no request can do.
    pub store: Store,
    shared: Arc<framdrift::http::Shared>,
    /// How many projects there are in a programme of their own: each numbers its records from a place of its own.
    pub worlds: AtomicU32,
    administrator: RwLock<Client>,
    handle: ServerHandle,
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Runs a test on an engine: a server on a fresh database, the test, and both away again. Without PostgreSQL its variant says
/// that it is skipped.
pub fn run<F, T>(engine: Engine, test: T)
where
    T: FnOnce(App) -> F,
    F: Future<Output = ()>,
{
    if !engine.is_there() {
        skipped();
        return;
    }
    // Made before anything is connected: on a busy machine it takes longer than a connection waits for its next request.
    let _ = crate::document::document();
    runtime().block_on(async {
        let place = engine.fresh().await;
        let (app, serving) = App::start(engine, place.config()).await;
        let outcome = AssertUnwindSafe(test(app.clone())).catch_unwind().await;
        app.handle.stop(false).await;
        let ended = serving.await.expect("the server ends by itself");
        if let Err(panic) = outcome {
            // The database of a failed test stays, to be looked at.
            std::mem::forget(place);
            resume_unwind(panic);
        }
        ended.expect("the server ends without an error");
        drop(app);
        place.remove().await;
    });
}

/// Runs a test on a database without tables, and without a server.
pub fn run_bare<F, T>(engine: Engine, test: T)
where
    T: FnOnce(Place) -> F,
    F: Future<Output = ()>,
{
    if !engine.is_there() {
        skipped();
        return;
    }
    runtime().block_on(async {
        let place = engine.bare().await;
        test(place.clone()).await;
        place.remove().await;
    });
}

/// Runs a test that makes what it needs by itself.
pub fn block_on<F: Future<Output = ()>>(test: F) {
    runtime().block_on(test);
}

/// A runtime like the one that `main` makes.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made")
}

/// Says, past the capture of the test runner, that PostgreSQL is not tested.
fn skipped() {
    use std::io::Write;
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let said =
            "skipped: every test on PostgreSQL; set FRAMDRIFT_TEST_POSTGRES, or run them with tests/with-postgres\n";
        let _ = std::io::stderr().write_all(said.as_bytes());
    });
}

impl App {
    /// Starts a server and adds an administrator.
    pub async fn start(engine: Engine, config: Config) -> (Self, JoinHandle<Result<(), framdrift::problem::Error>>) {
        let built = framdrift::app::App::build(&config).await.unwrap_or_else(|error| panic!("{}", error.with_causes()));
        let (address, shared, handle) = (built.address, Arc::clone(&built.shared), built.handle());
        let store = built.database.open().await.expect("the database opens");
        let serving = tokio::spawn(built.run());
        let client = Client::new(address);
        let user = administrator(&store).await;
        let token = token(&store, &shared, user).await;
        let administrator = client.with_token(token);
        (
            Self(Arc::new(Inner {
                engine,
                address,
                config,
                store,
                shared,
                worlds: AtomicU32::new(0),
                administrator: RwLock::new(administrator),
                handle,
            })),
            serving,
        )
    }

    /// A client without a token.
    #[must_use]
    pub fn as_nobody(&self) -> Client {
        Client::new(self.address)
    }

    /// The administrator.
    #[must_use]
    pub fn as_admin(&self) -> Client {
        self.administrator.read().expect("nobody failed with it").clone()
    }

    /// Who a client is, with a new token: tests that take longer than a token is good renew it in time.
    pub async fn renewed(&self, client: &Client) -> Client {
        let me = client.get("/api/v1/me").await.expect(200);
        self.as_user(me["id"].as_str().and_then(|id| id.parse().ok()).expect("a user")).await
    }

    /// Gives the administrator a new token.
    pub async fn renew_admin(&self) {
        let renewed = self.renewed(&self.as_admin()).await;
        *self.administrator.write().expect("nobody failed with it") = renewed;
    }

    /// A user, logged in without a password.
    pub async fn as_user(&self, user: Uuid) -> Client {
        let token = token(&self.store, &self.shared, user).await;
        Client::new(self.address).with_token(token)
    }

    /// The administrator with a token that was good an hour ago.
    pub async fn as_late(&self) -> Client {
        let me = self.as_admin().get("/api/v1/me").await.expect(200);
        let user = me["id"].as_str().and_then(|id| id.parse().ok()).expect("the administrator is a user");
        let write = self.store.write(Writer::of(&Caller::operator())).await.expect("the door opens");
        let session = session::open(write.tx(), &self.shared.login_key, user).await.expect("a session opens");
        write.commit().await.expect("a session is kept");
        Client::new(self.address)
            .with_token(self.shared.issuer.access_token(user, session.id, -3600).expect("a token is signed"))
    }

    /// The Sør-Troms project, brought in through the API; answers its identifier.
    pub async fn demo(&self) -> String {
        let request = self.as_admin().send("POST", "/api/v1/imports/projects");
        let done = request.body("application/json", framdrift::demo::DOCUMENT).await.expect(200);
        done["projectId"].as_str().expect("the document names its project").to_owned()
    }

    /// Changes the database behind the service's back.
    pub async fn sql(&self, statement: &str) {
        let write = self.store.write(Writer::of(&Caller::operator())).await.expect("the door opens");
        write.tx().execute_unprepared(statement).await.expect("the statement is understood");
        write.commit().await.expect("it is kept");
    }

    /// Changes what the database itself keeps from being changed, like somebody who owns it could.
    pub async fn tamper(&self, statement: &str) {
        let write = self.store.write(Writer::of(&Caller::operator())).await.expect("the door opens");
        let tx = write.tx();
        if self.engine == Engine::Postgres {
            tx.execute_unprepared("SET LOCAL session_replication_role = replica").await.expect("triggers are off");
            tx.execute_unprepared(statement).await.expect("the statement is understood");
        } else {
            let sql = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'";
            let found = tx.query_all_raw(Statement::from_string(tx.get_database_backend(), sql)).await;
            let found = found.expect("the triggers can be read");
            for trigger in &found {
                let name: String = trigger.try_get("", "name").expect("a name");
                tx.execute_unprepared(&format!("DROP TRIGGER {name}")).await.expect("a trigger is dropped");
            }
            tx.execute_unprepared(statement).await.expect("the statement is understood");
            for trigger in &found {
                let made: String = trigger.try_get("", "sql").expect("what made it");
                tx.execute_unprepared(&made).await.expect("a trigger is made again");
            }
        }
        write.commit().await.expect("it is kept");
    }

    /// A project in a programme and a region, owned by a municipality, and the people around it.
    pub async fn world(&self) -> World {
        World::new(self.clone()).await
    }
}

/// A second server beside the one of the test.
pub struct Beside {
    /// The server.
    pub app: App,
    place: Place,
    serving: JoinHandle<Result<(), framdrift::problem::Error>>,
}

impl Beside {
    /// Starts one on a fresh database.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, |_| ()).await
    }

    /// Starts one on a fresh database, set otherwise.
    pub async fn start_with(engine: Engine, set: impl FnOnce(&mut Config)) -> Self {
        let place = engine.fresh().await;
        let mut config = place.config();
        set(&mut config);
        let (app, serving) = App::start(engine, config).await;
        Self { app, place, serving }
    }

    /// Ends it and takes its database away.
    pub async fn end(self) {
        self.app.handle.stop(false).await;
        self.serving.await.expect("the server ends by itself").expect("the server ends without an error");
        drop(self.app);
        self.place.remove().await;
    }
}

/// A second server on the database of a test, which takes the tokens of the first.
pub struct Replica {
    address: SocketAddr,
    handle: ServerHandle,
    serving: JoinHandle<Result<(), framdrift::problem::Error>>,
}

impl Replica {
    /// Starts it.
    pub async fn of(app: &App) -> Self {
        Self::of_with(app, |_| ()).await
    }

    /// Starts it, set otherwise.
    pub async fn of_with(app: &App, set: impl FnOnce(&mut Config)) -> Self {
        let mut config = app.config.clone();
        config.public_url = Some(format!("http://{}", app.address));
        set(&mut config);
        let built = framdrift::app::App::build(&config).await.expect("a second server starts");
        Self { address: built.address, handle: built.handle(), serving: tokio::spawn(built.run()) }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Somebody without a token.
    pub fn as_nobody(&self) -> Client {
        Client::new(self.address)
    }

    /// Somebody who calls here, with the same token.
    pub fn hears(&self, client: &Client) -> Client {
        self.as_nobody().with_token(client.token())
    }

    /// Ends it.
    pub async fn end(self) {
        self.handle.stop(false).await;
        self.serving.await.expect("it ends").expect("without an error");
    }
}

async fn administrator(store: &Store) -> Uuid {
    let new = NewUser { email: ADMINISTRATOR.to_owned(), name: "Admin".to_owned(), administrator: true, person: None };
    accounts::add(store, new, PASSWORD.to_owned()).await.expect("an administrator can be added")
}

async fn token(store: &Store, shared: &framdrift::http::Shared, user: Uuid) -> String {
    let write = store.write(Writer::of(&framdrift::access::Caller::operator())).await.expect("the door opens");
    let session = session::open(write.tx(), &shared.login_key, user).await.expect("a session opens");
    write.commit().await.expect("a session is kept");
    shared.issuer.access_token(user, session.id, framdrift::access::token::ACCESS_SECONDS).expect("a token is signed")
}
