//! What a column of accounts can hold, by its heading in Bokmål, Nynorsk or English, in any case and spacing.

use unicode_normalization::UnicodeNormalization;

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Amount,
    Debit,
    Credit,
    Date,
    Supplier,
    Voucher,
    Text,
    Account,
    Function,
    Activity,
    Organisation,
}

impl Column {
    /// Every one of them.
    pub const ALL: [Self; 11] = [
        Self::Amount,
        Self::Debit,
        Self::Credit,
        Self::Date,
        Self::Supplier,
        Self::Voucher,
        Self::Text,
        Self::Account,
        Self::Function,
        Self::Activity,
        Self::Organisation,
    ];

    /// What the column is called, the usual name first.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Amount => &["beløp", "beløp nok", "beløp kr", "beløp i kr", "sum", "amount", "amount nok"],
            Self::Debit => &["debet", "debit"],
            Self::Credit => &["kredit", "credit"],
            Self::Date => {
                &["dato", "bilagsdato", "bokføringsdato", "posteringsdato", "date", "voucher date", "posting date"]
            }
            Self::Supplier => {
                &["leverandør", "leverandørnavn", "leverandørnamn", "supplier", "supplier name", "vendor"]
            }
            Self::Voucher => &["bilag", "bilagsnr", "bilagsnummer", "voucher", "voucher no", "voucher number"],
            Self::Text => &["tekst", "bilagstekst", "beskrivelse", "beskriving", "text", "description"],
            Self::Account => &["konto", "kontonr", "kontonummer", "art", "account", "account no", "account number"],
            Self::Function => &["funksjon", "tjeneste", "teneste", "function"],
            Self::Activity => &["aktivitet", "activity"],
            Self::Organisation => &[
                "organisasjon",
                "kommune",
                "orgnr",
                "organisasjonsnummer",
                "organisation",
                "organization",
                "municipality",
                "organisation number",
            ],
        }
    }
}

/// What a heading says that its column holds, if it is known.
pub(super) fn known(heading: &str) -> Option<Column> {
    Column::ALL.into_iter().find(|column| column.names().iter().any(|name| folded(name).eq(folded(heading))))
}

/// Letters and digits alone, in lower case; systems that know no `ø` write `o`.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.nfc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).map(|c| match c {
        'ø' => 'o',
        'å' => 'a',
        other => other,
    })
}
