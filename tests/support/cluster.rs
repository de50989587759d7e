//! A PostgreSQL cluster of a test's own, that may be stopped in the midst of its work.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, Statement};
use tempfile::TempDir;

use crate::engine::{Place, directory};

/// The database that the service uses.
const DATABASE: &str = "framdrift";

/// A running cluster, with PostgreSQL's own settings of durability. It is taken away with the test.
pub struct Cluster {
    /// Where it listens.
    pub address: SocketAddr,
    programs: PathBuf,
    /// Whom the programs run as, where this process is root's: they refuse to be.
    owner: Option<String>,
    home: TempDir,
}

impl Cluster {
    /// Makes and starts one; `None` where PostgreSQL's programs are not installed.
    #[must_use]
    pub fn start() -> Option<Self> {
        let programs = programs()?;
        let root = text(&Command::new("id").arg("-u").output().expect("id runs")) == "0";
        let owner = root.then(|| if known("postgres") { "postgres" } else { "nobody" }.to_owned());
        let address =
            TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a free port");
        let cluster = Self { address, programs, owner, home: directory() };
        if let Some(owner) = &cluster.owner {
            done(&Command::new("chown").arg(owner).arg(cluster.home.path()).output().expect("chown runs"));
        }
        cluster.run("initdb", &["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-D"]);
        cluster.begin();
        cluster.run_with("createdb", &["-h", "127.0.0.1", "-U", "postgres", "-p", &cluster.port(), DATABASE], &[]);
        Some(cluster)
    }

    /// A streaming standby of it, made of a copy of what it holds now.
    #[must_use]
    pub fn standby(&self) -> Self {
        let address =
            TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a free port");
        let standby = Self { address, programs: self.programs.clone(), owner: self.owner.clone(), home: directory() };
        if let Some(owner) = &standby.owner {
            done(&Command::new("chown").arg(owner).arg(standby.home.path()).output().expect("chown runs"));
        }
        let from = ["-h", "127.0.0.1", "-U", "postgres", "-p", &self.port(), "-R", "-c", "fast", "-X", "stream", "-D"];
        standby.run("pg_basebackup", &from);
        standby.begin();
        standby
    }

    /// Runs a statement in its database that answers one value, and answers that as text.
    pub async fn told(&self, sql: &str) -> String {
        let mut options = ConnectOptions::new(self.url(self.address));
        options.max_connections(1).sqlx_logging(false);
        let server = Database::connect(options).await.expect("the cluster can be reached");
        let statement = Statement::from_string(server.get_database_backend(), format!("SELECT ({sql})::text AS told"));
        let row = server.query_one_raw(statement).await.expect("it answers").expect("a row");
        let told: Option<String> = row.try_get("", "told").expect("a text");
        server.close().await.expect("the connection closes");
        told.unwrap_or_default()
    }

    /// Its database, by way of its own address or of a proxy's.
    #[must_use]
    pub fn place(&self, by: SocketAddr) -> Place {
        Place::Postgres(self.url(by), Arc::new(directory()))
    }

    fn url(&self, by: SocketAddr) -> String {
        format!("postgres://postgres@{by}/{DATABASE}")
    }

    /// Starts it again; it is back when this returns, its log replayed.
    pub fn begin(&self) {
        let settings = format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''", self.port());
        let log = self.home.path().join("log").display().to_string();
        self.run("pg_ctl", &["start", "-w", "-s", "-l", &log, "-o", &settings, "-D"]);
    }

    /// Ends it at once, without a checkpoint and without a word to anybody.
    pub fn crash(&self) {
        self.run("pg_ctl", &["stop", "-w", "-s", "-m", "immediate", "-D"]);
    }

    /// Ends every connection to the database; answers how many there were.
    pub async fn terminate(&self) -> usize {
        let mut options = ConnectOptions::new(self.url(self.address).replace(DATABASE, "postgres"));
        options.max_connections(1).sqlx_logging(false);
        let server = Database::connect(options).await.expect("the cluster can be reached");
        let sql = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{DATABASE}'");
        let statement = Statement::from_string(server.get_database_backend(), sql);
        let ended = server.query_all_raw(statement).await.expect("connections can be ended");
        server.close().await.expect("the connection closes");
        ended.len()
    }

    /// Holds tables and indexes against each other, where `pg_amcheck` is installed.
    pub fn checked(&self) {
        if !self.programs.join("pg_amcheck").exists() {
            println!("skipped: pg_amcheck is not installed");
            return;
        }
        let there = ["--install-missing", "-h", "127.0.0.1", "-U", "postgres", "-p", &self.port(), DATABASE];
        self.run_with("pg_amcheck", &there, &[]);
    }

    fn port(&self) -> String {
        self.address.port().to_string()
    }

    /// Runs a program on the data of the cluster.
    fn run(&self, program: &str, arguments: &[&str]) {
        let data = self.home.path().join("data").display().to_string();
        self.run_with(program, arguments, &[&data]);
    }

    fn run_with(&self, program: &str, arguments: &[&str], last: &[&str]) {
        done(&self.output(program, &[arguments, last].concat()));
    }

    fn output(&self, program: &str, arguments: &[&str]) -> Output {
        let program = self.programs.join(program);
        let mut command = match &self.owner {
            None => Command::new(program),
            Some(owner) => {
                let mut command = Command::new("runuser");
                command.args(["-u", owner, "--"]).arg(program);
                command
            }
        };
        // Nothing of it may keep the pipes of this process open after its end; and it may not look at this directory.
        command.args(arguments).current_dir(self.home.path()).output().expect("the program runs")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.home.path().join("data").display().to_string();
        let _ = self.output("pg_ctl", &["stop", "-s", "-m", "immediate", "-D", &data]);
    }
}

/// The newest PostgreSQL of Debian's packages, else the one on the path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter(|version| version.path().join("bin/initdb").exists())
        .filter_map(|version| version.file_name().to_string_lossy().parse::<u32>().ok())
        .max();
    let here = |folder: &Path| folder.join("initdb").exists().then(|| folder.to_owned());
    newest
        .map(|version| Path::new("/usr/lib/postgresql").join(version.to_string()).join("bin"))
        .or_else(|| std::env::split_paths(&std::env::var_os("PATH")?).find_map(|folder| here(&folder)))
}

fn known(user: &str) -> bool {
    Command::new("id").arg(user).output().is_ok_and(|output| output.status.success())
}

fn done(output: &Output) {
    assert!(output.status.success(), "{}{}", text(output), String::from_utf8_lossy(&output.stderr));
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
