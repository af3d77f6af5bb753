//! Queries, rows and schemas out of the fuzzer's bytes. The same few values stand in queries and in rows, so that
//! conditions hold for some rows and not for others.

use arbitrary::{Result, Unstructured};
use cwql::schema::{PRIORITIES, STATUSES, ServerVersion};
use serde_json::{Map, Value, json};

/// Releases on both sides of each difference that the planner knows.
pub(crate) const VERSIONS: &[ServerVersion] = &[
    ServerVersion::LATEST,
    ServerVersion::new(4, 3, 0),
    ServerVersion::new(4, 9, 2),
    ServerVersion::new(4, 10, 0),
    ServerVersion::new(4, 11, 1),
    ServerVersion::new(4, 11, 2),
    ServerVersion::new(4, 14, 1),
    ServerVersion::new(4, 14, 2),
    ServerVersion::new(4, 16, 0),
];

#[rustfmt::skip]
pub(crate) const TEXTS: &[&str] = &[
    "a", "A", "ab", "AB", "b a", "", " a", "a ", "%", "_", "a%b", "a_b", "axb", "\\", "a\\", "\\%", "İ", "i̇", "ß", "ẞ",
    "SS", "Σ", "ς", "ΑΣ", "ασ", "é", "e\u{301}", "ǅ", "ﬁ", "K", "k", "\u{a0}a", "🦀", "5", "5.0", "true", "none", "null",
    "2026-06-15", "x'y", "x''y", "x\"y", ":name", "a::b", "a,b", "a\nb", "{}", "[1, 2]", "Free", "Pro", "en", "en-US",
];
pub(crate) const LABELS: &[&str] =
    &["billing", "bug", "vip", "VIP", "24h", "très-important", "a", "İ", "x'y", "unknown"];
pub(crate) const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "5",
    "5.0",
    "5.00",
    "+5",
    "0.1",
    "0.10",
    "1e2",
    "100",
    "99.5",
    "1e-3",
    "0.001",
    "4.999",
    "9223372036854775807",
    "9223372036854775808",
    "12345678901234567890",
    "0.1234567890123456789",
    "1e100",
    "1e-100",
];
/// Days and instants around the server's clock, the borders of days, and the ends of the calendar.
const MOMENTS: &[&str] = &[
    "2026-06-15",
    "2026-06-14",
    "2026-06-16",
    "2026-06-13",
    "2025-12-31",
    "2026-01-01",
    "today",
    "yesterday",
    "-7d",
    "-1d",
    "-2w",
    "-1mo",
    "+1d",
    "-0d",
    "-1y",
    "1000-01-01",
    "1970-01-01",
    "-24h",
    "now",
    "now-90m",
    "-90m",
    "2026-06-15T00:00:00Z",
    "2026-06-14T23:59:59Z",
    "2026-06-15T10:30:00+02:00",
    "\"2026-06-15 10:30\"",
    "\"2026-06-15T00:00:00.5Z\"",
    "2026-03-29",
    "2026-10-25",
    "7d ago",
];
const DAYS: usize = 17;
/// Values that PostgreSQL reads as dates.
pub(crate) const STORED_DATES: &[&str] =
    &["2026-06-15", "2026-06-14", "2026-06-16", "2026-06-13", "2025-12-31", "5 Jun 2026", " 2026-06-05 ", "20260615"];
const SECONDS: &[i64] = &[
    1_781_481_600,
    1_781_481_599,
    1_781_481_601,
    1_781_524_800,
    1_781_524_799,
    1_781_395_200,
    1_781_568_000,
    1_780_920_000,
    1_774_742_400,
    0,
    1,
    -1,
    1_750_000_000,
];

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Word(&'static [&'static str]),
    Id(&'static [&'static str]),
    Display,
    Labels,
    Text,
    Time,
    Date,
    Number,
    Boolean,
}

pub(crate) const NAMES: &[(&str, Kind)] = &[
    ("status", Kind::Word(STATUSES)),
    ("priority", Kind::Word(PRIORITIES)),
    ("assignee", Kind::Id(&["11", "12", "99", "\"Ada Admin\"", "@me", "ada@agents.example"])),
    ("inbox", Kind::Id(&["31", "42", "Website", "7"])),
    ("team", Kind::Id(&["3", "8", "sales", "99"])),
    ("contact_id", Kind::Id(&["1001", "1002", "1"])),
    ("campaign", Kind::Id(&["71", "74", "1"])),
    ("id", Kind::Display),
    ("label", Kind::Labels),
    ("browser_language", Kind::Text),
    ("additional.browser_language", Kind::Text),
    ("conversation_language", Kind::Text),
    ("country_code", Kind::Text),
    ("additional.country_code", Kind::Text),
    ("referer", Kind::Text),
    ("mail_subject", Kind::Text),
    ("created_at", Kind::Time),
    ("last_activity_at", Kind::Time),
    ("order_note", Kind::Text),
    ("CustomerName", Kind::Text),
    ("ciudad_ñ", Kind::Text),
    ("custom.`ref.code-1`", Kind::Text),
    ("crm_link", Kind::Text),
    ("plan_type", Kind::Text),
    ("custom.mail_subject", Kind::Text),
    ("custom.status", Kind::Text),
    ("custom.shared_key", Kind::Text),
    ("order_count", Kind::Number),
    ("score.v2", Kind::Number),
    ("never_set", Kind::Number),
    ("amount", Kind::Number),
    ("discount", Kind::Number),
    ("due_date", Kind::Date),
    ("custom.`Signed up at`", Kind::Date),
    ("is_vip", Kind::Boolean),
    ("custom.AND", Kind::Boolean),
    ("contact.name", Kind::Text),
    ("contact.city", Kind::Text),
    ("contact.custom.customer_tier", Kind::Text),
    ("additional.source", Kind::Text),
    ("channel", Kind::Text),
    ("unread_count", Kind::Number),
    ("muted", Kind::Boolean),
    ("waiting_since", Kind::Time),
    ("first_reply_created_at", Kind::Time),
    ("snoozed_until", Kind::Time),
];

/// Custom attributes that the server casts.
const CAST: &[(&str, Kind)] = &[
    ("order_count", Kind::Number),
    ("score.v2", Kind::Number),
    ("due_date", Kind::Date),
    ("Signed up at", Kind::Date),
    ("is_vip", Kind::Boolean),
    ("AND", Kind::Boolean),
];
/// Custom attributes that it does not.
const TEXTUAL: &[&str] = &[
    "order_note",
    "CustomerName",
    "ciudad_ñ",
    "ref.code-1",
    "crm_link",
    "plan_type",
    "mail_subject",
    "status",
    "shared_key",
];

/// What the values of one input are taken from: of each list either everything or a few neighbours, so that
/// conditions meet each other and hold for some rows.
#[derive(Clone, Copy, Default)]
pub(crate) struct World {
    few: Option<usize>,
}

impl World {
    pub(crate) fn of(u: &mut Unstructured<'_>) -> Result<Self> {
        let start = u.arbitrary::<u8>()?;
        Ok(Self { few: (start < 192).then(|| usize::from(start)) })
    }

    pub(crate) fn pick<'a>(self, u: &mut Unstructured<'_>, list: &'a [&'a str]) -> Result<&'a str> {
        match self.few {
            Some(start) => Ok(list[(start + u.int_in_range(0..=2)?) % list.len()]),
            None => u.choose(list).copied(),
        }
    }
}

pub(crate) fn pick<'a>(u: &mut Unstructured<'_>, list: &'a [&'a str]) -> Result<&'a str> {
    u.choose(list).copied()
}

/// What a query is made of.
struct Parts {
    world: World,
    /// A few of the names, so that conditions of one query meet each other.
    names: Vec<(&'static str, Kind)>,
    /// Conditions that stand in it more than once, as is or negated: parts then share what they send.
    again: Vec<String>,
    /// How many conditions it still may have. Disjunctive normal forms are exponential, and bounded only by the
    /// planner's own limit: more conditions find nothing else, and each input would take seconds.
    left: u32,
}

/// A query.
pub(crate) fn query(u: &mut Unstructured<'_>, world: World) -> Result<String> {
    let names = (0..u.int_in_range(1..=6)?).map(|_| name(u)).collect::<Result<_>>()?;
    let mut parts = Parts { world, names, again: Vec::new(), left: 60 };
    for _ in 0..u.int_in_range(0..=7)? {
        let mut condition = String::new();
        fresh(u, &parts, &mut condition)?;
        parts.again.push(condition);
    }
    let mut out = String::new();
    expr(u, &mut parts, 5, &mut out)?;
    Ok(out)
}

/// An attribute; often one that the planner handles in a way of its own.
fn name(u: &mut Unstructured<'_>) -> Result<(&'static str, Kind)> {
    // Not in responses; or leaking behind custom attributes; or custom, with `!=` that lets in what lacks it.
    const HARD: &[&str] =
        &["assignee", "campaign", "label", "referer", "mail_subject", "browser_language", "order_note", "is_vip"];
    if u.ratio(2, 3)? {
        return u.choose(NAMES).copied();
    }
    let name = pick(u, HARD)?;
    NAMES.iter().find(|(known, _)| *known == name).copied().ok_or(arbitrary::Error::IncorrectFormat)
}

fn expr(u: &mut Unstructured<'_>, parts: &mut Parts, depth: u32, out: &mut String) -> Result<()> {
    let form = if depth == 0 || parts.left < 2 { 0 } else { u.int_in_range(0..=7)? };
    match form {
        0..=2 => condition(u, parts, out),
        3 => {
            out.push_str("NOT (");
            expr(u, parts, depth - 1, out)?;
            out.push(')');
            Ok(())
        }
        _ => {
            let connective = if form < 6 { " AND " } else { " OR " };
            out.push('(');
            for i in 0..u.int_in_range(2..=5)? {
                if i > 0 {
                    out.push_str(connective);
                }
                expr(u, parts, depth - 1, out)?;
            }
            out.push(')');
            Ok(())
        }
    }
}

fn condition(u: &mut Unstructured<'_>, parts: &mut Parts, out: &mut String) -> Result<()> {
    parts.left = parts.left.saturating_sub(1);
    if parts.again.is_empty() || u.ratio(1, 4)? {
        return fresh(u, parts, out);
    }
    let condition = u.choose(&parts.again)?;
    if u.ratio(1, 4)? {
        out.push_str("NOT ");
    }
    out.push_str(condition);
    Ok(())
}

fn fresh(u: &mut Unstructured<'_>, parts: &Parts, out: &mut String) -> Result<()> {
    let world = parts.world;
    let (name, kind) = *u.choose(&parts.names)?;
    out.push_str(name);
    let ordered = matches!(kind, Kind::Time | Kind::Date | Kind::Number);
    let textual = matches!(kind, Kind::Text | Kind::Display);
    match u.int_in_range(0..=11)? {
        0 => out.push_str(" IS PRESENT"),
        1 => out.push_str(" IS MISSING"),
        2 | 3 => {
            out.push_str(if u.arbitrary()? { " IN (" } else { " NOT IN (" });
            list(u, world, kind, out)?;
        }
        4..=7 if ordered => {
            out.push_str(pick(u, &[" < ", " <= ", " > ", " >= ", " BETWEEN ", " NOT BETWEEN "])?);
            let between = out.ends_with("BETWEEN ");
            value(u, world, kind, out)?;
            if between {
                out.push_str(" AND ");
                value(u, world, kind, out)?;
            }
        }
        4..=5 if textual => {
            out.push_str(if u.arbitrary()? { " CONTAINS " } else { " NOT CONTAINS " });
            let kind = if matches!(kind, Kind::Display) { Kind::Id(&["1", "2", "12"]) } else { kind };
            value(u, world, kind, out)?;
        }
        6 if matches!(kind, Kind::Text) => {
            out.push_str(if u.arbitrary()? { " STARTS WITH " } else { " NOT STARTS WITH " });
            value(u, world, kind, out)?;
        }
        7 if matches!(kind, Kind::Text) => {
            out.push_str(if u.arbitrary()? { " LIKE " } else { " NOT LIKE " });
            let (before, behind) = (pick(u, &["%", "", "_"])?, pick(u, &["%", "", "_", "%b%"])?);
            let text = text(u, world, TEXTS)?;
            out.push_str(&cwql::syntax::quote(&format!("{before}{text}{behind}")));
        }
        _ => {
            out.push_str(if u.arbitrary()? { " = " } else { " != " });
            value(u, world, kind, out)?;
        }
    }
    Ok(())
}

fn list(u: &mut Unstructured<'_>, world: World, kind: Kind, out: &mut String) -> Result<()> {
    for i in 0..u.int_in_range(1..=5)? {
        if i > 0 {
            out.push_str(", ");
        }
        if u.ratio(1, 16)? {
            out.push_str("none");
        } else {
            value(u, world, kind, out)?;
        }
    }
    out.push(')');
    Ok(())
}

fn value(u: &mut Unstructured<'_>, world: World, kind: Kind, out: &mut String) -> Result<()> {
    match kind {
        Kind::Word(words) | Kind::Id(words) => out.push_str(pick(u, words)?),
        Kind::Display => out.push_str(&u.int_in_range(0..=13)?.to_string()),
        // The client cannot tell it from two labels.
        Kind::Labels if u.ratio(1, 16)? => out.push_str("\"a,b\""),
        Kind::Labels => out.push_str(&cwql::syntax::quote(&text(u, world, LABELS)?)),
        Kind::Text => out.push_str(&cwql::syntax::quote(&text(u, world, TEXTS)?)),
        Kind::Time => out.push_str(world.pick(u, MOMENTS)?),
        Kind::Date => out.push_str(world.pick(u, &MOMENTS[..DAYS])?),
        Kind::Number => out.push_str(world.pick(u, NUMBERS)?),
        Kind::Boolean => out.push_str(pick(u, &["true", "false"])?),
    }
    Ok(())
}

/// One of the texts, or any other.
fn text(u: &mut Unstructured<'_>, world: World, texts: &[&str]) -> Result<String> {
    // Neither a query nor a database holds U+0000.
    Ok(if u.ratio(1, 20)? { u.arbitrary::<&str>()?.replace('\0', " ") } else { world.pick(u, texts)?.to_owned() })
}

/// Conversations as the API returns them, with the columns that it does not show, and whether each stored value is of
/// its attribute's type.
pub(crate) fn rows(u: &mut Unstructured<'_>, world: World) -> Result<(Vec<Value>, bool)> {
    let sound = !u.ratio(1, 8)?;
    Ok((sound_or_not(u, world, sound)?, sound))
}

/// The same with stored values of their attributes' types.
pub(crate) fn sound_rows(u: &mut Unstructured<'_>, world: World) -> Result<Vec<Value>> {
    sound_or_not(u, world, true)
}

fn sound_or_not(u: &mut Unstructured<'_>, world: World, sound: bool) -> Result<Vec<Value>> {
    let count = u.int_in_range(1..=12)?;
    (1..=count).map(|id| row(u, world, id, sound)).collect()
}

fn row(u: &mut Unstructured<'_>, world: World, id: i64, sound: bool) -> Result<Value> {
    let assignee = *u.choose(&[None, Some(11), Some(12), Some(99)])?;
    let team = *u.choose(&[None, Some(3), Some(8)])?;
    let contact = u.int_in_range(1001..=1003)?;
    let campaign = *u.choose(&[None, Some(71), Some(74)])?;
    let mut meta = json!({
        "sender": {
            "id": contact, "name": maybe_text(u, world)?, "additional_attributes": {"city": maybe_text(u, world)?},
            "custom_attributes": {"customer_tier": maybe_text(u, world)?},
        },
        "channel": pick(u, &["Channel::WebWidget", "Channel::Email"])?,
    });
    // An agent that was removed is not shown.
    if let Some(id) = assignee.filter(|id| *id != 99) {
        meta["assignee"] = json!({ "id": id });
        meta["assignee_type"] = json!("User");
    }
    if let Some(id) = team {
        meta["team"] = json!({ "id": id });
    }
    let mut labels = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        labels.push(world.pick(u, LABELS)?);
    }
    let mut additional = Map::new();
    for key in ["browser_language", "conversation_language", "country_code", "referer", "mail_subject", "source"] {
        if u.arbitrary()? {
            additional.insert(key.to_owned(), stored_text(u, world)?);
        }
    }
    let mut custom = Map::new();
    for key in TEXTUAL {
        if u.arbitrary()? {
            custom.insert((*key).to_owned(), stored_text(u, world)?);
        }
    }
    for key in ["amount", "discount"] {
        if u.arbitrary()? {
            custom.insert(key.to_owned(), stored_number(u, world)?);
        }
    }
    for (key, kind) in CAST {
        if u.arbitrary()? {
            let stored = if !sound && u.ratio(1, 4)? { stored_text(u, world)? } else { stored(u, world, *kind)? };
            custom.insert((*key).to_owned(), stored);
        }
    }
    Ok(json!({
        "id": id,
        "meta": meta,
        "status": pick(u, STATUSES)?,
        "priority": if u.arbitrary()? { Value::Null } else { json!(pick(u, PRIORITIES)?) },
        "inbox_id": u.choose(&[31, 42])?,
        "labels": labels,
        "additional_attributes": additional,
        "custom_attributes": custom,
        "created_at": u.choose(SECONDS)?,
        "last_activity_at": u.choose(SECONDS)?,
        "waiting_since": u.choose(SECONDS)?,
        "first_reply_created_at": u.choose(SECONDS)?,
        "snoozed_until": if u.arbitrary()? { Value::Null } else { json!(u.choose(SECONDS)?) },
        "unread_count": u.int_in_range(0..=6)?,
        "muted": u.arbitrary::<bool>()?,
        "_columns": {"assignee_id": assignee, "team_id": team, "contact_id": contact, "campaign_id": campaign},
    }))
}

fn maybe_text(u: &mut Unstructured<'_>, world: World) -> Result<Value> {
    Ok(if u.ratio(1, 4)? { Value::Null } else { json!(text(u, world, TEXTS)?) })
}

/// A text, or what else an import may have stored in its place.
fn stored_text(u: &mut Unstructured<'_>, world: World) -> Result<Value> {
    Ok(match u.int_in_range(0..=9)? {
        0 => Value::Null,
        1 => json!(5),
        2 => u.choose(&[json!(true), json!(["a", 1]), json!({"b": "a", "aa": null}), json!(0.5)])?.clone(),
        _ => json!(text(u, world, TEXTS)?),
    })
}

fn stored_number(u: &mut Unstructured<'_>, world: World) -> Result<Value> {
    let text = world.pick(u, NUMBERS)?;
    Ok(match u.int_in_range(0..=2)? {
        0 => json!(text),
        1 => json!(format!(" {text} ")),
        _ => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
    })
}

fn stored(u: &mut Unstructured<'_>, world: World, kind: Kind) -> Result<Value> {
    if u.ratio(1, 10)? {
        return Ok(Value::Null);
    }
    match kind {
        Kind::Number => stored_number(u, world),
        Kind::Date => pick(u, STORED_DATES).map(|date| json!(date)),
        _ => u.choose(&[json!(true), json!(false), json!("true"), json!("f"), json!("Yes"), json!("0")]).cloned(),
    }
}
