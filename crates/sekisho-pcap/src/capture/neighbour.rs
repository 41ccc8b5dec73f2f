//! What stations of a link say of their own addresses. Such messages do not cross a router: whoever sends one is on the link that was captured.

use std::net::{IpAddr, Ipv6Addr};

use super::names::Mac;

/// Somebody says that an address is its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) address: IpAddr,
    pub(crate) mac: Mac,
    /// Whether it says, too, that it is a router.
    pub(crate) router: bool,
}

/// ARP over Ethernet and for IPv4 (RFC 826). A probe has no address yet (RFC 5227).
pub(super) fn arp(message: &[u8]) -> Option<Claim> {
    let [0, 1, 8, 0, 6, 4, _, _, sender @ ..] = message else { return None };
    let (mac, rest) = sender.split_first_chunk::<6>()?;
    let address = IpAddr::from(*rest.first_chunk::<4>()?);
    is_own(*mac).filter(|()| !address.is_unspecified()).map(|()| Claim { address, mac: *mac, router: false })
}

/// Neighbour discovery (RFC 4861, section 4). A hop limit below the highest came over a router and does not count (section 7.1).
pub(super) fn ndp(from: IpAddr, hop_limit: u8, message: &[u8]) -> Option<Claim> {
    let (address, option, options, router) = match (*message.first()?, hop_limit) {
        // Solicitation of a router, advertisement of a router, solicitation of a neighbour: the sender's own address.
        (133, 255) => (from, 1, 8, false),
        (134, 255) => (from, 1, 16, true),
        (135, 255) => (from, 1, 24, false),
        // Advertisement of a neighbour: of which address, it says.
        (136, 255) => {
            let target = Ipv6Addr::from(*message.get(8..)?.first_chunk::<16>()?);
            (target.into(), 2, 24, message[4] & 0x80 != 0)
        }
        _ => return None,
    };
    let mut rest = message.get(options..)?;
    while let [kind, units, ..] = *rest {
        if kind == option {
            let mac = *rest.get(2..)?.first_chunk::<6>()?;
            return is_own(mac).filter(|()| !address.is_unspecified()).map(|()| Claim { address, mac, router });
        }
        // One without a length would be the last for ever.
        rest = rest.get(usize::from(units) * 8..).filter(|_| units > 0)?;
    }
    None
}

/// Whether an address can be one station's own.
fn is_own(mac: Mac) -> Option<()> {
    (mac[0] & 1 == 0 && mac != [0; 6]).then_some(())
}

/// Whether no router passes packets from the address on (RFC 3927, section 7; RFC 4291, section 2.5.6).
pub(super) fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAC: Mac = [2, 0, 0, 0, 0, 1];

    #[test]
    fn arp_claims_and_probes_do_not() {
        let message = |address: [u8; 4], mac: Mac| {
            [&[0, 1, 8, 0, 6, 4, 0, 1][..], &mac, &address, &[0; 6], &[192, 0, 2, 1]].concat()
        };
        let claim = Claim { address: "192.0.2.7".parse().unwrap(), mac: MAC, router: false };
        assert_eq!(arp(&message([192, 0, 2, 7], MAC)), Some(claim));
        assert_eq!(arp(&message([0; 4], MAC)), None);
        assert_eq!(arp(&message([192, 0, 2, 7], [0xff; 6])), None);
        assert_eq!(arp(&message([192, 0, 2, 7], MAC)[..12]), None);
    }

    #[test]
    fn neighbours_claim_on_their_own_link_only() {
        let from: IpAddr = "fe80::1".parse().unwrap();
        let target: Ipv6Addr = "2001:db8::7".parse().unwrap();
        let option = |kind| [&[14, 1, 0, 0, 0, 0, 0, 0, kind, 1][..], &MAC].concat();
        let solicitation = [&[135, 0, 0, 0, 0, 0, 0, 0][..], &target.octets(), &option(1)].concat();
        let advertisement = [&[136, 0, 0, 0, 0x80, 0, 0, 0][..], &target.octets(), &option(2)].concat();
        assert_eq!(ndp(from, 255, &solicitation), Some(Claim { address: from, mac: MAC, router: false }));
        assert_eq!(ndp(from, 255, &advertisement), Some(Claim { address: target.into(), mac: MAC, router: true }));
        assert_eq!(ndp(from, 254, &advertisement), None);
        assert_eq!(ndp("::".parse().unwrap(), 255, &solicitation), None);
        for cut in 0..advertisement.len() {
            assert_eq!(ndp(from, 255, &advertisement[..cut]), None, "{cut}");
        }
    }
}
