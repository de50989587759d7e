//! Public registers that the service asks when somebody wants it to. What they answer is another's word: bounded in time and
//! size, checked, and never written by itself.

pub mod enhetsregisteret;

pub use enhetsregisteret::{Asked, Entity, Register};
