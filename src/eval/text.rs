//! Text as PostgreSQL (libc provider, `en_US.UTF-8`) and Ruby treat it.

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
    ///
    /// On a mismatch only the last `%` takes one more character: an earlier one never needs to,
    /// which keeps the worst case at pattern times text.
    #[cfg(any(feature = "sandbox", test))]
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().map(simple_lower).collect();
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
                (Some(LikeToken::Literal(_, want)), Some(have)) if want == have => {
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
