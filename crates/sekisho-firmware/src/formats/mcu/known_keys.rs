//! Signing keys that everybody has: those that `MCUboot` publishes for trying it out.

/// SHA-256 of a public key as `imgtool` hashes it (RSA: PKCS #1 in DER, others: `SubjectPublicKeyInfo`) and where the private key is public.
///
/// Computed from the key files of <https://github.com/mcu-tools/mcuboot>, whose documentation (`docs/signed_images.md`) says not to use them.
const KNOWN: [(&str, &str); 12] = [
    ("e30466f6b8470c1f29070b17f1e2d3e94d445e3f608087fdc711e4382bb538b6", "MCUboot: root-ec-p256.pem"),
    ("6bcd1e16d80e5fe13a5307e6f1de8344c7e50e537d9962ce35ef6db5e642fae8", "MCUboot: root-ec-p384.pem"),
    ("c1907fa4eac7fae3840a78902b6f0710b037e9968e5c6274a12a28790c7d4e3c", "MCUboot: root-ed25519.pem"),
    ("6754edab1e29affef4a05935adecbeb1a7b8b62397b31e39a61b5bfcaafd63af", "MCUboot: root-ed25519-2.pem"),
    ("fc5701dc6135e1323847bdc40f04d2e5bee5833b23c29f93593d00018cfa9994", "MCUboot: root-rsa-2048.pem"),
    ("449793fb65cd7698753d5b3f35fab15f1e3a45111ff24e1d46741de5ae12d59e", "MCUboot: root-rsa-3072.pem"),
    ("bb868a727f0ef75e890a6a52bccd1d936fb34438afd6f237e8af259865742446", "MCUboot: cypress-test-ec-p256.pem"),
    ("e6c097daf1458d0f8b8d43fc4b4b9d4425203484b3afe5570ed074073901bab0", "MCUboot: bad-ec-p256.pem"),
    ("e32a93d4ef8c5f4d503642e2cc7c5eece7693e3246c7766dbb4b54d79441db2a", "MCUboot: bad-rsa-2048.pem"),
    ("6dc968724fdedb71be7c8ad62540ea148996f96adb5c48e9cc3112c588f26d89", "MCUboot: key_ec256.pem"),
    ("1c35c9ccb929906e7792eda384825b41be700c50760493eaf163135933e191aa", "MCUboot: key_ec256_2.pem"),
    ("263e1b46f29ad5add6fc438abbf6bf227da6d6ff8736a7d654301c19f7fc8c46", "MCUboot: key_rsa.pem"),
];

/// Where the private key belonging to the public key of this SHA-256 is public.
pub(super) fn known_from(sha256: &[u8]) -> Option<&'static str> {
    let sha256 = crate::layout::hex(sha256);
    KNOWN.iter().find(|(hash, _)| *hash == sha256).map(|(_, whence)| *whence)
}
