//! Who may do what: from a token to a caller, from a caller and a row to a proof that a write demands.

pub mod caller;
mod directory;
pub mod events;
pub mod observed;
mod own;
pub mod policy;
pub mod proof;
pub mod session;
pub mod token;
pub mod visible;

pub use caller::{Actor, Caller, Outbound};
pub use policy::{Area, Rights, Role, Sight};
pub use proof::{Create, Edit, Succession};
