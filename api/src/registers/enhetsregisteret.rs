//! Enhetsregisteret: what it says of an organisation number (`GET {base}/enheter/{orgnr}`, Brønnøysundregistrene).

use std::time::Duration;

use chrono::NaiveDate;
use reqwest::header::ACCEPT;
use reqwest::redirect::Policy;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use url::Url;

use crate::http::json::forbidden_character;
use crate::problem::Error;

/// How long it may take to answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// Largest answer in bytes; one is some 3 KiB.
const LARGEST: usize = 65_536;

/// The register, ready to be asked.
#[derive(Clone, Debug)]
pub struct Register {
    http: reqwest::Client,
    base: Url,
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It knows the organisation.
    Found(Entity),
    /// It does not.
    Unknown,
    /// It did not answer in time, or not with what it should; the text is for the log.
    Failed(String),
}

/// What it says of an organisation, checked and cut to what the service keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entity {
    /// The registered name.
    pub name: String,
    /// The code of the form (KOMM, FYLK, AS, IKS …).
    pub form: Option<String>,
    /// The form in words.
    pub form_in_words: Option<String>,
    /// The lines of the business address, or else of the postal one.
    pub address: Vec<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The post town.
    pub town: Option<String>,
    /// The number of the municipality of that address.
    pub municipality_code: Option<String>,
    /// The web site.
    pub website: Option<String>,
    /// The address for e-mail.
    pub email: Option<String>,
    /// The day on which it was struck off.
    pub dissolved_on: Option<NaiveDate>,
    /// Whether it is bankrupt.
    pub bankrupt: bool,
    /// Whether it is being wound up.
    pub winding_up: bool,
}

/// The answer as it comes: what is not asked for is passed over, what is of another type makes it no answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    organisasjonsnummer: String,
    #[serde(default)]
    navn: Option<String>,
    organisasjonsform: Option<Form>,
    hjemmeside: Option<String>,
    epostadresse: Option<String>,
    forretningsadresse: Option<Address>,
    postadresse: Option<Address>,
    slettedato: Option<NaiveDate>,
    #[serde(default)]
    konkurs: bool,
    #[serde(default)]
    under_avvikling: bool,
}

#[derive(Deserialize)]
struct Form {
    kode: String,
    beskrivelse: Option<String>,
}

#[derive(Deserialize)]
struct Address {
    #[serde(default)]
    adresse: Vec<String>,
    postnummer: Option<String>,
    poststed: Option<String>,
    kommunenummer: Option<String>,
}

impl Register {
    /// The register at an address of the configuration.
    ///
    /// # Errors
    /// When the address is none of the web, or the system has no certificates to trust.
    pub fn at(base: &str) -> Result<Self, Error> {
        let base = Url::parse(base).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let base =
            base.ok_or_else(|| Error::internal("read the address of the register", "it is no http(s) address"))?;
        let http = reqwest::Client::builder()
            .user_agent(concat!("Framdrift/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(ANSWERS_WITHIN)
            .build()
            .map_err(|error| Error::internal("make the client that asks the register", error))?;
        Ok(Self { http, base })
    }

    /// The address of an organisation there.
    #[must_use]
    pub fn address(&self, number: &str) -> String {
        format!("{}/enheter/{number}", self.base.as_str().trim_end_matches('/'))
    }

    /// Asks for an organisation number: nine digits.
    pub async fn ask(&self, number: &str) -> Asked {
        match self.answer(number).await {
            Ok(asked) => asked,
            Err(why) => Asked::Failed(why),
        }
    }

    async fn answer(&self, number: &str) -> Result<Asked, String> {
        let request = self.http.get(self.address(number)).header(ACCEPT, "application/json");
        let mut response = request.send().await.map_err(|error| error.without_url().to_string())?;
        match response.status().as_u16() {
            // One that was struck off long ago is told with 410, and its day.
            200 | 410 => {}
            404 => return Ok(Asked::Unknown),
            status => return Err(format!("it answered {status}")),
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| error.without_url().to_string())? {
            body.extend_from_slice(&piece);
            if body.len() > LARGEST {
                return Err("the answer is larger than any should be".to_owned());
            }
        }
        read(number, &body).map(Asked::Found)
    }
}

/// The answer, when it is one on this organisation number.
fn read(number: &str, body: &[u8]) -> Result<Entity, String> {
    let answer: Answer = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    if answer.organisasjonsnummer != number {
        return Err("the answer is about another organisation".to_owned());
    }
    let short = |text: Option<String>, most: usize| text.and_then(|text| clean(&text, most));
    let place = answer.forretningsadresse.or(answer.postadresse);
    let code = |code: &String| code.len() == 4 && code.bytes().all(|digit| digit.is_ascii_digit());
    let (address, postal_code, town, municipality_code) = match place {
        Some(place) => {
            let lines = place.adresse.iter().filter_map(|line| clean(line, 200)).take(5).collect();
            (lines, short(place.postnummer, 20), short(place.poststed, 100), place.kommunenummer.filter(code))
        }
        None => (Vec::new(), None, None, None),
    };
    let (form, form_in_words) = match answer.organisasjonsform {
        Some(form) => (clean(&form.kode, 20), short(form.beskrivelse, 200)),
        None => (None, None),
    };
    let name = short(answer.navn, 200);
    if name.is_none() && answer.slettedato.is_none() {
        return Err("the answer has no name".to_owned());
    }
    Ok(Entity {
        name: name.unwrap_or_default(),
        form,
        form_in_words,
        address,
        postal_code,
        town,
        municipality_code,
        website: short(answer.hjemmeside, 2000).and_then(|text| web_address(&text)),
        email: short(answer.epostadresse, 254).filter(|text| text.contains('@') && !text.contains(char::is_whitespace)),
        dissolved_on: answer.slettedato,
        bankrupt: answer.konkurs,
        winding_up: answer.under_avvikling,
    })
}

/// Text as the service keeps it; `None` for what is empty, too long, or has characters that deceive.
fn clean(text: &str, most: usize) -> Option<String> {
    let text: String = text.trim().nfc().collect();
    let fits = !text.is_empty() && text.chars().count() <= most;
    (fits && forbidden_character(&text).is_none() && !text.contains(['\n', '\r', '\t'])).then_some(text)
}

/// A web site as an address: the register has most of them without `https://`.
fn web_address(text: &str) -> Option<String> {
    let whole = if text.starts_with("http://") || text.starts_with("https://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&whole).ok()?;
    let plain =
        url.username().is_empty() && url.password().is_none() && url.host_str().is_some_and(|host| host.contains('.'));
    plain.then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::{Register, read};

    #[test]
    fn an_answer_is_read_and_what_deceives_is_left_out() {
        let answer = r#"{
            "organisasjonsnummer": "864993982", "navn": "BARDU KOMMUNE", "hjemmeside": "www.bardu.kommune.no",
            "organisasjonsform": {"kode": "KOMM", "beskrivelse": "Kommune", "_links": {}},
            "epostadresse": "post mottak", "konkurs": false, "underAvvikling": false,
            "forretningsadresse": {"adresse": ["Parkveien 24", "\u202eevil"], "postnummer": "9360", "poststed": "BARDU", "kommunenummer": "5520"}
        }"#;
        let entity = read("864993982", answer.as_bytes()).expect("an answer");
        assert_eq!((entity.name.as_str(), entity.form.as_deref()), ("BARDU KOMMUNE", Some("KOMM")));
        assert_eq!((entity.website.as_deref(), entity.email), (Some("https://www.bardu.kommune.no"), None));
        assert_eq!(
            (entity.address, entity.municipality_code.as_deref()),
            (vec!["Parkveien 24".to_owned()], Some("5520"))
        );
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for wrong in [
            "",
            "[]",
            "{}",
            r#"{"organisasjonsnummer":"959469881","navn":"X"}"#,
            r#"{"organisasjonsnummer":"864993982"}"#,
        ] {
            assert!(read("864993982", wrong.as_bytes()).is_err(), "{wrong}");
        }
        let gone = r#"{"organisasjonsnummer":"864993982","slettedato":"2020-01-01"}"#;
        assert!(read("864993982", gone.as_bytes()).is_ok_and(|entity| entity.dissolved_on.is_some()));
        assert!(Register::at("file:///etc/passwd").is_err());
    }
}
