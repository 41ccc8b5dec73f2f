//! ESP-IDF's non-volatile storage: values by name space and key, in pages with a log of entries.
//!
//! "Non-Volatile Storage Library" in the documentation of ESP-IDF, "Internals"; `nvs_page.hpp`, `nvs_types.hpp`.

use std::collections::BTreeMap;
use std::sync::Arc;

use sekisho_model::fact::Observed;

use super::esp_flash::esp_crc32;
use crate::blob::Blob;
use crate::formats::{Content as Body, Format, Opened, Signature, le16, le32, text_field};
use crate::inspect::credentials;
use crate::limits::Budget;
use crate::reason;
use crate::tree::{Content, Entry, Kind, Tree, plain_path};

pub(in crate::formats) struct Nvs;

const PAGE: u64 = 4096;
const ENTRY: usize = 32;
/// Entries of a page: what is left of it behind the header and the bitmap.
const ENTRIES: usize = 126;
/// A partition has some pages, or some hundred.
const MAX_PAGES: u64 = 4096;
/// The bits of an entry that is in use.
const WRITTEN: u8 = 0b10;

/// Types of items: `nvs::ItemType`.
const TEXT: u8 = 0x21;
const BLOB_V1: u8 = 0x41;
const BLOB_DATA: u8 = 0x42;
const BLOB_INDEX: u8 = 0x48;

/// Whether a page begins here: state, sequence number, version 2 (0xfe), unused bytes, CRC.
fn is_page(header: &[u8; ENTRY]) -> bool {
    matches!(le32(header, 0), 0xffff_fffe | 0xffff_fffc | 0xffff_fff8)
        && header[8] == 0xfe
        && esp_crc32(&[&header[4..28]]) == le32(header, 28)
}

/// One value as it is stored.
#[derive(Default)]
struct Item {
    bytes: Vec<u8>,
    text: bool,
}

#[derive(Default)]
struct Store {
    spaces: BTreeMap<u8, String>,
    /// By name space, key and chunk; later ones replace earlier ones.
    items: BTreeMap<(u8, String, u8), Item>,
    /// Of a value in chunks: how many there are and the number of the first.
    indexes: BTreeMap<(u8, String), (u8, u8)>,
    entries: u64,
    wrong: u64,
}

impl Store {
    fn page(&mut self, page: &[u8]) {
        let Some(bitmap) = page.get(ENTRY..2 * ENTRY) else { return };
        let mut at = 0;
        while at < ENTRIES {
            let state = bitmap.get(at / 4).map_or(0b11, |byte| byte >> (at % 4 * 2) & 0b11);
            let start = (2 + at) * ENTRY;
            at += 1;
            let Some(entry) = page.get(start..start + ENTRY).filter(|_| state == WRITTEN) else { continue };
            self.entries += 1;
            if esp_crc32(&[&entry[..4], &entry[8..]]) != le32(entry, 4) {
                self.wrong += 1;
                continue;
            }
            let (space, kind, span, chunk) = (entry[0], entry[1], usize::from(entry[2]), entry[3]);
            let Some(key) = text_field(&entry[8..24]) else { continue };
            if matches!(kind, TEXT | BLOB_V1 | BLOB_DATA) {
                let size = usize::from(le16(entry, 24));
                let value = page.get(start + ENTRY..(start + ENTRY + size).min(start + span.max(1) * ENTRY));
                match value.filter(|v| v.len() == size && esp_crc32(&[v]) == le32(entry, 28)) {
                    Some(value) => {
                        let chunk = if kind == BLOB_DATA { chunk } else { 0xff };
                        let item = Item { bytes: value.to_vec(), text: kind == TEXT };
                        self.items.insert((space, key, chunk), item);
                    }
                    None => self.wrong += 1,
                }
                // The entries behind it are the value.
                at += span.saturating_sub(1);
            } else if kind == BLOB_INDEX {
                self.indexes.insert((space, key), (entry[28], entry[29]));
            } else if space == 0 && kind == 1 {
                self.spaces.insert(entry[24], key);
            }
        }
    }

    /// Values by name space and key.
    fn values(self) -> Vec<(String, String, Item)> {
        let space = |index: u8| self.spaces.get(&index).cloned().unwrap_or_else(|| index.to_string());
        let mut values = Vec::new();
        for ((index, key), (count, first)) in &self.indexes {
            let chunks = (0..*count).map(|i| self.items.get(&(*index, key.clone(), first.wrapping_add(i))));
            if let Some(chunks) = chunks.collect::<Option<Vec<_>>>() {
                let bytes = chunks.iter().flat_map(|item| item.bytes.iter().copied()).collect();
                values.push((space(*index), key.clone(), Item { bytes, text: false }));
            }
        }
        // What is not in chunks has no chunk number.
        for ((index, key, chunk), item) in &self.items {
            if *chunk == 0xff {
                values.push((space(*index), key.clone(), Item { bytes: item.bytes.clone(), text: item.text }));
            }
        }
        values
    }
}

impl Format for Nvs {
    fn name(&self) -> &'static str {
        "esp-nvs"
    }

    fn signatures(&self) -> &'static [Signature] {
        // The version and the unused bytes behind it.
        const {
            &[Signature {
                magic: b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
                at: 8,
            }]
        }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        if !is_page(&data.array::<ENTRY>(0)?) {
            return None;
        }
        let mut pages: Vec<(u32, u64)> = Vec::new();
        let mut at = 0;
        while at / PAGE < MAX_PAGES
            && let Some(header) = data.array::<ENTRY>(at)
        {
            if is_page(&header) {
                pages.push((le32(&header, 4), at));
            } else if header != [0xff; ENTRY] {
                break;
            }
            at += PAGE;
        }
        // Later pages replace what earlier ones say.
        pages.sort_unstable();
        let length = pages.iter().map(|(_, at)| at + PAGE).max()?.min(data.len());
        let mut store = Store::default();
        for (_, at) in &pages {
            if budget.out_of_time() {
                break;
            }
            store.page(&data.window(*at, PAGE as usize).ok()?);
        }
        let (entries, wrong, spaces) = (store.entries, store.wrong, store.spaces.len());
        let mut opened = Opened {
            length,
            detail: Some(format!("{} pages, {entries} entries, {spaces} name spaces", pages.len())),
            checksum_valid: (entries > 0).then_some(wrong == 0),
            ..Opened::default()
        };
        if entries > 0 && wrong == entries {
            // With encryption the pages' headers and bitmaps stay as they are, the entries do not.
            return Some(opened.damaged(reason::encrypted("esp-nvs")));
        }
        if wrong > 0 {
            opened = opened.damaged(reason::damaged("esp-nvs", &format!("the CRCs of {wrong} entries do not hold")));
        }
        let mut tree = NvsTree { entries: Vec::new(), values: Vec::new() };
        for (space, key, item) in store.values() {
            let bytes =
                if item.text { item.bytes.strip_suffix(&[0]).unwrap_or(&item.bytes).to_vec() } else { item.bytes };
            if let Some(credential) = credential(&space, &key, &bytes) {
                opened.observed.push(credential);
            }
            let path = format!("{}/{}", space.replace('/', "_"), key.replace('/', "_"));
            let Some(path) = plain_path(&path) else { continue };
            if !budget.entry() {
                opened = opened.damaged(reason::files_limit());
                break;
            }
            let handle = tree.values.len() as u64;
            tree.entries.push(Entry { path, kind: Kind::File(bytes.len() as u64), handle, ..Entry::default() });
            tree.values.push(bytes);
        }
        opened.content = Body::Tree(Box::new(tree));
        Some(opened)
    }
}

/// What a value is where its key says that it is a secret. The Wi-Fi driver keeps what it was given last in fields of fixed length.
fn credential(space: &str, key: &str, value: &[u8]) -> Option<Observed> {
    let end = value.iter().position(|&b| b == 0).unwrap_or(value.len());
    let value = std::str::from_utf8(&value[..end]).ok()?;
    let name = format!("{space}/{key}");
    let kind = match (space, key) {
        ("nvs.net80211", "sta.pswd" | "ap.passwd") => Some("wifi-passphrase"),
        ("nvs.net80211", _) => return None,
        _ => None,
    };
    credentials::of_key(&name, kind, value).map(Observed::Credential)
}

struct NvsTree {
    entries: Vec<Entry>,
    values: Vec<Vec<u8>>,
}

impl Tree for NvsTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn content(&self, entry: &Entry, limit: u64) -> Content {
        match self.values.get(entry.handle as usize) {
            Some(value) => Content::whole(Blob::memory(value.clone()).slice(0, limit)),
            None => Content::damaged("no content"),
        }
    }
}
