//! What other systems are told and given: webhooks, what was delivered to them, and what connectors carry.

pub mod outbound_messages;
pub mod webhook_deliveries;
pub mod webhooks;
