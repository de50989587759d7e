//! What other systems are told and given: webhooks, what was delivered to them, what connectors carry, and what proves the journal.

pub mod journal_checkpoints;

pub mod outbound_messages;
pub mod webhook_deliveries;
pub mod webhooks;
