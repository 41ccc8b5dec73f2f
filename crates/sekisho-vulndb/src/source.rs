//! Where records come from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of source that records come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// OSV records, of whatever database.
    Osv,
    /// NVD, API 2.0.
    Nvd,
    /// CVE records, format 5.
    Cve,
    /// CISA's catalogue of known exploited vulnerabilities.
    Kev,
    /// FIRST's exploit prediction scores.
    Epss,
    /// `OpenVEX`, CSAF and `CycloneDX` statements.
    Vex,
}

impl Source {
    /// The name that status and reports show.
    pub fn name(self) -> &'static str {
        match self {
            Self::Osv => "osv",
            Self::Nvd => "nvd",
            Self::Cve => "cve",
            Self::Kev => "kev",
            Self::Epss => "epss",
            Self::Vex => "vex",
        }
    }

    /// The feed that a record with this identifier belongs to: the source, and for OSV the database whose prefix the identifier has
    /// (`osv/GHSA`). OSV is many databases in one form, and each of them can fall behind on its own.
    pub fn feed(self, id: &str) -> String {
        let prefix = id.split_once('-').map(|(prefix, _)| prefix);
        match (self, prefix) {
            // The longest prefix in the OSV schema's list has ten characters.
            (Self::Osv, Some(prefix)) if prefix.len() <= 16 && prefix.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                format!("osv/{prefix}")
            }
            (Self::Osv, _) => "osv/other".to_owned(),
            _ => self.name().to_owned(),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
