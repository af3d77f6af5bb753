//! How long the program takes for 10,000 conversations, 400 pages of a server that needs 50 ms for each, and how much
//! memory: one page at a time, and as many as it asks for by itself.
//!
//! `cargo bench --bench pages`

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use axum::routing::post;

const ROWS: usize = 10_000;
const PAGE: usize = 25;
const DELAY: Duration = Duration::from_millis(50);

#[derive(serde::Deserialize)]
struct Wanted {
    page: usize,
}

type Pages = Arc<Vec<String>>;

/// Pages of conversations of 4 KB, as large as those of an account with long messages.
fn pages() -> Vec<String> {
    let text = "What I ordered has not come. ".repeat(110);
    let row = |id: usize| {
        format!(
            r#"{{"meta":{{"sender":{{"id":{id},"name":"Customer {id}"}},"channel":"Channel::WebWidget"}},"id":{id},"messages":[{{"id":{id},"content":"{text}"}}],"status":"open","inbox_id":1,"labels":[],"unread_count":{},"created_at":1700000000,"last_activity_at":{},"additional_attributes":{{}},"custom_attributes":{{}}}}"#,
            id % 3,
            1_700_000_000 + id
        )
    };
    let ids: Vec<usize> = (1..=ROWS).rev().collect();
    ids.chunks(PAGE)
        .map(|ids| {
            let rows: Vec<String> = ids.iter().map(|id| row(*id)).collect();
            format!(
                r#"{{"meta":{{"mine_count":0,"unassigned_count":{ROWS},"all_count":{ROWS}}},"payload":[{}]}}"#,
                rows.join(",")
            )
        })
        .collect()
}

async fn filter(State(pages): State<Pages>, Query(wanted): Query<Wanted>) -> impl IntoResponse {
    tokio::time::sleep(DELAY).await;
    ([("content-type", "application/json")], pages.get(wanted.page.saturating_sub(1)).cloned().unwrap_or_default())
}

fn serve() -> String {
    let (told, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            told.send(listener.local_addr().unwrap()).unwrap();
            let pages: Pages = Arc::new(pages());
            let router = Router::new().route("/api/v1/accounts/1/conversations/filter", post(filter)).with_state(pages);
            axum::serve(listener, router).await.unwrap();
        });
    });
    format!("http://{}", address.recv().unwrap())
}

/// Runs the program; how long it took, the most memory it held in KiB, and how many ids it printed.
fn run(url: &str, query: &str, concurrency: &str) -> (Duration, u64, usize) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_cwql"))
        .args(["run", query, "--output", "ids", "--quiet", "--url", url, "--account-id", "1"])
        .args(["--concurrency", concurrency])
        .env("CHATWOOT_API_ACCESS_TOKEN", "token")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || std::io::read_to_string(&mut out).unwrap().lines().count());
    let mut memory = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse().ok());
        memory = memory.max(peak.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    }
    (start.elapsed(), memory, reader.join().unwrap())
}

fn main() {
    let url = serve();
    for (query, rows) in [("status = open", ROWS), ("unread_count > 1", ROWS / 3)] {
        let (one, memory_one, found_one) = run(&url, query, "1");
        let (four, memory_four, found_four) = run(&url, query, "4");
        assert_eq!((found_one, found_four), (rows, rows));
        println!(
            "{query}: {found_one} conversations of {} pages; one at a time {one:.2?}, {memory_one} KiB; four {four:.2?}, {memory_four} KiB; ratio {:.3}",
            ROWS / PAGE,
            four.as_secs_f64() / one.as_secs_f64()
        );
    }
}
