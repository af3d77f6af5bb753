//! The library against a sandbox that changes while its pages are read: nothing is lost, nothing comes twice.
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
#![cfg(feature = "cli")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cwql::client::{Client, Token};
use cwql::sandbox::{Ready, Sandbox, Tokens, serve};
use cwql::schema::{Schema, ServerVersion};
use cwql::{Query, eval};
use serde_json::{Value, json};

/// Random numbers that are the same in every run; when they are drawn is up to the machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// The recorded conversations, a sandbox over them, and what has matched a query all the time.
struct Shop {
    sandbox: Arc<Sandbox>,
    rows: BTreeMap<i64, Value>,
    clock: i64,
}

impl Shop {
    fn open() -> (Self, Ready) {
        let sandbox = Arc::new(support::sandbox(ServerVersion::LATEST));
        let rows = support::lines("dataset.ndjson").into_iter();
        let rows: BTreeMap<i64, Value> = rows.map(|row| (row["id"].as_i64().unwrap(), row)).collect();
        let clock = rows.values().map(|row| row["last_activity_at"].as_i64().unwrap()).max().unwrap();
        let served = sandbox.clone();
        let (ready, is_ready) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                ready.send(Ready::new(&served, &listener, Tokens::default()).unwrap()).unwrap();
                serve(served, listener, Tokens::default()).await.unwrap();
            });
        });
        (Self { sandbox, rows, clock }, is_ready.recv().unwrap())
    }

    /// One conversation is answered, or solved, or opened again; each of it is an activity.
    fn change(&mut self, dice: &mut Dice) -> i64 {
        let ids: Vec<i64> = self.rows.keys().copied().collect();
        let id = ids[dice.roll(ids.len() as u64) as usize];
        self.clock += 1;
        let mut change = json!({"last_activity_at": self.clock});
        match dice.roll(3) {
            0 => change["unread_count"] = 5.into(),
            1 => change["status"] = "resolved".into(),
            _ => change["status"] = "open".into(),
        }
        let row = self.rows.get_mut(&id).unwrap();
        for (key, value) in change.as_object().unwrap() {
            row[key] = value.clone();
        }
        assert!(self.sandbox.change(id, &change).unwrap());
        id
    }
}

#[test]
fn what_matches_all_the_time_is_found_once() {
    let schema = Schema { now: Some(support::NOW.parse().unwrap()), ..Schema::default() };
    let (shop, ready) = Shop::open();
    let shop = Arc::new(Mutex::new(shop));
    let changes = Arc::new(AtomicU64::new(0));
    let (mut rows_found, mut incomplete, mut moved) = (0, 0, 0);
    // One payload; a residual; alternatives that need several payloads.
    let texts = [
        "status != snoozed",
        "status = open AND unread_count > 0",
        "status IN (open, pending)",
        "(campaign = 71 AND contact.name ~ a) OR (status = open AND contact.email IS PRESENT)",
    ];
    for run in 0..40u64 {
        let query = Query::new(texts[(run % 4) as usize], &schema).unwrap();
        let matches = |row: &Value| {
            eval::matches(query.filter(), &eval::Row::new(row, schema.now()).with_columns(&row["_columns"]))
        };
        let before = shop.lock().unwrap().rows.clone();
        let left: Arc<Mutex<BTreeSet<i64>>> = Arc::default();
        let stop = Arc::new(AtomicBool::new(false));
        let mutator = {
            let (shop, left, stop, changes) = (shop.clone(), left.clone(), stop.clone(), changes.clone());
            std::thread::spawn(move || {
                let mut dice = Dice(run + 1);
                while !stop.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(dice.roll(4 + run % 20)));
                    let id = shop.lock().unwrap().change(&mut dice);
                    left.lock().unwrap().insert(id);
                    changes.fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        let client = Client::new(&ready.url, ready.account_id, Token::new(&ready.tokens.admin)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (ids, complete) = runtime.block_on(async {
            let mut rows = client.filter(query.plan(), schema.now());
            let mut ids = Vec::new();
            while let Some(conversation) = rows.next().await.unwrap() {
                ids.push(conversation.id());
            }
            (ids, rows.is_complete())
        });
        stop.store(true, Ordering::Relaxed);
        mutator.join().unwrap();
        let once: BTreeSet<i64> = ids.iter().copied().collect();
        assert_eq!(once.len(), ids.len(), "run {run}: something came twice");
        let touched = left.lock().unwrap().clone();
        moved += touched.len();
        let after = shop.lock().unwrap().rows.clone();
        // What was touched may have left and come back; a query that does not ask for the status cannot lose it.
        let certain = |id: &i64| !touched.contains(id) || run % 4 == 0;
        let certain = before.iter().filter(|(id, row)| certain(id) && matches(row) && matches(&after[id]));
        let lost: Vec<i64> = certain.map(|(id, _)| *id).filter(|id| !once.contains(id)).collect();
        assert!(lost.is_empty() || !complete, "run {run} lost {lost:?} and does not know it");
        rows_found += ids.len();
        incomplete += usize::from(!complete);
    }
    println!("{rows_found} rows, {moved} conversations changed, {incomplete} of 40 runs called incomplete");
    assert!(rows_found > 3000 && moved > 200, "{rows_found} rows, {moved} changed");
    // Such a run may lose something: if all were, nothing would be compared. Usually none is.
    assert!(incomplete <= 4, "{incomplete} of 40 runs called incomplete");
}
