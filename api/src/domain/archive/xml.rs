//! XML as messages to archives have it: elements and text in two namespaces, the same bytes every time.

use std::fmt::Write;

/// A document in the making.
#[derive(Debug, Default)]
pub struct Xml {
    text: String,
    open: Vec<String>,
}

impl Xml {
    /// Begins a document with its root.
    #[must_use]
    pub fn rooted(name: &str, attributes: &[(&str, &str)]) -> Self {
        let mut xml = Self { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new() };
        xml.begin(name, attributes);
        xml
    }

    /// Adds an element with what is in it.
    pub fn within(&mut self, name: &str, attributes: &[(&str, &str)], inner: impl FnOnce(&mut Self)) {
        self.begin(name, attributes);
        inner(self);
        self.end();
    }

    /// Adds an element with text.
    pub fn leaf(&mut self, name: &str, text: impl std::fmt::Display) {
        let (indent, text) = (self.indent(), escaped(&text.to_string()));
        let _ = writeln!(self.text, "{indent}<{name}>{text}</{name}>");
    }

    /// Adds an element with text, where there is some.
    pub fn some(&mut self, name: &str, text: Option<impl std::fmt::Display>) {
        if let Some(text) = text {
            self.leaf(name, text);
        }
    }

    /// The whole document.
    #[must_use]
    pub fn done(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.text
    }

    fn begin(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let indent = self.indent();
        let _ = write!(self.text, "{indent}<{name}");
        for (attribute, value) in attributes {
            let _ = write!(self.text, " {attribute}=\"{}\"", escaped(value));
        }
        self.text.push_str(">\n");
        self.open.push(name.to_owned());
    }

    fn end(&mut self) {
        if let Some(name) = self.open.pop() {
            let indent = self.indent();
            let _ = writeln!(self.text, "{indent}</{name}>");
        }
    }

    fn indent(&self) -> String {
        "  ".repeat(self.open.len())
    }
}

/// Text without what XML would read as markup; a character that XML 1.0 does not know (§ 2.2) becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' | '\n' => escaped.push(letter),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::Xml;

    #[test]
    fn what_is_text_stays_text() {
        let mut xml = Xml::rooted("a", &[("b", "\"<&")]);
        xml.within("c", &[], |xml| xml.leaf("d", "</d> & \u{ffff}"));
        xml.some("e", None::<&str>);
        let made = xml.done();
        let lines: Vec<&str> = made.lines().skip(1).collect();
        assert_eq!(
            lines,
            ["<a b=\"&quot;&lt;&amp;\">", "  <c>", "    <d>&lt;/d&gt; &amp; \u{fffd}</d>", "  </c>", "</a>"]
        );
    }
}
