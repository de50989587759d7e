//! PgBouncer between a service and PostgreSQL, where it is installed.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use tempfile::TempDir;

use crate::engine::{Place, directory};

/// The variable that names another program than the one on the path.
const VARIABLE: &str = "FRAMDRIFT_TEST_PGBOUNCER";

/// A pooler on a port of its own, before one server. It ends with the test.
pub struct Pooler {
    address: SocketAddr,
    child: Child,
    _home: TempDir,
}

/// How a pooler is to lend sessions.
#[derive(Clone, Copy, Debug)]
pub enum Mode {
    /// For as long as a client is connected.
    Session,
    /// For each transaction, with prepared statements going along.
    Transaction,
    /// For each transaction, and prepared statements stay where they are.
    Forgetful,
}

impl Pooler {
    /// The version of the installed PgBouncer, as major and minor number.
    #[must_use]
    pub fn version() -> Option<(u32, u32)> {
        let said = Command::new(program()).arg("--version").stderr(Stdio::null()).output().ok()?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let mut numbers = said.lines().next()?.split_once(' ')?.1.split('.').map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    }

    /// Starts one before the server of an address, with so many sessions to lend.
    #[must_use]
    pub fn before(server: &str, mode: Mode, sessions: u32) -> Self {
        let (user, place) = server
            .strip_prefix("postgres://")
            .and_then(|rest| rest.split('/').next()?.rsplit_once('@'))
            .expect("an address with a user");
        let (user, password) = user.split_once(':').map_or((user, None), |(user, password)| (user, Some(password)));
        let (host, port) = place.split_once(':').unwrap_or((place, "5432"));
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a free port");
        let home = directory();
        let password = password.map(|password| format!(" password={password}")).unwrap_or_default();
        let (pool_mode, prepared) = match (mode, Self::version()) {
            (Mode::Session, _) => ("session", ""),
            // Older ones do not know the setting, and are forgetful anyway.
            (Mode::Forgetful, Some(version)) if version < (1, 21) => ("transaction", ""),
            (Mode::Forgetful, _) => ("transaction", "max_prepared_statements = 0"),
            (Mode::Transaction, _) => ("transaction", "max_prepared_statements = 200"),
        };
        let settings = format!(
            "[databases]\n* = host={host} port={port} user={user}{password}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {}\nunix_socket_dir =\nauth_type = any\npool_mode = {pool_mode}\ndefault_pool_size = {sessions}\n\
             {prepared}\n",
            free.port()
        );
        let file = home.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).expect("its settings are written");
        let mut pooler = Self { address: free, child: started(&file), _home: home };
        while TcpStream::connect(free).is_err() {
            assert!(pooler.child.try_wait().is_ok_and(|ended| ended.is_none()), "the pooler starts");
            std::thread::yield_now();
        }
        pooler
    }

    /// A database of the server by way of this pooler.
    #[must_use]
    pub fn place(&self, of: &Place) -> Place {
        let (url, host) = (of.url(), self.address);
        let (scheme, rest) = url.split_once("://").expect("an address");
        let (_, database) = rest.rsplit_once('/').expect("a database");
        let user = rest.split_once('@').map_or("postgres", |(user, _)| user);
        Place::Postgres(format!("{scheme}://{user}@{host}/{database}"), Arc::new(directory()))
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> String {
    std::env::var(VARIABLE).unwrap_or_else(|_| "pgbouncer".to_owned())
}

/// It refuses to be root's, and changes over to somebody else by itself.
fn started(settings: &Path) -> Child {
    let mut command = Command::new(program());
    let id = Command::new("id").arg("-u").output().expect("id runs");
    if String::from_utf8_lossy(&id.stdout).trim() == "0" {
        command.args(["-u", "nobody"]);
    }
    command.arg(settings).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the pooler starts")
}
