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
    Literal(char),
}

impl LikePattern {
    /// Compiles a pattern. A `\` with nothing after it stands for itself: PostgreSQL refuses it,
    /// but no pattern ends so, for the server always appends `%`.
    pub(crate) fn new(pattern: &str) -> Self {
        let mut tokens = Vec::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            tokens.push(match c {
                '%' => LikeToken::AnyText,
                '_' => LikeToken::AnyOne,
                '\\' => LikeToken::Literal(simple_lower(chars.next().unwrap_or('\\'))),
                other => LikeToken::Literal(simple_lower(other)),
            });
        }
        Self(tokens)
    }

    /// Whether the whole text matches, whatever its case.
    ///
    /// On a mismatch only the last `%` takes one more character: an earlier one never needs to,
    /// which keeps the worst case at pattern times text.
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
                (Some(LikeToken::Literal(want)), Some(have)) if want == have => {
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
}
