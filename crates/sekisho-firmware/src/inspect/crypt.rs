//! Password hashes of `crypt(3)`, and whether one of a few well-known passwords is behind one.
//!
//! DES, MD5 and the SHA schemes are tried. bcrypt, scrypt and yescrypt are named but not tried: they are slow on purpose.

mod des;

use md5::Md5;
use sha2::{Digest, Sha256, Sha512};

/// Passwords that devices have been delivered with, many of them known through Mirai and its successors.
const KNOWN: [&str; 62] = [
    "admin",
    "root",
    "password",
    "12345",
    "1234",
    "123456",
    "12345678",
    "default",
    "user",
    "guest",
    "support",
    "toor",
    "pass",
    "changeme",
    "xc3511",
    "vizxv",
    "hslwificam",
    "ismart12",
    "xmhdipc",
    "juantech",
    "888888",
    "666666",
    "54321",
    "klv123",
    "klv1234",
    "Zte521",
    "hi3518",
    "jvbzd",
    "anko",
    "zlxx.",
    "7ujMko0vizxv",
    "7ujMko0admin",
    "ikwb",
    "dreambox",
    "realtek",
    "00000000",
    "1111",
    "1111111",
    "4321",
    "meinsm",
    "tech",
    "fucker",
    "smcadmin",
    "cat1029",
    "antslq",
    "ivdev",
    "tlJwpbo6",
    "S2fGqNFs",
    "GM8182",
    "hunt5759",
    "cxlinux",
    "camera",
    "service",
    "supervisor",
    "system",
    "raspberry",
    "ubnt",
    "alpine",
    "openelec",
    "oelinux123",
    "helpme",
    "solokey",
];

/// Rounds of the SHA schemes that are still tried; the default is 5000, and a file may ask for 999,999,999.
const MAX_ROUNDS: usize = 10_000;

/// The scheme of a hash; none where the text is no hash.
pub(crate) fn scheme(hash: &str) -> Option<&'static str> {
    let salt_char = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/');
    if let Some(rest) = hash.strip_prefix('$') {
        let (id, rest) = rest.split_once('$')?;
        if rest.is_empty() {
            return None;
        }
        return match id {
            "1" => Some("md5"),
            "2" | "2a" | "2b" | "2x" | "2y" => Some("bcrypt"),
            "5" => Some("sha256"),
            "6" => Some("sha512"),
            "7" => Some("scrypt"),
            "y" => Some("yescrypt"),
            "gy" => Some("gost-yescrypt"),
            "apr1" => Some("apr1"),
            "sha1" => Some("sha1"),
            _ => None,
        };
    }
    if hash.len() == 13 && hash.bytes().all(|b| salt_char(&b)) {
        return Some("des");
    }
    (hash.len() == 20 && hash.starts_with('_') && hash.bytes().skip(1).all(|b| salt_char(&b))).then_some("bsdi")
}

/// The well-known password behind `hash`, where one of the list or no password at all fits.
pub(super) fn known_password(hash: &str) -> Option<&'static str> {
    // A hash of nothing is worth knowing; it is written as such.
    if verify(hash, "") {
        return Some("(empty)");
    }
    KNOWN.iter().find(|password| verify(hash, password)).copied()
}

fn verify(hash: &str, password: &str) -> bool {
    match scheme(hash) {
        Some("des") => des::crypt(password.as_bytes(), hash.as_bytes()).is_some_and(|made| made == hash.as_bytes()),
        Some("md5") => {
            split(hash).is_some_and(|(salt, sum)| md5_crypt(password.as_bytes(), salt.as_bytes(), b"$1$") == sum)
        }
        Some("apr1") => {
            split(hash).is_some_and(|(salt, sum)| md5_crypt(password.as_bytes(), salt.as_bytes(), b"$apr1$") == sum)
        }
        Some("sha256") => sha(hash, password)
            .is_some_and(|(p, salt, rounds, sum)| sha_crypt::<Sha256>(p, salt, rounds, &SHA256) == sum),
        Some("sha512") => sha(hash, password)
            .is_some_and(|(p, salt, rounds, sum)| sha_crypt::<Sha512>(p, salt, rounds, &SHA512) == sum),
        _ => false,
    }
}

/// Salt and sum of `$id$salt$sum`.
fn split(hash: &str) -> Option<(&str, &str)> {
    let mut parts = hash.split('$').skip(2);
    Some((parts.next()?, parts.next()?))
}

/// Password, salt, rounds and sum of `$id$[rounds=n$]salt$sum`.
fn sha<'a>(hash: &'a str, password: &'a str) -> Option<(&'a [u8], &'a [u8], usize, &'a str)> {
    let mut parts = hash.split('$').skip(2);
    let mut salt = parts.next()?;
    let mut rounds = 5000;
    if let Some(n) = salt.strip_prefix("rounds=") {
        rounds = n.parse::<usize>().ok()?.max(1000);
        salt = parts.next()?;
    }
    let salt = salt.as_bytes();
    (rounds <= MAX_ROUNDS).then(|| Some((password.as_bytes(), &salt[..salt.len().min(16)], rounds, parts.next()?)))?
}

const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Appends `count` characters of the low bits of `value`, lowest first.
fn encode(out: &mut String, mut value: u32, count: usize) {
    for _ in 0..count {
        out.push(char::from(ALPHABET[(value & 63) as usize]));
        value >>= 6;
    }
}

/// Poul-Henning Kamp's MD5 scheme.
fn md5_crypt(password: &[u8], salt: &[u8], magic: &[u8]) -> String {
    let salt = &salt[..salt.len().min(8)];
    let alternate = Md5::new().chain_update(password).chain_update(salt).chain_update(password).finalize();
    let mut first = Md5::new().chain_update(password).chain_update(magic).chain_update(salt);
    let mut left = password.len();
    while left > 0 {
        let n = left.min(16);
        first.update(&alternate[..n]);
        left -= n;
    }
    let mut bits = password.len();
    while bits > 0 {
        if bits & 1 != 0 {
            first.update([0]);
        } else {
            first.update(&password[..1]);
        }
        bits >>= 1;
    }
    let mut sum = first.finalize();
    for round in 0..1000 {
        let mut next = Md5::new();
        if round & 1 != 0 {
            next.update(password);
        } else {
            next.update(sum);
        }
        if round % 3 != 0 {
            next.update(salt);
        }
        if round % 7 != 0 {
            next.update(password);
        }
        if round & 1 != 0 {
            next.update(sum);
        } else {
            next.update(password);
        }
        sum = next.finalize();
    }
    let mut out = String::new();
    for [a, b, c] in [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5]] {
        encode(&mut out, u32::from(sum[a]) << 16 | u32::from(sum[b]) << 8 | u32::from(sum[c]), 4);
    }
    encode(&mut out, u32::from(sum[11]), 2);
    out
}

/// The order in which the SHA schemes write their bytes; `None` stands for zero.
type Order = [[Option<usize>; 3]];

/// How the SHA schemes write a sum.
struct Layout {
    groups: &'static Order,
    last: usize,
}

const fn at(a: usize, b: usize, c: usize) -> [Option<usize>; 3] {
    [Some(a), Some(b), Some(c)]
}

const SHA256: Layout = Layout {
    groups: &[
        at(0, 10, 20),
        at(21, 1, 11),
        at(12, 22, 2),
        at(3, 13, 23),
        at(24, 4, 14),
        at(15, 25, 5),
        at(6, 16, 26),
        at(27, 7, 17),
        at(18, 28, 8),
        at(9, 19, 29),
        [None, Some(31), Some(30)],
    ],
    last: 3,
};

const SHA512: Layout = Layout {
    groups: &[
        at(0, 21, 42),
        at(22, 43, 1),
        at(44, 2, 23),
        at(3, 24, 45),
        at(25, 46, 4),
        at(47, 5, 26),
        at(6, 27, 48),
        at(28, 49, 7),
        at(50, 8, 29),
        at(9, 30, 51),
        at(31, 52, 10),
        at(53, 11, 32),
        at(12, 33, 54),
        at(34, 55, 13),
        at(56, 14, 35),
        at(15, 36, 57),
        at(37, 58, 16),
        at(59, 17, 38),
        at(18, 39, 60),
        at(40, 61, 19),
        at(62, 20, 41),
        [None, None, Some(63)],
    ],
    last: 2,
};

/// Ulrich Drepper's SHA-crypt.
fn sha_crypt<D: Digest>(password: &[u8], salt: &[u8], rounds: usize, layout: &Layout) -> String {
    let alternate = D::new().chain_update(password).chain_update(salt).chain_update(password).finalize();
    let size = alternate.len();
    let mut first = D::new().chain_update(password).chain_update(salt);
    for chunk in password.chunks(size) {
        first.update(&alternate[..chunk.len()]);
    }
    let mut bits = password.len();
    while bits > 0 {
        if bits & 1 != 0 {
            first.update(&alternate);
        } else {
            first.update(password);
        }
        bits >>= 1;
    }
    let mut sum = first.finalize();
    let mut p_sum = D::new();
    for _ in 0..password.len() {
        p_sum.update(password);
    }
    let p_sum = p_sum.finalize();
    let p: Vec<u8> = p_sum.iter().copied().cycle().take(password.len()).collect();
    let mut s_sum = D::new();
    for _ in 0..16 + usize::from(sum[0]) {
        s_sum.update(salt);
    }
    let s_sum = s_sum.finalize();
    let s: Vec<u8> = s_sum.iter().copied().cycle().take(salt.len()).collect();
    for round in 0..rounds {
        let mut next = D::new();
        if round & 1 != 0 {
            next.update(&p);
        } else {
            next.update(&sum);
        }
        if round % 3 != 0 {
            next.update(&s);
        }
        if round % 7 != 0 {
            next.update(&p);
        }
        if round & 1 != 0 {
            next.update(&sum);
        } else {
            next.update(&p);
        }
        sum = next.finalize();
    }
    let mut out = String::new();
    for (i, group) in layout.groups.iter().enumerate() {
        let value = group.iter().fold(0, |value, at| value << 8 | at.map_or(0, |at| u32::from(sum[at])));
        encode(&mut out, value, if i + 1 == layout.groups.len() { layout.last } else { 4 });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors() {
        // The vectors of the SHA-crypt specification, and of glibc's tests.
        assert!(verify("$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5", "Hello world!"));
        assert!(verify(
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
            "Hello world!"
        ));
        assert!(verify("$1$saltstri$YMyguxXMBpd2TEZ.vS/3q1", "Hello world!"));
        assert!(verify("rJ0FHsG0ZbyZo", "ismart12"));
        assert!(!verify("rJ0FHsG0ZbyZo", "ismart13"));
    }

    #[test]
    fn schemes() {
        assert_eq!(scheme("$6$a$b"), Some("sha512"));
        assert_eq!(scheme("$y$j9T$abc$def"), Some("yescrypt"));
        assert_eq!(scheme("rJ0FHsG0ZbyZo"), Some("des"));
        for no in ["", "*", "x", "!", "$", "$1$", "$9$a$b", "NP", "hello world 1"] {
            assert_eq!(scheme(no), None, "{no}");
        }
    }

    #[test]
    fn absurd_rounds_are_not_tried() {
        assert!(!verify("$6$rounds=999999999$salt$x", "admin"));
    }
}
