//! What a server answers, through the client's decoder.

use arbitrary::{Result, Unstructured};
use cwql::answer::{Conversation, ConversationDetails, NotAPage, Page};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::generate::{self, World};

/// Whatever a server answers, it is read or refused; of what is read each conversation's bytes are those of the
/// answer, in its order, and each id is the one that stands in them; a plain decoder reads and refuses the same. A page as
/// servers write it is read, with every conversation in it. The first byte says whether the others are the answer or what to make one of.
pub fn response(data: &[u8]) {
    match data.split_first() {
        Some((first, body)) if first % 2 == 0 => {
            let _ = read(body);
        }
        Some((_, seed)) => {
            let _ = try_page(&mut Unstructured::new(seed));
        }
        None => {}
    }
}

/// What holds of any answer.
fn read(body: &[u8]) -> Option<Page> {
    let page = Page::read(body);
    if let Ok(text) = std::str::from_utf8(body) {
        plainly(text, &page);
    }
    let page = page.map_err(|error| assert!(!error.to_string().is_empty())).ok()?;
    let mut rest = body;
    for conversation in &page.conversations {
        let raw = conversation.json().as_bytes();
        let at = rest.windows(raw.len()).position(|part| part == raw).expect("the bytes stand in the answer");
        rest = &rest[at + raw.len()..];
        // Not where it is nested more deeply than values may be, or has a number that none can hold.
        if let Ok(value) = serde_json::from_slice::<Value>(raw) {
            assert_eq!(Some(conversation.id()), whole(&value["id"]), "{value}");
            assert_eq!(conversation.value(), &value);
            typed(conversation, &value);
        }
    }
    Some(page)
}

/// What is read is what `serde_json` reads by itself, and what is refused it would refuse, or finds no page in.
fn plainly(text: &str, page: &std::result::Result<Page, NotAPage>) {
    // Of any depth, and with numbers of any size.
    let is_json = serde_json::from_str::<&RawValue>(text).is_ok();
    assert!(is_json || page.is_err(), "{text}");
    let Some(answer) = serde_json::from_str::<Value>(text).ok().filter(Value::is_object) else { return };
    let inner = Some(&answer["data"]).filter(|inner| !inner.is_null()).unwrap_or(&answer);
    let is_list = |value: &Value| value.is_null() || value.is_array();
    if !inner.is_object() || !(inner == &answer || inner["data"].is_null()) || !is_list(&answer["payload"]) {
        return;
    }
    let id = |row: &Value| whole(&row["id"]).filter(|_| row.is_object());
    let ids: Option<Vec<i64>> = inner["payload"].as_array().and_then(|rows| rows.iter().map(id).collect());
    match page {
        Ok(page) => assert_eq!(Some(page.conversations.iter().map(Conversation::id).collect()), ids, "{text}"),
        // A value keeps only the last of two members with one name.
        Err(error) => assert!(ids.is_none() || error.to_string().contains("duplicate field"), "{error}: {text}"),
    }
}

/// What has a typed place is written back under the name that it came by, and read again is the same.
fn typed(conversation: &Conversation, value: &Value) {
    let details = conversation.details().unwrap();
    let _ = format!("{details:?}");
    let written = serde_json::to_value(&details).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&written), keys(value), "{value}");
    assert_eq!(serde_json::from_value::<ConversationDetails>(written).unwrap(), details, "{value}");
}

/// The whole number that is written; of those with a point or an exponent, what a float says exactly.
fn whole(value: &Value) -> Option<i64> {
    let is_exact = |number: f64| number.fract() == 0.0 && number.abs() < (1i64 << 53) as f64;
    let number = |number: f64| is_exact(number).then_some(number as i64);
    match value {
        Value::String(text) => {
            let text = text.trim();
            let is_plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+'));
            text.parse().ok().or_else(|| text.parse().ok().filter(|_| is_plain).and_then(number))
        }
        other => other.as_i64().or_else(|| other.as_f64().and_then(number)),
    }
}

fn try_page(u: &mut Unstructured<'_>) -> Result<()> {
    let world = World::of(u)?;
    let mut rows = generate::sound_rows(u, world)?;
    let mut ids = Vec::new();
    for row in &mut rows {
        row.as_object_mut().unwrap().remove("_columns");
        let id = row["id"].as_i64().unwrap() + i64::from(u.arbitrary::<u32>()?);
        row["id"] = match u.int_in_range(0..=7)? {
            0 => json!(id.to_string()),
            1 => json!(format!(" {id} ")),
            2 => json!(id as f64),
            _ => json!(id),
        };
        if u.ratio(1, 4)? {
            row["last_activity_at"] = u.choose(&[json!(null), json!("1781481600"), json!("x"), json!(0.5)])?.clone();
        }
        row[u.choose(&["zz", "a", "data", "payload", "meta"])?] = json!(u.arbitrary::<&str>()?);
        ids.push(id);
    }
    let texts: Vec<String> = rows
        .iter()
        .map(|row| if u.arbitrary()? { Ok(format!("{row:#}")) } else { Ok(row.to_string()) })
        .collect::<Result<_>>()?;
    let count = u.arbitrary::<u32>()?;
    let counts = format!(r#"{{"mine_count":{count},"unassigned_count":0,"assigned_count":null,"all_count":{count}}}"#);
    let metas = [counts.as_str(), "{}", "null", "[]", r#"{"all_count":-1}"#];
    let meta = *u.choose(&metas)?;
    let mut members =
        [format!(r#""meta":{meta}"#), format!(r#""payload": [{}]"#, texts.join(" , ")), r#""x":[{}]"#.into()];
    members.rotate_left(u.int_in_range(0..=2)?);
    let mut body = format!("{{{}}}\n", members.join(",\n"));
    if u.arbitrary()? {
        body = format!(r#"{{"data" : {body} }}"#);
    }
    let page = read(body.as_bytes()).unwrap_or_else(|| panic!("refused: {body}"));
    assert_eq!(page.conversations.iter().map(Conversation::id).collect::<Vec<_>>(), ids);
    for (conversation, text) in page.conversations.iter().zip(&texts) {
        assert_eq!(conversation.json(), text);
    }
    // Less than the page shows is no count.
    let counted = meta == counts && u64::from(count) >= ids.len() as u64;
    assert_eq!(page.counts.map(|counts| counts.all), counted.then_some(u64::from(count)), "{meta}");
    // The same with a few bytes changed, or cut.
    let mut bytes = body.into_bytes();
    for _ in 0..u.int_in_range(0..=3)? {
        let at = u.choose_index(bytes.len())?;
        bytes[at] = u.arbitrary()?;
    }
    let end = u.int_in_range(0..=bytes.len())?;
    let _ = read(&bytes);
    let _ = read(&bytes[..end]);
    Ok(())
}
