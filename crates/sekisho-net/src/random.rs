//! Random numbers, and words of them that nobody else uses: names of users, clients, topics and pages that must not exist.

use ring::rand::{SecureRandom, SystemRandom};
use sekisho_model::network::FailureKind;

use crate::failure::Failure;

/// Fills `bytes`.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Failure> {
    SystemRandom::new().fill(bytes).map_err(|_| none())
}

/// What it is when the system has none.
pub(crate) fn none() -> Failure {
    Failure { kind: FailureKind::Other, detail: Some("no random numbers".to_owned()) }
}

/// A name that nobody has, short and plain enough for every protocol.
pub(crate) fn name() -> Result<String, Failure> {
    Ok(format!("sekisho{}", word()?))
}

/// Sixteen hexadecimal digits.
pub(crate) fn word() -> Result<String, Failure> {
    let mut bytes = [0; 8];
    fill(&mut bytes)?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}
