use std::net::{IpAddr, SocketAddr};

use super::{Lookup, Refused, Resolver, address, is_public};
use crate::access::Outbound;

#[test]
fn what_is_not_on_the_public_internet_is_refused() {
    for inside in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.5",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.254",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:1ff::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00::5",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        let address: IpAddr = inside.parse().unwrap_or_else(|_| panic!("{inside}"));
        assert!(!is_public(address), "{inside}");
    }
    for public in [
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "193.156.1.1",
        "2a01:7e00::1",
        "2001:700::1",
    ] {
        let address: IpAddr = public.parse().unwrap_or_else(|_| panic!("{public}"));
        assert!(is_public(address), "{public}");
    }
}

#[test]
fn an_address_is_judged_however_it_is_written() {
    for wrong in [
        "http://hooks.example.org/",
        "ftp://hooks.example.org/",
        "file:///etc/passwd",
        "gopher://hooks.example.org/",
        "hooks.example.org",
        "",
        "https://",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://0/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://localhost/",
        "https://localhost./",
        "https://LOCALHOST/",
        "https://a.localhost/",
        "https://db/",
        "https://db.internal/",
        "https://printer.local/",
        "https://１２７.０.０.１/",
        "https://10.0.0.5/",
        "https://169.254.169.254/latest/meta-data",
        "https://hooks.example.org:22/",
        "https://hooks.example.org:80/",
        "https://ok.example.org@127.0.0.1/",
        "https://user:secret@hooks.example.org/",
        "https://user@hooks.example.org/",
        "https://hooks.example.org/#part",
        "https://192.168.1.1:8443/",
        "javascript:alert(1)",
        "https://framdrift.astfjord.example/api/v1/projects",
        "https://Framdrift.Astfjord.example.:8443/",
    ] {
        assert_eq!(address(wrong, &Outbound::beyond("https://framdrift.astfjord.example")), Err(Refused), "{wrong}");
    }
    let long = format!("https://hooks.example.org/{}", "a".repeat(2048));
    assert_eq!(address(&long, &Outbound::PUBLIC), Err(Refused));
    for right in [
        "https://hooks.example.org/",
        "https://hooks.example.org:8443/a?b=c",
        "https://8.8.8.8/",
        "https://hooks.næring.example/",
        "https://framdrift.astfjord.example.org/",
    ] {
        assert!(address(right, &Outbound::beyond("https://framdrift.astfjord.example")).is_ok(), "{right}");
    }
    assert!(address("http://127.0.0.1:8080/", &Outbound::Anywhere).is_ok());
    assert_eq!(address("ftp://127.0.0.1/", &Outbound::Anywhere), Err(Refused));
}

#[tokio::test]
async fn one_address_of_a_name_that_leads_inside_spoils_them_all() {
    let found = |lookup: Lookup| async move {
        Resolver { outbound: Outbound::PUBLIC, lookup }
            .addresses("hooks.example.org")
            .await
            .map_err(|error| error.to_string())
    };
    let at = |text: &str| -> SocketAddr { text.parse().unwrap_or_else(|_| panic!("{text}")) };
    let public = found(|_| Box::pin(async { Ok(vec![([8, 8, 8, 8], 443).into()]) })).await;
    assert_eq!(public, Ok(vec![at("8.8.8.8:443")]));
    let mixed = found(|_| Box::pin(async { Ok(vec![([8, 8, 8, 8], 443).into(), ([127, 0, 0, 1], 443).into()]) })).await;
    assert_eq!(mixed, Err(Refused.to_string()));
}
