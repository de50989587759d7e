//! What other systems are told: webhooks, what was delivered to them, and what proves the journal.

pub mod journal_checkpoints;
pub mod webhook_deliveries;
pub mod webhooks;
