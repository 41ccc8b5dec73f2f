//! What SSH servers offer, judged as Sekisho's own look at them does.

use sekisho_algorithms::ssh::{Use, allows_prefix_truncation, graded, is_method};
use sekisho_model::ssh::SshServer;

/// Fills in what follows from the algorithms; `server.key_exchange` may hold signals, which are taken out.
pub(crate) fn judge(server: &mut SshServer) {
    if !server.ciphers.is_empty() && !server.macs.is_empty() && !server.key_exchange.is_empty() {
        // Of the other tools' lists it is not known for which direction they are.
        let both = [(server.ciphers.as_slice(), server.macs.as_slice())];
        server.prefix_truncation = Some(allows_prefix_truncation(&server.key_exchange, &both));
    }
    server.key_exchange.retain(|name| is_method(name));
    let lists = [
        (Use::KeyExchange, server.key_exchange.as_slice()),
        (Use::HostKey, server.host_keys.as_slice()),
        (Use::Cipher, server.ciphers.as_slice()),
        (Use::Mac, server.macs.as_slice()),
    ];
    (server.weak, server.broken) = graded(&lists);
    server.weak.sort();
    server.broken.sort();
}

/// Protocol and software of a banner: `SSH-2.0-OpenSSH_9.2p1 Debian-2`.
pub(crate) fn banner(text: &str) -> Option<(String, String)> {
    let (protocol, software) = text.trim().strip_prefix("SSH-")?.split_once('-')?;
    Some((crate::text::shortened(protocol, 20), crate::text::shortened(software, 255)))
}
