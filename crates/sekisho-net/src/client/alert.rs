//! Which alerts (RFC 8446, section 6) say what a client thinks of a certificate.

use rustls::AlertDescription;

/// Whether a client says with it that it does not take the certificate. `unsupported_certificate` is left out: it is about the kind of key, and
/// would come with a good certificate of that kind too.
pub(super) fn refuses_certificate(alert: AlertDescription) -> bool {
    matches!(u8::from(alert), 42 | 44 | 45 | 46 | 48 | 49 | 112 | 113)
}
