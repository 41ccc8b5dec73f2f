//! Which protocols a port is asked for, and in which order: what is usual there first, so that one connection mostly is enough.

use std::time::Duration;

use sekisho_model::interface;

/// A question to a service over TCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Http,
    Tls,
    Mqtt,
    Coap,
    Rtsp,
    Sip,
    Redis,
    Amqp,
    Postgres,
    Dns,
    Adb,
    Modbus,
}

/// How a port is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    /// How long it is waited for a greeting before the first question.
    pub(super) greeting: Duration,
    /// The questions; none where nothing but a greeting is waited for.
    pub(super) asks: Vec<Ask>,
    /// The questions inside TLS.
    pub(super) inside: Vec<Ask>,
    /// Why it is not asked for everything.
    pub(super) spared: Option<Spared>,
}

/// Services that questions not meant for them could disturb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spared {
    /// They print whatever is sent to them.
    Printer,
    /// Controllers of machines, some of which stop when they get what they do not know.
    Industrial,
}

/// What every other service is asked for.
const GENERAL: [Ask; 4] = [Ask::Http, Ask::Tls, Ask::Mqtt, Ask::Rtsp];

/// Servers that greet do so after looking up the client's name, which can take seconds.
const LONG: Duration = Duration::from_secs(5);
const SHORT: Duration = Duration::from_millis(800);
const NONE: Duration = Duration::ZERO;

/// How the port of this number is asked; `kind` is what the product file says of it.
pub(super) fn order(port: u16, kind: Option<&str>) -> Order {
    let first = match kind {
        Some("modbus") => First::Only(Ask::Modbus),
        Some("printer" | "jetdirect") => First::Spare(Spared::Printer),
        Some("s7" | "s7comm" | "ethernet-ip" | "dnp3" | "iec104" | "profinet" | "fins") => {
            First::Spare(Spared::Industrial)
        }
        Some("ssh" | "telnet" | "ftp" | "smtp" | "imap" | "pop3" | "vnc" | "mysql" | "nats") => First::Greets,
        Some("web" | "http" | "upnp" | "onvif") if !usually_tls(port) => First::Ask(Ask::Http),
        Some(kind) if interface::is_inside_tls(kind) => First::Ask(Ask::Tls),
        Some("mqtt") if !usually_tls(port) => First::Ask(Ask::Mqtt),
        Some("rtsp") if !usually_tls(port) => First::Ask(Ask::Rtsp),
        Some("coap") if !usually_tls(port) => First::Ask(Ask::Coap),
        Some("sip") if !usually_tls(port) => First::Ask(Ask::Sip),
        Some("amqp") if !usually_tls(port) => First::Ask(Ask::Amqp),
        Some("redis") => First::Ask(Ask::Redis),
        Some("postgresql") => First::Ask(Ask::Postgres),
        Some("dns") => First::Ask(Ask::Dns),
        Some("adb") => First::Ask(Ask::Adb),
        _ => by_number(port),
    };
    let (greeting, first) = match first {
        First::Only(ask) => {
            return Order { greeting: NONE, asks: vec![ask], inside: Vec::new(), spared: Some(Spared::Industrial) };
        }
        First::Spare(spared) => {
            return Order { greeting: SHORT, asks: Vec::new(), inside: Vec::new(), spared: Some(spared) };
        }
        First::Greets => (LONG, None),
        First::Ask(ask) => (NONE, Some(ask)),
        First::Unknown => (SHORT, None),
    };
    let others = GENERAL.into_iter().filter(|ask| Some(*ask) != first);
    let asks = first.into_iter().chain(others).collect();
    Order { greeting, asks, inside: inside(port, kind.unwrap_or_default()), spared: None }
}

fn inside(port: u16, kind: &str) -> Vec<Ask> {
    if port == 5684 || interface::speaks(kind, "coap") {
        vec![Ask::Coap, Ask::Http, Ask::Mqtt]
    } else if port == 8883 || matches!(kind, "mqtt" | "mqtts") {
        vec![Ask::Mqtt, Ask::Http]
    } else {
        vec![Ask::Http, Ask::Mqtt]
    }
}

enum First {
    Only(Ask),
    Spare(Spared),
    Ask(Ask),
    Greets,
    Unknown,
}

fn usually_tls(port: u16) -> bool {
    matches!(by_number(port), First::Ask(Ask::Tls))
}

fn by_number(port: u16) -> First {
    match port {
        502 => First::Only(Ask::Modbus),
        9100..=9107 => First::Spare(Spared::Printer),
        // S7, Crimson, Fox, PCWorx, IEC 104, FINS, GE-SRTP, DNP3, ProConOS, PROFINET, EtherCAT, EtherNet/IP, BACnet/SC and its kin.
        102
        | 789
        | 1911
        | 1962
        | 2404
        | 2455
        | 4911
        | 5006
        | 5007
        | 5094
        | 9600
        | 18245
        | 18246
        | 20000
        | 20547
        | 34962..=34964
        | 34980
        | 44818
        | 47808 => First::Spare(Spared::Industrial),
        21..=26
        | 110
        | 119
        | 143
        | 587
        | 873
        | 2121
        | 2222
        | 2223
        | 2323
        | 3306
        | 4222
        | 5900..=5910
        | 22222
        | 23023 => First::Greets,
        443
        | 465
        | 636
        | 853
        | 989..=995
        | 2376
        | 4433
        | 4443
        | 5061
        | 5223
        | 5349
        | 5671
        | 5684
        | 6443
        | 6514
        | 7443
        | 8443
        | 8883
        | 8834
        | 9443
        | 10443
        | 37443 => First::Ask(Ask::Tls),
        53 => First::Ask(Ask::Dns),
        554 | 5554 | 7070 | 8554 | 10554 => First::Ask(Ask::Rtsp),
        1883 | 18883 => First::Ask(Ask::Mqtt),
        5683 => First::Ask(Ask::Coap),
        5060 => First::Ask(Ask::Sip),
        5432 => First::Ask(Ask::Postgres),
        5555 => First::Ask(Ask::Adb),
        5672 => First::Ask(Ask::Amqp),
        6379 => First::Ask(Ask::Redis),
        80..=90 | 280 | 591 | 3000 | 5000 | 8000..=8100 | 8123 | 8888 | 9000 | 9090 => First::Ask(Ask::Http),
        _ => First::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_disturbed_is_spared() {
        assert_eq!(order(9100, None).asks, []);
        assert_eq!(order(102, None).asks, []);
        assert_eq!(order(502, None).asks, [Ask::Modbus]);
        assert_eq!(order(1502, Some("modbus")).asks, [Ask::Modbus]);
    }

    #[test]
    fn what_is_usual_comes_first() {
        assert_eq!(order(443, None).asks[0], Ask::Tls);
        assert_eq!(order(443, Some("web")).asks[0], Ask::Tls);
        assert_eq!(order(12345, Some("mqtt")).asks[0], Ask::Mqtt);
        assert_eq!(order(5683, None).asks[0], Ask::Coap);
        assert_eq!((order(5684, None).asks[0], order(5684, None).inside[0]), (Ask::Tls, Ask::Coap));
        assert_eq!((order(12345, Some("coaps")).asks[0], order(12345, Some("coaps")).inside[0]), (Ask::Tls, Ask::Coap));
        assert_eq!(order(8883, None).inside[0], Ask::Mqtt);
        assert_eq!(order(12345, None).asks, GENERAL);
        assert!((1..=65535).all(|port| order(port, None).asks.len() <= 5));
    }
}
