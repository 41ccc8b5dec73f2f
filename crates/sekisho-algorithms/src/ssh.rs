//! Which algorithms of SSH are weak, and which are broken. The judgement is this project's own; each line says on what it rests.
//!
//! *Broken* is what must not be offered: whose strength is below 112 bits or which NIST SP 800-131A Rev. 2 disallows for encryption, whose
//! use an RFC forbids, or against which an attack on its use in SSH is within reach. *Weak* is what rests on a part that is broken elsewhere, has
//! a known flaw that is costly to use, or that its own standard advises against.
//!
//! Not in the list, though others count them: HMAC-SHA-1 and tags of 64 and 96 bits (forging needs a guess for each packet, and collisions of the
//! hash do not help: RFC 6194, 3.3), encrypt-and-MAC modes, 2048-bit groups, and the curves of NIST.

/// What an algorithm is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Use {
    KeyExchange,
    HostKey,
    Cipher,
    Mac,
}

/// How bad an algorithm is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "as the module says")]
pub enum Grade {
    Weak,
    Broken,
}

/// A name, which may end in `*` for anything; its use; its grade; and why, with the source.
type Line = (&'static str, Use, Grade, &'static str);

use Grade::{Broken, Weak};
use Use::{Cipher, HostKey, KeyExchange, Mac};

const LINES: [Line; 56] = [
    // The exchange of keys.
    ("diffie-hellman-group1-sha1", KeyExchange, Broken, "1024-bit group shared by all: RFC 9142, 3.4"),
    ("gss-group1-sha1-*", KeyExchange, Broken, "1024-bit group shared by all: RFC 8732, 6; RFC 9142, 3.4"),
    ("rsa1024-sha1", KeyExchange, Broken, "RFC 9142, 4: MUST NOT"),
    ("ecdh-sha2-1.2.840.10045.3.1.1", KeyExchange, Broken, "nistp192, 96 bits: SP 800-131A Rev. 2"),
    ("ecdh-sha2-1.3.132.0.1", KeyExchange, Broken, "nistk163, 80 bits: SP 800-131A Rev. 2"),
    ("diffie-hellman-group14-sha1", KeyExchange, Weak, "SHA-1: RFC 9142, 3.4: MAY, at the end of the list"),
    ("diffie-hellman-group-exchange-sha1", KeyExchange, Weak, "SHA-1: RFC 9142, 3.4: SHOULD NOT"),
    ("gss-group14-sha1-*", KeyExchange, Weak, "SHA-1: RFC 8732, 6; RFC 9142, 3.4: SHOULD NOT"),
    ("gss-gex-sha1-*", KeyExchange, Weak, "SHA-1: RFC 8732, 6; RFC 9142, 3.4: SHOULD NOT"),
    ("none", KeyExchange, Broken, "no exchange of keys"),
    // Signatures of host keys.
    ("ssh-dss", HostKey, Broken, "1024-bit DSA: SP 800-131A Rev. 2; removed from OpenSSH 10.0"),
    ("ssh-dss-cert-v00@openssh.com", HostKey, Broken, "1024-bit DSA: SP 800-131A Rev. 2"),
    ("ssh-dss-cert-v01@openssh.com", HostKey, Broken, "1024-bit DSA: SP 800-131A Rev. 2"),
    ("x509v3-ssh-dss", HostKey, Broken, "1024-bit DSA: SP 800-131A Rev. 2"),
    ("x509v3-sign-dss", HostKey, Broken, "1024-bit DSA: SP 800-131A Rev. 2; in no RFC"),
    ("null", HostKey, Weak, "no host key, for GSS-API only: RFC 4462, 5"),
    ("ssh-rsa", HostKey, Weak, "signatures with SHA-1: RFC 8332; SP 800-131A Rev. 2; off in OpenSSH 8.8"),
    ("ssh-rsa-cert-v00@openssh.com", HostKey, Weak, "signatures with SHA-1: RFC 8332"),
    ("ssh-rsa-cert-v01@openssh.com", HostKey, Weak, "signatures with SHA-1: RFC 8332"),
    ("x509v3-ssh-rsa", HostKey, Weak, "signatures with SHA-1: RFC 6187; RFC 8332"),
    ("x509v3-sign-rsa", HostKey, Weak, "signatures with SHA-1, as ssh-rsa makes them; in no RFC"),
    // Ciphers.
    ("none", Cipher, Broken, "no encryption, not recommended: RFC 4253, 6.3"),
    ("arcfour", Cipher, Broken, "RC4: RFC 8758, 2: MUST NOT"),
    ("arcfour128", Cipher, Broken, "RC4: RFC 8758, 3: historic"),
    ("arcfour256", Cipher, Broken, "RC4: RFC 8758, 3: historic"),
    ("des-cbc", Cipher, Broken, "56-bit key: FIPS 46-3, withdrawn 2005"),
    ("des-cbc@ssh.com", Cipher, Broken, "56-bit key: FIPS 46-3, withdrawn 2005"),
    ("des", Cipher, Broken, "56-bit key: FIPS 46-3, withdrawn 2005"),
    ("3des-cbc", Cipher, Broken, "64-bit blocks: CVE-2016-2183; SP 800-131A Rev. 2: disallowed after 2023"),
    ("3des-ctr", Cipher, Broken, "64-bit blocks: CVE-2016-2183; SP 800-131A Rev. 2: disallowed after 2023"),
    ("blowfish-cbc", Cipher, Broken, "64-bit blocks: Sweet32, CVE-2016-6329 (of OpenVPN)"),
    ("blowfish-ctr", Cipher, Broken, "64-bit blocks: Sweet32, CVE-2016-6329 (of OpenVPN)"),
    ("cast128-cbc", Cipher, Broken, "64-bit blocks: Sweet32, CVE-2016-6329 (of OpenVPN)"),
    ("cast128-ctr", Cipher, Broken, "64-bit blocks: Sweet32, CVE-2016-6329 (of OpenVPN)"),
    ("idea-cbc", Cipher, Broken, "64-bit blocks: Sweet32, CVE-2016-6329 (of OpenVPN)"),
    ("idea-ctr", Cipher, Broken, "64-bit blocks: Sweet32, CVE-2016-6329 (of OpenVPN)"),
    ("aes128-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("aes192-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("aes256-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("rijndael-cbc@lysator.liu.se", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("rijndael128-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("rijndael192-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("rijndael256-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("camellia128-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("camellia192-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("camellia256-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("twofish-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("twofish128-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("twofish256-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("serpent128-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    ("serpent256-cbc", Cipher, Weak, "CBC with chained vectors: RFC 4251, 9.3.1; CVE-2008-5161"),
    // Message authentication codes.
    ("none", Mac, Broken, "no authentication of packets: RFC 4253, 6.4"),
    ("hmac-md5", Mac, Weak, "MD5, not urgent in an HMAC: RFC 6151, 2.3"),
    ("hmac-md5-96", Mac, Weak, "MD5, not urgent in an HMAC: RFC 6151, 2.3"),
    ("hmac-md5-etm@openssh.com", Mac, Weak, "MD5, not urgent in an HMAC: RFC 6151, 2.3"),
    ("hmac-md5-96-etm@openssh.com", Mac, Weak, "MD5, not urgent in an HMAC: RFC 6151, 2.3"),
];

/// How bad `name` is in this use; none where nothing is known against it.
pub fn grade(of: Use, name: &str) -> Option<Grade> {
    LINES.iter().find(|(pattern, used, ..)| *used == of && matches(pattern, name)).map(|(_, _, grade, _)| *grade)
}

/// The weak and the broken among the names in `lists`, each once, in the order of the lists; what is broken is among the weak, too.
pub fn graded<N: AsRef<str>>(lists: &[(Use, &[N])]) -> (Vec<String>, Vec<String>) {
    let (mut weak, mut broken) = (Vec::new(), Vec::new());
    for (of, name) in lists.iter().flat_map(|(of, names)| names.iter().map(|name| (*of, name.as_ref()))) {
        let Some(grade) = grade(of, name) else { continue };
        let add = |to: &mut Vec<String>| {
            if !to.iter().any(|other| other == name) {
                to.push(name.to_owned());
            }
        };
        add(&mut weak);
        if grade == Broken {
            add(&mut broken);
        }
    }
    (weak, broken)
}

/// Signals of a server that it knows the strict exchange of keys (OpenSSH, `PROTOCOL`, "strict key exchange extension").
const STRICT: [&str; 2] = ["kex-strict-s-v00@openssh.com", "kex-strict-s"];

/// Other signals: those of a client, RFC 8308 (section 2.1), and how Dropbear takes guesses.
const SIGNALS: [&str; 5] =
    ["kex-strict-c-v00@openssh.com", "kex-strict-c", "ext-info-s", "ext-info-c", "kexguess2@matt.ucc.asn.au"];

/// Whether a name in the list of methods for the exchange of keys is one, and not a signal that stands there.
pub fn is_method(name: &str) -> bool {
    !STRICT.contains(&name) && !SIGNALS.contains(&name)
}

/// Whether the beginning of the traffic can be cut off (CVE-2023-48795, "Terrapin"): one direction is offered a mode without a chained state,
/// ChaCha20-Poly1305 or CBC with encrypt-then-MAC, and the server does not know the strict exchange, which helps only where both sides do.
/// `directions` are the ciphers and the message authentication codes of each.
pub fn allows_prefix_truncation<N: AsRef<str>>(key_exchange: &[N], directions: &[(&[N], &[N])]) -> bool {
    let exposed = |(ciphers, macs): &(&[N], &[N])| {
        let cipher = |part| ciphers.iter().any(|name| name.as_ref().contains(part));
        cipher("chacha20-poly1305") || cipher("-cbc") && macs.iter().any(|name| name.as_ref().contains("-etm@"))
    };
    let strict = key_exchange.iter().any(|name| STRICT.contains(&name.as_ref()));
    !strict && directions.iter().any(exposed)
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_there_once_and_says_why() {
        for (at, (name, of, _, why)) in LINES.iter().enumerate() {
            assert!(!why.is_empty());
            assert!(!LINES[..at].iter().any(|(other, used, ..)| other == name && used == of), "{name}");
        }
    }

    #[test]
    fn what_is_broken_is_weak_too_and_stands_once() {
        let names = ["aes128-ctr", "aes128-cbc", "none"];
        let (weak, broken) = graded(&[(Cipher, &names[..]), (Mac, &["none"])]);
        assert_eq!((weak.join(" "), broken.join(" ")), ("aes128-cbc none".to_owned(), "none".to_owned()));
    }

    #[test]
    fn truncation_needs_the_mode_and_no_strict_exchange() {
        let etm = "hmac-sha2-256-etm@openssh.com";
        for (allowed, method, cipher, mac) in [
            (true, "curve25519-sha256", "chacha20-poly1305@openssh.com", "hmac-sha2-256"),
            (true, "curve25519-sha256", "aes128-cbc", etm),
            (true, "curve25519-sha256", "rijndael-cbc@lysator.liu.se", etm),
            (false, "curve25519-sha256", "aes128-cbc", "hmac-sha2-256"),
            (false, "curve25519-sha256", "aes128-ctr", etm),
            (false, "kex-strict-s-v00@openssh.com", "chacha20-poly1305@openssh.com", "hmac-sha2-256"),
            (false, "kex-strict-s", "aes128-cbc", etm),
        ] {
            let directions = [(&["aes128-ctr"][..], &["hmac-sha2-256"][..]), (&[cipher], &[mac])];
            assert_eq!(allows_prefix_truncation(&[method], &directions), allowed, "{method} {cipher} {mac}");
        }
        // The cipher and the code have to go the same way.
        let apart = [(&["aes128-cbc"][..], &["hmac-sha2-256"][..]), (&["aes128-ctr"], &[etm])];
        assert!(!allows_prefix_truncation(&["curve25519-sha256"], &apart));
    }

    #[test]
    fn what_is_sound_has_no_grade() {
        for (of, name) in [
            (KeyExchange, "curve25519-sha256"),
            (KeyExchange, "diffie-hellman-group14-sha256"),
            (KeyExchange, "sntrup761x25519-sha512@openssh.com"),
            (KeyExchange, "mlkem768x25519-sha256"),
            (HostKey, "rsa-sha2-256"),
            (HostKey, "ssh-ed25519"),
            (Cipher, "aes128-ctr"),
            (Cipher, "chacha20-poly1305@openssh.com"),
            (Mac, "hmac-sha2-256"),
            (Mac, "hmac-sha1"),
        ] {
            assert_eq!(grade(of, name), None, "{name}");
        }
        assert_eq!(grade(KeyExchange, "gss-group1-sha1-toWM5Slw5Ew8Mqkay+al2g=="), Some(Broken));
        assert_eq!(grade(Cipher, "aes128-cbc"), Some(Weak));
        assert_eq!(grade(Mac, "none"), Some(Broken));
    }
}
