//! The traditional `crypt(3)`: DES with its expansion perturbed by the salt, 25 times over a block of zeros.
//!
//! No crate takes a salt into DES (`des` keeps its rounds to itself; `pwhash` rests on crates that are years old), so these are our own:
//! bit by bit, as the standard's tables are written (FIPS 46-3): a few dozen passwords are tried, not millions.

const INITIAL: [u8; 64] = [
    58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32,
    24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47,
    39, 31, 23, 15, 7,
];

const FINAL: [u8; 64] = [
    40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31, 38, 6, 46, 14, 54, 22, 62, 30, 37, 5, 45, 13, 53, 21,
    61, 29, 36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27, 34, 2, 42, 10, 50, 18, 58, 26, 33, 1, 41, 9,
    49, 17, 57, 25,
];

const EXPANSION: [u8; 48] = [
    32, 1, 2, 3, 4, 5, 4, 5, 6, 7, 8, 9, 8, 9, 10, 11, 12, 13, 12, 13, 14, 15, 16, 17, 16, 17, 18, 19, 20, 21, 20, 21,
    22, 23, 24, 25, 24, 25, 26, 27, 28, 29, 28, 29, 30, 31, 32, 1,
];

const PERMUTATION: [u8; 32] = [
    16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4,
    25,
];

const CHOICE_1: [u8; 56] = [
    57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36, 63, 55,
    47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
];

const CHOICE_2: [u8; 48] = [
    14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47, 55, 30,
    40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];

const SHIFTS: [usize; 16] = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];

const S_BOXES: [[u8; 64]; 8] = [
    [
        14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8, 4,
        1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13,
    ],
    [
        15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6, 9, 11, 5, 0,
        14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15, 4, 2, 11, 6, 7, 12, 0, 5, 14, 9,
    ],
    [
        10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12, 11, 15, 1, 13,
        6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6, 9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12,
    ],
    [
        7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1, 10, 14, 9, 10,
        6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1, 13, 8, 9, 4, 5, 11, 12, 7, 2, 14,
    ],
    [
        2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10, 3, 9, 8, 6, 4,
        2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14, 2, 13, 6, 15, 0, 9, 10, 4, 5, 3,
    ],
    [
        12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0, 11, 3, 8, 9,
        14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5, 15, 10, 11, 14, 1, 7, 6, 0, 8, 13,
    ],
    [
        4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2, 15, 8, 6, 1,
        4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4, 10, 7, 9, 5, 0, 15, 14, 2, 3, 12,
    ],
    [
        13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0, 14, 9, 2, 7,
        11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10, 8, 13, 15, 12, 9, 0, 3, 5, 6, 11,
    ],
];

/// The bits of `table`, counted from 1 and from the highest of `width` bits, of `value`.
fn pick(value: u64, width: u32, table: &[u8]) -> u64 {
    table.iter().fold(0, |out, &bit| out << 1 | value >> (width - u32::from(bit)) & 1)
}

/// The hash of `password` with the salt that `setting` begins with; none where that is no salt.
pub(super) fn crypt(password: &[u8], setting: &[u8]) -> Option<Vec<u8>> {
    let salt = number(setting.get(..2)?)?;
    Some(hash(block_of(password), salt, 25, &setting[..2]))
}

/// BSD/OS's form: `_`, four characters of rounds, four of salt; all of the password counts.
pub(super) fn extended(password: &[u8], setting: &[u8]) -> Option<Vec<u8>> {
    let (rounds, salt) = (rounds(setting)?, number(setting.get(5..9)?)?);
    let mut blocks = password.chunks(8);
    let first = block_of(blocks.next().unwrap_or_default());
    let key = blocks.fold(first, |key, next| encrypt(key, &schedule(key), 0) ^ block_of(next));
    Some(hash(key, salt, rounds, &setting[..9]))
}

/// The rounds that a setting of BSD/OS's form asks for.
pub(super) fn rounds(setting: &[u8]) -> Option<u64> {
    number(setting.strip_prefix(b"_")?.get(..4)?)
}

/// A number in the alphabet of `crypt`, lowest digit first.
fn number(digits: &[u8]) -> Option<u64> {
    digits
        .iter()
        .rev()
        .try_fold(0_u64, |number, c| Some(number << 6 | super::ALPHABET.iter().position(|a| a == c)? as u64))
}

/// Up to eight characters as a key: seven bits each, the parity bits empty.
fn block_of(password: &[u8]) -> u64 {
    (0..8).fold(0_u64, |key, i| key << 8 | u64::from(password.get(i).copied().unwrap_or(0) << 1))
}

fn hash(key: u64, salt: u64, rounds: u64, prefix: &[u8]) -> Vec<u8> {
    let keys = schedule(key);
    // The salt swaps bits of the expansion's halves; bit 0 of the salt is the first bit of each.
    let swap = (0..24).fold(0_u64, |mask, i| if salt >> i & 1 != 0 { mask | 1 << (23 - i) } else { mask });
    let block = (0..rounds).fold(0_u64, |block, _| encrypt(block, &keys, swap));
    let mut out = prefix.to_vec();
    for i in 0..11 {
        let shift = 58 - 6 * i;
        let six = if shift >= 0 { block >> shift } else { block << -shift } & 63;
        out.push(super::ALPHABET[six as usize]);
    }
    out
}

fn schedule(key: u64) -> [u64; 16] {
    const HALF: u64 = (1 << 28) - 1;
    let chosen = pick(key, 64, &CHOICE_1);
    let (mut c, mut d) = (chosen >> 28, chosen & HALF);
    SHIFTS.map(|shift| {
        c = (c << shift | c >> (28 - shift)) & HALF;
        d = (d << shift | d >> (28 - shift)) & HALF;
        pick(c << 28 | d, 56, &CHOICE_2)
    })
}

fn encrypt(block: u64, keys: &[u64; 16], swap: u64) -> u64 {
    let start = pick(block, 64, &INITIAL);
    let (mut left, mut right) = (start >> 32, start & 0xffff_ffff);
    for key in keys {
        let expanded = pick(right, 32, &EXPANSION);
        let (high, low) = (expanded >> 24, expanded & 0xff_ffff);
        let differ = (high ^ low) & swap;
        let mixed = ((high ^ differ) << 24 | (low ^ differ)) ^ key;
        let boxed = S_BOXES.iter().enumerate().fold(0_u64, |out, (i, table)| {
            let six = mixed >> (42 - 6 * i) & 63;
            let row = (six >> 4 & 2) | (six & 1);
            let column = six >> 1 & 15;
            out << 4 | u64::from(table[(row * 16 + column) as usize])
        });
        let next = left ^ pick(boxed, 32, &PERMUTATION);
        left = right;
        right = next;
    }
    pick(right << 32 | left, 64, &FINAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENDED: [(&str, &str); 2] = [("admin123456", "_J9..rasmaKjuH7YfnF6"), ("x", "_/...abcdvzL6lPFPNwU")];

    #[test]
    fn plain_des_vector() {
        // The worked example of FIPS 46's key 133457799BBCDFF1.
        let keys = schedule(0x1334_5779_9BBC_DFF1);
        assert_eq!(encrypt(0x0123_4567_89AB_CDEF, &keys, 0), 0x85E8_1354_0F0A_B405);
    }

    #[test]
    fn salted_vectors() {
        assert_eq!(crypt(b"ismart12", b"rJ").unwrap(), b"rJ0FHsG0ZbyZo");
        assert!(crypt(b"x", b"*0").is_none());
        assert!(crypt(b"x", b"a").is_none());
    }

    /// Made with libxcrypt 4.4's `crypt(3)`.
    #[test]
    fn extended_vectors() {
        for (password, hash) in EXTENDED {
            assert_eq!(extended(password.as_bytes(), hash.as_bytes()).unwrap(), hash.as_bytes(), "{password}");
        }
        assert!(extended(b"x", b"_123").is_none());
    }
}
