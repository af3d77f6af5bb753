//! cwql: a query language for Chatwoot conversations.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

pub mod diagnostic;
pub mod source;
pub mod syntax;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Format, Severity, nearest};
pub use source::{LineIndex, Span};
pub use syntax::{Parsed, format, parse};
pub mod schema;
pub use schema::Schema;
pub mod check;
pub use check::{Checked, Filter, check};
pub mod payload;
pub mod plan;
pub use payload::Payload;
pub use plan::Plan;
mod query;
pub use query::{Query, compile};
