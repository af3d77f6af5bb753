//! What the explanations of codes tell of limits and spellings is what the tables and constants say.

use super::value::{LONGEST_NUMBER, LONGEST_PLAIN};
use super::{YEARS, spellings};
use crate::diagnostic::{Code, catalogue};
use crate::schema::{OperatorGroup, Schema};
use crate::syntax::{KEYWORDS, MAX_BYTES, MAX_CONDITIONS, MAX_DEPTH, MAX_ERRORS, SYMBOLS, TokenKind, parse, sign};

fn told(text: &str) -> String {
    let parsed = parse(text);
    let said = match super::check(&parsed, &Schema::default()) {
        Ok(checked) => checked.warnings,
        Err(errors) => errors,
    };
    said.iter().map(|problem| format!("{} {}\n", problem.message, problem.help.clone().unwrap_or_default())).collect()
}

#[test]
fn explanations_tell_the_limits() {
    let years = format!("years {} to {}", YEARS.start(), YEARS.end());
    let conditions = format!("{},{:03}", MAX_CONDITIONS / 1000, MAX_CONDITIONS % 1000);
    for (code, limit) in [
        (Code::QueryTooLarge, format!("{} MiB", MAX_BYTES >> 20)),
        (Code::TooDeep, format!("more than {MAX_DEPTH} deep")),
        (Code::TooDeep, format!("nested {} deep", crate::Filter::MAX_DEPTH)),
        (Code::TooManyConditions, format!("more than {conditions} conditions")),
        (Code::TooManyErrors, format!("more than {MAX_ERRORS} mistakes")),
        (Code::DateOutOfRange, years.clone()),
        (Code::DateOutOfRange, format!("Before {} ", YEARS.start())),
        (Code::PayloadNotSayable, years.clone()),
        (Code::PayloadNotSayable, format!("more than {LONGEST_PLAIN} characters")),
        (Code::PayloadNoMatch, format!("beyond the year {}", YEARS.end())),
    ] {
        assert!(code.explanation().contains(&limit), "{code} does not tell {limit:?}");
    }
    assert!(told("created_at > 1200-01-01").contains(&years));
    let long = format!("unread_count > {}", "1".repeat(LONGEST_PLAIN + 1));
    assert!(told(&long).contains(&format!("{LONGEST_PLAIN} characters, {LONGEST_NUMBER} with an exponent")));
}

#[test]
fn explanations_tell_every_reserved_word_and_operator() {
    for (word, _) in KEYWORDS {
        let listed = |text: &str| text.split([' ', ',', '.']).any(|listed| listed == *word);
        assert!(listed(Code::KeywordValue.explanation()), "{word}");
    }
    let help = catalogue::expected_operator(crate::Span::at(0), "x", "status").help.unwrap();
    let others = ["==", "<>"];
    let signs = SYMBOLS
        .iter()
        .filter(|(spelling, symbol)| sign(TokenKind::Symbol(*symbol)).is_some() && !others.contains(spelling));
    let words = OperatorGroup::ALL.into_iter().flat_map(spellings).filter(|word| !word.starts_with("NOT "));
    for spelling in signs.map(|(spelling, _)| *spelling).chain(words) {
        for text in [help.as_str(), Code::MissingOperator.explanation()] {
            let mut listed = text
                .split([',', '.', ':'])
                .map(|part| part.trim().trim_start_matches("the operators are ").trim_matches('`'));
            assert!(listed.any(|part| part == spelling), "{spelling} is not in {text:?}");
        }
    }
}
