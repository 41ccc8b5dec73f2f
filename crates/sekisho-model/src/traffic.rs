//! Facts from captures of network traffic and from MUD files (RFC 8520).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fact::SignatureState;

/// A capture of network traffic as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrafficCapture {
    /// Format of the file: `pcap`, `pcap-ns` (with nanoseconds), `pcapng`.
    pub format: String,
    /// Link types: `ethernet`, `raw-ip`, `linux-sll`, `linux-sll2`, `loopback`, `ppp`, `ieee802.11`,
    /// `ieee802.11-radiotap`, or `link-type-195` for one that is not read.
    pub link_types: Vec<String>,
    /// Number of frames.
    pub frames: u64,
    /// Bytes of the frames as they were on the wire.
    pub bytes: u64,
    /// Time of the earliest frame, RFC 3339; absent where frames carry no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Seconds from the earliest frame to the latest; absent where frames carry no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    /// Frames that the capture holds in part only (snapshot length).
    pub cut_frames: u64,
    /// Frames without an IP packet: ARP, LLDP, EAPOL and the like.
    pub other_frames: u64,
    /// Connections and exchanges of datagrams, each with its own pair of addresses and ports.
    pub flows: u64,
}

/// A station of the local network that a capture shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrafficHost {
    /// Its address.
    pub address: String,
    /// Its hardware address, where the capture shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// Whether that is certainly its own: it said so (ARP, neighbour discovery), got the address with it (DHCP), or sent from an address whose
    /// packets no router passes on. Else it may be a router's.
    #[serde(default)]
    pub owns_mac: bool,
    /// Whether who has the hardware address passes on what others sent: it announces itself as a router, or packets from addresses of the
    /// Internet that are not its own come from it.
    #[serde(default)]
    pub forwards: bool,
    /// Names that it gives itself (DHCP host name, mDNS).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Vendor class that it states when asking for an address (DHCP option 60).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor_class: Option<String>,
    /// The URL of its MUD file, where it states one when asking for an address (RFC 8520, section 10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mud_url: Option<String>,
    /// Frames that it sent.
    pub frames_sent: u64,
    /// Bytes that it sent.
    pub bytes_sent: u64,
}

/// Who talks to whom, over what: all connections and datagrams of one client to one port of one server.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrafficFlow {
    /// Address of the side that began, as far as the capture shows.
    pub from: String,
    /// Address of the other side.
    pub to: String,
    /// Where the other side lies: `local`, `internet`, `multicast`, `broadcast`, `this-host`.
    pub scope: String,
    /// Name of the other side, as seen in DNS, TLS or HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, `igmp` or `ip-47` by number.
    pub transport: String,
    /// Port of the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Application protocol as told from the content, never from the port: `tls`, `http`, `mqtt`, `dns` …; absent where it was not recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Whether the protocol encrypts what it carries; absent where the protocol was not recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypted: Option<bool>,
    /// Whether a connection was seen to be answered: the other side sent something besides a refusal.
    pub answered: bool,
    /// Connections, or for datagrams pairs of ports.
    pub connections: u64,
    /// Bytes of packets sent by the side that began, with the IP header.
    pub bytes_sent: u64,
    /// Bytes of packets sent by the other side, with the IP header.
    pub bytes_received: u64,
    /// Payload that was not recognised: its entropy in hundredths of a bit per byte (800 is what random data has); absent where there is too
    /// little of it to tell, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entropy: Option<u32>,
    /// Seconds between contacts, where they come at regular times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_seconds: Option<u64>,
    /// Whether the side that began is the component, as the product file tells; absent where it declares no address, or it cannot
    /// be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<bool>,
}

/// Somebody outside the local network whom a station talked to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrafficDestination {
    /// Address of the station.
    pub from: String,
    /// Name of the destination; its address where no name was seen.
    pub host: String,
    /// Whether `host` is a name.
    pub named: bool,
    /// How the name was learnt: `dns`, `tls` (server name indication), `http` (host header).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen_in: Vec<String>,
    /// Its addresses, as far as they were contacted.
    pub addresses: Vec<String>,
    /// Transport and port of what it was contacted on, such as `tcp/443`.
    pub services: Vec<String>,
    /// Application protocols as told from the content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protocols: Vec<String>,
    /// Whether an application protocol that was recognised carries data in the clear.
    pub cleartext: bool,
    /// Bytes sent to it.
    pub bytes_sent: u64,
    /// Bytes received from it.
    pub bytes_received: u64,
    /// Whether the station is the component, as the product file tells; absent where it declares no address, or it cannot
    /// be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<bool>,
}

/// A log-in that crossed the network in the clear.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrafficCredential {
    /// How it was sent: `http-basic`, `ftp-user-pass`, `telnet-login`, `mqtt-connect`, `pop3-user-pass`, `imap-login`, `smtp-auth-plain`,
    /// `smtp-auth-login`, `rtsp-basic`, `http-form`, `http-json`, `snmp-community` …
    pub kind: String,
    /// User name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The secret, masked but for its first and last characters.
    pub masked: String,
    /// Who sent it.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Where that lies: `local`, `internet`, `multicast`, `broadcast`, `this-host`.
    pub scope: String,
    /// Port.
    pub port: u16,
    /// Whether who sent it is the component, as the product file tells; absent where it declares no address, or it cannot
    /// be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<bool>,
}

/// How a client and a server agreed on TLS, DTLS or the TLS of QUIC, or tried to. Handshakes that agree in all of this are one fact.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrafficTls {
    /// The client.
    pub client: String,
    /// The server.
    pub server: String,
    /// Where the server lies: `local`, `internet`, `multicast`, `broadcast`, `this-host`.
    pub scope: String,
    /// Port.
    pub port: u16,
    /// Server name that the client asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_name: Option<String>,
    /// Versions that the client offers, newest first: `tls1.3` … `ssl3`, `dtls1.2`. Without the extension that lists them a client offers all
    /// up to the one that it names (RFC 5246, appendix E.1): then only that one stands here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<String>,
    /// Protocols that the client offers to speak inside (ALPN): `h2`, `h3`, `mqtt` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alpn: Vec<String>,
    /// Version that the server chose; absent where it did not answer with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Cipher suite that the server chose, by IANA's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cipher_suite: Option<String>,
    /// Cipher suites that the client offers without encryption, without authentication, or with RC4, DES, 3DES, or export-grade keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weak_offered: Vec<String>,
    /// Whether the suite that was chosen is one of those.
    pub weak_chosen: bool,
    /// Whether the connection began in the clear and changed over (STARTTLS).
    pub upgraded: bool,
    /// The alert with which a side broke off the handshake, such as `handshake_failure`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    /// Whether the server asked for a certificate of the client; absent where that is encrypted or was not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<bool>,
    /// How many handshakes.
    pub count: u64,
    /// Whether the client is the component, as the product file tells; absent where it declares no address, or it cannot
    /// be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<bool>,
}

/// A certificate that a server or client presented in TLS up to version 1.2. In later versions they are encrypted.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrafficCertificate {
    /// Who presented it.
    pub presented_by: String,
    /// Port of the server.
    pub port: u16,
    /// Whether the client presented it.
    pub by_client: bool,
    /// Place in the chain: 0 is the certificate of who presents it.
    pub position: u32,
    /// Subject's distinguished name.
    pub subject: String,
    /// Issuer's distinguished name.
    pub issuer: String,
    /// Names that it is for (subject alternative names).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Start of validity, RFC 3339.
    pub not_before: String,
    /// End of validity, RFC 3339.
    pub not_after: String,
    /// Whether it was valid at the time of the frame; absent where the capture has no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_then: Option<bool>,
    /// Whether subject and issuer are the same.
    pub self_signed: bool,
    /// Whether it is for the name that the client asked for; absent where no name was asked for or it is no server's own certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_matches: Option<bool>,
    /// Key algorithm: `rsa`, `ec` …
    pub key_algorithm: String,
    /// Key size in bits; absent where it can't be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_bits: Option<u32>,
    /// Signature algorithm: `sha256-rsa`, `sha1-rsa`, `ecdsa-sha256` …
    pub signature: String,
    /// SHA-256 of its public key (DER `SubjectPublicKeyInfo`), lower-case hexadecimal.
    pub fingerprint: String,
}

/// A MUD file (Manufacturer Usage Description, RFC 8520) as a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MudFile {
    /// Where its lists stand: `rfc8520` (`ietf-access-control-list:acls`) or `draft` (`access-lists`, as drafts before it had).
    pub form: String,
    /// Version of the format that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The URL that it is to be found at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether that is `https`; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub https: Option<bool>,
    /// When it was made, as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_update: Option<String>,
    /// Hours for which it may be kept without asking again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_validity: Option<u64>,
    /// Whether the device is still supported, as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supported: Option<bool>,
    /// What it says of the device for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_info: Option<String>,
    /// Maker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manufacturer: Option<String>,
    /// Model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// State of its signature (section 13). `present` where it names one that was not given, or one was given that cannot be verified; `consistent`
    /// where the one that was given fits the file and the certificate that came with it; `broken` where it does not.
    pub signature: SignatureState,
    /// Name of the file that the signature was read from; absent where none lies beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature_file: Option<String>,
    /// How the signature was made, as `cms rsa-2048 sha256`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature_scheme: Option<String>,
    /// Whom the signer's certificate is about. It was not held against a root: whoever has a key can write any name there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// Who issued that certificate, as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer_issuer: Option<String>,
    /// First moment of its validity (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer_not_before: Option<String>,
    /// Last moment of its validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer_not_after: Option<String>,
    /// Whether it was within its validity when it was looked at; a signature carries no date that others vouch for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer_in_time: Option<bool>,
    /// Number of rules.
    pub rules: u64,
    /// Codes of what is against RFC 8520 in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// Codes of what is probably a mistake in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// One rule of a MUD file: with whom the device may communicate, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MudRule {
    /// Name of the access list.
    pub list: String,
    /// Name of the rule in it.
    pub rule: String,
    /// `from-device` or `to-device`; absent where no policy names the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// What the other side is given by: `dns`, `network`, `local-networks`, `manufacturer`, `same-manufacturer`, `model`, `controller`,
    /// `my-controller`, `ethernet`, `any`.
    pub peer: String,
    /// The name, prefix, authority or class itself, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// `tcp`, `udp`, `icmp` … or a number; absent where any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Ports of the device, as `443`, `1000-2000` or `!=80`; absent where any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_port: Option<String>,
    /// Ports of the other side; absent where any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer_port: Option<String>,
    /// Who may begin a TCP connection, where it says: `from-device`, `to-device`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiated: Option<String>,
    /// `accept`, `drop`, `reject`; absent where it says none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Conditions that were not understood, by their names in the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_understood: Vec<String>,
}

/// A destination that the device talked to and that neither the product file nor its MUD file names.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndeclaredDestination {
    /// Address of the station that talked to it.
    pub from: String,
    /// Name of the destination; its address where no name was seen.
    pub host: String,
    /// Transport and port, such as `tcp/443`.
    pub service: String,
    /// What it was held against: `product`, `mud`.
    pub held_against: Vec<String>,
    /// Bytes sent to it.
    pub bytes_sent: u64,
    /// Whether the station is the component, as the product file tells; absent where it declares no address, or it cannot
    /// be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<bool>,
}
