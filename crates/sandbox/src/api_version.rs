//! The API versions at which the sandbox's answers change, by their first days.

/// The first day of the versions named clover.
pub(crate) const CLOVER: &str = "2025-09-30";

/// The first day of the versions named dahlia.
pub(crate) const DAHLIA: &str = "2026-03-25";

/// The first day of the versions named endive.
pub(crate) const ENDIVE: &str = "2026-09-30";
