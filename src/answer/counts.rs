//! How many conversations there are.

use serde_json::Value;

use crate::eval::whole;

/// How many conversations there are, by whom they are assigned to, as far as the server tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Assigned to the token's user.
    pub mine: Option<u64>,
    /// Assigned to anybody.
    pub assigned: Option<u64>,
    /// Assigned to nobody.
    pub unassigned: Option<u64>,
    /// All.
    pub all: u64,
}

impl Counts {
    /// Reads the member `meta` of an answer; that of a filter has no `assigned_count`.
    pub(crate) fn of_meta(meta: &Value) -> Option<Self> {
        let count = |key: &str| meta.get(key).and_then(whole).and_then(|count| u64::try_from(count).ok());
        let all = count("all_count")?;
        let unassigned = count("unassigned_count");
        let others = || all.checked_sub(unassigned?);
        Some(Self { mine: count("mine_count"), assigned: count("assigned_count").or_else(others), unassigned, all })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn counts_may_be_texts_and_may_lack() {
        let read = |meta| Counts::of_meta(&meta);
        let all = Counts { mine: Some(1), assigned: Some(5), unassigned: Some(2), all: 7 };
        assert_eq!(
            read(json!({"mine_count": 1, "assigned_count": 5, "unassigned_count": 2, "all_count": 7})),
            Some(all)
        );
        assert_eq!(read(json!({"mine_count": "1", "unassigned_count": 2.0, "all_count": "7"})), Some(all));
        // What is not told is not known, and nothing is computed from it.
        assert_eq!(read(json!({"all_count": 7})), Some(Counts { all: 7, ..Counts::default() }));
        let assigned = json!({"all_count": 7, "assigned_count": 4, "mine_count": null, "unassigned_count": -1});
        assert_eq!(read(assigned), Some(Counts { assigned: Some(4), all: 7, ..Counts::default() }));
        assert_eq!(read(json!({"all_count": 7, "unassigned_count": 9})).and_then(|counts| counts.assigned), None);
        for none in [json!({}), json!(null), json!({"all_count": -1}), json!({"all_count": "many"})] {
            assert_eq!(read(none), None);
        }
    }
}
