//! Parses batches of input on all cores.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use super::feed::{Batch, Piece};
use super::{Reason, runs::Turn};
use crate::limits::Limits;
use crate::moment::Moment;
use crate::read::detect::Kind;
use crate::read::{Parsed, about, csaf, cve, cyclonedx, epss, kev, nvd, openvex, osv};
use crate::source::Source;
use crate::status::Sample;
use crate::store::MAX_RECORD;
use crate::store::keys::{Identity, identity, order, short};

/// A batch, parsed.
pub(super) struct Done {
    pub(super) number: u64,
    pub(super) items: Vec<Item>,
    pub(super) notes: Vec<(Arc<str>, Reason, String, String)>,
    pub(super) more: BTreeMap<Reason, u64>,
    pub(super) announced: Vec<(Source, u64)>,
    pub(super) files: u64,
    pub(super) sample: Option<Sample>,
}

/// A record, encoded, with what deciding about it needs.
pub(super) struct Item {
    pub(super) place: Arc<str>,
    pub(super) id: String,
    pub(super) feed: String,
    pub(super) identity: Identity,
    pub(super) order: Vec<u8>,
    pub(super) turn: Turn,
    pub(super) modified: Option<Moment>,
    /// The beginning of the SHA-256 of `bytes`.
    pub(super) digest: [u8; 16],
    pub(super) bytes: Vec<u8>,
}

/// Parses batches until there are no more, or nobody takes them.
pub(super) fn parse_all(from: &Mutex<Receiver<Batch>>, to: &SyncSender<Done>, limits: &Limits) {
    loop {
        let next = from.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(batch) = next else { return };
        if to.send(parse(batch, limits)).is_err() {
            return;
        }
    }
}

fn parse(batch: Batch, limits: &Limits) -> Done {
    let mut done = Done {
        number: batch.number,
        items: Vec::new(),
        notes: batch.notes.into_iter().map(|(place, reason, detail)| (place, reason, String::new(), detail)).collect(),
        more: BTreeMap::new(),
        announced: batch.announced.map(|count| (Source::Nvd, count)).into_iter().collect(),
        files: batch.files,
        sample: None,
    };
    for piece in batch.pieces {
        let parsed = parse_piece(&piece, limits);
        done.announced.extend(parsed.announced.map(|count| (Source::Kev, count)));
        done.sample = done.sample.or(parsed.sample);
        for (reason, count) in parsed.more {
            *done.more.entry(reason).or_default() += count;
        }
        for note in parsed.notes {
            done.notes.push((Arc::clone(&piece.place), note.reason, note.id, note.detail));
        }
        for record in parsed.records {
            let fault = match rmp_serde::to_vec(&record) {
                Ok(bytes) if bytes.len() <= MAX_RECORD => {
                    done.items.push(Item {
                        place: Arc::clone(&piece.place),
                        id: record.id().to_owned(),
                        feed: record.source().feed(record.id()),
                        identity: identity(&record),
                        order: order(&record),
                        turn: (batch.number, done.items.len() as u64),
                        modified: record.modified(),
                        digest: short(&Sha256::digest(&bytes)),
                        bytes,
                    });
                    continue;
                }
                Ok(bytes) => format!("{} bytes", bytes.len()),
                Err(error) => error.to_string(),
            };
            done.notes.push((Arc::clone(&piece.place), Reason::TooLarge, record.id().to_owned(), fault));
        }
    }
    done
}

fn parse_piece(piece: &Piece, limits: &Limits) -> Parsed {
    let bytes = piece.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&piece.bytes);
    match piece.kind {
        Kind::Osv => osv::read(bytes, limits),
        Kind::Nvd => nvd::read(bytes, limits),
        Kind::Cve => cve::read(bytes, limits),
        Kind::KevJson => kev::read_json(bytes, limits),
        Kind::KevCsv => kev::read_csv(bytes, limits),
        Kind::Epss => epss::read(bytes, piece.as_of),
        Kind::OpenVex => openvex::read(bytes, limits),
        Kind::Csaf => csaf::read(bytes, limits),
        Kind::CycloneDx => cyclonedx::read(bytes, limits),
        Kind::About => about::read(bytes, limits),
        // The feeder takes lists apart.
        Kind::List => Parsed::default(),
    }
}
