//! Where things are talked over and resolved: meetings, who was there, and what was decided.

pub mod action_items;
pub mod agenda_items;
pub mod attendances;
pub mod body_rules;
pub mod interest_declarations;
pub mod meetings;
pub mod resolutions;
