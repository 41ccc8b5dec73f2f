//! Facts from looking at a host over the network: what listens, what it is, and what it lets in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// From where a host was asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Vantage {
    /// From the network that the device itself is on.
    Local,
    /// From the Internet: what stands between the device and everybody, such as a router or packet filter, stood in between.
    Internet,
    /// Nobody said.
    #[default]
    Unknown,
}

impl Vantage {
    /// Whether nobody said.
    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

/// A host as a whole: from where and which of its ports were asked, and how many answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkHost {
    /// Its address.
    pub address: String,
    /// The name that it was looked up by, where the product file gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// From where it was asked, as whoever asked says (`--from`).
    #[serde(default, skip_serializing_if = "Vantage::is_unknown")]
    pub vantage: Vantage,
    /// TCP ports that were asked.
    pub tcp_asked: u32,
    /// Of them, those that accepted a connection.
    pub tcp_open: u32,
    /// Of them, those that refused one.
    pub tcp_refused: u32,
    /// Of them, those that gave no answer: a packet filter, or a host that is too slow.
    pub tcp_silent: u32,
    /// UDP services that were asked, each with a request of its protocol.
    pub udp_asked: u32,
    /// Of them, those that answered. Silence over UDP says nothing.
    pub udp_open: u32,
}

/// A port that accepts connections or answers datagrams, and what is behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkService {
    /// Address of the host.
    pub address: String,
    /// `tcp` or `udp`.
    pub transport: String,
    /// Port.
    pub port: u16,
    /// Protocol as told by what it answered, never from the port alone: `http`, `ssh`, `mqtt`, `telnet`, `ftp`, `smtp`, `imap`, `pop3`,
    /// `rtsp`, `coap`, `snmp`, `dns`, `ntp`, `ssdp`, `mdns`, `ws-discovery`, `netbios`, `tftp`, `sip`, `modbus`, `bacnet`, `redis`, `vnc`, `adb`,
    /// `mysql`, `postgresql`, `amqp`, `nats`, `xmpp`, `rsync`, `tls` (TLS with something unknown in it) …; absent where it was not recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Whether TLS or DTLS lies around the protocol from the first byte.
    pub tls: bool,
    /// Product that it says it is, such as `OpenSSH`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Version that it says it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What told it: `banner` (said unasked), `probe` (answer to a request), `handshake`, `port` (another tool's guess by number).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognised_by: Option<String>,
    /// Whether the protocol carries data, among it log-ins, in the clear; absent where the protocol is not known. Protocols that change
    /// over to TLS when asked (STARTTLS) count as in the clear here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleartext: Option<bool>,
}

/// A question to a service that got no proper answer. What rests on it is inconclusive.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbeFailure {
    /// Address of the host, or the name where it has no address.
    pub address: String,
    /// `tcp` or `udp`; absent where no service was asked (a name that does not resolve).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transport: Option<String>,
    /// Port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// What was asked, by a technical name: `connect`, `tls1.0`, `ssh-kex`, `mqtt-connect`, `http-get`, `dns-mx` …
    pub probe: String,
    /// What happened.
    pub failure: FailureKind,
    /// More about it, as the system or the answer said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// How a question failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The host refused the connection.
    Refused,
    /// No answer within the time allowed.
    #[default]
    TimedOut,
    /// The connection was reset.
    Reset,
    /// The connection was closed before the answer was whole.
    Closed,
    /// The network or host cannot be reached.
    Unreachable,
    /// The name has no address, or the name server did not answer.
    Unresolved,
    /// The answer is none of the protocol's.
    Nonsense,
    /// The answer goes over a limit of size.
    TooMuch,
    /// The server's certificate is not to be trusted where it has to be: nothing was asked.
    Untrusted,
    /// The requests or the time allowed for this host are used up.
    BudgetSpent,
    /// The user stopped it.
    Cancelled,
    /// Something else.
    Other,
}

/// What a service lets in without a log-in.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccess {
    /// Address of the host.
    pub address: String,
    /// `tcp` or `udp`.
    pub transport: String,
    /// Port.
    pub port: u16,
    /// Protocol: `ftp`, `telnet`, `snmp`, `rtsp`, `modbus`, `bacnet`, `ssdp`, `upnp`, `mdns`, `redis`, `tftp`, `vnc`, `adb` …
    pub protocol: String,
    /// What was tried: `anonymous` (no or a conventional name), `community-public` (SNMP), `read` (a request that only reads), `shell` (a prompt
    /// without a log-in), `any-login` (a made-up name and password), `port-mapping` (a service that opens ports of a router; it is there, and
    /// was not used).
    pub attempt: String,
    /// Whether it was let in; absent where the answer does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<bool>,
    /// Whether the attempt could change something on the device had it been meant to (`write`), or only read (`read`).
    pub kind: String,
    /// What it told, shortened: names of its services, its description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A port that answers on a declared host though the product file declares nothing there.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndeclaredListener {
    /// Address of the host.
    pub address: String,
    /// `tcp` or `udp`.
    pub transport: String,
    /// Port.
    pub port: u16,
    /// Protocol, where it was recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
}

/// A service of a device that answered when it was asked from the Internet (`NetworkHost::vantage`).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InternetService {
    /// Address of the host.
    pub address: String,
    /// `tcp` or `udp`.
    pub transport: String,
    /// Port.
    pub port: u16,
    /// Protocol as its answer told; absent where it was not recognised, or another tool guessed it from the port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Whether TLS or DTLS lies around it.
    pub tls: bool,
    /// How its first page asks for a log-in, for web servers that do: as `WebService::login`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
}

/// What repeated failing log-ins led to. Made only where the interface is authorized for active tests.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginLimit {
    /// Address of the host.
    pub address: String,
    /// Port.
    pub port: u16,
    /// Protocol: `http`, `ssh`, `mqtt`, `ftp`, `telnet`.
    pub protocol: String,
    /// Failing log-ins that were made.
    pub attempts: u32,
    /// Whether the service slowed them down or stopped them.
    pub limited: bool,
    /// How: `locked` (refused by status or message), `delayed` (answers became slower), `disconnected` (no more connections).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
    /// After how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
}

/// A log-in with a name and a password that makers are known to ship. Made only where the interface is authorized for active tests.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefaultLogin {
    /// Address of the host.
    pub address: String,
    /// Port.
    pub port: u16,
    /// Protocol: `http`, `ssh`, `mqtt`, `ftp`, `telnet`, `snmp`.
    pub protocol: String,
    /// Name.
    pub user: String,
    /// The password, masked but for its first and last characters.
    pub masked: String,
    /// Whether it was let in.
    pub accepted: bool,
}
