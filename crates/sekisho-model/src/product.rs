//! The product: what its people say it is. At once the scope of the assessment and a set of claims that evidence confirms or contradicts.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Reply};
use crate::artefact::ArtefactKind;
use crate::declaration::{Review, SshDeclaration, TlsDeclaration};
use crate::trait_id::Trait;

/// A product file. Only the name and one component are needed; what is left out is not known, and what is not known is taken to apply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// What the product is called.
    #[schemars(length(min = 1))]
    pub name: String,
    /// Maker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Model or type number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Version of the product or of its software.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Your roles towards the product, such as `device-manufacturer` or `operator`; controls addressed only to others do not concern you.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Markets it is sold or used in: `eu`, `uk`, `us`, `jp`, `world`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markets: Vec<String>,
    /// Industries it is used in, such as `smart-home` or `healthcare`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub industries: Vec<String>,
    /// Documents to assess against (ids or aliases); where left out, all of the catalog that its industries, markets and roles do not speak
    /// against.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    /// What it consists of.
    #[schemars(length(min = 1))]
    pub components: Vec<Component>,
    /// Database of known vulnerabilities, as `sekisho vulndb import` makes it, to hold the components against; a path relative to the product
    /// file. Where left out, the one that the program is told of or finds in the user's folder for data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vulnerabilities: Option<String>,
    /// Who talks to whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flows: Option<Vec<Flow>>,
    /// Which data it handles; an empty list says: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Vec<Data>>,
    /// Who uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<User>>,
    /// How updates work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updates: Option<Updates>,
    /// Properties that the rest of the file does not say, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "traits_schema")]
    pub traits: BTreeMap<Trait, bool>,
    /// What people say about objectives that cannot be seen, by the objective's id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, AnswerEntry>,
}

fn traits_schema(_: &mut SchemaGenerator) -> Schema {
    let properties: serde_json::Map<_, _> =
        Trait::ALL.iter().map(|t| (t.name().to_owned(), serde_json::json!({ "type": "boolean" }))).collect();
    json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// A part of the product: a device, a gateway, an app, a service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Short name by which the rest of the file and the report call it.
    #[schemars(regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"))]
    pub id: String,
    /// What it is.
    pub kind: ComponentKind,
    /// Name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Firmware image, or several; paths relative to the product file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware: Option<Paths>,
    /// Software bill of materials, or several; paths relative to the product file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sbom: Option<Paths>,
    /// Capture of its network traffic (pcap or pcapng), or several; paths relative to the product file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<Paths>,
    /// MUD file (RFC 8520), or several; paths relative to the product file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mud: Option<Paths>,
    /// Where it is found on the network: IP addresses, host names, hardware addresses (for captures), one or several. Nothing else is contacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Paths>,
    /// How far it may be looked at over the network. Where left out: not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorized: Option<Authorized>,
    /// TCP ports to ask beside those of its interfaces, such as `1-1024,8080`; where left out, the thousand that are used most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp_ports: Option<String>,
    /// Domains that it depends on or is sold under; they are looked up where `authorized` is `probe` or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domains: Option<Vec<Domain>>,
    /// Material that the maker publishes about it: a folder, a file or an address on the web (`https://…`), or several; paths relative to the
    /// product file. Addresses are fetched where `authorized` is `probe` or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Paths>,
    /// Configuration of a build (`.config` of Linux, `BusyBox` or U-Boot, `sdkconfig`, `prj.conf`, manifests), or several; paths relative to the
    /// product file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<Paths>,
    /// Results of other tools (nmap, testssl.sh, sslyze, ssh-audit, ZAP, SARIF, EMBA, Testrun), or several; paths relative to the product file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<Paths>,
    /// Implementations of network and security functions in it that were reviewed or evaluated, each in the version of the report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviewed: Vec<Review>,
    /// Its interfaces; an empty list says: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interfaces: Option<Vec<Interface>>,
}

impl Component {
    /// How far anything of it may be looked at over the network: what it says itself, or more where one of its interfaces says more.
    pub fn most_authorized(&self) -> Authorized {
        let interfaces = self.interfaces.iter().flatten().filter_map(|interface| interface.authorized);
        interfaces.chain(self.authorized).max().unwrap_or_default()
    }

    /// The names of its artefacts of this kind; none where it names none. Messages stand at its domains. What is held against a database, and
    /// clients, are not named by a component.
    pub fn artefacts(&self, kind: ArtefactKind) -> Vec<&str> {
        match kind {
            ArtefactKind::Firmware => all(self.firmware.as_ref()),
            ArtefactKind::Sbom => all(self.sbom.as_ref()),
            ArtefactKind::Capture => all(self.capture.as_ref()),
            ArtefactKind::Mud => all(self.mud.as_ref()),
            // Hardware addresses tell a device in a capture; nothing is contacted by them.
            ArtefactKind::Host => {
                self.address.iter().flat_map(Paths::iter).filter(|address| !is_hardware_address(address)).collect()
            }
            ArtefactKind::Domain => self.domains.iter().flatten().map(|domain| domain.name.as_str()).collect(),
            ArtefactKind::Message => {
                self.domains.iter().flatten().flat_map(|domain| &domain.message).flat_map(Paths::iter).collect()
            }
            ArtefactKind::Published => all(self.published.as_ref()),
            ArtefactKind::Build => all(self.build.as_ref()),
            ArtefactKind::Results => all(self.results.as_ref()),
            ArtefactKind::Vulnerabilities | ArtefactKind::Client => Vec::new(),
        }
    }
}

fn all(paths: Option<&Paths>) -> Vec<&str> {
    paths.into_iter().flat_map(Paths::iter).collect()
}

/// Whether an address is a hardware address (IEEE 802: six octets in hexadecimal).
pub fn is_hardware_address(address: &str) -> bool {
    let octets: Vec<&str> = address.split([':', '-']).collect();
    octets.len() == 6 && octets.iter().all(|octet| octet.len() == 2 && octet.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Whether what the product file names is an address on the web and no path.
pub fn is_web_address(name: &str) -> bool {
    let starts = |scheme: &str| name.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    starts("https://") || starts("http://")
}

/// How far something may be looked at over the network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Authorized {
    /// Nothing is sent to it.
    #[default]
    Passive,
    /// It is connected to and asked harmless questions, as any client would.
    Probe,
    /// Log-ins are tried too, and test messages are sent. Asks before it begins.
    Active,
}

/// Reads a list of ports such as `1-1024,8080`, in order and each once.
///
/// # Errors
/// Where something in it is no port or range; the message says what, and at which character.
pub fn ports_in(text: &str) -> Result<Vec<u16>, String> {
    let mut ports = BTreeSet::new();
    let mut place = 1;
    for part in text.split(',') {
        let wrong = |what: &str| format!("'{}' at character {place} {what}", part.trim());
        let number = |digits: &str| match digits.trim().parse::<u16>() {
            Ok(0) | Err(_) => Err(wrong("is no port: expected a number from 1 to 65535, or a range such as 1-1024")),
            Ok(port) => Ok(port),
        };
        let (first, last) = match part.split_once('-') {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(part)?, number(part)?),
        };
        if first > last {
            return Err(wrong("is a range that ends before it begins"));
        }
        ports.extend(first..=last);
        place += part.chars().count() + 1;
    }
    Ok(ports.into_iter().collect())
}

/// A domain of the product or of its maker.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// Its name.
    #[schemars(length(min = 1))]
    pub name: String,
    /// Whether mail is sent from it; absent: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<bool>,
    /// Selectors under which it signs mail (DKIM).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dkim_selectors: Vec<String>,
    /// A message that was sent from it (`.eml`), or several; paths relative to the product file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Paths>,
    /// Day (`YYYY-MM-DD`) since which its DMARC record stands, for records do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc_since: Option<String>,
}

/// A test account. The password does not stand in the product file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Name.
    pub user: String,
    /// Environment variable that holds the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_env: Option<String>,
    /// File whose first line is the password; a path relative to the product file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<String>,
}

/// Transport protocols.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// TCP.
    #[default]
    Tcp,
    /// UDP.
    Udp,
}

impl Transport {
    /// The word used in files and facts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }

    /// The one that files and facts call so.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Tcp, Self::Udp].into_iter().find(|one| one.name() == name)
    }
}

/// Kinds of components.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ComponentKind {
    /// A device.
    #[default]
    Device,
    /// A gateway or hub.
    Gateway,
    /// A controller.
    Controller,
    /// A sensor or actuator.
    Sensor,
    /// A mobile or desktop app.
    App,
    /// A back-end service.
    CloudService,
    /// A web site or portal.
    WebService,
    /// Something else.
    Other,
}

impl ComponentKind {
    /// Whether it is a physical thing that runs firmware.
    pub fn is_hardware(self) -> bool {
        matches!(self, Self::Device | Self::Gateway | Self::Controller | Self::Sensor)
    }
}

/// One path or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Paths {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Paths {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::One(path) => std::slice::from_ref(path),
            Self::Many(paths) => paths.as_slice(),
        }
        .iter()
        .map(String::as_str)
    }
}

/// An interface of a component, logical or physical.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interface {
    /// What it is, such as `web`, `ssh`, `mqtt`, `wifi`, `usb`.
    pub kind: String,
    /// Port number, for what listens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Transport of that port: `tcp` or `udp`; where left out, what is usual for the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transport: Option<Transport>,
    /// How far this interface may be looked at over the network; where left out, as the component says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorized: Option<Authorized>,
    /// Test accounts for active tests; two of them show whether one sees what belongs to the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<Account>,
    /// Path of its first page, for web interfaces that have none at `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// How one logs in, for web interfaces whose pages do it by a script and not by a form; for active tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<WebLogin>,
    /// From where it can be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
    /// Every way in which who uses it can authenticate, one or several; `none` where it also lets in, or only lets in, without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication: Option<Authentications>,
    /// Whether it is enabled by default; where left out, it is. What answers on a disabled one counts as not declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The TLS or DTLS that it agrees to; needs the port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsDeclaration>,
    /// The algorithms of SSH that it offers; needs the port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssh: Option<SshDeclaration>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
}

/// A log-in that a page's script makes: an object of JSON, posted. Paths are those on the interface's own server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebLogin {
    /// Where it is posted to, such as `/api/login`.
    #[schemars(regex(pattern = "^/"))]
    pub path: String,
    /// Names of the members that hold the account's name and password.
    pub json: LoginMembers,
    /// Name of the member of the answer that holds the session's token, which is then sent as `Authorization: Bearer`. Where left out, the
    /// session is in a cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// A page that opens only to who is logged in, such as `/api/account`: whether sessions end is seen by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^/"))]
    pub page: Option<String>,
    /// Where an empty object is posted to log out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^/"))]
    pub logout: Option<String>,
}

/// Members of an object of JSON; a dot leads into an inner object (`params.user`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginMembers {
    /// The one with the name; where left out, only a password is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The one with the password.
    pub password: String,
}

impl Interface {
    /// The declared ways to authenticate; none where nothing is declared.
    pub fn authentications(&self) -> &[Authentication] {
        self.authentication.as_ref().map_or(&[], Authentications::all)
    }

    /// How the rest of the program names it to people: its kind, and its port where it has one.
    pub fn label(&self) -> String {
        self.port.map_or_else(|| self.kind.clone(), |port| format!("{} {port}", self.kind))
    }
}

/// From where an interface can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Only on the thing itself.
    Physical,
    /// From the local network.
    Local,
    /// From the Internet.
    Internet,
}

/// How who uses an interface must authenticate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Authentication {
    /// Not at all.
    None,
    /// With a password.
    Password,
    /// With a key, certificate or token.
    Key,
    /// With several factors.
    MultiFactor,
}

impl Authentication {
    /// The word used in files and facts.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Password => "password",
            Self::Key => "key",
            Self::MultiFactor => "multi-factor",
        }
    }
}

/// One way to authenticate or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Authentications {
    /// One.
    One(Authentication),
    /// Several.
    Many(Vec<Authentication>),
}

impl Authentications {
    /// All of them.
    pub fn all(&self) -> &[Authentication] {
        match self {
            Self::One(way) => std::slice::from_ref(way),
            Self::Many(ways) => ways,
        }
    }
}

/// Traffic between two components, or between one and the outside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Component it comes from, or a host.
    pub from: String,
    /// Component it goes to, or a host.
    pub to: String,
    /// Protocol, such as `mqtts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The TLS or DTLS that is agreed on for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsDeclaration>,
    /// Names of the data it carries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<String>,
}

/// A kind of data that the product handles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// What it is.
    pub name: String,
    /// Whether it is personal data; absent: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal: Option<bool>,
    /// Whether it is sensitive: health, biometrics, pictures from the home, location; absent: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<bool>,
    /// Whether its use rests on consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<bool>,
    /// Components that store it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stored_in: Vec<String>,
    /// Third parties it goes to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared_with: Vec<String>,
}

/// Somebody who uses the product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Who: `owner`, `guest`, `nurse` …
    pub name: String,
    /// How they log in; absent: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Authentication>,
}

/// How updates work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Updates {
    /// Whether the software can be updated at all.
    pub possible: bool,
    /// Whether updates come over a network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<bool>,
    /// Whether they come by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<bool>,
    /// Whether users are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notifications: Option<bool>,
}

/// An answer, in short or in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum AnswerEntry {
    /// Only the word.
    Short(Reply),
    /// With reason, author, date.
    Full(Answer),
}

impl AnswerEntry {
    /// The full form.
    pub fn to_answer(&self) -> Answer {
        match self {
            Self::Full(answer) => answer.clone(),
            Self::Short(reply) => {
                Answer { answer: *reply, reason: None, by: None, date: None, expires: None, attachments: Vec::new() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_on_the_web_are_told_from_paths() {
        assert!(is_web_address("https://hikaricam.example/") && is_web_address("HTTP://x"));
        assert!(!is_web_address("documents/https") && !is_web_address("日本語の文書"));
    }

    #[test]
    fn lists_of_ports() {
        assert_eq!(ports_in("8080, 1-3,2").unwrap(), [1, 2, 3, 8080]);
        assert_eq!(ports_in("1-65535").unwrap().len(), 65535);
        assert!(ports_in("80,x").unwrap_err().starts_with("'x' at character 4 is no port"));
        assert!(ports_in("80,9-3").unwrap_err().contains("ends before it begins"));
        for wrong in ["", "0", "65536", "1-", "-5", "1--3", "80;81"] {
            assert!(ports_in(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hardware_addresses() {
        assert!(is_hardware_address("02:00:00:00:00:0a") && is_hardware_address("02-00-00-00-00-0A"));
        assert!(!is_hardware_address("192.0.2.1") && !is_hardware_address("2001:db8::1") && !is_hardware_address("::"));
    }
}
