//! Which words are reserved: those of the table, in any case, and none that is only nearly one.
#![cfg_attr(test, allow(clippy::panic, reason = "tests may fail"))]

use cwql::parse;
use cwql::syntax::{Expr, KEYWORDS, Operand, is_bare_word, is_plain_name};

/// The value of `label = word`, if that is a condition.
fn value(word: &str) -> Option<String> {
    let text = format!("label = {word}");
    let parsed = parse(&text);
    match parsed.tree() {
        Some(Expr::Condition(condition)) if parsed.is_valid() => match &condition.operand {
            Operand::One(value) => Some(value.text(&text).into_owned()),
            _ => None,
        },
        _ => None,
    }
}

/// One letter makes a reserved word another one: `smarts`, `messing` and `curtains` are values like any.
#[test]
fn a_reserved_word_with_another_letter_is_a_word() {
    let mut compared = 0;
    for (keyword, _) in KEYWORDS {
        for at in 0..keyword.len() {
            for letter in 'A'..='Z' {
                let mut word = (*keyword).to_owned();
                word.replace_range(at..=at, letter.encode_utf8(&mut [0; 4]));
                let reserved = KEYWORDS.iter().any(|(other, _)| *other == word);
                for word in [word.to_lowercase(), word] {
                    assert_eq!((is_bare_word(&word), is_plain_name(&word)), (!reserved, !reserved), "{word}");
                    assert_eq!(value(&word), (!reserved).then(|| word.clone()), "{word}");
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 63 * 26 * 2);
    for word in ["smarts", "messing", "curtains"] {
        assert_eq!(value(word).as_deref(), Some(word));
    }
}
