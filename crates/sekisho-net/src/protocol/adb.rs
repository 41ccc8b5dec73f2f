//! The Android debug bridge, as its `protocol.txt` describes it.

/// A request for a connection. A device that asks for a key answers so, and shows nothing to its user before a key is sent.
pub(crate) fn connect() -> Vec<u8> {
    let data = b"host::\0";
    let sum: u32 = data.iter().map(|&b| u32::from(b)).sum();
    let command = u32::from_le_bytes(*b"CNXN");
    [command, 0x0100_0000, 4096, data.len() as u32, sum, !command]
        .into_iter()
        .flat_map(u32::to_le_bytes)
        .chain(data.iter().copied())
        .collect()
}

/// What the answer tells: whether it lets in without a key; none where it is no answer of the protocol.
pub(crate) fn read(bytes: &[u8]) -> Option<bool> {
    let command: [u8; 4] = bytes.get(..4)?.try_into().ok()?;
    let check: [u8; 4] = bytes.get(20..24)?.try_into().ok()?;
    if u32::from_le_bytes(check) != !u32::from_le_bytes(command) {
        return None;
    }
    match &command {
        b"CNXN" => Some(true),
        b"AUTH" | b"STLS" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_connection_and_a_demand_for_a_key() {
        let mut answer = super::connect();
        assert_eq!(super::read(&answer), Some(true));
        answer[..4].copy_from_slice(b"AUTH");
        assert_eq!(super::read(&answer), None);
        let check = !u32::from_le_bytes(*b"AUTH");
        answer[20..24].copy_from_slice(&check.to_le_bytes());
        assert_eq!(super::read(&answer), Some(false));
    }
}
