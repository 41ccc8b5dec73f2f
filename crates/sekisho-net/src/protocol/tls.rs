//! Whether a service speaks TLS at all, by a greeting that servers of every version since SSL 3.0 understand.

/// A `ClientHello` (RFC 5246, section 7.4.1.2) with suites of all ages, and without TLS 1.3: a server that speaks nothing else says so in an
/// alert, which tells as much.
pub(crate) fn hello(name: Option<&str>) -> Vec<u8> {
    const SUITES: [u16; 22] = [
        0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014, 0x009e, 0x009f, 0x0033, 0x0039,
        0x009c, 0x009d, 0x002f, 0x0035, 0x000a, 0x0005, 0x0004, 0x0009,
    ];
    let mut extensions = Vec::new();
    if let Some(name) = name.filter(|name| name.len() < 250) {
        let host = [&[0][..], &counted(name.as_bytes())].concat();
        extension(&mut extensions, 0, &counted(&host));
    }
    extension(&mut extensions, 10, &counted(&[0, 29, 0, 23, 0, 24, 0, 25]));
    extension(&mut extensions, 11, &[1, 0]);
    extension(&mut extensions, 13, &counted(&[4, 3, 5, 3, 6, 3, 8, 4, 8, 5, 8, 6, 4, 1, 5, 1, 6, 1, 2, 3, 2, 1]));
    // Nothing secret rests on these bytes: the handshake is never carried on.
    let random = [0x53; 32];
    let suites: Vec<u8> = SUITES.iter().flat_map(|suite| suite.to_be_bytes()).collect();
    let body = [&[3, 3][..], &random, &[0], &counted(&suites), &[1, 0], &counted(&extensions)].concat();
    let handshake = [&[1, 0][..], &counted(&body)].concat();
    [&[22, 3, 1][..], &counted(&handshake)].concat()
}

/// Bytes after their number in two bytes.
fn counted(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_be_bytes()[..], bytes].concat()
}

fn extension(all: &mut Vec<u8>, number: u16, data: &[u8]) {
    all.extend(number.to_be_bytes());
    all.extend(counted(data));
}

/// Whether this begins with a record of TLS or SSL 3.0: a `ServerHello` or an alert.
pub(crate) fn is_answer(bytes: &[u8]) -> bool {
    matches!(bytes, [22, 3, 0..=4, _, _, 2, ..] | [21, 3, 0..=4, 0, 2, 1 | 2, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_servers() {
        assert!(is_answer(&[21, 3, 1, 0, 2, 2, 70]) && is_answer(&[22, 3, 3, 0, 80, 2, 0, 0, 76]));
        assert!(!is_answer(b"HTTP/1.1 400 Bad Request") && !is_answer(&[22, 3]) && !is_answer(&hello(None)));
    }

    #[test]
    fn lengths_agree() {
        let hello = hello(Some("device.example"));
        assert_eq!(usize::from(u16::from_be_bytes([hello[3], hello[4]])), hello.len() - 5);
        assert_eq!(usize::from(u16::from_be_bytes([hello[7], hello[8]])), hello.len() - 9);
    }
}
