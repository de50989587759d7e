//! The opaque cursor of a list: where the last page ended, bound to its sort, filters and caller, and signed.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::http::{Answer, Call};
use crate::problem::{Error, codes};

/// What a cursor is bound to: a cursor of another question is refused.
pub struct Binding<'a> {
    /// The service's secret.
    pub secret: &'a [u8],
    /// The question: path, sort, filters and caller.
    pub question: &'a str,
}

impl Binding<'_> {
    /// The cursor after a row with these sort values.
    #[must_use]
    pub fn seal(&self, values: &[Value]) -> String {
        let payload = Value::from(values.to_vec()).to_string();
        let mut bytes = self.tag(payload.as_bytes());
        bytes.extend_from_slice(payload.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The sort values of a cursor.
    ///
    /// # Errors
    /// 400 when it was not made for this question.
    pub fn open(&self, cursor: &str) -> Result<Vec<Value>, Error> {
        let refused = || Error::from(&codes::INVALID_CURSOR);
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
        let (tag, payload) = bytes.split_at_checked(16).ok_or_else(refused)?;
        if self.tag(payload) != tag {
            return Err(refused());
        }
        serde_json::from_slice(payload).map_err(|_| refused())
    }

    fn tag(&self, payload: &[u8]) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret);
        let mut context = hmac::Context::with_key(&key);
        context.update(self.question.as_bytes());
        context.update(&[0]);
        context.update(payload);
        context.sign().as_ref().iter().copied().take(16).collect()
    }
}

/// A page of what is numbered, newest first: how many, and the number that the last page ended with.
pub struct Numbered<'a> {
    binding: Binding<'a>,
    /// Most items on the page.
    pub limit: u64,
    /// The number that the last page ended with.
    pub before: Option<i64>,
}

impl<'a> Numbered<'a> {
    /// Reads `limit` and `cursor`, the only parameters.
    ///
    /// # Errors
    /// 400 for a parameter.
    pub fn asked(call: &'a Call, question: &'a str) -> Result<Self, Error> {
        let mut query = call.query()?;
        let limit = query.take_limit()?;
        let cursor = query.take("cursor");
        query.finish(&["limit", "cursor"])?;
        let binding = Binding { secret: &call.shared.cursor_secret, question };
        let ended = cursor.map(|cursor| binding.open(&cursor)).transpose()?;
        let before = ended.and_then(|values| values.first().and_then(Value::as_i64));
        Ok(Self { binding, limit, before })
    }

    /// The page of what was found: one more than its limit says that another page follows.
    #[must_use]
    pub fn page<T>(&self, mut found: Vec<T>, number: impl Fn(&T) -> i64, shown: impl Fn(&T) -> Value) -> Answer {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| self.binding.seal(&[number(last).into()]));
        Answer::page(found.iter().map(shown).collect(), next)
    }
}
