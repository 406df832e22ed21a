/// Where there is no such limit.
pub(super) const fn raise_limit() -> usize {
    usize::MAX
}
