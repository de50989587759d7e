//! A feed as text (Atom, RFC 4287). Text is escaped by the templates.

use chrono::{DateTime, SecondsFormat, Utc};
use maud::{Markup, PreEscaped, html};
use uuid::Uuid;

/// A feed.
#[derive(Clone, Debug)]
pub struct Feed {
    /// What it is of.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// Whose it is.
    pub author: String,
    /// The language of its words.
    pub lang: &'static str,
    /// Its own address.
    pub address: String,
    /// When there was last something new.
    pub updated: DateTime<Utc>,
    /// What is in it, the newest first.
    pub entries: Vec<Entry>,
}

/// Something in a feed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// When it was published; it never changes after that.
    pub published: DateTime<Utc>,
    /// What it says in short.
    pub summary: String,
    /// What sort of thing it is, a code.
    pub category: &'static str,
    /// Its address, without what says the format.
    pub address: String,
    /// The address of what it takes the place of.
    pub instead_of: Option<String>,
}

/// The media type, with its character set.
pub const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

impl Feed {
    /// The feed as text.
    #[must_use]
    pub fn text(&self) -> String {
        let feed = html! {
            feed xmlns="http://www.w3.org/2005/Atom" xml:lang=(self.lang) {
                id { "urn:uuid:" (self.id) }
                title { (self.title) }
                updated { (instant(self.updated)) }
                author { name { (self.author) } }
                generator { "Framdrift" }
                (link("self", &self.address, "application/atom+xml"))
                @for one in &self.entries { (entry(one)) }
            }
        };
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", feed.into_string())
    }
}

fn entry(entry: &Entry) -> Markup {
    html! {
        entry {
            id { "urn:uuid:" (entry.id) }
            title { (entry.title) }
            published { (instant(entry.published)) }
            updated { (instant(entry.published)) }
            category term=(entry.category) {}
            (link("alternate", &format!("{}?format=html", entry.address), "text/html"))
            (link("related", &entry.address, "application/json"))
            @if let Some(older) = &entry.instead_of { (link("predecessor-version", older, "application/json")) }
            summary { (entry.summary) }
        }
    }
}

/// `link` is a void element to a template of HTML, which XML does not know: it is written out.
fn link(relation: &str, address: &str, media_type: &str) -> Markup {
    let escaped = |text: &str| html! { (text) }.into_string();
    let [relation, media_type, address] = [relation, media_type, address].map(escaped);
    PreEscaped(format!("<link rel=\"{relation}\" type=\"{media_type}\" href=\"{address}\"/>"))
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
