//! What a few members at a line's ends tell of it, where the API writes them: `meta` first, what the account looks at
//! last. Most lines that a filter does not mean are known by these, and need no look at what is between.
//!
//! A filter with some of its conditions taken for fulfilled holds wherever it held, so that a line may be left out where
//! the rest of it does not hold.

use jiff::Timestamp;
use memchr::memmem;
use serde_json::Value;

use super::back;
use super::fields::{Field, paths};
use super::needles::spells;
use super::walk;
use crate::check::Filter;
use crate::eval::{Row, matches};
use crate::schema::Attribute;

/// What is first in a conversation of the API.
const FIRST: &str = "meta";

/// What is asked of the members at the ends.
#[derive(Debug)]
pub(super) struct Ends {
    last: Option<Part>,
    first: Option<Part>,
    list: Name,
    another_first: Name,
}

/// A part of a filter.
#[derive(Debug)]
struct Part {
    /// All of them must hold.
    tests: Vec<Test>,
    wanted: Field,
}

/// A part of that, known as soon as its members are.
#[derive(Debug)]
struct Test {
    filter: Filter,
    /// The bits of the wanted members that it looks at.
    members: u64,
}

/// The members that the parts look at, of one line.
#[derive(Debug)]
pub(super) struct Rows {
    last: Value,
    first: Value,
}

impl Ends {
    /// The parts of a filter in negation normal form.
    pub(super) fn of(filter: &Filter) -> Self {
        let at = |attribute: &Attribute, allowed: &dyn Fn(&str) -> bool| {
            let mut all = true;
            paths(attribute, &mut |path| all &= path.first().is_some_and(|key| allowed(key)));
            all
        };
        Self {
            last: Part::of(filter, &|attribute| at(attribute, &|key| key != FIRST && key != "id")),
            first: Part::of(filter, &|attribute| at(attribute, &|key| key == FIRST)),
            list: Name::new("payload"),
            another_first: Name::new(FIRST),
        }
    }

    /// Whether there is anything to ask.
    pub(super) fn tell(&self) -> bool {
        self.last.is_some() || self.first.is_some()
    }

    pub(super) fn rows(&self) -> Rows {
        let row = |part: &Option<Part>| part.as_ref().map_or(Value::Null, |part| part.wanted.template());
        Rows { last: row(&self.last), first: row(&self.first) }
    }

    /// Whether the filter cannot hold for the conversation in a line, and the line, if it is JSON, has no list of others.
    pub(super) fn rule_out(&self, line: &[u8], rows: &mut Rows, now: Timestamp) -> bool {
        let fails = self.last_fails(line, &mut rows.last, now) || self.first_fails(line, &mut rows.first, now);
        fails && !self.list.may_be_in(line)
    }

    fn last_fails(&self, line: &[u8], row: &mut Value, now: Timestamp) -> bool {
        let Some(part) = &self.last else { return false };
        part.wanted.clear(row);
        let decides = |row: &Value, known, missing| part.fails_by(row, known, missing, now);
        back::members(line, &part.wanted, row, decides) == Some(true)
    }

    fn first_fails(&self, line: &[u8], row: &mut Value, now: Timestamp) -> bool {
        let Some(part) = &self.first else { return false };
        part.wanted.clear(row);
        let Some((_, field)) = part.wanted.place(FIRST.as_bytes()) else { return false };
        let Ok(behind) = walk::first_member(line, field, row) else { return false };
        // Of members with one name the last counts.
        part.fails(row, now) && !self.another_first.may_be_in(behind)
    }
}

impl Part {
    /// The conditions on some attributes, the others taken for fulfilled; `None` if nothing is left to ask.
    fn of(filter: &Filter, kept: &dyn Fn(&Attribute) -> bool) -> Option<Self> {
        let filter = asks(filter, kept)?;
        let wanted = Field::asked(&filter);
        // It is a number of bits.
        wanted.all_members().filter(|&members| members != 0)?;
        let filters = match filter {
            Filter::All(filters) => filters,
            filter => vec![filter],
        };
        let tests = filters.into_iter().map(|filter| Test { members: wanted.asked_members(&filter), filter }).collect();
        Some(Self { tests, wanted })
    }

    fn fails(&self, row: &Value, now: Timestamp) -> bool {
        self.fails_by(row, u64::MAX, 0, now)
    }

    /// Whether one of the tests fails that are known by these members, while those are missing.
    fn fails_by(&self, row: &Value, known: u64, missing: u64, now: Timestamp) -> bool {
        let row = Row::new(row, now);
        let ready = |test: &&Test| test.members & known != 0 && test.members & missing == 0;
        self.tests.iter().filter(ready).any(|test| !matches(&test.filter, &row))
    }
}

fn asks(filter: &Filter, kept: &dyn Fn(&Attribute) -> bool) -> Option<Filter> {
    match filter {
        Filter::All(parts) => {
            let parts: Vec<_> = parts.iter().filter_map(|part| asks(part, kept)).collect();
            (!parts.is_empty()).then_some(Filter::All(parts))
        }
        Filter::Any(parts) => {
            let parts: Option<Vec<_>> = parts.iter().map(|part| asks(part, kept)).collect();
            parts.map(Filter::Any)
        }
        Filter::Condition(condition) if kept(&condition.attribute) => Some(filter.clone()),
        // There is no NOT in negation normal form.
        Filter::Condition(_) | Filter::Not(_) => None,
    }
}

/// A member's name that is looked for anywhere in a text.
#[derive(Debug)]
struct Name {
    quoted: memmem::Finder<'static>,
    name: &'static str,
    escape: memmem::Finder<'static>,
}

impl Name {
    fn new(name: &'static str) -> Self {
        let quoted = memmem::Finder::new(&format!("\"{name}\"")).into_owned();
        Self { quoted, name, escape: memmem::Finder::new(b"\\u") }
    }

    /// Whether JSON may have a member of this name, however it is written.
    fn may_be_in(&self, text: &[u8]) -> bool {
        let of_name = |unit: u16| u8::try_from(unit).is_ok_and(|unit| self.name.as_bytes().contains(&unit));
        self.quoted.find(text).is_some() || spells(&self.escape, text, of_name)
    }
}
