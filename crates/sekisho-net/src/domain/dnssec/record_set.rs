//! Records of one name and type with their signatures, in the form in which they were signed (RFC 4034, sections 3.1.8.1 and 6).

use domain::base::iana::{Class, Rtype};
use domain::base::rdata::ComposeRecordData as _;
use domain::base::{Message, ToName as _};
use domain::rdata::{AllRecordData, Cname, Dnskey, Ds, Rrsig};

use super::key::{Digest, Key};
use crate::domain::answer::Owned;
use crate::failure::Failure;

/// Records of one set that are taken up: an answer with more is refused.
const RECORDS: usize = 200;

/// Records of one name and type.
#[derive(Debug, Clone)]
pub(super) struct RecordSet {
    pub(super) owner: Owned,
    pub(super) kind: Rtype,
    /// Each in canonical form, in canonical order.
    pub(super) data: Vec<Vec<u8>>,
    pub(super) signatures: Vec<Signature>,
    /// What the records say, where they are of these types.
    pub(super) keys: Vec<Key>,
    pub(super) digests: Vec<Digest>,
    pub(super) alias: Option<Owned>,
}

/// A signature over a set (RRSIG).
#[derive(Debug, Clone)]
pub(super) struct Signature {
    pub(super) algorithm: u8,
    /// Labels of the name that was signed: fewer than the owner's where a wildcard answered.
    pub(super) labels: usize,
    pub(super) inception: u32,
    pub(super) expiration: u32,
    pub(super) tag: u16,
    pub(super) signer: Owned,
    pub(super) bytes: Vec<u8>,
    ttl: u32,
}

impl RecordSet {
    /// The records of `kind` at `owner` among the answers of `message`.
    pub(super) fn read(message: &[u8], owner: &Owned, kind: Rtype) -> Result<Self, Failure> {
        let broken = || Failure::nonsense("broken records");
        let message = Message::from_octets(message).map_err(|_| Failure::nonsense("too short for DNS"))?;
        let mut set = Self {
            owner: owner.clone(),
            kind,
            data: Vec::new(),
            signatures: Vec::new(),
            keys: Vec::new(),
            digests: Vec::new(),
            alias: None,
        };
        for record in message.answer().map_err(|_| broken())? {
            let record = record.map_err(|_| broken())?;
            if record.class() != Class::IN || !record.owner().name_eq(owner) {
                continue;
            }
            if record.rtype() == Rtype::RRSIG {
                if let Some(record) = record.to_record::<Rrsig<_, _>>().map_err(|_| broken())? {
                    let signature = record.data();
                    if signature.type_covered() == kind {
                        set.signatures.push(Signature {
                            algorithm: signature.algorithm().to_int(),
                            labels: usize::from(signature.labels()),
                            inception: signature.inception().into_int(),
                            expiration: signature.expiration().into_int(),
                            tag: signature.key_tag(),
                            signer: signature.signer_name().to_name(),
                            bytes: signature.signature().to_vec(),
                            ttl: signature.original_ttl().as_secs(),
                        });
                    }
                }
                continue;
            }
            if record.rtype() != kind {
                continue;
            }
            let any = record.to_any_record::<AllRecordData<_, _>>().map_err(|_| broken())?;
            let mut data = Vec::new();
            any.data().compose_canonical_rdata(&mut data).map_err(|_| broken())?;
            if let Ok(Some(record)) = record.to_record::<Dnskey<_>>() {
                set.keys.extend(Key::read(&data, record.data().key_tag()));
            } else if let Ok(Some(record)) = record.to_record::<Ds<_>>() {
                let ds = record.data();
                set.digests.push(Digest {
                    tag: ds.key_tag(),
                    algorithm: ds.algorithm().to_int(),
                    kind: ds.digest_type().to_int(),
                    bytes: ds.digest().to_vec(),
                });
            } else if let Ok(Some(record)) = record.to_record::<Cname<_>>() {
                set.alias = Some(record.data().cname().to_name());
            }
            set.data.push(data);
        }
        if set.data.len() > RECORDS || set.signatures.len() > RECORDS {
            return Err(Failure::nonsense("too many records"));
        }
        set.data.sort();
        set.data.dedup();
        Ok(set)
    }

    /// What `signature` is over.
    pub(super) fn signed_by(&self, signature: &Signature) -> Vec<u8> {
        let owner = canonical(&self.owner);
        let kind = self.kind.to_int().to_be_bytes();
        let mut out = kind.to_vec();
        out.push(signature.algorithm);
        out.push(signature.labels as u8);
        out.extend(signature.ttl.to_be_bytes());
        out.extend(signature.expiration.to_be_bytes());
        out.extend(signature.inception.to_be_bytes());
        out.extend(signature.tag.to_be_bytes());
        out.extend(canonical(&signature.signer));
        for data in &self.data {
            out.extend(&owner);
            out.extend(kind);
            out.extend(Class::IN.to_int().to_be_bytes());
            out.extend(signature.ttl.to_be_bytes());
            out.extend((data.len() as u16).to_be_bytes());
            out.extend(data);
        }
        out
    }
}

/// A name in lower case, without compression.
pub(super) fn canonical(name: &Owned) -> Vec<u8> {
    name.as_slice().to_ascii_lowercase()
}

/// Labels of a name, without the root's.
pub(super) fn labels(name: &Owned) -> usize {
    name.label_count().saturating_sub(1)
}
