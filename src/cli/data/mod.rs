//! `cwql --data FILE` and `cwql count --data FILE`: a query asked of conversations in a file, without a server.

mod block;
mod gzip;
mod input;
mod pieces;
mod work;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use super::args::{DataArgs, GlobalArgs, Output, QueryArgs, RunArgs, is_dash};
use super::context::{Context, query_text, schema};
use super::counts::CountArgs;
use super::output::{Writer, one_line};
use super::reading::{How, told, verdict};
use super::{Exit, Failure};
use crate::check::Filter;
use crate::client::beginning;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::eval::{NotCarried, not_carried};
use crate::scan::{BadLine, LineFilter, NO_ID, Splitter, Taken};
use crate::schema::Schema;
use crate::{check, parse, plan};
use serde_json::Value;

use block::{Block, Problem};
use input::{Input, LONGEST};
use work::{Done, Event, SHORT, Wanted, Work};

/// `cwql run --data`
pub(super) fn run(path: &Path, args: &RunArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    let question = Question::ask(path, &args.query, global, context)?;
    let Question { schema, .. } = &question;
    let output = args.result.output.unwrap_or(Output::Table);
    let mut writer = Writer::new(output, schema.account.as_ref(), schema.now(), context);
    let mut answer = Answer::new(path, &args.data, args.result.limit);
    let ids_alone = output == Output::Ids;
    let how = answer.take_all(path, &question, ids_alone, &mut writer)?;
    let told = how.end(&mut writer, context)?;
    answer.tell_left_out(context);
    told.map_or_else(|| verdict(writer.count(), true, false), Ok)
}

/// `cwql count --data`
pub(super) fn count(path: &Path, args: &CountArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    let question = Question::ask(path, &args.query, global, context)?;
    let mut answer = Answer::new(path, &args.data, None);
    let mut number = Number(0);
    match answer.take_all(path, &question, true, &mut number)? {
        How::Failed(failure) => return Err(failure),
        How::Told(signal) => {
            told(signal, " before all were counted", context);
            return Ok(signal.exit());
        }
        How::All | How::Limit { .. } => {}
    }
    let Number(count) = number;
    writeln!(io::stdout(), "{count}")?;
    answer.tell_left_out(context);
    verdict(count, true, false)
}

/// What is asked of a file.
struct Question {
    filter: Filter,
    schema: Schema,
}

impl Question {
    fn ask(path: &Path, query: &QueryArgs, global: &GlobalArgs, context: &Context) -> Result<Self, Failure> {
        if is_dash(path) && query.is_standard_input() {
            let usage = "the query and the conversations cannot both be read from standard input\n  give the query as an argument or with --file";
            return Err(Failure::Usage(usage.to_owned()));
        }
        let source = query_text(query, context)?;
        // Nothing is sent, nor saved: days are those of now, which no version refuses.
        let schema = Schema { rolling: false, ..schema(global)? };
        let mut checked = check(&parse(&source), &schema)?;
        let asks_for_removed_agents = answerable(&checked.filter, &source, &schema)?;
        if let Some(holds) = plan::verdict(&checked.filter) {
            plan::warn(&checked.filter, holds, &source, &mut checked.warnings);
        }
        context.warn(&checked.warnings);
        if asks_for_removed_agents {
            context.note("conversations whose agent was removed are stored as if nobody were assigned");
        }
        Ok(Self { filter: checked.filter, schema })
    }
}

/// Where the conversations go that are found.
trait Sink {
    /// Takes one; what is wrong with it, if it cannot be taken.
    fn take(&mut self, json: &[u8], id: Option<i64>) -> Result<Result<(), String>, Failure>;

    /// How many were taken.
    fn count(&self) -> u64;

    /// Shows what was taken so far.
    fn flush(&mut self) -> Result<(), Failure>;
}

impl Sink for Writer<'_> {
    fn take(&mut self, json: &[u8], id: Option<i64>) -> Result<Result<(), String>, Failure> {
        self.write_raw(json, id)
    }

    fn count(&self) -> u64 {
        self.count()
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.flush()
    }
}

/// How many there are: a number that is printed when it is known.
struct Number(u64);

impl Sink for Number {
    fn take(&mut self, _json: &[u8], id: Option<i64>) -> Result<Result<(), String>, Failure> {
        self.0 += u64::from(id.is_some());
        Ok(id.map(drop).ok_or_else(|| NO_ID.to_owned()))
    }

    fn count(&self) -> u64 {
        self.0
    }

    fn flush(&mut self) -> Result<(), Failure> {
        Ok(())
    }
}

/// All the conversations of a file in one text, each on a line: on its own one, where the file has one a line. A line
/// that cannot be taken apart is left to whoever reads it.
pub(super) fn lines(path: &Path) -> Result<String, Failure> {
    let name = name_of(path);
    let mut input = Input::open(path)?;
    let mut all = vec![b'\n'; usize::try_from(input.blank_lines).unwrap_or(0)];
    let mut block = Block::default();
    while input.fill(&mut block) {
        let bytes = block.bytes();
        match &block.rows {
            Some(rows) => {
                for (row, line) in rows {
                    let row = row.clone().map_err(|bad| Failure::Usage(format!("{name}:{}: {bad}", line + 1)))?;
                    push_line(&mut all, bytes.get(row).unwrap_or_default());
                }
            }
            None => bytes.split_inclusive(|byte| *byte == b'\n').for_each(|line| push_apart(&mut all, line)),
        }
        match &block.problem {
            None => {}
            Some(Problem::Io(error)) => return Err(Failure::Io(format!("{name} cannot be read on: {error}"))),
            Some(Problem::Bad(bad)) => return Err(Failure::Usage(format!("{name}: {bad}"))),
        }
    }
    String::from_utf8(all).map_err(|_| Failure::Usage(format!("{name} is not UTF-8")))
}

/// Adds what is in a line.
fn push_apart(all: &mut Vec<u8>, line: &[u8]) {
    let before = all.len();
    let mut splitter = Splitter::new(LONGEST);
    let mut keep = |_, row: Taken<'_>| push_line(all, row.unwrap_or_default());
    let read = splitter.feed(line, &mut keep).and_then(|()| splitter.end());
    if read.is_err() || all.len() == before {
        all.truncate(before);
        push_line(all, line.trim_ascii());
    }
}

/// Adds a conversation as a line.
fn push_line(all: &mut Vec<u8>, row: &[u8]) {
    all.extend_from_slice(&one_line(row));
    all.push(b'\n');
}

/// What an input is called in messages.
pub(super) fn name_of(path: &Path) -> String {
    if is_dash(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// What a conversation has, of which one at least is in each that is written by hand.
const OF_CONVERSATIONS: &[&str] = &[
    "id",
    "status",
    "meta",
    "messages",
    "labels",
    "priority",
    "inbox_id",
    "created_at",
    "custom_attributes",
    "additional_attributes",
];

/// The start of what a server answers to a request that it refuses, or to another one, if the whole text is that, or of
/// another object: to say that no conversation was found in it would hide the failure.
fn other_answer(text: &[u8]) -> Option<String> {
    let members: serde_json::Map<String, Value> = serde_json::from_slice(text.trim_ascii()).ok()?;
    let lists = match members.get("data") {
        Some(Value::Object(inner)) => inner.get("payload"),
        _ => members.get("payload"),
    };
    let has = |name: &&str| members.contains_key(*name);
    let other = ["error", "errors", "payload", "data"].iter().any(has) || !OF_CONVERSATIONS.iter().any(has);
    (other && !has(&"id") && !lists.is_some_and(Value::is_array)).then(|| beginning(text))
}

/// How the conversations of a file are gone through.
struct Answer<'a> {
    /// What the file is called in messages.
    name: String,
    args: &'a DataArgs,
    limit: Option<u64>,
    /// How many malformed lines were left out, and what the first was.
    skipped: u64,
    first: Option<String>,
    /// The input so far, as long as it is short and nothing was found in it.
    start: Option<Vec<u8>>,
}

impl<'a> Answer<'a> {
    fn new(path: &Path, args: &'a DataArgs, limit: Option<u64>) -> Self {
        Self { name: name_of(path), args, limit, skipped: 0, first: None, start: Some(Vec::new()) }
    }

    /// Reads the file and gives on what is found in it; `ids_alone`: without its text.
    fn take_all(
        &mut self,
        path: &Path,
        question: &Question,
        ids_alone: bool,
        sink: &mut impl Sink,
    ) -> Result<How, Failure> {
        let mut filter = LineFilter::new(&question.filter, question.schema.now());
        if self.args.validate {
            filter = filter.validating();
        }
        let input = Input::open(path)?;
        let lines = input.blank_lines;
        let mut work = work::start(input, filter, Wanted { ids_alone, skip_bad: self.args.skip_bad })?;
        // With the work ends its ear for signals: whoever presses Ctrl-C while the rest is printed wants no more of it.
        self.take(&mut work, lines, sink)
    }

    /// Says what was left out.
    fn tell_left_out(&self, context: &Context) {
        if let Some(first) = &self.first {
            let lines = if self.skipped == 1 { "line" } else { "lines" };
            context.note(&format!("{} malformed {lines} left out, the first: {first}", self.skipped));
        }
    }

    /// Gives on what is found, in the order of the input, up to the limit or a signal; `lines` stand before it.
    fn take(&mut self, work: &mut Work, mut lines: u64, sink: &mut impl Sink) -> Result<How, Failure> {
        let mut early: BTreeMap<u64, Done> = BTreeMap::new();
        let mut next = 0;
        loop {
            if work.is_waiting() {
                sink.flush()?;
            }
            let ready = match work.next() {
                Ok(Some(ready)) => ready,
                Ok(None) => return Err(Failure::Io("the evaluation ended before the input did".to_owned())),
                Err(signal) => return Ok(How::Told(signal)),
            };
            early.extend(ready.into_iter().map(|done| (done.block.number, done)));
            while let Some(mut done) = early.remove(&next) {
                next += 1;
                loop {
                    if let Some(how) = self.take_block(&done, lines, sink)? {
                        return Ok(how);
                    }
                    if done.block.last {
                        return Ok(How::All);
                    }
                    lines += done.lines;
                    let behind = work.behind(&done.block);
                    work.take_back(done);
                    match behind {
                        Some(line) => done = line,
                        None => break,
                    }
                }
            }
        }
    }

    /// Gives on what is found in a block with so many lines before it; how the reading ends, if it ends there.
    fn take_block(&mut self, done: &Done, before: u64, sink: &mut impl Sink) -> Result<Option<How>, Failure> {
        for (i, event) in done.events.iter().enumerate() {
            let bad = match event {
                Event::Match { text, id, line } => match sink.take(done.text(text), *id)? {
                    Ok(()) => None,
                    Err(message) => Some(BadLine { lines: *line, ..BadLine::new(message) }),
                },
                Event::Bad(bad) => Some(bad.clone()),
                Event::MoreBad(count) => {
                    self.skipped += count;
                    None
                }
            };
            if let Some(bad) = bad {
                let place = format!("{}:{}: {bad}", self.name, before + bad.lines + 1);
                if !self.args.skip_bad {
                    let failure = Failure::Io(format!("{place}\n  --skip-bad leaves such lines out"));
                    return Ok(Some(How::Failed(failure)));
                }
                self.skipped += 1;
                self.first.get_or_insert(place);
            } else if self.limit.is_some_and(|limit| sink.count() >= limit) {
                let rest = done.events.get(i + 1..).unwrap_or_default();
                // What stands in the blocks behind this one was not looked at.
                let more = if holds_match(rest) { Some(true) } else { done.block.last.then_some(false) };
                return Ok(Some(How::Limit { more }));
            }
        }
        // A longer text is not taken for a refusal.
        self.start.take_if(|start| !done.events.is_empty() || start.len() + done.block.length() > SHORT);
        if let Some(start) = &mut self.start {
            start.extend_from_slice(done.block.bytes());
        }
        if done.block.last
            && let Some(answer) = self.start.take().and_then(|text| other_answer(&text))
        {
            let reason = format!(
                "{} is an answer without conversations: {answer}\n  conversations are one a line, an array, or an answer's `payload`",
                self.name
            );
            return Ok(Some(How::Failed(Failure::Io(reason))));
        }
        Ok(done.block.problem.as_ref().map(|problem| {
            How::Failed(Failure::Io(match problem {
                Problem::Io(error) => format!("{} cannot be read on: {error}", self.name),
                Problem::Bad(bad) => format!("{}:{}: {bad}", self.name, before + bad.lines + 1),
            }))
        }))
    }
}

fn holds_match(events: &[Event]) -> bool {
    events.iter().any(|event| matches!(event, Event::Match { .. }))
}

/// Refuses conditions on what no conversation carries; whether the answer may differ from the server's for conversations of a
/// removed agent.
fn answerable(filter: &Filter, text: &str, schema: &Schema) -> Result<bool, Diagnostics> {
    let mut problems = Vec::new();
    let mut asks_for_removed_agents = false;
    for (condition, what) in not_carried(filter, schema) {
        let (label, message) = match what {
            NotCarried::Campaign => (
                "not in the conversations",
                "campaigns cannot be looked for in a file: the API's conversations do not carry them",
            ),
            NotCarried::LabelWithComma => (
                "a comma in a label",
                "a label with a comma cannot be looked for in a file: the API's answers take it for two labels",
            ),
            // The answer is right but for conversations of agents who were removed, and that is told.
            NotCarried::RemovedAgents => {
                asks_for_removed_agents = true;
                continue;
            }
        };
        let problem = Diagnostic::new(Code::Impossible, condition.span, label, message);
        problems.push(problem.help("ask the server, without --data"));
    }
    if problems.is_empty() { Ok(asks_for_removed_agents) } else { Err(Diagnostics::new(text, problems)) }
}
