//! The load: so many connections that each ask again as soon as they are answered.

use std::cell::Cell;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use clap::Args;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How it is asked.
#[derive(Args)]
pub struct Options {
    /// The address of the server.
    address: String,
    /// A file with one request a line, as JSON; they are asked in turn, from the first one again after the last.
    requests: PathBuf,
    /// Connections.
    #[arg(long, default_value_t = 1)]
    connections: usize,
    /// How long it is asked.
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// The request to begin with.
    #[arg(long, default_value_t = 0)]
    from: usize,
    /// Requests a second over all connections, each due at its time: who is answered late is late for the next one too, and
    /// what is told counts from when it was due. Without it each asks again as soon as it is answered.
    #[arg(long)]
    per_second: Option<f64>,
}

/// A request. `{n}` in a body stands for how many the connection has sent; `{etag}` in a header stands for the entity tag of the last answer on the connection; such a connection keeps
/// to one request, and asks for the tag first.
#[derive(Deserialize)]
struct Request {
    method: String,
    path: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
    /// The status that it is to be answered with.
    status: u16,
}

/// What is told.
#[derive(Serialize)]
struct Told {
    answers: usize,
    wrong: usize,
    seconds: f64,
    per_second: f64,
    /// Milliseconds.
    p50: f64,
    p99: f64,
    /// Where the requests of the next run begin.
    next: usize,
}

/// Asks, and prints what came as one line of JSON.
pub fn run(options: &Options) -> io::Result<()> {
    let text = std::fs::read_to_string(&options.requests)?;
    let requests: Vec<Request> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    if requests.is_empty() {
        return Err(io::Error::other("there is no request"));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let told = tokio::task::LocalSet::new().block_on(&runtime, asked(options, Rc::new(requests)))?;
    println!("{}", serde_json::to_string(&told)?);
    Ok(())
}

async fn asked(options: &Options, requests: Rc<Vec<Request>>) -> io::Result<Told> {
    let next = Rc::new(Cell::new(options.from));
    // Looked for before the time begins: there may be a hundred thousand requests.
    let tagged = requests.iter().any(|request| request.headers.iter().any(|(_, value)| value.contains("{etag}")));
    let began = Instant::now();
    let until = began + Duration::from_secs_f64(options.seconds);
    let mut connections = Vec::new();
    for place in 0..options.connections {
        let stream = TcpStream::connect(&options.address).await?;
        stream.set_nodelay(true)?;
        let (requests, next) = (Rc::clone(&requests), Rc::clone(&next));
        let pace = options.per_second.map(|rate| {
            let share = options.connections as f64 / rate;
            Pace { first: began + Duration::from_secs_f64(place as f64 / rate), each: Duration::from_secs_f64(share) }
        });
        let own = tagged.then_some(options.from + place);
        connections.push(tokio::task::spawn_local(connection(stream, requests, next, own, until, pace)));
    }
    let (mut took, mut wrong) = (Vec::new(), 0);
    for connection in connections {
        let (times, others) = connection.await.map_err(io::Error::other)??;
        took.extend(times);
        wrong += others;
    }
    let seconds = began.elapsed().as_secs_f64();
    took.sort_unstable();
    let at = |share: f64| {
        let place = (took.len() as f64 * share) as usize;
        took.get(place.min(took.len().saturating_sub(1))).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    let (answers, per_second) = (took.len(), took.len() as f64 / seconds);
    Ok(Told { answers, wrong, seconds, per_second, p50: at(0.5), p99: at(0.99), next: next.get() })
}

/// When the requests of a connection are due.
struct Pace {
    first: Instant,
    each: Duration,
}

impl Pace {
    /// Waits for the time of a request; when that was.
    async fn due(&self, number: usize) -> Instant {
        let due = self.first + self.each.mul_f64(number as f64);
        tokio::time::sleep_until(due.into()).await;
        due
    }
}

/// Asks on one connection: the requests in turn, or always its own one, with the entity tag that the last answer told.
async fn connection(
    mut stream: TcpStream,
    requests: Rc<Vec<Request>>,
    next: Rc<Cell<usize>>,
    own: Option<usize>,
    until: Instant,
    pace: Option<Pace>,
) -> io::Result<(Vec<Duration>, usize)> {
    let (mut took, mut wrong) = (Vec::new(), 0);
    let (mut buffer, mut tag) = (Vec::with_capacity(64 * 1024), String::new());
    if let Some(own) = own {
        let request = &requests[own % requests.len()];
        let headers: Vec<_> = request.headers.iter().filter(|(_, value)| !value.contains("{etag}")).cloned().collect();
        let first =
            Request { method: "GET".to_owned(), path: request.path.clone(), headers, body: String::new(), status: 200 };
        stream.write_all(written(&first, "", 0).as_bytes()).await?;
        answer(&mut stream, &mut buffer, &mut tag).await?;
    }
    while Instant::now() < until {
        let place = own.unwrap_or_else(|| next.replace(next.get() + 1));
        let request = &requests[place % requests.len()];
        let text = written(request, &tag, took.len());
        let began = match &pace {
            Some(pace) => pace.due(took.len()).await,
            None => Instant::now(),
        };
        stream.write_all(text.as_bytes()).await?;
        let status = answer(&mut stream, &mut buffer, &mut tag).await?;
        took.push(began.elapsed());
        wrong += usize::from(status != request.status);
    }
    Ok((took, wrong))
}

fn written(request: &Request, tag: &str, sent: usize) -> String {
    let Request { method, path, headers, body, .. } = request;
    let body = body.replace("{n}", &sent.to_string());
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: bench\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {}\r\n", value.replace("{etag}", tag)));
    }
    if !body.is_empty() {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    text + "\r\n" + &body
}

/// Reads one answer whole; its status, and its entity tag where it has one.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>, tag: &mut String) -> io::Result<u16> {
    buffer.clear();
    let end = loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::Error::other("the connection was closed"));
        }
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let head = std::str::from_utf8(&buffer[..end]).map_err(io::Error::other)?;
    let status = head.get(9..12).and_then(|status| status.parse().ok()).ok_or_else(|| io::Error::other("no status"))?;
    let mut length = 0;
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().map_err(io::Error::other)?;
        } else if name.eq_ignore_ascii_case("etag") {
            value.clone_into(tag);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(io::Error::other("an answer in chunks"));
        }
    }
    while buffer.len() < end + length && status != 304 {
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::Error::other("the connection was closed"));
        }
    }
    Ok(status)
}
