//! The query string: every parameter known, nothing ignored, a list with commas or by repetition.

use chrono::NaiveDate;

use crate::facts::check;
use crate::problem::{Error, Problem, codes};
use crate::text;

/// Most items on a page.
const MOST: u64 = 200;

/// The parameters of a request.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

/// Parameters of one value, for which a second would have no meaning.
fn is_single(name: &str) -> bool {
    matches!(name, "limit" | "cursor" | "q" | "count" | "format" | "table")
        || name.ends_with(".gte")
        || name.ends_with(".lte")
}

impl Query {
    /// Reads a query string. A repeated parameter is a list, as with commas: many generated clients know no other form.
    ///
    /// # Errors
    /// 400 when a parameter of one value stands twice, or one holds a character that is not allowed.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
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
            let value: String = unicode_normalization::UnicodeNormalization::nfc(&*value).collect();
            match parameters.iter_mut().find(|(known, _)| *known == name) {
                None => parameters.push((name.into_owned(), value)),
                Some(_) if is_single(&name) => {
                    return Err(invalid(&name, &text!("står to ganger", "står to gonger", "stands twice")));
                }
                Some((_, list)) => {
                    list.push(',');
                    list.push_str(&value);
                }
            }
        }
        Ok(Self(parameters))
    }

    /// Takes a parameter out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(index).1)
    }

    /// Takes `limit`, the most items on a page: 50 without it.
    ///
    /// # Errors
    /// 400 when it is no number from 1 to 200; nothing is clamped.
    pub fn take_limit(&mut self) -> Result<u64, Error> {
        let Some(text) = self.take("limit") else { return Ok(50) };
        text.parse().ok().filter(|limit| (1..=MOST).contains(limit)).ok_or_else(|| {
            invalid(
                "limit",
                &text!(
                    "må være et heltall fra 1 til {MOST}",
                    "må vere eit heiltal frå 1 til {MOST}",
                    "must be a whole number from 1 to {MOST}"
                ),
            )
        })
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

    /// Takes a parameter that is a day.
    ///
    /// # Errors
    /// 400 when it is none.
    pub fn take_day(&mut self, name: &str) -> Result<Option<NaiveDate>, Error> {
        let Some(text) = self.take(name) else { return Ok(None) };
        let day = if check::date(&text) { text.parse().ok() } else { None };
        day.map(Some).ok_or_else(|| {
            invalid(
                name,
                &text!("må være en dato ÅÅÅÅ-MM-DD", "må vere ein dato ÅÅÅÅ-MM-DD", "must be a date YYYY-MM-DD"),
            )
        })
    }

    /// Adds a parameter that the address says.
    pub fn put(&mut self, name: &str, value: String) {
        self.0.push((name.to_owned(), value));
    }

    /// Refuses what is not allowed, and takes nothing out.
    ///
    /// # Errors
    /// 400 for a parameter that is not known here.
    pub fn only(&self, allowed: &[&str]) -> Result<(), Error> {
        match self.0.iter().find(|(name, _)| !allowed.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => Err(unknown(name, allowed)),
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

/// The values of a parameter that takes several with commas between them, as many as the document says.
///
/// # Errors
/// 400 for more.
pub fn several<'a>(name: &str, text: &'a str, most: usize) -> Result<Vec<&'a str>, Error> {
    let values: Vec<&str> = text.split(',').collect();
    if values.len() > most { Err(too_many(name, most)) } else { Ok(values) }
}

/// The problem of a parameter with more values than it takes.
#[must_use]
pub fn too_many(name: &str, most: usize) -> Error {
    let why = text!("kan ha høyst {most} verdier", "kan ha høgst {most} verdiar", "may have at most {most} values");
    invalid(name, &why)
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn a_list_comes_with_commas_or_by_repetition() {
        for text in ["status=open,overdue&limit=5", "status=open&limit=5&status=overdue"] {
            let mut query = Query::parse(text).expect("a query");
            assert_eq!(query.take("status").as_deref(), Some("open,overdue"), "{text}");
        }
    }

    #[test]
    fn what_has_one_value_stands_once() {
        for text in ["limit=5&limit=5", "q=a&q=b", "plannedOn.gte=2017-01-01&plannedOn.gte=2018-01-01"] {
            assert!(Query::parse(text).is_err(), "{text}");
        }
    }
}
