//! Facts about SSH servers as people read them.

use sekisho_model::ssh::{SshHostKey, SshServer};

use super::Columns;
use super::cell::{Cell, list, maybe_flag, raw};
use super::network::place;
use crate::messages::facts as m;
use crate::messages::network as n;
use crate::messages::tls as t;

pub(super) fn server(x: &SshServer) -> Columns {
    vec![
        (n::PLACE, place(&x.address, "tcp", x.port)),
        (m::SOFTWARE, raw(&x.software)),
        (t::BROKEN, list(&x.broken)),
        (t::WEAK, list(&x.weak)),
        (t::PREFIX_TRUNCATION, maybe_flag(x.prefix_truncation)),
        (t::OPEN_LOGIN, maybe_flag(x.open_login)),
        (t::PASSWORD_LOGIN, maybe_flag(x.password_login)),
        (t::AUTHENTICATION, list(&x.authentication)),
        (t::PROTOCOL_VERSION, raw(&x.protocol)),
        (t::KEY_EXCHANGE, list(&x.key_exchange)),
        (t::HOST_KEYS, list(&x.host_keys)),
        (t::CIPHERS, list(&x.ciphers)),
        (t::MACS, list(&x.macs)),
    ]
}

pub(super) fn host_key(x: &SshHostKey) -> Columns {
    vec![
        (m::KIND, raw(&x.kind)),
        (n::PLACE, place(&x.address, "tcp", x.port)),
        (m::BITS, x.bits.map_or(Cell::Empty, |bits| Cell::Raw(bits.to_string()))),
        (t::FINGERPRINT, raw(&x.fingerprint)),
    ]
}
