//! Text as PostgreSQL (libc provider, `en_US.UTF-8`) and Ruby treat it.

use crate::schema::Case;

/// PostgreSQL's `LOWER`: one character becomes one character.
///
/// The C library maps with the *simple* lower case of each character, so `İ` becomes a plain `i`
/// (Unicode's full mapping adds a combining dot) and `Σ` becomes `σ` wherever it stands.
pub(crate) fn pg_lower(text: &str) -> String {
    text.chars().map(simple_lower).collect()
}

/// The first character of the full mapping is the simple mapping for every character that has both.
fn simple_lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// Ruby's `String#downcase`: the full mapping of each character, without regard to its neighbours.
///
/// `str::to_lowercase` differs: it turns a word's last `Σ` into `ς`.
pub(crate) fn ruby_downcase(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Ruby's `String#strip`: ASCII white space and NUL at both ends, and nothing else.
///
/// A no-break space or an ideographic space stays.
pub(crate) fn ruby_strip(text: &str) -> &str {
    text.trim_matches(|c| matches!(c, '\0' | '\t' | '\n' | '\x0b' | '\x0c' | '\r' | ' '))
}

/// Ruby's `blank?` of a string: empty or white space only, in Unicode's sense.
pub(crate) fn ruby_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// A compiled `ILIKE` pattern: `%` is any text, `_` one character, `\` takes the next one literally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LikePattern(Vec<LikeToken>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LikeToken {
    AnyText,
    AnyOne,
    /// A character as it was written, and in lower case.
    Literal(char, char),
}

/// What a pattern asks of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LikeMeaning {
    /// Nothing: there is a text.
    Anything,
    /// It has a character.
    NotEmpty,
    /// It contains this text, in any case.
    Contains(String),
    /// Something else, for a wildcard stands inside.
    Other,
}

impl LikePattern {
    /// Compiles a pattern. A `\` with nothing after it stands for itself: PostgreSQL refuses it,
    /// but no pattern ends so, for the server always appends `%`.
    pub(crate) fn new(pattern: &str) -> Self {
        let literal = |c| LikeToken::Literal(c, simple_lower(c));
        let mut tokens = Vec::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            tokens.push(match c {
                '%' => LikeToken::AnyText,
                '_' => LikeToken::AnyOne,
                '\\' => literal(chars.next().unwrap_or('\\')),
                other => literal(other),
            });
        }
        Self(tokens)
    }

    /// The pattern as [`LikePattern::new`] reads it, the same for all that have the same tokens.
    pub(crate) fn written(&self) -> String {
        write(&self.0)
    }

    /// The value of the server's `contains` that asks the same as the pattern, or less; and whether it asks the same. The
    /// server strips it, and puts `%` at both ends.
    pub(crate) fn value(&self) -> (String, bool) {
        let any = |token: &LikeToken| *token == LikeToken::AnyText;
        let begins = self.0.iter().take_while(|token| any(token)).count();
        let body = self.0.get(begins..).unwrap_or_default();
        let ends = body.iter().rev().take_while(|token| any(token)).count();
        let body = body.get(..body.len() - ends).unwrap_or_default();
        // What ends in a percent sign ends in the server's own, if that is escaped.
        let exact = match (begins > 0, ends > 0, body.split_last()) {
            (true, true, _) => Some(write(body)),
            (true, false, Some((LikeToken::Literal('%', _), before))) => Some(write(before) + "\\"),
            _ => None,
        };
        match exact.filter(|value| ruby_strip(value).len() == value.len()) {
            Some(value) => (value, true),
            None => (ruby_strip(&write(body)).to_owned(), false),
        }
    }

    /// The longest text that is part of whatever the pattern matches.
    pub(crate) fn longest_text(&self) -> String {
        let literal = |token: &LikeToken| match token {
            LikeToken::Literal(written, _) => Some(*written),
            _ => None,
        };
        let texts = self.0.split(|token| literal(token).is_none());
        texts.max_by_key(|text| text.len()).unwrap_or_default().iter().filter_map(literal).collect()
    }

    /// What the pattern asks, in the words of a query.
    pub(crate) fn meaning(&self) -> LikeMeaning {
        let any = |token: &LikeToken| *token == LikeToken::AnyText;
        // An escaped `%` may have taken the place of the one that the server appends.
        let open = self.0.first().is_some_and(any) && self.0.last().is_some_and(any);
        let inner: Vec<&LikeToken> = self.0.iter().filter(|token| !any(token)).collect();
        let pieces = self.0.split(any).filter(|piece| !piece.is_empty()).count();
        let text: Option<String> = inner
            .iter()
            .map(|token| match token {
                LikeToken::Literal(written, _) => Some(*written),
                _ => None,
            })
            .collect();
        match (inner.as_slice(), text) {
            _ if !open => LikeMeaning::Other,
            ([], _) => LikeMeaning::Anything,
            ([LikeToken::AnyOne], _) => LikeMeaning::NotEmpty,
            (_, Some(text)) if pieces == 1 => LikeMeaning::Contains(text),
            _ => LikeMeaning::Other,
        }
    }

    /// Whether the whole text matches, whatever its case.
    #[cfg(any(feature = "sandbox", test))]
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.matches_in(text, Case::Ignored)
    }

    /// Whether the whole text matches.
    ///
    /// On a mismatch only the last `%` takes one more character: an earlier one never needs to,
    /// which keeps the worst case at pattern times text.
    pub(crate) fn matches_in(&self, text: &str, case: Case) -> bool {
        let text: Vec<char> = match case {
            Case::Ignored => text.chars().map(simple_lower).collect(),
            Case::Sensitive => text.chars().collect(),
        };
        let (mut at, mut token) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        loop {
            match (self.0.get(token), text.get(at)) {
                (Some(LikeToken::AnyText), _) => {
                    retry = Some((token + 1, at));
                    token += 1;
                    continue;
                }
                (Some(LikeToken::AnyOne), Some(_)) => {
                    token += 1;
                    at += 1;
                    continue;
                }
                (Some(LikeToken::Literal(written, lower)), Some(have))
                    if *have == if case == Case::Ignored { *lower } else { *written } =>
                {
                    token += 1;
                    at += 1;
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            match retry {
                Some((after_any, from)) if from < text.len() => {
                    retry = Some((after_any, from + 1));
                    token = after_any;
                    at = from + 1;
                }
                _ => return false,
            }
        }
    }
}

fn write(tokens: &[LikeToken]) -> String {
    let mut out = String::new();
    for (i, token) in tokens.iter().enumerate() {
        match token {
            LikeToken::AnyText if tokens.get(i + 1) == Some(&LikeToken::AnyText) => {}
            LikeToken::AnyText => out.push('%'),
            LikeToken::AnyOne => out.push('_'),
            LikeToken::Literal(written, _) => {
                if matches!(written, '%' | '_' | '\\') {
                    out.push('\\');
                }
                out.push(*written);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ilike(text: &str, pattern: &str) -> bool {
        LikePattern::new(pattern).matches(text)
    }

    #[test]
    fn lower_keeps_the_number_of_characters() {
        assert_eq!(pg_lower("İSTANBUL ΣΊΣΥΦΟΣ Straße"), "istanbul σίσυφοσ straße");
        assert_eq!(ruby_downcase("İ ΣΊΣΥΦΟΣ"), "i\u{307} σίσυφοσ");
    }

    #[test]
    fn strip_takes_ascii_white_space_and_nul_only() {
        assert_eq!(ruby_strip(" \t\0a b\n\0"), "a b");
        assert_eq!(ruby_strip("\u{a0}a\u{3000}"), "\u{a0}a\u{3000}");
    }

    #[test]
    fn like_knows_its_wildcards_and_its_escape() {
        assert!(ilike("Invoice 100% paid", "%100\\%%"));
        assert!(!ilike("Invoice 1000 paid", "%100\\%%"));
        assert!(ilike("Invoice 1000 paid", "%100%%"));
        assert!(ilike("C:temp", "%C:\\temp%"));
        assert!(!ilike("C:\\temp", "%C:\\temp%"));
        assert!(ilike("ends with %", "%\\%"));
        assert!(!ilike("% first", "%\\%"));
        assert!(ilike("aXb", "a_b"));
        assert!(!ilike("ab", "a_b"));
        assert!(ilike("ÉCOLE", "%école%"));
        assert!(ilike("", "%%"));
        assert!(ilike("abcabd", "%ab_"));
        assert!(!ilike("abcabde", "%ab_"));
        assert!(ilike("mississippi", "%iss%pi"));
    }

    /// What a server with the value of `contains` matches is what the pattern does, or at least all of that.
    #[test]
    fn a_value_of_contains_asks_what_the_pattern_does_or_less() {
        let texts = ["", "a", "A", "ab", "a_b", "axb", "xaxbx", "a%", "xa%", "a%b", "a\\b", " a ", "\\", "%", "_"];
        let pieces = ["%", "_", "a", "b", "\\%", "\\_", "\\\\", " "];
        let (mut exact, mut looser) = (0, 0);
        for number in 0..pieces.len().pow(5) {
            let digits = (0..5).scan(number, |rest, _| {
                let piece = pieces[*rest % pieces.len()];
                *rest /= pieces.len();
                Some(piece)
            });
            let written: String = digits.collect();
            let pattern = LikePattern::new(&written);
            let (value, is_exact) = pattern.value();
            assert_eq!(ruby_strip(&value), value, "{written}");
            let sent = LikePattern::new(&format!("%{value}%"));
            for text in texts {
                let (asked, found) = (pattern.matches(text), sent.matches(text));
                assert!(found || !asked, "{written}: {value} misses {text}");
                assert!(found == asked || !is_exact, "{written}: {value} finds {text}");
                assert!(!asked || text.to_lowercase().contains(&pattern.longest_text()), "{written}: {text}");
            }
            assert!(
                texts.iter().all(|text| LikePattern::new(&pattern.written()).matches(text) == pattern.matches(text))
            );
            *if is_exact { &mut exact } else { &mut looser } += 1;
        }
        assert!(exact > 500 && looser > 10_000, "{exact} {looser}");
        let value = |pattern: &str| LikePattern::new(pattern).value();
        assert_eq!(value("%a_b%"), ("a_b".to_owned(), true));
        assert_eq!(value("%%\\a%%b\\%"), ("a%b\\".to_owned(), true));
        assert_eq!(value("a%b"), ("a%b".to_owned(), false));
        assert_eq!(value("% a_b%"), ("a_b".to_owned(), false));
        let longest = |pattern: &str| LikePattern::new(pattern).longest_text();
        assert_eq!([longest("%a\\%bc_d%"), longest("a%Bcd"), longest("%_")], ["a%bc", "Bcd", ""]);
    }

    #[test]
    fn case_counts_where_it_is_asked_for() {
        let matches = |text: &str, case| LikePattern::new("%É_b").matches_in(text, case);
        assert!(matches("xÉab", Case::Sensitive) && matches("XéAB", Case::Ignored));
        assert!(!matches("xéab", Case::Sensitive) && !matches("xÉaB", Case::Sensitive));
    }

    #[test]
    fn a_pattern_is_a_contained_text_unless_a_wildcard_stands_inside() {
        let meaning = |pattern: &str| LikePattern::new(pattern).meaning();
        assert_eq!(meaning("%Invoice%"), LikeMeaning::Contains("Invoice".to_owned()));
        assert_eq!(meaning("%%100\\%%%"), LikeMeaning::Contains("100%".to_owned()));
        assert_eq!(meaning("%%"), LikeMeaning::Anything);
        assert_eq!(meaning("%_%"), LikeMeaning::NotEmpty);
        for other in ["%a%b%", "%a_b%", "%a\\%", "%__%", "a%", "%_a%", ""] {
            assert_eq!(meaning(other), LikeMeaning::Other, "{other}");
        }
    }
}
