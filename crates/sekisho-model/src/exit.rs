//! The exit codes of the program, documented and stable.

/// The gate passed, or there was no gate.
pub const OK: u8 = 0;
/// The gate failed: `--fail-on` was met, or `--fail-on-stale`.
pub const GATE_FAILED: u8 = 1;
/// Bad input or usage.
pub const BAD_INPUT: u8 = 2;
/// Evidence was incomplete where the gate demanded it; or the input of `vulndb import` was not whole, and what there was of it was taken.
pub const INCOMPLETE: u8 = 3;
