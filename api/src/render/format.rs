//! The formats that lists and reports have.

/// A format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON, which everything has.
    Json,
    /// Text with semicolons, for programs.
    Csv,
    /// A workbook, for people.
    Xlsx,
    /// A page, to be read and printed.
    Html,
    /// A picture.
    Svg,
}

impl Format {
    /// Every format, the default first.
    pub const ALL: [Self; 5] = [Self::Json, Self::Csv, Self::Xlsx, Self::Html, Self::Svg];

    /// The formats of a list, and of a report that is no more than its tables.
    pub const TABLES: [Self; 3] = [Self::Json, Self::Csv, Self::Xlsx];

    /// Its name in `format=`, which is also how a file of it ends.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Html => "html",
            Self::Svg => "svg",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Html => "text/html",
            Self::Svg => "image/svg+xml",
        }
    }

    /// The parameters of its media type (RFC 4180 §3 for CSV).
    #[must_use]
    pub const fn parameters(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Csv => &[("charset", "utf-8"), ("header", "present")],
            Self::Html => &[("charset", "utf-8")],
            Self::Json | Self::Xlsx | Self::Svg => &[],
        }
    }

    /// The `Content-Type` of an answer.
    #[must_use]
    pub fn content_type(self) -> String {
        let parameters = self.parameters().iter().map(|(name, value)| format!("; {name}={value}"));
        std::iter::once(self.media_type().to_owned()).chain(parameters).collect()
    }

    /// The format of a name in `format=`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}
