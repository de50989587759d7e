//! The query string: every parameter known, none twice, nothing ignored.

use crate::problem::{Error, Problem, codes};
use crate::text;

/// The parameters of a request.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query string.
    ///
    /// # Errors
    /// 400 when a parameter stands twice or holds a character that is not allowed.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            if parameters.iter().any(|(known, _)| *known == name) {
                return Err(invalid(&name, &text!("står to ganger", "står to gonger", "stands twice")));
            }
            if super::json::forbidden_character(&value).is_some() {
                return Err(invalid(
                    &name,
                    &text!(
                        "inneholder et tegn som ikke er tillatt",
                        "inneheld eit teikn som ikkje er tillate",
                        "holds a character that is not allowed"
                    ),
                ));
            }
            parameters.push((name.into_owned(), unicode_normalization::UnicodeNormalization::nfc(&*value).collect()));
        }
        Ok(Self(parameters))
    }

    /// Takes a parameter out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(index).1)
    }

    /// Takes a parameter that is `true` or `false`.
    ///
    /// # Errors
    /// 400 when it is something else.
    pub fn take_flag(&mut self, name: &str) -> Result<bool, Error> {
        match self.take(name).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(invalid(
                name,
                &text!("må være true eller false", "må vere true eller false", "must be true or false"),
            )),
        }
    }

    /// What is left.
    #[must_use]
    pub fn rest(&self) -> &[(String, String)] {
        &self.0
    }

    /// Refuses what is left, naming what would be allowed.
    ///
    /// # Errors
    /// 400 when a parameter is left.
    pub fn finish(self, allowed: &[&str]) -> Result<(), Error> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(unknown(name, allowed)),
        }
    }
}

/// The problem of a parameter that is not known here.
#[must_use]
pub fn unknown(name: &str, allowed: &[&str]) -> Error {
    let list = if allowed.is_empty() { "–".to_owned() } else { allowed.join(", ") };
    Problem::new(&codes::UNKNOWN_PARAMETER)
        .detail(text!(
            "«{name}» er ukjent her; tillatt: {list}",
            "«{name}» er ukjend her; tillate: {list}",
            "“{name}” is unknown here; allowed: {list}"
        ))
        .member("allowed", allowed.to_vec())
        .into()
}

/// The problem of a parameter with a wrong value; `why` goes on after its name.
#[must_use]
pub fn invalid(name: &str, why: &crate::problem::Text) -> Error {
    let detail = crate::problem::Text {
        nb: format!("«{name}» {}", why.nb),
        nn: format!("«{name}» {}", why.nn),
        en: format!("“{name}” {}", why.en),
    };
    Problem::new(&codes::INVALID_PARAMETER).detail(detail).member("parameter", name).into()
}
