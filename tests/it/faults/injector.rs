//! System calls of the service that fail, by `strace`, which writes down each that it has let fail.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use support::process::Framdrift;
use tempfile::NamedTempFile;

/// What `strace` says of a call that it has let fail.
const FAILED: &str = "(INJECTED)";

/// Somebody who holds a process and lets its calls fail; let go of when dropped.
pub struct Injector {
    tracer: Child,
    log: NamedTempFile,
}

impl Injector {
    /// Lets calls of a running process fail from now on, as `strace -e inject=` takes it: `fsync:error=EIO:when=3`, of which each
    /// thread counts its own. `None` where `strace` is not installed or may not trace.
    #[must_use]
    pub fn on(process: u32, failing: &str) -> Option<Self> {
        let log = NamedTempFile::new().expect("a file");
        let mut tracer = Command::new("strace")
            .args(arguments(&log, failing))
            .args(["-p", &process.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        let mut said = BufReader::new(tracer.stderr.take().expect("a pipe"));
        let mut line = String::new();
        while !line.contains("attached") {
            line.clear();
            if !said.read_line(&mut line).is_ok_and(|read| read > 0) {
                let _ = tracer.wait();
                return None;
            }
        }
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Some(Self { tracer, log })
    }

    /// How many calls it has let fail: each is written down before the process goes on.
    #[must_use]
    pub fn failed(&self) -> usize {
        count(&self.log)
    }
}

impl Drop for Injector {
    fn drop(&mut self) {
        // Killed, it would leave the process as it holds it.
        let _ = Command::new("sh").args(["-c", &format!("kill -INT {}", self.tracer.id())]).status();
        let _ = self.tracer.wait();
    }
}

/// The binary, of which a call on one file fails from its start on; and where it is written down.
pub fn under(framdrift: Framdrift, file: &str, failing: &str) -> (Framdrift, NamedTempFile) {
    let log = NamedTempFile::new().expect("a file");
    // Beside the process rather than before it, so that signals reach the process.
    let mut strace = vec!["strace".to_owned(), "-D".to_owned(), "-P".to_owned(), file.to_owned()];
    strace.extend(arguments(&log, failing));
    let strace: Vec<&str> = strace.iter().map(String::as_str).collect();
    (framdrift.under(&strace), log)
}

/// How many calls were let fail.
#[must_use]
pub fn count(log: &NamedTempFile) -> usize {
    String::from_utf8_lossy(&std::fs::read(log.path()).expect("it writes down what fails")).matches(FAILED).count()
}

/// Whether calls can be let fail here.
#[must_use]
pub fn is_there() -> bool {
    let traced = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    traced.is_ok_and(|status| status.success())
}

fn arguments(log: &NamedTempFile, failing: &str) -> Vec<String> {
    let call = failing.split(':').next().unwrap_or_default();
    let log = log.path().to_string_lossy().into_owned();
    ["-f", "-o", &log, "-e", &format!("trace={call}"), "-e", &format!("inject={failing}")].map(str::to_owned).into()
}
