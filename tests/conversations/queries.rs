//! Typed queries over all attributes and operators.

use cwql::schema::{Schema, ServerVersion};

use super::Dice;

/// A query's shape; its conditions are text.
#[derive(Clone, Debug)]
pub(crate) enum Ast {
    Condition(String),
    Not(Box<Ast>),
    And(Vec<Ast>),
    Or(Vec<Ast>),
}

impl Ast {
    pub(crate) fn text(&self) -> String {
        let inner = |parts: &[Self], word: &str| {
            let parts: Vec<String> = parts.iter().map(|part| part.operand()).collect();
            parts.join(word)
        };
        match self {
            Self::Condition(text) => text.clone(),
            Self::Not(part) => format!("NOT {}", part.operand()),
            Self::And(parts) => inner(parts, " AND "),
            Self::Or(parts) => inner(parts, " OR "),
        }
    }

    fn operand(&self) -> String {
        match self {
            Self::And(_) | Self::Or(_) => format!("({})", self.text()),
            _ => self.text(),
        }
    }

    /// The same with the operands of each AND and OR in the other order.
    pub(crate) fn reversed(&self) -> Self {
        let each = |parts: &[Self]| parts.iter().rev().map(Self::reversed).collect();
        match self {
            Self::Condition(_) => self.clone(),
            Self::Not(part) => Self::Not(Box::new(part.reversed())),
            Self::And(parts) => Self::And(each(parts)),
            Self::Or(parts) => Self::Or(each(parts)),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Words(&'static [&'static str]),
    Ids(&'static [&'static str]),
    Conversation,
    Labels,
    Text,
    /// A text that is compared as a whole.
    Language,
    Time,
    Date,
    Number,
    Boolean,
}

const ATTRIBUTES: &[(&str, Kind, bool)] = &[
    ("status", Kind::Words(&["open", "resolved", "pending", "snoozed"]), false),
    ("priority", Kind::Words(&["low", "medium", "high", "urgent"]), true),
    ("assignee", Kind::Ids(&["11", "12", "15", "55", "@me", "Ada", "-1"]), true),
    ("inbox", Kind::Ids(&["31", "42", "Mail", "99"]), false),
    ("team", Kind::Ids(&["3", "8", "sales", "\"tier 2\""]), true),
    ("contact", Kind::Ids(&["1001", "1002", "1003", "5000000000"]), false),
    ("id", Kind::Conversation, false),
    ("campaign", Kind::Ids(&["71", "74", "9223372036854775807"]), true),
    ("label", Kind::Labels, true),
    ("browser_language", Kind::Language, true),
    ("additional.conversation_language", Kind::Language, true),
    ("country_code", Kind::Language, true),
    ("referer", Kind::Text, true),
    ("mail_subject", Kind::Text, true),
    ("created_at", Kind::Time, false),
    ("last_activity_at", Kind::Time, false),
    ("note", Kind::Text, true),
    ("tier", Kind::Text, true),
    ("custom.link", Kind::Text, true),
    ("n", Kind::Number, true),
    ("amount", Kind::Number, true),
    ("pct", Kind::Number, true),
    ("due", Kind::Date, true),
    ("`custom.Signed up`", Kind::Date, true),
    ("is_vip", Kind::Boolean, true),
    ("ref.code-1", Kind::Text, true),
    ("custom.mail_subject", Kind::Text, true),
    ("custom.contact_id", Kind::Number, true),
    ("custom.country_code", Kind::Text, true),
    ("content", Kind::Text, true),
    ("message_type", Kind::Text, true),
    ("contact.name", Kind::Text, true),
    ("contact.email", Kind::Text, true),
    ("contact.phone_number", Kind::Text, true),
    ("contact.identifier", Kind::Text, true),
    ("contact.city", Kind::Text, true),
    ("contact.company_name", Kind::Text, true),
    ("contact.country_code", Kind::Text, true),
    ("contact.blocked", Kind::Boolean, true),
    ("contact.custom.plan", Kind::Text, true),
    ("additional.foo", Kind::Text, true),
    ("additional.browser.browser_name", Kind::Text, true),
    ("channel", Kind::Text, true),
    ("message", Kind::Text, true),
    ("unread_count", Kind::Number, true),
    ("muted", Kind::Boolean, true),
    ("can_reply", Kind::Boolean, true),
    ("waiting_since", Kind::Time, true),
    ("first_reply_created_at", Kind::Time, true),
    ("snoozed_until", Kind::Time, true),
    ("updated_at", Kind::Time, true),
    ("agent_last_seen_at", Kind::Time, true),
];

/// The names of the attributes that the version's servers know, or that are read from the conversation.
pub(crate) fn names(version: ServerVersion) -> Vec<&'static str> {
    let removed = version >= ServerVersion::new(4, 10, 0);
    ATTRIBUTES.iter().map(|(name, ..)| *name).filter(|name| !(removed && *name == "country_code")).collect()
}

/// A quoted text.
fn quoted(text: &str) -> String {
    cwql::syntax::quote(text)
}

fn value(kind: Kind, dice: &mut Dice<'_>) -> String {
    match kind {
        Kind::Words(words) | Kind::Ids(words) => dice.pick(words).to_owned(),
        Kind::Conversation => dice.pick(&["1", "2", "3", "7", "12", "0"]).to_owned(),
        Kind::Labels => quoted(dice.pick(&["bug", "Bug", "vip", "VIP-1", "two words", "a,b", "none"])),
        Kind::Text | Kind::Language => quoted(dice.pick(dice.texts)),
        Kind::Time => moment(dice),
        Kind::Date => day(dice),
        Kind::Number => dice
            .pick(&["5", "0", "5.0", "6", "-3", "0.1", "1e20", "1e-7", "10", "25", "123456789012345678.5", "2e-20"])
            .to_owned(),
        Kind::Boolean => dice.pick(&["true", "false", "\"true\"", "FALSE"]).to_owned(),
    }
}

fn day(dice: &mut Dice<'_>) -> String {
    let days = [
        "2026-06-15",
        "2026-06-14",
        "2026-06-16",
        "2026-06-08",
        "2026-06-13",
        "2026-03-29",
        "2025-10-26",
        "2026-03-08",
        "2025-11-02",
        "1970-01-01",
        "1999-12-31",
        "9998-12-31",
        "1600-01-01",
        "today",
        "yesterday",
        "tomorrow",
        "-7d",
        "+1d",
        "-1mo",
        "-30y",
    ];
    dice.pick(&days).to_owned()
}

fn moment(dice: &mut Dice<'_>) -> String {
    if dice.roll(3) != 0 {
        return day(dice);
    }
    let instants = [
        "2026-06-15T00:00:00Z",
        "2026-06-14T23:59:59Z",
        "2026-06-15T00:00:00.5Z",
        "2026-06-15T10:30:00+02:00",
        "-24h",
        "now",
        "now-12h",
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.5Z",
        "2026-06-15T00:00",
    ];
    dice.pick(&instants).to_owned()
}

fn list(kind: Kind, nullable: bool, dice: &mut Dice<'_>) -> String {
    let mut values: Vec<String> = (0..=dice.roll(3)).map(|_| value(kind, dice)).collect();
    if nullable && dice.roll(6) == 5 {
        values.push("none".to_owned());
    }
    format!("({})", values.join(", "))
}

/// A condition on the attribute with this name.
pub(crate) fn condition_on(name: &str, dice: &mut Dice<'_>) -> String {
    let &(name, kind, nullable) = ATTRIBUTES.iter().find(|(known, ..)| *known == name).unwrap();
    let operator = dice.pick(&operators(kind));
    match operator {
        "IS PRESENT" | "IS MISSING" => format!("{name} {operator}"),
        "IN" | "NOT IN" => format!("{name} {operator} {}", list(kind, nullable, dice)),
        "BETWEEN" | "NOT BETWEEN" => format!("{name} {operator} {} AND {}", value(kind, dice), value(kind, dice)),
        "LIKE" | "NOT LIKE" => format!("{name} {operator} {}", pattern(kind, dice)),
        _ => format!("{name} {operator} {}", value(kind, dice)),
    }
}

/// A pattern of LIKE: a value of the attribute, or a part of one, with wildcards.
fn pattern(kind: Kind, dice: &mut Dice<'_>) -> String {
    let text = if kind == Kind::Conversation { value(kind, dice) } else { dice.pick(dice.texts).to_owned() };
    let mut characters: Vec<char> = text.chars().collect();
    if !characters.is_empty() {
        let at = dice.roll(characters.len());
        match dice.roll(4) {
            0 => characters[at] = '_',
            1 => characters[at] = '%',
            2 => characters.insert(at, '\\'),
            _ => {}
        }
    }
    let (before, behind) = (dice.pick(&["%", "%", "", "_", "% "]), dice.pick(&["%", "%", "", "_", " %", "\\%"]));
    let pattern: String = characters.into_iter().collect();
    let pattern = format!("{before}{pattern}{behind}");
    match kind {
        // A row of digits has none.
        Kind::Conversation => quoted(&pattern.replace([' ', '\\'], "")),
        _ => quoted(&pattern),
    }
}

/// Every condition on an attribute with one value of its kind, of texts only the given ones.
pub(crate) fn conditions(name: &str, texts: &[&str]) -> Vec<String> {
    let &(name, kind, _) = ATTRIBUTES.iter().find(|(known, ..)| *known == name).unwrap();
    let patterns: Vec<String> = match kind {
        Kind::Text => texts.iter().flat_map(|text| [format!("%{text}%"), format!("{text}_%")]).collect(),
        Kind::Conversation => vec!["%1%".to_owned(), "1_".to_owned()],
        _ => Vec::new(),
    };
    let patterns: Vec<String> = patterns.iter().map(|pattern| quoted(pattern)).collect();
    let values: Vec<String> = match kind {
        Kind::Text | Kind::Language => texts.iter().map(|text| quoted(text)).collect(),
        _ => {
            let mut values: Vec<String> = (0..=u8::MAX)
                .flat_map(|byte| [value(kind, &mut Dice::new(&[byte])), value(kind, &mut Dice::new(&[0, byte]))])
                .chain((0..=u8::MAX).map(|byte| value(kind, &mut Dice::new(&[1, byte]))))
                .collect();
            values.sort_unstable();
            values.dedup();
            values
        }
    };
    let mut conditions = vec![format!("{name} IS PRESENT"), format!("{name} IS MISSING")];
    for operator in operators(kind).iter().filter(|operator| !operator.contains("IN") || operator.contains("CONTAINS"))
    {
        if operator.starts_with("IS") || operator.contains("BETWEEN") {
            continue;
        }
        let values = if operator.ends_with("LIKE") { &patterns } else { &values };
        conditions.extend(values.iter().map(|value| format!("{name} {operator} {value}")));
    }
    conditions.sort_unstable();
    conditions.dedup();
    conditions
}

fn operators(kind: Kind) -> Vec<&'static str> {
    let mut operators = vec!["=", "!=", "IN", "NOT IN", "IS PRESENT", "IS MISSING"];
    match kind {
        Kind::Text => {
            operators.extend(["CONTAINS", "NOT CONTAINS", "STARTS WITH", "NOT STARTS WITH", "LIKE", "NOT LIKE"]);
        }
        Kind::Language => operators.extend(["STARTS WITH", "NOT STARTS WITH"]),
        Kind::Conversation => operators.extend(["CONTAINS", "NOT CONTAINS", "LIKE", "NOT LIKE"]),
        Kind::Time | Kind::Date | Kind::Number => {
            operators.extend(["<", "<=", ">", ">=", "<", ">", "BETWEEN", "NOT BETWEEN"]);
        }
        _ => {}
    }
    operators
}

/// A query of at most `depth` levels. Often its conditions are on few attributes, so that they meet.
pub(crate) fn expression(bytes: &[u8], depth: usize, schema: &Schema) -> Ast {
    let mut dice = Dice::new(bytes);
    let mut names = names(schema.version);
    let few = dice.roll(4);
    if few != 0 {
        names = (0..few + 1).map(|_| dice.pick(&names)).collect();
    }
    tree(&mut dice, depth, &names)
}

fn tree(dice: &mut Dice<'_>, depth: usize, names: &[&str]) -> Ast {
    let shape = if depth == 0 { 0 } else { dice.roll(8) };
    let parts = |dice: &mut Dice<'_>| (0..2 + dice.roll(3)).map(|_| tree(dice, depth - 1, names)).collect();
    match shape {
        0 | 1 => {
            let name = dice.pick(names);
            Ast::Condition(condition_on(name, dice))
        }
        2 => Ast::Not(Box::new(tree(dice, depth - 1, names))),
        3..=5 => Ast::And(parts(dice)),
        _ => Ast::Or(parts(dice)),
    }
}

/// Alternatives of a few conditions each, on attributes of which the order in a payload matters: custom ones, and
/// those that are read otherwise behind them.
pub(crate) fn alternatives(bytes: &[u8]) -> Ast {
    const CUSTOM: &[&str] = &["note", "tier", "n", "due", "is_vip"];
    const OTHERS: &[&str] = &["label", "referer", "browser_language", "mail_subject", "status", "team", "contact.city"];
    let mut dice = Dice::new(bytes).with_texts(super::FEW_TEXTS);
    // Often one of each: then conditions on them meet, and imply or exclude each other.
    let (custom, others) = match dice.roll(2) {
        0 => (vec![dice.pick(CUSTOM)], vec![dice.pick(OTHERS)]),
        _ => (CUSTOM.to_vec(), OTHERS.to_vec()),
    };
    let condition = |dice: &mut Dice<'_>| {
        let name = if dice.roll(2) == 0 { dice.pick(&custom) } else { dice.pick(&others) };
        Ast::Condition(condition_on(name, dice))
    };
    let mut parts = Vec::new();
    for _ in 0..2 + dice.roll(3) {
        parts.push((0..1 + dice.roll(3)).map(|_| condition(&mut dice)).collect());
    }
    let common: Vec<Ast> = (0..dice.roll(2)).map(|_| condition(&mut dice)).collect();
    let any = match dice.roll(3) {
        // Factors of two: the alternatives share conditions.
        0 => Ast::And(parts.into_iter().map(Ast::Or).collect()),
        _ => Ast::Or(parts.into_iter().map(Ast::And).collect()),
    };
    Ast::And(common.into_iter().chain([any]).collect())
}
