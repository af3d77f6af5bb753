//! What the lists of options hold.

use std::collections::BTreeSet;

use super::*;

#[test]
fn what_says_something_of_a_server_says_nothing_of_a_file() {
    let server = ServerArgs::augment_args(clap::Command::new("x"));
    let ids = server.get_arguments().map(|arg| arg.get_id().as_str()).chain(["strict", "dry_run"]);
    assert_eq!(ids.collect::<BTreeSet<_>>(), BTreeSet::from(OF_A_SERVER));
}
