//! Fingerprints of public keys: SHA-256 over the DER of `SubjectPublicKeyInfo` (RFC 5280, section 4.1), whatever the key came in.

use super::der::{self, INTEGER, OID, SEQUENCE};
use crate::layout::digest;

/// `BIT STRING` and `NULL`.
const BITS: u8 = 0x03;
const NULL: &[u8] = &[0x05, 0x00];

/// Object identifiers: rsaEncryption, id-ecPublicKey, id-dsa, id-X25519, id-Ed25519 (RFC 3279, RFC 5480, RFC 8410).
pub(super) const OID_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
pub(super) const OID_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
pub(super) const OID_DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01];
pub(super) const OID_X25519: &[u8] = &[0x2b, 0x65, 0x6e];
pub(super) const OID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// The curves of SSH (RFC 5656): their names there, their object identifiers, their sizes.
const CURVES: [(&[u8], &[u8], u32); 3] = [
    (b"nistp256", &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], 256),
    (b"nistp384", &[0x2b, 0x81, 0x04, 0x00, 0x22], 384),
    (b"nistp521", &[0x2b, 0x81, 0x04, 0x00, 0x23], 521),
];

/// The size of the curve with this object identifier, where it is one of these.
pub(super) fn curve_bits(curve: &[u8]) -> Option<u32> {
    CURVES.iter().find(|(_, oid, _)| *oid == curve).map(|(.., bits)| *bits)
}

/// One element.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..0x80 => out.push(short as u8),
        long => {
            let bytes = long.to_be_bytes();
            let significant = bytes.iter().position(|&b| b != 0).map_or(&[][..], |at| &bytes[at..]);
            out.push(0x80 | significant.len() as u8);
            out.extend_from_slice(significant);
        }
    }
    out.extend_from_slice(content);
    out
}

/// A positive integer in its shortest form.
fn integer(magnitude: &[u8]) -> Vec<u8> {
    let significant = magnitude.iter().position(|&b| b != 0).map_or(&[][..], |at| &magnitude[at..]);
    let sign: &[u8] = if significant.first().is_none_or(|first| first & 0x80 != 0) { &[0] } else { &[] };
    element(INTEGER, &[sign, significant].concat())
}

fn fingerprint(algorithm: &[u8], parameters: &[u8], key: &[u8]) -> String {
    let algorithm = element(SEQUENCE, &[&element(OID, algorithm), parameters].concat());
    let key = element(BITS, &[&[0], key].concat());
    digest(&element(SEQUENCE, &[algorithm, key].concat()))
}

/// Of an RSA key.
pub(super) fn rsa(modulus: &[u8], exponent: &[u8]) -> String {
    fingerprint(OID_RSA, NULL, &element(SEQUENCE, &[integer(modulus), integer(exponent)].concat()))
}

/// Of a key on the curve with this object identifier.
pub(super) fn ec(curve: &[u8], point: &[u8]) -> Option<String> {
    // Compressed points are the same keys, but written differently.
    (point.first() == Some(&4)).then(|| fingerprint(OID_EC, &element(OID, curve), point))
}

/// Of an Ed25519 or X25519 key.
pub(super) fn edwards(algorithm: &[u8], key: &[u8]) -> Option<String> {
    (key.len() == 32).then(|| fingerprint(algorithm, &[], key))
}

/// Of a DSA key: p, q, g and y.
pub(super) fn dsa(p: &[u8], q: &[u8], g: &[u8], y: &[u8]) -> String {
    let parameters = element(SEQUENCE, &[integer(p), integer(q), integer(g)].concat());
    fingerprint(OID_DSA, &parameters, &integer(y))
}

/// Of a key as SSH writes public ones (RFC 4253, section 6.6): the fields behind the algorithm's name. More may follow.
pub(super) fn ssh(algorithm: &str, fields: &[&[u8]]) -> Option<String> {
    match (algorithm, fields) {
        ("rsa", [exponent, modulus, ..]) => Some(rsa(modulus, exponent)),
        ("dsa", [p, q, g, y, ..]) => Some(dsa(p, q, g, y)),
        ("ec", [curve, point, ..]) => ec(CURVES.iter().find(|(name, ..)| name == curve)?.1, point),
        ("ed25519", [key, ..]) => edwards(OID_ED25519, key),
        _ => None,
    }
}

/// Of the private key in `data` (PKCS #1): version, n, e, …
pub(super) fn pkcs1(data: &[u8]) -> Option<String> {
    let fields = der::sequence(data)?;
    Some(rsa(fields.get(1)?.content, fields.get(2)?.content))
}

/// Of the DSA private key in `data`, as OpenSSL writes it: version, p, q, g, y, x.
pub(super) fn openssl_dsa(data: &[u8]) -> Option<String> {
    let fields = der::sequence(data)?;
    let [_, p, q, g, y, _] = fields.as_slice() else { return None };
    fields.iter().all(|f| f.tag == INTEGER).then(|| dsa(p.content, q.content, g.content, y.content))
}

/// Of the private key in `data` (SEC 1, RFC 5915), where it says its public part: version, octets, `[0]` curve, `[1]` point.
/// In PKCS #8 the curve stands outside.
pub(super) fn sec1(data: &[u8], outer_curve: Option<&[u8]>) -> Option<String> {
    let fields = der::sequence(data)?;
    let point = fields.iter().find(|f| f.tag == 0xa1).and_then(|f| der::element(f.content));
    ec(curve(&fields, outer_curve)?, point.filter(|point| point.tag == BITS)?.content.strip_prefix(&[0])?)
}

/// The curve that the fields of a SEC 1 key name, or else the one named outside.
pub(super) fn curve<'a>(fields: &[der::Element<'a>], outer: Option<&'a [u8]>) -> Option<&'a [u8]> {
    let inner = fields.iter().find(|f| f.tag == 0xa0).and_then(|f| der::element(f.content));
    inner.filter(|curve| curve.tag == OID).map(|curve| curve.content).or(outer)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fingerprints that OpenSSL gives for the same keys: `openssl pkey -pubout -outform DER | sha256sum`.
    #[test]
    fn numbers_and_lengths_are_written_as_der_wants_them() {
        assert_eq!(integer(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[0, 0x7f]), [2, 1, 0x7f]);
        assert_eq!(integer(&[]), [2, 1, 0]);
        assert_eq!(element(4, &[7; 200])[..3], [4, 0x81, 200]);
        assert_eq!(element(4, &[7; 300])[..4], [4, 0x82, 1, 44]);
        assert!(ec(CURVES[0].1, &[2; 33]).is_none());
        assert!(edwards(OID_ED25519, &[1; 31]).is_none());
    }
}
