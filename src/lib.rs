//! cwql: a query language for Chatwoot conversations.
//!
//! One line of text says which conversations are meant; cwql compiles it into the payload that
//! `POST /api/v1/accounts/{id}/conversations/filter` documents, and finishes on the client what the server cannot say.
//!
//! ```
//! let payload = cwql::compile("status = pending AND browser_language != en", &cwql::Schema::default())?;
//! assert_eq!(payload.conditions.len(), 2);
//! # Ok::<(), cwql::Diagnostics>(())
//! ```
//!
//! # The stages
//!
//! | stage | function | from | to |
//! | --- | --- | --- | --- |
//! | [`syntax`] | [`parse()`] | text | [`Parsed`]: tokens, tree, errors |
//! | [`mod@check`] | [`check()`] | [`Parsed`], [`Schema`] | [`Filter`]: names and values resolved |
//! | [`mod@plan`] | [`plan::plan`] | [`Filter`] | [`Plan`]: scans of a payload and a residual |
//! | [`payload`] | [`Payload::to_json`] | [`Payload`] | the documented array |
#![cfg_attr(feature = "client", doc = "| [`client`] | [`Client::filter`] | [`Plan`] | conversations |")]
//! | [`answer`] | [`answer::Page::read`] | a response's bytes | conversations |
//! | [`mod@eval`] | [`eval::matches`] | [`Filter`], a conversation | whether it is meant |
//! | [`scan`] | [`scan::Reader::read`] | [`Filter`], lines of JSON | the same, of text |
//!
//! [`Query`] and [`compile`] go all the way. Problems are [`Diagnostics`] with stable [`Code`]s and places in the text.
//!
//! # Features
//!
//! The library alone has no HTTP, no async runtime and no terminal code:
//!
//! ```toml
//! cwql = { version = "0.1", default-features = false }
//! ```
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `client` | the request executor, `cwql::Client`; it needs a runtime of tokio |
//! | `sandbox` | the embedded server, `cwql::sandbox` |
//! | `cli`, the default | the program, with both of these; diagnostics drawn for a terminal, `Format::Human` |
//! | `keyring` | the program keeps tokens in the system's keyring |
//!
//! # Types of other crates
//!
//! Times, days and zones are those of [jiff] 0.2 ([`Schema::now`], [`Schema::zone`], [`check::Scalar`]), numbers of a query
//! those of [bigdecimal] 0.4, its texts those of [smol_str] 0.3 ([`check::Values`]), conversations and members of any shape
//! those of [serde_json] 1.
//!
//! [jiff]: https://docs.rs/jiff/0.2
//! [bigdecimal]: https://docs.rs/bigdecimal/0.4
//! [smol_str]: https://docs.rs/smol_str/0.3
//! [serde_json]: https://docs.rs/serde_json/1
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "tests may fail"
    )
)]

pub mod answer;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "client")]
pub mod client;
pub mod diagnostic;
pub mod eval;
pub mod payload;
pub mod plan;
mod query;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod scan;
pub mod schema;
mod server;
pub mod source;
pub mod syntax;

pub use check::{Checked, Filter, check};
#[cfg(feature = "client")]
pub use client::Client;
pub use diagnostic::{Code, Diagnostic, Diagnostics, Format, ParseCodeError, Severity, nearest};
pub use payload::{Decompiled, Payload, decompile};
pub use plan::Plan;
pub use query::{Query, compile};
pub use schema::{Account, Schema, ServerVersion};
pub use source::{LineIndex, Span};
pub use syntax::{Parsed, format, parse};

/// The README's Rust is compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
