//! PostgreSQL's text input of `boolean`.

/// Reads a boolean: white space around it and case do not matter, and a prefix of a word is enough
/// as long as it says which word (`o` could be `on` or `off`). `None` is PostgreSQL's error.
pub(crate) fn parse_pg_boolean(text: &str) -> Option<bool> {
    let text = trim_c_space(text).to_ascii_lowercase();
    if text.is_empty() {
        return None;
    }
    let starts = |word: &str| word.starts_with(text.as_str());
    if starts("true") || starts("yes") || text == "on" || text == "1" {
        Some(true)
    } else if starts("false") || starts("no") || (starts("off") && text.len() > 1) || text == "0" {
        Some(false)
    } else {
        None
    }
}

/// Removes what C's `isspace` accepts at both ends, as PostgreSQL's input functions do.
pub(crate) fn trim_c_space(text: &str) -> &str {
    text.trim_matches(is_c_space)
}

/// C's `isspace` in the "C" locale.
pub(crate) fn is_c_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r')
}

#[cfg(test)]
mod tests {
    use super::parse_pg_boolean;

    #[test]
    fn words_and_their_prefixes() {
        for yes in ["t", "tr", "TRUE", " true ", "y", "yes", "on", "1", "\tOn\n"] {
            assert_eq!(parse_pg_boolean(yes), Some(true), "{yes:?}");
        }
        for no in ["f", "false", "n", "No", "of", "OFF", "0"] {
            assert_eq!(parse_pg_boolean(no), Some(false), "{no:?}");
        }
        for bad in ["", " ", "o", "2", "01", "maybe", "truee", "tru e", "\u{a0}t"] {
            assert_eq!(parse_pg_boolean(bad), None, "{bad:?}");
        }
    }
}
