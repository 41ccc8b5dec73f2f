//! Signed packs: a database and beside it, with `.minisig` added to its name, a signature that the program minisign can verify too.
//!
//! Format: <https://jedisct1.github.io/minisign/>; Ed25519 over the `BLAKE2b` digest of the file. Verifying is
//! left to `minisign-verify`, because `minisign` itself panics on some signatures that are cut off.

use std::fs::{self, File};
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use minisign::SecretKeyBox;
use minisign_verify::{PublicKey, Signature};

use crate::error::DatabaseError;
use crate::lookup::Database;
use crate::status::Status;

/// Bytes of a key or a signature at most: they have some 350.
const MAX_SMALL: u64 = 64 << 10;

/// Where the signature of a pack is.
pub fn signature_path(pack: &Path) -> PathBuf {
    beside(pack, "minisig")
}

/// A file named like the pack, with something added.
fn beside(pack: &Path, addition: &str) -> PathBuf {
    let mut name = pack.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(addition);
    pack.with_file_name(name)
}

/// The pack while it is made; what is not made to the end is cleared away.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // After it was put in its place there is nothing left to remove.
        let _ = fs::remove_file(&self.0);
    }
}

/// Copies a database to `pack` and signs it with the key in a file as minisign makes it, with a password where the key has one. The database
/// is checked first: what is signed is whole.
///
/// # Errors
///
/// Where a file cannot be read or written, the database is damaged, or the key cannot be used.
pub fn export(database: &Path, pack: &Path, key: &Path, password: Option<&str>) -> Result<Status, DatabaseError> {
    let source = Database::open_with(database, 0)?;
    source.check()?;
    let fault = |what: minisign::PError| DatabaseError::Signature { path: key.to_path_buf(), what: what.to_string() };
    let text = small(key)?;
    let boxed = || SecretKeyBox::from_string(&text).map_err(fault);
    // Without a password the library would ask for one at the terminal, and a password for a key without one is an error to it.
    let secret = match (boxed()?.into_unencrypted_secret_key(), password) {
        (Ok(secret), _) => secret,
        (Err(_), Some(password)) => boxed()?.into_secret_key(Some(password.to_owned())).map_err(fault)?,
        (Err(error), None) => return Err(fault(error)),
    };
    let public = minisign::PublicKey::from_secret_key(&secret).map_err(fault)?;
    // First beside it, so that a pack is never there by halves.
    let part = Part(beside(pack, "part"));
    let part = &part.0;
    fs::copy(database, part).map_err(DatabaseError::io(part))?;
    let copied = Database::open_with(part, 0)?;
    if copied.status() != source.status() {
        return Err(DatabaseError::damaged(part, "the database changed while it was copied"));
    }
    let status = copied.status().clone();
    let comment = format!("sekisho vulnerability database, digest {}", status.digest);
    let file = File::open(part).map_err(DatabaseError::io(part))?;
    let signature =
        minisign::sign(Some(&public), &secret, BufReader::new(file), Some(&comment), None).map_err(fault)?;
    let beside = signature_path(pack);
    fs::write(&beside, signature.into_string()).map_err(DatabaseError::io(&beside))?;
    fs::rename(part, pack).map_err(DatabaseError::io(pack))?;
    Ok(status)
}

/// Verifies a pack with the public key in a file, or with the key itself as minisign prints it; then checks the database in it.
///
/// # Errors
///
/// Where a file cannot be read, the key or the signature is none, the signature does not fit, or the database is damaged.
pub fn verify(pack: &Path, key: &str) -> Result<Status, DatabaseError> {
    let path = Path::new(key);
    let key_fault =
        |what: minisign_verify::Error| DatabaseError::Signature { path: path.to_path_buf(), what: what.to_string() };
    let public = if path.is_file() { PublicKey::decode(&small(path)?) } else { PublicKey::from_base64(key) }
        .map_err(key_fault)?;
    let beside = signature_path(pack);
    let fault =
        |what: minisign_verify::Error| DatabaseError::Signature { path: beside.clone(), what: what.to_string() };
    let signature = Signature::decode(&small(&beside)?).map_err(fault)?;
    // Only signatures of the digest: the others would need the file in memory.
    let mut verifier = public.verify_stream(&signature).map_err(fault)?;
    let mut file = File::open(pack).map_err(DatabaseError::io(pack))?;
    let mut buffer = vec![0; 128 << 10];
    loop {
        let read = file.read(&mut buffer).map_err(DatabaseError::io(pack))?;
        match buffer.get(..read) {
            Some(bytes) if read > 0 => verifier.update(bytes),
            _ => break,
        }
    }
    verifier.finalize().map_err(fault)?;
    let database = Database::open_with(pack, 0)?;
    database.check()?;
    Ok(database.status().clone())
}

/// Reads a small text file.
fn small(path: &Path) -> Result<String, DatabaseError> {
    let length = fs::metadata(path).map_err(DatabaseError::io(path))?.len();
    if length > MAX_SMALL {
        return Err(DatabaseError::Signature {
            path: path.to_path_buf(),
            what: "neither key nor signature".to_owned(),
        });
    }
    fs::read_to_string(path).map_err(DatabaseError::io(path))
}
