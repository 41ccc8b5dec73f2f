//! Diffie-Hellman over a prime that a server may choose.

use num_bigint::BigUint;

use crate::failure::Failure;
use crate::random;

/// Bits of the largest prime that is taken: arithmetic over larger ones takes this side seconds.
pub(crate) const LARGEST: usize = 8192;

/// A pair of keys over a prime. It lives for one exchange in which nothing secret passes, so that arithmetic whose time depends on the numbers
/// does no harm.
pub(crate) struct Pair {
    prime: BigUint,
    private: BigUint,
    public: BigUint,
}

impl Pair {
    /// A fresh pair.
    ///
    /// # Errors
    /// Where prime or generator can be none.
    pub(crate) fn new(prime: BigUint, generator: &BigUint) -> Result<Self, Failure> {
        // An even modulus is no prime, and arithmetic over a small one tells nothing of a server.
        if prime.bits() < 512 || !prime.bit(0) || *generator < BigUint::from(2_u8) || *generator >= prime {
            return Err(improper());
        }
        let mut private = [0; 32];
        random::fill(&mut private)?;
        let private = BigUint::from_bytes_be(&private);
        let public = generator.modpow(&private, &prime);
        Ok(Self { prime, private, public })
    }

    /// The public key, without leading zeros.
    pub(crate) fn public(&self) -> Vec<u8> {
        self.public.to_bytes_be()
    }

    /// What both sides share, without leading zeros.
    ///
    /// # Errors
    /// Where `theirs` is no public key over this prime.
    pub(crate) fn secret(&self, theirs: &[u8]) -> Result<Vec<u8>, Failure> {
        let number = BigUint::from_bytes_be(theirs);
        if number < BigUint::from(2_u8) || number >= self.prime {
            return Err(improper());
        }
        Ok(number.modpow(&self.private, &self.prime).to_bytes_be())
    }
}

/// What it is where the server's half can't be one.
pub(crate) fn improper() -> Failure {
    Failure::nonsense("the server's half of the key exchange is no valid one")
}
