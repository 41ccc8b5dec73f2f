//! The table of version strings. To add a product: a line with a literal that its programs have and hardly anything else does.

/// How a component shows its version.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// The component's name.
    pub(super) name: &'static str,
    /// `part:vendor:product` of its CPE name; empty where there is none.
    pub(super) cpe: &'static str,
    /// Bytes that must be there.
    pub(super) literal: &'static str,
    /// Where the version stands.
    pub(super) place: Where,
    /// Beginnings of the names of files that it may be in; empty for any.
    pub(super) files: &'static [&'static str],
    /// Beginning of the name of the shared library that it is: a program linked against that does not contain it.
    pub(super) library: &'static str,
    /// Whether it is looked for in raw program code too.
    pub(super) raw: bool,
}

/// Where a version stands. The pattern's first group is the version.
#[derive(Debug, Clone, Copy)]
pub(super) enum Where {
    /// In the printable string around the literal.
    String(&'static str),
    /// In the string just before or after the one with the literal, which it fills.
    Beside(&'static str),
    /// Anywhere in the file, as the only string that fits.
    Alone(&'static str),
}

const fn string(name: &'static str, cpe: &'static str, literal: &'static str, pattern: &'static str) -> Rule {
    Rule { name, cpe, literal, place: Where::String(pattern), files: &[], library: "", raw: false }
}

const fn beside(name: &'static str, cpe: &'static str, literal: &'static str, files: &'static [&'static str]) -> Rule {
    Rule { name, cpe, literal, place: Where::Beside(PLAIN), files, library: "", raw: false }
}

impl Rule {
    const fn of(mut self, library: &'static str) -> Self {
        self.library = library;
        self
    }

    const fn only(mut self, files: &'static [&'static str]) -> Self {
        self.files = files;
        self
    }

    const fn raw(mut self) -> Self {
        self.raw = true;
        self
    }
}

/// A string that is a version and nothing else.
const PLAIN: &str = r"^v?(\d{1,4}(?:\.\d{1,4}){1,3}(?:[a-z]\d?|-?(?:rc|pre|beta|b|alpha)\d*)?)(?:-stable|-git.*)?$";

/// All rules.
pub(super) const RULES: &[Rule] = &[
    // Systems and boot loaders, also in raw code.
    string(
        "linux_kernel",
        "o:linux:linux_kernel",
        "Linux version ",
        r"^(?:<\d>|\d)?Linux version (\d+\.\d+(?:\.\d+){0,2})[^ ]* \(",
    )
    .raw(),
    string(
        "u-boot",
        "a:denx:u-boot",
        "U-Boot ",
        r"^(?:.{0,4})U-Boot (?:SPL )?(\d+\.\d+(?:\.\d+)?(?:-rc\d+)?)[^(]{0,64}\(",
    )
    .raw(),
    string("barebox", "a:pengutronix:barebox", "barebox ", r"^barebox (\d{4}\.\d\d\.\d+)").raw(),
    string(
        "zephyr",
        "o:zephyrproject:zephyr",
        "Booting Zephyr OS",
        r"Booting Zephyr OS (?:build |version )?v?(\d+\.\d+\.\d+)",
    )
    .raw(),
    string("freertos", "o:amazon:freertos", "FreeRTOS V", r"^FreeRTOS V(\d+\.\d+\.\d+)").raw(),
    // C libraries.
    string("glibc", "a:gnu:glibc", "GNU C Library", r"^GNU C Library .*release version (\d+\.\d+(?:\.\d+)?)"),
    Rule {
        name: "musl",
        cpe: "a:musl-libc:musl",
        literal: "musl libc (",
        place: Where::Alone(r"(?-u)[\x00\n](1\.[0-2]\.\d{1,2})[\x00\n]"),
        files: &["libc.", "ld-musl"],
        library: "",
        raw: false,
    },
    // Tools and shells.
    string("busybox", "a:busybox:busybox", "BusyBox v", r"^BusyBox v(\d+\.\d+(?:\.\d+)?)"),
    string("toybox", "a:landley:toybox", "toybox ", r"^toybox (\d+\.\d+\.\d+)"),
    string("bash", "a:gnu:bash", "@(#)Bash version", r"^@\(#\)Bash version (\d+\.\d+\.\d+)"),
    string("sudo", "a:sudo_project:sudo", "sudoers policy plugin version", r"(\d+\.\d+\.\d+p?\d*)$"),
    string("util-linux", "a:kernel:util-linux", "util-linux ", r"^util-linux (\d+\.\d+(?:\.\d+)?)$"),
    string("procps-ng", "a:procps-ng_project:procps-ng", "procps-ng ", r"^procps-ng (\d+\.\d+(?:\.\d+)?)$"),
    string(
        "e2fsprogs",
        "a:e2fsprogs_project:e2fsprogs",
        "EXT2FS Library version ",
        r"^EXT2FS Library version (\d+\.\d+(?:\.\d+)?)",
    ),
    string("dosfstools", "a:dosfstools_project:dosfstools", "mkfs.fat ", r"^mkfs\.fat (\d+\.\d+) \("),
    string("nano", "a:gnu:nano", "GNU nano ", r"^ ?GNU nano,? (?:version )?(\d+\.\d+(?:\.\d+)?)$"),
    beside("wget", "a:gnu:wget", "Wget/%s", &["wget"]),
    beside("rsync", "a:samba:rsync", "rsync warning: %s", &["rsync"]),
    beside("gzip", "a:gnu:gzip", "%5.1f%%", &["gzip"]),
    string("pigz", "a:zlib:pigz", "pigz ", r"^pigz (\d+\.\d+(?:\.\d+)?)$"),
    string("monit", "a:mmonit:monit", "Monit ", r"^(?:This is )?Monit (?:version )?(\d+\.\d+(?:\.\d+)?)$"),
    // Remote login.
    string(
        "dropbear",
        "a:dropbear_ssh_project:dropbear_ssh",
        "SSH-2.0-dropbear_",
        r"^SSH-2\.0-dropbear_(\d{4}\.\d+|0\.\d+(?:\.\d+)?)",
    ),
    beside("dropbear", "a:dropbear_ssh_project:dropbear_ssh", "Dropbear server v%s", &["dropbear"]),
    string("openssh", "a:openbsd:openssh", "OpenSSH_", r"^OpenSSH_(\d+\.\d+(?:\.\d+)?p\d+)(?:$|[ ,-])")
        .only(&["ssh", "scp", "sftp"]),
    string("libssh", "a:libssh:libssh", "SSH-2.0-libssh_", r"^SSH-2\.0-libssh_(\d+\.\d+\.\d+)").of("libssh."),
    string("libssh2", "a:libssh2:libssh2", "SSH-2.0-libssh2_", r"^SSH-2\.0-libssh2_(\d+\.\d+\.\d+)").of("libssh2"),
    // Cryptography.
    string(
        "openssl",
        "a:openssl:openssl",
        "OpenSSL ",
        r"^OpenSSL (\d+\.\d+\.\d+[a-z]{0,2}(?:-fips)?) +\d{1,2} [A-Z][a-z]{2} \d{4}",
    )
    .of("libcrypto"),
    string(
        "openssl",
        "a:openssl:openssl",
        "part of OpenSSL ",
        r"part of OpenSSL (\d+\.\d+\.\d+[a-z]{0,2}) +\d{1,2} [A-Z][a-z]{2} \d{4}",
    )
    .of("libcrypto"),
    string("libressl", "a:openbsd:libressl", "LibreSSL ", r"^LibreSSL (\d+\.\d+\.\d+)$").of("libcrypto"),
    string("wolfssl", "a:wolfssl:wolfssl", "wolfSSL ", r"^wolfSSL (\d+\.\d+\.\d+)").of("libwolfssl"),
    string("mbed_tls", "a:arm:mbed_tls", "mbed TLS ", r"^[Mm]bed TLS (\d+\.\d+\.\d+)$").of("libmbed"),
    string("mbed_tls", "a:arm:mbed_tls", "Mbed TLS ", r"^[Mm]bed TLS (\d+\.\d+\.\d+)$").of("libmbed"),
    string("polarssl", "a:polarssl:polarssl", "PolarSSL ", r"^PolarSSL (\d+\.\d+\.\d+)$").of("libpolarssl"),
    string("gnutls", "a:gnu:gnutls", "GnuTLS ", r"^GnuTLS (\d+\.\d+\.\d+)\.?$").of("libgnutls"),
    string("gnutls", "a:gnu:gnutls", "gnutls-", r"^(?:gnutls-cli|gnutls-serv) (\d+\.\d+\.\d+)$"),
    string("libgcrypt", "a:gnupg:libgcrypt", "This is Libgcrypt ", r"^This is Libgcrypt (\d+\.\d+\.\d+)"),
    string("libksba", "a:gnupg:libksba", "This is Libksba ", r"^This is Libksba (\d+\.\d+\.\d+)"),
    string("stunnel", "a:stunnel:stunnel", "stunnel ", r"^stunnel (\d+\.\d+) on "),
    // Web servers and clients.
    string("lighttpd", "a:lighttpd:lighttpd", "lighttpd/", r"^lighttpd/(\d+\.\d+\.\d+)(?: |$)"),
    string("nginx", "a:f5:nginx", "nginx/", r"^(?:nginx version: )?nginx/(\d+\.\d+\.\d+)$"),
    string("boa", "a:boa:boa", "Boa/", r"^(?:Server: )?Boa/(\d+\.\d+\.\d+(?:rc\d+)?)"),
    string("mini_httpd", "a:acme:mini_httpd", "mini_httpd/", r"^mini_httpd/(\d+\.\d+)"),
    string("thttpd", "a:acme:thttpd", "thttpd/", r"^thttpd/(\d+\.\d+[a-z]?)"),
    string("goahead", "a:embedthis:goahead", "GoAhead-", r"^(?:Server: )?GoAhead-(?:Webs|http)/(\d+\.\d+\.\d+)"),
    string("haproxy", "a:haproxy:haproxy", "HA-Proxy version ", r"^HA-?Proxy version (\d+\.\d+\.\d+)"),
    string("tinyproxy", "a:tinyproxy_project:tinyproxy", "Server: tinyproxy/", r"tinyproxy/(\d+\.\d+\.\d+)"),
    string("privoxy", "a:privoxy:privoxy", "Privoxy version ", r"^Privoxy version (\d+\.\d+\.\d+)"),
    string("libcurl", "a:haxx:libcurl", "libcurl/", r"^libcurl/(\d+\.\d+\.\d+)").of("libcurl"),
    string("libcurl", "a:haxx:libcurl", "CLIENT libcurl ", r"^CLIENT libcurl (\d+\.\d+\.\d+)").of("libcurl"),
    string("curl", "a:haxx:curl", "curl ", r"^curl (\d+\.\d+\.\d+) \("),
    string("libmicrohttpd", "a:gnu:libmicrohttpd", "libmicrohttpd/", r"^libmicrohttpd/(\d+\.\d+\.\d+)"),
    string("civetweb", "a:civetweb_project:civetweb", "CivetWeb V", r"CivetWeb V(\d+\.\d+)"),
    // Name, address, time.
    string("dnsmasq", "a:thekelleys:dnsmasq", "dnsmasq-", r"^dnsmasq-(\d+\.\d+)$").only(&["dnsmasq"]),
    beside("dnsmasq", "a:thekelleys:dnsmasq", "Dnsmasq version %s", &["dnsmasq"]),
    string("avahi", "a:avahi:avahi", "avahi ", r"^avahi (\d+\.\d+(?:\.\d+)?)$"),
    string("bind", "a:isc:bind", "named version: BIND ", r"^named version: BIND (\d+\.\d+\.\d+)"),
    string("unbound", "a:nlnetlabs:unbound", "unbound ", r"^unbound (\d+\.\d+\.\d+)$"),
    string("dhcpcd", "a:dhcpcd_project:dhcpcd", "dhcpcd-", r"^dhcpcd-(\d+\.\d+\.\d+) starting"),
    string("odhcp6c", "", "odhcp6c v", r"^odhcp6c v(\d+\.\d+)"),
    string("ntpsec", "a:ntpsec:ntpsec", "ntpd ntpsec-", r"^ntpd ntpsec-(\d+\.\d+\.\d+)"),
    string("ntp", "a:ntp:ntp", "ntpd 4.", r"^ntpd (4\.\d+\.\d+(?:p\d+)?)@"),
    beside("chrony", "a:chrony_project:chrony", "(chrony) version %s", &["chrony"]),
    // Network.
    string("hostapd", "a:w1.fi:hostapd", "hostapd v", r"^hostapd v(\d+\.\d+(?:\.\d+)?(?:-devel)?)"),
    string(
        "wpa_supplicant",
        "a:w1.fi:wpa_supplicant",
        "wpa_supplicant v",
        r"^wpa_supplicant v(\d+\.\d+(?:\.\d+)?(?:-devel)?)",
    ),
    beside("iptables", "a:netfilter:iptables", "# Generated by %s v%s on %s", &["xtables", "iptables", "ip6tables"]),
    string("iptables", "a:netfilter:iptables", " (legacy)", r"^(\d+\.\d+\.\d+) \(legacy\)$"),
    string("iw", "", "iw version ", r"^iw version (\d+\.\d+)"),
    string(
        "pppd",
        "a:point-to-point_protocol_project:point-to-point_protocol",
        "pppd version ",
        r"^pppd version (\d+\.\d+\.\d+)$",
    ),
    beside("pppd", "a:point-to-point_protocol_project:point-to-point_protocol", "pppd %s started by %s", &["pppd"]),
    string("openvpn", "a:openvpn:openvpn", "OpenVPN ", r"^OpenVPN (\d+\.\d+(?:\.\d+)?)[ _-]"),
    string("strongswan", "a:strongswan:strongswan", "strongSwan ", r"^(?:Linux )?strongSwan U?(\d+\.\d+\.\d+)"),
    string("xl2tpd", "a:xelerance:xl2tpd", "xl2tpd-", r"^xl2tpd-(\d+\.\d+\.\d+)"),
    string("miniupnpd", "a:miniupnp_project:miniupnpd", "MiniUPnPd/", r"UPnP/1\.[01] MiniUPnPd/(\d+\.\d+(?:\.\d+)?)$"),
    string("miniupnpc", "a:miniupnp_project:miniupnpc", "MiniUPnPc/", r"UPnP/1\.[01], MiniUPnPc/(\d+\.\d+(?:\.\d+)?)$")
        .of("libminiupnpc"),
    string(
        "libupnp",
        "a:pupnp_project:pupnp",
        "Portable SDK for UPnP devices/",
        r"Portable SDK for UPnP devices/(\d+\.\d+\.\d+)",
    )
    .of("libupnp"),
    string("minidlna", "a:readymedia_project:readymedia", "MiniDLNA/", r"UPnP/1\.0 MiniDLNA/(\d+\.\d+\.\d+)"),
    string("vsftpd", "a:vsftpd_project:vsftpd", "vsftpd: version ", r"^vsftpd: version (\d+\.\d+\.\d+)"),
    string("proftpd", "a:proftpd:proftpd", "ProFTPD ", r"^ProFTPD (\d+\.\d+\.\d+[a-z]?)"),
    string("samba", "a:samba:samba", "SAMBA_", r"^SAMBA_(\d+\.\d+\.\d+)$").only(&["smbd", "nmbd", "winbindd"]),
    string("net-snmp", "a:net-snmp:net-snmp", "NET-SNMP version", r"NET-SNMP version:? +(\d+\.\d+(?:\.\d+){0,2})"),
    string("freeradius", "a:freeradius:freeradius", "FreeRADIUS Version ", r"^FreeRADIUS Version (\d+\.\d+\.\d+)"),
    string("lldpd", "a:lldpd_project:lldpd", "lldpd ", r"^lldpd (\d+\.\d+\.\d+)$"),
    string("socat", "a:dest-unreach:socat", "socat version ", r"socat version (\d+\.\d+\.\d+\.\d+)"),
    string("tcpdump", "a:tcpdump:tcpdump", "tcpdump version ", r"tcpdump(?:\.\w+)? version (\d+\.\d+\.\d+)"),
    string("libpcap", "a:tcpdump:libpcap", "libpcap version ", r"^libpcap version (\d+\.\d+\.\d+)").of("libpcap"),
    // Messaging.
    beside("mosquitto", "a:eclipse:mosquitto", "mosquitto version %s", &["mosquitto"]),
    string(
        "paho-mqtt-c",
        "a:eclipse:paho_mqtt_c_client",
        "V3_Version ",
        r"^MQTT(?:Async|Client)V3_Version (\d+\.\d+\.\d+)",
    )
    .of("libpaho"),
    string("libcoap", "a:libcoap:libcoap", "libcoap ", r"^libcoap (\d+\.\d+\.\d+(?:rc\d+)?)$").of("libcoap"),
    string("rsyslog", "a:rsyslog:rsyslog", "rsyslogd ", r"^rsyslogd +(\d+\.\d+\.\d+) \(aka"),
    string("syslog-ng", "a:oneidentity:syslog-ng", "syslog-ng ", r"^syslog-ng (\d+\.\d+\.\d+)$"),
    string("asterisk", "a:digium:asterisk", "Asterisk ", r"^Asterisk (\d+\.\d+\.\d+) built by"),
    // Data.
    string("sqlite", "a:sqlite:sqlite", "SQLite ", r"^SQLite (3\.\d+\.\d+)$").of("libsqlite3"),
    beside("sqlite", "a:sqlite:sqlite", "COMPILER=gcc-", &["libsqlite3", "sqlite3"]),
    string("lua", "a:lua:lua", "$Lua: Lua ", r"^\$Lua: Lua (\d+\.\d+\.\d+) ").of("liblua"),
    string("lua", "a:lua:lua", "$LuaVersion: Lua ", r"^\$LuaVersion: Lua (\d+\.\d+\.\d+) ").of("liblua"),
    string("luajit", "a:luajit:luajit", "LuaJIT ", r"^LuaJIT (\d+\.\d+\.\d+(?:-beta\d+)?)$").of("libluajit"),
    string("expat", "a:libexpat_project:libexpat", "expat_", r"^expat_(\d+\.\d+\.\d+)$").of("libexpat"),
    string("libxml2", "a:xmlsoft:libxml2", "LIBXML_VERSION", r"LIBXML_VERSION (\d+\.\d+\.\d+)").of("libxml2"),
    beside("json-c", "a:json-c:json-c", "json-c aborts with error: %s", &["libjson-c"]),
    string("libevent", "a:libevent_project:libevent", "-stable", r"^(\d+\.\d+\.\d+)-stable$").only(&["libevent"]),
    string("zlib", "a:zlib:zlib", "flate ", r"^ ?(?:de|in)flate (1\.\d+\.\d+(?:\.\d+)?) Copyright").of("libz."),
    string("libarchive", "a:libarchive:libarchive", "libarchive ", r"^libarchive (\d+\.\d+\.\d+)$").of("libarchive"),
    string("xz", "a:tukaani:xz", "xz (XZ Utils) ", r"^xz \(XZ Utils\) (\d+\.\d+\.\d+)"),
    string("pcre", "a:pcre:pcre", "8.", r"^(8\.\d\d) \d{4}-\d\d-\d\d$").only(&["libpcre."]),
    string("pcre2", "a:pcre:pcre2", "10.", r"^(10\.\d\d) \d{4}-\d\d-\d\d$").only(&["libpcre2"]),
    string("ncurses", "a:gnu:ncurses", "ncurses ", r"^ncurses (\d+\.\d+)\.\d{8}").only(&["libncurses", "libtinfo"]),
    string("dbus", "a:freedesktop:dbus", "LIBDBUS_PRIVATE_", r"^LIBDBUS_PRIVATE_(\d+\.\d+\.\d+)$").only(&["libdbus"]),
    // Media.
    string("libpng", "a:libpng:libpng", "libpng version ", r"^ ?libpng version (\d+\.\d+\.\d+)").of("libpng"),
    string(
        "libjpeg-turbo",
        "a:libjpeg-turbo:libjpeg-turbo",
        "libjpeg-turbo version ",
        r"^libjpeg-turbo version (\d+\.\d+\.\d+)",
    )
    .of("libjpeg"),
    string("ffmpeg", "a:ffmpeg:ffmpeg", "FFmpeg version ", r"^FFmpeg version n?(\d+\.\d+(?:\.\d+)?)").of("libavcodec"),
    string("ffmpeg", "a:ffmpeg:ffmpeg", "%s version ", r"^%s version n?(\d+\.\d+(?:\.\d+)?)")
        .only(&["ffmpeg", "ffprobe", "ffserver"]),
    string(
        "live555",
        "a:live555:streaming_media",
        "LIVE555 Streaming Media v",
        r"LIVE555 Streaming Media v(\d{4}\.\d\d\.\d\d)",
    ),
    string("mpg123", "a:mpg123:mpg123", "out123 ", r"^out123 (\d+\.\d+\.\d+)$"),
    string("motion", "a:motion_project:motion", "motion Version ", r"^motion Version (\d+\.\d+(?:\.\d+)?)"),
];
