//! The body of a request: of a type that is taken, within its limit, and not slower than it may be.

use std::io::Read;
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::dev::Payload;
use actix_web::http::header;
use flate2::read::MultiGzDecoder;
use futures_util::StreamExt;
use tokio::time::Instant;

use super::call::Call;
use super::incoming::Incoming;
use super::room::{Held, SMALL};
use crate::problem::{Error, Problem, codes};
use crate::text;

impl Call {
    /// The body, of one of these media types, up to the limit of this service.
    ///
    /// # Errors
    /// 415, 413, 408; 503 when there is no room for a large one.
    pub async fn body(&self, types: &[&str]) -> Result<Vec<u8>, Error> {
        self.body_within(types, self.shared.body_limit).await
    }

    /// A JSON body that may be left out, with its content type.
    ///
    /// # Errors
    /// 415, 413, 408; 503 when there is no room for a large one.
    pub async fn optional_body(&self) -> Result<Vec<u8>, Error> {
        self.optional_body_of(&["application/json"]).await
    }

    /// A body of one of these media types that may be left out, with its content type.
    ///
    /// # Errors
    /// 415, 413, 408; 503 when there is no room for a large one.
    pub async fn optional_body_of(&self, types: &[&str]) -> Result<Vec<u8>, Error> {
        let headers = self.request.headers();
        let empty = headers.get(header::CONTENT_LENGTH).is_none_or(|length| length.as_bytes() == b"0")
            && !headers.contains_key(header::TRANSFER_ENCODING);
        if empty && !headers.contains_key(header::CONTENT_TYPE) {
            return Ok(Vec::new());
        }
        self.body(types).await
    }

    /// The body, of one of these media types, up to a limit in bytes.
    ///
    /// # Errors
    /// 415, 413, 408; 503 when there is no room for a large one.
    pub async fn body_within(&self, types: &[&str], limit: usize) -> Result<Vec<u8>, Error> {
        self.media_type(types)?;
        let compressed = self.is_compressed()?;
        let body = self.sent(limit).await?;
        if compressed { self.inflated(&body, limit) } else { Ok(body) }
    }

    /// The body as it was sent.
    async fn sent(&self, limit: usize) -> Result<Vec<u8>, Error> {
        let mut payload = self.payload.replace(Payload::None);
        let mut body = Vec::new();
        let began = Instant::now();
        loop {
            // A slow client may hold a connection, not for ever: ten seconds, and one more for each 64 KiB that came.
            let deadline = began + Duration::from_secs(10 + body.len() as u64 / 65_536);
            let next = tokio::time::timeout_at(deadline, payload.next()).await;
            let Some(chunk) = next.map_err(|_| Error::from(&codes::TIMEOUT))? else { return Ok(body) };
            let chunk = chunk.map_err(|_| Error::from(&codes::MALFORMED))?;
            if body.len() + chunk.len() > limit {
                return Err((&codes::TOO_LARGE).into());
            }
            if body.len() <= SMALL && body.len() + chunk.len() > SMALL {
                // As long as it says that it is; what is made of it may be there until the request ends.
                let size = self.declared().unwrap_or(limit).min(limit);
                self.request.extensions_mut().insert(self.shared.room.incoming(size)?);
                body.reserve_exact(size.saturating_sub(body.len()));
            }
            body.extend_from_slice(&chunk);
        }
    }

    /// Whether the body is compressed (RFC 9110 §8.4).
    ///
    /// # Errors
    /// 415 for a coding that is not taken.
    fn is_compressed(&self) -> Result<bool, Error> {
        let coding = self.header(&header::CONTENT_ENCODING).ok().flatten().map(|coding| coding.to_ascii_lowercase());
        match coding.as_deref() {
            None if !self.request.headers().contains_key(header::CONTENT_ENCODING) => Ok(false),
            Some("identity") => Ok(false),
            Some("gzip" | "x-gzip") => Ok(true),
            _ => Err(Problem::new(&codes::UNSUPPORTED_MEDIA_TYPE)
                .detail(text!(
                    "send innholdet som det er, eller med Content-Encoding: gzip",
                    "send innhaldet som det er, eller med Content-Encoding: gzip",
                    "send the content as it is, or with Content-Encoding: gzip"
                ))
                .header("Accept-Encoding", "gzip")
                .into()),
        }
    }

    /// A body that came compressed. It is held to its limit as it unfolds.
    fn inflated(&self, body: &[u8], limit: usize) -> Result<Vec<u8>, Error> {
        // Nobody knows yet how much it is; and it takes the place of what was sent.
        self.request.extensions_mut().remove::<Held>();
        let room = self.shared.room.incoming(limit)?;
        let mut whole = Vec::new();
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        MultiGzDecoder::new(body).take(most).read_to_end(&mut whole).map_err(|_| Error::from(&codes::MALFORMED))?;
        if whole.len() > limit {
            return Err((&codes::TOO_LARGE).into());
        }
        if whole.len() > SMALL {
            self.request.extensions_mut().insert(room);
        }
        Ok(whole)
    }

    /// The body piece by piece, of any media type and never whole in memory.
    #[must_use]
    pub fn incoming(&self) -> Incoming {
        Incoming::of(self.payload.replace(Payload::None))
    }

    /// The length that the body says it has, in bytes.
    fn declared(&self) -> Option<usize> {
        self.request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
    }

    fn media_type(&self, types: &[&str]) -> Result<(), Error> {
        // Two of them are none that we know.
        let given = self.header(&header::CONTENT_TYPE).ok().flatten().unwrap_or_default().to_ascii_lowercase();
        let mut parts = given.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        let utf8 = parts.all(|part| match part.split_once('=') {
            // Accounts come in what their system writes; their reader tells the two apart.
            Some((name, charset)) if name.trim_end() == "charset" => match charset.trim_start().trim_matches('"') {
                "utf-8" | "utf8" => true,
                "windows-1252" | "iso-8859-1" => essence == "text/csv",
                _ => false,
            },
            _ => true,
        });
        if types.contains(&essence) && utf8 {
            return Ok(());
        }
        let list = types.join(", ");
        let problem = Problem::new(&codes::UNSUPPORTED_MEDIA_TYPE).detail(text!(
            "send {list} i UTF-8",
            "send {list} i UTF-8",
            "send {list} in UTF-8"
        ));
        Err(if types.contains(&"application/merge-patch+json") {
            problem.header("Accept-Patch", "application/merge-patch+json").into()
        } else {
            problem.into()
        })
    }
}
