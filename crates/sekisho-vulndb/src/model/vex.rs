//! Statements of suppliers on whether their products are affected, in one shape for the three formats.

use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// A document with statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VexDocument {
    /// Its identifier; where it has none, the digest of its bytes.
    pub id: String,
    /// Its format.
    pub format: VexFormat,
    /// Who made it.
    pub author: String,
    /// Its version.
    pub version: String,
    /// When it was last changed.
    pub modified: Option<Moment>,
    /// The statements.
    pub statements: Vec<VexStatement>,
}

/// The format of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VexFormat {
    /// `OpenVEX`.
    OpenVex,
    /// CSAF 2.0.
    Csaf,
    /// `CycloneDX`.
    CycloneDx,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VexStatement {
    /// The vulnerability.
    pub vulnerability: String,
    /// Other identifiers of it.
    pub aliases: Vec<String>,
    /// What is stated.
    pub status: VexStatus,
    /// The format's label for the reason why something is not affected.
    pub justification: String,
    /// What is said about it in words.
    pub detail: String,
    /// What the statement is about; empty where it could not be told, and then it is about nothing.
    pub products: Vec<VexProduct>,
    /// When this was stated, where it is said.
    pub modified: Option<Moment>,
}

/// What a supplier states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VexStatus {
    /// Not affected.
    NotAffected,
    /// Affected.
    Affected,
    /// Fixed in this product.
    Fixed,
    /// Nothing known yet.
    UnderInvestigation,
}

/// A product that a statement is about, or a component of one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VexProduct {
    /// The identifier in the document.
    pub id: String,
    /// The name in words.
    pub name: String,
    /// The version, where it is said apart, or a range of them in the format's own words.
    pub version: String,
    /// Package URLs.
    pub purls: Vec<String>,
    /// CPE names.
    pub cpes: Vec<String>,
    /// Digests of it: algorithm and value.
    pub hashes: Vec<(String, String)>,
    /// The components within it to which the statement is confined; empty: the whole.
    pub components: Vec<VexProduct>,
}

impl VexProduct {
    /// Takes the room that this needs written out; none where there is not so much left. Documents name products once and refer to them
    /// any number of times, so what they are written out to has to be bounded.
    pub(crate) fn take_room(&self, room: &mut usize) -> Option<()> {
        let lists = self.purls.iter().chain(&self.cpes).map(String::len);
        let hashes = self.hashes.iter().map(|(kind, value)| kind.len() + value.len());
        let own = self.id.len() + self.name.len() + self.version.len() + lists.chain(hashes).sum::<usize>();
        *room = room.checked_sub(own + std::mem::size_of::<Self>())?;
        self.components.iter().try_for_each(|component| component.take_room(room))
    }
}
