//! Chance that can be repeated: every test that leaves something to it says its seed.

use std::hash::{BuildHasher, RandomState};

/// The variable that sets the seed.
const VARIABLE: &str = "FRAMDRIFT_TEST_SEED";

/// A sequence of numbers that follows from its seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// A sequence of which nobody knows what comes, unless `FRAMDRIFT_TEST_SEED` says so; it prints its seed.
    #[must_use]
    pub fn thrown() -> Self {
        let seed = number(VARIABLE).unwrap_or_else(|| RandomState::new().hash_one(std::process::id()));
        println!("{VARIABLE}={seed} chooses the same again");
        Self(seed)
    }

    /// A sequence of its own for somebody who draws beside others.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self(self.draw())
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.draw() % bound.max(1)
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).expect("an index")]
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// How often something is done: what a variable says, else the usual number.
#[must_use]
pub fn times(variable: &str, usual: usize) -> usize {
    number(variable).and_then(|times| usize::try_from(times).ok()).unwrap_or(usual)
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok().filter(|text| !text.is_empty())?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}
