//! Conversations found in text: a filter asked of JSON, line by line, that decodes no more than the filter looks at.
//!
//! What decides is [`eval::matches`](crate::eval::matches), on a conversation that has only the members the filter
//! reads. Before that comes what most lines need: a search for texts without which the filter cannot hold, and a look at
//! the members of the line's ends without which it cannot. Members that the filter does not look at are passed by their
//! brackets; what is found is checked in full.

mod answer;
mod back;
mod bytes;
mod documents;
mod ends;
mod fields;
mod needles;
mod skip;
mod walk;

use std::fmt;

use jiff::Timestamp;
use serde_json::Value;

use crate::check::Filter;
use crate::eval::{Row, matches, whole};
use bytes::is_utf8;
use ends::{Ends, Rows};
use fields::Field;
use needles::Needles;
use walk::{Check, Malformed};

pub(crate) use answer::{Answer, Row as AnswerRow};
#[cfg(feature = "cli")]
pub(crate) use documents::too_long;
pub use documents::{Splitter, Taken};

/// A filter made ready for many lines.
///
/// What a conversation does not carry is decided as [`eval::matches`](crate::eval::matches) does; which conditions these are,
/// [`eval::not_carried`](crate::eval::not_carried) tells.
///
/// ```
/// use cwql::scan::{Found, LineFilter};
/// use cwql::{Schema, check, parse};
///
/// let schema = Schema::default();
/// let checked = check(&parse("status = open AND unread_count > 0"), &schema)?;
/// let ready = LineFilter::new(&checked.filter, schema.now());
/// let mut reader = ready.reader();
/// let found = reader.read(br#"{"id": 7, "status": "open", "unread_count": 2}"#).unwrap();
/// assert_eq!(found, Found::Match { id: Some(7) });
/// assert_eq!(reader.read(br#"{"id": 8, "status": "resolved"}"#).unwrap(), Found::Nothing);
/// assert!(reader.read(b"{\"id\": 9, \"status\": \"op").is_err());
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
#[derive(Debug)]
pub struct LineFilter {
    /// In negation normal form: the opposite of a condition is made once.
    filter: Filter,
    now: Timestamp,
    wanted: Field,
    needles: Needles,
    ends: Ends,
    validate: bool,
}

/// What is in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// No conversation that the filter means.
    Nothing,
    /// One that it means.
    Match {
        /// Its id, if it has one.
        id: Option<i64>,
    },
    /// Several conversations, in an array or an answer of the API: [`Splitter`] takes them apart.
    List,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadLine {
    /// What was expected or found.
    pub message: String,
    /// How many line ends stand before the place.
    pub lines: u64,
    /// The byte in the line, from 1; 0 if it is not known.
    pub column: usize,
}

impl BadLine {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), lines: 0, column: 0 }
    }
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if self.column > 0 { write!(f, " at column {}", self.column) } else { Ok(()) }
    }
}

impl std::error::Error for BadLine {}

impl LineFilter {
    /// Makes a filter ready. `now` is the time of the question, [`Schema::now`](crate::Schema::now): on its day a stored
    /// date is read that names none itself, such as `today`. The query's own relative dates are not counted from it, for
    /// they were fixed when the query was checked.
    #[must_use]
    pub fn new(filter: &Filter, now: Timestamp) -> Self {
        let filter = filter.negation_normal();
        let (wanted, needles, ends) = (Field::of(&filter), Needles::of(&filter), Ends::of(&filter));
        Self { filter, now, wanted, needles, ends, validate: false }
    }

    /// The same, for a reader that checks every line in full, not only what is found and what decides, and refuses a
    /// conversation without an id, by which it could not be told from others.
    #[must_use]
    pub fn validating(self) -> Self {
        Self { validate: true, ..self }
    }

    /// What is asked, in negation normal form.
    #[cfg(feature = "client")]
    pub(crate) fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Reads lines; each thread has one of its own.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            ready: self,
            row: self.wanted.template(),
            ends: self.ends.rows(),
            finding: false,
            words: Trials::default(),
            looks: Trials::default(),
        }
    }
}

/// Asks a filter of lines, one after the other.
#[derive(Debug)]
pub struct Reader<'s> {
    ready: &'s LineFilter,
    /// The members of the line that the filter looks at; the others are null, and null is missing.
    row: Value,
    /// The same of the members at the ends.
    ends: Rows,
    /// The line before was found: then it is likely that this one is, too.
    finding: bool,
    words: Trials,
    looks: Trials,
}

/// Whether looking for words, or at the ends, is worth it: some filters' words are in most lines.
#[derive(Debug, Default)]
struct Trials {
    looked: u32,
    ruled_out: u32,
}

impl Trials {
    /// Every so many lines it is tried again.
    const ROUND: u32 = 4096;
    /// For so many of them.
    const TRIAL: u32 = 128;

    fn is_worth_it(&mut self) -> bool {
        self.looked += 1;
        if self.looked > Self::ROUND {
            *self = Self { looked: 1, ruled_out: 0 };
        }
        // A search costs up to a third of what a line costs otherwise.
        self.looked <= Self::TRIAL || self.ruled_out >= Self::TRIAL / 4
    }
}

impl Reader<'_> {
    /// Whether the filter means the conversation in a line. A blank line holds nothing.
    ///
    /// # Errors
    /// The line is not JSON, or neither an object nor an array. Every line that `serde_json` decodes is taken, and what
    /// is found is JSON by its grammar; a number beyond a double's range may be there too, and half a surrogate pair or
    /// such a number with an exponent where the filter does not look. A line in which nothing is found is checked as far as
    /// that took: of one that the filter's words rule out its ends alone; of one that the members at its ends rule out those; of others the brackets, strings
    /// and members, but not what is between the brackets of members that the filter does not look at
    /// ([`LineFilter::validating`]).
    pub fn read(&mut self, line: &[u8]) -> Result<Found, BadLine> {
        let line = line.trim_ascii();
        let ready = self.ready;
        if ready.validate || !has_ends(line) {
            return self.decode(line, ready.validate);
        }
        let searched = self.words.is_worth_it();
        if searched && ready.needles.rule_out(line) {
            self.words.ruled_out += 1;
            return Ok(Found::Nothing);
        }
        let looked = ready.ends.tell() && self.looks.is_worth_it();
        if looked && ready.ends.rule_out(line, &mut self.ends, ready.now) {
            self.looks.ruled_out += 1;
            return Ok(Found::Nothing);
        }
        // Of those whose ends do not rule them out most are found.
        match self.decode(line, looked || self.finding) {
            // What is said of a line must not depend on the lines before.
            Err(_) | Ok(Found::List)
                if !searched && ready.needles.rule_out(line)
                    || !looked && ready.ends.rule_out(line, &mut self.ends, ready.now) =>
            {
                Ok(Found::Nothing)
            }
            read => read,
        }
    }

    /// Reads a line, at once in full if it is `likely` that this must be done.
    fn decode(&mut self, line: &[u8], likely: bool) -> Result<Found, BadLine> {
        if !is_utf8(line) {
            return Err(bad(line));
        }
        let found = match likely {
            true => self.walk(line, Check::Everything),
            false => self.walk(line, Check::Brackets),
        };
        let found = match found {
            // Nor must this.
            Err(Malformed) if likely && !self.ready.validate => self.walk(line, Check::Brackets),
            found => found,
        };
        let found = found.or_else(|Malformed| otherwise(self.ready, line))?;
        self.finding = matches!(found, Found::Match { .. });
        Ok(found)
    }

    /// What is in a line that is an object. What is found is checked in full.
    fn walk(&mut self, line: &[u8], check: Check) -> Result<Found, Malformed> {
        self.ready.wanted.clear(&mut self.row);
        if walk::object(line, &self.ready.wanted, &mut self.row, check)? {
            return Ok(Found::List);
        }
        let found = decide(self.ready, &self.row);
        if check == Check::Brackets && matches!(found, Found::Match { .. }) && !walk::is_object(line) {
            return Err(Malformed);
        }
        // Whoever has each line checked asks of each what is asked of those that are found.
        if self.ready.validate && id(&self.row).is_none() {
            return Err(Malformed);
        }
        Ok(found)
    }
}

/// Decodes a few members of conversations and nothing else.
#[cfg(feature = "cli")]
pub(crate) struct Members {
    wanted: Field,
    row: Value,
}

#[cfg(feature = "cli")]
impl Members {
    /// Those at these places: each a member's name, or names that lead from object to object.
    pub(crate) fn at(places: &[&[&str]]) -> Self {
        let wanted = Field::at(places);
        Self { row: wanted.template(), wanted }
    }

    /// A conversation with these members alone; what it has not is null. `None` if it is nothing that is read here.
    pub(crate) fn read(&mut self, json: &str) -> Option<&Value> {
        self.wanted.clear(&mut self.row);
        walk::object(json.as_bytes(), &self.wanted, &mut self.row, Check::Everything).ok()?;
        Some(&self.row)
    }
}

/// What is said of a conversation that nobody can name.
pub(crate) const NO_ID: &str = "a conversation without an id";

fn decide(ready: &LineFilter, row: &Value) -> Found {
    if !matches(&ready.filter, &Row::new(row, ready.now)) {
        return Found::Nothing;
    }
    Found::Match { id: id(row) }
}

fn id(row: &Value) -> Option<i64> {
    row.get("id").and_then(whole)
}

/// What is in a line that is no object: the reference parser has the last word, and the words for what is wrong.
#[cold]
fn otherwise(ready: &LineFilter, line: &[u8]) -> Result<Found, BadLine> {
    match line.first() {
        None => return Ok(Found::Nothing),
        Some(b'[') => return Ok(Found::List),
        _ => {}
    }
    let value: Value = serde_json::from_slice(line).map_err(|_| bad(line))?;
    match &value {
        Value::Object(_) if lists(&value) => Ok(Found::List),
        Value::Object(_) if ready.validate && id(&value).is_none() => Err(BadLine::new(NO_ID)),
        Value::Object(_) => Ok(decide(ready, &value)),
        _ => Err(BadLine::new("a conversation, a JSON object, is expected")),
    }
}

fn lists(value: &Value) -> bool {
    ["/payload", "/data/payload"].iter().any(|place| value.pointer(place).is_some_and(Value::is_array))
}

/// What the reference parser says of a line.
#[cold]
fn bad(line: &[u8]) -> BadLine {
    if let Err(error) = std::str::from_utf8(line) {
        let column = error.valid_up_to() + 1;
        return BadLine { message: "the text is not UTF-8".to_owned(), lines: 0, column };
    }
    match serde_json::from_slice::<Value>(line) {
        Ok(_) => BadLine::new("the text is not JSON"),
        Err(error) => {
            let text = error.to_string();
            let message = text.split(" at line ").next().unwrap_or_default().to_owned();
            let lines = (error.line() as u64).saturating_sub(1);
            BadLine { message: format!("not JSON: {message}"), lines, column: error.column() }
        }
    }
}

/// Whether a line begins and ends as an object does: `{"` or `{}`, and a value before the last brace.
fn has_ends(line: &[u8]) -> bool {
    let [b'{', inner @ .., b'}'] = line else { return line.is_empty() };
    let inner = inner.trim_ascii();
    let end = matches!(inner.last(), Some(b'"' | b'0'..=b'9' | b'e' | b'l' | b'}' | b']'));
    inner.is_empty() || inner.first() == Some(&b'"') && end
}
