//! `cwql fields`: the attributes, generated from the tables that define them.

use std::io::{self, Write as _};

use super::args::{FieldsArgs, GlobalArgs};
use super::context::Context;
use super::language::allowed;
use super::names::quoted;
use super::output::{no_room, printable};
use super::sandbox::offline_schema;
use super::table::Table;
use super::{Exit, Failure};
use crate::check::spellings;
use crate::schema::{LOCAL, OperatorGroup, STANDARD, Schema, ValueType};

pub(super) fn fields(args: &FieldsArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    let schema = offline_schema(global, args.demo)?;
    let mut rows = rows(&schema);
    if let Some(name) = &args.name {
        let all = rows.clone();
        rows.retain(|[names, ..]| names.contains(name.as_str()));
        if rows.is_empty() {
            context.note(&none_is_called(name, &all));
            return Ok(Exit::Nothing);
        }
    }
    let mut out = io::stdout().lock();
    let mut table = Table::new(["ATTRIBUTE", "OPERATORS", "BY", "WHAT IT IS"], &[0, 2], &[2, 3], context);
    write!(out, "{}", table.next(&rows))?;
    write!(out, "{}", no_room(&table.left_out()))?;
    if args.name.is_none() {
        let all = spellings(OperatorGroup::Presence).collect::<Vec<_>>().join(" and ");
        writeln!(
            out,
            "\nEvery attribute also takes {all}. NOT may stand before IN,\nCONTAINS, STARTS WITH, LIKE and BETWEEN. BY says who evaluates it; for what\nthe client evaluates more conversations are read."
        )?;
    }
    Ok(Exit::Found)
}

/// What is said where no attribute's name contains a text.
fn none_is_called(name: &str, rows: &[[String; 4]]) -> String {
    let known = rows.iter().flat_map(|[names, ..]| names.split(", "));
    let near = crate::nearest(name, known);
    let hint = if near.is_empty() {
        "`cwql fields` lists all of them".to_owned()
    } else {
        format!("perhaps {}", quoted(&near))
    };
    format!("no attribute's name contains `{name}`\n  {hint}")
}

fn rows(schema: &Schema) -> Vec<[String; 4]> {
    let mut rows = Vec::new();
    for info in STANDARD {
        if info.until.is_some_and(|until| schema.version >= until) {
            continue;
        }
        let names: Vec<&str> = info.aliases.iter().copied().chain([info.key]).collect();
        let by = if info.exists_in(schema.version) { "server" } else { "client" };
        rows.push([names.join(", "), allowed(info.operators()), by.to_owned(), info.about.to_owned()]);
    }
    for definition in schema.definitions() {
        let value_type = definition.kind.value_type();
        let by = match definition.kind.hindrance(&definition.key, schema.version) {
            None => "server",
            Some(_) => "client",
        };
        let about = if definition.values.is_empty() {
            format!("custom attribute, {}", definition.kind.name())
        } else {
            format!("custom attribute, list: {}", definition.values.join(", "))
        };
        let name = printable(&format!("custom.{}", definition.key));
        rows.push([name, allowed(value_type.operators()), by.to_owned(), printable(&about)]);
    }
    if !schema.knows_custom() {
        rows.push([
            "custom.KEY".to_owned(),
            "by its type".to_owned(),
            "server".to_owned(),
            "a custom attribute of conversations".to_owned(),
        ]);
    }
    for info in LOCAL {
        rows.push([
            info.name.to_owned(),
            allowed(info.value_type.operators()),
            "client".to_owned(),
            info.about.to_owned(),
        ]);
    }
    let text = allowed(ValueType::Text(crate::schema::Case::Ignored).operators());
    rows.push([
        "contact.custom.KEY".to_owned(),
        text.clone(),
        "client".to_owned(),
        "a custom attribute of the contact".to_owned(),
    ]);
    rows.push(["additional.KEY".to_owned(), text, "client".to_owned(), "any other additional attribute".to_owned()]);
    rows
}
