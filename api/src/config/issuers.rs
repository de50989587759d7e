//! Issuers of tokens beside the service's own: `[[issuers]]` in the configuration file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

/// Who calls with the tokens of an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bearer {
    /// The organisation of a claim, as with Maskinporten.
    Organisation,
    /// A person, as with ID-porten and Entra: a user that an administrator has linked to the subject.
    Person,
}

/// An issuer as the file describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IssuerSettings {
    /// `iss` of its tokens, letter by letter: Maskinporten's has a slash at the end, ID-porten's has none.
    pub issuer: String,
    /// Who calls with its tokens.
    pub caller: Bearer,
    /// What `aud` has to name; the public address of this service unless it is given. A token for somebody else's
    /// installation is of no use here.
    #[serde(default)]
    pub audience: Vec<String>,
    /// The algorithms of its signatures; none of them is symmetric.
    #[serde(default = "rs256")]
    pub algorithms: Vec<String>,
    /// Where its metadata is, if not at the usual place below the issuer.
    pub discovery: Option<String>,
    /// Where its keys are, in place of the metadata.
    pub jwks_url: Option<String>,
    /// The file that its keys are in, in place of the metadata.
    pub jwks_file: Option<PathBuf>,
    /// The claim with the organisation; `consumer` unless it is given.
    #[serde(default = "consumer")]
    pub organisation_claim: String,
    /// What an identifier of an organisation may begin with; `0192` (Enhetsregisteret) unless it is given, `9908` is its old name.
    #[serde(default = "register")]
    pub organisation_schemes: Vec<String>,
    /// The claim with the person; `sub` unless it is given.
    #[serde(default = "subject")]
    pub subject_claim: String,
    /// The claim with the scopes; `scope` unless it is given.
    #[serde(default = "scope")]
    pub scope_claim: String,
    /// Its scopes, each with the one of this service that it stands for. Needed for organisations.
    #[serde(default)]
    pub scopes: BTreeMap<String, String>,
    /// Sources of delegations that are accepted (`delegation_source`): a supplier may then call for an organisation.
    #[serde(default)]
    pub delegation: Vec<String>,
    /// Claims that have to be there, each with the values that will do: `acr`, `tid`.
    #[serde(default)]
    pub require: BTreeMap<String, Vec<String>>,
    /// Longest life of a token, in seconds, up to two hours; an hour unless it is given.
    #[serde(default = "hour")]
    pub longest_seconds: u32,
    /// How old keys may be before they are fetched anew, in seconds; ten minutes unless it is given. While the issuer does not
    /// answer, they are kept for a day.
    #[serde(default = "ten_minutes")]
    pub refresh_seconds: u32,
}

fn rs256() -> Vec<String> {
    vec!["RS256".to_owned()]
}

fn consumer() -> String {
    "consumer".to_owned()
}

fn register() -> Vec<String> {
    vec!["0192".to_owned()]
}

fn subject() -> String {
    "sub".to_owned()
}

fn scope() -> String {
    "scope".to_owned()
}

const fn hour() -> u32 {
    3600
}

const fn ten_minutes() -> u32 {
    600
}
