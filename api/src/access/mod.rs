//! Who may do what: from a token to a caller, from a caller and a row to a proof that a write demands.

pub mod caller;
pub mod client;
mod directory;
pub mod events;
pub mod external;
pub mod jws;
pub mod keyring;
pub mod keys;
pub mod observed;
mod own;
pub mod policy;
pub mod proof;
pub mod recent;
pub mod scope;
pub mod session;
pub mod signing;
pub mod throttle;
pub mod token;
pub mod visible;

pub use caller::{Actor, Caller, Outbound, Via};
pub use policy::{Area, Rights, Role, Sight};
pub use proof::{Create, Edit, Succession};
pub use scope::Scope;
