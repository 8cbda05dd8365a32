//! Pages of a list.

use crate::refusal::Refusal;

/// A list that pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Flags,
    Experiments,
    Mutexes,
    Holdouts,
    Deployments,
    Versions,
}

/// More kinds of lists than there are.
const KINDS: u64 = 8;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) list: List,
    pub(crate) limit: usize,
    /// The number of the last entry that was read.
    after: Option<u64>,
}

impl Page {
    pub(crate) fn new(list: List, limit: usize, cursor: Option<&str>) -> Result<Self, Refusal> {
        let after = cursor.map(|cursor| read(list, cursor)).transpose()?;
        Ok(Self { list, limit, after })
    }

    /// Takes the page out of all entries, the newest first: the entries, and the cursor of the next
    /// page if there is one. Each entry has a number that falls.
    pub(crate) fn take<T>(
        &self,
        entries: impl Iterator<Item = (u64, T)>,
    ) -> (Vec<T>, Option<String>) {
        let mut rest = entries.filter(|(number, _)| self.after.is_none_or(|after| *number < after));
        let mut taken = Vec::new();
        let mut last = 0;
        while taken.len() < self.limit {
            let Some((number, entry)) = rest.next() else { return (taken, None) };
            last = number;
            taken.push(entry);
        }
        let next = rest.next().map(|_| write(self.list, last));
        (taken, next)
    }
}

/// A mark of a place that stays where it is when entries are added: digits, and no offset.
fn write(list: List, number: u64) -> String {
    (number * KINDS + list as u64).to_string()
}

fn read(list: List, cursor: &str) -> Result<u64, Refusal> {
    // Entries are numbered from 1, and Rust reads `+8` and `08` as well.
    let value = cursor.parse().ok().filter(|value: &u64| value.to_string() == cursor);
    match value.filter(|value| value % KINDS == list as u64 && *value >= KINDS) {
        Some(value) => Ok(value / KINDS),
        None => {
            let name = list.name();
            Err(Refusal::bad(format!("cursor: not one that a list of {name} has given")))
        }
    }
}

impl List {
    /// The member that holds the entries.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Flags => "flags",
            Self::Experiments => "experiments",
            Self::Mutexes => "mutexes",
            Self::Holdouts => "holdouts",
            Self::Deployments => "deployments",
            Self::Versions => "versions",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_also_when_entries_are_added() {
        let entries = |newest: u64| (1..=newest).rev().map(|number| (number, number));
        let first = Page::new(List::Flags, 2, None).unwrap();
        let (page, next) = first.take(entries(5));
        assert_eq!(page, [5, 4]);
        let second = Page::new(List::Flags, 2, next.as_deref()).unwrap();
        let (page, next) = second.take(entries(7));
        assert_eq!(page, [3, 2]);
        let last = Page::new(List::Flags, 2, next.as_deref()).unwrap();
        assert_eq!(last.take(entries(7)), (vec![1], None));
    }

    #[test]
    fn a_page_that_ends_with_the_list_has_no_next() {
        let page = Page::new(List::Flags, 2, None).unwrap();
        assert_eq!(page.take([(2, ()), (1, ())].into_iter()).1, None);
    }

    #[test]
    fn cursors_of_another_list_are_refused() {
        let cursor = write(List::Flags, 5);
        assert!(Page::new(List::Flags, 2, Some(&cursor)).is_ok());
        for (list, cursor) in [(List::Mutexes, cursor.as_str()), (List::Flags, "-1")] {
            let refusal = Page::new(list, 2, Some(cursor)).unwrap_err();
            assert!(refusal.message().starts_with("cursor: not one that a list of"));
        }
    }
}
