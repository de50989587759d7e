//! Requests that hold only for a version that the caller knows (RFC 9110 §13).

use actix_web::http::header;

use super::call::Call;
use crate::facts::Row;
use crate::problem::{Error, Problem, codes};
use crate::store::stale;
use crate::text;

/// What a list of entity tags looks like, for the document: what [`tags`] reads.
pub const TAGS: &str = r#"^(\*|(W/)?"[^",]*")( *, *(\*|(W/)?"[^",]*"))*$"#;

impl Call {
    /// Checks `If-Match` against the record (RFC 9110 §13.1.1): a strong comparison, so a weak tag never fits; and
    /// `If-None-Match` after it (§13.2.2).
    ///
    /// # Errors
    /// 428 without it, 400 when it is no list of entity tags, 412 when it names another version.
    pub fn if_match(&self, row: &Row) -> Result<(), Error> {
        let Some(value) = self.header(&header::IF_MATCH)? else {
            return Err((&codes::PRECONDITION_REQUIRED).into());
        };
        let version = row.version().to_string();
        let fits = |tag: &Tag<'_>| match tag {
            Tag::Any => true,
            Tag::One { weak, opaque } => !weak && *opaque == version,
        };
        let tags = tags(&value).ok_or_else(no_tags)?;
        if tags.iter().any(fits) { self.if_none_match(row) } else { Err(stale(row.version())) }
    }

    /// Whether `If-Match` names one version and no other.
    ///
    /// # Errors
    /// 400 when the field is not readable.
    pub fn names_one_version(&self) -> Result<bool, Error> {
        let Some(value) = self.header(&header::IF_MATCH)? else { return Ok(false) };
        Ok(matches!(tags(&value).as_deref(), Some([Tag::One { .. }])))
    }

    /// Checks `If-None-Match` before a record that is there is written (RFC 9110 §13.1.2): `*` asks that there be none.
    ///
    /// # Errors
    /// 412 when it names this version, 400 when the field is not readable.
    pub fn if_none_match(&self, row: &Row) -> Result<(), Error> {
        if self.has(&row.version().to_string())? { Err(stale(row.version())) } else { Ok(()) }
    }

    /// Checks `If-Match` where there is no record yet: what asks for a version of it cannot be done.
    ///
    /// # Errors
    /// 400 when it is no list of entity tags, 412 when it is one.
    pub fn if_match_nothing(&self) -> Result<(), Error> {
        let Some(value) = self.header(&header::IF_MATCH)? else { return Ok(()) };
        tags(&value).ok_or_else(no_tags)?;
        let detail = text!(
            "det finnes ingen slik post ennå; la If-Match være ute for å opprette den",
            "det finst ingen slik post enno; la If-Match vere ute for å opprette han",
            "there is no such record yet; leave If-Match out to make it"
        );
        Err(Problem::new(&codes::STALE).detail(detail).into())
    }

    /// Whether `If-None-Match` names this entity tag (weak comparison, RFC 9110 §13.1.2). What is no list of tags
    /// names nothing: the whole answer is never wrong.
    ///
    /// # Errors
    /// 400 when the field is not readable.
    pub fn has(&self, tag: &str) -> Result<bool, Error> {
        let Some(value) = self.header(&header::IF_NONE_MATCH)? else { return Ok(false) };
        let fits = |known: &Tag<'_>| match known {
            Tag::Any => true,
            Tag::One { opaque, .. } => *opaque == tag,
        };
        Ok(tags(&value).unwrap_or_default().iter().any(fits))
    }
}

/// An entity tag as a client sends it.
#[derive(Debug, PartialEq, Eq)]
enum Tag<'a> {
    /// `*`, which stands for whatever there is.
    Any,
    /// A tag without the suffix that a content coding gave it.
    One { weak: bool, opaque: &'a str },
}

impl<'a> Tag<'a> {
    fn read(tag: &'a str) -> Option<Self> {
        if tag == "*" {
            return Some(Self::Any);
        }
        let (weak, quoted) = tag.strip_prefix("W/").map_or((false, tag), |quoted| (true, quoted));
        let opaque = quoted.strip_prefix('"')?.strip_suffix('"')?;
        Some(Self::One { weak, opaque: opaque.rsplit_once(';').map_or(opaque, |(opaque, _)| opaque) })
    }
}

/// A list of entity tags (RFC 9110 §8.8.3), or `*`; `None` when it is neither.
fn tags(value: &str) -> Option<Vec<Tag<'_>>> {
    value.split(',').map(|tag| Tag::read(tag.trim())).collect()
}

fn no_tags() -> Error {
    Problem::new(&codes::MALFORMED)
        .detail(text!(
            "If-Match må være * eller entitetsmerker i anførselstegn, som \"3\"",
            "If-Match må vere * eller entitetsmerke i hermeteikn, som \"3\"",
            "If-Match must be * or entity tags in double quotes, like \"3\""
        ))
        .into()
}

#[cfg(test)]
mod tests {
    use super::{Tag, tags};

    #[test]
    fn entity_tags_are_quoted_and_know_whether_they_are_weak() {
        assert_eq!(tags("\"3\""), Some(vec![Tag::One { weak: false, opaque: "3" }]));
        let both = vec![Tag::One { weak: true, opaque: "a" }, Tag::One { weak: false, opaque: "17" }];
        assert_eq!(tags("W/\"a\", \"17;gzip\""), Some(both));
        assert_eq!(
            (tags("*"), tags("\"*\"")),
            (Some(vec![Tag::Any]), Some(vec![Tag::One { weak: false, opaque: "*" }]))
        );
        assert_eq!((tags("3"), tags("\"3"), tags("")), (None, None, None));
    }
}
