//! The plan check on small plans made for one rule each, and on the plan that it was made for.

mod activities;
mod agreements;
mod capacity;
mod councils;
mod decision_points;
mod demo;
mod milestones;
mod money;
mod organisations;
mod project;
mod roles;
mod sample;
mod sequence;
mod table;
mod waivers;
