//! Password hashes of `crypt(3)` and of user files, and whether one of a few well-known passwords is behind one.
//!
//! SHA-crypt, bcrypt and yescrypt come from crates. MD5-crypt is our own because its crate (`md5crypt`) leaves out Apache's variant, DES because no crate
//! has it without being years old. gost-yescrypt, argon2, phpass, Sun's MD5 and mosquitto's PBKDF2 are named but not tried.

mod des;

use md4::Md4;
use md5::Md5;
use sha1::Sha1;
use sha2::Digest;

/// Passwords that devices have been delivered with, the most common first.
fn known<'a>() -> impl Iterator<Item = &'a str> {
    include_str!("crypt/known.txt").lines().filter(|line| !line.is_empty() && !line.starts_with("# "))
}

/// The scheme of a hash; none where the text is no hash.
pub(crate) fn scheme(hash: &str) -> Option<&'static str> {
    let salt_char = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/');
    if hash.starts_with("$md5,") {
        return Some("sun-md5");
    }
    if let Some(rest) = hash.strip_prefix('$') {
        let (id, rest) = rest.split_once('$')?;
        if rest.is_empty() {
            return None;
        }
        return match id {
            "1" => Some("md5"),
            "2" | "2a" | "2b" | "2x" | "2y" => Some("bcrypt"),
            "3" => Some("nt"),
            "5" => Some("sha256"),
            "6" => Some("sha512"),
            // mosquitto writes the iterations in decimal where scrypt has eleven characters of parameters.
            "7" if rest.split_once('$').is_some_and(|(n, _)| n.bytes().all(|b| b.is_ascii_digit()) && n.len() < 10) => {
                Some("pbkdf2-sha512")
            }
            "7" => Some("scrypt"),
            "y" => Some("yescrypt"),
            "gy" => Some("gost-yescrypt"),
            "apr1" => Some("apr1"),
            "sha1" => Some("sha1-crypt"),
            "md5" => Some("sun-md5"),
            "argon2i" | "argon2d" | "argon2id" => Some("argon2"),
            "P" | "H" => Some("phpass"),
            _ => None,
        };
    }
    if hash.starts_with("{SHA}") {
        return Some("sha1");
    }
    if hash.starts_with("{SSHA}") {
        return Some("salted-sha1");
    }
    if hash.len() == 13 && hash.bytes().all(|b| salt_char(&b)) {
        return Some("des");
    }
    (hash.len() == 20 && hash.starts_with('_') && hash.bytes().skip(1).all(|b| salt_char(&b))).then_some("bsdi")
}

/// What all the guesses at the hashes of one system or file may cost, in microseconds of one core.
const ALL: u64 = 2_000_000;
/// What the guesses at one hash may cost.
const ONE: u64 = 400_000;
/// Memory that one guess may take: yescrypt's default is 16 MiB.
const MEMORY: u64 = 32 << 20;

/// Tries well-known passwords, within bounds: each guess is charged what it costs on a core of today.
#[derive(Debug)]
pub(super) struct Guesses {
    left: u64,
}

impl Default for Guesses {
    fn default() -> Self {
        Self { left: ALL }
    }
}

impl Guesses {
    /// The well-known password behind `hash`, where nothing, the user's own name, or one of the list fits.
    pub(super) fn password_of(&mut self, user: &str, hash: &str) -> Option<String> {
        let cost = cost(hash)?.max(1);
        let mut budget = ONE.min(self.left);
        let mut affordable = |budget: &mut u64| {
            let enough = *budget >= cost;
            if enough {
                *budget -= cost;
                self.left = self.left.saturating_sub(cost);
            }
            enough
        };
        // A hash of nothing is worth knowing; it is written as such.
        let candidates = known().take(1).chain([user, ""]).chain(known().skip(1));
        for password in candidates {
            if !affordable(&mut budget) {
                return None;
            }
            if verify(hash, password) {
                return Some(if password.is_empty() { "(empty)" } else { password }.to_owned());
            }
        }
        None
    }

    /// The same for a digest that is made of user, realm and password (RFC 2617, section 3.2.2.2).
    pub(super) fn password_of_digest(user: &str, realm: &str, digest: &str) -> Option<String> {
        let fits = |password: &str| {
            crate::layout::hex(&Md5::digest(format!("{user}:{realm}:{password}"))) == digest.to_ascii_lowercase()
        };
        if fits("") {
            return Some("(empty)".to_owned());
        }
        [user].into_iter().chain(known()).find(|password| fits(password)).map(str::to_owned)
    }
}

/// What one guess costs in microseconds, as measured in a release build; none where the scheme is not tried or asks for too much.
fn cost(hash: &str) -> Option<u64> {
    match scheme(hash)? {
        "nt" | "sha1" | "salted-sha1" => Some(1),
        "des" => Some(200),
        "bsdi" => des::rounds(hash.as_bytes()).map(|rounds| rounds.saturating_mul(8)),
        "md5" | "apr1" => Some(300),
        // 5000 rounds where none are given; a file may ask for 999,999,999.
        "sha256" | "sha512" => match hash.split('$').nth(2)?.strip_prefix("rounds=") {
            Some(rounds) => rounds.parse::<u64>().ok()?.checked_div(2),
            None => Some(2_500),
        },
        "bcrypt" => {
            let rounds = hash.split('$').nth(2)?.parse::<u32>().ok().filter(|cost| (4..32).contains(cost))?;
            Some(40_u64.saturating_mul(1 << rounds))
        }
        "yescrypt" => {
            // Flavour, size, block: what `yescrypt`'s users write; further fields could ask for any amount of time.
            let parameters = hash.split('$').nth(2).filter(|p| p.len() == 3)?.parse::<yescrypt::Params>().ok()?;
            memory_cost(parameters.n(), u64::from(parameters.r()), 1)
        }
        "scrypt" => {
            let (log_n, r, p, _, _) = scrypt_fields(hash)?;
            memory_cost(1_u64.checked_shl(log_n)?, u64::from(r), u64::from(p))
        }
        _ => None,
    }
}

/// Time of scrypt and yescrypt: they fill and read 128 · N · r bytes, p times.
fn memory_cost(n: u64, r: u64, p: u64) -> Option<u64> {
    let bytes = n.checked_mul(r)?.checked_mul(128).filter(|&bytes| bytes <= MEMORY)?;
    bytes.checked_mul(p.max(1)).map(|bytes| bytes / 400)
}

fn verify(hash: &str, password: &str) -> bool {
    let bytes = password.as_bytes();
    let made = match scheme(hash) {
        Some("des") => return des::crypt(bytes, hash.as_bytes()).is_some_and(|made| made == hash.as_bytes()),
        Some("bsdi") => return des::extended(bytes, hash.as_bytes()).is_some_and(|made| made == hash.as_bytes()),
        Some("nt") => {
            let wide: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
            hash.rsplit('$').next().map(|sum| sum.eq_ignore_ascii_case(&crate::layout::hex(&Md4::digest(wide))))
        }
        Some("md5") => split(hash).map(|(salt, sum)| md5_crypt(bytes, salt.as_bytes(), b"$1$") == sum),
        Some("apr1") => split(hash).map(|(salt, sum)| md5_crypt(bytes, salt.as_bytes(), b"$apr1$") == sum),
        Some("sha1") => super::keys::base64(&hash[5..]).map(|sum| sum == Sha1::digest(bytes).as_slice()),
        Some("salted-sha1") => super::keys::base64(&hash[6..]).and_then(|all| {
            let (sum, salt) = all.split_at_checked(20)?;
            Some(Sha1::new().chain_update(bytes).chain_update(salt).finalize().as_slice() == sum)
        }),
        Some("sha256" | "sha512") => {
            use sha_crypt::PasswordVerifier;
            Some(sha_crypt::ShaCrypt::default().verify_password(bytes, hash).is_ok())
        }
        Some("bcrypt") => bcrypt(hash, bytes),
        Some("yescrypt") => {
            use yescrypt::PasswordVerifier;
            Some(yescrypt::Yescrypt::default().verify_password(bytes, hash).is_ok())
        }
        Some("scrypt") => scrypt(hash, bytes),
        _ => None,
    };
    made == Some(true)
}

/// The alphabets of bcrypt and of Base64 (RFC 4648).
const BCRYPT: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// bcrypt's alphabet is not that of the others: `$2b$` cost `$` 22 characters of salt, 31 of sum.
fn bcrypt(hash: &str, password: &[u8]) -> Option<bool> {
    let mut fields = hash.split('$').skip(2);
    let cost = fields.next()?.parse().ok().filter(|cost| (4..32).contains(cost))?;
    let rest = fields.next().filter(|rest| rest.len() == 53 && rest.is_ascii())?;
    let decode = |text: &str| {
        let standard: Option<String> = text
            .bytes()
            .map(|c| BCRYPT.iter().position(|&b| b == c).and_then(|at| BASE64.get(at)).map(|&b| char::from(b)))
            .collect();
        super::keys::base64(&standard?)
    };
    let salt: [u8; 16] = decode(&rest[..22])?.try_into().ok()?;
    let sum = decode(&rest[22..])?;
    let mut password = password.get(..password.len().min(71))?.to_vec();
    password.push(0);
    Some(bcrypt::bcrypt(cost, salt, &password)[..23] == sum[..])
}

/// Cost, block, lanes, salt and sum of `$7$` (one, five and five characters, the salt as it stands, the sum).
fn scrypt_fields(hash: &str) -> Option<(u32, u32, u32, &str, &str)> {
    let rest = hash.strip_prefix("$7$")?;
    let number = |text: &str| {
        text.bytes().rev().try_fold(0_u32, |number, c| {
            let digit = ALPHABET.iter().position(|&a| a == c)?;
            number.checked_mul(64)?.checked_add(digit as u32)
        })
    };
    let (parameters, rest) = rest.split_at_checked(11)?;
    let (salt, sum) = rest.rsplit_once('$')?;
    Some((number(parameters.get(..1)?)?, number(parameters.get(1..6)?)?, number(parameters.get(6..)?)?, salt, sum))
}

/// scrypt is yescrypt's classic mode.
fn scrypt(hash: &str, password: &[u8]) -> Option<bool> {
    let (log_n, r, p, salt, sum) = scrypt_fields(hash)?;
    let parameters = yescrypt::Params::new(yescrypt::Mode::Classic, 1_u64.checked_shl(log_n)?, r, p).ok()?;
    let mut made = [0; 32];
    yescrypt::yescrypt(password, salt.as_bytes(), &parameters, &mut made).ok()?;
    let mut text = String::new();
    for group in made.chunks(3) {
        let value = group.iter().rev().fold(0, |value, &byte| value << 8 | u32::from(byte));
        encode(&mut text, value, group.len() + 1);
    }
    Some(text == sum)
}

/// Salt and sum of `$id$salt$sum`.
fn split(hash: &str) -> Option<(&str, &str)> {
    let mut parts = hash.split('$').skip(2);
    Some((parts.next()?, parts.next()?))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(user: &str, hash: &str) -> Option<String> {
        Guesses::default().password_of(user, hash)
    }

    /// Vectors of the SHA-crypt specification and of glibc's tests; the others made with libxcrypt 4.4 and `openssl passwd`.
    #[test]
    fn vectors() {
        for (password, hash) in [
            ("Hello world!", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"),
            (
                "Hello world!",
                "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
            ),
            ("Hello world!", "$1$saltstri$YMyguxXMBpd2TEZ.vS/3q1"),
            ("12345", "$5$rounds=1000$abcdefgh$w7U0JfZiT0D5cFOyR2uzgSJznb1CZc.C9OYpjCHVPDD"),
            ("", "$5$abcdefgh$mnv0N8gJGuJiQCFVlADjwwxPyRiUO8rGuljjETTLqw9"),
            ("ismart12", "rJ0FHsG0ZbyZo"),
            ("password", "$2b$06$abcdefghijklmnopqrstuuNBpXtlux7FnXJE0fnrtkSXNhdOGmWHu"),
            ("root", "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$7sns0mBDIWgdwoL7WtVeg8OpRLmM3pIF24UUv.9/Cu."),
            ("admin", "$7$CU..../....abcdefgh$xrsj/y5orbMON5TPa9g98HS/F6Er5sbvHuBSOrUjAH4"),
            ("admin", "$3$$209c6174da490caeb422f3fa5a7ae634"),
            ("admin", "$apr1$abcdefgh$mMZnMi5KMcUTRCidnJ3Px0"),
            ("admin", "{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc="),
        ] {
            assert!(verify(hash, password), "{hash}");
            assert!(!verify(hash, "something else"), "{hash}");
        }
    }

    #[test]
    fn schemes() {
        assert_eq!(scheme("$6$a$b"), Some("sha512"));
        assert_eq!(scheme("$y$j9T$abc$def"), Some("yescrypt"));
        assert_eq!(scheme("$gy$j9T$abc$def"), Some("gost-yescrypt"));
        assert_eq!(scheme("$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"), Some("argon2"));
        assert_eq!(scheme("rJ0FHsG0ZbyZo"), Some("des"));
        assert_eq!(scheme("_J9..rasmaKjuH7YfnF6"), Some("bsdi"));
        for no in ["", "*", "x", "!", "$", "$1$", "$9$a$b", "NP", "hello world 1"] {
            assert_eq!(scheme(no), None, "{no}");
        }
    }

    #[test]
    fn well_known_passwords_fall() {
        assert_eq!(guess("root", "$1$NO6zcVo/$h0HlVwPaDlYpbMXfjHJoF0").as_deref(), None);
        assert_eq!(guess("root", "rJ0FHsG0ZbyZo").as_deref(), Some("ismart12"));
        assert_eq!(guess("x", "$5$abcdefgh$mnv0N8gJGuJiQCFVlADjwwxPyRiUO8rGuljjETTLqw9").as_deref(), Some("(empty)"));
        assert_eq!(
            guess("root", "$2b$06$abcdefghijklmnopqrstuuNBpXtlux7FnXJE0fnrtkSXNhdOGmWHu").as_deref(),
            Some("password")
        );
        let digest = crate::layout::hex(&Md5::digest("admin:camera:888888"));
        assert_eq!(Guesses::password_of_digest("admin", "camera", &digest).as_deref(), Some("888888"));
    }

    #[test]
    fn absurd_costs_are_not_paid() {
        for hash in [
            "$6$rounds=999999999$salt$x",
            "$2b$31$abcdefghijklmnopqrstuuNBpXtlux7FnXJE0fnrtkSXNhdOGmWHu",
            "_zzzzrasmaKjuH7YfnF6",
            "$7$z/..../....abcdefgh$xrsj/y5orbMON5TPa9g98HS/F6Er5sbvHuBSOrUjAH4",
            "$y$jzz$F5Jx5fExrKuPp53xLKQ..1$7sns0mBDIWgdwoL7WtVeg8OpRLmM3pIF24UUv.9/Cu.",
        ] {
            assert_eq!(guess("root", hash), None, "{hash}");
        }
        // What all may cost is bounded, too.
        let mut guesses = Guesses { left: 1_000 };
        assert_eq!(guesses.password_of("root", "rJ0FHsG0ZbyZo"), None);
    }
}
