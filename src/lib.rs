//! cwql: a query language for Chatwoot conversations.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice
    )
)]

mod eval;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod schema;
