//! Reports that people look at and other programs follow: how they are asked for and answered.

use actix_web::HttpResponse;
use chrono::Utc;
use serde_json::Value;
use uuid::Uuid;

use super::Asked;
use crate::access::Caller;
use crate::http::{Answer, Call};
use crate::problem::{Error, Lang};
use crate::render::{Format, Tables};
use crate::standard::tabular::Shape;
use crate::store;

impl Asked {
    /// The report at an address that says how it is to be looked at.
    ///
    /// # Errors
    /// 400 for a parameter.
    pub fn as_view(self, call: &Call, tables: &'static Tables, format: Format) -> Result<Self, Error> {
        let mut query = call.query()?;
        let mut asked = self.past(&mut query)?;
        let shape = Shape::of(&mut query, tables, format)?;
        query.finish(&["asOf", "width"])?;
        asked.tag.push_str(&shape.suffix());
        asked.shape = Some(shape);
        Ok(asked)
    }

    /// The report as a text of one kind, without parameters.
    ///
    /// # Errors
    /// 400 for a parameter.
    pub fn as_text(mut self, call: &Call, kind: &str) -> Result<Self, Error> {
        call.query()?.finish(&[])?;
        self.tag.push('.');
        self.tag.push_str(kind);
        Ok(self)
    }

    /// A report that a link asks for: what observers see, whoever made the link.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_link(call: &Call, project: Uuid, lang: Lang) -> Result<Self, Error> {
        let counters = store::counters(&call.store, project).await?;
        let asked = Self::frozen(Caller::observer(project), project, Utc::now().date_naive());
        let tag = format!("{}.{}.{}.link", counters.state(), asked.today, lang.tag());
        Ok(Self { lang, tag, ..asked })
    }

    /// The answer as a text of another media type.
    #[must_use]
    pub fn text(&self, media_type: &str, text: String) -> HttpResponse {
        self.tagged(Answer::ok(Value::Null)).into_text(media_type, self.lang, text)
    }

    /// The format that is asked for.
    #[must_use]
    pub fn format(&self) -> Format {
        self.shape.as_ref().map_or(Format::Json, Shape::format)
    }
}
