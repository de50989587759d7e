//! What a client says of the content that it puts.

use actix_web::http::header::{self, HeaderName};
use actix_web::mime::Mime;

use super::content::too_large;
use crate::facts::check::no_identity_number;
use crate::facts::identity::has_identity_number;
use crate::http::{Call, digest, file_name};
use crate::problem::{Error, Fault, Problem, Text, codes};
use crate::text;

/// Longest media type, with its parameters, in bytes.
const LONGEST_TYPE: usize = 200;

/// What is said of a content before it comes.
pub struct Asked {
    /// The media type.
    pub media_type: String,
    /// The name of the file, cleaned.
    pub file_name: Option<String>,
    /// What its SHA-256 is promised to be.
    pub digests: Vec<Vec<u8>>,
}

/// Reads what is said.
///
/// # Errors
/// 400 for a field or parameter that cannot be read, 413 for a length beyond the limit, 415 for a content coding, 422 for a
/// national identity number in what is kept of it.
pub fn asked(call: &Call) -> Result<Asked, Error> {
    let mut query = call.query()?;
    let named = query.take("fileName");
    query.finish(&["fileName"])?;
    let named = match named {
        Some(name) => Some(name),
        None => disposition(call)?,
    };
    whole(call)?;
    let asked = Asked {
        media_type: media_type(call)?,
        file_name: named.and_then(|name| file_name::cleaned(&name)),
        digests: ["repr-digest", "content-digest"]
            .into_iter()
            .filter_map(|name| promised(call, &HeaderName::from_static(name)).transpose())
            .collect::<Result<_, _>>()?,
    };
    nobody_is_numbered(&asked)?;
    Ok(asked)
}

/// What is kept beside the content is text as any other: it holds no national identity number.
fn nobody_is_numbered(asked: &Asked) -> Result<(), Error> {
    let kept = [("/fileName", asked.file_name.as_deref()), ("/mediaType", Some(asked.media_type.as_str()))];
    let holds = |(_, text): &(&str, Option<&str>)| text.is_some_and(has_identity_number);
    let fault = |(pointer, _): (&str, Option<&str>)| Fault::at(pointer, "identity_number", no_identity_number());
    let faults: Vec<Fault> = kept.into_iter().filter(holds).map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

fn disposition(call: &Call) -> Result<Option<String>, Error> {
    let Some(field) = call.header(&header::CONTENT_DISPOSITION)? else { return Ok(None) };
    file_name::named(&field).map_err(|_| {
        malformed(text!(
            "Content-Disposition må være som attachment; filename*=UTF-8''plan.pdf",
            "Content-Disposition må vere som attachment; filename*=UTF-8''plan.pdf",
            "Content-Disposition must be like attachment; filename*=UTF-8''plan.pdf"
        ))
    })
}

/// A content comes whole, as it is, and within the limit.
fn whole(call: &Call) -> Result<(), Error> {
    // RFC 9110 §14.5: a part is not to be taken for the whole.
    if call.header(&header::CONTENT_RANGE)?.is_some() {
        return Err(malformed(text!(
            "Content-Range støttes ikke: send hele innholdet",
            "Content-Range er ikkje støtta: send heile innhaldet",
            "Content-Range is not supported: send the whole content"
        )));
    }
    let coding = call.header(&header::CONTENT_ENCODING)?;
    if coding.is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        let detail = text!(
            "send innholdet uten Content-Encoding",
            "send innhaldet utan Content-Encoding",
            "send the content without a Content-Encoding"
        );
        return Err(Problem::new(&codes::UNSUPPORTED_MEDIA_TYPE).detail(detail).into());
    }
    let length = call.header(&header::CONTENT_LENGTH)?.and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| length > call.shared.document_limit) { Err(too_large(call)) } else { Ok(()) }
}

fn media_type(call: &Call) -> Result<String, Error> {
    let given = call.header(&header::CONTENT_TYPE)?.filter(|given| !given.is_empty());
    let given = given.unwrap_or_else(|| "application/octet-stream".to_owned());
    if given.len() <= LONGEST_TYPE && given.is_ascii() && given.parse::<Mime>().is_ok() {
        return Ok(given);
    }
    Err(malformed(text!(
        "Content-Type må være en medietype på høyst {LONGEST_TYPE} tegn",
        "Content-Type må vere ein medietype på høgst {LONGEST_TYPE} teikn",
        "Content-Type must be a media type of at most {LONGEST_TYPE} characters"
    )))
}

fn promised(call: &Call, name: &HeaderName) -> Result<Option<Vec<u8>>, Error> {
    let Some(field) = call.header(name)? else { return Ok(None) };
    digest::sha256(&field).map_err(|_| {
        let name = name.as_str();
        malformed(text!(
            "{name} må være som sha-256=:<base64 av 32 byte>:",
            "{name} må vere som sha-256=:<base64 av 32 byte>:",
            "{name} must be like sha-256=:<base64 of 32 bytes>:"
        ))
    })
}

fn malformed(detail: Text) -> Error {
    Problem::new(&codes::MALFORMED).detail(detail).into()
}
