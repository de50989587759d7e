//! Passwords that everybody would try (ASVS 6.2.4, 6.2.11): long enough, and among the first that are guessed all the same.

use std::collections::BTreeSet;

/// Fewest different characters.
const DIFFERENT: usize = 5;
/// Shortest run that is one, and shortest word.
const RUN: usize = 3;
/// Most digits and marks behind a word or runs that make no password of them: a year and a mark or two.
const BEHIND: usize = 6;
/// Most characters beside one's own address that make no password of it.
const BESIDE: usize = 4;

/// What lies in a row, read in both directions and round its end: the alphabet, the digits, and the keyboard across, down and
/// to and fro.
const ROWS: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyzæøå",
    "1234567890",
    "qwertyuiopå",
    "asdfghjkløæ",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
];

/// Words that passwords are made of when nobody thinks, in Norwegian and English, and the name of the service.
const WORDS: &str = "\
    admin administrator angel arsenal babygirl barcelona baseball basketball batman bergen bruker changeme charlie \
    chelsea computer default demo diamond dragon elsker elskerdeg flower football forever fotball framdrift \
    freedom gjest guest hallo hannah haust heihei hello hemmeleg hemmelig høst iloveyou jegelskerdeg jennifer \
    jesus jordan killer kjærlighet kommune kommunen liverpool logginn login love lovely manchester master michael \
    monkey noreg norge norsk norway oslo pass passord passordet password passwort pokemon princess prinsesse root \
    rosenborg secret shadow sommar sommer spring starwars stavanger summer sunshine superman superuser system test \
    tester testing troms tromsø trondheim trustno1 user velkomen velkommen viking vinter vår welcome winter";

/// Passwords of lists that leak again and again, and their Norwegian likes, in lower case. Those that are only a word or runs with
/// digits behind are found without standing here.
const PASSWORDS: &str = "\
    102030405060 112233445566 147258369000 147852369147 159357159357 159753159753 1a2b3c4d5e6f a1b2c3d4e5f6 \
    aa123456789a aabbccddeeff alleharsammepassord azertyuiop12 backstreetboys butterfly123 byttmeg12345 \
    byttpassord1 byttpassord123 chocolate123 christopher1 cristianoronaldo \
    detteeretpassord detteermittpassord detteerpassordet endrepassord endrepassord1 fredagkveld1 fuckyoufuckyou \
    glemtpassord glemtpassord1 glemtpassord123 hannahmontana harrypotter1 heiaheianorge heianorge123 heiarosenborg \
    helgekos1234 hellokitty123 ilovemyfamily ilovemyself1 iloveyoubaby1 iloveyousomuch jegerbest123 jegerkul12345 \
    juleferie123 letmein12345 letmein123456 letmeinletmein letmeinplease manchesterunited mandagmorgen \
    mercedesbenz michaeljackson minepassord1 mittpassord1 mittpassord12 mittpassord123 mittpassord1234 \
    motherfucker motherfucker1 mypassword123 mypassword1234 newpassword1 newpassword123 nopassword123 norgeerbest1 \
    norgeernorge nyttpassord1 nyttpassord12 nyttpassord123 nyttpassord1234 opensesame123 passordetmitt \
    passordetmitt1 qwertzuiopas realmadrid123 sesamlukkdegopp sesamsesamlukkdegopp sommerferie1 sommerferie12 \
    sommerferie123 spongebob123 strawberry12 sweetheart12 syttendemai17 syttendemai1814 thisisapassword \
    thisismypassword tinkerbell12 unbelievable vinterferie1 whatthefuck123 yourpassword yourpassword1";

/// Whether everybody would try a password, or whoever knows the address of its user.
#[must_use]
pub fn is_common(password: &str, email: &str) -> bool {
    let (password, email) = (password.to_lowercase(), email.to_lowercase());
    let name = email.split('@').next().unwrap_or_default();
    let signs: Vec<char> = password.chars().collect();
    let different: BTreeSet<char> = signs.iter().copied().collect();
    different.len() < DIFFERENT
        || PASSWORDS.split_whitespace().any(|known| known == password)
        || [email.as_str(), name].into_iter().any(|own| is_nearly(&password, own))
        || WORDS.split_whitespace().chain([name]).any(|word| is_word(&signs, word))
        || is_runs(&signs)
}

/// Whether a password is one's own address or name, but for a few characters.
fn is_nearly(password: &str, own: &str) -> bool {
    !own.is_empty() && password.contains(own) && password.replace(own, "").chars().count() <= BESIDE
}

/// Whether a password is one word, once or again and again, but for some digits and marks behind.
fn is_word(password: &[char], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    if word.len() < RUN {
        return false;
    }
    let mut rest = password;
    while begins(rest, &word) {
        rest = &rest[word.len()..];
    }
    rest.len() < password.len() && is_little(rest)
}

/// Whether a password is made of runs, but for some digits and marks behind.
fn is_runs(password: &[char]) -> bool {
    // How far runs reach from the beginning. Each place is left behind once, for every step goes on.
    let mut reached = BTreeSet::from([0]);
    while let Some(place) = reached.pop_first() {
        let rest = &password[place..];
        if place > 0 && is_little(rest) {
            return true;
        }
        reached.extend((RUN..=run(rest)).map(|step| place + step));
    }
    false
}

/// Whether what stands behind makes no difference.
fn is_little(rest: &[char]) -> bool {
    rest.len() <= BEHIND && !rest.iter().any(|sign| sign.is_alphabetic())
}

/// How many characters from the beginning are a run: the same again and again, or along a row.
fn run(signs: &[char]) -> usize {
    let length = |follows: &dyn Fn(char, char) -> bool| {
        1 + signs.windows(2).take_while(|pair| follows(pair[0], pair[1])).count()
    };
    let along = |row: &str| {
        let forth = length(&|one, other| after(row, one) == Some(other));
        forth.max(length(&|one, other| after(row, other) == Some(one)))
    };
    let same = length(&|one, other| one == other);
    ROWS.into_iter().map(along).fold(same, usize::max)
}

/// What comes after a character in a row, which begins anew at its end.
fn after(row: &str, sign: char) -> Option<char> {
    let (_, behind) = row.split_once(sign)?;
    behind.chars().next().or_else(|| row.chars().next())
}

/// Whether a text begins with a word, also as it is written by those who think that digits hide it.
fn begins(text: &[char], word: &[char]) -> bool {
    let same = |(known, sign): (&char, &char)| known == sign || *known == meant(*sign);
    text.len() >= word.len() && word.iter().zip(text).all(same)
}

const fn meant(sign: char) -> char {
    match sign {
        '@' | '4' => 'a',
        '3' => 'e',
        '1' | '!' => 'i',
        '0' => 'o',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::is_common;

    const EMAIL: &str = "kari.nordmann@framdrift.example";

    #[test]
    fn what_everybody_would_try_is_common() {
        for password in [
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "æøåæøåæøåæøå",
            "123456789012",
            "098765432109",
            "123451234512",
            "112233445566",
            "abcdefghijkl",
            "zyxwvutsrqpo",
            "qwertyuiop12",
            "QWERTYasdfgh",
            "1qaz2wsx3edc",
            "1q2w3e4r5t6y",
            "1234abcd5678",
            "passordpassord",
            "Passord12345",
            "PASSORD 2026!",
            "p@ssw0rd1234",
            "Velkommen123",
            "sommer2026!!",
            "framdrift2026",
            "MittPassord123",
        ] {
            assert!(is_common(password, EMAIL), "{password}");
        }
    }

    #[test]
    fn ones_own_address_is_no_secret() {
        for password in [
            EMAIL,
            "Kari.Nordmann@framdrift.example",
            "kari.nordmann",
            "kari.nordmann123",
            "1Kari.Nordmann!",
            "kari.nordmann2026!!",
            "kari.nordmann@framdrift.example1",
        ] {
            assert!(is_common(password, EMAIL), "{password}");
            assert!(!is_common(password, "per@framdrift.example"), "{password}");
        }
        assert!(is_common("knutknut12345", "knut@framdrift.example"));
    }

    #[test]
    fn a_sentence_and_what_nobody_has_thought_of_are_not() {
        for password in [
            "fire kommuner og en næringssjef",
            "en lang setning er god",
            "et helt nytt passord",
            "et nytt og langt passord",
            "a long sentence is a good one",
            "a-long-password-1",
            "test-password-123",
            "bench-passord-som-er-langt",
            "canary-password-2",
            "to programmer uten noe felles",
            "kari og knut liker kaffe",
            "h8Kq-2vXz_Lw0Rt5Yb7N",
            "739205816472",
        ] {
            assert!(!is_common(password, EMAIL), "{password}");
        }
        // A short name is in many sentences, and an account may have no address.
        assert!(!is_common("a long sentence is a good one", "a@framdrift.example"));
        assert!(!is_common("en lang setning er god", ""));
    }
}
