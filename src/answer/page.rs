//! One page of an answer.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Conversation, Counts};
use crate::scan::{self, AnswerRow};

/// One page of a filter or of the dashboard's list.
#[derive(Debug)]
pub struct Page {
    /// The counts over all pages, if the server sent them. Those of a list are of all assignees, whoever's it is.
    pub counts: Option<Counts>,
    /// The conversations: newest activity first, or in the order that the list was asked for.
    pub conversations: Vec<Conversation>,
}

/// Why bytes are no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAPage(String);

impl fmt::Display for NotAPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAPage {}

/// An answer of the filter or the list, which says the same with and without the `data` wrapper that the published
/// description gives it.
pub(crate) struct Answer<'a> {
    meta: Option<Value>,
    rows: Option<Vec<Row<'a>>>,
}

/// A conversation of an answer.
enum Row<'a> {
    /// It is checked, and what it is known by is found.
    Known(AnswerRow<'a>),
    /// It is JSON.
    Raw(&'a RawValue),
}

impl<'a> Answer<'a> {
    /// The error is what is wrong with it.
    pub(crate) fn read(body: &'a [u8]) -> Result<Self, String> {
        Self::usual(body).map_or_else(|| Self::any(body), Ok)
    }

    /// Reads it in one pass, unless it is wrong or unusual.
    fn usual(body: &'a [u8]) -> Option<Self> {
        let scan::Answer { meta, rows } = scan::Answer::read(body)?;
        let meta = meta.map(serde_json::from_str::<Option<Value>>).transpose().ok()?;
        Some(Self { meta: meta.flatten(), rows: rows.map(|rows| rows.into_iter().map(Row::Known).collect()) })
    }

    /// Reads whatever JSON can say, with words for what is wrong.
    #[cold]
    fn any(body: &'a [u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        #[serde(expecting = "an object with `payload`, or with `data` that has it")]
        struct Members<'a> {
            #[serde(borrow)]
            data: Option<Box<Members<'a>>>,
            meta: Option<Value>,
            #[serde(borrow)]
            payload: Option<Vec<&'a RawValue>>,
        }
        let mut members: Members<'a> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        if let Some(inner) = members.data.take() {
            members = *inner;
        }
        let rows = members.payload.map(|rows| rows.into_iter().map(Row::Raw).collect());
        Ok(Self { meta: members.meta, rows })
    }

    /// The counts, if there are such: less than the page shows is no count.
    pub(crate) fn counts(&self) -> Option<Counts> {
        let shown = self.rows.as_ref().map_or(0, Vec::len);
        self.meta.as_ref().and_then(Counts::of_meta).filter(|counts| counts.all >= shown as u64)
    }

    /// The conversations. The error is what is wrong with them.
    pub(crate) fn conversations(self) -> Result<Vec<Conversation>, String> {
        let rows = self.rows.ok_or("no conversations in it")?;
        let conversation = |row| match row {
            Row::Known(row) => Conversation::known(&row),
            Row::Raw(raw) => Conversation::new(raw.get()),
        };
        rows.into_iter().map(conversation).collect()
    }
}

impl Page {
    /// Reads the body of an answer, however it came: from an HTTP client of one's own, a file or a proxy's log.
    ///
    /// ```
    /// use cwql::answer::Page;
    ///
    /// let page = Page::read(br#"{"meta":{"all_count":1},"payload":[{"id":7,"status":"open"}]}"#)?;
    /// assert_eq!(page.conversations[0].id(), 7);
    /// assert_eq!(page.conversations[0].json(), r#"{"id":7,"status":"open"}"#);
    /// assert!(Page::read(b"<html>").is_err());
    /// # Ok::<(), cwql::answer::NotAPage>(())
    /// ```
    ///
    /// # Errors
    /// The bytes are not JSON, hold no conversations, or hold one without an id.
    pub fn read(body: &[u8]) -> Result<Self, NotAPage> {
        let answer = Answer::read(body).map_err(NotAPage)?;
        // Without counts, or with others, pages are read until one is empty.
        Ok(Self { counts: answer.counts(), conversations: answer.conversations().map_err(NotAPage)? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Read = (Option<Value>, Option<Vec<(String, i64, i64)>>);

    /// What is read of an answer; an error is told apart from no answer by its text.
    fn read(answer: Answer<'_>) -> Result<Read, String> {
        let meta = answer.meta.clone();
        if answer.rows.is_none() {
            return Ok((meta, None));
        }
        let row = |row: Conversation| (row.json().to_owned(), row.id(), row.last_activity_at());
        Ok((meta, Some(answer.conversations()?.into_iter().map(row).collect())))
    }

    /// What the one pass takes, the general decoder takes too, and reads the same in it.
    fn agree(body: &[u8]) -> bool {
        let Some(usual) = Answer::usual(body) else { return false };
        let any = Answer::any(body).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(body)));
        assert_eq!(read(usual), read(any), "{}", String::from_utf8_lossy(body));
        true
    }

    /// Pieces of which JSON is made, and of which it is spoilt.
    const PIECES: [&str; 40] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u0069",
        "\\ud800",
        "\"id\":",
        "\"id\":7,",
        "\"i\\u0064\":8,",
        "\"last_activity_at\":",
        "\"last_activity_at\":\"9\",",
        "\"meta\":{},",
        "\"data\":",
        "\"data\":null,",
        "\"payload\":",
        "\"payload\":[],",
        "null",
        "true",
        "fals",
        "-",
        "0",
        "01",
        "1.",
        "1.5e+3",
        "1e999",
        "123456789012345678901",
        "\"7\"",
        "\" 7 \"",
        "\"é\"",
        "\t",
        "\n",
        "\u{1}",
        "[[[[]]]]",
        "{\"a\":{\"id\":1}}",
        "\"\"",
        " ",
    ];

    fn conversation() -> impl Strategy<Value = String> {
        let id = prop::sample::select(&["7", "-3", "\"12\"", "1.0", "null", "1781481600", "[]", "\"x\\u0031\""][..]);
        let member = prop_oneof![
            4 => id.clone().prop_map(|id| format!("\"id\":{id}")),
            2 => id.clone().prop_map(|at| format!("\"last_activity_at\" : {at}")),
            1 => id.prop_map(|value| format!("\"meta\":{{\"id\":1,\"sender\":[{value},{{}}]}}")),
            1 => ("[a-z \u{e9}]{0,6}", "[a-z\\\\/bfnrt\"\t \u{e9}\u{65e5}\u{1F600}]{0,20}")
                .prop_map(|(name, text)| format!("{}:{}", Value::from(name), Value::from(text))),
        ];
        prop::collection::vec(member, 0..5).prop_map(|members| {
            format!("{{\"id\":5,{}\"z\":0}}", members.join(",") + if members.is_empty() { "" } else { "," })
        })
    }

    fn answer() -> impl Strategy<Value = String> {
        let meta =
            prop::sample::select(&[r#""meta":{"all_count":1}"#, r#""meta":null"#, r#""meta":[1e3]"#, r#""x":{}"#][..]);
        let rows =
            prop::collection::vec(conversation(), 0..4).prop_map(|rows| format!("\"payload\":[{}]", rows.join(" ,\n")));
        (meta, rows, any::<bool>(), any::<bool>()).prop_map(|(meta, rows, turned, wrapped)| {
            let body = if turned { format!("{{{rows},{meta}}}") } else { format!("{{ {meta}, {rows} }}\n") };
            if wrapped { format!("{{\"data\":{body}}}") } else { body }
        })
    }

    /// Puts a piece somewhere, over some bytes.
    type Change = (prop::sample::Index, &'static str, usize);

    fn changes() -> impl Strategy<Value = Vec<Change>> {
        prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&PIECES[..]), 0..3_usize), 0..4)
    }

    #[test]
    fn less_than_the_page_shows_is_no_count() {
        let counts = |all: u64, rows: &str| {
            let body = format!(r#"{{"meta":{{"all_count":{all}}},"payload":[{rows}]}}"#);
            Page::read(body.as_bytes()).unwrap().counts.map(|counts| counts.all)
        };
        assert_eq!([counts(0, r#"{"id":7}"#), counts(1, r#"{"id":7}"#), counts(0, "")], [None, Some(1), Some(0)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

        #[test]
        fn one_pass_reads_what_the_general_decoder_reads(answer in answer(), changes in changes()) {
            prop_assert!(agree(answer.as_bytes()), "an answer as servers write it takes the long way: {}", answer);
            let mut bytes = answer.into_bytes();
            for (at, piece, over) in changes {
                let at = at.index(bytes.len());
                let end = (at + over).min(bytes.len());
                bytes.splice(at..end, piece.bytes());
                agree(&bytes);
            }
            // Cut between the bytes of a letter too.
            for end in [bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
                agree(&bytes[..end]);
            }
        }
    }

    #[test]
    fn what_is_unusual_takes_the_long_way_and_is_read_all_the_same() {
        let id = |body: &str| {
            assert!(Answer::usual(body.as_bytes()).is_none(), "{body}");
            Page::read(body.as_bytes()).unwrap().conversations[0].id()
        };
        assert_eq!(id(r#"{"payload":[{"i\u0064":7}]}"#), 7);
        assert_eq!(id(r#"{"p\u0061yload":[{"id":7}]}"#), 7);
        assert_eq!(id(r#"{"data":null,"payload":[{"id":7}]}"#), 7);
        assert_eq!(id(r#"[null,{},[{"id":7}]]"#), 7);
        assert_eq!(id(&format!(r#"{{"payload":[{{"id":7,"x":{}{}}}]}}"#, "[".repeat(500), "]".repeat(500))), 7);
        // Of a name that stands twice the last value counts, in a conversation.
        let twice = Page::read(br#"{"payload":[{"id":6,"last_activity_at":1,"id":7,"last_activity_at":2}]}"#).unwrap();
        let row = &twice.conversations[0];
        assert_eq!((row.id(), row.last_activity_at()), (7, 2));
        assert_eq!(
            Page::read(br#"{"payload":[],"payload":[]}"#).unwrap_err().to_string(),
            "duplicate field `payload` at line 1 column 23"
        );
    }
}
