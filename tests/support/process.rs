//! The binary as a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};

/// How to run the binary: its file and its arguments, with nothing of this process's settings.
#[derive(Clone, Debug)]
pub struct Framdrift {
    binary: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

/// A server that runs as a process; it is ended when the test ends.
pub struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Framdrift {
    /// The binary; a test knows its file from `env!("CARGO_BIN_EXE_framdrift-under-test")`.
    #[must_use]
    pub fn new(binary: &str) -> Self {
        Self { binary: binary.into(), arguments: Vec::new(), environment: Vec::new() }
    }

    /// Run by another program, which becomes the binary: `["prlimit", "--nofile=64"]`.
    #[must_use]
    pub fn under(mut self, program: &[&str]) -> Self {
        let binary = std::mem::replace(&mut self.binary, program[0].into());
        let mut arguments: Vec<String> = program[1..].iter().map(|argument| (*argument).to_owned()).collect();
        arguments.push(binary.to_string_lossy().into_owned());
        arguments.append(&mut self.arguments);
        Self { arguments, ..self }
    }

    /// With these arguments more.
    #[must_use]
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        self
    }

    /// With a variable in its environment.
    #[must_use]
    pub fn knowing(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(&self.arguments);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("FRAMDRIFT_") || name == "DATABASE_URL" {
                command.env_remove(name);
            }
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs to its end.
    #[must_use]
    pub fn run(&self) -> Output {
        self.command().output().expect("the binary runs")
    }

    /// Runs to its end with something to read.
    #[must_use]
    pub fn run_reading(&self, input: &str) -> Output {
        let mut child = self.command().stdin(Stdio::piped()).spawn().expect("the binary runs");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("the binary reads");
        child.wait_with_output().expect("the binary ends")
    }

    /// Runs to its end; answers what it printed, and fails the test when it failed.
    #[must_use]
    pub fn printed(&self) -> String {
        let output = self.run();
        assert!(output.status.success(), "{:?}: {}", self.arguments, String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it prints text")
    }

    /// Starts and goes on running.
    #[must_use]
    pub fn start(&self) -> Running {
        // What it logs goes where the test's own output goes.
        let mut child = self.command().stderr(Stdio::inherit()).spawn().expect("the binary runs");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        Running { child, output }
    }

    /// Starts a server whose log nobody wants.
    #[must_use]
    pub fn start_silent(&self) -> Running {
        let mut child = self.command().stderr(Stdio::null()).spawn().expect("the binary runs");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        Running { child, output }
    }

    /// Starts a server whose log is kept.
    #[must_use]
    pub fn start_recorded(&self) -> (Running, Log) {
        let mut child = self.command().spawn().expect("the binary runs");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            let mut line = Vec::new();
            while log.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                let text = String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned();
                if sender.send(text).is_err() {
                    // Nobody wants more; a log that nobody reads would stop the server.
                    let _ = std::io::copy(&mut log, &mut std::io::sink());
                }
                line.clear();
            }
        });
        (Running { child, output }, Log { lines, read: Vec::new() })
    }

    /// Starts a server that says nothing but logs, and reads its log until a line has `word`; answers that line.
    #[must_use]
    pub fn start_logging(&self, word: &str) -> (Running, String) {
        let mut child = self.command().spawn().expect("the binary runs");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        while !line.contains(word) {
            line.clear();
            assert!(log.read_line(&mut line).expect("the log is text") > 0, "the log ends without {word:?}");
        }
        // A log that nobody reads would stop the server.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        (Running { child, output }, line)
    }
}

/// What a server logs, line by line.
pub struct Log {
    lines: Receiver<String>,
    read: Vec<String>,
}

impl Log {
    /// Reads on until a line has `word`; answers that line.
    pub fn until(&mut self, word: &str) -> String {
        loop {
            let line = self.lines.recv().unwrap_or_else(|_| panic!("the log ends without {word:?}: {:?}", self.read));
            self.read.push(line.clone());
            if line.contains(word) {
                return line;
            }
        }
    }

    /// Reads on until a line has `word`, or the server has ended; whether it was said.
    pub fn within(&mut self, word: &str) -> bool {
        while let Ok(line) = self.lines.recv() {
            self.read.push(line);
            if self.read.last().is_some_and(|line| line.contains(word)) {
                return true;
            }
        }
        false
    }

    /// Everything, up to the end of the server.
    #[must_use]
    pub fn whole(self) -> String {
        let Self { lines, mut read } = self;
        read.extend(lines);
        read.join("\n")
    }
}

impl Running {
    /// What it prints, up to and with the first line that has `word`.
    pub fn until(&mut self, word: &str) -> String {
        let mut said = String::new();
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).expect("it prints text");
            assert!(read > 0, "it ends without {word:?}: {said}");
            said.push_str(&line);
            if line.contains(word) {
                return said;
            }
        }
    }

    /// Asks it to end, like a supervisor does.
    pub fn terminate(&self) {
        let sent = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the signal is sent");
    }

    /// Ends it as the kernel does, in the midst of whatever it is doing: SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// The number of its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has not ended yet.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|ended| ended.is_none())
    }

    /// Waits until it has ended.
    pub fn ended(&mut self) -> ExitStatus {
        let mut rest = String::new();
        let _ = self.output.read_to_string(&mut rest);
        self.child.wait().expect("it ends")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
