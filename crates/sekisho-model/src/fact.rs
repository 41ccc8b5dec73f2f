//! Facts: typed, named observations, each with its provenance.
//!
//! A fact says what was seen and where, never what it means. The name is the variant in kebab case; checks name it and
//! their conditions are typed against the variant's JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::declaration::{DeclarationDifference, ReviewDifference};
use crate::mail::{DkimKey, MailDomain, MailMessage, MailServer, SecurityTxt};
use crate::messaging::{CoapResource, CoapServer, MqttBroker};
use crate::network::{
    DefaultLogin, InternetService, LoginLimit, NetworkHost, NetworkService, ProbeFailure, ServiceAccess,
    UndeclaredListener,
};
use crate::published::{PublishedDocument, PublishedPassage, ToolFinding};
use crate::ssh::{SshHostKey, SshServer};
use crate::tls::{TlsCertificate, TlsClient, TlsServer, TlsSuite};
use crate::traffic::{
    MudFile, MudRule, TrafficCapture, TrafficCertificate, TrafficCredential, TrafficDestination, TrafficFlow,
    TrafficHost, TrafficTls, UndeclaredDestination,
};
use crate::vulnerability::KnownVulnerability;
use crate::web::{WebCookie, WebForm, WebPassword, WebReflection, WebService, WebSession};

/// One observation about one component of the product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// What was seen: `name` and `value`.
    #[serde(flatten)]
    pub observed: Observed,
    /// The component of the product that it is about.
    pub subject: String,
    /// Where it was seen.
    pub source: Source,
}

/// Where a fact was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// The artefact's name.
    pub artefact: String,
    /// The file inside the artefact, absolute within its file system (`/etc/shadow`), or the place in a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Byte offset in the artefact: of the thing itself where it lies there in the clear, else of the outermost
    /// container or file system that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// The containers around it, outermost first, such as `uimage@0`, `lzma@64`, `squashfs@1347726`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// Byte offset in the file inside the artefact, of a string or structure in a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
    /// Line in the file, from 1, for texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Page of a document that has pages, from 1, counted from its first sheet whatever number is printed there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Number of the frame in a capture, from 1, as packet analysers count them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<u64>,
    /// The tool that saw it and its version, where that was another than this program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// SHA-256 of the file inside the artefact, lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What stood there, shortened and with secrets masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "name", content = "value", rename_all = "kebab-case")]
pub enum Observed {
    /// A region of an image.
    Region(Region),
    /// A software component.
    Component(Component),
    /// An account.
    Account(Account),
    /// A private key.
    PrivateKey(PrivateKey),
    /// A certificate.
    Certificate(Certificate),
    /// A service and how it starts.
    Service(Service),
    /// A setting of a known daemon.
    Setting(Setting),
    /// A program or library.
    Binary(Binary),
    /// A hard-coded credential.
    Credential(Credential),
    /// A network endpoint named in a file.
    Endpoint(Endpoint),
    /// A file whose mode matters.
    FileMode(FileMode),
    /// An image or bundle as it is delivered for installation.
    UpdateImage(UpdateImage),
    /// How the device takes updates.
    UpdateMechanism(UpdateMechanism),
    /// An interface meant for development.
    DebugInterface(DebugInterface),
    /// An option that software was built with.
    BuildOption(BuildOption),
    /// Code that runs from storage that can be written to.
    WritableCode(WritableCode),
    /// The hardening of all programs of a system, summed up.
    Hardening(Hardening),
    /// The bill of materials as a document.
    Sbom(Sbom),
    /// A difference between the bill of materials and the image.
    SbomDifference(SbomDifference),
    /// A service that the image starts and the product file does not declare.
    UndeclaredService(UndeclaredService),
    /// A published vulnerability that concerns a component, or may.
    KnownVulnerability(Box<KnownVulnerability>),
    /// A capture of network traffic as a whole.
    TrafficCapture(TrafficCapture),
    /// A station of the local network.
    TrafficHost(TrafficHost),
    /// Who talks to whom, over what.
    TrafficFlow(TrafficFlow),
    /// Somebody outside the local network whom a station talked to.
    TrafficDestination(TrafficDestination),
    /// A log-in that crossed the network in the clear.
    TrafficCredential(TrafficCredential),
    /// How a client and a server agreed on TLS.
    TrafficTls(TrafficTls),
    /// A certificate presented in TLS.
    TrafficCertificate(TrafficCertificate),
    /// A MUD file as a document.
    MudFile(MudFile),
    /// A rule of a MUD file.
    MudRule(MudRule),
    /// A destination that neither the product file nor the MUD file names.
    UndeclaredDestination(UndeclaredDestination),
    /// A host as a whole: from where and which of its ports were asked, and how many answered.
    NetworkHost(NetworkHost),
    /// A port that accepts connections or answers datagrams, and what is behind it.
    NetworkService(NetworkService),
    /// A question to a service that got no proper answer.
    ProbeFailure(ProbeFailure),
    /// What a service lets in without a log-in.
    ServiceAccess(ServiceAccess),
    /// A port that answers on a declared host though the product file declares nothing there.
    UndeclaredListener(UndeclaredListener),
    /// A service of a device that answered when it was asked from the Internet.
    InternetService(InternetService),
    /// What the product file declares of an interface or a flow, and what was seen otherwise.
    DeclarationDifference(Box<DeclarationDifference>),
    /// A component of which another version was seen than was reviewed.
    ReviewDifference(ReviewDifference),
    /// What repeated failing log-ins led to.
    LoginLimit(LoginLimit),
    /// A log-in with a name and a password that makers are known to ship.
    DefaultLogin(DefaultLogin),
    /// What a TLS or DTLS server agrees to.
    TlsServer(Box<TlsServer>),
    /// A cipher suite that a server agrees to in one version.
    TlsSuite(TlsSuite),
    /// A certificate that a server presents.
    TlsCertificate(Box<TlsCertificate>),
    /// What a client did when a server presented it a certificate that it should, or should not, accept.
    TlsClient(TlsClient),
    /// What an SSH server offers.
    SshServer(Box<SshServer>),
    /// A host key of an SSH server.
    SshHostKey(SshHostKey),
    /// What an MQTT broker lets a client do.
    MqttBroker(MqttBroker),
    /// A `CoAP` server.
    CoapServer(CoapServer),
    /// A resource of a `CoAP` server.
    CoapResource(CoapResource),
    /// What a web server answers on its first page, and around it.
    WebService(Box<WebService>),
    /// A cookie that a web server sets.
    WebCookie(WebCookie),
    /// A form on a page.
    WebForm(WebForm),
    /// What a session with a test account showed.
    WebSession(WebSession),
    /// Input that came back in a page as it was sent.
    WebReflection(WebReflection),
    /// Whether a weak password was taken where the test account's password is changed.
    WebPassword(WebPassword),
    /// A domain's records for mail and trust, as the name server told them.
    MailDomain(Box<MailDomain>),
    /// A key under which a domain signs mail (DKIM, RFC 6376).
    DkimKey(DkimKey),
    /// A mail server of a domain.
    MailServer(MailServer),
    /// A message of mail that was given as a sample.
    MailMessage(MailMessage),
    /// A `security.txt` file (RFC 9116): where to report a flaw.
    SecurityTxt(Box<SecurityTxt>),
    /// A document that was published: a privacy notice, a manual, a policy.
    PublishedDocument(PublishedDocument),
    /// A passage of a published document that a person should look at.
    PublishedPassage(PublishedPassage),
    /// Something that another tool found and that none of the other facts can hold.
    ToolFinding(ToolFinding),
}

impl Observed {
    /// The names of all facts, in declaration order.
    pub const NAMES: [&'static str; 64] = [
        "region",
        "component",
        "account",
        "private-key",
        "certificate",
        "service",
        "setting",
        "binary",
        "credential",
        "endpoint",
        "file-mode",
        "update-image",
        "update-mechanism",
        "debug-interface",
        "build-option",
        "writable-code",
        "hardening",
        "sbom",
        "sbom-difference",
        "undeclared-service",
        "known-vulnerability",
        "traffic-capture",
        "traffic-host",
        "traffic-flow",
        "traffic-destination",
        "traffic-credential",
        "traffic-tls",
        "traffic-certificate",
        "mud-file",
        "mud-rule",
        "undeclared-destination",
        "network-host",
        "network-service",
        "probe-failure",
        "service-access",
        "undeclared-listener",
        "internet-service",
        "declaration-difference",
        "review-difference",
        "login-limit",
        "default-login",
        "tls-server",
        "tls-suite",
        "tls-certificate",
        "tls-client",
        "ssh-server",
        "ssh-host-key",
        "mqtt-broker",
        "coap-server",
        "coap-resource",
        "web-service",
        "web-cookie",
        "web-form",
        "web-session",
        "web-reflection",
        "web-password",
        "mail-domain",
        "dkim-key",
        "mail-server",
        "mail-message",
        "security-txt",
        "published-document",
        "published-passage",
        "tool-finding",
    ];

    /// The fact's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Region(_) => "region",
            Self::Component(_) => "component",
            Self::Account(_) => "account",
            Self::PrivateKey(_) => "private-key",
            Self::Certificate(_) => "certificate",
            Self::Service(_) => "service",
            Self::Setting(_) => "setting",
            Self::Binary(_) => "binary",
            Self::Credential(_) => "credential",
            Self::Endpoint(_) => "endpoint",
            Self::FileMode(_) => "file-mode",
            Self::UpdateImage(_) => "update-image",
            Self::UpdateMechanism(_) => "update-mechanism",
            Self::DebugInterface(_) => "debug-interface",
            Self::BuildOption(_) => "build-option",
            Self::WritableCode(_) => "writable-code",
            Self::Hardening(_) => "hardening",
            Self::Sbom(_) => "sbom",
            Self::SbomDifference(_) => "sbom-difference",
            Self::UndeclaredService(_) => "undeclared-service",
            Self::KnownVulnerability(_) => "known-vulnerability",
            Self::TrafficCapture(_) => "traffic-capture",
            Self::TrafficHost(_) => "traffic-host",
            Self::TrafficFlow(_) => "traffic-flow",
            Self::TrafficDestination(_) => "traffic-destination",
            Self::TrafficCredential(_) => "traffic-credential",
            Self::TrafficTls(_) => "traffic-tls",
            Self::TrafficCertificate(_) => "traffic-certificate",
            Self::MudFile(_) => "mud-file",
            Self::MudRule(_) => "mud-rule",
            Self::UndeclaredDestination(_) => "undeclared-destination",
            Self::NetworkHost(_) => "network-host",
            Self::NetworkService(_) => "network-service",
            Self::ProbeFailure(_) => "probe-failure",
            Self::ServiceAccess(_) => "service-access",
            Self::UndeclaredListener(_) => "undeclared-listener",
            Self::InternetService(_) => "internet-service",
            Self::DeclarationDifference(_) => "declaration-difference",
            Self::ReviewDifference(_) => "review-difference",
            Self::LoginLimit(_) => "login-limit",
            Self::DefaultLogin(_) => "default-login",
            Self::TlsServer(_) => "tls-server",
            Self::TlsSuite(_) => "tls-suite",
            Self::TlsCertificate(_) => "tls-certificate",
            Self::TlsClient(_) => "tls-client",
            Self::SshServer(_) => "ssh-server",
            Self::SshHostKey(_) => "ssh-host-key",
            Self::MqttBroker(_) => "mqtt-broker",
            Self::CoapServer(_) => "coap-server",
            Self::CoapResource(_) => "coap-resource",
            Self::WebService(_) => "web-service",
            Self::WebCookie(_) => "web-cookie",
            Self::WebForm(_) => "web-form",
            Self::WebSession(_) => "web-session",
            Self::WebReflection(_) => "web-reflection",
            Self::WebPassword(_) => "web-password",
            Self::MailDomain(_) => "mail-domain",
            Self::DkimKey(_) => "dkim-key",
            Self::MailServer(_) => "mail-server",
            Self::MailMessage(_) => "mail-message",
            Self::SecurityTxt(_) => "security-txt",
            Self::PublishedDocument(_) => "published-document",
            Self::PublishedPassage(_) => "published-passage",
            Self::ToolFinding(_) => "tool-finding",
        }
    }

    /// The JSON Schema of the value of the fact called `name`; none where there is no such fact.
    pub fn schema(name: &str) -> Option<schemars::Schema> {
        Some(match name {
            "region" => schemars::schema_for!(Region),
            "component" => schemars::schema_for!(Component),
            "account" => schemars::schema_for!(Account),
            "private-key" => schemars::schema_for!(PrivateKey),
            "certificate" => schemars::schema_for!(Certificate),
            "service" => schemars::schema_for!(Service),
            "setting" => schemars::schema_for!(Setting),
            "binary" => schemars::schema_for!(Binary),
            "credential" => schemars::schema_for!(Credential),
            "endpoint" => schemars::schema_for!(Endpoint),
            "file-mode" => schemars::schema_for!(FileMode),
            "update-image" => schemars::schema_for!(UpdateImage),
            "update-mechanism" => schemars::schema_for!(UpdateMechanism),
            "debug-interface" => schemars::schema_for!(DebugInterface),
            "build-option" => schemars::schema_for!(BuildOption),
            "writable-code" => schemars::schema_for!(WritableCode),
            "hardening" => schemars::schema_for!(Hardening),
            "sbom" => schemars::schema_for!(Sbom),
            "sbom-difference" => schemars::schema_for!(SbomDifference),
            "undeclared-service" => schemars::schema_for!(UndeclaredService),
            "known-vulnerability" => schemars::schema_for!(KnownVulnerability),
            "traffic-capture" => schemars::schema_for!(TrafficCapture),
            "traffic-host" => schemars::schema_for!(TrafficHost),
            "traffic-flow" => schemars::schema_for!(TrafficFlow),
            "traffic-destination" => schemars::schema_for!(TrafficDestination),
            "traffic-credential" => schemars::schema_for!(TrafficCredential),
            "traffic-tls" => schemars::schema_for!(TrafficTls),
            "traffic-certificate" => schemars::schema_for!(TrafficCertificate),
            "mud-file" => schemars::schema_for!(MudFile),
            "mud-rule" => schemars::schema_for!(MudRule),
            "undeclared-destination" => schemars::schema_for!(UndeclaredDestination),
            "network-host" => schemars::schema_for!(NetworkHost),
            "network-service" => schemars::schema_for!(NetworkService),
            "probe-failure" => schemars::schema_for!(ProbeFailure),
            "service-access" => schemars::schema_for!(ServiceAccess),
            "undeclared-listener" => schemars::schema_for!(UndeclaredListener),
            "internet-service" => schemars::schema_for!(InternetService),
            "declaration-difference" => schemars::schema_for!(DeclarationDifference),
            "review-difference" => schemars::schema_for!(ReviewDifference),
            "login-limit" => schemars::schema_for!(LoginLimit),
            "default-login" => schemars::schema_for!(DefaultLogin),
            "tls-server" => schemars::schema_for!(TlsServer),
            "tls-suite" => schemars::schema_for!(TlsSuite),
            "tls-certificate" => schemars::schema_for!(TlsCertificate),
            "tls-client" => schemars::schema_for!(TlsClient),
            "ssh-server" => schemars::schema_for!(SshServer),
            "ssh-host-key" => schemars::schema_for!(SshHostKey),
            "mqtt-broker" => schemars::schema_for!(MqttBroker),
            "coap-server" => schemars::schema_for!(CoapServer),
            "coap-resource" => schemars::schema_for!(CoapResource),
            "web-service" => schemars::schema_for!(WebService),
            "web-cookie" => schemars::schema_for!(WebCookie),
            "web-form" => schemars::schema_for!(WebForm),
            "web-session" => schemars::schema_for!(WebSession),
            "web-reflection" => schemars::schema_for!(WebReflection),
            "web-password" => schemars::schema_for!(WebPassword),
            "mail-domain" => schemars::schema_for!(MailDomain),
            "dkim-key" => schemars::schema_for!(DkimKey),
            "mail-server" => schemars::schema_for!(MailServer),
            "mail-message" => schemars::schema_for!(MailMessage),
            "security-txt" => schemars::schema_for!(SecurityTxt),
            "published-document" => schemars::schema_for!(PublishedDocument),
            "published-passage" => schemars::schema_for!(PublishedPassage),
            "tool-finding" => schemars::schema_for!(ToolFinding),
            _ => return None,
        })
    }
}

/// A region of an image: a header, a compressed stream, a file system, padding.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Format: `uimage`, `gzip`, `xz`, `lzma`, `zstd`, `tar`, `cpio`, `squashfs`, `ext4`, `jffs2`, `padding`, `unknown` …
    pub format: String,
    /// Length in bytes, as declared by the format or as measured.
    pub length: u64,
    /// How far it was read.
    pub read: ReadState,
    /// What the header says: compression, name, load address, counts; or why it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Files found in it, for file systems and archives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<u64>,
    /// Whether it carries a cryptographic signature that lies beside or in it; absent where the format has none or it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<bool>,
    /// Whether its checksum holds; absent where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum_valid: Option<bool>,
}

/// How far a region was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadState {
    /// To its end.
    #[default]
    Whole,
    /// In part: it is damaged, truncated or over a limit.
    Partial,
    /// Recognised, not read.
    Unread,
}

/// A software component, wherever it was recognised.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Name as the source of the knowledge gives it: package name, product name.
    pub name: String,
    /// Version as found, with the packaging revision where there is one; absent where it could not be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Package URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// CPE 2.3 name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpe: Option<String>,
    /// How it was recognised.
    pub found_by: FoundBy,
    /// Whether a program recognised by a string came in a package of the image's package manager: then its distribution may have mended it
    /// without raising the version that the string tells.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub packaged: bool,
    /// The package that its file came in, where the image's package manager keeps lists of files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// The source package that a distribution's package was built from, by which its advisories name it, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_package: Option<SourcePackage>,
    /// Supplier or maintainer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// Licence expressions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licences: Vec<String>,
    /// Hashes as `algorithm:hex`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hashes: Vec<String>,
    /// The reference by which the bill of materials names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Shortest distance from the product in the dependency graph of the bill of materials; 1 is a direct dependency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth: Option<u32>,
}

/// The source package of a distribution's package.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourcePackage {
    /// Its name.
    pub name: String,
    /// Its version, where it is another than the package's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// How a component was recognised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FoundBy {
    /// A package manager's database in the image.
    #[default]
    PackageDatabase,
    /// A string that the program carries about itself.
    VersionString,
    /// The kernel's banner, or the header of its image.
    KernelBanner,
    /// The system's own description (`/etc/os-release` and the like).
    OsRelease,
    /// The name of its file, where the component's files carry the version in it.
    FileName,
    /// The build id of its file, in a list of known ones.
    BuildId,
    /// What its compiler wrote into it: Go's build information, Rust's `.dep-v0`.
    BuildInfo,
    /// The description that comes with a package of a language: Python's `METADATA`, `package.json`, a rockspec.
    LanguagePackage,
    /// What a kernel module says of itself.
    ModuleInfo,
    /// A field of an image's header: the descriptor of an ESP-IDF application, a boot loader's version.
    ImageHeader,
    /// The bill of materials.
    Sbom,
}

/// An account of the system in the image.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// User name.
    pub user: String,
    /// Numeric id; absent where only a shadow entry exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// Login shell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shell: Option<String>,
    /// State of the password.
    pub password: PasswordState,
    /// Hash scheme, where there is a hash: `des`, `md5`, `sha256`, `sha512`, `bcrypt`, `yescrypt` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// Whether the shell lets somebody log in (neither `nologin`, `false` nor missing from the image).
    pub login_shell: bool,
    /// Whether the file that holds the password field can be read by everybody and the field holds a hash.
    pub hash_world_readable: bool,
    /// A well-known password that matches the hash, where one of the built-in list does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_password: Option<String>,
}

/// State of an account's password.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordState {
    /// No password is needed.
    Empty,
    /// A hash: whoever knows the password gets in, on every unit with this image.
    Hash,
    /// A hash behind a lock mark (`!`): it stands there, but no login is possible with it.
    LockedHash,
    /// No login with a password is possible (`*`, `!`, `x` without a shadow entry).
    #[default]
    Locked,
}

/// A private key in the image.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrivateKey {
    /// Encoding: `pkcs1`, `pkcs8`, `sec1`, `openssh`, `dropbear`, `pgp`, `der` …
    pub encoding: String,
    /// Algorithm: `rsa`, `ec`, `ed25519`, `dsa`; absent where it can't be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// Size in bits, where it could be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<u32>,
    /// Whether a pass phrase protects it.
    pub encrypted: bool,
    /// SHA-256 of the public key it belongs to (DER `SubjectPublicKeyInfo`), lower-case hexadecimal; absent where it could not be derived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Other places in the image where the same key lies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<String>,
    /// Services whose settings name the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<String>,
    /// Where the key is publicly known from, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub well_known: Option<String>,
}

/// An X.509 certificate in the image. Bundles of certification authorities are counted, not listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Subject's distinguished name.
    pub subject: String,
    /// Issuer's distinguished name.
    pub issuer: String,
    /// Start of validity, RFC 3339.
    pub not_before: String,
    /// End of validity, RFC 3339.
    pub not_after: String,
    /// Whether the end of validity lay before the day of the assessment.
    pub expired: bool,
    /// Whether subject and issuer are the same.
    pub self_signed: bool,
    /// Whether it is a certification authority's (basic constraints).
    pub authority: bool,
    /// Whether it stands in a bundle of trusted authorities.
    pub trust_store: bool,
    /// Key algorithm: `rsa`, `ec`, `ed25519` …
    pub key_algorithm: String,
    /// Key size in bits; absent where it can't be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_bits: Option<u32>,
    /// Signature algorithm: `sha256-rsa`, `sha1-rsa`, `md5-rsa`, `ecdsa-sha256` …
    pub signature: String,
    /// SHA-256 of its public key (DER `SubjectPublicKeyInfo`), lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Whether its private key lies in the image.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub key_in_image: bool,
    /// Services whose settings name the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<String>,
    /// Where the certificate or its key is publicly known from, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub well_known: Option<String>,
}

/// A network or login service in the image and how it starts.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Name: the program's (`telnetd`, `dropbear`).
    pub program: String,
    /// Protocol it speaks: `telnet`, `ssh`, `http`, `ftp`, `tftp`, `mqtt`, `dns`, `console`, `upnp`, `rtsp`, `snmp` …; absent where not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// How it starts.
    pub start: Start,
    /// What starts it: `init.d`, `rc.d`, `inittab`, `rcS`, `systemd`, `procd`, `inetd` …; absent where nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    /// The condition under which it starts, as it stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Command line as it stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Ports it will listen on as far as its command line, its settings or its protocol's default tell, as `tcp/23`; a port on one address
    /// as `tcp/127.0.0.1:8080`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listens: Vec<String>,
    /// Account it runs as, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether the protocol carries credentials or data in the clear (telnet, ftp, http …); absent where it depends on settings not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleartext: Option<bool>,
}

/// How a service starts. What lies in an image, what starts, and what listens are three different facts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// At every boot.
    Boot,
    /// At boot, under a condition that the image alone does not decide, or that holds as delivered: see `condition`.
    Conditional,
    /// A start script or entry exists and is switched off.
    Disabled,
    /// Nothing in the image starts it.
    #[default]
    Present,
}

/// A setting of a known daemon that bears on security, in a vocabulary of our own.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The program: `sshd`, `dropbear`, `mosquitto`, `lighttpd`, `nginx`, `boa`, `hostapd`, `wpa_supplicant`, `vsftpd`, `snmpd` …
    pub program: String,
    /// What is set, normalised: see the facts reference for the list (`password-login`, `root-login`, `anonymous`, `tls-min-version`,
    /// `tls`, `directory-listing`, `user`, `wifi-security`, `wifi-passphrase`, `community` …).
    pub setting: String,
    /// Its value, normalised: `yes`/`no`, a version, a name; secrets are masked.
    pub value: String,
    /// How the program that reads it starts, the surest way where there are several; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
}

/// A program, library or kernel module (ELF) and its hardening.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Binary {
    /// What it is.
    pub kind: BinaryKind,
    /// Processor: `arm`, `aarch64`, `mips`, `x86-64`, `riscv` …
    pub machine: String,
    /// 32 or 64.
    pub bits: u8,
    /// `little` or `big`.
    pub endian: String,
    /// Position independent (for programs); absent for what is so by nature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pie: Option<bool>,
    /// Whether the stack is not executable; absent where the file does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nx: Option<bool>,
    /// Relocation read-only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relro: Option<Relro>,
    /// Whether it refers to or defines `__stack_chk_fail`; absent where it cannot be told (static and stripped).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack_protector: Option<bool>,
    /// Whether it calls fortified library functions (`*_chk`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fortify: Option<bool>,
    /// Whether symbols were stripped.
    pub stripped: bool,
    /// Libraries it loads (`DT_NEEDED`), by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub libraries: Vec<String>,
    /// Whether it is a network-facing daemon by name, or calls what a server on a network calls (`listen` and `accept`, or `bind` and
    /// `recvfrom`, with functions for internet addresses).
    pub network_facing: bool,
    /// Where it looks for libraries first (`DT_RUNPATH`, `DT_RPATH`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runpath: Option<String>,
    /// Whether that place is relative, or one that not only root writes to (`/tmp`, the working directory).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub runpath_unsafe: bool,
    /// Functions it calls that leave the length of a buffer to chance or run a shell (`strcpy`, `sprintf`, `system` …): a hint, no flaw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsafe_functions: Vec<String>,
}

/// What an ELF file is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BinaryKind {
    /// A program.
    #[default]
    Program,
    /// A shared library.
    Library,
    /// A kernel module or other relocatable file.
    Relocatable,
    /// Something else.
    Other,
}

/// How far relocations are read-only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relro {
    /// Not at all.
    #[default]
    None,
    /// `GNU_RELRO` without immediate binding.
    Partial,
    /// `GNU_RELRO` with immediate binding.
    Full,
}

/// A credential that stands in a file of the image.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// Kind: `password`, `wifi-passphrase`, `url-credentials`, `password-hash`; or a key or token for a service: `aws-access-key`,
    /// `aws-secret-key`, `gcp-api-key`, `azure-shared-access-key`, `github-token`, `slack-token`, `api-token`, `jwt` …
    pub kind: String,
    /// The name it is assigned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The value, masked but for its first and last characters.
    pub masked: String,
    /// Whether it stands in a comment or in documentation or is an evident place-holder.
    pub inactive: bool,
    /// Whether the file is one that everybody on the system can read.
    pub world_readable: bool,
    /// Hash scheme, where it is a password hash: `md5`, `sha512`, `apr1`, `digest` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// A well-known password that matches the hash, where one of the built-in list does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_password: Option<String>,
}

/// A network endpoint that a file names.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The address as it stands there, without user and password.
    pub url: String,
    /// Scheme: `http`, `https`, `ftp`, `mqtt`, `mqtts`, `rtsp`, `tftp`, `ws` …
    pub scheme: String,
    /// Host name or address.
    pub host: String,
    /// What it seems to be for: `update`, `package-feed`, `cloud`, `time`, `documentation`, `namespace`, `unknown`.
    pub purpose: String,
    /// Whether the scheme carries data in the clear.
    pub cleartext: bool,
}

/// A file whose mode matters.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileMode {
    /// Permission bits, as `4755`.
    pub mode: String,
    /// Owner's id.
    pub uid: u32,
    /// Set-user-id.
    pub setuid: bool,
    /// Set-group-id.
    pub setgid: bool,
    /// Writable by everybody (and no sticky directory).
    pub world_writable: bool,
    /// Whether it is a directory.
    pub directory: bool,
    /// Whether it is executable, or a script that is run at start.
    pub executable: bool,
    /// Whether it is a shell or an interpreter by name or content.
    pub shell: bool,
    /// File capabilities (`cap_net_raw` …).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
}

/// An image or bundle as it is delivered for installation: what it says of itself, and how it is protected.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateImage {
    /// Format: `esp-idf`, `esp8266`, `mcuboot`, `zigbee-ota`, `matter-ota`, `uf2`, `intel-hex`, `s-record`, `nordic-dfu`, `fit`, `rauc`, `swupdate`, `mender`,
    /// `android-payload`, `openwrt-sysupgrade`, `ipk` …
    pub format: String,
    /// The product or project it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The version it gives itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Chip, board or hardware it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// State of its signature.
    pub signature: SignatureState,
    /// Signature scheme: `rsa-2048`, `rsa-3072`, `ecdsa-p256`, `ed25519`, `cms` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// Whether the content is encrypted; absent where the format doesn't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypted: Option<bool>,
    /// Whether the digest or checksum over the content holds; absent where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_valid: Option<bool>,
    /// Counter against going back to an older version; absent where the format has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback_counter: Option<u64>,
    /// Where the private key that signed it is publicly known from, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub well_known: Option<String>,
    /// Addresses from which it fetches what it installs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// State of an image's signature. Whose key it was made with is not known from the image alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureState {
    /// The format could carry one, and there is none.
    #[default]
    Absent,
    /// There is one that could not be verified without a key that the image does not hold.
    Present,
    /// It fits the content and the key or certificate that came with it. Whether that key deserves trust is another question.
    Consistent,
    /// It does not fit the content.
    Broken,
    /// The format has no signatures, or it is not known whether this one has.
    NotApplicable,
}

/// How the device takes updates, as the image shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMechanism {
    /// What does it: `sysupgrade`, `opkg`, `apt`, `apk`, `dnf`, `swupdate`, `rauc`, `mender`, `ostree`, `fwupd`, `swupd`, `android-ota`,
    /// `mcuboot`, `esp-ota`, `script` …
    pub mechanism: String,
    /// Whether signatures are checked before installing; absent where it cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verifies: Option<bool>,
    /// The key or certificate that signatures are checked against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust_anchor: Option<String>,
    /// Where updates come from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Whether one of these sources is plain.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cleartext: bool,
    /// How it starts; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
}

/// An interface meant for development: a console, a debugger, a boot loader's prompt.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DebugInterface {
    /// `serial-console`, `local-console` (a screen and keyboard), `network-shell`, `boot-prompt`, `adb`, `gdbserver`, `sshd-debug`, `jtag`,
    /// `swd`, `kernel-debug` …
    pub kind: String,
    /// What shows it: the device of the console, the boot delay, the command line.
    pub detail: String,
    /// Whether it asks for a password; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authenticated: Option<bool>,
    /// How it starts; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
}

/// An option that software was built with.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildOption {
    /// What was built: `linux`, `busybox`, `u-boot`, `esp-idf`, `zephyr`, `buildroot`, `openwrt`, `yocto`.
    pub software: String,
    /// The option's name without `CONFIG_`; of a list of Yocto's, its name and the entry: `IMAGE_FEATURES/debug-tweaks`.
    pub option: String,
    /// `y`, `m`, `n`, a number or a text.
    pub value: String,
}

/// Code that is run from storage that can be written to while the device works, and that no signature covers.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WritableCode {
    /// What is run, as it stands there.
    pub command: String,
    /// Where that storage is mounted.
    pub mount: String,
    /// Its file system: `jffs2`, `ubifs`, `vfat`, `tmpfs` …; absent where not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filesystem: Option<String>,
    /// How it starts.
    pub start: Start,
}

/// The hardening of all programs and libraries of one system, summed up.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hardening {
    /// Which files are counted: `all`, or `network`: programs that face the network and the libraries they load.
    pub of: String,
    /// Programs and libraries counted.
    pub counted: u64,
    /// Programs among them.
    pub programs: u64,
    /// Programs that are position independent.
    pub pie: u64,
    /// With a stack that is not executable.
    pub nx: u64,
    /// With relocations that are read-only in full.
    pub relro_full: u64,
    /// Of the rest, in part.
    pub relro_partial: u64,
    /// Built with stack protectors, as far as that can be told.
    pub stack_protector: u64,
    /// That call fortified functions, as far as that can be told.
    pub fortify: u64,
}

/// A bill of materials as a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sbom {
    /// `cyclonedx` or `spdx`.
    pub format: String,
    /// Version of the format's specification.
    pub spec_version: String,
    /// Serialisation: `json`, `xml`, `tag-value`, `json-ld`.
    pub encoding: String,
    /// When it was made (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// Days between its making and the assessment; absent without a time stamp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_days: Option<i64>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// With which tools.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
    /// The product it describes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub describes: Option<String>,
    /// Number of components.
    pub components: u64,
    /// Components with a version.
    pub with_version: u64,
    /// Components with a supplier.
    pub with_supplier: u64,
    /// Components with a unique identifier (purl, CPE, SWID).
    pub with_identifier: u64,
    /// Components with a hash.
    pub with_hash: u64,
    /// Components with a licence.
    pub with_licence: u64,
    /// Number of dependency relationships.
    pub relationships: u64,
    /// Greatest depth of the dependency graph.
    pub depth: u32,
    /// The minimum elements (NTIA, *The Minimum Elements For a Software Bill of Materials*, 2021, section III) that it lacks: `supplier-name`,
    /// `component-name`, `version`, `unique-identifier`, `dependency-relationship`, `author`, `timestamp`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ntia_missing: Vec<String>,
}

/// A difference between the bill of materials and the image.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SbomDifference {
    /// What kind.
    pub kind: DifferenceKind,
    /// The component's name.
    pub component: String,
    /// Version in the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_firmware: Option<String>,
    /// Version in the bill of materials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_sbom: Option<String>,
}

/// Kinds of [`SbomDifference`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DifferenceKind {
    /// In the image, not in the bill of materials.
    #[default]
    MissingFromSbom,
    /// In the bill of materials, not seen in the image: it may be there unseen.
    NotSeenInFirmware,
    /// In both, with different versions.
    VersionDiffers,
}

/// A service that the image starts at boot and that the product file does not declare.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndeclaredService {
    /// The program.
    pub program: String,
    /// The protocol.
    pub protocol: String,
    /// How it starts.
    pub start: Start,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_schema() {
        for name in Observed::NAMES {
            assert!(Observed::schema(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_fact_is_written_as_name_and_value() {
        let fact = Fact {
            observed: Observed::Account(Account {
                user: "root".into(),
                password: PasswordState::Empty,
                ..Account::default()
            }),
            subject: "camera".into(),
            source: Source { artefact: "image.bin".into(), path: Some("/etc/shadow".into()), ..Source::default() },
        };
        let json = serde_json::to_value(&fact).unwrap();
        assert_eq!(json["name"], fact.observed.name());
        assert_eq!(json["value"]["password"], "empty");
        assert_eq!(json["source"]["path"], "/etc/shadow");
        assert_eq!(serde_json::from_value::<Fact>(json).unwrap(), fact);
    }
}
