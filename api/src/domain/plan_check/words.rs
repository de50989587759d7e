//! Parts of sentences in three languages.

use entity::{Decimal2, Label};

use crate::problem::Text;
use crate::text;

/// The same in every language: a name, a number.
pub(super) fn same(word: impl Into<String>) -> Text {
    let word = word.into();
    Text { nb: word.clone(), nn: word.clone(), en: word }
}

/// What people call a code.
pub(super) fn called(label: Label) -> Text {
    Text { nb: label.nb.to_owned(), nn: label.nn.to_owned(), en: label.en.to_owned() }
}

/// The beginning of a long text, cut at a word.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 120;
    let Some((end, _)) = text.char_indices().nth(LONGEST) else { return text.to_owned() };
    let cut = text[..end].rfind(char::is_whitespace).filter(|cut| *cut > 0).unwrap_or(end);
    format!("{} …", text[..cut].trim_end())
}

/// "a, b and c".
pub(super) fn listed(parts: &[Text]) -> Text {
    let in_one = |part: fn(&Text) -> &str, and: &str| {
        let words: Vec<&str> = parts.iter().map(part).collect();
        match words.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, before)) => format!("{} {and} {last}", before.join(", ")),
            None => String::new(),
        }
    };
    Text { nb: in_one(|text| &text.nb, "og"), nn: in_one(|text| &text.nn, "og"), en: in_one(|text| &text.en, "and") }
}

/// "1 day", "229 days".
pub(super) fn days(count: i64) -> Text {
    match count {
        1 => text!("1 dag", "1 dag", "1 day"),
        _ => text!("{count} dager", "{count} dagar", "{count} days"),
    }
}

/// "1 seat", "2 seats", "no seat".
pub(super) fn seats(count: usize) -> Text {
    match count {
        0 => text!("ingen plass", "ingen plass", "no seat"),
        1 => text!("1 plass", "1 plass", "1 seat"),
        _ => text!("{count} plasser", "{count} plassar", "{count} seats"),
    }
}

/// Full-time equivalents as people write them: a comma in Norwegian, a point in English.
pub(super) fn fte(amount: Decimal2) -> Text {
    let en = amount.to_string();
    let no = en.replace('.', ",");
    Text { nb: no.clone(), nn: no, en }
}

#[cfg(test)]
mod tests {
    use super::{Decimal2, days, fte, listed, same, shortened};

    #[test]
    fn lists_end_with_and() {
        let list = |names: &[&str]| listed(&names.iter().map(|name| same(*name)).collect::<Vec<_>>());
        assert_eq!(list(&[]).nb, "");
        assert_eq!(list(&["Bardu"]).nn, "Bardu");
        assert_eq!(list(&["Bardu", "Lavangen"]).nb, "Bardu og Lavangen");
        assert_eq!(list(&["Bardu", "Lavangen", "Salangen"]).en, "Bardu, Lavangen and Salangen");
    }

    #[test]
    fn long_texts_are_cut_at_a_word() {
        assert_eq!(shortened("Flere arbeidsplasser"), "Flere arbeidsplasser");
        let long = "å ".repeat(100);
        assert!(shortened(&long).ends_with("å …") && shortened(&long).chars().count() <= 122);
        assert_eq!(shortened(&"ø".repeat(500)).chars().count(), 122);
    }

    #[test]
    fn figures_are_written_as_the_language_writes_them() {
        assert_eq!(fte(Decimal2(150)).nb, "1,5");
        assert_eq!(fte(Decimal2(20)).en, "0.2");
        assert_eq!(fte(Decimal2(200)).nn, "2");
        assert_eq!((days(1).nb.as_str(), days(229).nn.as_str()), ("1 dag", "229 dagar"));
    }
}
