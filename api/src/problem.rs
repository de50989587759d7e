//! What can go wrong, said for people: codes and statuses in one table, texts in three languages.

use std::error::Error as StdError;

use sea_orm::DbErr;
use serde_json::{Map, Value, json};

/// The languages that the service answers in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Bokmål, the default.
    #[default]
    Nb,
    /// Nynorsk.
    Nn,
    /// English.
    En,
}

impl Lang {
    /// The language tag, as in `Content-Language`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
        }
    }
}

/// A sentence in all three languages; made by [`text!`](crate::text).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Bokmål.
    pub nb: String,
    /// Nynorsk.
    pub nn: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The sentence after what it is about.
    #[must_use]
    pub fn after(self, subject: &str) -> Self {
        let after = |text: String| format!("{subject} {text}");
        Self { nb: after(self.nb), nn: after(self.nn), en: after(self.en) }
    }

    /// The sentence in one language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nb => &self.nb,
            Lang::Nn => &self.nn,
            Lang::En => &self.en,
        }
    }
}

/// One sentence in Bokmål, Nynorsk and English, each with `format!` placeholders; none can be forgotten.
#[macro_export]
macro_rules! text {
    ($nb:literal, $nn:literal, $en:literal $(,)?) => {
        $crate::problem::Text { nb: format!($nb), nn: format!($nn), en: format!($en) }
    };
}

/// A stable, dotted code of a problem, its HTTP status and its title.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The code that programs act on.
    pub name: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The title in Bokmål, Nynorsk and English.
    pub title: [&'static str; 3],
    /// What a caller can do about it, in English, for the page `/problems/{code}`.
    pub remedy: &'static str,
}

impl Code {
    /// The title in one language.
    #[must_use]
    pub const fn title(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Nb => self.title[0],
            Lang::Nn => self.title[1],
            Lang::En => self.title[2],
        }
    }
}

macro_rules! problems {
    ($( $name:ident $code:literal $status:literal ($nb:literal, $nn:literal, $en:literal) $remedy:literal ),* $(,)?) => {
        /// The problems of the service.
        pub mod codes {
            use super::Code;
            $(
                #[doc = $en]
                pub static $name: Code = Code { name: $code, status: $status, title: [$nb, $nn, $en], remedy: $remedy };
            )*
            /// Every problem, as the page `/problems/{code}` shows them.
            pub static ALL: &[&Code] = &[$( &$name ),*];
        }
    };
}

problems! {
    MALFORMED "request.malformed" 400 ("Forespørselen kan ikke leses", "Førespurnaden kan ikkje lesast", "The request cannot be read")
        "Send well-formed JSON in UTF-8, without duplicate members, nested at most 127 deep.",
    UNKNOWN_PARAMETER "request.unknown_parameter" 400 ("Ukjent parameter", "Ukjend parameter", "Unknown parameter")
        "Use one of the parameters that the problem names; nothing is ignored in silence.",
    INVALID_PARAMETER "request.invalid_parameter" 400 ("Ugyldig parameter", "Ugyldig parameter", "Invalid parameter")
        "Correct the parameter as the detail says; limits are not clamped.",
    INVALID_CURSOR "request.invalid_cursor" 400 ("Ugyldig peker", "Ugyldig peikar", "Invalid cursor")
        "Use `next` of an answer unchanged, with the same sort and filters, or begin again without a cursor.",
    UNAUTHENTICATED "auth.required" 401 ("Innlogging kreves", "Innlogging krevst", "Authentication required")
        "Send `Authorization: Bearer <token>`; get a token at /api/v1/auth/login.",
    INVALID_TOKEN "auth.invalid_token" 401 ("Ugyldig tilgangstoken", "Ugyldig tilgangstoken", "Invalid access token")
        "The token is wrong, expired or revoked: refresh it or log in again.",
    WRONG_CREDENTIALS "auth.wrong_credentials" 401 ("Feil e-post eller passord", "Feil e-post eller passord", "Wrong e-mail or password")
        "Check both; a disabled user gets the same answer.",
    INVALID_GRANT "invalid_grant" 400 ("Ugyldig fornyingstoken", "Ugyldig fornyingstoken", "Invalid refresh token")
        "A refresh token works once. Using an old one ends the session: log in again.",
    UNSUPPORTED_GRANT "unsupported_grant_type" 400 ("Ukjent grant_type", "Ukjend grant_type", "Unsupported grant type")
        "Use client_credentials or refresh_token.",
    INVALID_REQUEST "invalid_request" 400 ("Ugyldig forespørsel om token", "Ugyldig førespurnad om token", "Invalid token request")
        "Send grant_type and what it needs, each parameter once; show one secret or one assertion, not both.",
    INVALID_SCOPE "invalid_scope" 400 ("Ugyldig scope", "Ugyldig scope", "Invalid scope")
        "Ask for scopes that the client has, separated by blanks, or for none: then the token has all of them.",
    INVALID_CLIENT "invalid_client" 401 ("Ukjent klient", "Ukjend klient", "Unknown client")
        "Check identifier and secret; an assertion has to be signed with a key of the client, name this service, live at most five minutes and be used once. A disabled client gets the same answer.",
    INSUFFICIENT_SCOPE "access.insufficient_scope" 403 ("Tokenet rekker ikke til dette", "Tokenet rekk ikkje til dette", "The token does not reach this far")
        "Ask for a token with one of the scopes that the detail names; WWW-Authenticate has the least of them.",
    UNKNOWN_CALLER "access.unknown_caller" 403 ("Ikke registrert her", "Ikkje registrert her", "Not registered here")
        "The token is in order, but whom it stands for is not known here: an administrator registers the organisation with its number, or links the person to a user.",
    FORBIDDEN "access.forbidden" 403 ("Ikke tillatt", "Ikkje tillate", "Not allowed")
        "Your role in the project does not include this; `GET /api/v1/me` shows what it does include.",
    NOT_FOUND "record.not_found" 404 ("Finnes ikke", "Finst ikkje", "Not found")
        "There is no such record, or it is not yours to see; the two are not told apart.",
    NO_CONTENT "document.no_content" 404 ("Dokumentet har ikke dette innholdet", "Dokumentet har ikkje dette innhaldet", "The document has no such content")
        "`GET /api/v1/documents/{id}/contents` lists the versions; `PUT …/content` adds one.",
    NO_ROUTE "route.not_found" 404 ("Ukjent adresse", "Ukjend adresse", "Unknown address")
        "See /openapi.json for the addresses of this service.",
    METHOD_NOT_ALLOWED "method.not_allowed" 405 ("Metoden er ikke tillatt", "Metoden er ikkje tillaten", "Method not allowed")
        "`Allow` names the methods of this address.",
    NOT_ACCEPTABLE "request.not_acceptable" 406 ("Formatet finnes ikke", "Formatet finst ikkje", "Format not available")
        "Ask for one of the media types that the detail names.",
    TIMEOUT "request.timeout" 408 ("Tidsavbrudd", "Tidsavbrot", "The request took too long")
        "Send the whole body without long pauses.",
    CONFLICT "record.conflict" 409 ("Finnes fra før", "Finst frå før", "Exists already")
        "Another record has this value, which must be unique: change that record, or choose another value.",
    CLASH "record.clash" 409 ("Endret samtidig av noen andre", "Endra samstundes av nokon andre", "Changed by somebody else at the same moment")
        "A record that this one refers to, or that refers to it, came or went at the same moment: read again and repeat.",
    IN_USE "record.in_use" 409 ("I bruk", "I bruk", "In use")
        "Other records refer to this one: change or delete those first. `errors` names them.",
    ERASURE_RESTRICTED "person.erasure_restricted" 409 ("Loven krever navnet bevart", "Lova krev namnet teke vare på", "The law wants the name kept")
        "`legalBasis` says why and `records` where the name stands. Erase with extent `permitted`: contact details go, the name stays.",
    REPORT_BLOCKED "report.blocked" 409 ("Rapporten kan ikke godkjennes ennå", "Rapporten kan ikkje godkjennast enno", "The report cannot be approved yet")
        "Correct the errors in `unmet`, or waive each with a reason at /api/v1/finding-waivers.",
    LOCKED "record.locked" 409 ("Låst", "Låst", "Locked")
        "An adopted or archived record is not deleted, nor its content replaced: supersede it instead. The last administrator stays one: appoint another first.",
    WRONG_STATE "record.wrong_state" 409 ("Feil tilstand", "Feil tilstand", "Wrong state")
        "The detail says where the record stands and what would have to come first.",
    NOT_READY "decision_point.not_ready" 409 ("Beslutningspunktet er ikke klart", "Avgjerdspunktet er ikkje klart", "The decision point is not ready")
        "`unmet` lists what is missing, each with its reason. Bring it in order, or approve with `override` and a reason as project executive.",
    CURSOR_GONE "events.cursor_gone" 410 ("Pekeren er for gammel", "Peikaren er for gammal", "The cursor is too old")
        "The feed no longer has all that comes after it. Ask with `after=now` and keep `next`, read the lists anew, then follow from there; or begin without `after`, at the oldest event that is kept.",
    STALE "record.stale" 412 ("Endret av noen andre", "Endra av nokon andre", "Changed by somebody else")
        "Read the record again, look at what changed, and repeat with the new ETag in `If-Match`.",
    TOO_LARGE "request.too_large" 413 ("For stor forespørsel", "For stor førespurnad", "Request too large")
        "A JSON body may have 1 MiB; a project document 32 MiB; the content of a document 256 MiB, unless the service is set otherwise.",
    URI_TOO_LONG "request.uri_too_long" 414 ("For lang adresse", "For lang adresse", "Address too long")
        "An address may have 8 KiB.",
    UNSUPPORTED_MEDIA_TYPE "request.unsupported_media_type" 415 ("Innholdstypen støttes ikke", "Innhaldstypen er ikkje støtta", "Content type not supported")
        "Send application/json in UTF-8 (PATCH: application/merge-patch+json).",
    NO_SUCH_RANGE "request.no_such_range" 416 ("Innholdet har ikke disse bytene", "Innhaldet har ikkje desse bytane", "The content has no such bytes")
        "`Content-Range` says how long the content is.",
    INVALID "record.invalid" 422 ("Ugyldig innhold", "Ugyldig innhald", "Invalid content")
        "`errors` names each fault with a JSON pointer and what would be right. Nothing was saved.",
    KEY_IN_PROGRESS "idempotency.in_progress" 409 ("Forespørselen med nøkkelen pågår", "Førespurnaden med nøkkelen er i gang", "The request with this key is still being worked on")
        "Repeat after the time in `Retry-After`, with the same Idempotency-Key: you get the answer of the first request.",
    KEY_REUSED "idempotency.key_reused" 422 ("Nøkkelen er brukt til noe annet", "Nøkkelen er brukt til noko anna", "The key was used for something else")
        "An Idempotency-Key belongs to one request body: make a new key for a new request.",
    PRECONDITION_REQUIRED "record.precondition_required" 428 ("If-Match mangler", "If-Match manglar", "If-Match is missing")
        "Send the ETag of the version that you read in `If-Match`.",
    TOO_MANY "request.too_many" 429 ("For mange forespørsler", "For mange førespurnader", "Too many requests")
        "Wait as long as `Retry-After` says. `RateLimit` says with every answer how many are left; 304 is free, so poll with `If-None-Match`.",
    TOO_MANY_LOGINS "auth.too_many_attempts" 429 ("For mange innloggingsforsøk", "For mange innloggingsforsøk", "Too many attempts to log in")
        "Wait as long as `Retry-After` says. Five wrong passwords in fifteen minutes close this account to the network that they came from, and to no other.",
    HEADERS_TOO_LARGE "request.headers_too_large" 431 ("For store felt i hodet", "For store felt i hovudet", "Header fields too large")
        "The header fields of a request may have 16 KiB together, `If-None-Match` 8 KiB of them, others 1000 or 2000 bytes each, as the OpenAPI document says.",
    INTERNAL "server.internal" 500 ("Noe gikk galt hos oss", "Noko gjekk gale hos oss", "Something went wrong on our side")
        "The effect is unknown: repeat with the same Idempotency-Key, and tell us the trace id.",
    UNAVAILABLE "server.unavailable" 503 ("Tjenesten er ikke tilgjengelig nå", "Tenesta er ikkje tilgjengeleg no", "The service is not available now")
        "Repeat after the time in `Retry-After`, with the same Idempotency-Key.",
    BUSY "server.busy" 503 ("Tjenesten har for mye å gjøre nå", "Tenesta har for mykje å gjere no", "The service has too much to do now")
        "Repeat after the time in `Retry-After`: expensive requests and logins are worked on a few at a time.",
    STORAGE_FULL "server.storage_full" 507 ("Lagringsplassen er full", "Lagringsplassen er full", "The storage is full")
        "Nothing was saved. Reading goes on; whoever runs the service must make room.",
}

/// One fault of a request: where, what and what would be right.
#[derive(Clone, Debug)]
pub struct Fault {
    /// JSON pointer (RFC 6901) into the body, or the name of the parameter.
    pub pointer: String,
    /// Stable code of the fault, for example `too_long`.
    pub code: &'static str,
    /// What was wrong and what would be right.
    pub message: Text,
}

impl Fault {
    /// A fault at a field of the body.
    #[must_use]
    pub fn at(pointer: impl Into<String>, code: &'static str, message: Text) -> Self {
        Self { pointer: pointer.into(), code, message }
    }
}

/// A problem document in the making (RFC 9457), not yet in one language.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Which problem it is.
    pub code: &'static Code,
    /// What happened this time.
    pub detail: Option<Text>,
    /// Each fault, if the problem is of more than one part.
    pub errors: Vec<Fault>,
    /// Header fields of the answer, for example `Allow`.
    pub headers: Vec<(&'static str, String)>,
    /// Further members of the document, for example `currentVersion`.
    pub members: Map<String, Value>,
}

impl Problem {
    /// A problem without more than its code.
    #[must_use]
    pub fn new(code: &'static Code) -> Self {
        Self { code, detail: None, errors: Vec::new(), headers: Vec::new(), members: Map::new() }
    }

    /// Says what happened this time.
    #[must_use]
    pub fn detail(mut self, detail: Text) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Adds faults.
    #[must_use]
    pub fn errors(mut self, errors: Vec<Fault>) -> Self {
        self.errors = errors;
        self
    }

    /// Adds a header field to the answer.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a member to the document.
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// The document in one language; `base` is the public address of the service.
    #[must_use]
    pub fn document(&self, lang: Lang, base: &str, trace_id: &str) -> Value {
        let detail = self.detail.as_ref().map_or(self.code.title(lang), |text| text.in_lang(lang));
        let mut document = json!({
            "type": format!("{base}/problems/{}", self.code.name),
            "title": self.code.title(lang),
            "status": self.code.status,
            "detail": detail,
            "code": self.code.name,
        });
        if let Value::Object(members) = &mut document {
            let errors: Vec<Value> = self.errors.iter().map(|fault| fault_json(fault, lang)).collect();
            members.insert("errors".to_owned(), errors.into());
            members.extend(self.members.clone());
            members.insert("traceId".to_owned(), trace_id.into());
        }
        document
    }
}

fn fault_json(fault: &Fault, lang: Lang) -> Value {
    json!({ "pointer": fault.pointer, "code": fault.code, "message": fault.message.in_lang(lang) })
}

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller can do something about it.
    #[error("{}", .0.code.name)]
    Problem(Box<Problem>),
    /// The database said no; the cause is logged, never shown.
    #[error("the database failed")]
    Database(#[source] DbErr),
    /// A fault of ours; the cause is logged, never shown.
    #[error("{what}")]
    Internal {
        /// What was being done.
        what: &'static str,
        /// Why it failed.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
}

impl Error {
    /// A fault of ours while doing `what`.
    pub fn internal(what: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal { what, source: source.into() }
    }

    /// What failed with all its causes, for the log and the person at the command line; never for a client.
    #[must_use]
    pub fn with_causes(&self) -> String {
        let mut told = self.to_string();
        let mut cause = StdError::source(self);
        while let Some(deeper) = cause {
            let why = deeper.to_string();
            // Many errors tell their cause themselves.
            if !told.ends_with(&why) {
                told.push_str(": ");
                told.push_str(&why);
            }
            cause = deeper.source();
        }
        told
    }

    /// The content is not valid: 422 with its faults.
    #[must_use]
    pub fn invalid(errors: Vec<Fault>) -> Self {
        let count = errors.len();
        let detail = errors.first().filter(|_| count == 1).map(|only| only.message.clone()).unwrap_or_else(|| {
            text!("{count} feil, se errors", "{count} feil, sjå errors", "{count} faults, see errors")
        });
        Problem::new(&codes::INVALID).detail(detail).errors(errors).into()
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<&'static Code> for Error {
    fn from(code: &'static Code) -> Self {
        Problem::new(code).into()
    }
}
