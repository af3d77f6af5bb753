//! Conversations as tables, JSON, CSV and ids.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write};

use jiff::Timestamp;
use memchr::memchr2;
use serde_json::Value;

use super::Failure;
use super::args::Output;
use super::context::Context;
use super::table::Table;
use crate::answer::Conversation;
use crate::diagnostic::acts;
use crate::eval::{epoch_second, is_agent, whole};
use crate::scan::{Members, NO_ID};
use crate::schema::{Account, IdType};

/// Why the output ends where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Everything was printed.
    All,
    /// `--limit` left some out.
    Limit,
    /// Somebody or something ended the run.
    Early,
}

/// Writes conversations as they come; a table in parts of a thousand, whose columns have one width.
pub(super) struct Writer<'a> {
    output: Output,
    out: io::BufWriter<Box<dyn Write>>,
    account: Option<&'a Account>,
    now: Timestamp,
    table: Table<7>,
    /// The rows of the table that are not printed.
    rows: Vec<[String; 7]>,
    /// How many bytes their cells have.
    kept: usize,
    shown: Members,
    /// Writes rows of CSV, of which it has a buffer of its own: nothing else is written beside them.
    csv: Option<csv::Writer<Box<dyn Write>>>,
    /// Whether somebody reads it from a screen.
    on_screen: bool,
    count: u64,
}

/// So many bytes are handed over at once, where nobody waits for less.
const BUFFER: usize = 1 << 16;

/// So many rows of a table are kept, so that the columns are as wide as most rows need.
const PART: usize = 1000;

/// So many bytes of them, where they are long.
const ROOM: usize = 1 << 18;

/// So many characters of a cell are shown, of labels a dozen. A name or label may have millions, and each row would be as
/// wide as that.
const CELL: usize = 200;

const TABLE: [&str; 7] = ["ID", "STATUS", "PRIORITY", "INBOX", "ASSIGNEE", "LABELS", "LAST ACTIVITY"];
const CSV: [&str; 13] = [
    "id",
    "status",
    "priority",
    "inbox_id",
    "inbox",
    "assignee_id",
    "assignee",
    "team_id",
    "team",
    "labels",
    "contact",
    "created_at",
    "last_activity_at",
];

/// Which of its columns a narrow terminal does without, the first one first.
const TABLE_SPARES: &[usize] = &[5, 2, 3, 6, 4];

/// What the table shows of a conversation besides its id and its last activity.
const TABLE_SHOWS: &[&[&str]] =
    &[&["status"], &["priority"], &["inbox_id"], &["meta", "assignee", "name"], &["labels"]];

/// What CSV shows of one.
const CSV_SHOWS: &[&[&str]] = &[
    &["id"],
    &["status"],
    &["priority"],
    &["inbox_id"],
    &["meta", "assignee", "id"],
    &["meta", "assignee", "name"],
    &["meta", "assignee_type"],
    &["meta", "team", "id"],
    &["meta", "team", "name"],
    &["labels"],
    &["meta", "sender", "name"],
    &["created_at"],
    &["last_activity_at"],
];

impl<'a> Writer<'a> {
    pub(super) fn new(output: Output, account: Option<&'a Account>, now: Timestamp, context: &'a Context) -> Self {
        let out = io::BufWriter::with_capacity(BUFFER, Box::new(io::stdout()) as Box<dyn Write>);
        let shown = Members::at(match output {
            Output::Table => TABLE_SHOWS,
            Output::Csv => CSV_SHOWS,
            Output::Json | Output::Ndjson | Output::Ids => &[],
        });
        let on_screen = io::stdout().is_terminal();
        let table = Table::new(TABLE, &[0, 1, 2, 6], TABLE_SPARES, context);
        Self { output, out, account, now, table, rows: Vec::new(), kept: 0, shown, csv: None, on_screen, count: 0 }
    }

    /// Whether the writer shows names of inboxes, which a conversation does not carry.
    pub(super) fn wants_names(output: Output) -> bool {
        matches!(output, Output::Table | Output::Csv)
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Whether the next conversation may be printed before the end.
    pub(super) fn prints_next(&self) -> bool {
        let longest = 4 * CELL * TABLE.len();
        self.output != Output::Table || self.rows.len() + 1 >= PART || self.kept + longest >= ROOM
    }

    /// Writes one conversation.
    pub(super) fn write(&mut self, conversation: &Conversation) -> Result<(), Failure> {
        match self.output {
            Output::Table | Output::Csv => {
                return self.write_shown(conversation.json(), conversation.id(), conversation.last_activity_at());
            }
            Output::Ids => writeln!(self.out, "{}", conversation.id())?,
            Output::Ndjson | Output::Json => self.write_json(conversation.json().as_bytes())?,
        }
        self.count += 1;
        Ok(())
    }

    /// Writes what a table or CSV shows of a conversation with this id and last activity.
    fn write_shown(&mut self, json: &str, id: i64, last_activity_at: i64) -> Result<(), Failure> {
        let whole: Value;
        let shown = match self.shown.read(json) {
            Some(shown) => shown,
            None => {
                whole = serde_json::from_str(json).unwrap_or_default();
                &whole
            }
        };
        if self.output == Output::Table {
            let row = table_row(id, last_activity_at, shown, self.account, self.now);
            self.kept += row.iter().map(String::len).sum::<usize>();
            self.rows.push(row);
            if self.rows.len() >= PART || self.kept >= ROOM {
                self.print_rows()?;
            }
        } else {
            let csv = csv_writer(&mut self.csv);
            if self.count == 0 {
                csv.write_record(CSV).map_err(csv_failed)?;
            }
            csv_row(csv, self.on_screen, shown, self.account).map_err(csv_failed)?;
        }
        self.count += 1;
        Ok(())
    }

    /// Writes one as it stands in a text, with the id that was found there; it is decoded only where its format needs
    /// more than that. The inner error is what is wrong with it.
    #[inline]
    pub(super) fn write_raw(&mut self, json: &[u8], id: Option<i64>) -> Result<Result<(), String>, Failure> {
        let json = json.trim_ascii();
        match self.output {
            Output::Table | Output::Csv => return self.write_decoded(json),
            Output::Ids => {
                let Some(id) = id else { return Ok(Err(NO_ID.to_owned())) };
                writeln!(self.out, "{id}")?;
            }
            Output::Ndjson | Output::Json => self.write_json(json)?,
        }
        self.count += 1;
        Ok(Ok(()))
    }

    // Apart, so that the formats that need no decoding are written without a call.
    #[inline(never)]
    fn write_decoded(&mut self, json: &[u8]) -> Result<Result<(), String>, Failure> {
        let text = match std::str::from_utf8(json) {
            Ok(text) => text,
            Err(error) => return Ok(Err(error.to_string())),
        };
        match Conversation::head(text) {
            Ok((id, last_activity_at)) => self.write_shown(text, id, last_activity_at).map(Ok),
            Err(message) => Ok(Err(message)),
        }
    }

    #[inline]
    fn write_json(&mut self, json: &[u8]) -> io::Result<()> {
        if self.output == Output::Json {
            self.out.write_all(if self.count == 0 { b"[" } else { b",\n" })?;
            return self.out.write_all(json);
        }
        self.out.write_all(&one_line(json))?;
        self.out.write_all(b"\n")
    }

    fn print_rows(&mut self) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let part = self.table.next(&self.rows);
        self.rows.clear();
        self.kept = 0;
        self.out.write_all(part.as_bytes())
    }

    /// Hands over what is written so far: a reader at the other end of a pipe sees it while the run waits for more.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        if let Some(csv) = &mut self.csv {
            csv.flush()?;
        }
        Ok(self.out.flush()?)
    }

    /// Ends the output, so that what is there is well-formed whatever ended the run.
    pub(super) fn finish(&mut self, end: End) -> Result<(), Failure> {
        match self.output {
            // That there is none cannot be said before the end.
            Output::Table if self.count == 0 && end == End::Early => {}
            Output::Table => {
                self.print_rows()?;
                if self.count > 0 {
                    writeln!(self.out)?;
                }
                let rest = match end {
                    End::All => "",
                    End::Limit => ", and more (--limit)",
                    End::Early => ", and perhaps more",
                };
                match self.count {
                    0 => writeln!(self.out, "no conversations")?,
                    count => writeln!(self.out, "{}{rest}", counted(count, "conversation"))?,
                }
                self.out.write_all(no_room(&self.table.left_out()).as_bytes())?;
            }
            Output::Json if self.count == 0 => writeln!(self.out, "[]")?,
            Output::Json => writeln!(self.out, "]")?,
            Output::Csv if self.count == 0 => csv_writer(&mut self.csv).write_record(CSV).map_err(csv_failed)?,
            Output::Csv | Output::Ndjson | Output::Ids => {}
        }
        self.flush()
    }
}

/// What is said below a table without some of its columns, if it is.
pub(super) fn no_room(left_out: &[&str]) -> String {
    match left_out {
        [] => String::new(),
        titles => format!("no room for {}\n", titles.join(", ")),
    }
}

fn table_row(id: i64, last_activity_at: i64, shown: &Value, account: Option<&Account>, now: Timestamp) -> [String; 7] {
    let last = Some(last_activity_at).filter(|&second| second != 0);
    let text = |value: Option<&Value>| cell([value.and_then(Value::as_str).unwrap_or("-")]);
    [
        id.to_string(),
        text(shown.get("status")),
        text(shown.get("priority")),
        cell([&*inbox(shown, account).unwrap_or("-".into())]),
        text(shown.pointer("/meta/assignee/name")),
        Some(cell(labels(shown))).filter(|labels| !labels.is_empty()).unwrap_or_else(|| "-".to_owned()),
        last.map_or("-".to_owned(), |second| ago(now.as_second().saturating_sub(second))),
    ]
}

/// Some texts as a cell of the table. It is cut before it is kept: all cells below one another are as wide as the widest.
fn cell<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let between = |i| if i == 0 { "" } else { ", " };
    let mut chars = texts.into_iter().enumerate().flat_map(|(i, text)| between(i).chars().chain(text.chars()));
    let mut cell: String = chars.by_ref().take(CELL).map(shown).collect();
    if chars.next().is_some() {
        cell.pop();
        cell.push('…');
    }
    cell
}

fn inbox<'a>(conversation: &Value, account: Option<&'a Account>) -> Option<Cow<'a, str>> {
    let id = conversation.get("inbox_id").and_then(whole)?;
    let name = account.and_then(|account| account.name_of(IdType::Inbox, id));
    Some(name.map_or_else(|| id.to_string().into(), Cow::Borrowed))
}

/// Making one takes longer than a short output of another format.
fn csv_writer(csv: &mut Option<csv::Writer<Box<dyn Write>>>) -> &mut csv::Writer<Box<dyn Write>> {
    csv.get_or_insert_with(|| csv::Writer::from_writer(Box::new(io::stdout())))
}

/// An error of the output, which its reader may have closed, or of the rows.
fn csv_failed(error: csv::Error) -> Failure {
    let text = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        _ => Failure::Io(text),
    }
}

/// Writes a row field by field: of a long text no copy is kept. A file has what the conversation says; a screen would act on
/// it.
fn csv_row(
    out: &mut csv::Writer<impl Write>,
    on_screen: bool,
    conversation: &Value,
    account: Option<&Account>,
) -> csv::Result<()> {
    let mut field = |text: &str| if on_screen { out.write_field(printable(text)) } else { out.write_field(text) };
    let text = |pointer: &str| match conversation.pointer(pointer) {
        None | Some(Value::Null) => Cow::Borrowed(""),
        Some(Value::String(text)) => Cow::Borrowed(text.as_str()),
        Some(other) => Cow::Owned(other.to_string()),
    };
    // As `--output ids` prints them, however they are written.
    let id = |pointer: &str| match conversation.pointer(pointer).and_then(whole) {
        Some(id) => Cow::Owned(id.to_string()),
        None => text(pointer),
    };
    let time = |pointer: &str| {
        let second = conversation.pointer(pointer).and_then(epoch_second);
        second.and_then(|second| Timestamp::from_second(second).ok()).map(|time| time.to_string()).unwrap_or_default()
    };
    let agent = is_agent(conversation.pointer("/meta/assignee_type"));
    let mut labels = labels(conversation);
    let labels = match (labels.next(), labels.next()) {
        (first, None) => Cow::Borrowed(first.unwrap_or_default()),
        (first, second) => Cow::Owned(first.into_iter().chain(second).chain(labels).collect::<Vec<_>>().join(",")),
    };
    field(&id("/id"))?;
    field(&text("/status"))?;
    field(&text("/priority"))?;
    field(&id("/inbox_id"))?;
    field(&inbox(conversation, account).unwrap_or_default())?;
    field(&if agent { id("/meta/assignee/id") } else { Cow::default() })?;
    field(&text("/meta/assignee/name"))?;
    field(&id("/meta/team/id"))?;
    field(&text("/meta/team/name"))?;
    field(&labels)?;
    field(&text("/meta/sender/name"))?;
    field(&time("/created_at"))?;
    field(&time("/last_activity_at"))?;
    out.write_record(None::<&[u8]>)
}

/// `1 page`, `2 pages`
pub(super) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn labels(conversation: &Value) -> impl Iterator<Item = &str> {
    conversation.get("labels").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// A JSON object as one line: line ends between its members are white space, and those inside of texts are escaped.
pub(super) fn one_line(json: &[u8]) -> Cow<'_, [u8]> {
    if memchr2(b'\n', b'\r', json).is_none() {
        return Cow::Borrowed(json);
    }
    Cow::Owned(json.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }).collect())
}

/// A text without characters that would move the cursor or colour the screen.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(shown).collect()
}

/// The same of a character.
fn shown(c: char) -> char {
    if acts(c) { ' ' } else { c }
}

/// How long ago something was, as people say it; `seconds` is negative in the future.
pub(super) fn ago(seconds: i64) -> String {
    const UNITS: [(i64, &str); 6] = [
        (365 * 86_400, "year"),
        (30 * 86_400, "month"),
        (7 * 86_400, "week"),
        (86_400, "day"),
        (3600, "hour"),
        (60, "minute"),
    ];
    let distance = seconds.saturating_abs();
    let Some((length, unit)) = UNITS.into_iter().find(|(length, _)| distance >= *length) else {
        return "just now".to_owned();
    };
    let count = distance / length;
    let plural = if count == 1 { "" } else { "s" };
    if seconds < 0 { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        let cases = [
            (5, "just now"),
            (60, "1 minute ago"),
            (7199, "1 hour ago"),
            (86_400 * 6, "6 days ago"),
            (86_400 * 400, "1 year ago"),
            (-7200, "in 2 hours"),
        ];
        for (seconds, text) in cases {
            assert_eq!(ago(seconds), text);
        }
        assert_eq!(ago(i64::MIN), "in 292471208677 years");
    }

    #[test]
    fn what_is_shown_is_what_the_whole_conversation_says() {
        let account = Account::from_json(br#"{"inboxes":[{"id":5,"name":"Shop"}]}"#).unwrap();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        for json in [
            r#"{"id":1}"#,
            r#"{"id":2,"status":"open","priority":null,"inbox_id":5,"labels":["a","b\n"],"x":[{"status":"no"}]}"#,
            r#"{"meta":{"assignee":{"name":"Ann","id":3},"team":null,"sender":{"name":"B \u00e9"}},"id":3}"#,
            r#"{"st\u0061tus":"open","id":"4","inbox_id":"5","labels":[1,"c"],"created_at":1700000000}"#,
            r#"{"id":5,"meta":{"assignee":{"name":"Ann"}},"meta":{"assignee":7,"team":{"id":1.0,"name":[1]}}}"#,
            r#"{"id":6,"meta":[],"labels":null,"status":5,"last_activity_at":1799990000,"created_at":1e300}"#,
            r#"{"id":7,"status":"a","status":"b","priority":{"x":1},"labels":{"0":"d"}}"#,
        ] {
            let conversation = Conversation::from_json(json).unwrap();
            let (mut table, mut csv) = (Members::at(TABLE_SHOWS), Members::at(CSV_SHOWS));
            // What one conversation says is gone when the next is read.
            let full = r#"{"status":"s","priority":"p","inbox_id":9,"labels":["l"],"meta":{"team":{"id":1,"name":"t"},"assignee":{"id":2,"name":"a"}}}"#;
            assert!(table.read(full).is_some() && csv.read(full).is_some());
            let head = (conversation.id(), conversation.last_activity_at());
            assert_eq!(Conversation::head(json), Ok(head), "{json}");
            let row = |shown: &Value| table_row(head.0, head.1, shown, Some(&account), now);
            assert_eq!(row(table.read(json).unwrap()), row(conversation.value()), "{json}");
            let row = |shown: &Value| csv_of(shown, Some(&account), false);
            assert_eq!(row(csv.read(json).unwrap()), row(conversation.value()), "{json}");
        }
        assert!(Members::at(CSV_SHOWS).read("[").is_none());
    }

    /// Times are written in several ways, and read alike.
    #[test]
    fn csv_has_times_however_they_are_written() {
        for (written, shown) in [
            ("1781481600", "2026-06-15T00:00:00Z"),
            ("1781481600.75", "2026-06-15T00:00:00Z"),
            (r#""1781481600""#, "2026-06-15T00:00:00Z"),
            (r#""2026-06-15T02:00:00.5+02:00""#, "2026-06-15T00:00:00Z"),
            ("99999999999999", ""),
            ("null", ""),
            (r#""soon""#, ""),
        ] {
            let conversation: Value = serde_json::from_str(&format!(r#"{{"created_at":{written}}}"#)).unwrap();
            assert_eq!(csv_of(&conversation, None, false), format!(",,,,,,,,,,,{shown},\n"), "{written}");
        }
    }

    #[test]
    fn control_characters_do_not_reach_the_screen() {
        assert_eq!(printable("a\u{1b}[31mb\n"), "a [31mb ");
    }

    fn csv_of(shown: &Value, account: Option<&Account>, on_screen: bool) -> String {
        let mut out = csv::Writer::from_writer(Vec::new());
        csv_row(&mut out, on_screen, shown, account).unwrap();
        String::from_utf8(out.into_inner().unwrap()).unwrap()
    }

    #[test]
    fn csv_is_faithful_but_on_a_screen() {
        let conversation: Value = serde_json::from_str(r#"{"id":1,"labels":["a\u001b[2J"]}"#).unwrap();
        for on_screen in [false, true] {
            let text = csv_of(&conversation, None, on_screen);
            assert_eq!(text.contains('\u{1b}'), !on_screen, "{text:?}");
            assert!(text.contains("[2J"), "{text:?}");
        }
    }

    #[test]
    fn a_cell_is_cut_before_it_is_kept() {
        assert_eq!(cell(["a\n", "b"]), "a , b");
        assert_eq!(cell([""; 0]), "");
        let (fits, long) = ("\u{e9}".repeat(CELL), "\u{e9}".repeat(CELL + 1));
        assert_eq!(cell([&*fits]), fits);
        let cut = format!("{}…", "\u{e9}".repeat(CELL - 1));
        assert_eq!(cell([&*long]), cut);
        assert_eq!(cell([&*fits, ""]), cut);
        // Also where the characters have no width.
        assert!(cell(["\u{301}".repeat(3_000_000).as_str()]).capacity() < 4 * CELL + 32);
        assert!(cell(vec![""; 100_000]).capacity() < 4 * CELL + 32);
    }

    #[test]
    fn an_object_is_one_line_of_ndjson() {
        assert_eq!(*one_line(b"{\n  \"a\": \"b\\n\"\r\n}"), *b"{   \"a\": \"b\\n\"  }");
        assert!(matches!(one_line(b"{}"), Cow::Borrowed(_)));
    }
}
