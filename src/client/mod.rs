//! The request executor.

/// Sends plans to a server.
#[derive(Debug)]
pub struct Client;
