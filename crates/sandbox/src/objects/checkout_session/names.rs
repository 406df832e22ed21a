//! The names that a session asks for besides the one on the card: the shopper's own, and that of a
//! business.

use super::Object;

/// A name that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Individual,
    Business,
}

/// The need for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Optional,
    Required,
}

/// The most characters that a name may have. Source: the same members of Stripe's customers.
pub(crate) const LONGEST_NAME: usize = 150;

impl Name {
    pub(crate) const ALL: [Self; 2] = [Self::Individual, Self::Business];

    /// The member of what was collected, and of customers.
    pub(crate) fn member(self) -> &'static str {
        match self {
            Self::Individual => "individual_name",
            Self::Business => "business_name",
        }
    }

    /// The need of a session for it, if it asks for it.
    pub(crate) fn wanted(self, session: &Object) -> Option<Wanted> {
        let kind = match self {
            Self::Individual => "individual",
            Self::Business => "business",
        };
        let settings = &session.get("name_collection")[kind];
        match (settings["enabled"] == true, settings["optional"] == true) {
            (false, _) => None,
            (true, true) => Some(Wanted::Optional),
            (true, false) => Some(Wanted::Required),
        }
    }
}
