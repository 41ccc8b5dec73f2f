//! The groups of MODP Diffie-Hellman that have a name: primes in hexadecimal, all with the generator 2.
//!
//! Each is 2^n − 2^(n−64) − 1 + 2^64 · (⌊2^(n−130) · π⌋ + c), which the test computes again from its c.

/// Second Oakley group, 1024 bits (RFC 2409, section 6.2): group 1 of SSH. c = 129093.
pub(super) const GROUP_1: &str = "\
ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b\
302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe6\
49286651ece65381ffffffffffffffff";

/// Group 14, 2048 bits (RFC 3526, section 3). c = 124476.
pub(super) const GROUP_14: &str = "\
ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b\
302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe6\
49286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d\
670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718\
3995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff";

/// Group 16, 4096 bits (RFC 3526, section 5). c = 240904.
pub(super) const GROUP_16: &str = "\
ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b\
302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe6\
49286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d\
670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718\
3995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7d\
b3970f85a6e1e4c7abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c\
bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a92108011a723c12a787e6d788719a10bdba5b26\
99c327186af4e23c1a946834b6150bda2583e9ca2ad44ce8dbbbc2db04de8ef92e8efc141fbecaa6287c59474e6bc05d99b2964fa090c3a2\
233ba186515be7ed1f612970cee2d7afb81bdd762170481cd0069127d5b05aa993b4ea988d8fddc186ffb7dc90a6c08f4df435c934063199\
ffffffffffffffff";

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::*;

    /// ⌊2^bits · π⌋ by Machin's formula, with 64 bits more on the way.
    fn pi(bits: u32) -> BigUint {
        let one = BigUint::from(1_u8) << (bits + 64);
        let arctan = |x: u32| {
            let (mut term, mut sum, mut odd) = (&one / x, &one / x, 1_u32);
            while term != BigUint::ZERO {
                term /= x * x;
                odd += 2;
                if odd % 4 == 3 { sum -= &term / odd } else { sum += &term / odd }
            }
            sum
        };
        (arctan(5) * 16_u8 - arctan(239) * 4_u8) >> 64
    }

    #[test]
    fn the_primes_are_those_of_the_standards() {
        for (text, bits, c) in [(GROUP_1, 1024_u32, 129_093_u32), (GROUP_14, 2048, 124_476), (GROUP_16, 4096, 240_904)]
        {
            let power = |exponent: u32| BigUint::from(1_u8) << exponent;
            let expected = power(bits) - power(bits - 64) - 1_u8 + ((pi(bits - 130) + c) << 64);
            assert_eq!(BigUint::parse_bytes(text.as_bytes(), 16), Some(expected), "{bits}");
        }
    }
}
