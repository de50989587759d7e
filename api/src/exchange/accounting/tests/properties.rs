//! What holds for every file.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const MOST: i64 = 1_000_000_000_000_000;

/// An amount as a system could write it.
fn written(ore: i64, group: &str, mark: char, minus: usize) -> String {
    let kroner = (ore.unsigned_abs() / 100).to_string();
    let (first, others) = kroner.split_at((kroner.len() - 1) % 3 + 1);
    let groups: String =
        others.as_bytes().chunks(3).map(|three| format!("{group}{}", String::from_utf8_lossy(three))).collect();
    let size = format!("{first}{groups}{mark}{:02}", ore.unsigned_abs() % 100);
    match minus {
        _ if ore >= 0 => size,
        0 => format!("-{size}"),
        1 => format!("\u{2212}{size}"),
        2 => format!("{size}-"),
        _ => format!("({size})"),
    }
}

proptest! {
    #[test]
    fn an_amount_is_read_as_it_was_written(
        ore in prop_oneof![-MOST..=MOST, -200_000_i64..=200_000],
        (group, mark) in prop::sample::select(vec![
            ("", ','), (" ", ','), ("\u{a0}", ','), ("\u{202f}", ','), (".", ','), ("", '.'), (" ", '.'), ("\u{a0}", '.'),
        ]),
        minus in 0_usize..4,
        days in 0_i64..100_000,
    ) {
        let date = *ANY_DAY.start() + chrono::TimeDelta::days(days);
        let file = format!("sum;dato\n{};{}\n", written(ore, group, mark, minus), date.format("%d.%m.%Y"));
        let [entry] = entries(&file).try_into().expect("one");
        prop_assert_eq!((entry.amount_ore, entry.incurred_on), (ore, date));
    }

    #[test]
    fn no_bytes_make_it_panic(file in vec(any::<u8>(), 0..400)) {
        let _ = read(&file, &ANY_DAY);
        let _ = read(&[b"dato;sum;tekst\n", file.as_slice()].concat(), &ANY_DAY);
    }

    #[test]
    fn no_table_makes_it_panic_and_every_fault_has_a_place_and_three_texts(
        cells in vec(prop::sample::select(vec![
            "dato", "sum", "debet", "kredit", "tekst", "1.2.18", "31.2.18", "1.234", "-1,5", "(5", "\"", "\"\"", "a\"", ";",
            ";", ";", ";", ",", "\t", "\n", "\n", "\r", "\r\n", "\u{3}", "\0", "\u{feff}", "ø", "\u{a0}", "~/", "€", " ",
        ]), 0..60),
        headed in any::<bool>(),
    ) {
        let head = if headed { "dato;sum;tekst\n" } else { "" };
        let file = format!("{head}{}", cells.concat());
        match read(file.as_bytes(), &ANY_DAY) {
            Ok(actuals) => {
                let lines: Vec<u64> = actuals.entries.iter().map(|entry| entry.line).collect();
                prop_assert!(lines.is_sorted_by(|one, next| one < next));
            }
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                for fault in faults {
                    prop_assert!(fault.pointer.starts_with("/rows") && !fault.code.is_empty());
                    let text = fault.message;
                    prop_assert!(!text.nb.is_empty() && !text.nn.is_empty() && !text.en.is_empty());
                }
            }
        }
    }

    #[test]
    fn every_row_that_was_written_is_read_in_its_line(
        texts in vec("[ -~æøåÆØÅ€\n]{0,40}", 0..30),
    ) {
        let quoted = |text: &String| format!("1.2.18;1;\"{}\"\n", text.replace('"', "\"\""));
        let rows: Vec<String> = texts.iter().map(quoted).collect();
        let entries = entries(&format!("dato;sum;tekst\n{}", rows.concat()));
        prop_assert_eq!(entries.len(), texts.len());
        let mut line = 2;
        for ((entry, text), row) in entries.iter().zip(&texts).zip(&rows) {
            prop_assert_eq!(entry.text.as_deref().unwrap_or_default(), text.trim());
            prop_assert_eq!(entry.line, line);
            line += row.matches('\n').count() as u64;
        }
    }
}
