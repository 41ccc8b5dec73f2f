//! What changed between two collections of facts: of two versions of one image, say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artefact::Artefact;
use crate::coverage::Aspect;
use crate::fact::Fact;

/// The changes from one artefact to another of the same product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The artefact before.
    pub old: Artefact,
    /// The artefact after.
    pub new: Artefact,
    /// What changed, in the order of the kinds of facts.
    pub changes: Vec<Change>,
    /// Aspects that were not looked at completely in one of the two: there, what is missing on one side may be there unseen.
    pub unsure: Vec<Aspect>,
    /// Programs, libraries and kernel modules whose bytes changed while nothing that is said of them did.
    pub other_content: u64,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// Only the new one has it.
    Added {
        /// The fact.
        new: Box<Fact>,
    },
    /// Only the old one had it.
    Removed {
        /// The fact.
        old: Box<Fact>,
    },
    /// Both have it, and not as the same.
    Changed {
        /// The fact before.
        old: Box<Fact>,
        /// The fact after.
        new: Box<Fact>,
    },
}

impl Change {
    /// The fact as it is now, or as it last was.
    pub fn latest(&self) -> &Fact {
        match self {
            Self::Added { new } | Self::Changed { new, .. } => new,
            Self::Removed { old } => old,
        }
    }
}
