//! Words that nobody else uses, for names of users, clients and topics that must not exist.

use ring::rand::{SecureRandom, SystemRandom};
use sekisho_model::network::FailureKind;

use crate::failure::Failure;

/// A name that nobody has, short and plain enough for every protocol.
pub(crate) fn name() -> Result<String, Failure> {
    Ok(format!("sekisho{}", word()?))
}

/// Sixteen hexadecimal digits.
pub(crate) fn word() -> Result<String, Failure> {
    let mut bytes = [0; 8];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Failure { kind: FailureKind::Other, detail: Some("no random numbers".to_owned()) })?;
    Ok(format!("{:016x}", u64::from_be_bytes(bytes)))
}
