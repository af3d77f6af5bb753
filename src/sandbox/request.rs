//! The query string of a request as Rails nests it, and its pages.

/// Where a page starts; `None` is past what PostgreSQL can count, a 500.
///
/// Pages below 1 are page 1.
pub(super) fn page_offset(page: i64) -> Option<usize> {
    let skipped = page.saturating_sub(1).max(0);
    let offset = skipped.checked_mul(i64::try_from(super::PAGE_SIZE).ok()?)?;
    Some(usize::try_from(offset).unwrap_or(usize::MAX))
}

/// The parameters of a query string as Rails nests them: one level of `name[]`.
#[derive(Debug, Clone, Default)]
pub(super) struct Params(Vec<(String, Param)>);

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Param {
    One(String),
    Many(Vec<String>),
}

impl Params {
    /// The last of two equal names wins; `name[]` collects.
    pub(super) fn new<K: AsRef<str>, V: AsRef<str>>(pairs: &[(K, V)]) -> Self {
        let mut params: Vec<(String, Param)> = Vec::new();
        for (key, value) in pairs {
            let (key, value) = (key.as_ref(), value.as_ref());
            let name = key.strip_suffix("[]").unwrap_or(key);
            let known = params.iter_mut().find(|(known, _)| known == name).map(|(_, param)| param);
            match known {
                Some(Param::Many(values)) if name != key => values.push(value.to_owned()),
                known => {
                    let param =
                        if name == key { Param::One(value.to_owned()) } else { Param::Many(vec![value.to_owned()]) };
                    match known {
                        Some(known) => *known = param,
                        None => params.push((name.to_owned(), param)),
                    }
                }
            }
        }
        Self(params)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Param> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, param)| param)
    }

    /// A parameter that is one text.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Param::One(text) => Some(text),
            Param::Many(_) => None,
        }
    }
}

impl Param {
    pub(super) fn values(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(values) => values,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_beyond_the_counter_are_an_error() {
        assert_eq!(page_offset(-5), Some(0));
        assert_eq!(page_offset(3), Some(50));
        assert_eq!(page_offset(368_934_881_474_191_033), Some(9_223_372_036_854_775_800));
        assert_eq!(page_offset(368_934_881_474_191_034), None);
    }
}
