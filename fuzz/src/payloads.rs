//! Payloads read back to queries.

use arbitrary::{Result, Unstructured};
use cwql::sandbox::{Sandbox, User};
use cwql::schema::{Account, STANDARD, Schema, ServerVersion, WireOperator};
use cwql::{Code, Format, Query, Severity};
use serde_json::{Value, json};

use super::generate::{self, Kind, LABELS, NAMES, NUMBERS, STORED_DATES, TEXTS, VERSIONS, World};

/// What a query compiles to is read back to a query that means the same; an arbitrary payload is refused, or read back
/// to a query with the same matches as the payload.
pub fn decompile(data: &[u8]) {
    let _ = try_decompile(&mut Unstructured::new(data));
}

fn try_decompile(u: &mut Unstructured<'_>) -> Result<()> {
    let schema = Schema { zone: super::zone(u)?, rolling: u.ratio(1, 4)?, ..super::schema(*u.choose(VERSIONS)?) };
    let world = World::of(u)?;
    let compiled = u.ratio(1, 3)?;
    let text = if compiled { generate::query(u, world)? } else { body(u, world)? };
    let rows = generate::sound_rows(u, world)?;
    let sandbox = super::sandbox(&rows, schema.version);
    if !compiled {
        read_back(&text, &schema, &rows, &sandbox);
        return Ok(());
    }
    let Ok(query) = Query::new(&text, &schema) else { return Ok(()) };
    let superset = query.plan().superset().to_body();
    read_back(&superset, &schema, &rows, &sandbox);
    if let Ok(payload) = query.payload() {
        let again = cwql::decompile(&payload.to_json(), &schema);
        let again = again.unwrap_or_else(|problems| panic!("{text}\n{}\n{problems}", payload.to_json()));
        let (meant, found) = [query.filter(), &again.filter].map(|filter| super::meant(filter, &schema, &rows)).into();
        assert_eq!(meant, found, "{text}\n{}\n{}", payload.to_json(), again.text);
    }
    Ok(())
}

/// A body that the server answers is refused for want of words, or read back to a query that finds what it finds; one
/// that the server refuses is refused, or said to have been mended.
pub(super) fn read_back(body: &str, schema: &Schema, rows: &[Value], sandbox: &Sandbox) {
    let answer = sandbox.filter(User::Admin, body.as_bytes(), None);
    let unknown = Schema { account: None, ..schema.clone() };
    if let Ok(guessed) = cwql::decompile(body, &unknown) {
        Query::new(&guessed.text, &unknown).unwrap_or_else(|problems| panic!("{body}\n{}\n{problems}", guessed.text));
    }
    let again = match cwql::decompile(body, schema) {
        Ok(again) => again,
        Err(problems) => {
            let _ = problems.render(Format::Plain, "payload");
            let wordless = |code| matches!(code, Code::PayloadNotSayable | Code::QueryTooLarge);
            assert!(
                answer.status != 200 || problems.iter().all(|problem| wordless(problem.code)),
                "{body}\n{problems}"
            );
            return;
        }
    };
    let _ = again.warnings.render(Format::Plain, "payload");
    assert!(again.warnings.iter().all(|warning| warning.severity() == Severity::Warning));
    if answer.status != 200 {
        let mended = [Code::PayloadTrailingOperator, Code::PayloadValuesNotArray];
        // The array alone, a saved view, and what a file may have around its JSON are forms of our own.
        let around = body.trim() != body.trim_matches([' ', '\t', '\r', '\n']) || body.starts_with('\u{feff}');
        let ours = around || body.trim_start().starts_with('[') || body.contains("\"query\"");
        let said = again.warnings.iter().any(|warning| mended.contains(&warning.code));
        assert!(ours || said, "refused with {}: {body}\n{}", answer.status, again.text);
        return;
    }
    let expected = answer.matches.iter().copied().collect();
    assert_eq!(super::meant(&again.filter, schema, rows), expected, "{body}\n{}\n{}", again.text, schema.version);
    let query = match Query::new(&again.text, schema) {
        Ok(query) => query,
        Err(problems) => panic!("{body}\n{}\n{problems}", again.text),
    };
    let found = super::brought(query.plan(), schema, rows, sandbox);
    let plan = query.plan().to_tree(&[]);
    assert_eq!(found, Some(expected), "{body}\n{}\n{}\n{plan}", again.text, schema.version);
}

fn known() -> &'static Account {
    static KNOWN: std::sync::OnceLock<Account> = std::sync::OnceLock::new();
    KNOWN.get_or_init(|| super::schema(ServerVersion::LATEST).account.unwrap())
}

/// A request's body: most often one that the server can answer.
fn body(u: &mut Unstructured<'_>, world: World) -> Result<String> {
    let mut conditions = Vec::new();
    let count = u.int_in_range(0..=8)?;
    for i in 0..count {
        conditions.push(condition(u, world, i + 1 == count)?);
    }
    if u.ratio(1, 32)? {
        conditions.insert(u.choose_index(conditions.len() + 1)?, Value::Null);
    }
    let payload = Value::Array(conditions);
    Ok(match u.int_in_range(0..=31)? {
        0 => payload.to_string(),
        1 => json!({"query": {"payload": payload}}).to_string(),
        2 => json!({"payload": payload, "page": 1}).to_string(),
        _ => json!({ "payload": payload }).to_string(),
    })
}

fn condition(u: &mut Unstructured<'_>, world: World, last: bool) -> Result<Value> {
    let (key, kind) = match u.int_in_range(0..=15)? {
        0 => (
            u.choose(&["contact_score", "customer_tier", "name", "email", "city", "Status", ""])?.to_string(),
            Kind::Text,
        ),
        1 => (u.arbitrary::<&str>()?.to_owned(), Kind::Text),
        2..=8 => {
            let definition = u.choose(known().definitions())?;
            let named = NAMES.iter().find(|(name, _)| *name == definition.key).map_or(Kind::Text, |(_, kind)| *kind);
            (definition.key.clone(), named)
        }
        _ => {
            let info = u.choose(STANDARD)?;
            let named = |name: &str| NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
            let kind = match info.key {
                "labels" => Kind::Labels,
                "display_id" => Kind::Display,
                key => named(key).or_else(|| named(key.trim_end_matches("_id"))).unwrap_or(Kind::Text),
            };
            (info.key.to_owned(), kind)
        }
    };
    let operator = match u.int_in_range(0..=15)? {
        0 => u.arbitrary::<&str>()?.to_owned(),
        1 => u.choose(&["starts_with", "is_not_equal_to", "EQUAL_TO", ""])?.to_string(),
        _ => {
            use WireOperator as W;
            let all = [
                W::EqualTo,
                W::NotEqualTo,
                W::EqualTo,
                W::NotEqualTo,
                W::Contains,
                W::DoesNotContain,
                W::IsPresent,
                W::IsNotPresent,
                W::IsGreaterThan,
                W::IsLessThan,
                W::DaysBefore,
            ];
            u.choose(&all)?.as_str().to_owned()
        }
    };
    let mut written = serde_json::Map::new();
    written.insert("attribute_key".to_owned(), json!(key));
    written.insert("filter_operator".to_owned(), json!(operator));
    if !u.ratio(1, 32)? {
        written.insert("values".to_owned(), values(u, world, kind)?);
    }
    let operator = match u.int_in_range(0..=31)? {
        0 => u.choose(&[json!("xor"), json!(""), json!(["AND"]), json!(1), json!({}), json!("And ")])?.clone(),
        1 => json!("or"),
        2 => json!("And"),
        3 => Value::Null,
        _ if last => Value::Null,
        n if n % 2 == 0 => json!("AND"),
        _ => json!("OR"),
    };
    if operator != Value::Null || u.arbitrary()? {
        written.insert("query_operator".to_owned(), operator);
    }
    if u.ratio(1, 8)? {
        let model = u.choose(&["conversation_attribute", "contact_attribute", "", "standard", "nothing"])?;
        written.insert("custom_attribute_type".to_owned(), json!(model));
    }
    if u.ratio(1, 16)? {
        written.insert("attribute_model".to_owned(), json!("standard"));
    }
    Ok(Value::Object(written))
}

fn values(u: &mut Unstructured<'_>, world: World, kind: Kind) -> Result<Value> {
    Ok(match u.int_in_range(0..=31)? {
        0 => value(u, world, kind)?,
        1 => json!({"id": value(u, world, kind)?}),
        2 => json!([{"id": value(u, world, kind)?, "name": "x"}]),
        3 => json!([]),
        4 => Value::Null,
        5 => json!([value(u, world, kind)?, null]),
        6 => json!([[value(u, world, kind)?]]),
        _ => {
            let count = u.int_in_range(1..=3)?;
            Value::Array((0..count).map(|_| value(u, world, kind)).collect::<Result<_>>()?)
        }
    })
}

fn value(u: &mut Unstructured<'_>, world: World, kind: Kind) -> Result<Value> {
    let text = |text: &str| Value::String(text.to_owned());
    Ok(match u.int_in_range(0..=23)? {
        0 => text(u.arbitrary()?),
        1 => text(world.pick(u, TEXTS)?),
        2 => json!(u.arbitrary::<i64>()?),
        3 => serde_json::Number::from_f64(u.arbitrary()?).map_or(Value::Null, Value::Number),
        4 => serde_json::from_str(world.pick(u, NUMBERS)?).unwrap_or(Value::Null),
        5 => json!(u.arbitrary::<bool>()?),
        6 => text(world.pick(u, STORED_DATES)?),
        7 => text(u.choose(&["all", "none", "nil", "%a%", "a\\%", "_a", "__", "%%", "a b", "today", "t", "off"])?),
        8 => text(u.choose(&["7", "7 days", "-3", "0", "1e1", "36500", "999999999999", "2026-06-15T23:59:59Z"])?),
        _ => match kind {
            Kind::Word(words) => text(generate::pick(u, words)?),
            Kind::Id(_) => {
                u.choose(&[json!(11), json!(12), json!(31), json!("3"), json!(8), json!(1001), json!(71)])?.clone()
            }
            Kind::Display => json!(u.int_in_range(0..=13)?),
            Kind::Labels => text(world.pick(u, LABELS)?),
            Kind::Text => text(world.pick(u, TEXTS)?),
            Kind::Time | Kind::Date => text(world.pick(u, STORED_DATES)?),
            Kind::Number => text(world.pick(u, NUMBERS)?),
            Kind::Boolean => u.choose(&[json!(true), json!(false), json!("true"), json!("f")])?.clone(),
        },
    })
}
