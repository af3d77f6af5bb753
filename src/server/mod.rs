//! What a server makes of a payload before it looks at a conversation: Rails' view of the JSON, the order of the
//! checks, the values that an operator really uses, the types that PostgreSQL gives them.
//!
//! The sandbox answers by it and `decompile` reads payloads by it, so the two cannot disagree. The rules were
//! recorded from servers of Chatwoot and from its code.

mod attribute;
mod condition;
mod definition;
mod filter;
mod json;
mod quirks;
mod refusal;

pub(crate) use attribute::{Column, NumberColumn};
pub(crate) use condition::{Condition, Operand, Scalar, SqlError, SqlType, Test};
pub(crate) use definition::{AttributeType, Definitions, Model};
pub(crate) use filter::{FilterService, Token, check_query_operator};
pub(crate) use json::{Json, Members};
#[cfg(feature = "sandbox")]
pub(crate) use json::{NoMethod, text_to_column, text_to_i};
#[cfg(not(feature = "sandbox"))]
pub(crate) use quirks::Quirks;
#[cfg(feature = "sandbox")]
pub use quirks::{Comparison, DaysBefore, Quirks};
pub(crate) use refusal::Refusal;
