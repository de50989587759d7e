//! The integrity of the journal, for administrators: is it what was sealed, and a checkpoint to keep elsewhere.

use std::time::Instant;

use actix_web::HttpResponse;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::access::Caller;
use crate::facts::row;
use crate::http::{Answer, Call};
use crate::openapi::About;
use crate::problem::{Error, Lang, Problem, codes};
use crate::standard::by_path;
use crate::standard::once::once;
use crate::standard::read::find;
use crate::store::chain::verify::{Verified, verify};
use crate::store::chain::{self, checkpoint, form};
use crate::text;

const TAG: &str = "Journal checkpoints";

/// Whether the journal is what was sealed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JournalVerification {
    /// Whether every entry is what was sealed, none is missing, none was put in, and every checkpoint agrees.
    pub valid: bool,
    /// Entries that are what was sealed, from the first on.
    #[schema(minimum = 0, example = 1742)]
    pub entries: i64,
    /// The number of the last of them in the journal; null while there is none.
    #[schema(required = true, example = 1743)]
    pub sequence: Option<i64>,
    /// The hash of the last of them.
    #[schema(max_length = 64, example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub hash: String,
    /// Entries that were written a moment ago and wait to be sealed.
    #[schema(minimum = 0, example = 0)]
    pub waiting: i64,
    /// Checkpoints that were held against the chain.
    #[schema(minimum = 0, example = 24)]
    pub checkpoints: usize,
    /// The first place where it does not hold; null when it holds.
    #[schema(required = true)]
    pub broken: Option<JournalBreak>,
    /// When it was verified (UTC).
    #[schema(max_length = 40, format = DateTime, example = "2017-11-15T12:00:00Z")]
    pub verified_at: String,
    /// How long it took, in milliseconds.
    #[schema(minimum = 0, example = 83)]
    pub duration_ms: u64,
}

/// The first place where the journal is not what was sealed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JournalBreak {
    /// What is wrong: `entry_changed`, `entry_missing`, `chain_broken`, `entry_inserted`, `entry_emptied`,
    /// `chain_truncated`, `checkpoint_differs` or `checkpoint_not_signed`.
    #[schema(max_length = 40, example = "entry_changed")]
    pub code: &'static str,
    /// The same in words.
    #[schema(max_length = 400, example = "the entry is not the one that was sealed: it, or its seal, was changed")]
    pub message: String,
    /// The place in the chain; null where it has none.
    #[schema(required = true, example = 17)]
    pub position: Option<i64>,
    /// The number of the entry in the journal; null where it has none.
    #[schema(required = true, example = 18)]
    pub sequence: Option<i64>,
}

/// Verifies the journal from its first entry on.
///
/// # Errors
/// 401, 403; 503 while another verification runs.
pub async fn verification(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    administrator(&caller)?;
    call.query()?.finish(&[])?;
    let began = Instant::now();
    let _turn = call.shared.verifying.try_acquire().map_err(|_| busy())?;
    let verified = verify(&call.store, &call.shared.signer, &[], &|_, _| ()).await?;
    let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    if verified.broken.is_some() {
        tracing::error!(broken = ?verified.broken, "The journal is not what was sealed");
    }
    let body = serde_json::to_value(told(&verified, call.lang(), took))
        .map_err(|error| Error::internal("write a verification", error))?;
    Ok(Answer::ok(body).unkept().into_response())
}

fn told(verified: &Verified, lang: Lang, took: u64) -> JournalVerification {
    JournalVerification {
        valid: verified.broken.is_none(),
        entries: verified.entries,
        sequence: verified.sequence,
        hash: form::hex(&verified.hash),
        waiting: verified.waiting,
        checkpoints: verified.checkpoints,
        broken: verified.broken.as_ref().map(|broken| JournalBreak {
            code: broken.fault.code(),
            message: broken.fault.told().in_lang(lang).to_owned(),
            position: broken.position,
            sequence: broken.sequence,
        }),
        verified_at: row::instant(chrono::Utc::now()),
        duration_ms: took,
    }
}

/// Signs where the journal stands, and answers it.
///
/// # Errors
/// 401, 403; 409 while nothing is sealed.
pub async fn checkpoint(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    administrator(&caller)?;
    call.query()?.finish(&[])?;
    crate::store::feed::seal(&call.store).await?;
    chain::extend(&call.store).await?;
    let facts = by_path("journal-checkpoints")?.facts;
    let key = call.idempotency_key()?;
    let write = call.store.write(call.writer(&caller)?).await?;
    once(write, call.request.path(), key.as_deref(), &[], async |write| {
        let signed = checkpoint::signed(write, &call.shared.signer).await?;
        let id = signed.ok_or_else(|| Error::from(&codes::WRONG_STATE))?;
        let row = find(write.tx(), facts, &caller, id, write.today()).await?;
        let version = row.version();
        let answer = Answer::ok(serde_json::Value::Object(row.0)).version(version).status(201);
        Ok(answer.header("Location", format!("/api/v1/journal-checkpoints/{id}")))
    })
    .await
}

/// These are for those who answer for the whole service.
pub(super) fn administrator(caller: &Caller) -> Result<(), Error> {
    if caller.administrator {
        return Ok(());
    }
    let detail = text!("dette er for administratorer", "dette er for administratorar", "this is for administrators");
    Err(Problem::new(&codes::FORBIDDEN).detail(detail).into())
}

fn busy() -> Error {
    let detail = text!(
        "journalen blir kontrollert nå: prøv igjen om litt",
        "journalen blir kontrollert no: prøv igjen om litt",
        "the journal is being verified now: try again in a while"
    );
    Problem::new(&codes::UNAVAILABLE).detail(detail).header("Retry-After", "10").into()
}

/// `GET /journal/verification`.
#[must_use]
pub fn about_verification() -> About {
    About::new("verifyJournal", TAG, "Verify the journal")
        .more(
            "Works the chain of hashes out anew, from the first entry on, and holds every checkpoint against it: what was changed, taken out, \
             put in or moved shows. That the end was not cut off is proved by a checkpoint that was kept elsewhere: \
             `framdrift journal verify --checkpoint FILE`. It reads the whole journal; one runs at a time. For administrators.",
        )
        .answers::<JournalVerification>(
            200,
            "What came of it",
            json!({
                "valid": false, "entries": 16, "sequence": 17,
                "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "waiting": 0, "checkpoints": 0,
                "broken": {
                    "code": "entry_changed",
                    "message": "the entry is not the one that was sealed: it, or its seal, was changed",
                    "position": 17, "sequence": 18
                },
                "verifiedAt": "2017-11-15T12:00:00Z", "durationMs": 83
            }),
        )
        .fails(&[&codes::FORBIDDEN, &codes::UNAVAILABLE])
}

/// `POST /journal/checkpoint`.
#[must_use]
pub fn about_checkpoint() -> About {
    About::new("signJournalCheckpoint", TAG, "Sign a checkpoint")
        .more(
            "Signs where the chain of the journal stands now. The service does so by itself every hour; where nothing has happened since \
             the last one, that one is answered. Keep its `jws` elsewhere. The event is `journal_checkpoint.signed`. For administrators.",
        )
        .answers_record(201, "The checkpoint", "journal-checkpoints", &["ETag", "Location"])
        .with(&["X-Change-Reason", "Idempotency-Key"])
        .fails(&[&codes::FORBIDDEN, &codes::WRONG_STATE, &codes::KEY_IN_PROGRESS, &codes::KEY_REUSED])
}
