//! Artefacts: the things that evidence was taken from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::coverage::Aspect;

/// What kind of thing an artefact is; decides which collector reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ArtefactKind {
    /// A firmware image: a flash dump, an update file, a file system.
    Firmware,
    /// A software bill of materials: `CycloneDX` or SPDX.
    Sbom,
    /// A database of known vulnerabilities that components are held against.
    Vulnerabilities,
    /// A capture of network traffic: pcap or pcapng.
    Capture,
    /// A Manufacturer Usage Description (RFC 8520).
    Mud,
    /// A host that is looked at over the network; its name is its address.
    Host,
    /// A domain with its records, mail servers and published files.
    Domain,
    /// A client that is let connect to a server which it should refuse.
    Client,
    /// A message of mail (RFC 5322).
    Message,
    /// A folder, document or page on the web of published material.
    Published,
    /// A configuration file of a build: `.config`, `sdkconfig`, a manifest.
    Build,
    /// Results of another tool.
    Results,
}

impl ArtefactKind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::Firmware,
        Self::Sbom,
        Self::Vulnerabilities,
        Self::Capture,
        Self::Mud,
        Self::Host,
        Self::Domain,
        Self::Client,
        Self::Message,
        Self::Published,
        Self::Build,
        Self::Results,
    ];

    /// What is looked at in it.
    pub fn aspects(self) -> &'static [Aspect] {
        match self {
            Self::Firmware => &Aspect::FIRMWARE,
            Self::Sbom => &Aspect::SBOM,
            Self::Vulnerabilities => &Aspect::VULNERABILITIES,
            Self::Capture => &Aspect::CAPTURE,
            Self::Mud => &Aspect::MUD,
            Self::Host => &Aspect::NETWORK,
            Self::Domain => &Aspect::DOMAIN,
            Self::Client => &Aspect::CLIENT,
            Self::Message => &Aspect::MESSAGE,
            Self::Published => &Aspect::PUBLISHED,
            Self::Build => &Aspect::BUILD,
            Self::Results => &Aspect::RESULTS,
        }
    }

    /// The word used in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Firmware => "firmware",
            Self::Sbom => "sbom",
            Self::Vulnerabilities => "vulnerabilities",
            Self::Capture => "capture",
            Self::Mud => "mud",
            Self::Host => "host",
            Self::Domain => "domain",
            Self::Client => "client",
            Self::Message => "message",
            Self::Published => "published",
            Self::Build => "build",
            Self::Results => "results",
        }
    }
}

/// One artefact that was read, or should have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Artefact {
    /// The name by which facts refer to it: its path as the product file gives it.
    pub name: String,
    /// What it is.
    pub kind: ArtefactKind,
    /// The component of the product that it belongs to.
    pub subject: String,
    /// Size in bytes; absent where it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// SHA-256 of the whole file, lower-case hexadecimal; absent where it could not be read to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// When the artefact says it was made (RFC 3339), where it does: an SBOM's time stamp, an image header's date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<String>,
}
