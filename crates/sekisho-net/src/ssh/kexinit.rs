//! The lists of algorithms that both sides send each other first (RFC 4253, section 7.1).

use sekisho_algorithms::ssh::{allows_prefix_truncation, is_method};

use super::wire::{Reader, Writer};
use crate::failure::Failure;

/// Number of the message.
pub(super) const KEXINIT: u8 = 20;

/// What one side offers. Methods for compression and languages are read and dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) key_exchange: Vec<String>,
    pub(super) host_keys: Vec<String>,
    /// Towards the server.
    pub(super) up: Protection,
    /// Towards the client.
    pub(super) down: Protection,
}

/// How one direction of the traffic is protected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Protection {
    pub(super) ciphers: Vec<String>,
    pub(super) macs: Vec<String>,
}

impl Offer {
    /// Reads the message, with its number.
    pub(super) fn read(payload: &[u8]) -> Result<Self, Failure> {
        let mut reader = Reader::new(payload);
        if reader.byte()? != KEXINIT {
            return Err(Failure::nonsense("the server does not begin with its algorithms"));
        }
        reader.bytes(16)?;
        let mut offer = Self { key_exchange: reader.name_list()?, host_keys: reader.name_list()?, ..Self::default() };
        offer.up.ciphers = reader.name_list()?;
        offer.down.ciphers = reader.name_list()?;
        offer.up.macs = reader.name_list()?;
        offer.down.macs = reader.name_list()?;
        Ok(offer)
    }

    /// The methods among the names for the exchange of keys.
    pub(super) fn methods(&self) -> Vec<String> {
        self.key_exchange.iter().filter(|name| is_method(name)).cloned().collect()
    }

    pub(super) fn ciphers(&self) -> Vec<String> {
        union(&self.up.ciphers, &self.down.ciphers)
    }

    pub(super) fn macs(&self) -> Vec<String> {
        union(&self.up.macs, &self.down.macs)
    }

    /// Whether the beginning of the traffic can be cut off.
    pub(super) fn allows_prefix_truncation(&self) -> bool {
        let directions = [&self.up, &self.down].map(|way| (way.ciphers.as_slice(), way.macs.as_slice()));
        allows_prefix_truncation(&self.key_exchange, &directions)
    }
}

/// What either list names, each once, in the order of the first.
fn union(first: &[String], second: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in first.iter().chain(second) {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    all
}

/// The message of this side.
pub(super) fn write(
    cookie: [u8; 16],
    key_exchange: &[&str],
    host_key: &str,
    ciphers: &[&str],
    macs: &[&str],
) -> Vec<u8> {
    Writer::message(KEXINIT)
        .bytes(&cookie)
        .name_list(key_exchange)
        .name_list(&[host_key])
        .name_list(ciphers)
        .name_list(ciphers)
        .name_list(macs)
        .name_list(macs)
        .name_list(&["none"])
        .name_list(&["none"])
        .name_list(&[])
        .name_list(&[])
        .boolean(false)
        .uint32(0)
        .0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_message_comes_back_as_it_was_written() {
        let payload = write([7; 16], &["a", "ext-info-s"], "k", &["c", "d"], &["m"]);
        let offer = Offer::read(&payload).unwrap();
        assert_eq!(offer.methods(), ["a"]);
        assert_eq!(
            (offer.host_keys.join(","), offer.ciphers().join(","), offer.macs().join(",")),
            ("k".into(), "c,d".into(), "m".into())
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Offer::read(&bytes);
            let _ = Offer::read(&[&[KEXINIT; 17][..], &bytes].concat());
        }
    }
}
