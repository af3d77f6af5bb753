//! Compiles a query, sends it to the account that the environment names, and prints the ids.
//!
//! `cargo run --example send -- 'status = open AND unread_count > 0'`

use cwql::client::Token;
use cwql::{Client, Query, Schema};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = std::env::args().nth(1).ok_or("usage: send QUERY")?;
    let schema = Schema::default();
    let query = Query::new(&text, &schema)?;
    println!("{}", query.plan().to_tree(&[]));

    let account_id = std::env::var("CHATWOOT_ACCOUNT_ID")?.parse()?;
    let token = Token::new(std::env::var("CHATWOOT_API_ACCESS_TOKEN")?);
    let client = Client::new(&std::env::var("CHATWOOT_BASE_URL")?, account_id, token)?;
    let mut rows = client.filter(query.plan(), schema.now());
    while let Some(conversation) = rows.next().await? {
        println!("{}", conversation.id());
    }
    Ok(())
}
