//! Cells that a spreadsheet would take for a formula.

/// Whether a spreadsheet may run the cell, or whether it only looks like one that was kept from it.
pub(crate) fn begins_like_one(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// The cell without the apostrophe that keeps it from being a formula.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if begins_like_one(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guarded_is_unguarded() {
        for cell in ["=1+1", "-x", "'=1", "＝A1", "'", "x=1", "\tx", "'a'"] {
            let guarded = if begins_like_one(cell) { format!("'{cell}") } else { cell.to_owned() };
            assert!(!guarded.starts_with(['=', '-', '＝', '\t']), "{guarded}");
            assert_eq!(unguarded(&guarded), cell);
        }
    }
}
