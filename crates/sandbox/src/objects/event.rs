//! The event.

object_type! {
    /// An event: a snapshot of what happened, never altered later.
    Event = "event";
}
