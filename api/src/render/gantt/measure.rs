//! How wide text is, without a font: an estimate that no common sans-serif goes beyond, and lines that fit a width.

/// The width of a text in pixels at a size, at most.
#[must_use]
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// The width of a letter in parts of the size: that of DejaVu Sans, which is wider than Arial, Segoe and Roboto.
fn em(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'í' | 'ì' | '\'' | '|' | '.' | ',' | ':' | ';' | ' ' | '\u{a0}' | '!' => 0.34,
        'f' | 't' | 'r' | 'I' | '(' | ')' | '-' | '/' | '[' | ']' => 0.42,
        'm' | 'M' | 'W' | '%' | '@' | '→' | '←' => 0.99,
        'w' | 'æ' | 'œ' | 'Æ' | '–' | '—' | '…' | '✓' | '▲' | '●' | '○' | '◐' | '✕' | '◆' => 1.0,
        'A'..='Z' | 'À'..='Þ' => 0.77,
        'a'..='z' | '0'..='9' => 0.64,
        other if (other as u32) < 0x2000 => 0.66,
        _ => 1.05,
    }
}

/// The text in lines of at most this width, broken at blanks; a word that is too long is broken where it must, and what is
/// more than `most` lines ends in an ellipsis.
#[must_use]
pub fn wrapped(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace().flat_map(|word| pieces(word, size, room)) {
        let longer = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
        if width(&longer, size) <= room {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, word));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            shorten(last, size, room);
        }
    }
    lines
}

/// A word in pieces that fit.
fn pieces(word: &str, size: f64, room: f64) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for letter in word.chars() {
        let full =
            pieces.last().is_some_and(|piece| !piece.is_empty() && width(piece, size) + em(letter) * size > room);
        if full {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(letter);
        }
    }
    pieces
}

fn shorten(line: &mut String, size: f64, room: f64) {
    while !line.is_empty() && width(line, size) + em('…') * size > room {
        line.pop();
    }
    let kept = line.trim_end_matches([' ', ',', '.', '–', '-']).len();
    line.truncate(kept);
    line.push('…');
}

#[cfg(test)]
mod tests {
    use super::{width, wrapped};

    #[test]
    fn lines_fit_and_nothing_is_lost_that_has_room() {
        let text = "Gjennomført workshop HA 3 – kompetansebehov";
        for room in [80.0, 120.0, 200.0, 400.0] {
            let lines = wrapped(text, 12.0, room, 10);
            assert!(lines.iter().all(|line| width(line, 12.0) <= room), "{room}: {lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""), "{room}: {lines:?}");
        }
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis_that_fits() {
        let lines = wrapped("Dette er en lang tittel som ikke får plass på to linjer", 12.0, 100.0, 2);
        assert!(lines.len() == 2 && lines[1].ends_with('…') && width(&lines[1], 12.0) <= 100.0, "{lines:?}");
        let word = wrapped(&"å".repeat(100), 12.0, 100.0, 2);
        assert!(word.iter().all(|line| width(line, 12.0) <= 100.0), "{word:?}");
        assert_eq!(wrapped("", 12.0, 100.0, 2), Vec::<String>::new());
    }
}
