//! The keys of Initial packets, and their use.

use ring::aead::quic::HeaderProtectionKey;
use ring::aead::{self, AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf::{self, HKDF_SHA256, KeyType, Prk, Salt};

/// A version whose Initial packets are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// RFC 9000.
    One,
    /// RFC 9369.
    Two,
}

impl Version {
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0, 0, 0, 1] => Some(Self::One),
            [0x6b, 0x33, 0x43, 0xcf] => Some(Self::Two),
            _ => None,
        }
    }

    /// The type of an Initial packet (RFC 9000, section 17.2; RFC 9369, section 3.2).
    pub(super) fn initial(self) -> u8 {
        match self {
            Self::One => 0,
            Self::Two => 1,
        }
    }

    /// The type of a Retry packet.
    pub(super) fn retry(self) -> u8 {
        match self {
            Self::One => 3,
            Self::Two => 0,
        }
    }

    /// RFC 9001, section 5.2; RFC 9369, section 3.3.1.
    fn salt(self) -> [u8; 20] {
        match self {
            Self::One => [
                0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc,
                0xbb, 0x7f, 0x0a,
            ],
            Self::Two => [
                0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9,
                0xbd, 0x2e, 0xd9,
            ],
        }
    }

    /// The labels of the key, the nonce and the key of the header (RFC 9001, section 5.1; RFC 9369, section 3.3.2).
    fn labels(self) -> [&'static str; 3] {
        match self {
            Self::One => ["quic key", "quic iv", "quic hp"],
            Self::Two => ["quicv2 key", "quicv2 iv", "quicv2 hp"],
        }
    }
}

/// The keys of both sides.
#[derive(Debug)]
pub(super) struct Keys {
    client: Key,
    server: Key,
}

impl Keys {
    /// Those that follow from the connection identifier of the server in the client's first packet.
    pub(super) fn new(version: Version, identifier: &[u8]) -> Option<Self> {
        let initial = Salt::new(HKDF_SHA256, &version.salt()).extract(identifier);
        Some(Self {
            client: Key::new(version, &expand::<32>(&initial, "client in")?)?,
            server: Key::new(version, &expand::<32>(&initial, "server in")?)?,
        })
    }

    /// The frames of a packet whose number stands at `number_at`; none where it is not of these keys.
    pub(super) fn open(&self, packet: &[u8], number_at: usize, from_client: bool) -> Option<Vec<u8>> {
        if from_client { self.client.open(packet, number_at) } else { self.server.open(packet, number_at) }
    }

    #[cfg(test)]
    pub(super) fn of(&self, client: bool) -> &Key {
        if client { &self.client } else { &self.server }
    }
}

/// The keys of one side.
pub(super) struct Key {
    packet: LessSafeKey,
    nonce: [u8; aead::NONCE_LEN],
    header: HeaderProtectionKey,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Key").finish_non_exhaustive()
    }
}

impl Key {
    fn new(version: Version, secret: &[u8]) -> Option<Self> {
        let secret = Prk::new_less_safe(HKDF_SHA256, secret);
        let [key, nonce, header] = version.labels();
        Some(Self {
            packet: LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &expand::<16>(&secret, key)?).ok()?),
            nonce: expand(&secret, nonce)?,
            header: HeaderProtectionKey::new(&aead::quic::AES_128, &expand::<16>(&secret, header)?).ok()?,
        })
    }

    /// Takes the header's protection off and decrypts (RFC 9001, sections 5.3 and 5.4).
    fn open(&self, packet: &[u8], number_at: usize) -> Option<Vec<u8>> {
        // The sample is taken as if the number had four bytes.
        let mask = self.header.new_mask(packet.get(number_at + 4..number_at + 20)?).ok()?;
        let mut header = packet.get(..number_at)?.to_vec();
        header[0] ^= mask[0] & 0x0f;
        let length = usize::from(header[0] & 3) + 1;
        let number = packet.get(number_at..number_at + length)?.iter().zip(&mask[1..]).map(|(byte, mask)| byte ^ mask);
        header.extend(number);
        // A handshake has few packets: what the short form of their numbers leaves out is zero.
        let nonce = self.nonce(&header[number_at..]);
        let mut body = packet.get(number_at + length..)?.to_vec();
        let frames = self.packet.open_in_place(nonce, Aad::from(&header), &mut body).ok()?.len();
        body.truncate(frames);
        Some(body)
    }

    fn nonce(&self, number: &[u8]) -> Nonce {
        let mut nonce = self.nonce;
        let start = nonce.len() - number.len();
        for (byte, number) in nonce[start..].iter_mut().zip(number) {
            *byte ^= number;
        }
        Nonce::assume_unique_for_key(nonce)
    }

    /// What `open` undoes, for tests: `header` ends with the packet number.
    #[cfg(test)]
    pub(super) fn seal(&self, header: &[u8], frames: &[u8]) -> Vec<u8> {
        let length = usize::from(header[0] & 3) + 1;
        let number_at = header.len() - length;
        let mut body = frames.to_vec();
        self.packet.seal_in_place_append_tag(self.nonce(&header[number_at..]), Aad::from(header), &mut body).unwrap();
        let mut packet = [header, &body].concat();
        let mask = self.header.new_mask(&packet[number_at + 4..number_at + 20]).unwrap();
        packet[0] ^= mask[0] & 0x0f;
        for (byte, mask) in packet[number_at..number_at + length].iter_mut().zip(&mask[1..]) {
            *byte ^= mask;
        }
        packet
    }
}

/// HKDF-Expand-Label without context (RFC 8446, section 7.1).
fn expand<const N: usize>(secret: &Prk, label: &str) -> Option<[u8; N]> {
    struct Length(usize);
    impl KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let label = format!("tls13 {label}");
    let head = [(N >> 8) as u8, N as u8, label.len() as u8];
    let info: [&[u8]; 3] = [&head, label.as_bytes(), &[0]];
    let mut out = [0; N];
    let okm: hkdf::Okm<'_, _> = secret.expand(&info, Length(N)).ok()?;
    okm.fill(&mut out).ok()?;
    Some(out)
}
