//! The order of texts under the C library's `en_US.UTF-8`, as far as Latin letters go.
//!
//! Only servers before 4.11.2 compare text with `<` and `>`. Texts are compared letter by letter
//! without punctuation, accents and case, then by accents, then by case, then by punctuation, at
//! last by bytes. Beyond Latin-1 the order of letters is that of their code points, which is an
//! approximation, as is that of punctuation beyond ASCII.

use std::cmp::Ordering;

/// White space, punctuation and signs of ASCII, in their order: they only break ties, as do all beyond ASCII.
const PUNCTUATION: &str = " !\"#%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/// Signs of currencies, which come before the digits as these do before the letters.
const CURRENCIES: &str = "¤¢$£¥€";

/// Letters that are compared as two, and differ from them as an accent does.
const LIGATURES: &[(char, &str)] = &[('ß', "ss"), ('æ', "ae"), ('œ', "oe")];

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

/// What one letter weighs at each level.
struct Weight {
    /// `None` for what is no letter or digit.
    base: Option<u32>,
    accent: usize,
    upper: bool,
    /// The place in [`PUNCTUATION`]; letters come after all of it.
    punctuation: usize,
}

fn weights(c: char, list: &mut Vec<Weight>) {
    let nothing = Weight { base: None, accent: 0, upper: false, punctuation: usize::MAX };
    let lower = c.to_lowercase().next().unwrap_or(c);
    if let Some((_, letters)) = LIGATURES.iter().find(|(ligature, _)| *ligature == lower) {
        list.extend(letters.chars().map(|base| Weight {
            base: Some(base.into()),
            accent: usize::MAX,
            upper: lower != c,
            ..nothing
        }));
        return;
    }
    list.push(if ('\u{300}'..='\u{36f}').contains(&c) {
        Weight { accent: 1, ..nothing }
    } else if c.is_control() {
        Weight { punctuation: 0, ..nothing }
    } else if let Some(place) = PUNCTUATION.find(c) {
        Weight { punctuation: place + 1, ..nothing }
    } else if let Some(place) = CURRENCIES.chars().position(|currency| currency == c) {
        Weight { base: u32::try_from(place).ok(), ..nothing }
    } else if !c.is_alphanumeric() {
        Weight { punctuation: PUNCTUATION.len() + 1, ..nothing }
    } else {
        let accented = ACCENTED.iter().find_map(|(base, list)| {
            let position = list.chars().position(|a| a == lower)?;
            Some((*base, position + 1))
        });
        let (base, accent) = accented.unwrap_or((lower, 0));
        Weight { base: Some(base.into()), accent, upper: lower != c, ..nothing }
    });
}

/// Compares two texts as `<` and `>` do in PostgreSQL.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let weighed = |text: &str| {
        let mut list = Vec::with_capacity(text.len());
        text.chars().for_each(|c| weights(c, &mut list));
        list
    };
    let (left, right) = (weighed(a), weighed(b));
    // Accents and case count where there are letters (or an accent of its own) only.
    let lettered = |w: &&Weight| w.base.is_some() || w.accent > 0;
    let bases = |side: &[Weight]| -> Vec<u32> { side.iter().filter_map(|w| w.base).collect() };
    let accents = |side: &[Weight]| -> Vec<usize> { side.iter().filter(lettered).map(|w| w.accent).collect() };
    let cases = |side: &[Weight]| -> Vec<bool> { side.iter().filter(lettered).map(|w| w.upper).collect() };
    let signs = |side: &[Weight]| -> Vec<usize> { side.iter().map(|w| w.punctuation).collect() };
    bases(&left)
        .cmp(&bases(&right))
        .then_with(|| accents(&left).cmp(&accents(&right)))
        .then_with(|| cases(&left).cmp(&cases(&right)))
        .then_with(|| signs(&left).cmp(&signs(&right)))
        .then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn each_is_below_the_next() {
        let sorted = [
            "",
            " ",
            "-",
            "--",
            "[]",
            "\u{3000}",
            "🎉",
            "$5",
            "€",
            "42",
            "4.5",
            "50",
            "50%",
            "5%1",
            "51",
            "a_b",
            "ab",
            "a_B",
            "AB",
            "ana",
            "Ana",
            "cota",
            "Cota",
            "cotà",
            "cote",
            "Cote",
            "coté",
            "côte",
            " gold",
            "gold",
            "gold\u{1}",
            "gold\u{7f}",
            "gold ",
            "gold\u{a0}",
            "Gold",
            "gold plan",
            "i",
            "I",
            "i\u{307}",
            "j",
            "strasse",
            "straße",
            "strasze",
            "x\\y",
            "xz",
        ];
        for pair in sorted.windows(2) {
            assert!(compare(pair[0], pair[1]).is_lt(), "{pair:?}");
        }
    }
}
