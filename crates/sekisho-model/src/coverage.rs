//! Coverage: what a collector looked at, and how far it got.
//!
//! The absence of a fact means something only where somebody looked. So every collector says for each of its [`Aspect`]s
//! whether it was looked at completely; whatever rests on an aspect that was not is inconclusive, never passed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing that a collector looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Aspect {
    /// The layout of the image: which regions it has and of what format.
    #[serde(rename = "firmware.layout")]
    FirmwareLayout,
    /// Package databases.
    #[serde(rename = "firmware.packages")]
    FirmwarePackages,
    /// Components recognised by any means: package database, version string, kernel banner.
    #[serde(rename = "firmware.components")]
    FirmwareComponents,
    /// Accounts and their passwords.
    #[serde(rename = "firmware.accounts")]
    FirmwareAccounts,
    /// Private keys.
    #[serde(rename = "firmware.keys")]
    FirmwareKeys,
    /// Certificates.
    #[serde(rename = "firmware.certificates")]
    FirmwareCertificates,
    /// Services and how they start.
    #[serde(rename = "firmware.services")]
    FirmwareServices,
    /// Settings of known daemons.
    #[serde(rename = "firmware.settings")]
    FirmwareSettings,
    /// Programs and libraries and their hardening.
    #[serde(rename = "firmware.binaries")]
    FirmwareBinaries,
    /// Hard-coded credentials.
    #[serde(rename = "firmware.credentials")]
    FirmwareCredentials,
    /// Network endpoints named in files.
    #[serde(rename = "firmware.endpoints")]
    FirmwareEndpoints,
    /// File modes.
    #[serde(rename = "firmware.modes")]
    FirmwareModes,
    /// Images for installation, how updates are taken and what vouches for them.
    #[serde(rename = "firmware.updates")]
    FirmwareUpdates,
    /// Interfaces meant for development.
    #[serde(rename = "firmware.debug")]
    FirmwareDebug,
    /// Options that the kernel and other software were built with.
    #[serde(rename = "firmware.build")]
    FirmwareBuild,
    /// The bill of materials itself: format, age, authorship.
    #[serde(rename = "sbom.document")]
    SbomDocument,
    /// The components that the bill of materials lists.
    #[serde(rename = "sbom.components")]
    SbomComponents,
    /// The bill of materials and the image put side by side.
    #[serde(rename = "compare.sbom-firmware")]
    CompareSbomFirmware,
    /// The product file's interfaces and the image's services put side by side.
    #[serde(rename = "compare.declared-services")]
    CompareDeclaredServices,
    /// The components held against a database of known vulnerabilities.
    #[serde(rename = "vulnerabilities.known")]
    VulnerabilitiesKnown,
    /// Who talks to whom in a capture, and by which protocols.
    #[serde(rename = "traffic.flows")]
    TrafficFlows,
    /// Destinations outside the local network, with their names.
    #[serde(rename = "traffic.destinations")]
    TrafficDestinations,
    /// Log-ins that cross the network in the clear.
    #[serde(rename = "traffic.credentials")]
    TrafficCredentials,
    /// Versions, cipher suites and certificates of TLS in use.
    #[serde(rename = "traffic.tls")]
    TrafficTls,
    /// The MUD file itself: whether it is valid, its age, its signature.
    #[serde(rename = "mud.file")]
    MudFile,
    /// The rules of the MUD file.
    #[serde(rename = "mud.rules")]
    MudRules,
    /// The destinations in captures and what the product file and the MUD file declare put side by side.
    #[serde(rename = "compare.declared-destinations")]
    CompareDeclaredDestinations,
}

impl Aspect {
    /// The word in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::FirmwareLayout => "firmware.layout",
            Self::FirmwarePackages => "firmware.packages",
            Self::FirmwareComponents => "firmware.components",
            Self::FirmwareAccounts => "firmware.accounts",
            Self::FirmwareKeys => "firmware.keys",
            Self::FirmwareCertificates => "firmware.certificates",
            Self::FirmwareServices => "firmware.services",
            Self::FirmwareSettings => "firmware.settings",
            Self::FirmwareBinaries => "firmware.binaries",
            Self::FirmwareCredentials => "firmware.credentials",
            Self::FirmwareEndpoints => "firmware.endpoints",
            Self::FirmwareModes => "firmware.modes",
            Self::FirmwareUpdates => "firmware.updates",
            Self::FirmwareDebug => "firmware.debug",
            Self::FirmwareBuild => "firmware.build",
            Self::SbomDocument => "sbom.document",
            Self::SbomComponents => "sbom.components",
            Self::CompareSbomFirmware => "compare.sbom-firmware",
            Self::CompareDeclaredServices => "compare.declared-services",
            Self::VulnerabilitiesKnown => "vulnerabilities.known",
            Self::TrafficFlows => "traffic.flows",
            Self::TrafficDestinations => "traffic.destinations",
            Self::TrafficCredentials => "traffic.credentials",
            Self::TrafficTls => "traffic.tls",
            Self::MudFile => "mud.file",
            Self::MudRules => "mud.rules",
            Self::CompareDeclaredDestinations => "compare.declared-destinations",
        }
    }

    /// Every aspect, in the order in which they are listed.
    pub const ALL: [Self; 27] = [
        Self::FirmwareLayout,
        Self::FirmwarePackages,
        Self::FirmwareComponents,
        Self::FirmwareAccounts,
        Self::FirmwareKeys,
        Self::FirmwareCertificates,
        Self::FirmwareServices,
        Self::FirmwareSettings,
        Self::FirmwareBinaries,
        Self::FirmwareCredentials,
        Self::FirmwareEndpoints,
        Self::FirmwareModes,
        Self::FirmwareUpdates,
        Self::FirmwareDebug,
        Self::FirmwareBuild,
        Self::SbomDocument,
        Self::SbomComponents,
        Self::CompareSbomFirmware,
        Self::CompareDeclaredServices,
        Self::VulnerabilitiesKnown,
        Self::TrafficFlows,
        Self::TrafficDestinations,
        Self::TrafficCredentials,
        Self::TrafficTls,
        Self::MudFile,
        Self::MudRules,
        Self::CompareDeclaredDestinations,
    ];

    /// All that a firmware collector looks at.
    pub const FIRMWARE: [Self; 15] = [
        Self::FirmwareLayout,
        Self::FirmwarePackages,
        Self::FirmwareComponents,
        Self::FirmwareAccounts,
        Self::FirmwareKeys,
        Self::FirmwareCertificates,
        Self::FirmwareServices,
        Self::FirmwareSettings,
        Self::FirmwareBinaries,
        Self::FirmwareCredentials,
        Self::FirmwareEndpoints,
        Self::FirmwareModes,
        Self::FirmwareUpdates,
        Self::FirmwareDebug,
        Self::FirmwareBuild,
    ];

    /// All that an SBOM collector looks at.
    pub const SBOM: [Self; 2] = [Self::SbomDocument, Self::SbomComponents];

    /// What holding components against a database of vulnerabilities looks at.
    pub const VULNERABILITIES: [Self; 1] = [Self::VulnerabilitiesKnown];

    /// All that is looked at in a capture.
    pub const CAPTURE: [Self; 4] =
        [Self::TrafficFlows, Self::TrafficDestinations, Self::TrafficCredentials, Self::TrafficTls];

    /// All that is looked at in a MUD file.
    pub const MUD: [Self; 2] = [Self::MudFile, Self::MudRules];
}

/// How far a collector got with an aspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// Everything that the artefact holds was looked at.
    Complete,
    /// A part was not looked at: what was found stands, what was not found means nothing.
    Partial,
    /// Nothing was looked at.
    None,
}

/// What a collector says of one aspect of one artefact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// What was looked at.
    pub aspect: Aspect,
    /// The component of the product.
    pub subject: String,
    /// The artefact's name.
    pub artefact: String,
    /// How far.
    pub extent: Extent,
    /// Why no further; empty where complete.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}

/// Something that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// Path inside the artefact, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Byte offset in the artefact, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Why, in both languages.
    pub reason: crate::Text,
}
