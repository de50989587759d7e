//! Settings that say who may come in how and what goes out where: origins, contacts, the collector of traces, and the secrets that are
//! too well known to be any.

use std::str::FromStr;

use serde::Deserialize;
use url::{Host, Url};

use super::Config;
use crate::problem::Error;

/// An origin as browsers write it (RFC 6454 §6.2): scheme, host and port, nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Origin(String);

impl Origin {
    /// The origin as it stands in the field `Origin`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits = |url: &Url| {
            matches!(url.scheme(), "https" | "http") && url.host_str().is_some_and(|host| !host.contains('*'))
        };
        match Url::parse(text).ok().filter(fits).map(|url| url.origin().ascii_serialization()) {
            Some(origin) if origin == text => Ok(Self(origin)),
            Some(origin) => Err(format!("an origin is written as browsers write it: {origin}")),
            None => {
                Err("an origin is scheme, host and port, like https://plan.example.no; there is no wildcard".to_owned())
            }
        }
    }
}

impl TryFrom<String> for Origin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Where those write who find a vulnerability (RFC 9116 §2.5.3).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Contact(String);

impl Contact {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Contact {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "mailto" | "https" | "tel"));
        known.map(|url| Self(url.into())).ok_or_else(|| "a contact is a mailto:, https: or tel: address".to_owned())
    }
}

impl TryFrom<String> for Contact {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// A collector of OpenTelemetry: where OTLP over HTTP is taken, as a base below which `/v1/traces` stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Collector(Url);

impl Collector {
    /// The address that spans are sent to.
    #[must_use]
    pub fn traces(&self) -> String {
        format!("{}/v1/traces", self.0.as_str().trim_end_matches('/'))
    }
}

impl FromStr for Collector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // An address is shown by whoever lists processes and settings; a key has its own place.
        let fits = |url: &Url| {
            let plain = url.username().is_empty() && url.password().is_none();
            matches!(url.scheme(), "https" | "http") && plain && url.query().is_none() && url.fragment().is_none()
        };
        Url::parse(text).ok().filter(fits).map(Self).ok_or_else(|| {
            "a collector is an address like http://127.0.0.1:4318, without user and query; what it wants to know of its \
             sender goes into OTEL_EXPORTER_OTLP_HEADERS"
                .to_owned()
        })
    }
}

impl TryFrom<String> for Collector {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Passwords that stand in manuals and examples, or that are tried first.
const WELL_KNOWN: [&str; 14] = [
    "admin",
    "change-me",
    "changeit",
    "changeme",
    "example",
    "framdrift",
    "password",
    "passord",
    "postgres",
    "qwerty",
    "root",
    "secret",
    "test",
    "123456",
];

impl Config {
    /// Refuses a password of the database that everybody knows, unless the database is on this machine.
    ///
    /// # Errors
    /// When there is one.
    pub fn refuse_well_known_secrets(&self) -> Result<(), Error> {
        let urls = [&self.database_url, &self.read_database_url].into_iter().flatten();
        let mut urls = urls.filter_map(|url| Url::parse(url.reveal()).ok());
        match urls.find(|url| !is_here(url) && is_well_known(url)) {
            Some(_) => Err(Error::internal(
                "start",
                "the password in --database-url stands in every list of passwords: choose another, for example with \
                 openssl rand -hex 24",
            )),
            None => Ok(()),
        }
    }
}

fn is_well_known(url: &Url) -> bool {
    let password = url.password().unwrap_or_default().to_lowercase();
    WELL_KNOWN.contains(&password.as_str()) || (!password.is_empty() && password == url.username().to_lowercase())
}

fn is_here(url: &Url) -> bool {
    // Of a scheme that it does not know, the library leaves every host as a name.
    let address = url.host_str().map(|host| host.trim_matches(['[', ']']).parse::<std::net::IpAddr>());
    match (url.host(), address) {
        (None, _) => true,
        (_, Some(Ok(address))) => address.is_loopback(),
        (Some(Host::Domain(name)), _) => name == "localhost" || name.is_empty(),
        (Some(Host::Ipv4(_) | Host::Ipv6(_)), _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Collector, Config, Contact, Origin};
    use crate::config::Settings;

    #[test]
    fn an_origin_is_exact_or_none() {
        for origin in ["https://plan.example.no", "http://localhost:5173", "https://xn--nring-sra.example:8443"] {
            assert_eq!(origin.parse::<Origin>().map(|known| known.as_str().to_owned()).as_deref(), Ok(origin));
        }
        let wrong = [
            "*",
            "null",
            "",
            "https://*.example.no",
            "https://plan.example.no/",
            "https://plan.example.no/page",
            "https://Plan.example.no",
            "https://plan.example.no:443",
            "file:///etc",
            "plan.example.no",
            "https://a@plan.example.no",
            "https://næring.example",
        ];
        for text in wrong {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_contact_is_an_address() {
        assert!("mailto:security@framdrift.example".parse::<Contact>().is_ok());
        for text in ["security@framdrift.example", "http://framdrift.example", "javascript:alert(1)", "mailto"] {
            assert!(text.parse::<Contact>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_collector_is_a_base_without_secrets() {
        for (text, traces) in [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            ("https://otel.example/base/", "https://otel.example/base/v1/traces"),
        ] {
            assert_eq!(text.parse::<Collector>().map(|known| known.traces()).as_deref(), Ok(traces));
        }
        for text in
            ["otel:4318", "grpc://otel:4317", "http://key@otel:4318", "http://otel:4318?key=1", "http://otel/#a", ""]
        {
            assert!(text.parse::<Collector>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_password_that_everybody_knows_is_refused_beyond_this_machine() {
        let with = |url: &str| Config {
            database_url: url.parse().ok(),
            ..Settings::default().resolve().expect("the default settings are valid")
        };
        for url in [
            "postgres://a:changeme@db.example/a",
            "postgres://fram:FRAM@10.0.0.5/a",
            "postgres://postgres:postgres@db/a",
        ] {
            assert!(with(url).refuse_well_known_secrets().is_err(), "{url}");
        }
        for url in [
            "postgres://a:9f2c47d0b1@db.example/a",
            "postgres://postgres@db.example/a",
            "postgres://a:changeme@127.0.0.1/a",
            "postgres://a:changeme@localhost:5432/a",
            "postgres://a:changeme@[::1]/a",
        ] {
            assert!(with(url).refuse_well_known_secrets().is_ok(), "{url}");
        }
    }
}
