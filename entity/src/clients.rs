//! A machine that calls on behalf of an organisation.

use crate::prelude::*;

record! {
    /// A machine that calls with a token of its own, on behalf of an organisation: it may what the organisation may as a party,
    /// narrowed by its scopes, and approves nothing. Its secret is shown once: where the client is made (not in a batch), and where
    /// the secret is rotated. With public keys it needs none (`private_key_jwt`).
    Client "client" "clients" "clients" {
        /// The organisation that it calls for; it stays the same.
        organisation_id: Uuid,
        /// What to call it.
        #[schema(min_length = 1, max_length = 200, example = "Sak og arkiv i Lavangen")]
        name: String,
        /// What its tokens may be used for.
        #[sea_orm(column_type = "JsonBinary")]
        #[schema(value_type = Vec<ClientScope>, min_items = 1, max_items = 5)]
        scopes: ClientScopes,
        /// Its public keys (RFC 7517), for `private_key_jwt`: RSA of 2048 bits or more, P-256, P-384 or Ed25519. A key that is
        /// taken away ends the tokens that it got.
        #[sea_orm(column_type = "JsonBinary", nullable)]
        #[schema(value_type = Option<ClientKeys>, example = json!(null))]
        jwks: Option<ClientKeys>,
        /// Since when it gets no token and its tokens are refused (UTC).
        #[schema(value_type = Option<String>, format = DateTime)]
        disabled_at: Option<Instant>,
        /// 1 at first, one more with every rotation of the secret.
        #[serde(default = "first")]
        #[schema(read_only, minimum = 1, default = 1, example = 1)]
        secret_version: i64,
        /// When the secret was last rotated (UTC).
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime)]
        secret_rotated_at: Option<Instant>,
    }
}

/// The secret that a client begins with.
const fn first() -> i64 {
    1
}

/// What a client's tokens may be used for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct ClientScopes(pub Vec<ClientScope>);

/// What a token of a machine may be used for, within what its organisation may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(example = "framdrift:status")]
pub enum ClientScope {
    /// Reading what an observer reads.
    #[serde(rename = "framdrift:status")]
    Status,
    /// Reading all that the organisation reads.
    #[serde(rename = "framdrift:read")]
    Read,
    /// Reading and writing.
    #[serde(rename = "framdrift:write")]
    Write,
    /// Writing what the councils decide, and reading it; of the rest, what an observer reads.
    #[serde(rename = "framdrift:political.write")]
    PoliticalWrite,
    /// Fetching what is to be archived: reading all that the organisation reads.
    #[serde(rename = "framdrift:archive")]
    Archive,
}

/// A set of public keys (RFC 7517 §5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct ClientKeys {
    /// The keys.
    #[schema(min_items = 1, max_items = 10)]
    pub keys: Vec<ClientKey>,
}

/// A public key (RFC 7517, RFC 7518 §6, RFC 8037). It has no private part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({ "kty": "OKP", "kid": "2026", "alg": "EdDSA", "use": "sig", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "n": null, "e": null, "y": null }))]
pub struct ClientKey {
    /// `RSA`, `EC` or `OKP`.
    #[schema(max_length = 3, pattern = "^(RSA|EC|OKP)$")]
    pub kty: String,
    /// The name that assertions call it by; each of a client's keys has its own.
    #[schema(min_length = 1, max_length = 200)]
    pub kid: String,
    /// The one algorithm that it is for; any that fits the key where it is left out.
    #[schema(max_length = 5, pattern = "^(RS256|RS384|RS512|PS256|PS384|PS512|ES256|ES384|EdDSA)$")]
    pub alg: Option<String>,
    /// What it is for.
    #[serde(rename = "use")]
    #[schema(max_length = 3, pattern = "^sig$")]
    pub purpose: Option<String>,
    /// The curve: `P-256`, `P-384` or `Ed25519`.
    #[schema(max_length = 7, pattern = "^(P-256|P-384|Ed25519)$")]
    pub crv: Option<String>,
    /// The first coordinate, or the key of `OKP`.
    #[schema(max_length = 100, pattern = "^[A-Za-z0-9_-]+$")]
    pub x: Option<String>,
    /// The second coordinate.
    #[schema(max_length = 100, pattern = "^[A-Za-z0-9_-]+$")]
    pub y: Option<String>,
    /// The modulus of an RSA key.
    #[schema(max_length = 1400, pattern = "^[A-Za-z0-9_-]+$")]
    pub n: Option<String>,
    /// The exponent of an RSA key.
    #[schema(max_length = 20, pattern = "^[A-Za-z0-9_-]+$")]
    pub e: Option<String>,
}
