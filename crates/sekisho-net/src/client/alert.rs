//! Alerts by their names (RFC 8446, section 6), and which of them say what a client thinks of a certificate.

use rustls::AlertDescription;

/// An alert's name as RFC 8446 writes it, or its number.
pub(super) fn name(alert: AlertDescription) -> String {
    let code = u8::from(alert);
    match code {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        40 => "handshake_failure",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        90 => "user_canceled",
        109 => "missing_extension",
        112 => "unrecognized_name",
        113 => "bad_certificate_status_response",
        _ => return code.to_string(),
    }
    .to_owned()
}

/// Whether a client says with it that it does not take the certificate. `unsupported_certificate` is left out: it is about the kind of key, and
/// would come with a good certificate of that kind too.
pub(super) fn refuses_certificate(alert: AlertDescription) -> bool {
    matches!(u8::from(alert), 42 | 44 | 45 | 46 | 48 | 49 | 112 | 113)
}
