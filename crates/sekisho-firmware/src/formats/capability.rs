//! File capabilities, as the extended attribute `security.capability` keeps them (`linux/capability.h`, `struct vfs_cap_data`).

use super::le32;

/// `VFS_CAP_REVISION_MASK`.
const REVISION: u32 = 0xff00_0000;

/// The names of the bits, in order (`CAP_CHOWN` is 0).
const NAMES: [&str; 41] = [
    "cap_chown",
    "cap_dac_override",
    "cap_dac_read_search",
    "cap_fowner",
    "cap_fsetid",
    "cap_kill",
    "cap_setgid",
    "cap_setuid",
    "cap_setpcap",
    "cap_linux_immutable",
    "cap_net_bind_service",
    "cap_net_broadcast",
    "cap_net_admin",
    "cap_net_raw",
    "cap_ipc_lock",
    "cap_ipc_owner",
    "cap_sys_module",
    "cap_sys_rawio",
    "cap_sys_chroot",
    "cap_sys_ptrace",
    "cap_sys_pacct",
    "cap_sys_admin",
    "cap_sys_boot",
    "cap_sys_nice",
    "cap_sys_resource",
    "cap_sys_time",
    "cap_sys_tty_config",
    "cap_mknod",
    "cap_lease",
    "cap_audit_write",
    "cap_audit_control",
    "cap_setfcap",
    "cap_mac_override",
    "cap_mac_admin",
    "cap_syslog",
    "cap_wake_alarm",
    "cap_block_suspend",
    "cap_audit_read",
    "cap_perfmon",
    "cap_bpf",
    "cap_checkpoint_restore",
];

/// The capabilities that the attribute's value permits; none where it is malformed.
pub(super) fn names(value: &[u8]) -> Vec<String> {
    // Revision 1 has one pair of words, permitted and inheritable; 2 and 3 have two, and 3 a user id behind them.
    let (length, words) = match le32(value, 0) & REVISION {
        0x0100_0000 => (12, 1),
        0x0200_0000 => (20, 2),
        0x0300_0000 => (24, 2),
        _ => return Vec::new(),
    };
    if value.len() != length {
        return Vec::new();
    }
    let permitted = (0..words).fold(0_u64, |bits, word| bits | u64::from(le32(value, 4 + 8 * word)) << (32 * word));
    NAMES.iter().enumerate().filter(|(bit, _)| permitted >> bit & 1 == 1).map(|(_, name)| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_setcap_writes_them() {
        // setcap cap_net_raw,cap_bpf+ep: revision 2, effective.
        let value = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(names(&value), ["cap_net_raw", "cap_bpf"]);
        assert!(names(&value[..19]).is_empty());
        assert!(names(&[]).is_empty());
        assert!(names(&[0xff; 20]).is_empty());
    }
}
