//! Reading what a name server answers: whether it is the answer to this question at all, the chain of aliases, the records at its end.

use std::net::IpAddr;

use domain::base::iana::{Class, Opcode, Rcode, Rtype};
use domain::base::{Message, Name, ToName};
use domain::dep::octseq::Octets;
use domain::rdata::{Aaaa, AllRecordData, Cname, Mx, Rrsig};

use crate::failure::Failure;

/// Aliases that are followed for one question.
pub(super) const ALIASES: usize = 8;

/// A name as questions hold it.
pub(super) type Owned = Name<Vec<u8>>;

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Data {
    /// A or AAAA.
    Address(IpAddr),
    /// MX.
    Exchange {
        /// Less is better.
        preference: u16,
        /// Its name; empty for the root.
        host: String,
    },
    /// TXT: its strings joined.
    Text(String),
    /// TLSA.
    Tlsa(super::dane::Pin),
    /// CAA.
    Issuance(String),
    /// Some other type, which is only looked at for being there.
    Other,
}

/// The answer to a question; without records where there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The records.
    pub(crate) records: Vec<Data>,
    /// Whether the name exists.
    pub(crate) exists: bool,
    /// Whether the name server says that it verified the signatures (AD).
    pub(crate) verified: bool,
    /// Whether signatures came with the records.
    pub(crate) signed: bool,
    /// Whether the name is an alias, and the records are another's.
    pub(crate) aliased: bool,
    /// The zone that the name lies in, where the answer says so: it does where there are no records.
    pub(crate) zone: Option<String>,
}

impl Answer {
    /// The texts of it.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.records.iter().filter_map(|data| match data {
            Data::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// The addresses in it.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.records.iter().filter_map(|data| match data {
            Data::Address(address) => Some(*address),
            _ => None,
        })
    }
}

/// What a message comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// The answer.
    Answer(Answer),
    /// The name is an alias, and the answer for this one is not in the message.
    Alias(Owned),
    /// The answer has no room in a datagram.
    Truncated,
    /// The name server does not answer, with this code.
    Refusal(Rcode),
}

/// Reads `message` as the reply to the question for `kind` at `name` that was asked under `id`.
pub(super) fn read(message: &[u8], id: u16, name: &Owned, kind: Rtype) -> Result<Reply, Failure> {
    let message = Message::from_octets(message).map_err(|_| Failure::nonsense("too short for DNS"))?;
    let header = message.header();
    if !header.qr() || header.id() != id || header.opcode() != Opcode::QUERY {
        return Err(Failure::nonsense("not the answer to the question"));
    }
    let code = header.rcode();
    // Servers that do not know EDNS may leave out the question (RFC 6891, section 7).
    if code == Rcode::FORMERR {
        return Ok(Reply::Refusal(code));
    }
    let question = message.sole_question().map_err(|_| Failure::nonsense("not one question"))?;
    if !question.qname().name_eq(name) || question.qtype() != kind || question.qclass() != Class::IN {
        return Err(Failure::nonsense("the answer to another question"));
    }
    if header.tc() {
        return Ok(Reply::Truncated);
    }
    if code != Rcode::NOERROR && code != Rcode::NXDOMAIN {
        return Ok(Reply::Refusal(code));
    }
    let broken = |_| Failure::nonsense("broken records");
    let section = message.answer().map_err(broken)?;
    let mut found: Vec<(Owned, Rtype, Data)> = Vec::new();
    let mut aliases: Vec<(Owned, Owned)> = Vec::new();
    let mut signatures: Vec<(Owned, Rtype)> = Vec::new();
    for record in section {
        let record = record.map_err(broken)?;
        if record.class() != Class::IN {
            continue;
        }
        let owner: Owned = record.owner().to_name();
        let kind_here = record.rtype();
        if kind_here == Rtype::CNAME {
            let alias = record.to_record::<Cname<_>>().map_err(broken)?;
            if let Some(alias) = alias {
                aliases.push((owner, alias.data().cname().to_name()));
            }
        } else if kind_here == Rtype::RRSIG {
            if let Some(signature) = record.to_record::<Rrsig<_, _>>().map_err(broken)? {
                signatures.push((owner, signature.data().type_covered()));
            }
        } else if kind_here == kind {
            let record = record.to_any_record::<AllRecordData<_, _>>().map_err(broken)?;
            found.push((owner, kind_here, data(record.data())));
        }
    }
    let mut at = name.clone();
    for _ in 0..=ALIASES {
        let records: Vec<Data> =
            found.iter().filter(|(owner, ..)| *owner == at).map(|(.., data)| data.clone()).collect();
        let next = aliases.iter().find(|(owner, _)| *owner == at);
        if let (true, Some((_, next))) = (records.is_empty(), next) {
            at = next.clone();
            continue;
        }
        let (zone, referred) = zone(&message)?;
        // Only a server that does not resolve names for others answers so: it says whom else to ask, not that there is nothing.
        if records.is_empty() && code == Rcode::NOERROR && zone.is_none() && referred {
            return Err(Failure::nonsense("a referral"));
        }
        if records.is_empty() && code == Rcode::NOERROR && zone.is_none() && at != *name {
            return Ok(Reply::Alias(at));
        }
        return Ok(Reply::Answer(Answer {
            exists: code == Rcode::NOERROR,
            verified: header.ad(),
            signed: signatures.iter().any(|(owner, covered)| *owner == at && *covered == kind),
            aliased: at != *name,
            zone,
            records,
        }));
    }
    Err(Failure::nonsense("aliases without end"))
}

/// The owner of the SOA record that comes with an answer without records (RFC 2308), and whether name servers are named.
fn zone(message: &Message<&[u8]>) -> Result<(Option<String>, bool), Failure> {
    let broken = |_| Failure::nonsense("broken records");
    let mut referred = false;
    for record in message.authority().map_err(broken)? {
        let record = record.map_err(broken)?;
        if record.rtype() == Rtype::SOA {
            return Ok((Some(text(&record.owner())), referred));
        }
        referred |= record.rtype() == Rtype::NS;
    }
    Ok((None, referred))
}

fn data<O: Octets, N: ToName>(data: &AllRecordData<O, N>) -> Data {
    match data {
        AllRecordData::A(address) => Data::Address(address.addr().into()),
        AllRecordData::Aaaa(address) => Data::Address(Aaaa::addr(address).into()),
        AllRecordData::Mx(exchange) => {
            Data::Exchange { preference: Mx::preference(exchange), host: text(exchange.exchange()) }
        }
        AllRecordData::Txt(texts) => {
            let joined: Vec<u8> = texts.iter().flatten().copied().collect();
            Data::Text(String::from_utf8_lossy(&joined).into_owned())
        }
        AllRecordData::Tlsa(tlsa) => Data::Tlsa(super::dane::Pin {
            usage: tlsa.usage().to_int(),
            selector: tlsa.selector().to_int(),
            matching: tlsa.matching_type().to_int(),
            data: tlsa.data().as_ref().to_vec(),
        }),
        AllRecordData::Caa(caa) => {
            let value = String::from_utf8_lossy(caa.value().as_ref()).into_owned();
            Data::Issuance(super::look::shortened(&format!("{} {} {value:?}", caa.flags().bits(), caa.tag())))
        }
        _ => Data::Other,
    }
}

/// A name as facts write it: in lower case, without the last dot.
fn text(name: &impl ToName) -> String {
    let name: Owned = name.to_name();
    name.to_string().trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use super::*;
    use proptest::prelude::*;

    /// An answer with an alias and an MX record, as a name server writes it, with a pointer for each name.
    const ANSWER: &[u8] = b"\x12\x34\x81\xa0\x00\x01\x00\x02\x00\x00\x00\x00\x01a\x04test\x00\x00\x0f\x00\x01\
        \xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x3c\x00\x04\x01b\xc0\x0e\
        \xc0\x24\x00\x0f\x00\x01\x00\x00\x00\x3c\x00\x06\x00\x0a\x01M\xc0\x0e";

    fn name() -> Owned {
        Owned::from_str("a.test").unwrap()
    }

    #[test]
    fn an_answer_behind_an_alias() {
        let Ok(Reply::Answer(answer)) = read(ANSWER, 0x1234, &name(), Rtype::MX) else { panic!() };
        assert_eq!(answer.records, [Data::Exchange { preference: 10, host: "m.test".to_owned() }]);
        assert!(answer.exists && answer.verified && answer.aliased && !answer.signed);
        assert!(read(ANSWER, 0x1235, &name(), Rtype::MX).is_err());
        assert!(read(ANSWER, 0x1234, &name(), Rtype::A).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            kind in any::<u16>(),
            changes in proptest::collection::vec((0..ANSWER.len(), any::<u8>()), 0..6),
        ) {
            let _ = read(&bytes, 0, &name(), Rtype::from_int(kind));
            // A proper beginning, so that the records are reached.
            let begun = [&ANSWER[..24], &bytes].concat();
            let _ = read(&begun, 0x1234, &name(), Rtype::MX);
            for kind in [Rtype::TXT, Rtype::TLSA, Rtype::CAA, Rtype::AAAA, Rtype::from_int(kind)] {
                let mut changed = begun.clone();
                if let (Some(code), [high, low]) = (changed.get_mut(20..22), kind.to_int().to_be_bytes()) {
                    code.copy_from_slice(&[high, low]);
                }
                changed.extend(b"\xc0\x0c");
                let _ = read(&changed, 0x1234, &name(), kind);
            }
            let mut changed = ANSWER.to_vec();
            for (at, byte) in changes {
                changed[at] = byte;
            }
            let _ = read(&changed, 0x1234, &name(), Rtype::MX);
        }
    }
}
