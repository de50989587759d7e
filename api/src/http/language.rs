//! The language of an answer (RFC 9110 §12.5.4): nb by default, nn or en when asked for.

use crate::problem::Lang;

/// The best of nb, nn and en for an `Accept-Language`; `no` is nb.
#[must_use]
pub fn negotiate(accepted: Option<&str>) -> Lang {
    let mut best = (Lang::Nb, 0.0_f32);
    for range in accepted.unwrap_or_default().split(',') {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q=").map(|weight| weight.parse::<f32>().unwrap_or(0.0)))
            .unwrap_or(1.0);
        let lang = match tag.split('-').next().unwrap_or_default() {
            "nb" | "no" => Lang::Nb,
            "nn" => Lang::Nn,
            "en" => Lang::En,
            _ => continue,
        };
        if weight > best.1 {
            best = (lang, weight);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::{Lang, negotiate};

    #[test]
    fn the_heaviest_known_language_wins_and_bokmål_is_the_default() {
        assert_eq!(negotiate(None), Lang::Nb);
        assert_eq!(negotiate(Some("de, fr;q=0.9")), Lang::Nb);
        assert_eq!(negotiate(Some("en;q=0.5, nn;q=0.8")), Lang::Nn);
        assert_eq!(negotiate(Some("en-GB,en;q=0.9,nb;q=0.8")), Lang::En);
        assert_eq!(negotiate(Some("no")), Lang::Nb);
    }
}
