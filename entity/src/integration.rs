//! What other systems are told: webhooks, and what was delivered to them.

pub mod webhook_deliveries;
pub mod webhooks;
