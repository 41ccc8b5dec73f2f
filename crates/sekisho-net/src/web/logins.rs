//! Names and passwords that makers are known to ship.

/// The most common ones.
pub(super) const DEFAULTS: &[(&str, &str)] = &[
    ("admin", "admin"),
    ("admin", "password"),
    ("admin", ""),
    ("admin", "1234"),
    ("admin", "12345"),
    ("admin", "123456"),
    ("root", "root"),
    ("root", ""),
    ("root", "admin"),
    ("root", "12345"),
    ("user", "user"),
    ("guest", "guest"),
    ("support", "support"),
    ("service", "service"),
    ("administrator", "administrator"),
];
