//! Whether a certificate is for a name and in its time. Who signed it is another question.

use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

/// Whether the first of `chain` is for `name`, by its alternative names only (RFC 9525), and valid at `now`; `None` where there is none or it
/// can't be read.
pub(crate) fn fits(chain: &[Vec<u8>], name: &str, now: OffsetDateTime) -> Option<bool> {
    let (_, certificate) = X509Certificate::from_der(chain.first()?).ok()?;
    let in_time = sekisho_x509::is_valid(&certificate, now.unix_timestamp());
    Some(in_time && sekisho_x509::is_named(&sekisho_x509::names(&certificate), name))
}
