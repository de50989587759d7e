//! Where a request comes from: the peer, or what a proxy says that is known to tell the truth.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

/// The address that a request comes from. `X-Forwarded-For` is read from its end, where the nearest proxy wrote, as long
/// as the one who wrote is a trusted one: what stands before that anybody may have sent.
#[must_use]
pub fn address(peer: Option<SocketAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    // A socket without a peer is one of this machine.
    let mut address = canonical(peer.map_or(IpAddr::V6(Ipv6Addr::LOCALHOST), |peer| peer.ip()));
    let fields: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(','))
        .collect();
    for field in fields.into_iter().rev() {
        if !trusted.iter().any(|network| network.contains(&address)) {
            break;
        }
        match read(field.trim()) {
            Some(before) => address = canonical(before),
            None => break,
        }
    }
    address
}

/// An address, with or without a port.
fn read(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()))
}

fn canonical(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// The network that an address stands for where callers are counted: whoever has one address of IPv6 has the other
/// 2⁶⁴ of its network as well.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX))),
        IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{address, network};

    fn from(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for field in forwarded {
            headers.append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_str(field).expect("a field"));
        }
        let trusted: Vec<_> = trusted.iter().map(|network| network.parse().expect("a network")).collect();
        address(Some(format!("{peer}:4711").parse().expect("a peer")), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let ours = &["10.0.0.0/8", "::1/128"];
        assert_eq!(from("203.0.113.7", &["198.51.100.1"], ours), "203.0.113.7", "anybody may send it");
        assert_eq!(from("10.1.2.3", &["198.51.100.1"], &[]), "10.1.2.3", "nobody is trusted unless told");
        assert_eq!(from("10.1.2.3", &["198.51.100.1"], ours), "198.51.100.1");
        assert_eq!(from("[::ffff:10.1.2.3]", &["198.51.100.1"], ours), "198.51.100.1", "IPv4 in IPv6");
        assert_eq!(from("10.1.2.3", &["6.6.6.6, 198.51.100.1"], ours), "198.51.100.1", "what the client put before");
        assert_eq!(
            from("10.1.2.3", &["6.6.6.6", "198.51.100.1, 10.9.9.9"], ours),
            "198.51.100.1",
            "two proxies of ours"
        );
        assert_eq!(from("10.1.2.3", &[], ours), "10.1.2.3");
    }

    #[test]
    fn what_is_no_address_ends_the_trust() {
        let ours = &["10.0.0.0/8"];
        for nonsense in ["unknown", "", "198.51.100", "_hidden", "1.2.3.4.5", "10.0.0.1;drop"] {
            assert_eq!(from("10.1.2.3", &[&format!("6.6.6.6, {nonsense}")], ours), "10.1.2.3", "{nonsense}");
        }
        for (text, is) in
            [("198.51.100.1:80", "198.51.100.1"), ("[2001:db8::1]:80", "2001:db8::1"), ("[2001:db8::1]", "2001:db8::1")]
        {
            assert_eq!(from("10.1.2.3", &[text], ours), is, "{text}");
        }
    }

    #[test]
    fn an_address_of_ipv6_stands_for_its_network() {
        let of = |text: &str| network(text.parse().expect("an address")).to_string();
        assert_eq!(
            (of("2001:db8:1:2:3:4:5:6"), of("203.0.113.7")),
            ("2001:db8:1:2::".to_owned(), "203.0.113.7".to_owned())
        );
    }
}
