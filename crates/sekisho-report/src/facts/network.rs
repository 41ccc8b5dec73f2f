//! Facts from looking at hosts and domains as people read them.

use sekisho_model::fact::Observed;

use super::Cell;
use crate::bilingual::Bi;

/// What is said of one such fact, column by column; nothing for other facts.
pub(super) fn columns(observed: &Observed) -> Vec<(Bi<'static>, Cell)> {
    let _ = observed;
    Vec::new()
}
