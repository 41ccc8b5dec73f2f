//! The network daemons and login services that are known by name.

/// A program, what it speaks, and whether that is in the clear.
pub(super) struct Daemon {
    pub(super) name: &'static str,
    pub(super) protocol: &'static str,
    /// None where it depends on settings, or where the question makes no sense for the protocol.
    pub(super) cleartext: Option<bool>,
}

const fn daemon(name: &'static str, protocol: &'static str, cleartext: Option<bool>) -> Daemon {
    Daemon { name, protocol, cleartext }
}

/// All of them.
pub(super) const DAEMONS: &[Daemon] = &[
    daemon("telnetd", "telnet", Some(true)),
    daemon("utelnetd", "telnet", Some(true)),
    daemon("in.telnetd", "telnet", Some(true)),
    daemon("rlogind", "rlogin", Some(true)),
    daemon("in.rlogind", "rlogin", Some(true)),
    daemon("rshd", "rsh", Some(true)),
    daemon("in.rshd", "rsh", Some(true)),
    daemon("adbd", "adb", Some(true)),
    daemon("gdbserver", "gdb", Some(true)),
    daemon("lldb-server", "gdb", Some(true)),
    daemon("tcf-agent", "tcf", Some(true)),
    daemon("dropbear", "ssh", Some(false)),
    daemon("sshd", "ssh", Some(false)),
    daemon("httpd", "http", Some(true)),
    daemon("boa", "http", Some(true)),
    daemon("thttpd", "http", Some(true)),
    daemon("mini_httpd", "http", None),
    daemon("micro_httpd", "http", Some(true)),
    daemon("uhttpd", "http", None),
    daemon("lighttpd", "http", None),
    daemon("nginx", "http", None),
    daemon("apache2", "http", None),
    daemon("goahead", "http", None),
    daemon("webs", "http", None),
    daemon("appweb", "http", None),
    daemon("hiawatha", "http", None),
    daemon("haproxy", "http", None),
    daemon("ftpd", "ftp", Some(true)),
    daemon("vsftpd", "ftp", None),
    daemon("proftpd", "ftp", None),
    daemon("pure-ftpd", "ftp", None),
    daemon("bftpd", "ftp", Some(true)),
    daemon("in.ftpd", "ftp", Some(true)),
    daemon("tftpd", "tftp", Some(true)),
    daemon("in.tftpd", "tftp", Some(true)),
    daemon("atftpd", "tftp", Some(true)),
    daemon("mosquitto", "mqtt", None),
    daemon("coap-server", "coap", Some(true)),
    daemon("dnsmasq", "dns", None),
    daemon("named", "dns", None),
    daemon("unbound", "dns", None),
    daemon("udhcpd", "dhcp", None),
    daemon("dhcpd", "dhcp", None),
    daemon("odhcpd", "dhcp", None),
    daemon("avahi-daemon", "mdns", None),
    daemon("mdnsd", "mdns", None),
    daemon("umdns", "mdns", None),
    daemon("miniupnpd", "upnp", Some(true)),
    daemon("minidlna", "upnp", Some(true)),
    daemon("minidlnad", "upnp", Some(true)),
    daemon("upnpd", "upnp", Some(true)),
    daemon("smbd", "smb", None),
    daemon("nmbd", "netbios", None),
    daemon("ksmbd.mountd", "smb", None),
    daemon("rtspd", "rtsp", Some(true)),
    daemon("rtsp_server", "rtsp", Some(true)),
    daemon("v4l2rtspserver", "rtsp", Some(true)),
    daemon("live555MediaServer", "rtsp", Some(true)),
    daemon("snmpd", "snmp", None),
    daemon("mini_snmpd", "snmp", Some(true)),
    daemon("x11vnc", "vnc", None),
    daemon("pptpd", "pptp", Some(true)),
    daemon("xl2tpd", "l2tp", None),
    daemon("openvpn", "openvpn", Some(false)),
    daemon("charon", "ipsec", Some(false)),
    daemon("stunnel", "tls", Some(false)),
    daemon("cupsd", "ipp", None),
    daemon("rsyncd", "rsync", Some(true)),
    daemon("ser2net", "serial", Some(true)),
    daemon("lpd", "lpd", Some(true)),
    daemon("rpc.portmap", "rpc", None),
    daemon("rpcbind", "rpc", None),
    daemon("portmap", "rpc", None),
    daemon("rpc.mountd", "nfs", None),
    daemon("inetd", "inetd", None),
    daemon("xinetd", "inetd", None),
    daemon("syslogd", "syslog", None),
    daemon("rsyslogd", "syslog", None),
    daemon("syslog-ng", "syslog", None),
    daemon("logd", "syslog", None),
];

/// The daemon that a command's first word names.
pub(super) fn daemon_named(word: &str) -> Option<&'static Daemon> {
    let name = super::super::file_name(word);
    DAEMONS.iter().find(|d| d.name == name)
}
