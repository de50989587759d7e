//! The health check of containers: one GET to the configured address, without a client library.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::problem::Error;

/// Asks `/readyz` of the service at an address.
///
/// # Errors
/// When it is not ready, or does not answer within three seconds.
pub async fn ask(mut address: SocketAddr) -> Result<(), Error> {
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let failed = |error| Error::internal("ask the service", error);
    let wait = Duration::from_secs(3);
    let mut stream = TcpStream::connect_timeout(&address, wait).map_err(failed)?;
    stream.set_read_timeout(Some(wait)).map_err(failed)?;
    stream
        .write_all(format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())
        .map_err(failed)?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).map_err(failed)?;
    if head.ends_with(b" 200") { Ok(()) } else { Err(Error::internal("ask the service", "it is not ready")) }
}
