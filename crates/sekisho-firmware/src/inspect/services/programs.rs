//! The network daemons and login services that are known by name.

use super::ports::Says;

/// A program, what it speaks, whether that is in the clear, and where it listens unless told otherwise.
#[derive(Clone, Copy)]
pub(in super::super) struct Daemon {
    pub(super) name: &'static str,
    pub(super) protocol: &'static str,
    /// None where it depends on settings, or where the question makes no sense for the protocol.
    pub(super) cleartext: Option<bool>,
    /// Where it listens by its own default, as its manual says; nothing where that depends on settings or on its version.
    pub(super) ports: &'static [&'static str],
    /// How its command line says otherwise.
    pub(super) says: Says,
}

const fn daemon(name: &'static str, protocol: &'static str, cleartext: Option<bool>) -> Daemon {
    Daemon { name, protocol, cleartext, ports: &[], says: Says::Nothing }
}

const fn on(daemon: Daemon, ports: &'static [&'static str]) -> Daemon {
    Daemon { ports, ..daemon }
}

const fn told(daemon: Daemon, ports: &'static [&'static str], says: Says) -> Daemon {
    Daemon { ports, says, ..daemon }
}

const P: Says = Says::Option(&["-p"], "tcp");

/// All of them.
pub(super) const DAEMONS: &[Daemon] = &[
    told(daemon("telnetd", "telnet", Some(true)), &["tcp/23"], P),
    told(daemon("utelnetd", "telnet", Some(true)), &["tcp/23"], P),
    on(daemon("in.telnetd", "telnet", Some(true)), &["tcp/23"]),
    daemon("rlogind", "rlogin", Some(true)),
    daemon("in.rlogind", "rlogin", Some(true)),
    daemon("rshd", "rsh", Some(true)),
    daemon("in.rshd", "rsh", Some(true)),
    daemon("adbd", "adb", Some(true)),
    told(daemon("gdbserver", "gdb", Some(true)), &[], Says::Word),
    told(daemon("lldb-server", "gdb", Some(true)), &[], Says::Word),
    on(daemon("tcf-agent", "tcf", Some(true)), &["tcp/1534"]),
    told(daemon("dropbear", "ssh", Some(false)), &["tcp/22"], P),
    told(daemon("sshd", "ssh", Some(false)), &["tcp/22"], Says::Option(&["-p"], "tcp")),
    told(daemon("httpd", "http", Some(true)), &["tcp/80"], P),
    on(daemon("boa", "http", Some(true)), &["tcp/80"]),
    told(daemon("thttpd", "http", Some(true)), &["tcp/80"], P),
    told(daemon("mini_httpd", "http", None), &[], P),
    daemon("micro_httpd", "http", Some(true)),
    told(daemon("uhttpd", "http", None), &[], Says::Option(&["-p", "-s"], "tcp")),
    on(daemon("lighttpd", "http", None), &["tcp/80"]),
    on(daemon("nginx", "http", None), &["tcp/80"]),
    on(daemon("apache2", "http", None), &["tcp/80"]),
    daemon("goahead", "http", None),
    daemon("webs", "http", None),
    daemon("appweb", "http", None),
    daemon("hiawatha", "http", None),
    daemon("haproxy", "http", None),
    daemon("ftpd", "ftp", Some(true)),
    on(daemon("vsftpd", "ftp", None), &["tcp/21"]),
    on(daemon("proftpd", "ftp", None), &["tcp/21"]),
    on(daemon("pure-ftpd", "ftp", None), &["tcp/21"]),
    on(daemon("bftpd", "ftp", Some(true)), &["tcp/21"]),
    daemon("in.ftpd", "ftp", Some(true)),
    daemon("tftpd", "tftp", Some(true)),
    on(daemon("in.tftpd", "tftp", Some(true)), &["udp/69"]),
    told(daemon("atftpd", "tftp", Some(true)), &["udp/69"], Says::Option(&["--port"], "udp")),
    told(daemon("mosquitto", "mqtt", None), &[], P),
    told(daemon("coap-server", "coap", Some(true)), &["udp/5683"], Says::Option(&["-p"], "udp")),
    told(daemon("dnsmasq", "dns", None), &["tcp/53", "udp/53"], Says::Option(&["-p", "--port"], "tcp+udp")),
    on(daemon("named", "dns", None), &["tcp/53", "udp/53"]),
    daemon("unbound", "dns", None),
    on(daemon("udhcpd", "dhcp", None), &["udp/67"]),
    on(daemon("dhcpd", "dhcp", None), &["udp/67"]),
    daemon("odhcpd", "dhcp", None),
    on(daemon("avahi-daemon", "mdns", None), &["udp/5353"]),
    on(daemon("mdnsd", "mdns", None), &["udp/5353"]),
    on(daemon("umdns", "mdns", None), &["udp/5353"]),
    on(daemon("miniupnpd", "upnp", Some(true)), &["udp/1900"]),
    on(daemon("minidlna", "upnp", Some(true)), &["tcp/8200", "udp/1900"]),
    on(daemon("minidlnad", "upnp", Some(true)), &["tcp/8200", "udp/1900"]),
    daemon("upnpd", "upnp", Some(true)),
    on(daemon("smbd", "smb", None), &["tcp/139", "tcp/445"]),
    on(daemon("nmbd", "netbios", None), &["udp/137", "udp/138"]),
    on(daemon("ksmbd.mountd", "smb", None), &["tcp/445"]),
    daemon("rtspd", "rtsp", Some(true)),
    daemon("rtsp_server", "rtsp", Some(true)),
    told(daemon("v4l2rtspserver", "rtsp", Some(true)), &["tcp/8554"], Says::Option(&["-P"], "tcp")),
    daemon("live555MediaServer", "rtsp", Some(true)),
    on(daemon("snmpd", "snmp", None), &["udp/161"]),
    told(daemon("mini_snmpd", "snmp", Some(true)), &["udp/161"], Says::Option(&["-p", "--udp-port"], "udp")),
    told(daemon("x11vnc", "vnc", None), &["tcp/5900"], Says::Option(&["-rfbport"], "tcp")),
    on(daemon("pptpd", "pptp", Some(true)), &["tcp/1723"]),
    on(daemon("xl2tpd", "l2tp", None), &["udp/1701"]),
    daemon("openvpn", "openvpn", Some(false)),
    on(daemon("charon", "ipsec", Some(false)), &["udp/4500", "udp/500"]),
    daemon("stunnel", "tls", Some(false)),
    on(daemon("cupsd", "ipp", None), &["tcp/631"]),
    told(daemon("rsyncd", "rsync", Some(true)), &["tcp/873"], Says::Option(&["--port"], "tcp")),
    told(daemon("redis-server", "redis", None), &["tcp/6379"], Says::Option(&["--port"], "tcp")),
    daemon("ser2net", "serial", Some(true)),
    on(daemon("lpd", "lpd", Some(true)), &["tcp/515"]),
    on(daemon("rpc.portmap", "rpc", None), &["tcp/111", "udp/111"]),
    on(daemon("rpcbind", "rpc", None), &["tcp/111", "udp/111"]),
    on(daemon("portmap", "rpc", None), &["tcp/111", "udp/111"]),
    daemon("rpc.mountd", "nfs", None),
    daemon("inetd", "inetd", None),
    daemon("xinetd", "inetd", None),
    daemon("syslogd", "syslog", None),
    daemon("rsyslogd", "syslog", None),
    daemon("syslog-ng", "syslog", None),
    daemon("logd", "syslog", None),
];

/// The daemon that a command's first word names.
pub(in super::super) fn daemon_named(word: &str) -> Option<&'static Daemon> {
    let name = super::super::file_name(word);
    // Wrappers and spellings of vendors.
    let name = match name {
        "pure-ftpd-wrapper" => "pure-ftpd",
        "goahead-webs" | "GoAhead" => "goahead",
        name => name,
    };
    DAEMONS.iter().find(|d| d.name == name)
}
