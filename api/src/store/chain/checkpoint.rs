//! Signed checkpoints: where the chain stood at a moment, in one line that can be kept elsewhere.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use sea_orm::{DbErr, Statement};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{canonical, form};
use crate::access::{Caller, Create};
use crate::db::{Db, Found};
use crate::facts::{self, Change, Row, row};
use crate::problem::{Error, codes};
use crate::store::feed::held;
use crate::store::{Store, Write, Writer};

/// What the signed text says of itself.
const FORMAT: &str = "framdrift.checkpoint/1";

/// The kind of record that a checkpoint is.
const KIND: &str = "journal_checkpoint";

/// A checkpoint as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many entries the chain had.
    pub position: i64,
    /// The last of them.
    pub sequence: i64,
    /// Its hash in hexadecimal.
    pub hash: String,
    /// The whole with its signature.
    pub jws: String,
}

impl Checkpoint {
    /// Reads a checkpoint that was kept: the line alone, or the record as `GET /journal-checkpoints` gives it. `None`
    /// when it is neither. Whether it is signed is for [`Signer::signed`].
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let jws = if text.starts_with('{') {
            serde_json::from_str::<Value>(text).ok()?["jws"].as_str()?.to_owned()
        } else {
            text.to_owned()
        };
        let [_, said, _] = parts(&jws)?;
        let said: Value = serde_json::from_slice(&BASE64.decode(said).ok()?).ok()?;
        Some(Self {
            position: said["position"].as_i64()?,
            sequence: said["sequence"].as_i64()?,
            hash: said["hash"].as_str()?.to_owned(),
            jws,
        })
    }
}

/// The three parts of a compact JWS.
fn parts(jws: &str) -> Option<[&str; 3]> {
    let mut parts = jws.split('.');
    let all = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(all)
}

/// Signs checkpoints with the service's own key for that, and tells its signatures from others.
pub struct Signer {
    pair: Ed25519KeyPair,
    head: String,
    key_id: String,
}

impl Signer {
    /// The signer of this service; the first process that asks makes the key.
    ///
    /// # Errors
    /// When the database fails, or holds no key that can be read.
    pub async fn of(store: &Store) -> Result<Self, Error> {
        let key = crate::store::keep(store, "journal_key", crate::access::signing::fresh_key).await?;
        let pair = Ed25519KeyPair::from_pkcs8(&key)
            .map_err(|error| Error::internal("read the key of checkpoints", error.to_string()))?;
        let public = BASE64.encode(pair.public_key().as_ref());
        let thumbprint = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#);
        let key_id = BASE64.encode(form::sha256(&[thumbprint.as_bytes()]));
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": public });
        let head = json!({ "alg": "EdDSA", "typ": "framdrift-checkpoint+jws", "kid": key_id, "jwk": jwk });
        Ok(Self { pair, head: BASE64.encode(text(&head)), key_id })
    }

    /// Whether a checkpoint says what its own signed text says, and this service signed it. The key in the head of the
    /// line is for others: here it is not looked at.
    #[must_use]
    pub fn signed(&self, checkpoint: &Checkpoint) -> bool {
        let Some([head, said, signature]) = parts(&checkpoint.jws) else { return false };
        let Ok(signature) = BASE64.decode(signature) else { return false };
        let key = UnparsedPublicKey::new(&ED25519, self.pair.public_key().as_ref());
        key.verify(format!("{head}.{said}").as_bytes(), &signature).is_ok()
            && Checkpoint::read(&checkpoint.jws).as_ref() == Some(checkpoint)
    }

    fn sign(&self, position: i64, sequence: i64, hash: &str, at: DateTime<Utc>) -> String {
        let said = json!({
            "format": FORMAT, "position": position, "sequence": sequence, "hash": hash, "at": row::instant(at),
        });
        let signed = format!("{}.{}", self.head, BASE64.encode(text(&said)));
        let signature = BASE64.encode(self.pair.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

fn text(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    canonical::write(value, &mut bytes);
    bytes
}

/// Signs where the chain stands; answers the record, an earlier one where nothing has happened since but its own entry,
/// and `None` while there is no chain.
///
/// # Errors
/// When the database fails.
pub async fn sign(store: &Store, signer: &Signer, writer: Writer) -> Result<Option<Uuid>, Error> {
    let write = store.write(writer).await?;
    let id = signed(&write, signer).await?;
    write.commit().await?;
    Ok(id)
}

/// The same in a transaction that does more.
///
/// # Errors
/// When the database fails.
pub async fn signed(write: &Write, signer: &Signer) -> Result<Option<Uuid>, Error> {
    // One at a time, over all replicas.
    held(write.tx(), "checked").await?;
    let sql = "SELECT c.position AS position, c.sequence AS sequence, c.hash AS hash, p.id AS id, p.position AS last \
        FROM journal_chain c LEFT JOIN journal_checkpoints p ON p.position = (SELECT MAX(position) FROM journal_checkpoints) \
        WHERE c.position = (SELECT MAX(position) FROM journal_chain)";
    let backend = write.tx().get_database_backend();
    let Some(found) = write.tx().query_one_raw(Statement::from_string(backend, sql)).await? else { return Ok(None) };
    let (position, sequence): (i64, i64) = (found.try_get("", "position")?, found.try_get("", "sequence")?);
    let last: Option<i64> = found.try_get("", "last")?;
    if last.is_some_and(|last| position <= last + 1) {
        return Ok(found.try_get("", "id")?);
    }
    let hash = form::hex(&found.try_get::<Vec<u8>>("", "hash")?);
    keep(write, signer, position, sequence, &hash).await.map(Some)
}

async fn keep(write: &Write, signer: &Signer, position: i64, sequence: i64, hash: &str) -> Result<Uuid, Error> {
    let facts = facts::by_kind(KIND).ok_or(&codes::NO_ROUTE)?;
    let at = write.now();
    let content = json!({
        "position": position, "sequence": sequence, "hash": hash, "signedAt": row::instant(at),
        "keyId": signer.key_id, "jws": signer.sign(position, sequence, hash, at),
    });
    let content: Map<String, Value> = content.as_object().cloned().unwrap_or_default();
    let proof = Create::allowed(write.tx(), facts, &Caller::operator(), Row(content)).await?;
    let change: Change = write.create(proof).await?;
    write.record(facts, &change, format!("{KIND}.signed")).await?;
    Ok(change.row().id())
}

/// The signed line of a checkpoint.
///
/// # Errors
/// 404 when there is no such checkpoint.
pub async fn line(db: &impl Db, id: Uuid) -> Result<String, Error> {
    let sql = "SELECT jws FROM journal_checkpoints WHERE id = $1";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [id.into()]);
    let found = db.query_one_raw(statement).await?.ok_or(&codes::NOT_FOUND)?;
    Ok(found.try_get("", "jws")?)
}

/// The checkpoints that the database has.
pub(super) async fn all(db: &impl Db) -> Result<Vec<Checkpoint>, Error> {
    let sql = "SELECT position, sequence, hash, jws FROM journal_checkpoints ORDER BY position";
    let read = |row: &Found| {
        Ok(Checkpoint {
            position: row.try_get("", "position")?,
            sequence: row.try_get("", "sequence")?,
            hash: row.try_get("", "hash")?,
            jws: row.try_get("", "jws")?,
        })
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    Ok(rows.iter().map(read).collect::<Result<_, DbErr>>()?)
}
