//! Conversations as the API returns them, with the server's own columns, full of edge values.

use serde_json::{Map, Value, json};

use super::Dice;

/// Texts in which something can go wrong: case, blanks, wildcards, letters whose case is not one to one.
pub(crate) const TEXTS: &[&str] = &[
    "en",
    "",
    "EN",
    "En",
    "en-US",
    " ",
    " en",
    "en ",
    "%",
    "_",
    "\\",
    "a_b",
    "aXb",
    "a\\b",
    "A\\_B",
    "100%",
    "100x",
    "İ",
    "i",
    "i\u{307}",
    "I",
    "ß",
    "SS",
    "ss",
    "ς",
    "σ",
    "Σ",
    "ΑΣ",
    "ας",
    "ασ",
    "é",
    "É",
    "e\u{301}",
    "none",
    "true",
    "5",
    "2026-06-15",
    "'",
    "\"",
    "a,b",
    "#x",
    "x y",
    "İstanbul",
    "K",
];

/// Moments around midnight in UTC, Berlin and New York, on days when the clock changes too.
pub(crate) const EPOCHS: &[i64] = &[
    1_781_481_600, // 2026-06-15T00:00:00Z
    1_781_481_599,
    1_781_481_601,
    1_781_524_800, // the server's now
    1_781_524_799,
    1_781_438_400, // 24 hours before
    1_781_395_200, // 2026-06-14T00:00:00Z
    1_781_395_199,
    1_781_567_999,
    1_781_568_000,
    1_781_474_400, // 2026-06-15T00:00:00+02:00
    1_781_474_399,
    1_781_496_000, // 2026-06-15T00:00:00-04:00
    1_781_495_999,
    1_774_738_800, // 2026-03-29T00:00:00+01:00, 23 hours long in Berlin
    1_774_738_799,
    1_774_821_600,
    1_774_821_599,
    1_761_429_600, // 2025-10-26T00:00:00+02:00, 25 hours long
    1_761_429_599,
    1_761_519_600,
    1_761_519_599,
    1_772_946_000, // 2026-03-08T00:00:00-05:00, 23 hours long in New York
    1_772_945_999,
    1_773_028_800,
    1_773_028_799,
    1_762_056_000, // 2025-11-02T00:00:00-04:00, 25 hours long
    1_762_055_999,
    1_762_146_000,
    1_762_145_999,
    0,
    -1,
    1,
    86_400,
];

/// The account: agents, of whom some have left; custom attributes of every type, some with the keys of standard ones.
pub(crate) fn account() -> String {
    let user = |id: i64, name: &str, email: &str| json!({"id": id, "available_name": name, "name": name, "email": email, "role": "administrator"});
    let ada = user(11, "Ada", "ada@agents.example");
    let bruno = user(12, "Bruno", "bruno@agents.example");
    let custom = |key: &str, kind: &str| json!({"attribute_key": key, "attribute_display_type": kind, "attribute_model": "conversation_attribute"});
    json!({
        "account_id": 4,
        "users": {"admin": ada, "agent": bruno},
        "agents": [ada, bruno, user(15, "Chloé", "chloe@agents.example")],
        "inboxes": [{"id": 31, "name": "Website"}, {"id": 42, "name": "Mail"}],
        "teams": [{"id": 3, "name": "sales"}, {"id": 8, "name": "tier 2"}],
        "labels": [{"id": 1, "title": "bug"}, {"id": 2, "title": "vip"}],
        "custom_attribute_definitions": [
            custom("note", "text"), custom("tier", "list"), custom("link", "link"), custom("n", "number"),
            custom("amount", "currency"), custom("pct", "percent"), custom("due", "date"), custom("is_vip", "checkbox"),
            custom("ref.code-1", "text"), custom("mail_subject", "text"), custom("contact_id", "number"),
            custom("country_code", "text"), custom("content", "text"), custom("message_type", "text"),
            custom("Signed up", "date"),
            json!({"attribute_key": "plan", "attribute_display_type": "text", "attribute_model": "contact_attribute"}),
        ],
    })
    .to_string()
}

/// A few conversations. What fails is shown by the test; here the seed is enough.
pub(crate) struct Data {
    seed: u64,
    rows: Vec<Value>,
}

impl Data {
    pub(crate) fn new(seed: u64, count: usize) -> Self {
        let mut state = seed;
        let mut byte = || {
            // Knuth's MMIX generator; its upper bits are good enough for choices.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as u8
        };
        let rows = (1..=count as i64).map(|id| {
            let bytes: Vec<u8> = (0..150).map(|_| byte()).collect();
            row(id, &mut Dice::new(&bytes))
        });
        Self { seed, rows: rows.collect() }
    }
}

impl std::ops::Deref for Data {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.rows
    }
}

impl std::fmt::Debug for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the data set of {}", self.seed)
    }
}

fn text(dice: &mut Dice<'_>) -> Value {
    match dice.roll(8) {
        0 => Value::Null,
        1 => dice.pick(&[json!(5), json!(true), json!({"b": 1, "aa": [2]}), json!(0.5)]),
        _ => json!(dice.pick(TEXTS)),
    }
}

fn number(dice: &mut Dice<'_>) -> Value {
    dice.pick(&[
        Value::Null,
        json!(5),
        json!("5"),
        json!("5.0"),
        json!(" 5 "),
        json!(0.1),
        json!("0.10"),
        json!(-3),
        json!(1e20),
        json!("100000000000000000000"),
        json!("NaN"),
        json!("Infinity"),
        json!("-inf"),
        json!(6),
        json!(10),
        json!(0),
        json!("1e-7"),
    ])
}

fn date(dice: &mut Dice<'_>) -> Value {
    dice.pick(&[
        Value::Null,
        json!("2026-06-15"),
        json!("2026-06-14T23:59:59.999Z"),
        json!("06/15/2026"),
        json!("2026-06-16"),
        json!("infinity"),
        json!("-infinity"),
        json!("2026-06-08"),
        json!("today"),
        json!("1999-12-31"),
        json!("2026-06-15T23:30:00-05:00"),
    ])
}

fn boolean(dice: &mut Dice<'_>) -> Value {
    dice.pick(&[Value::Null, json!(true), json!(false), json!("t"), json!("off"), json!(" YES "), json!("0")])
}

/// What the server's casts refuse may stand where no cast is made.
fn anything(dice: &mut Dice<'_>) -> Value {
    if dice.roll(3) == 0 { text(dice) } else { number(dice) }
}

/// Makes a value.
type Make = fn(&mut Dice<'_>) -> Value;

fn members(dice: &mut Dice<'_>, members: &[(&str, Make)]) -> Value {
    let mut object = Map::new();
    for (key, value) in members {
        if dice.roll(4) != 0 {
            object.insert((*key).to_owned(), value(dice));
        }
    }
    Value::Object(object)
}

fn moment(dice: &mut Dice<'_>) -> Value {
    json!(dice.pick(EPOCHS))
}

/// One conversation.
pub(crate) fn row(id: i64, dice: &mut Dice<'_>) -> Value {
    // A bot's number is of another table; an agent who has left is not shown.
    let (assignee, kind, assignee_id) = dice.pick(&[
        (None, None, None),
        (Some(11), Some("User"), Some(11)),
        (Some(12), Some("User"), Some(12)),
        (Some(12), Some("AgentBot"), None),
        (None, None, Some(55)),
        (None, None, Some(15)),
        (Some(15), Some("User"), Some(15)),
    ]);
    // The account's own agents are always shown.
    let (assignee, kind) = if assignee_id == Some(15) { (Some(15), Some("User")) } else { (assignee, kind) };
    let team: Option<i64> = dice.pick(&[None, Some(3), Some(8)]);
    let contact = dice.pick(&[1001, 1002, 1003]);
    let campaign: Option<i64> = dice.pick(&[None, Some(71), Some(74)]);
    let mut meta = json!({
        "sender": {
            "id": contact, "name": text(dice), "email": text(dice), "phone_number": text(dice), "identifier": text(dice),
            "blocked": dice.pick(&[json!(false), json!(true), Value::Null]),
            "additional_attributes": members(dice, &[("city", text), ("company_name", text), ("country_code", text)]),
            "custom_attributes": members(dice, &[("plan", text)]),
        },
        "channel": dice.pick(&["Channel::WebWidget", "Channel::Email"]),
    });
    if let Some(assignee) = assignee {
        meta["assignee"] = json!({"id": assignee, "name": "someone"});
        meta["assignee_type"] = json!(kind);
    }
    if let Some(team) = team {
        meta["team"] = json!({"id": team, "name": "some team"});
    }
    let labels: Vec<&str> =
        (0..dice.roll(4)).map(|_| dice.pick(&["bug", "Bug", "vip", "VIP-1", "two words"])).collect();
    let message = if dice.roll(4) == 0 { Value::Null } else { json!({"content": text(dice)}) };
    json!({
        "id": id,
        "meta": meta,
        "status": dice.pick(&["open", "resolved", "pending", "snoozed"]),
        "priority": dice.pick(&[None, Some("low"), Some("medium"), Some("high"), Some("urgent")]),
        "inbox_id": dice.pick(&[31, 42]),
        "labels": labels,
        "created_at": moment(dice),
        "last_activity_at": moment(dice),
        "updated_at": dice.pick(EPOCHS) as f64,
        "waiting_since": moment(dice),
        "first_reply_created_at": moment(dice),
        "snoozed_until": if dice.roll(2) == 0 { Value::Null } else { moment(dice) },
        "agent_last_seen_at": moment(dice),
        "unread_count": dice.pick(&[0, 1, 2, 25]),
        "muted": dice.pick(&[false, true]),
        "can_reply": dice.pick(&[true, false]),
        "last_non_activity_message": message,
        "additional_attributes": members(dice, &[
            ("browser_language", text), ("conversation_language", text), ("country_code", text), ("referer", text),
            ("mail_subject", text), ("foo", text), ("browser", |dice| json!({"browser_name": text(dice)})),
        ]),
        "custom_attributes": members(dice, &[
            ("note", text), ("tier", text), ("link", text), ("n", number), ("amount", anything), ("pct", anything),
            ("due", date), ("is_vip", boolean), ("ref.code-1", text), ("mail_subject", text), ("contact_id", number),
            ("country_code", text), ("content", text), ("message_type", text), ("Signed up", date),
        ]),
        "_columns": {
            "assignee_id": assignee_id, "team_id": team, "contact_id": contact, "campaign_id": campaign,
            "assignee_agent_bot_id": if kind == Some("AgentBot") { Some(12) } else { None },
        },
    })
}
