//! What a server knows: its version, and what that version can do.

mod version;

pub use version::{ParseVersionError, ServerVersion};
