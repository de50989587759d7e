//! Requests byte by byte, for what no client library would send.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Longest wait for the end of an answer.
const LONGEST: Duration = Duration::from_secs(30);

/// A connection that a test holds.
pub struct Connection(TcpStream);

impl Connection {
    /// Connects.
    #[must_use]
    pub fn to(server: SocketAddr) -> Self {
        let stream = TcpStream::connect(server).expect("the server listens");
        stream.set_read_timeout(Some(LONGEST)).expect("a time to wait");
        Self(stream)
    }

    /// Sends these bytes, as far as the server still takes them.
    pub fn send(&mut self, bytes: &[u8]) {
        // Whoever is refused early may find the connection closed while it still sends.
        let _ = self.0.write_all(bytes);
    }

    /// The next line of the answer.
    #[must_use]
    pub fn line(&mut self) -> String {
        let mut line = Vec::new();
        let mut byte = [0];
        while !line.ends_with(b"\r\n") {
            self.0.read_exact(&mut byte).expect("the server goes on");
            line.push(byte[0]);
        }
        String::from_utf8_lossy(&line).trim_end().to_owned()
    }

    /// What comes until the server closes the connection.
    ///
    /// # Panics
    /// When it is still open after half a minute.
    #[must_use]
    pub fn rest(&mut self) -> String {
        let mut all = Vec::new();
        let mut piece = [0; 16_384];
        loop {
            match self.0.read(&mut piece) {
                Ok(0) => break,
                Ok(count) => all.extend_from_slice(&piece[..count]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    panic!("the connection is still open; it said {}", String::from_utf8_lossy(&all))
                }
                Err(_) => break,
            }
        }
        String::from_utf8_lossy(&all).into_owned()
    }

    /// Waits until the server has given the connection up, without reading what it sent. The client does not hear of it,
    /// since its window is shut; the system's table of sockets tells.
    ///
    /// # Panics
    /// When it is still there after half a minute.
    pub fn given_up(&self) {
        let (server, client) =
            (self.0.peer_addr().expect("a peer").port(), self.0.local_addr().expect("a port").port());
        let (server, client) = (format!(":{server:04X}"), format!(":{client:04X}"));
        let began = Instant::now();
        while began.elapsed() < LONGEST {
            let sockets = std::fs::read_to_string("/proc/net/tcp").expect("the table of sockets");
            let is_open = sockets.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).any(|socket| {
                matches!(socket.as_slice(), [_, ours, theirs, "01", ..] if ours.ends_with(&server) && theirs.ends_with(&client))
            });
            if !is_open {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the connection is still open")
    }
}

/// Sends bytes on a connection of their own; answers everything that comes back.
#[must_use]
pub fn ask(server: SocketAddr, bytes: &[u8]) -> String {
    let mut connection = Connection::to(server);
    connection.send(bytes);
    connection.rest()
}

/// The status of an answer; 0 when the connection was closed without one.
#[must_use]
pub fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}

/// The value of a header field of an answer; empty when it is not there.
#[must_use]
pub fn field<'a>(answer: &'a str, name: &str) -> &'a str {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).unwrap_or_default()
}
