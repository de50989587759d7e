//! Files of accounts that are read, and files that are refused.

mod amounts;
mod dates;
mod faulty;
mod files;
mod identity;
mod properties;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// The rows of a file that is sound.
fn entries(file: &str) -> Vec<Entry> {
    read(file.as_bytes(), &ANY_DAY).unwrap_or_else(|faults| panic!("{faults:#?}")).entries
}

/// The faults of a file that is not.
fn faults(file: impl AsRef<[u8]>) -> Vec<Fault> {
    read(file.as_ref(), &ANY_DAY).expect_err("faults")
}

/// Where the faults of a file stand, and what they are.
fn wrong(file: impl AsRef<[u8]>) -> Vec<(String, &'static str)> {
    faults(file).into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

fn at(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}
