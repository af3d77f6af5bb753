//! Which condition of the query is at fault when the server refuses what was sent, or fails on it.

use std::future::Future;
use std::ops::Range;
use std::time::Duration;

use super::Failure;
use crate::Query;
use crate::check::Condition;
use crate::client::{Client, ClientError};
use crate::diagnostic::catalogue::{Certainty, server_failed, server_refused};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::payload::{self, Payload};
use crate::plan::{Plan, origins};
use crate::schema::{Attribute, CustomKind, Schema, ServerVersion, WireOperator};
use crate::source::Span;

/// How long the server is asked for the condition before a guess must do.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many conditions are sent alone at most.
const MAX_ALONE: usize = 8;

/// How many places are shown at most.
const MAX_SHOWN: usize = 4;

/// What was asked when the server refused or failed.
pub(super) struct Asked<'a> {
    pub(super) client: &'a Client,
    pub(super) query: &'a Query,
    pub(super) text: &'a str,
    pub(super) plan: &'a Plan,
    pub(super) schema: &'a Schema,
}

/// A condition that was sent, and the one that it comes from.
struct Sent {
    wire: payload::Condition,
    origin: Option<Condition>,
}

impl Asked<'_> {
    /// The failure with its place in the query, if the server has refused it or failed on it.
    pub(super) async fn blame(&self, failure: &Failure) -> Option<Failure> {
        let Failure::Server(ClientError::Status { status, message, .. }) = failure else { return None };
        let diagnostic = match status {
            422 => self.refused(message).await,
            500 => self.failed(message).await,
            _ => return None,
        };
        Some(Failure::Blamed(Diagnostics::new(self.text, vec![diagnostic])))
    }

    async fn refused(&self, said: &str) -> Diagnostic {
        let sent = self.sent();
        let named: Vec<&Sent> = {
            let keys: Vec<&str> = sent.iter().map(|sent| &*sent.wire.attribute_key).collect();
            let named = named(said, &keys);
            sent.iter().filter(|sent| named.contains(&&*sent.wire.attribute_key)).collect()
        };
        let (found, certainty) = match (named.as_slice(), sent.as_slice()) {
            ([_], _) => (named, Certainty::Certain),
            (_, [only]) => (vec![only], Certainty::Certain),
            // The message is in the language of the account, and may name nothing.
            _ => match patient(self.search()).await.flatten() {
                Some(found) => (sent.iter().filter(|sent| alike(&sent.wire, &found)).collect(), Certainty::Certain),
                None => (named, Certainty::Guess),
            },
        };
        let custom = found.iter().any(|sent| matches!(attribute(sent), Some(Attribute::Custom(_))));
        server_refused(&self.spans(&found), certainty, said, self.advice(custom).await)
    }

    /// What to do about a refusal.
    async fn advice(&self, custom: bool) -> String {
        // Who asks the server for its version learns more than who was told it.
        match patient(self.client.version()).await {
            Some(Ok(version)) if version != self.schema.version => format!(
                "the query was compiled for {}, and the server is {version}: `--server-version {version}`",
                self.schema.version
            ),
            _ if custom => {
                "the attribute may have been deleted, or defined anew with another type; an account file may be \
                            out of date, and `--server-version` should be the server's own"
                    .to_owned()
            }
            _ => "`--server-version` should be the server's own; `cwql explain` shows what is sent".to_owned(),
        }
    }

    /// The first condition that the server refuses: it checks them one after the other before it looks at any
    /// conversation, so the shortest refused beginning of the payload ends with it.
    async fn search(&self) -> Option<payload::Condition> {
        let mut payload = None;
        for scan in &self.plan.scans {
            if self.plan.scans.len() == 1 || self.status(&scan.payload).await? == 422 {
                payload = Some(&scan.payload);
                break;
            }
        }
        let conditions = &payload?.conditions;
        let (mut accepted, mut refused) = (0, conditions.len());
        while refused - accepted > 1 {
            let middle = accepted.midpoint(refused);
            match self.status(&beginning(conditions, middle)).await? {
                422 => refused = middle,
                _ => accepted = middle,
            }
        }
        conditions.get(accepted).cloned()
    }

    async fn failed(&self, said: &str) -> Diagnostic {
        let mut sent = self.sent();
        sent.sort_by_key(|sent| suspicion(sent, self.schema).unwrap_or(usize::MAX));
        let suspects: Vec<&Sent> = sent.iter().filter(|sent| suspicion(sent, self.schema).is_some()).collect();
        let whole = Span::new(0, self.text.trim_end().len() as u32);
        if suspects.is_empty() && sent.len() == 1 {
            return server_failed(&[whole], "while it looked for these", said, unknown_cause());
        }
        let guess = |label: &str| match suspects.first() {
            Some(first) => server_failed(&self.spans(&[*first]), label, said, cause(first, self.schema)),
            None => server_failed(&[whole], "while it looked for these", said, unknown_cause()),
        };
        match patient(self.each_alone(&sent)).await.flatten() {
            Some(Alone::Nothing) => {
                let help = "even a filter that matches nothing fails, so it is not the query: try again later; the \
                            server's own log says why";
                server_failed(&[whole], "while it looked for these", said, help.to_owned())
            }
            Some(Alone::These(failing)) if !failing.is_empty() => {
                let label = if sent.len() == 1 { "the server fails on this" } else { "alone, this fails too" };
                let known = failing.iter().find(|sent| suspicion(sent, self.schema).is_some());
                let help = known.map_or_else(
                    || "other filters are answered; the server's own log says why this one is not".to_owned(),
                    |sent| cause(sent, self.schema),
                );
                server_failed(&self.spans(&failing), label, said, help)
            }
            Some(Alone::These(_)) => guess("perhaps this: alone, each condition is answered"),
            None => guess("the most likely cause"),
        }
    }

    /// Sends each condition alone; `None` if the answers do not tell.
    async fn each_alone<'s>(&self, sent: &'s [Sent]) -> Option<Alone<'s>> {
        // The least that a server can be asked.
        if self.status(&Payload::of_nothing()).await? == 500 {
            return Some(Alone::Nothing);
        }
        if let [only] = sent {
            return Some(Alone::These(vec![only]));
        }
        let mut failing = Vec::new();
        for sent in sent.iter().take(MAX_ALONE) {
            if self.status(&beginning(std::slice::from_ref(&sent.wire), 1)).await? == 500 {
                failing.push(sent);
            }
        }
        Some(Alone::These(failing))
    }

    /// The status that a payload is answered with; `None` if there is no answer.
    async fn status(&self, payload: &Payload) -> Option<u16> {
        match self.client.filter_page(payload, 1).await {
            Ok(_) => Some(200),
            Err(ClientError::Status { status, .. }) => Some(status),
            Err(_) => None,
        }
    }

    /// What all scans send, each condition once.
    fn sent(&self) -> Vec<Sent> {
        let mut all: Vec<Sent> = Vec::new();
        for scan in &self.plan.scans {
            let origins = origins(self.query.filter(), self.schema, &scan.payload);
            for (wire, origin) in scan.payload.conditions.iter().zip(origins) {
                if !all.iter().any(|sent| alike(&sent.wire, wire)) {
                    all.push(Sent { wire: wire.clone(), origin });
                }
            }
        }
        all
    }

    /// The places of conditions, in the order of the text; the whole query where there is none.
    fn spans(&self, sent: &[&Sent]) -> Vec<Span> {
        let mut spans: Vec<Span> = sent.iter().filter_map(|sent| Some(sent.origin.as_ref()?.span)).collect();
        spans.sort_unstable();
        spans.dedup();
        spans.truncate(MAX_SHOWN);
        if spans.is_empty() {
            spans.push(Span::new(0, self.text.trim_end().len() as u32));
        }
        spans
    }
}

/// What came of sending each condition alone.
enum Alone<'s> {
    /// Even what matches nothing is answered with an error.
    Nothing,
    /// These fail.
    These(Vec<&'s Sent>),
}

/// Waits for the server, but not for ever.
async fn patient<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(PATIENCE, work).await.ok()
}

/// Whether two conditions are the same but for what follows them.
fn alike(a: &payload::Condition, b: &payload::Condition) -> bool {
    a.attribute_key == b.attribute_key && a.filter_operator == b.filter_operator && a.values == b.values
}

/// A payload of the first `count` conditions.
fn beginning(conditions: &[payload::Condition], count: usize) -> Payload {
    let mut conditions: Vec<payload::Condition> = conditions.iter().take(count).cloned().collect();
    if let Some(last) = conditions.last_mut() {
        last.query_operator = None;
    }
    Payload { conditions }
}

fn attribute(sent: &Sent) -> Option<&Attribute> {
    sent.origin.as_ref().map(|origin| &origin.attribute)
}

/// How likely a condition breaks the server, the likeliest first; `None` if it is not known to.
fn suspicion(sent: &Sent, schema: &Schema) -> Option<usize> {
    if sent.wire.filter_operator == WireOperator::DaysBefore {
        return Some(0);
    }
    match attribute(sent)? {
        attribute if crate::query::is_cast(attribute) => Some(1),
        // Its type may be another one by now, if the definitions are not fresh.
        Attribute::Custom(_) => Some(if schema.knows_custom() { 3 } else { 2 }),
        _ => None,
    }
}

/// Why a condition breaks the server, and what to do.
fn cause(sent: &Sent, schema: &Schema) -> String {
    if sent.wire.filter_operator == WireOperator::DaysBefore {
        let Range { start, end } = ServerVersion::DAYS_BEFORE_FAILS;
        return format!(
            "`days_before` fails from {start} on and before {end}, and the query was compiled for {}: leave out \
             `--rolling`, or set `--server-version`",
            schema.version
        );
    }
    let noun = match attribute(sent) {
        Some(Attribute::Custom(custom)) => match custom.kind {
            CustomKind::Number => "no number",
            CustomKind::Date => "no date",
            CustomKind::Checkbox => "neither true nor false",
            _ => {
                return format!(
                    "`{}` may have another type than it is taken for; an account file may be out of date",
                    custom.key
                );
            }
        },
        _ => return unknown_cause(),
    };
    format!(
        "one stored value of `{}` that is {noun} breaks the server's conversion of all of them: mend or remove it",
        sent.wire.attribute_key
    )
}

fn unknown_cause() -> String {
    "nothing in it is known to break a server: it may be out of order, or out of time (it gives a query 14 seconds); \
     its own log says why, and `cwql explain` shows what was sent"
        .to_owned()
}

/// Those of the keys that a message names. In brackets, backticks or quotes on their own they are meant; as bare words
/// they are looked for outside of brackets, which hold lists of all keys and operators.
fn named<'k>(said: &str, keys: &[&'k str]) -> Vec<&'k str> {
    let quoted = |key: &str| {
        [("[", "]"), ("`", "`"), ("\"", "\""), ("'", "'"), ("«", "»"), ("“", "”")]
            .iter()
            .any(|(open, close)| said.contains(&format!("{open}{key}{close}")))
    };
    let mut found: Vec<&str> = keys.iter().copied().filter(|key| quoted(key)).collect();
    if found.is_empty() {
        let mut outside = String::with_capacity(said.len());
        let mut depth = 0usize;
        for c in said.chars() {
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ if depth == 0 => outside.push(c),
                _ => {}
            }
        }
        let words: Vec<&str> = outside.split(|c: char| !(c.is_alphanumeric() || "_-".contains(c))).collect();
        found = keys.iter().copied().filter(|key| words.contains(key)).collect();
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_its_key_in_any_language() {
        let keys = ["status", "labels", "seats", "plan-b"];
        for (said, expected) in [
            (
                "Invalid attribute key - [seats]. The key should be one of [status,labels] or a custom attribute",
                &["seats"][..],
            ),
            ("Clé d'attribut invalide - [seats]. La clé doit être l'une de [status,labels]", &["seats"]),
            ("Invalid operator. The allowed operators for labels are [equal_to,status].", &["labels"]),
            ("Ungültiger Wert. Die Werte für status sind ungültig", &["status"]),
            ("Ungültiger Wert. Die Werte für plan-b sind ungültig", &["plan-b"]),
            ("値が無効です。`seats` に指定された値は無効です", &["seats"]),
            ("Query operator must be either \"AND\" or \"OR\".", &[]),
            ("the statuses of seatsy", &[]),
        ] {
            assert_eq!(named(said, &keys), expected, "{said}");
        }
    }

    #[test]
    fn a_beginning_has_no_operator_at_its_end() {
        let payload = crate::compile("status = open AND label = vip AND id = 4", &Schema::default()).unwrap();
        let two = beginning(&payload.conditions, 2);
        assert_eq!(two.conditions.len(), 2);
        assert_eq!(two.conditions.last().unwrap().query_operator, None);
        assert!(alike(&two.conditions[1], &payload.conditions[1]));
    }
}
