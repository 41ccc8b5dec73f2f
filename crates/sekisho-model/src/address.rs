//! Where an address lies.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address lies, as facts call it.
pub fn scope(address: IpAddr) -> &'static str {
    match address {
        address if address.is_multicast() => "multicast",
        IpAddr::V4(Ipv4Addr::BROADCAST) => "broadcast",
        address if address.is_loopback() => "this-host",
        address if is_local(address) => "local",
        _ => "internet",
    }
}

/// Whether it is an address of a local network: private (RFC 1918, RFC 4193), link-local (RFC 3927, RFC 4291), shared (RFC 6598), or not set.
pub fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4_is_local(v4),
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(|| v6_is_local(v6), v4_is_local),
    }
}

fn v4_is_local(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    address.is_private()
        || address.is_link_local()
        || address.is_loopback()
        || address.is_unspecified()
        || (a == 100 && (64..128).contains(&b))
}

fn v6_is_local(address: Ipv6Addr) -> bool {
    address.is_unique_local() || address.is_unicast_link_local() || address.is_loopback() || address.is_unspecified()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_follow_the_registries() {
        for (address, expected) in [
            ("192.168.1.1", "local"),
            ("169.254.0.1", "local"),
            ("100.64.0.1", "local"),
            ("fe80::1", "local"),
            ("fd00::1", "local"),
            ("224.0.0.251", "multicast"),
            ("ff02::fb", "multicast"),
            ("255.255.255.255", "broadcast"),
            ("127.0.0.1", "this-host"),
            ("8.8.8.8", "internet"),
            ("2001:4860::1", "internet"),
        ] {
            assert_eq!(scope(address.parse().unwrap()), expected, "{address}");
        }
    }
}
