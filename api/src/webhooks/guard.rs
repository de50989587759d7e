//! Where a webhook may point to: never into the network that the service stands in.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::access::Outbound;

/// Longest address in bytes.
const LONGEST: usize = 2048;
/// Where web servers listen; what else listens behind an address is nobody's business.
const PORTS: [u16; 2] = [443, 8443];

/// An address that nothing is sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the address is not one that the service sends to")
    }
}

impl std::error::Error for Refused {}

/// Judges an address by what it says, before any name in it is looked up.
///
/// # Errors
/// When nothing may be sent there, whatever the reason: why would tell about the network.
pub fn address(text: &str, outbound: &Outbound) -> Result<Url, Refused> {
    let url = Url::parse(text).map_err(|_| Refused)?;
    let plain =
        text.len() <= LONGEST && url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let fits = match outbound {
        Outbound::Anywhere => matches!(url.scheme(), "http" | "https"),
        Outbound::Public { .. } => {
            let port = url.port_or_known_default().is_some_and(|port| PORTS.contains(&port));
            let own = url.host_str().is_some_and(|host| outbound.leads_back(host));
            url.scheme() == "https" && port && !own && url.host().is_some_and(|host| is_open(&host))
        }
    };
    if plain && fits { Ok(url) } else { Err(Refused) }
}

fn is_open(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => is_public(IpAddr::V4(*address)),
        Host::Ipv6(address) => is_public(IpAddr::V6(*address)),
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let inside = ["localhost", "local", "internal", "intranet", "lan", "home.arpa"];
            name.contains('.') && !inside.iter().any(|end| name.ends_with(&format!(".{end}")))
        }
    }
}

/// What is not reached through the public internet, or by nobody (IANA's special-purpose registries, RFC 6890).
const SPECIAL_4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Of the global unicast addresses (2000::/3): those of protocols, of documentation, and those that hide an IPv4 one.
const SPECIAL_6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether an address is on the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let within = |(net, length): &(Ipv4Addr, u32)| (address.to_bits() ^ net.to_bits()) >> (32 - length) == 0;
            !SPECIAL_4.iter().any(within)
        }
        IpAddr::V6(address) => {
            let within = |(net, length): &(Ipv6Addr, u32)| (address.to_bits() ^ net.to_bits()) >> (128 - length) == 0;
            within(&(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3)) && !SPECIAL_6.iter().any(within)
        }
    }
}

/// How a name becomes addresses.
pub type Lookup = fn(String) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>>;

/// Looks names up for the one client that sends. What it has judged is what is connected to: the name is not looked up
/// again, so that it cannot mean something else a moment later.
#[derive(Clone, Debug)]
pub struct Resolver {
    /// Where may be sent to.
    pub outbound: Outbound,
    /// How names are looked up.
    pub lookup: Lookup,
}

impl Resolver {
    /// The addresses of a name; one that is not public spoils them all.
    ///
    /// # Errors
    /// When nothing may be sent there, or the name has no address.
    pub async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let found = (self.lookup)(name.to_owned()).await?;
        let open = self.outbound == Outbound::Anywhere || found.iter().all(|address| is_public(address.ip()));
        if open { Ok(found) } else { Err(Refused.into()) }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        Box::pin(async move {
            let found = this.addresses(name.as_str()).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The system's own way.
#[must_use]
pub fn by_the_system(name: String) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> {
    Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
}

/// A resolver by the system's own way, as the client takes it.
#[must_use]
pub fn resolver(outbound: Outbound) -> Arc<Resolver> {
    Arc::new(Resolver { outbound, lookup: by_the_system })
}

#[cfg(test)]
mod tests;
