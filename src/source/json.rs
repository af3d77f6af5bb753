//! What a JSON reader says, for people.

/// What is wrong with a JSON text, with types as JSON's users call them, and the column. The line is told by who knows
/// of which file the text is a part.
pub(crate) fn in_words(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let placed = said.rsplit_once(" at line ").filter(|_| error.line() > 0);
    let reason = placed.map_or(said.as_str(), |(reason, _)| reason);
    let words = [
        ("expected i64", "expected a whole number"),
        ("expected u64", "expected a whole number"),
        ("expected a sequence", "expected an array"),
        ("expected a map", "expected an object"),
        ("invalid type: map", "invalid type: an object"),
        ("invalid type: sequence", "invalid type: an array"),
    ];
    let reason = words.iter().fold(reason.to_owned(), |text, (name, word)| text.replace(name, word));
    if placed.is_some() { format!("{reason} at column {}", error.column()) } else { reason }
}
