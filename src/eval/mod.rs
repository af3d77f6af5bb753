//! The reference evaluator, [`matches()`], and how single values are read and compared: the rules that a server (through
//! PostgreSQL and Ruby) and a client that repeats its work must share.
//!
//! Pure functions over text, numbers and dates: no HTTP, no syntax, no accounts.

pub(crate) mod boolean;
mod carried;
pub(crate) mod date;
pub(crate) mod date_fields;
pub(crate) mod date_text;
mod filter;
pub(crate) mod iso8601;
pub(crate) mod json_text;
pub(crate) mod number;
pub(crate) mod text;
mod written;

pub use carried::{NotCarried, not_carried};
#[cfg(any(feature = "sandbox", feature = "cli"))]
pub(crate) use filter::is_agent;
pub use filter::{Row, matches};
pub(crate) use written::{Epoch, epoch, epoch_second, whole};
