//! What the municipalities decide, each for itself: matters, cases, steps and agreements.

pub mod agreement_parties;
pub mod agreements;
pub mod matters;
pub mod political_cases;
pub mod political_steps;
