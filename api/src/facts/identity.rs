//! National identity numbers, so that no text keeps one (popplyl § 12, offentlegforskrifta § 7).
//!
//! A number is told by what only such a number has: a day and a month, and both check digits (modulo 11). An account
//! number has as many digits, and its one check digit is worked out like the second of these; the first, the day and the
//! month leave about one in seventy-five that would be taken for the other, where it is written without its full stops.
//! Telephone numbers, archive keys and hashes stand in longer runs or in other shapes.

/// The weights of the two check digits.
const FIRST: [u32; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const SECOND: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

/// Whether a text holds a national identity number or a D-number: eleven digits in a row, or with one space, hyphen or
/// full stop after the sixth, and no other letter or digit beside them.
#[must_use]
pub fn has_identity_number(text: &str) -> bool {
    if text.len() < 11 {
        return false;
    }
    let characters: Vec<char> = text.chars().collect();
    let starts = |at: usize| at == 0 || !characters[at - 1].is_alphanumeric();
    (0..characters.len()).any(|at| starts(at) && number_at(&characters[at..]))
}

fn number_at(text: &[char]) -> bool {
    let Some(first) = digits(text, 6) else { return false };
    let gap = text.get(6).is_some_and(|one| matches!(one, ' ' | '\u{a0}' | '\u{202f}' | '-' | '.'));
    let rest = &text[6 + usize::from(gap)..];
    let Some(last) = digits(rest, 5) else { return false };
    if rest.get(5).is_some_and(|next| next.is_alphanumeric()) {
        return false;
    }
    is_identity_number(&[first, last].concat())
}

fn digits(text: &[char], count: usize) -> Option<Vec<u32>> {
    let digit = |one: &char| one.is_ascii().then(|| one.to_digit(10)).flatten();
    text.get(..count)?.iter().map(digit).collect()
}

/// Whether eleven digits are such a number. The day of a D-number is 40 higher; the month of the tax administration's
/// numbers for tests is 80 higher.
fn is_identity_number(digits: &[u32]) -> bool {
    let day = digits[0] * 10 + digits[1];
    let month = digits[2] * 10 + digits[3];
    let dated = matches!(day, 1..=31 | 41..=71) && matches!(month, 1..=12 | 81..=92);
    let sum = |weights: &[u32]| weights.iter().zip(digits).map(|(weight, digit)| weight * digit).sum::<u32>() % 11;
    dated && sum(&FIRST) == 0 && sum(&SECOND) == 0
}

#[cfg(test)]
mod tests {
    use super::{FIRST, SECOND, has_identity_number};

    /// The number of nine digits with its check digits, if it has any; made up, nobody's.
    fn with_check_digits(nine: &str) -> Option<String> {
        let mut digits: Vec<u32> = nine.chars().filter_map(|digit| digit.to_digit(10)).collect();
        for weights in [&FIRST[..], &SECOND[..]] {
            let sum: u32 = weights.iter().zip(&digits).map(|(weight, digit)| weight * digit).sum();
            match (11 - sum % 11) % 11 {
                10 => return None,
                check => digits.push(check),
            }
        }
        Some(digits.iter().filter_map(|digit| char::from_digit(*digit, 10)).collect())
    }

    fn some(day: u32, month: u32) -> Vec<String> {
        (0..50).filter_map(|number| with_check_digits(&format!("{day:02}{month:02}70{number:03}"))).collect()
    }

    #[test]
    fn numbers_of_every_kind_are_found_wherever_they_stand() {
        for (day, month) in [(1, 1), (31, 12), (41, 1), (71, 12), (15, 86)] {
            for number in some(day, month) {
                let (date, rest) = number.split_at(6);
                for text in [
                    number.clone(),
                    format!("{date} {rest}"),
                    format!("{date}\u{a0}{rest}"),
                    format!("{date}-{rest}"),
                    format!("Fnr. {number}, født i Bardu"),
                    format!("({date} {rest})"),
                    format!("æ {number}ø").replace('ø', " ø"),
                ] {
                    assert!(has_identity_number(&text), "{text}");
                }
            }
        }
    }

    #[test]
    fn what_is_none_is_left_alone() {
        for number in some(15, 6) {
            let last = number.chars().last().and_then(|digit| digit.to_digit(10)).unwrap_or_default();
            let wrong = format!("{}{}", &number[..10], (last + 1) % 10);
            for text in [
                wrong,
                format!("{number}0"),
                format!("0{number}"),
                format!("a{number}"),
                format!("{number}b"),
                format!("{} {}", &number[..5], &number[5..]),
            ] {
                assert!(!has_identity_number(&text), "{text}");
            }
        }
        for text in
            ["", "+47 77 18 50 00", "4777185000", "2017/1234-5", "NO 982 696 175", "00000000000", "1234.56.78903"]
        {
            assert!(!has_identity_number(text), "{text}");
        }
    }

    #[test]
    fn an_account_number_is_hardly_ever_taken_for_one() {
        const WEIGHTS: [u32; 10] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
        let (mut accounts, mut taken) = (0, 0);
        for number in (0..2_000_000_000_u64).step_by(99_991).map(|number| number * 5) {
            let ten = format!("{number:010}");
            let sum: u32 =
                WEIGHTS.iter().zip(ten.chars()).filter_map(|(weight, digit)| Some(weight * digit.to_digit(10)?)).sum();
            let check = (11 - sum % 11) % 11;
            if check < 10 {
                accounts += 1;
                taken += u32::from(has_identity_number(&format!("{ten}{check}")));
            }
        }
        assert!(accounts > 15_000 && taken * 50 < accounts, "{taken} of {accounts}");
    }
}
