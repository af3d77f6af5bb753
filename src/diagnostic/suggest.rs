//! Did-you-mean: the candidates nearest to what was typed, with a threshold.

/// The largest number of candidates that a message lists.
const SHOWN: usize = 6;

/// The candidates near `typed`, nearest first, none where nothing is near.
///
/// Near is an edit distance (Damerau: a swap of neighbours counts once, case differences are free) of at
/// most a third of the longer word's length, so that `pendng` finds `pending` and `xyz` finds nothing.
///
/// ```
/// # use cwql::nearest;
/// assert_eq!(nearest("pendng", ["open", "pending"]), ["pending"]);
/// assert!(nearest("xyz", ["open", "low"]).is_empty());
/// ```
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    nearest_within(typed, candidates, |length| length / 3)
}

/// The candidates near `typed`; where nothing is, those that it is a part of: each of its words begins one of theirs.
pub(crate) fn nearest_or_longer<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let near = nearest(typed, candidates.iter().copied());
    if near.is_empty() { longer(typed, candidates) } else { near }
}

/// The candidates that a name is a part of: each of its words begins one of theirs, in any case.
pub(crate) fn longer<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let typed = fold(typed);
    let words = |name: &[char]| -> Vec<String> {
        let words = name.split(|c| matches!(c, '_' | '.' | '@')).map(|word| word.iter().collect());
        words.filter(|word: &String| !word.is_empty()).collect()
    };
    let parts = words(&typed);
    if typed.len() < 3 || parts.is_empty() {
        return Vec::new();
    }
    let holds = |candidate: &&str| {
        let words = words(&fold(candidate));
        parts.iter().all(|part| words.iter().any(|word| word.starts_with(part.as_str())))
    };
    candidates.into_iter().filter(holds).take(SHOWN).collect()
}

/// As [`nearest`], with another distance allowed for words of a length.
pub(crate) fn nearest_within<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    limit: impl Fn(usize) -> usize,
) -> Vec<&'a str> {
    let typed: Vec<char> = fold(typed);
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let folded = fold(candidate);
            let limit = limit(typed.len().max(folded.len()));
            // Lengths alone rule most candidates out.
            if typed.len().abs_diff(folded.len()) > limit {
                return None;
            }
            let distance = distance(&typed, &folded);
            (distance <= limit).then_some((distance, candidate))
        })
        .collect();
    near.sort_by_key(|&(distance, _)| distance);
    near.dedup();
    near.into_iter().take(SHOWN).map(|(_, candidate)| candidate).collect()
}

fn fold(text: &str) -> Vec<char> {
    // A name longer than this is not a typing mistake of another.
    text.chars().take(64).flat_map(char::to_lowercase).map(|c| if c == '-' || c == ' ' { '_' } else { c }).collect()
}

/// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one each.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut previous_a = None;
    for (i, &x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(above.len());
        row.push(i + 1);
        let mut previous_b = None;
        for (j, &y) in b.iter().enumerate() {
            let at = |cells: &[usize], k: usize| cells.get(k).copied().unwrap_or(usize::MAX - 1);
            let mut cost = (at(&above, j) + usize::from(x != y)).min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            if j > 0 && previous_a == Some(y) && previous_b == Some(x) {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
            previous_b = Some(y);
        }
        before = std::mem::replace(&mut above, row);
        previous_a = Some(x);
    }
    above.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_of_neighbours_is_one_mistake() {
        assert_eq!(nearest("staus", ["status", "labels"]), ["status"]);
        assert_eq!(nearest("pirority", ["priority"]), ["priority"]);
        assert_eq!(distance(&fold("ab"), &fold("ba")), 1);
    }

    #[test]
    fn nothing_is_near_to_xyz() {
        assert!(nearest("xyz", ["open", "team", "label", "id"]).is_empty());
    }

    #[test]
    fn a_part_of_a_name_finds_it() {
        let names = ["Priya Raman", "Bob Stone", "Bob Stoner", "contact.phone_number", "unread_count"];
        assert_eq!(longer("priya", names), ["Priya Raman"]);
        assert_eq!(longer("bob st", names), ["Bob Stone", "Bob Stoner"]);
        assert_eq!(longer("stone bob", names), ["Bob Stone", "Bob Stoner"]);
        assert_eq!(nearest_or_longer("phone", names), ["contact.phone_number"]);
        assert_eq!(nearest_or_longer("unread", names), ["unread_count"]);
        for none in ["", "_", "b", "bo", "rama priyas", "ob stone"] {
            assert!(longer(none, names).is_empty(), "{none}");
        }
    }

    #[test]
    fn blanks_dashes_and_case_are_near() {
        assert_eq!(nearest("Last-Activity at", ["last_activity_at"]), ["last_activity_at"]);
    }
}
