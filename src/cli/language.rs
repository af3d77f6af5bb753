//! `cwql help language`: the reference of the query language, made from the tables that define it.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};

use super::context::Context;
use super::{Exit, Failure};
use crate::check::{TIME_UNITS, spellings};
use crate::schema::{Case, CustomKind, IdType, LOCAL, OperatorGroup, STANDARD, ValueType};
use crate::source::wrapped;
use crate::syntax::{
    CONTEXTUAL, KEYWORDS, Keyword, MAX_BYTES, MAX_CONDITIONS, MAX_DEPTH, Operator, SYMBOLS, Symbol, quote,
};

/// The page's width in columns.
const WIDTH: usize = 80;

/// The column in which examples begin.
const EXAMPLE: usize = 32;

/// Most of the page is written here, the rest is put together.
type Text = Cow<'static, str>;

/// About how long the page is, in bytes.
const SIZE: usize = 20 << 10;

/// One thing of the language.
struct Entry {
    /// How it is written.
    term: Text,
    /// A query that uses it.
    example: Text,
    /// What it is.
    about: Text,
}

struct Section {
    title: &'static str,
    intro: Text,
    entries: Vec<Entry>,
}

/// Prints the page.
pub(super) fn page(context: &Context) -> Result<Exit, Failure> {
    let stdout = io::stdout();
    let bold = context.colors(stdout.is_terminal());
    stdout.lock().write_all(written(bold).as_bytes())?;
    Ok(Exit::Found)
}

/// The whole page, with its titles and terms in bold or not.
fn written(bold: bool) -> String {
    let (on, off) = if bold { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let mut out = String::with_capacity(SIZE);
    for section in sections() {
        if !out.is_empty() {
            out.push('\n');
        }
        out.extend([on, section.title, off, "\n"]);
        push_wrapped(&mut out, &section.intro, 0);
        for entry in &section.entries {
            for part in ["  ", on, &entry.term, off] {
                out.push_str(part);
            }
            let wide = entry.term.chars().count() + 2;
            if wide + 2 <= EXAMPLE {
                push_blanks(&mut out, EXAMPLE - wide);
            } else {
                out.push('\n');
                push_blanks(&mut out, EXAMPLE);
            }
            out.push_str(&entry.example);
            out.push('\n');
            push_wrapped(&mut out, &entry.about, 6);
        }
    }
    out
}

/// Adds a text, its words one blank apart, in lines of the page's width, each after an indent.
fn push_wrapped(out: &mut String, text: &str, indent: usize) {
    for line in wrapped(text, WIDTH - indent).filter(|line| !line.is_empty()) {
        push_blanks(out, indent);
        out.push_str(line);
        out.push('\n');
    }
}

fn push_blanks(out: &mut String, count: usize) {
    const BLANKS: &str = match std::str::from_utf8(&[b' '; WIDTH]) {
        Ok(blanks) => blanks,
        Err(_) => "",
    };
    out.push_str(BLANKS.get(..count).unwrap_or_default());
}

fn entry(term: impl Into<Text>, example: impl Into<Text>, about: impl Into<Text>) -> Entry {
    Entry { term: term.into(), example: example.into(), about: about.into() }
}

fn sections() -> Vec<Section> {
    vec![joining(), operators(), standard(), custom(), local(), values(), dates(), quoting(), words(), limits()]
}

/// Every spelling of a keyword, the canonical one first.
fn keyword(keyword: Keyword) -> String {
    let spelled = KEYWORDS.iter().filter(|(_, known)| *known == keyword).map(|(spelling, _)| *spelling);
    spelled.collect::<Vec<_>>().join(", ")
}

/// Every spelling of a symbol, the shortest and plainest first.
fn symbol(symbol: Symbol) -> String {
    let mut spelled: Vec<&str> =
        SYMBOLS.iter().filter(|(_, known)| *known == symbol).map(|(spelling, _)| *spelling).collect();
    spelled.sort_by_key(|spelling| spelling.len());
    spelled.join(", ")
}

fn joining() -> Section {
    let both = |word, sign| format!("{}, {}", keyword(word), symbol(sign));
    Section {
        title: "CONDITIONS AND HOW THEY ARE JOINED",
        intro: "A condition is an attribute, an operator and a value: status = open. Keywords are read in any case; \
                blanks are needed between words alone."
            .into(),
        entries: vec![
            entry(both(Keyword::And, Symbol::AndAnd), "status = open AND team = 8", "both hold; binds tighter than OR"),
            entry(both(Keyword::Or, Symbol::OrOr), "status = open OR team = 8", "one of them holds"),
            entry(
                both(Keyword::Not, Symbol::Bang),
                "NOT (status = open OR id = 5)",
                "turns each condition into its opposite; binds tighter than AND. NOT label = vip is label != vip",
            ),
            entry(
                format!("{} {}", symbol(Symbol::Open), symbol(Symbol::Close)),
                "(id = 1 OR id = 2) AND team = 8",
                "groups conditions",
            ),
            entry("#", "status = open # a comment", "a comment, from # behind a blank or at a line's start to its end"),
        ],
    }
}

/// What an operator means, with an example.
const fn meaning(operator: Operator) -> (&'static str, &'static str) {
    match operator {
        Operator::Equal => ("status = pending", "is equal; of labels, any one is"),
        Operator::NotEqual => ("browser_language != en", "is not equal"),
        Operator::In => ("status IN (open, pending)", "is equal to one of the list"),
        Operator::NotIn => ("label NOT IN (spam, vip)", "is equal to none of the list"),
        Operator::Less => ("created_at < 2026-06-01", "is less, or before"),
        Operator::LessEqual => ("created_at <= 2026-06-01", "is less or equal; a day counts as a whole"),
        Operator::Greater => ("unread_count > 5", "is greater, or after"),
        Operator::GreaterEqual => ("created_at >= today", "is greater or equal"),
        Operator::Between => ("unread_count BETWEEN 2 AND 5", "lies between the two, both included"),
        Operator::NotBetween => ("id = 1 OR unread_count NOT BETWEEN 2 AND 5", "lies outside of the two"),
        Operator::OlderThan => ("last_activity_at OLDER THAN 7d", "was before the day so long ago: < -7d"),
        Operator::Contains => {
            ("referer CONTAINS pricing", "has the text in it; the case of letters matters in additional.KEY alone")
        }
        Operator::NotContains => ("referer NOT CONTAINS pricing", "does not have it in it"),
        Operator::StartsWith => ("referer STARTS WITH https://acme.com", "begins with the text"),
        Operator::NotStartsWith => ("referer NOT STARTS WITH http://", "does not begin with it"),
        Operator::Like => ("referer LIKE \"%/shop/%/pay%\"", "is like the pattern: `%` is any text, `_` one character"),
        Operator::NotLike => {
            ("referer NOT LIKE \"%order\\\\_1%\"", "is not; `\\\\` in quotes takes the wildcard as itself")
        }
        Operator::IsPresent => ("assignee IS PRESENT", "has a value"),
        Operator::IsMissing => ("assignee IS MISSING", "has none; also written = none"),
    }
}

/// How an operator is spelled, all of its spellings.
fn spelled(operator: Operator) -> String {
    match operator {
        Operator::Equal => symbol(Symbol::Equal),
        Operator::NotEqual => symbol(Symbol::NotEqual),
        Operator::Contains => format!("{}, {}", operator.as_str(), symbol(Symbol::Tilde)),
        Operator::NotContains => format!("{}, {}", operator.as_str(), symbol(Symbol::NotTilde)),
        Operator::Like => "LIKE, ILIKE".to_owned(),
        Operator::IsPresent => format!("IS {}", keyword(Keyword::Present).replace(", ", ", IS ")),
        Operator::IsMissing => format!("IS {}", keyword(Keyword::Missing).replace(", ", ", IS ")),
        _ => operator.as_str().to_owned(),
    }
}

fn operators() -> Section {
    let entries = Operator::ALL.iter().map(|&operator| {
        let (example, about) = meaning(operator);
        entry(spelled(operator), example, about)
    });
    Section {
        title: "OPERATORS",
        intro: "IS NOT PRESENT is IS MISSING, and the other way round. Whether a condition holds where a value is \
                missing is as the server decides it: `cwql check QUERY` tells where one does not."
            .into(),
        entries: entries.collect(),
    }
}

/// The operators of an attribute in one line; presence goes with every attribute.
pub(super) fn allowed(groups: &[OperatorGroup]) -> String {
    let groups = groups.iter().filter(|group| **group != OperatorGroup::Presence);
    groups.flat_map(|group| spellings(*group)).filter(|name| !name.starts_with("NOT ")).collect::<Vec<_>>().join(", ")
}

/// A condition on an attribute of a type.
fn example(name: &str, value_type: ValueType, groups: &[OperatorGroup]) -> String {
    match value_type {
        ValueType::Word(words) => format!("{name} = {}", words.first().unwrap_or(&"")),
        ValueType::Id(IdType::Agent) => format!("{name} = @me"),
        ValueType::Id(IdType::Inbox) => format!("{name} = Website"),
        ValueType::Id(IdType::Team) => format!("{name} IN (8, Sales)"),
        ValueType::Id(IdType::Campaign | IdType::Contact) => format!("{name} = 1001"),
        ValueType::Id(IdType::Conversation) => format!("{name} IN (5, 42)"),
        ValueType::Labels => format!("{name} IN (vip, refund)"),
        ValueType::Text(_) if groups.contains(&OperatorGroup::Containment) => format!("{name} CONTAINS a"),
        ValueType::Text(_) => format!("{name} = en"),
        ValueType::Time => format!("{name} > -24h"),
        ValueType::Date => format!("{name} >= 2026-06-01"),
        ValueType::Number => format!("{name} > 0"),
        ValueType::Boolean => format!("{name} = true"),
    }
}

fn standard() -> Section {
    let always = STANDARD.iter().map(|info| info.since).min();
    let entries = STANDARD.iter().map(|info| {
        let mut names: Vec<String> = info.aliases.iter().chain([&info.key]).map(|&name| name.to_owned()).collect();
        let short = names.first().cloned().unwrap_or_default();
        if info.additional {
            names.push(format!("additional.{}", info.key));
        }
        let since = if Some(info.since) == always { String::new() } else { format!("; since server {}", info.since) };
        // What no server of today has is read from the conversations under its long name.
        let shown = if info.until.is_some() && info.additional { format!("additional.{}", info.key) } else { short };
        let until = info.until.map_or(String::new(), |until| format!("; gone with server {until}"));
        let (noun, operators) = (noun_of(info.value_type), allowed(info.operators()));
        let about = format!("{}. {noun}; {operators}{since}{until}", info.about);
        entry(names.join(", "), example(&shown, info.value_type, info.operators()), about)
    });
    Section {
        title: "ATTRIBUTES THAT THE SERVER FILTERS BY",
        intro: "Each with its other names, what its values are, and its operators. Every attribute also takes IS \
                PRESENT and IS MISSING, and NOT may stand before IN, CONTAINS, STARTS WITH and BETWEEN."
            .into(),
        entries: entries.collect(),
    }
}

/// What the values are; of texts that `=` compares letter by letter, that as well.
fn noun_of(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::Text(Case::Sensitive) => "a text, in its own case",
        other => other.noun(),
    }
}

fn custom() -> Section {
    let kinds = CustomKind::NAMES.iter().map(|&(name, kind)| {
        let value_type = kind.value_type();
        let groups = value_type.operators();
        let key = format!("custom.a_{name}");
        let by = if kind.is_filtered() { "" } else { "; evaluated by the client" };
        let about = format!("of the type {name}: {}; {}{by}", noun_of(value_type), allowed(groups));
        entry(key.clone(), example(&key, value_type, groups), about)
    });
    let text = allowed(ValueType::Text(Case::Ignored).operators());
    let others = [
        entry(
            "contact.custom.KEY",
            "contact.custom.plan = pro",
            format!("a custom attribute of the contact. a text; {text}"),
        ),
        entry(
            "additional.KEY",
            "additional.browser.browser_name = Firefox",
            format!("any other additional attribute. a text, in its own case; {text}"),
        ),
        entry(
            "`KEY`",
            "custom.`Signed up at` IS MISSING",
            "in backticks a name holds anything; a backtick in it is doubled",
        ),
    ];
    Section {
        title: "ATTRIBUTES OF THE ACCOUNT",
        intro:
            "custom.KEY is the custom attribute of conversations with that key; where the account is known, KEY alone \
                is enough. Its operators are those of its type."
                .into(),
        entries: kinds.chain(others).collect(),
    }
}

fn local() -> Section {
    let entries = LOCAL.iter().map(|info| {
        let groups = info.value_type.operators();
        let about = format!("{}. {}; {}", info.about, noun_of(info.value_type), allowed(groups));
        entry(info.name, example(info.name, info.value_type, groups), about)
    });
    Section {
        title: "ATTRIBUTES THAT THE CLIENT READS",
        intro: "The server does not filter by these: more conversations are read, and the client decides.".into(),
        entries: entries.collect(),
    }
}

fn values() -> Section {
    Section {
        title: "VALUES",
        intro: "What a word is, a date or a name or a number, the attribute decides: label = 24h is a label.".into(),
        entries: vec![
            entry(
                "word",
                "conversation_language = pt_BR",
                "ends at a blank, a parenthesis, a comma, a quote or a sign",
            ),
            entry("URL", "referer = https://a.com/?x=1&y=2", "from http:// or https:// to a blank, a comma or )"),
            entry("\"text\", 'text'", "assignee = \"Ada Lovelace\"", "a text with blanks or signs, or a reserved word"),
            entry("number", "unread_count >= 2.5", "digits with or without a point"),
            entry("true, false", "muted = false", "of attributes that are true or false"),
            entry("name, id", "inbox = Website OR inbox = 7", "of agents, inboxes and teams: a name, or an id"),
            entry("@me", "assignee = @me", "the agent whose token it is"),
            entry("none", "priority = none", "the value is missing"),
            entry("(a, b)", "id IN (1, 2, 3)", "the list of IN; it counts as one condition"),
        ],
    }
}

fn dates() -> Section {
    let mut entries = vec![
        entry("2026-06-15", "created_at = 2026-06-15", "that whole day, in the zone of --tz"),
        entry("today, yesterday, tomorrow", "created_at >= yesterday", "that whole day"),
        entry("2026-06-15T10:30", "created_at < 2026-06-15T10:30", "an instant, in the zone of --tz"),
        entry("2026-06-15T10:30:00+02:00", "created_at > 2026-06-15T10:30:00Z", "an instant"),
        entry("now", "waiting_since < now-90m", "this instant; now-90m and now+1h are instants, also with days"),
        entry("7d ago", "created_at < 7d ago", "the same as -7d"),
    ];
    entries.extend(TIME_UNITS.iter().map(|unit| {
        let kind = if unit.counts_days() { "the day so far back" } else { "the instant so far back" };
        entry(
            format!("-5{0}, +5{0}", unit.spelling),
            format!("created_at > -5{}", unit.spelling),
            format!("{}: {kind}, or ahead with +", unit.noun),
        )
    }));
    Section {
        title: "DATES",
        intro: "A day is a whole day: created_at = 2026-06-15 holds from midnight to midnight, created_at > -7d begins the \
                day after. Units are written in any case, but for M, which is neither mo nor m."
            .into(),
        entries,
    }
}

/// The escapes of quoted texts, and what they are.
const ESCAPES: &[(&str, &str)] = &[
    ("\\\"", "a double quote"),
    ("\\'", "a single quote"),
    ("\\\\", "a backslash"),
    ("\\n", "a line end"),
    ("\\t", "a tab"),
    ("\\u{1F600}", "the character with that hexadecimal number"),
];

fn quoting() -> Section {
    let entries = ESCAPES.iter().map(|(escape, about)| entry(*escape, format!("referer = \"a{escape}b\""), *about));
    Section {
        title: "ESCAPES",
        intro: "In quoted texts, between either kind of quote. A text ends on its line.".into(),
        entries: entries.collect(),
    }
}

fn words() -> Section {
    let reserved = KEYWORDS.iter().map(|(spelling, _)| {
        let about = "reserved: quoted as a value, in backticks as a name";
        entry(*spelling, format!("label = {}", quote(&spelling.to_ascii_lowercase())), about)
    });
    let special = CONTEXTUAL.iter().map(|word| {
        entry(*word, format!("label = {}", word.to_ascii_lowercase()), "special in its place only; no quotes needed")
    });
    let mut entries: Vec<Entry> = reserved.chain(special).collect();
    // What is said of each row is said once.
    let mut last = Text::default();
    for entry in &mut entries {
        if entry.about == last {
            entry.about = Text::default();
        } else {
            last.clone_from(&entry.about);
        }
    }
    Section { title: "RESERVED WORDS", intro: "".into(), entries }
}

fn limits() -> Section {
    let megabytes = MAX_BYTES >> 20;
    let intro = format!(
        "A query has at most {MAX_CONDITIONS} conditions, {megabytes} MiB, and {MAX_DEPTH} parentheses and NOTs inside of \
         each other. `cwql fields --account FILE` lists the attributes of an account, `cwql --explain CODE` explains a diagnostic."
    );
    Section { title: "LIMITS", intro: intro.into(), entries: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Account, Schema, ServerVersion};
    use crate::syntax::TokenKind;
    use crate::{Query, parse};

    /// An account that has what the examples name.
    fn schema() -> Schema {
        let account = r#"{"agents": [{"id": 3, "name": "Ada Lovelace"}], "inboxes": [{"id": 7, "name": "Website"}],
            "teams": [{"id": 8, "name": "Sales"}], "labels": [{"title": "vip"}], "profile": {"id": 3}}"#;
        let mut account = Account::from_json(account.as_bytes()).unwrap();
        account.me = Some(3);
        let custom = |(name, kind): &(&str, CustomKind)| crate::schema::CustomDefinition {
            key: format!("a_{name}"),
            kind: *kind,
            values: Vec::new(),
        };
        let mut definitions: Vec<_> = CustomKind::NAMES.iter().map(custom).collect();
        definitions.push(custom(&("Signed up at", CustomKind::Date)));
        definitions.last_mut().unwrap().key = "Signed up at".to_owned();
        account.custom = Some(definitions);
        Schema { account: Some(account), now: Some("2026-06-15T12:00:00Z".parse().unwrap()), ..Schema::default() }
    }

    #[test]
    fn every_example_compiles() {
        let (newest, mut compiled) = (schema(), 0);
        let old = Schema { version: ServerVersion::new(4, 9, 2), ..schema() };
        for entry in sections().iter().flat_map(|section| &section.entries) {
            let schema = if entry.about.contains("gone with server") { &old } else { &newest };
            let query = Query::new(&entry.example, schema);
            assert!(query.is_ok(), "{}: {}\n{}", entry.term, entry.example, query.unwrap_err());
            compiled += 1;
        }
        assert!(compiled >= 100, "only {compiled} examples");
    }

    #[test]
    fn every_operator_has_an_entry_whose_example_uses_it() {
        for operator in Operator::ALL {
            let (example, _) = meaning(operator);
            let parsed = parse(example);
            let mut found = Vec::new();
            operators_of(parsed.tree().unwrap(), &mut found);
            assert!(found.contains(&operator), "{operator:?}: {example}");
        }
        // Each stands in the lists of one group.
        let listed: Vec<&str> = OperatorGroup::ALL.into_iter().flat_map(spellings).collect();
        let spelled: std::collections::BTreeSet<&str> = listed.iter().copied().collect();
        assert_eq!((listed.len(), spelled.len()), (Operator::ALL.len(), Operator::OlderThan as usize + 1));
    }

    fn operators_of(expr: &crate::syntax::Expr, found: &mut Vec<Operator>) {
        use crate::syntax::Expr;
        match expr {
            Expr::Chain { operands, .. } => operands.iter().for_each(|operand| operators_of(operand, found)),
            Expr::Not { operand, .. } => operators_of(operand, found),
            Expr::Paren { inner, .. } => operators_of(inner, found),
            Expr::Condition(condition) => found.push(condition.operator),
            Expr::Error(_) => {}
        }
    }

    /// Each is in a term of the page, and what is read as a token but means a mistake is in none.
    #[test]
    fn every_keyword_and_symbol_is_a_term() {
        let terms: Vec<String> =
            sections().iter().flat_map(|section| &section.entries).map(|e| e.term.clone().into_owned()).collect();
        let has = |spelling: &str| terms.iter().any(|term| term.split([' ', ',']).any(|part| part == spelling));
        for (spelling, _) in KEYWORDS {
            assert!(has(spelling), "{spelling}");
        }
        for word in CONTEXTUAL {
            assert!(has(word), "{word}");
        }
        for (spelling, symbol) in SYMBOLS {
            let parses = ["a S 1", "S a = 1", "a = 1 S b = 1", "(a = 1 S", "S a = 1)", "a IN (1 S 2)"];
            let right = parses.iter().any(|text| {
                let text = text.replace('S', spelling);
                let parsed = parse(&text);
                parsed.is_valid() && parsed.tokens().iter().any(|token| token.kind == TokenKind::Symbol(*symbol))
            });
            let comma_or_parenthesis = matches!(symbol, Symbol::Comma | Symbol::Open | Symbol::Close);
            assert!(comma_or_parenthesis || has(spelling) == right, "{spelling}");
        }
        assert!(terms.iter().any(|term| term == "(a, b)"));
    }

    #[test]
    fn every_escape_of_the_lexer_is_listed() {
        for c in '\0'..='\u{24F}' {
            let text = format!("a = \"\\{c}\"");
            let listed = ESCAPES.iter().any(|(escape, _)| *escape == format!("\\{c}"));
            // `\"` closes nothing here.
            if c != '"' {
                assert_eq!(parse(&text).is_valid(), listed, "{c:?}");
            }
        }
        for (escape, _) in ESCAPES {
            assert!(parse(&format!("a = \"{escape}\"")).is_valid(), "{escape}");
        }
    }

    #[test]
    fn the_page_has_lines_of_its_width() {
        let page = written(false);
        for line in page.lines() {
            assert!(line.chars().count() <= WIDTH && line == line.trim_end(), "{line:?}");
        }
        assert!(written(true).contains("\x1b[1mOPERATORS\x1b[0m"));
        assert!(!page.contains('\x1b'));
    }
}
