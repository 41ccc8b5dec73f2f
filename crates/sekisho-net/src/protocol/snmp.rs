//! SNMP: reading the system's description (RFC 1157, 3416, 3418), and finding out whether an agent of version 3 is there (RFC 3414, section 4).
//!
//! Answers are read leniently: small agents write lengths longer than need be, which stricter parsers refuse.

/// The community that makers ship for reading. Others are not tried.
const COMMUNITY: &[u8] = b"public";
/// sysDescr.0 is 1.3.6.1.2.1.1.1.0.
const SYSTEM: [u8; 8] = [0x2b, 6, 1, 2, 1, 1, 1, 0];
/// Number of the requests.
const ID: [u8; 4] = [0x5e, 0x6b, 0x15, 0x10];

/// Versions of the protocol that use communities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// RFC 1157.
    One = 0,
    /// RFC 1901.
    Two = 1,
}

/// Reads the system's description.
pub(crate) fn get(version: Version) -> Vec<u8> {
    let variable = value(0x30, &[value(6, &SYSTEM), value(5, &[])].concat());
    let pdu = [value(2, &ID), value(2, &[0]), value(2, &[0]), value(0x30, &variable)].concat();
    value(0x30, &[value(2, &[version as u8]), value(4, COMMUNITY), value(0xa0, &pdu)].concat())
}

/// Asks an agent for its engine, which it tells without any log-in so that one can be made.
pub(crate) fn discovery() -> Vec<u8> {
    let header = [value(2, &ID), value(2, &[0, 0xff, 0xe3]), value(4, &[4]), value(2, &[3])].concat();
    let nobody = [value(4, &[]), value(2, &[0]), value(2, &[0]), value(4, &[]), value(4, &[]), value(4, &[])].concat();
    let pdu = [value(2, &ID), value(2, &[0]), value(2, &[0]), value(0x30, &[])].concat();
    let scoped = [value(4, &[]), value(4, &[]), value(0xa0, &pdu)].concat();
    let message =
        [value(2, &[3]), value(0x30, &header), value(4, &value(0x30, &nobody)), value(0x30, &scoped)].concat();
    value(0x30, &message)
}

/// A value in BER; none of ours is longer than 127 bytes.
fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, content.len() as u8], content].concat()
}

/// What an agent answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The description.
    System(String),
    /// The community was accepted, but instead of the description came this.
    Accepted(String),
    /// The community may not read the description, by this error. An agent of version 1 says of what may not be read that it is not there
    /// (RFC 3584, section 4.3).
    Refused(&'static str),
    /// That it speaks version 3.
    Engine,
}

/// Reads an answer; none where it is no answer to such a request.
pub(crate) fn read(mut bytes: &[u8]) -> Option<Answer> {
    let mut message = next(&mut bytes, 0x30)?;
    match next(&mut message, 2)? {
        [0 | 1] => {
            next(&mut message, 4)?;
            let mut pdu = next(&mut message, 0xa2)?;
            if next(&mut pdu, 2)? != ID {
                return None;
            }
            Some(match next(&mut pdu, 2)? {
                [0] => content(pdu),
                [2] => Answer::Refused("noSuchName"),
                [6] => Answer::Refused("noAccess"),
                [16] => Answer::Refused("authorizationError"),
                [5] => Answer::Accepted("genErr".to_owned()),
                [error] => Answer::Accepted(format!("error {error}")),
                _ => return None,
            })
        }
        [3] => {
            let mut header = next(&mut message, 0x30)?;
            if next(&mut header, 2)? != ID {
                return None;
            }
            next(&mut message, 4)?;
            // A report, in the clear as the question was.
            let mut scoped = next(&mut message, 0x30)?;
            next(&mut scoped, 4)?;
            next(&mut scoped, 4)?;
            next(&mut scoped, 0xa8).map(|_| Answer::Engine)
        }
        _ => None,
    }
}

/// What stands in an answer without an error: the description, or that no such thing is in the part that the community sees (RFC 3416,
/// section 4.2.1).
fn content(mut pdu: &[u8]) -> Answer {
    let variable = next(&mut pdu, 2)
        .and_then(|_| next(&mut pdu, 0x30))
        .and_then(|mut variables| next(&mut variables, 0x30))
        .and_then(|mut variable| next(&mut variable, 6).map(|_| variable));
    match variable {
        Some([0x80, ..]) => Answer::Accepted("noSuchObject".to_owned()),
        Some([0x81, ..]) => Answer::Accepted("noSuchInstance".to_owned()),
        Some(mut variable) => match next(&mut variable, 4) {
            Some(text) => Answer::System(super::shown(text)),
            None => Answer::Accepted("no text".to_owned()),
        },
        None => Answer::Accepted("no variable".to_owned()),
    }
}

/// The content of the next value, where it has this tag.
fn next<'a>(rest: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    let (&[own, length], after) = rest.split_first_chunk::<2>()?;
    if own != tag {
        return None;
    }
    let (length, after) = if length < 0x80 {
        (usize::from(length), after)
    } else {
        let (digits, after) = after.split_at_checked(usize::from(length & 0x7f).min(5))?;
        if digits.is_empty() || digits.len() > 4 {
            return None;
        }
        (digits.iter().fold(0, |sum, &digit| sum << 8 | usize::from(digit)), after)
    };
    let (content, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(error: u8, text: &[u8]) -> Vec<u8> {
        let variable = value(0x30, &[value(6, &SYSTEM), value(4, text)].concat());
        let pdu = [value(2, &ID), value(2, &[error]), value(2, &[0]), value(0x30, &variable)].concat();
        value(0x30, &[value(2, &[1]), value(4, COMMUNITY), value(0xa2, &pdu)].concat())
    }

    #[test]
    fn a_description() {
        assert_eq!(read(&response(0, b"Linux cam 4.9")), Some(Answer::System("Linux cam 4.9".into())));
        assert_eq!(read(&get(Version::One)), None);
    }

    #[test]
    fn an_error_of_the_device_is_no_refusal_of_the_community() {
        assert_eq!(read(&response(5, b"")), Some(Answer::Accepted("genErr".into())));
        assert_eq!(read(&response(1, b"")), Some(Answer::Accepted("error 1".into())));
        for (error, name) in [(2, "noSuchName"), (6, "noAccess"), (16, "authorizationError")] {
            assert_eq!(read(&response(error, b"")), Some(Answer::Refused(name)));
        }
        // The value is the last of the message: an exception in its place.
        let mut answer = response(0, b"");
        let value = answer.len() - 2;
        answer[value] = 0x80;
        assert_eq!(read(&answer), Some(Answer::Accepted("noSuchObject".into())));
    }

    #[test]
    fn lengths_that_are_longer_than_need_be() {
        let short = response(0, b"x");
        let long = [&[0x30, 0x82, 0, short[1]], &short[2..]].concat();
        assert_eq!(read(&long), read(&short));
        assert_eq!(read(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0]), None);
    }
}
