//! Names of bodies: when two of them may be one, written in two ways.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Company forms, which people leave out or mix up; they say nothing of who it is.
const FORMS: [&str; 14] =
    ["as", "asa", "sa", "ba", "iks", "kf", "fkf", "ks", "da", "ans", "enk", "nuf", "stiftelse", "stiftelsen"];
/// What tells one kind of body from another: Troms fylkeskommune is not Troms kommune.
const KINDS: [&str; 2] = ["kommune", "fylkeskommune"];
/// A name shorter than this has too many neighbours by chance (Os and Ås, Vinn and Finn).
const LONG_ENOUGH: usize = 5;

/// How two names are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// The same but for capitals, punctuation, spaces or the company form.
    Form,
    /// Two neighbouring letters have changed places.
    Transposed,
    /// One letter is changed, added or left out.
    OneLetter,
}

/// A name as it is compared: without capitals, punctuation and company form, its kind of body apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Folded {
    kind: Option<&'static str>,
    letters: Vec<char>,
}

impl Folded {
    /// Folds a name. One that is nothing but a company form keeps it.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let lower = name.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().flat_map(pieces).filter(|word| !word.is_empty()).collect();
        let kind = words.iter().find_map(|word| KINDS.into_iter().find(|kind| kind == word));
        let core = |word: &&&str| !FORMS.contains(*word) && !KINDS.contains(*word);
        let mut kept: Vec<&str> = words.iter().filter(core).copied().collect();
        if kept.is_empty() {
            kept = words;
        }
        Self { kind, letters: kept.join(" ").chars().collect() }
    }

    /// How it is alike another name; `None` when the two are not.
    #[must_use]
    pub fn like(&self, other: &Self) -> Option<Likeness> {
        if self.kind != other.kind {
            return None;
        }
        if self.letters == other.letters {
            return Some(Likeness::Form);
        }
        if self.letters.len().min(other.letters.len()) < LONG_ENOUGH {
            return None;
        }
        one_slip(&self.letters, &other.letters)
    }

    /// Keys of which two names that are alike share at least one: of the name, and of the name without each of its
    /// letters in turn. Others may share one by chance.
    fn keys(&self) -> impl Iterator<Item = u64> + '_ {
        let slips = if self.letters.len() < LONG_ENOUGH { 0 } else { self.letters.len() };
        let without = |left_out: Option<usize>| {
            let mut key = DefaultHasher::new();
            self.kind.hash(&mut key);
            let kept = self.letters.iter().enumerate().filter(|(place, _)| Some(*place) != left_out);
            kept.for_each(|(_, letter)| letter.hash(&mut key));
            key.finish()
        };
        std::iter::once(None).chain((0..slips).map(Some)).map(without)
    }
}

/// For each name that is alike an earlier one: its place, the place of that one, and how. `apart` says of two places
/// that they are known to be two bodies. No name is compared with all others.
#[must_use]
pub fn doubles(names: &[Folded], apart: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize, Likeness)> {
    let mut seen: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut doubles = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let like = |earlier: &usize| {
            let likeness = names.get(*earlier)?.like(name)?;
            (!apart(*earlier, place)).then_some((place, *earlier, likeness))
        };
        doubles.extend(name.keys().filter_map(|key| seen.get(&key)).flatten().find_map(like));
        name.keys().for_each(|key| seen.entry(key).or_default().push(place));
    }
    doubles
}

/// A word without its punctuation; the old way of writing AS is one word.
fn pieces(word: &str) -> impl Iterator<Item = &str> {
    let word = if word == "a/s" { "as" } else { word };
    word.split(|c: char| !c.is_alphanumeric())
}

/// The one slip between two different words; a figure is no slip (Nord 1 and Nord 2 are two).
fn one_slip(a: &[char], b: &[char]) -> Option<Likeness> {
    let front = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[front..], &b[front..]);
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - back], &b[..b.len() - back]);
    if a.iter().chain(b).any(char::is_ascii_digit) {
        return None;
    }
    match (a, b) {
        ([_], []) | ([], [_]) | ([_], [_]) => Some(Likeness::OneLetter),
        ([a1, a2], [b1, b2]) if (a1, a2) == (b2, b1) => Some(Likeness::Transposed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Folded, Likeness, doubles};

    fn like(a: &str, b: &str) -> Option<Likeness> {
        let (a, b) = (Folded::of(a), Folded::of(b));
        assert_eq!(a.like(&b), b.like(&a), "likeness goes both ways");
        a.like(&b)
    }

    #[test]
    fn names_of_one_body_are_alike() {
        let table = [
            ("Proneo AS", "Porneo AS", Likeness::Transposed),
            ("Astafjord Utvikling", "Astafjord utvikling AS", Likeness::Form),
            ("Astafjord Utvikling IKS", "Astafjord utvikling AS", Likeness::Form),
            ("Gratangen kommune", "Gratangen Kommune", Likeness::Form),
            ("Gratangen kommune", "Gratagen kommune", Likeness::OneLetter),
            ("Innovasjon Norge", "Inovasjon Norge", Likeness::OneLetter),
            ("Proneo A/S", "Proneo", Likeness::Form),
            ("Sør-Troms regionråd", "Sør Troms regionråd", Likeness::Form),
        ];
        for (a, b, likeness) in table {
            assert_eq!(like(a, b), Some(likeness), "{a} / {b}");
        }
    }

    #[test]
    fn names_of_two_bodies_are_not_alike() {
        let table = [
            ("Bardu kommune", "Lavangen kommune"),
            ("Troms fylkeskommune", "Troms kommune"),
            ("Tromsø kommune", "Troms fylkeskommune"),
            ("Os kommune", "Ås kommune"),
            ("Vinn", "Finn"),
            ("Nord 1 AS", "Nord 2 AS"),
            ("Gratangen", "Gratangen kommune"),
            ("Roan kommune", "Osen kommune"),
            ("Proneo AS", "Pornoe AS"),
        ];
        for (a, b) in table {
            assert_eq!(like(a, b), None, "{a} / {b}");
        }
    }

    #[test]
    fn a_double_is_told_once_and_of_the_later_one() {
        let names = ["Proneo AS", "Vinn", "Porneo AS", "Proneo", "Bardu kommune"].map(Folded::of);
        let none = |_, _| false;
        assert_eq!(doubles(&names, none), vec![(2, 0, Likeness::Transposed), (3, 0, Likeness::Form)]);
        assert_eq!(doubles(&names, |_, _| true), Vec::new());
    }

    #[test]
    fn the_shared_keys_miss_no_pair_that_is_alike() {
        let words =
            ["salangen", "slaangen", "salangn", "salangeen", "salanger", "alangen", "salange", "xsalangen", "salnagne"];
        let names = words.map(Folded::of);
        for (later, name) in names.iter().enumerate() {
            for (earlier, other) in names.iter().enumerate().take(later) {
                let pair = [other.clone(), name.clone()];
                let found = !doubles(&pair, |_, _| false).is_empty();
                assert_eq!(found, other.like(name).is_some(), "{} / {}", words[earlier], words[later]);
            }
        }
    }
}
