//! The first packets of MQTT (OASIS MQTT 3.1.1, sections 3.1 and 3.2).

/// Asks for a session without a name, which ends with the connection.
pub(crate) const CONNECT: [u8; 14] = [0x10, 12, 0, 4, b'M', b'Q', b'T', b'T', 4, 0x02, 0, 10, 0, 0];

/// Says good-bye.
pub(crate) const DISCONNECT: [u8; 2] = [0xe0, 0];

/// Whether a broker answered, whatever it said.
pub(crate) fn connack(bytes: &[u8]) -> bool {
    match bytes {
        [0x20, 2, 0 | 1, code, ..] => *code <= 5,
        // A broker that speaks version 5 only: flags, reason from 0x80 on, length of properties.
        [0x20, length, 0, reason, ..] => (3..=127).contains(length) && *reason >= 0x80,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn answers_of_a_broker() {
        assert!(
            super::connack(&[0x20, 2, 0, 0])
                && super::connack(&[0x20, 2, 0, 5])
                && super::connack(&[0x20, 3, 0, 0x84, 0])
        );
        assert!(!super::connack(b"  \0\0") && !super::connack(&[0x20, 2]));
    }
}
