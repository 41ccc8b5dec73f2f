//! Writing files whole or not at all.

use std::io::Write;
use std::path::Path;

use anyhow::Context;

/// Writes `text` to `path` through a temporary file beside it, so that a failure leaves what was there.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let context = || format!("cannot write {}", path.display());
    let mut file = tempfile::Builder::new().prefix(".sekisho-").tempfile_in(folder).with_context(context)?;
    file.write_all(text.as_bytes()).with_context(context)?;
    make_readable(&file).with_context(context)?;
    file.persist(path).with_context(context)?;
    Ok(())
}

/// Temporary files are made for their owner alone; a report is an ordinary file.
#[cfg(unix)]
fn make_readable(file: &tempfile::NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &tempfile::NamedTempFile) -> std::io::Result<()> {
    Ok(())
}
