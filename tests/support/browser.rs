//! Chromium without a window: opens a page as a reader would, and tells what went wrong and what it looks like.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread;

use tempfile::TempDir;

use crate::Answer;

/// The names that the program goes by.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// It talks to nobody but us.
const QUIET: [&str; 14] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--enable-logging=stderr",
    "--timeout=30000",
];

/// What measures a page from inside: what reaches beyond its sides, and which words of a picture lie over each other.
const MEASURE: &str = include_str!("measure.js");

/// Chromium, where it is installed.
pub struct Browser {
    program: PathBuf,
    home: TempDir,
}

/// What a page looks like from inside.
#[derive(Debug)]
pub struct Measured {
    /// The width that the page was given.
    pub width: u32,
    /// What is wrong: elements beyond the sides, words over each other. Empty when all is well.
    pub faults: String,
    /// How many words of pictures are shown.
    pub words: u32,
}

impl Browser {
    /// The browser; `None`, and a word about it, where there is none.
    #[must_use]
    pub fn find() -> Option<Self> {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let program = std::env::split_paths(&paths)
            .flat_map(|path| NAMES.map(|name| path.join(name)))
            .find(|file| file.is_file());
        if program.is_none() {
            let said = "skipped: every test in a browser; install chromium (tests/run does it on Debian)\n";
            let _ = std::io::stderr().write_all(said.as_bytes());
        }
        Some(Self { program: program?, home: TempDir::new().expect("a folder can be made") })
    }

    /// What the console says of a page, errors and refusals of its policy included.
    #[must_use]
    pub fn complaints(&self, address: &str) -> Vec<String> {
        let output = self.run(&["--dump-dom", address]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        said.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect()
    }

    /// Measures a page, given as HTML, in a frame of this width.
    #[must_use]
    pub fn measured(&self, page: &str, width: u32) -> Measured {
        let page = format!("{page}<script>{MEASURE}</script>").replace('&', "&amp;").replace('"', "&quot;");
        let frame = format!(
            "<!DOCTYPE html><meta charset=utf-8><body style=margin:0><iframe srcdoc=\"{page}\" width={width} height=900 style=border:0></iframe>"
        );
        let file = self.file("frame.html", frame.as_bytes());
        let output =
            self.run(&["--virtual-time-budget=5000", "--window-size=1400,1000", "--dump-dom", &address(&file)]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let told = |name: &str| {
            let (_, rest) = text
                .split_once(&format!("data-{name}=\""))
                .unwrap_or_else(|| panic!("the page was not measured: {text}"));
            rest.split('"').next().unwrap_or_default().to_owned()
        };
        let number = |name: &str| told(name).parse().expect("a number");
        Measured { width: number("width"), faults: told("faults"), words: number("words") }
    }

    /// A page on paper.
    #[must_use]
    pub fn printed(&self, address: &str) -> Vec<u8> {
        let file = self.home.path().join("page.pdf");
        self.run(&["--no-pdf-header-footer", &format!("--print-to-pdf={}", file.display()), address]);
        fs::read(&file).expect("a page is printed")
    }

    /// A page as a picture (PNG). Where `FRAMDRIFT_SCREENSHOTS` names a folder, it is kept there to be looked at.
    #[must_use]
    pub fn pictured(&self, address: &str, name: &str, size: (u32, u32)) -> Vec<u8> {
        let file = self.home.path().join("page.png");
        let (width, height) = size;
        self.run(&[&format!("--window-size={width},{height}"), &format!("--screenshot={}", file.display()), address]);
        let picture = fs::read(&file).expect("a picture is made");
        if let Some(folder) = std::env::var_os("FRAMDRIFT_SCREENSHOTS") {
            fs::create_dir_all(&folder).expect("the folder can be made");
            fs::write(Path::new(&folder).join(name), &picture).expect("the picture can be kept");
        }
        picture
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let profile = TempDir::new_in(self.home.path()).expect("a folder can be made");
        let mut command = Command::new("timeout");
        command.arg("90").arg(&self.program).args(QUIET).arg(format!("--user-data-dir={}", profile.path().display()));
        let output = command.env("HOME", self.home.path()).args(arguments).output().expect("the browser starts");
        assert!(output.status.success(), "the browser fails: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let file = self.home.path().join(name);
        fs::write(&file, content).expect("a file can be written");
        file
    }
}

fn address(file: &Path) -> String {
    format!("file://{}", file.display())
}

/// Serves an answer again, with its header fields, to a browser that cannot send a token. Answers the address.
#[must_use]
pub fn served_again(answer: &Answer) -> String {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a port is free");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    let kept = ["content-type", "content-security-policy", "content-language"];
    let fields = kept.map(|name| format!("{name}: {}\r\n", answer.header(name))).concat();
    let head =
        format!("HTTP/1.1 200 OK\r\n{fields}content-length: {}\r\nconnection: close\r\n\r\n", answer.bytes.len());
    let whole = Arc::new([head.into_bytes(), answer.bytes.clone()].concat());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let whole = Arc::clone(&whole);
            thread::spawn(move || answered(stream, &whole));
        }
    });
    address
}

/// What the browser asks for beside the page (an icon) is not there, without a word.
fn answered(mut stream: TcpStream, whole: &[u8]) {
    let mut request = Vec::new();
    let mut piece = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return,
            Ok(length) => request.extend_from_slice(&piece[..length]),
        }
    }
    let nothing: &[u8] = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
    let _ = stream.write_all(if request.starts_with(b"GET / ") { whole } else { nothing });
}
