//! Who: organisations, people, programmes and regions.

pub mod affiliations;
pub mod erasures;
pub mod municipality_codes;
pub mod organisations;
pub mod people;
pub mod person_views;
pub mod programme_assignments;
pub mod programmes;
pub mod region_members;
pub mod regions;
pub mod retention_rules;
pub mod service_profiles;
pub mod service_provisions;
