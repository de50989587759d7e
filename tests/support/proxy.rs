//! A network between a service and its database that can be cut and stopped: a proxy on loopback.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How the network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// Everything passes.
    Whole,
    /// Connections are closed at once, old ones and new ones.
    Cut,
    /// Connections stay open and nothing passes.
    Silent,
}

/// A proxy on a port of its own.
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    line: Arc<watch::Sender<Line>>,
    listening: JoinHandle<()>,
}

impl Proxy {
    /// Starts one before a server.
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let line = Arc::new(watch::Sender::new(Line::Whole));
        let state = Arc::clone(&line);
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server, state.subscribe()));
            }
        });
        Self { address, line, listening }
    }

    /// Lets everything pass again. What was on its way goes on.
    pub fn mend(&self) {
        self.line.send_replace(Line::Whole);
    }

    /// Closes every connection, and from now on each new one.
    pub fn cut(&self) {
        self.line.send_replace(Line::Cut);
    }

    /// Lets nothing pass, and nobody is told.
    pub fn silence(&self) {
        self.line.send_replace(Line::Silent);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Passes on what both sides send, until one of them ends or the line is cut.
async fn pass(client: TcpStream, server: SocketAddr, mut line: watch::Receiver<Line>) {
    if !is_whole(&mut line).await {
        return;
    }
    let Ok(server) = TcpStream::connect(server).await else { return };
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        () = pump(from_client, to_server, line.clone()) => {}
        () = pump(from_server, to_client, line) => {}
    }
}

/// Passes on one direction; nothing is lost while the line is silent.
async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut line: watch::Receiver<Line>) {
    let mut piece = vec![0; 16_384];
    while is_whole(&mut line).await {
        let read = tokio::select! {
            read = from.read(&mut piece) => read,
            _ = line.changed() => continue,
        };
        let Ok(count @ 1..) = read else { return };
        if !is_whole(&mut line).await || to.write_all(&piece[..count]).await.is_err() {
            return;
        }
    }
}

/// Waits while the line is silent; whether it is whole then.
async fn is_whole(line: &mut watch::Receiver<Line>) -> bool {
    line.wait_for(|line| *line != Line::Silent).await.is_ok_and(|line| *line == Line::Whole)
}
