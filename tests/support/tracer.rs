//! System calls of a running process that fail, by `strace`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Somebody who holds a process and lets its system calls fail; let go of when dropped.
pub struct Tracer(Child);

impl Tracer {
    /// Lets calls fail from now on, as `strace -e inject=` takes it: `fdatasync:error=EIO:when=3`. `None` where `strace` is
    /// not installed or may not trace.
    #[must_use]
    pub fn on(process: u32, failing: &str) -> Option<Self> {
        let call = failing.split(':').next().unwrap_or_default();
        let mut child = Command::new("strace")
            .args(["-f", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &format!("inject={failing}")])
            .args(["-p", &process.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        let mut said = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        while !line.contains("attached") {
            line.clear();
            if !said.read_line(&mut line).is_ok_and(|read| read > 0) {
                let _ = child.wait();
                return None;
            }
        }
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Some(Self(child))
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        // Killed, it would leave the process as it holds it.
        let _ = Command::new("sh").args(["-c", &format!("kill -INT {}", self.0.id())]).status();
        let _ = self.0.wait();
    }
}
