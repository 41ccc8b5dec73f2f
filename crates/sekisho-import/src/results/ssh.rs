//! What SSH servers offer, judged as Sekisho's own look at them does.

use std::collections::BTreeSet;

use sekisho_algorithms::ssh::{Grade, Use, grade};
use sekisho_model::ssh::SshServer;

/// Markers among the methods for the exchange of keys that are no methods (RFC 8308, section 2.1; OpenSSH's `PROTOCOL`, 1.10).
const MARKERS: [&str; 4] = ["ext-info-s", "ext-info-c", "kex-strict-s-v00@openssh.com", "kex-strict-c-v00@openssh.com"];

/// Fills in what follows from the algorithms; `server.key_exchange` may hold markers, which are taken out.
pub(crate) fn judge(server: &mut SshServer) {
    let strict = server.key_exchange.iter().any(|name| name == "kex-strict-s-v00@openssh.com");
    if !server.ciphers.is_empty() && !server.macs.is_empty() && !server.key_exchange.is_empty() {
        // CVE-2023-48795: ChaCha20-Poly1305, or CBC with encrypt-then-MAC.
        let exposed = server.ciphers.iter().any(|name| name == "chacha20-poly1305@openssh.com")
            || (server.ciphers.iter().any(|name| name.ends_with("-cbc") || name.contains("-cbc@"))
                && server.macs.iter().any(|name| name.contains("-etm@")));
        server.prefix_truncation = Some(exposed && !strict);
    }
    server.key_exchange.retain(|name| !MARKERS.contains(&name.as_str()));
    let (mut weak, mut broken) = (BTreeSet::new(), BTreeSet::new());
    for (of, names) in [
        (Use::KeyExchange, &server.key_exchange),
        (Use::HostKey, &server.host_keys),
        (Use::Cipher, &server.ciphers),
        (Use::Mac, &server.macs),
    ] {
        for name in names {
            if let Some(grade) = grade(of, name) {
                weak.insert(name.clone());
                if grade == Grade::Broken {
                    broken.insert(name.clone());
                }
            }
        }
    }
    server.weak = weak.into_iter().collect();
    server.broken = broken.into_iter().collect();
}

/// Protocol and software of a banner: `SSH-2.0-OpenSSH_9.2p1 Debian-2`.
pub(crate) fn banner(text: &str) -> Option<(String, String)> {
    let (protocol, software) = text.trim().strip_prefix("SSH-")?.split_once('-')?;
    Some((crate::text::shortened(protocol, 20), crate::text::shortened(software, 255)))
}
