//! The detached signature of a MUD file (RFC 8520, section 13): a signed message (CMS) in DER, in a file of its own.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sekisho_cms::Message;
use sekisho_model::Text;
use sekisho_model::fact::SignatureState;
use sekisho_model::traffic::MudFile;
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

/// Its ending, as in the examples of the RFC.
const ENDING: &str = "p7s";
/// Files with that ending in one folder that are considered.
const FILES: usize = 64;
/// Bytes of a signature: with a chain of certificates it is some kilobytes.
const LARGEST: u64 = 256 << 10;
/// Characters of a certificate's name that facts keep.
const KEPT: usize = 300;

/// Every file in the folder of the MUD file `path` that could be its signature. Which one is said by the file itself, which is not read here.
/// Links are left out: they could lead anywhere.
pub(super) fn beside(path: &Path) -> Vec<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A folder that cannot be listed has no signature to give; that none was given is what the facts then say.
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .map(|entry| entry.path())
        .filter(|file| file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING)))
        .collect();
    // The names that fit first, so that they are among the first however many others there are.
    files.sort_by_key(|file| (!names(path).any(|name| file.file_name() == Some(&name)), file.clone()));
    files.truncate(FILES);
    files
}

/// The names that a signature of the MUD file `path` has by custom: `camera.p7s` and `camera.json.p7s`.
fn names(path: &Path) -> impl Iterator<Item = std::ffi::OsString> {
    let whole = path.file_name().map(|name| {
        let mut name = name.to_os_string();
        name.push(".");
        name.push(ENDING);
        name
    });
    let other = path.file_name().map(|name| Path::new(name).with_extension(ENDING).into_os_string());
    other.into_iter().chain(whole)
}

/// The signature of the MUD file `path` in the same folder: by the name that `url` (`mud-signature`) ends with, else by custom; and whether it is
/// the one that the MUD file means, as far as it says.
pub(super) fn choose(path: &Path, url: Option<&str>) -> Option<(PathBuf, bool)> {
    let named = url.and_then(|url| url.split(['?', '#']).next()?.rsplit('/').next());
    // What the file names is a name, not a way: it has to be in the folder, and to have the ending.
    let named = named.map(OsStr::new).filter(|name| {
        let name = Path::new(name);
        name.file_name() == Some(name.as_os_str()) && name.extension().is_some_and(|e| e.eq_ignore_ascii_case(ENDING))
    });
    let by_custom = names(path).map(|name| (name, named.is_none()));
    let wanted = named.map(|name| (name.to_os_string(), true)).into_iter().chain(by_custom);
    // Not the folder's list: a confined process cannot read it.
    wanted.map(|(name, meant)| (path.with_file_name(name), meant)).find(|(file, _)| {
        // A file that is there but must not be opened is told when it is read.
        fs::symlink_metadata(file).is_ok_and(|metadata| metadata.is_file())
    })
}

/// What lies beside a MUD file as its signature.
#[derive(Debug)]
pub(super) struct Signature {
    file: String,
    bytes: io::Result<Vec<u8>>,
    meant: bool,
}

impl Signature {
    /// Reads it; `meant` says whether the MUD file does not name another.
    pub(super) fn read(path: &Path, meant: bool) -> Self {
        let read = || {
            let mut bytes = Vec::new();
            File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        Self { file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes: read(), meant }
    }

    /// Holds it against the MUD file `content` and says in `fact` what came of it; why it cannot be verified, where it cannot.
    pub(super) fn hold_against(self, content: &[u8], now: Option<OffsetDateTime>, fact: &mut MudFile) -> Option<Text> {
        let Self { file, bytes, meant } = self;
        fact.signature = SignatureState::Present;
        fact.signature_file = Some(file.clone());
        let not_verified = |en: &str, ja: &str| {
            Some(Text::new(
                format!("the signature {file} was not verified: {en}"),
                format!("署名ファイル{file}は検証していない（{ja}）"),
            ))
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => return not_verified(&error.to_string(), &error.to_string()),
        };
        if bytes.len() as u64 > LARGEST {
            return not_verified("it is larger than 256 KiB", "256 KiBを超えている");
        }
        let Some(Message::Signed(signed)) = sekisho_cms::parse(&bytes) else {
            return not_verified(
                "it is no signed message (CMS) in DER; `openssl cms -sign -binary -outform DER` makes one",
                "DER形式のCMS署名メッセージではない。`openssl cms -sign -binary -outform DER`で作成できる",
            );
        };
        let does_not_fit = |fact: &mut MudFile| {
            if meant {
                fact.signature = SignatureState::Broken;
                return None;
            }
            // It may be the signature of another edition.
            not_verified(
                "it does not fit, and `mud-signature` names another file, which is not there",
                "一致しないが、`mud-signature`が示すのは別のファイルであり、そのファイルは見つからない",
            )
        };
        // A message that carries its own content is not detached: what it signs has to be this file all the same.
        if signed.content().is_some_and(|own| own != content) {
            return does_not_fit(fact);
        }
        let verdict = signed.verify(|algorithm| Some(algorithm.digest(content)));
        fact.signature_scheme = verdict.scheme;
        if let Some(der) = &verdict.certificate
            && let Ok((_, certificate)) = X509Certificate::from_der(der)
        {
            fact.signer = Some(shortened(&certificate.subject().to_string()));
            fact.signer_issuer = Some(shortened(&certificate.issuer().to_string()));
            if let Some((from, until)) = sekisho_x509::validity(&certificate) {
                (fact.signer_not_before, fact.signer_not_after) = (Some(from), Some(until));
            }
            fact.signer_in_time = now.map(|now| sekisho_x509::is_valid(&certificate, now.unix_timestamp()));
        }
        match verdict.state {
            SignatureState::Consistent => {
                fact.signature = verdict.state;
                None
            }
            SignatureState::Broken => does_not_fit(fact),
            SignatureState::Absent => not_verified("nobody signed the message", "メッセージに署名者がいない"),
            _ if fact.signer.is_none() => {
                not_verified("the signer's certificate is not in it", "署名者の証明書が含まれていない")
            }
            _ => not_verified("its algorithm is not known here", "対応していないアルゴリズムである"),
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(KEPT).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
