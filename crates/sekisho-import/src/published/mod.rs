//! Published material: what documents there are, and the passages that a person should look at. No passage proves anything.

mod date;
mod document;
mod html;
mod pdf;
mod plain;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use sekisho_diag::{Place, Problem};
use sekisho_model::Text;
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::{CollectError, Collection, Collector, OnProgress, Progress};
use sekisho_model::coverage::Aspect;

use crate::draft::Draft;
use crate::limits::Limits;
use crate::{artefact, text};

/// Reads a folder of published documents, or one of them: plain text, Markdown, HTML, PDF. Nothing is fetched.
#[derive(Debug, Clone, Copy, Default)]
pub struct PublishedCollector {
    limits: Limits,
}

impl PublishedCollector {
    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Bytes of the largest document that it reads with the usual limits: whoever fetches one needs no more.
    pub fn most() -> u64 {
        Limits::default().document
    }

    /// Reads one document, which facts and messages call `name`, of the component `subject`.
    pub fn read(&self, bytes: &[u8], name: &str, subject: &str) -> Collection {
        let mut draft = Draft::new(self.limits);
        document(bytes, None, &mut draft);
        draft.finish(artefact::of(bytes, ArtefactKind::Published, name, subject), Aspect::PublishedDocuments)
    }

    /// Reads all files below `path`, in the order of their names.
    fn folder(&self, path: &Path, progress: OnProgress<'_>, draft: &mut Draft) -> u64 {
        let files = self.files(path, draft);
        let mut total = 0_u64;
        for file in files {
            let shown = file.strip_prefix(path).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            progress(Progress::Step(&shown));
            let most = self.limits.document.min(self.limits.total.saturating_sub(total));
            match artefact::open(&file, &shown, most) {
                Ok(bytes) => {
                    total += bytes.len() as u64;
                    document(&bytes, Some(&shown), draft);
                    draft.tell(progress);
                    progress(Progress::Bytes(total));
                }
                Err(CollectError::Unusable(_)) => draft.gap(
                    Some(shown),
                    Text::new(
                        "larger than what is read of published documents",
                        "公開文書として読める大きさの上限を超えている",
                    ),
                ),
                Err(CollectError::Io { .. }) => {
                    draft.gap(Some(shown), Text::new("the file could not be read", "ファイルを読み込めなかった"));
                }
            }
        }
        total
    }

    /// The files below `path`; links are not followed.
    fn files(&self, path: &Path, draft: &mut Draft) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut open = vec![(path.to_path_buf(), 0)];
        while let Some((folder, depth)) = open.pop() {
            let root = path;
            let shown = |path: &Path| {
                let below = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
                Some(below).filter(|below| !below.is_empty())
            };
            let Ok(entries) = fs::read_dir(&folder) else {
                draft.gap(shown(&folder), Text::new("the folder could not be read", "フォルダーを読み込めなかった"));
                continue;
            };
            for entry in entries.flatten() {
                let path = entry.path();
                let hidden = entry.file_name().to_string_lossy().starts_with('.');
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() && !hidden => {
                        if depth < self.limits.depth {
                            open.push((path, depth + 1));
                        } else {
                            draft.gap(
                                shown(&path),
                                Text::new("folders lie too deep in each other", "フォルダーの階層が深すぎる"),
                            );
                        }
                    }
                    Ok(kind) if kind.is_file() && !hidden => found.push(path),
                    Ok(kind) if kind.is_symlink() => {
                        draft.gap(shown(&path), Text::new("links are not followed", "リンクはたどらない"));
                    }
                    _ => {}
                }
                if found.len() > self.limits.documents {
                    draft.gap(None, Text::new("more files than are read", "読み込めるファイル数の上限を超えている"));
                    found.truncate(self.limits.documents);
                    found.sort();
                    return found;
                }
            }
        }
        found.sort();
        found
    }
}

impl Collector for PublishedCollector {
    fn reads(&self) -> ArtefactKind {
        ArtefactKind::Published
    }

    fn collect(
        &self,
        path: &Path,
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, CollectError> {
        let lower = name.to_ascii_lowercase();
        if lower.starts_with("http://") || lower.starts_with("https://") {
            let problem = Problem::error("published-address", "an address on the web, where a folder or file is read")
                .at(Place::file(name))
                .hint("addresses are fetched where a product file declares them and authorizes it: sekisho assess product.yaml --only published");
            return Err(problem.into());
        }
        let failed = |source| CollectError::Io { name: name.to_owned(), source };
        if fs::metadata(path).map_err(failed)?.is_dir() {
            let mut draft = Draft::new(self.limits);
            let size = self.folder(path, progress, &mut draft);
            // A folder has no digest of its own; each of its documents has one in its place.
            let artefact = Artefact {
                name: name.to_owned(),
                kind: ArtefactKind::Published,
                subject: subject.to_owned(),
                size: Some(size),
                sha256: None,
                made: None,
            };
            return Ok(draft.finish(artefact, Aspect::PublishedDocuments));
        }
        let bytes = artefact::open(path, name, self.limits.document)?;
        let collection = self.read(&bytes, name, subject);
        progress(Progress::Bytes(bytes.len() as u64));
        Ok(collection)
    }
}

/// Reads one document; `path` is its place in the folder.
fn document(bytes: &[u8], path: Option<&str>, draft: &mut Draft) {
    let sha256 = path.is_some().then(|| artefact::sha256(bytes));
    if pdf::is_pdf(bytes) {
        let (page, gaps) = pdf::read(bytes, &draft.limits);
        if let Some(page) = page {
            document::read(&page, path, sha256.as_deref(), draft);
        }
        for reason in gaps {
            draft.gap(path.map(str::to_owned), reason);
        }
        return;
    }
    if let Some(what) = text::foreign(bytes) {
        let reason = Text::new(
            format!("{what}, whose text is not read: give it as text, HTML or PDF, too"),
            "本文を読み取れない形式（オフィス文書、画像、圧縮ファイルなど）：テキスト、HTML、PDFのいずれかでも用意する必要がある",
        );
        return draft.gap(path.map(str::to_owned), reason);
    }
    let Some((text, replaced)) = decoded(bytes) else {
        return draft.gap(path.map(str::to_owned), Text::new("this is not text", "テキストではない"));
    };
    if replaced {
        let reason = Text::new("some characters could not be decoded", "復号できない文字がある");
        draft.gap(path.map(str::to_owned), reason);
    }
    let page = if is_html(&text) { html::read(&text) } else { plain::read(&text) };
    document::read(&page, path, sha256.as_deref(), draft);
}

/// Text by its byte order mark, as UTF-8, by what HTML says of itself, or by one of the encodings that Japanese pages were written in.
/// Says whether something could not be decoded; none where it is no text.
fn decoded(bytes: &[u8]) -> Option<(String, bool)> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes.get(mark..)?);
        return Some((text.into_owned(), broken));
    }
    if bytes.contains(&0) {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some((text.to_owned(), false));
    }
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(2048))?).to_ascii_lowercase();
    let told = head.split_once("charset=").and_then(|(_, rest)| {
        let rest = rest.trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:".contains(c)).unwrap_or(rest.len());
        encoding_rs::Encoding::for_label(rest.get(..end)?.as_bytes())
    });
    for encoding in told.into_iter().chain([encoding_rs::EUC_JP, encoding_rs::SHIFT_JIS]) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        if !broken {
            return Some((text.into_owned(), false));
        }
    }
    Some((String::from_utf8_lossy(bytes).into_owned(), true))
}

/// By how it begins: Markdown may hold elements of HTML, too.
fn is_html(text: &str) -> bool {
    const LOOKED_AT: usize = 1024;
    let head: String = text.trim_start().chars().take(LOOKED_AT).collect::<String>().to_ascii_lowercase();
    head.starts_with("<!doctype html")
        || (head.starts_with('<') && ["<html", "<head", "<body", "<meta"].iter().any(|tag| head.contains(tag)))
}
