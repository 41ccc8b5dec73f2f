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
    /// Which ports of a host answer.
    #[serde(rename = "network.ports")]
    NetworkPorts,
    /// Which TCP services of a host can be reached from where it was asked, and what they are.
    #[serde(rename = "network.reach")]
    NetworkReach,
    /// What is behind the ports that answer.
    #[serde(rename = "network.services")]
    NetworkServices,
    /// What services let in without a log-in.
    #[serde(rename = "network.access")]
    NetworkAccess,
    /// TLS and DTLS of a host: versions, suites, certificates.
    #[serde(rename = "network.tls")]
    NetworkTls,
    /// SSH of a host: algorithms, host keys, ways to log in.
    #[serde(rename = "network.ssh")]
    NetworkSsh,
    /// What MQTT brokers of a host let clients do.
    #[serde(rename = "network.mqtt")]
    NetworkMqtt,
    /// `CoAP` servers of a host and their resources.
    #[serde(rename = "network.coap")]
    NetworkCoap,
    /// Web servers of a host: headers, cookies, forms, what lies open.
    #[serde(rename = "network.web")]
    NetworkWeb,
    /// Log-ins with known passwords and the limit of failing ones. An active test.
    #[serde(rename = "network.logins")]
    NetworkLogins,
    /// Sessions with a test account. An active test.
    #[serde(rename = "network.sessions")]
    NetworkSessions,
    /// Which certificates a client accepts.
    #[serde(rename = "client.tls")]
    ClientTls,
    /// Records of a domain for mail and trust.
    #[serde(rename = "domain.mail")]
    DomainMail,
    /// Mail servers of a domain and their TLS.
    #[serde(rename = "domain.mail-servers")]
    DomainMailServers,
    /// The `security.txt` of a domain.
    #[serde(rename = "domain.security-txt")]
    DomainSecurityTxt,
    /// Signatures of a sample message.
    #[serde(rename = "message.signature")]
    MessageSignature,
    /// What the maker publishes.
    #[serde(rename = "published.documents")]
    PublishedDocuments,
    /// Configuration files of a build.
    #[serde(rename = "build.options")]
    BuildOptions,
    /// Results of other tools.
    #[serde(rename = "results.tool")]
    ResultsTool,
    /// The product file's interfaces and the ports that answer put side by side.
    #[serde(rename = "compare.declared-listeners")]
    CompareDeclaredListeners,
    /// The ways to authenticate that the product file declares and those that were seen put side by side.
    #[serde(rename = "compare.declared-authentication")]
    CompareDeclaredAuthentication,
    /// The cryptography that the product file declares and that which was seen put side by side.
    #[serde(rename = "compare.declared-cryptography")]
    CompareDeclaredCryptography,
    /// The versions of components that were reviewed and those that were seen put side by side.
    #[serde(rename = "compare.reviewed-components")]
    CompareReviewedComponents,
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
            Self::NetworkPorts => "network.ports",
            Self::NetworkReach => "network.reach",
            Self::NetworkServices => "network.services",
            Self::NetworkAccess => "network.access",
            Self::NetworkTls => "network.tls",
            Self::NetworkSsh => "network.ssh",
            Self::NetworkMqtt => "network.mqtt",
            Self::NetworkCoap => "network.coap",
            Self::NetworkWeb => "network.web",
            Self::NetworkLogins => "network.logins",
            Self::NetworkSessions => "network.sessions",
            Self::ClientTls => "client.tls",
            Self::DomainMail => "domain.mail",
            Self::DomainMailServers => "domain.mail-servers",
            Self::DomainSecurityTxt => "domain.security-txt",
            Self::MessageSignature => "message.signature",
            Self::PublishedDocuments => "published.documents",
            Self::BuildOptions => "build.options",
            Self::ResultsTool => "results.tool",
            Self::CompareDeclaredListeners => "compare.declared-listeners",
            Self::CompareDeclaredAuthentication => "compare.declared-authentication",
            Self::CompareDeclaredCryptography => "compare.declared-cryptography",
            Self::CompareReviewedComponents => "compare.reviewed-components",
        }
    }

    /// Every aspect, in the order in which they are listed.
    pub const ALL: [Self; 50] = [
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
        Self::NetworkPorts,
        Self::NetworkReach,
        Self::NetworkServices,
        Self::NetworkAccess,
        Self::NetworkTls,
        Self::NetworkSsh,
        Self::NetworkMqtt,
        Self::NetworkCoap,
        Self::NetworkWeb,
        Self::NetworkLogins,
        Self::NetworkSessions,
        Self::ClientTls,
        Self::DomainMail,
        Self::DomainMailServers,
        Self::DomainSecurityTxt,
        Self::MessageSignature,
        Self::PublishedDocuments,
        Self::BuildOptions,
        Self::ResultsTool,
        Self::CompareDeclaredListeners,
        Self::CompareDeclaredAuthentication,
        Self::CompareDeclaredCryptography,
        Self::CompareReviewedComponents,
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

    /// What is looked at on a host over the network.
    pub const NETWORK: [Self; 11] = [
        Self::NetworkPorts,
        Self::NetworkReach,
        Self::NetworkServices,
        Self::NetworkAccess,
        Self::NetworkTls,
        Self::NetworkSsh,
        Self::NetworkMqtt,
        Self::NetworkCoap,
        Self::NetworkWeb,
        Self::NetworkLogins,
        Self::NetworkSessions,
    ];

    /// What is looked at of a domain.
    pub const DOMAIN: [Self; 3] = [Self::DomainMail, Self::DomainMailServers, Self::DomainSecurityTxt];

    /// What is looked at in a sample message.
    pub const MESSAGE: [Self; 1] = [Self::MessageSignature];

    /// What is looked at in published material.
    pub const PUBLISHED: [Self; 1] = [Self::PublishedDocuments];

    /// What is looked at in the configuration of a build.
    pub const BUILD: [Self; 1] = [Self::BuildOptions];

    /// What is looked at in other tools' results.
    pub const RESULTS: [Self; 1] = [Self::ResultsTool];

    /// What is looked at when a client connects.
    pub const CLIENT: [Self; 1] = [Self::ClientTls];
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
