//! Private keys: PEM of every kind, OpenSSH's and `PuTTY`'s files, DER, dropbear's host keys.
//!
//! What is empty, does not decode or is public is no key: place-holders of keys that a device makes for itself are harmless.

use memchr::memmem;
use sekisho_model::fact::{Observed, PrivateKey};

use super::der::{self, INTEGER, OCTETS, OID, SEQUENCE};
use super::spki::{self, OID_DSA, OID_EC, OID_ED25519, OID_RSA, OID_X25519};
use super::{FileInput, Seen, known_keys};

/// Longest PEM block looked at.
const MAX_PEM: usize = 16 << 10;
/// Keys listed of one file.
const MAX_KEYS: usize = 100;

/// The private keys in a file.
pub(super) fn inspect(file: &FileInput<'_>) -> Vec<Seen> {
    let mut seen: Vec<Seen> = pem(file.bytes)
        .into_iter()
        // A library that tests itself when it is loaded has keys for that, which open nothing.
        .filter(|(_, seen)| {
            !matches!(&seen.observed, Observed::PrivateKey(key) if file.is_elf() && known_keys::is_self_test(key.well_known.as_deref()))
        })
        .map(|(offset, mut seen)| {
            if file.text.is_some() {
                seen.line = u32::try_from(memchr::memchr_iter(b'\n', &file.bytes[..offset]).count() + 1).ok();
            }
            seen
        })
        .collect();
    if seen.is_empty() && file.bytes.len() <= MAX_PEM {
        let whole = dropbear(file.bytes).or_else(|| der_key(file.bytes)).or_else(|| putty(file.bytes));
        seen.extend(whole.map(|key| Seen::new(Observed::PrivateKey(with_origin(key, file.bytes)))));
    }
    seen
}

/// The PEM private keys in `bytes`, each with its offset.
pub(crate) fn pem(bytes: &[u8]) -> Vec<(usize, Seen)> {
    let mut found = Vec::new();
    for at in memmem::find_iter(bytes, b"-----BEGIN ") {
        if found.len() >= MAX_KEYS {
            break;
        }
        let block = &bytes[at..bytes.len().min(at + MAX_PEM)];
        if let Some((label, key)) = pem_key(block) {
            found.push((at, Seen::in_string(Observed::PrivateKey(key), &format!("-----BEGIN {label}-----"))));
        }
    }
    found
}

/// Says where the key is publicly known from, if it is: by its public part, or by its encoding where that holds none.
fn with_origin(key: PrivateKey, encoded: &[u8]) -> PrivateKey {
    let of_public = key.fingerprint.as_deref().and_then(known_keys::origin);
    let well_known = of_public.or_else(|| known_keys::origin(&crate::layout::digest(encoded)));
    PrivateKey { well_known, ..key }
}

/// The private keys in DER in program code, each with its offset.
pub(crate) fn der_in_code(code: &[u8]) -> Vec<(usize, Seen)> {
    /// How private keys go on behind the length: version 0 and an algorithm (PKCS #8), version 0 and a long number (PKCS #1), version 1 and
    /// the number of a curve of 256, 384 or 521 bits (SEC 1).
    const BEGINNINGS: [&[u8]; 5] = [
        &[0x02, 0x01, 0x00, 0x30],
        &[0x02, 0x01, 0x00, 0x02],
        &[0x02, 0x01, 0x01, 0x04, 0x20],
        &[0x02, 0x01, 0x01, 0x04, 0x30],
        &[0x02, 0x01, 0x01, 0x04, 0x42],
    ];
    let mut found: Vec<(usize, Seen)> = Vec::new();
    for beginning in BEGINNINGS {
        for at in memmem::find_iter(code, beginning) {
            // The sequence's head before it has two, three or four bytes.
            let key = (2..=4).find_map(|head| {
                let start = at.checked_sub(head)?;
                let element = der::element(code.get(start..)?).filter(|e| e.tag == SEQUENCE)?;
                let end = start + head + element.content.len();
                Some((start, der_key(code.get(start..end)?)?))
            });
            if let Some((start, key)) = key {
                found.push((start, Seen::new(Observed::PrivateKey(key))));
            }
        }
    }
    found
}

fn pem_key(block: &[u8]) -> Option<(String, PrivateKey)> {
    let head = block.get(11..)?;
    let label_end = memmem::find(&head[..head.len().min(64)], b"-----")?;
    let label = std::str::from_utf8(&head[..label_end]).ok()?;
    if !label.ends_with("PRIVATE KEY") && label != "PGP PRIVATE KEY BLOCK" {
        return None;
    }
    let body = &head[label_end + 5..];
    let body = &body[..memmem::find(body, format!("-----END {label}-----").as_bytes())?];
    // A program may carry the key as a C string with `\n` written out.
    let body = String::from_utf8_lossy(body).replace("\\n", "\n").replace("\\r", "");
    let legacy_encrypted = body.contains("Proc-Type: 4,ENCRYPTED");
    let encoded: String = body
        .lines()
        .map(str::trim)
        // Headers of old PEM files, and the checksum of PGP's.
        .filter(|line| !line.contains(": ") && !line.starts_with('='))
        .collect();
    let data = base64(&encoded)?;
    if data.len() < 32 {
        return None;
    }
    let with = |key: PrivateKey, fingerprint: Option<String>| PrivateKey { fingerprint, ..key };
    let mut key = match label {
        "RSA PRIVATE KEY" if legacy_encrypted => named("pkcs1", "rsa", None),
        "RSA PRIVATE KEY" => with(named("pkcs1", "rsa", Some(rsa_bits(&data)?)), spki::pkcs1(&data)),
        "EC PRIVATE KEY" => with(named("sec1", "ec", ec_bits(&data, None)), spki::sec1(&data, None)),
        "DSA PRIVATE KEY" => with(named("pkcs1", "dsa", dsa_bits(&data)), spki::openssl_dsa(&data)),
        "OPENSSH PRIVATE KEY" => openssh(&data)?,
        "PRIVATE KEY" => pkcs8(&data)?,
        "ENCRYPTED PRIVATE KEY" => PrivateKey { encoding: "pkcs8".into(), encrypted: true, ..PrivateKey::default() },
        "PGP PRIVATE KEY BLOCK" => PrivateKey { encoding: "pgp".into(), ..PrivateKey::default() },
        _ => PrivateKey { encoding: "pem".into(), ..PrivateKey::default() },
    };
    key.encrypted |= legacy_encrypted;
    Some((label.to_owned(), with_origin(key, &data)))
}

fn named(encoding: &str, algorithm: &str, bits: Option<u32>) -> PrivateKey {
    PrivateKey {
        encoding: encoding.into(),
        algorithm: Some(algorithm.into()),
        bits,
        encrypted: false,
        ..PrivateKey::default()
    }
}

/// Decodes Base64, with or without padding; none where something else is in it.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut value, mut count) = (0_u32, 0);
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' | b' ' | b'\t' => continue,
            _ => return None,
        };
        value = value << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((value >> count) as u8);
            value &= (1 << count) - 1;
        }
    }
    Some(out)
}

/// A modulus of this size at least; smaller numbers are something else.
const MIN_RSA_BITS: u32 = 256;

/// The modulus' size of a PKCS #1 private key: version, n, e, d, p, q, …
fn rsa_bits(data: &[u8]) -> Option<u32> {
    let fields = der::sequence(data)?;
    if fields.len() < 9 || fields[..9].iter().any(|f| f.tag != INTEGER) || !matches!(fields[0].content, [0 | 1]) {
        return None;
    }
    Some(der::bits(fields[1].content)).filter(|&bits| bits >= MIN_RSA_BITS)
}

/// The size of a SEC 1 key: version 1, octets, parameters; that of its curve where that is known, else that of the octets.
fn ec_bits(data: &[u8], outer_curve: Option<&[u8]>) -> Option<u32> {
    let fields = der::sequence(data)?;
    let of_octets =
        (fields.len() >= 2 && fields[0].tag == INTEGER && fields[0].content == [1] && fields[1].tag == OCTETS)
            .then(|| fields[1].content.len() as u32 * 8)
            .filter(|&bits| (160..=528).contains(&bits))?;
    Some(spki::curve(&fields, outer_curve).and_then(spki::curve_bits).unwrap_or(of_octets))
}

/// The modulus' size of a DSA key as OpenSSL writes it.
fn dsa_bits(data: &[u8]) -> Option<u32> {
    der::sequence(data)?.get(1).filter(|p| p.tag == INTEGER).map(|p| der::bits(p.content)).filter(|&bits| bits >= 512)
}

/// PKCS #8: version, algorithm, octets.
fn pkcs8(data: &[u8]) -> Option<PrivateKey> {
    let fields = der::sequence(data)?;
    let [version, algorithm, octets, ..] = fields.as_slice() else { return None };
    if version.tag != INTEGER
        || !matches!(version.content, [0 | 1])
        || algorithm.tag != SEQUENCE
        || octets.tag != OCTETS
    {
        return None;
    }
    let oid = der::element(algorithm.content).filter(|e| e.tag == OID)?;
    // The public key may follow as `[1]` (RFC 5958).
    let public = fields.iter().find(|f| f.tag == 0x81).and_then(|f| f.content.strip_prefix(&[0]));
    let (name, bits, fingerprint) = match oid.content {
        OID_RSA => ("rsa", Some(rsa_bits(octets.content)?), spki::pkcs1(octets.content)),
        OID_EC => {
            let curve = der::element(oid.rest).filter(|curve| curve.tag == OID).map(|curve| curve.content);
            ("ec", Some(ec_bits(octets.content, curve)?), spki::sec1(octets.content, curve))
        }
        OID_DSA => ("dsa", None, None),
        OID_ED25519 => ("ed25519", Some(256), public.and_then(|key| spki::edwards(OID_ED25519, key))),
        OID_X25519 => ("x25519", Some(256), public.and_then(|key| spki::edwards(OID_X25519, key))),
        _ => return Some(PrivateKey { encoding: "pkcs8".into(), ..PrivateKey::default() }),
    };
    Some(PrivateKey { fingerprint, ..named("pkcs8", name, bits) })
}

/// A file that is a key in DER.
fn der_key(bytes: &[u8]) -> Option<PrivateKey> {
    if bytes.first() != Some(&SEQUENCE) {
        return None;
    }
    if let Some(bits) = rsa_bits(bytes) {
        return Some(PrivateKey { fingerprint: spki::pkcs1(bytes), ..named("der", "rsa", Some(bits)) });
    }
    if let Some(bits) = ec_bits(bytes, None) {
        return Some(PrivateKey { fingerprint: spki::sec1(bytes, None), ..named("der", "ec", Some(bits)) });
    }
    let key = pkcs8(bytes)?;
    key.algorithm.is_some().then(|| PrivateKey { encoding: "der".into(), ..key })
}

/// A string of the SSH protocol: length and bytes.
fn ssh_string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let rest = &bytes[4..];
    (length <= rest.len()).then(|| rest.split_at(length))
}

/// All the strings that `bytes` are made of.
fn ssh_strings(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let (field, rest) = ssh_string(bytes)?;
        fields.push(field);
        bytes = rest;
    }
    Some(fields)
}

fn ssh_algorithm(name: &[u8]) -> Option<(&'static str, Option<u32>)> {
    Some(match name {
        b"ssh-rsa" => ("rsa", None),
        b"ssh-dss" => ("dsa", None),
        b"ssh-ed25519" => ("ed25519", Some(256)),
        b"ecdsa-sha2-nistp256" => ("ec", Some(256)),
        b"ecdsa-sha2-nistp384" => ("ec", Some(384)),
        b"ecdsa-sha2-nistp521" => ("ec", Some(521)),
        _ => return None,
    })
}

/// OpenSSH's own form: magic, cipher, derivation, options, count, public key, private part.
fn openssh(data: &[u8]) -> Option<PrivateKey> {
    let rest = data.strip_prefix(b"openssh-key-v1\0")?;
    let (cipher, rest) = ssh_string(rest)?;
    let (_derivation, rest) = ssh_string(rest)?;
    let (_options, rest) = ssh_string(rest)?;
    let (public, _) = ssh_string(rest.get(4..)?)?;
    let (name, fields) = ssh_string(public)?;
    let (algorithm, bits) = ssh_algorithm(name)?;
    let bits = bits.or_else(|| {
        let (_exponent, rest) = ssh_string(fields)?;
        ssh_string(rest).map(|(modulus, _)| der::bits(modulus))
    });
    Some(PrivateKey {
        encrypted: cipher != b"none",
        fingerprint: ssh_strings(fields).and_then(|fields| spki::ssh(algorithm, &fields)),
        ..named("openssh", algorithm, bits)
    })
}

/// Dropbear's host keys: the algorithm's name, then the numbers, the private ones too, and nothing else.
fn dropbear(bytes: &[u8]) -> Option<PrivateKey> {
    let (name, rest) = ssh_string(bytes)?;
    let (algorithm, mut bits) = ssh_algorithm(name)?;
    let fields = ssh_strings(rest)?;
    // A public key has one field less at least: e, n / p, q, g, y / curve, point / key.
    let private = match algorithm {
        "rsa" | "ec" => fields.len() >= 3,
        "dsa" => fields.len() >= 5,
        _ => fields.first().is_some_and(|f| f.len() == 64) || fields.len() >= 2,
    };
    if !private {
        return None;
    }
    if matches!(algorithm, "rsa") {
        bits = Some(der::bits(fields[1])).filter(|&b| b >= MIN_RSA_BITS);
        bits?;
    }
    let fingerprint = match (algorithm, fields.as_slice()) {
        // The private half, then the public one.
        ("ed25519", [both]) => both.get(32..).and_then(|key| spki::edwards(OID_ED25519, key)),
        _ => spki::ssh(algorithm, &fields),
    };
    Some(PrivateKey { fingerprint, ..named("dropbear", algorithm, bits) })
}

fn putty(bytes: &[u8]) -> Option<PrivateKey> {
    let text = std::str::from_utf8(bytes).ok()?;
    let first = text.lines().next()?.strip_prefix("PuTTY-User-Key-File-")?;
    let (_, name) = first.split_once(": ")?;
    let (algorithm, bits) = ssh_algorithm(name.trim().as_bytes())?;
    let encrypted = !text.lines().any(|line| line.trim() == "Encryption: none");
    let mut lines = text.lines().map(str::trim).skip_while(|line| !line.starts_with("Public-Lines:"));
    let count: usize = lines.next()?.split_once(": ")?.1.parse().ok()?;
    let public = base64(&lines.take(count.min(1000)).collect::<String>())?;
    let fields = ssh_strings(&public)?;
    let fingerprint = spki::ssh(algorithm, fields.get(1..)?);
    let bits = bits.or_else(|| fields.get(2).map(|modulus| der::bits(modulus)).filter(|_| algorithm == "rsa"));
    text.contains("Private-Lines:").then(|| PrivateKey { encrypted, fingerprint, ..named("putty", algorithm, bits) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Entry;

    fn of(bytes: &[u8]) -> Vec<PrivateKey> {
        let entry = Entry { path: "/etc/key".into(), ..Entry::default() };
        inspect(&FileInput { entry: &entry, bytes, text: super::super::text_of(bytes), today: time::Date::MIN })
            .into_iter()
            .map(|seen| {
                let Observed::PrivateKey(key) = seen.observed else { panic!() };
                key
            })
            .collect()
    }

    /// Made for this test; it opens nothing.
    const EC: &str = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBERERERERERERERERERERERERERERERERERERERERERERERoAoGCCqGSM49\nAwEHoUQDQgAEERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERER\nERERERERERERERERERERERERERERERERERERERERE=\n-----END EC PRIVATE KEY-----\n";

    #[test]
    fn a_pem_key_and_what_is_none() {
        let keys = of(EC.as_bytes());
        assert_eq!(keys.len(), 1, "{keys:?}");
        assert_eq!((keys[0].encoding.as_str(), keys[0].algorithm.as_deref()), ("sec1", Some("ec")));
        assert!(of(b"").is_empty());
        assert!(of(b"-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n").is_empty());
        assert!(
            of(b"-----BEGIN RSA PRIVATE KEY-----\nplace your key here\n-----END RSA PRIVATE KEY-----\n").is_empty()
        );
        assert!(
            of(b"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n")
                .is_empty()
        );
    }

    /// Each key in every form has the fingerprint that OpenSSL gives.
    #[test]
    fn one_key_in_every_form_is_one_key() {
        let base = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/keys/");
        let fingerprints = std::fs::read_to_string(format!("{base}fingerprints")).unwrap();
        let mut count = 0;
        for file in std::fs::read_dir(base).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let algorithm = name.split('.').next().unwrap();
            let Some(line) = fingerprints.lines().find(|line| line.starts_with(&format!("{algorithm} "))) else {
                continue;
            };
            let keys = of(&std::fs::read(&path).unwrap());
            let [key] = keys.as_slice() else { panic!("{name}: {keys:?}") };
            assert_eq!(key.algorithm.as_deref(), Some(algorithm), "{name}");
            assert_eq!(key.fingerprint.as_deref(), line.split(' ').nth(1), "{name}");
            assert_eq!(key.encrypted, name.ends_with("encrypted"), "{name}");
            let bits = match algorithm {
                "ec" => 521,
                "ed25519" => 256,
                _ => 1024,
            };
            assert!(key.bits == Some(bits), "{name}: {key:?}");
            assert_eq!(key.well_known, None, "{name}");
            count += 1;
        }
        assert_eq!(count, 19);
    }

    /// No cut and no changed byte of any form makes a reader fail.
    #[test]
    fn damaged_keys_are_survived() {
        let base = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/keys/");
        for file in std::fs::read_dir(base).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            for at in 0..bytes.len() {
                let _ = of(&bytes[..at]);
                let mut changed = bytes.clone();
                changed[at] ^= 0xff;
                let _ = of(&changed);
            }
        }
    }

    #[test]
    fn an_encrypted_key_is_said_to_be() {
        let body = "MIIFDjBABgkqhkiG9w0BBQ0wMzAbBgkqhkiG9w0BBQwwDgQIVABCDEFGHIJKLMNOPQRSTUVW";
        let keys =
            of(format!("-----BEGIN ENCRYPTED PRIVATE KEY-----\n{body}\n-----END ENCRYPTED PRIVATE KEY-----\n")
                .as_bytes());
        assert!(keys[0].encrypted);
    }

    #[test]
    fn dropbear_private_and_public() {
        let string = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat();
        let public = [string(b"ssh-rsa"), string(&[1, 0, 1]), string(&[0xff; 256])].concat();
        let private = [public.clone(), string(&[0x7f; 256]), string(&[1; 128]), string(&[2; 128])].concat();
        assert!(of(&public).is_empty());
        let [key] = of(&private).try_into().unwrap();
        assert_eq!((key.encoding.as_str(), key.bits), ("dropbear", Some(2048)));
        assert_eq!(key.fingerprint, Some(spki::rsa(&[0xff; 256], &[1, 0, 1])));
    }
}
