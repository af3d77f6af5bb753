//! Conversations in text, as `--data` reads them.

use arbitrary::{Result, Unstructured};
use cwql::Filter;
use cwql::eval::{Row, matches};
use cwql::scan::{Found, LineFilter, Splitter, Taken};
use cwql::schema::{Schema, ServerVersion};
use serde_json::Value;
use serde_json::value::RawValue;

use super::generate::{self, World};
use super::schema;

/// A query of the first line asked of the lines behind it finds what the reference evaluator finds of their values,
/// whatever was read before. What the reference parser decodes is read; what it does not is refused where all is checked,
/// as is a conversation without an id, and never found. A text taken apart in pieces gives what it gives as a whole. The first byte says whether the others are
/// a query and lines or what to make them of.
pub fn scan(data: &[u8]) {
    match data.split_first() {
        Some((first, text)) if first % 2 == 0 => {
            let (query, lines) = text.split_at(text.iter().position(|&byte| byte == b'\n').unwrap_or(text.len()));
            asked(&String::from_utf8_lossy(query), &lines.split(|&byte| byte == b'\n').collect::<Vec<_>>());
            taken_apart(lines);
        }
        Some((_, seed)) => {
            let _ = generated(&mut Unstructured::new(seed));
        }
        None => {}
    }
}

fn asked(query: &str, lines: &[&[u8]]) {
    let schema = schema(ServerVersion::LATEST);
    if let Ok(checked) = cwql::check(&cwql::parse(query), &schema) {
        read(&checked.filter, &schema, lines);
    }
}

fn read(filter: &Filter, schema: &Schema, lines: &[&[u8]]) {
    let now = schema.now();
    let (ready, strict) = (LineFilter::new(filter, now), LineFilter::new(filter, now).validating());
    let mut reader = ready.reader();
    for line in lines {
        // Between lines there are blanks of more kinds than in them.
        let line = line.trim_ascii();
        let shown = || String::from_utf8_lossy(line).into_owned();
        let quick = reader.read(line);
        assert_eq!(quick, ready.reader().read(line), "{}", shown());
        let full = strict.reader().read(line);
        if line.is_empty() {
            assert_eq!((&quick, &full), (&Ok(Found::Nothing), &Ok(Found::Nothing)));
            continue;
        }
        let means = |value: &Value| matches(filter, &Row::new(value, now));
        // Of numbers that no double holds this value has lost digits, which the reader compares.
        let rounded = line.split(|byte| !byte.is_ascii_digit() && *byte != b'.').any(|run| run.len() >= 16);
        match serde_json::from_slice::<Value>(line) {
            Ok(value) if value.is_object() && !lists(&value) => {
                let expected = means(&value);
                match full {
                    Ok(Found::Match { .. }) => assert!(expected || rounded, "{}", shown()),
                    Ok(Found::Nothing) => assert!(!expected || rounded, "{}", shown()),
                    // One of two members of that name is a list.
                    Ok(Found::List) => assert!(names_twice(line), "{}", shown()),
                    // Where all is checked, that is too.
                    Err(ref bad) => {
                        let is_unnamed = bad.message == "a conversation without an id" && !value["id"].is_i64();
                        assert!(is_unnamed, "{bad}: {}", shown());
                        let found = [Ok(Found::Match { id: None }), Ok(Found::Nothing)];
                        assert!(found.contains(&quick), "{quick:?}: {}", shown());
                        continue;
                    }
                }
                let unlisted = quick == Ok(Found::Nothing) && full == Ok(Found::List);
                assert!(quick == full || unlisted, "{quick:?}, not {full:?}: {}", shown());
            }
            Ok(value) if value.is_object() || value.is_array() => {
                assert_eq!(full, Ok(Found::List), "{}", shown());
                if quick != Ok(Found::List) {
                    assert_eq!(quick, Ok(Found::Nothing), "{}", shown());
                    let places = [Some(&value), value.get("payload"), value.pointer("/data/payload")];
                    let rows = places.into_iter().flatten().filter_map(Value::as_array).flatten();
                    assert!(rounded || rows.filter(|row| row.is_object()).all(|row| !means(row)), "{}", shown());
                }
            }
            Ok(_) => assert!(full.is_err() && quick.is_err(), "{}", shown()),
            Err(error) => {
                // Numbers that no double holds, and halves of surrogate pairs, may stand where nobody looks.
                if serde_json::from_slice::<&RawValue>(line).is_err() && line.first() == Some(&b'{') {
                    assert!(full.is_err(), "{error}: {}", shown());
                    assert!(!matches!(quick, Ok(Found::Match { .. })), "{error}: {}", shown());
                }
            }
        }
    }
}

fn lists(value: &Value) -> bool {
    ["/payload", "/data/payload"].iter().any(|place| value.pointer(place).is_some_and(Value::is_array))
}

/// Whether there may be two members of a name that a list can have.
fn names_twice(line: &[u8]) -> bool {
    let has = |name: &str| line.windows(name.len()).filter(|part| *part == name.as_bytes()).count();
    has("\\u") > 0 || has("\"payload\"") > 1 || has("\"data\"") > 1
}

fn taken_apart(text: &[u8]) {
    let rows = |piece: usize| {
        let mut rows = Vec::new();
        let mut splitter = Splitter::new(64);
        let mut keep = |line: u64, row: Taken<'_>| rows.push((line, row.map(<[u8]>::to_vec)));
        let fed = text.chunks(piece).try_for_each(|piece| splitter.feed(piece, &mut keep));
        let ended = fed.and_then(|()| splitter.end());
        (ended.is_ok(), rows)
    };
    let whole = rows(text.len().max(1));
    for piece in [1, 7, 64] {
        assert_eq!(rows(piece), whole, "{}", String::from_utf8_lossy(text));
    }
}

/// Conversations with their members in any order and spelling, some of them spoilt.
fn generated(u: &mut Unstructured<'_>) -> Result<()> {
    let world = World::of(u)?;
    let query = generate::query(u, world)?;
    let rows = generate::sound_rows(u, world)?;
    let mut lines = Vec::new();
    for row in &rows {
        let mut members = Vec::new();
        for (key, value) in row.as_object().into_iter().flatten().filter(|(key, _)| *key != "_columns") {
            members.push(member(u, key, value)?);
            if u.ratio(1, 16)? {
                let other = u.choose(&[Value::Null, 0.into(), "open".into()])?.clone();
                members.push(member(u, key, &other)?);
            }
        }
        if u.ratio(1, 16)? {
            members.push(format!(r#""payload":[{row}]"#));
        }
        for last in (1..members.len()).rev() {
            members.swap(last, u.int_in_range(0..=last)?);
        }
        let mut line = format!("{{{}}}", members.join(u.choose(&[",", ", ", "\t,"])?)).into_bytes();
        if u.ratio(1, 4)? {
            let at = u.choose_index(line.len())?;
            line[at] = *u.choose(b"{}[]:,\"\\u019e.- \xc3x")?;
        }
        lines.push(line);
    }
    asked(&query, &lines.iter().map(Vec::as_slice).collect::<Vec<_>>());
    taken_apart(&lines.join(&b'\n'));
    Ok(())
}

fn member(u: &mut Unstructured<'_>, key: &str, value: &Value) -> Result<String> {
    let mut key = Value::from(key).to_string();
    if u.ratio(1, 16)? && key.is_ascii() && key.len() > 2 && !key.contains('\\') {
        let at = u.int_in_range(1..=key.len() - 2)?;
        let escaped = format!("\\u{:04x}", key.as_bytes()[at]);
        key.replace_range(at..=at, &escaped);
    }
    let mut value = if u.ratio(1, 4)? { format!("{value:#}").replace('\n', " ") } else { value.to_string() };
    // An escape outside of a string is no JSON, and a case too.
    if u.ratio(1, 8)? {
        value = value.chars().fold(String::new(), |text, c| match c {
            'o' | 'ö' | 'É' => format!("{text}\\u{:04X}", u32::from(c)),
            c => text + c.encode_utf8(&mut [0; 4]),
        });
    }
    Ok(format!("{key}:{value}"))
}
