use sekisho_model::fact::Service;

use super::*;
use crate::tree::tests::FakeTree;

fn of(path: &str, text: &str) -> Vec<(String, String, String)> {
    let tree = FakeTree::new(&[(path, 0o644, text)]);
    read(&tree.view(), &[])
        .seen
        .into_iter()
        .map(|(_, seen)| {
            let Observed::Setting(s) = seen.observed else { panic!() };
            (s.program, s.setting, s.value)
        })
        .collect()
}

fn one(path: &str, text: &str, program: &str, setting: &str, value: &str) {
    assert_eq!(of(path, text), [(program.to_owned(), setting.to_owned(), value.to_owned())], "{text}");
}

#[test]
fn each_program() {
    one(
        "/etc/config/dropbear",
        "config dropbear\n option RootPasswordAuth 'on'\n",
        "dropbear",
        "root-password-login",
        "yes",
    );
    one("/etc/default/dropbear", "DROPBEAR_EXTRA_ARGS=\"-B\"\n", "dropbear", "empty-password", "yes");
    one(
        "/etc/ssh/sshd_config",
        "#PermitRootLogin no\nPermitRootLogin without-password\n",
        "sshd",
        "root-login",
        "prohibit-password",
    );
    one("/etc/mosquitto/mosquitto.conf", "allow_anonymous true\n", "mosquitto", "anonymous", "yes");
    one("/etc/mosquitto/mosquitto.conf", "listener 8883\ncertfile /etc/x.pem\n", "mosquitto", "tls", "yes");
    one("/etc/lighttpd/lighttpd.conf", "ssl.engine = \"enable\"\n", "lighttpd", "tls", "yes");
    one(
        "/etc/lighttpd/lighttpd.conf",
        "ssl.openssl.ssl-conf-cmd = (\"MinProtocol\" => \"TLSv1\")\n",
        "lighttpd",
        "tls-min-version",
        "1.0",
    );
    one("/etc/nginx/nginx.conf", "  ssl_protocols TLSv1.2 TLSv1.1 TLSv1.3;\n", "nginx", "tls-min-version", "1.1");
    one("/usr/boa/boa.conf", "User 0\n", "boa", "user", "0");
    one("/etc/vsftpd.conf", "anonymous_enable=NO\n", "vsftpd", "anonymous", "no");
    one("/etc/snmp/snmpd.conf", "rocommunity public\n", "snmpd", "community", "public");
    one("/etc/hostapd.conf", "ssid=x\n", "hostapd", "wifi-security", "open");
    one("/etc/wpa_supplicant.conf", " psk=\"correct horse\"\n", "wpa_supplicant", "wifi-passphrase", "c******e");
    one("/etc/config/uhttpd", "config uhttpd main\n list listen_http 0.0.0.0:80\n", "uhttpd", "tls", "no");
}

#[test]
fn samples_and_comments_say_nothing() {
    assert!(of("/usr/share/doc/examples/sshd_config", "PermitRootLogin yes\n").is_empty());
    assert!(of("/etc/mosquitto/mosquitto.conf", "# allow_anonymous true\n").is_empty());
}

#[test]
fn settings_know_how_their_program_starts() {
    let setting = |program: &str| {
        let setting = Setting { program: program.into(), setting: "tls".into(), value: "no".into(), start: None };
        (String::from("/etc/x.conf"), Seen::new(Observed::Setting(setting)))
    };
    let service = |program: &str, start| {
        let service = Service { program: program.into(), start, ..Service::default() };
        (String::from("/etc/inittab"), Seen::new(Observed::Service(service)))
    };
    let mut seen = vec![
        setting("nginx"),
        setting("mosquitto"),
        setting("hostapd"),
        service("nginx", Start::Disabled),
        service("nginx", Start::Boot),
        service("mosquitto", Start::Present),
    ];
    with_starts(&mut seen);
    let starts: Vec<Option<Start>> = seen
        .iter()
        .filter_map(|(_, seen)| if let Observed::Setting(s) = &seen.observed { Some(s.start) } else { None })
        .collect();
    assert_eq!(starts, [Some(Start::Boot), Some(Start::Present), None], "the surest way; none where it is not known");
}

#[test]
fn more_programs() {
    one("/etc/ssh/sshd_config.d/10.conf", "PasswordAuthentication no\n", "sshd", "password-login", "no");
    one("/etc/apache2/apache2.conf", "SSLProtocol all -SSLv3 -TLSv1\n", "apache2", "tls-min-version", "1.1");
    one("/etc/apache2/apache2.conf", "Options -Indexes +FollowSymLinks\n", "apache2", "directory-listing", "no");
    one("/etc/apache2/sites-enabled/a.conf", "SSLEngine on\n", "apache2", "tls", "yes");
    one("/etc/thttpd.conf", "dir=/www\nuser=nobody\n", "thttpd", "user", "nobody");
    one("/etc/mini_httpd.conf", "ssl\n", "mini_httpd", "tls", "yes");
    one("/etc/httpd.conf", "/cgi-bin:admin:secret\nA:192.0.2.\n", "httpd", "authentication", "yes");
    one("/etc/route.txt", "route uri=/ auth=digest\n", "goahead", "authentication", "yes");
    one("/etc/proftpd/proftpd.conf", "<Anonymous ~ftp>\n User ftp\n</Anonymous>\n", "proftpd", "anonymous", "yes");
    one("/etc/proftpd/proftpd.conf", "RootLogin on\n", "proftpd", "root-login", "yes");
    one("/etc/pure-ftpd/conf/NoAnonymous", "yes\n", "pure-ftpd", "anonymous", "no");
    one("/etc/pure-ftpd.conf", "TLS 0\n", "pure-ftpd", "tls", "no");
    one("/etc/snmp/snmpd.conf", "rwuser admin noauth\n", "snmpd", "v3-write-level", "noauth");
    one("/etc/dnsmasq.conf", "enable-tftp\n", "dnsmasq", "tftp", "yes");
    one("/etc/config/dhcp", "config dnsmasq\n option rebind_protection 0\n", "dnsmasq", "rebind-protection", "no");
    one("/etc/miniupnpd/miniupnpd.conf", "secure_mode=no\n", "miniupnpd", "secure-mode", "no");
    one("/etc/config/upnpd", "config upnpd config\n option secure_mode 1\n", "miniupnpd", "secure-mode", "yes");
    one("/etc/samba/smb.conf", "[global]\nserver min protocol = NT1\n", "smbd", "smb-min-version", "1");
    one("/etc/samba/smb.conf", "[a]\n guest ok = yes\n[b]\n path = /b\n", "smbd", "anonymous", "yes");
    one("/etc/rsyncd.conf", "[a]\n path = /a\n", "rsyncd", "authentication", "no");
    one("/etc/rsyncd.conf", "[a]\n auth users = x\n", "rsyncd", "authentication", "yes");
    one("/etc/redis/redis.conf", "protected-mode no\n", "redis-server", "protected-mode", "no");
    one("/etc/avahi/avahi-daemon.conf", "[publish]\ndisable-publishing=yes\n", "avahi-daemon", "publishing", "no");
    one("/etc/hostapd.conf", "ieee80211w=2\n", "hostapd", "management-frame-protection", "required");
    let guests = of("/etc/samba/smb.conf", "[a]\n guest ok = yes\n writable = yes\n");
    assert_eq!(guests.iter().map(|g| g.1.as_str()).collect::<Vec<_>>(), ["anonymous", "anonymous-write"]);
    let redis = of("/etc/redis/redis.conf", "requirepass correct-horse\n");
    assert_eq!(redis[0].2, "yes");
}

#[test]
fn secrets_stay_out_of_excerpts() {
    for (path, text) in [
        ("/etc/redis/redis.conf", "requirepass correct-horse\n"),
        ("/etc/httpd.conf", "/cgi-bin:admin:correct-horse\n"),
        ("/etc/snmp/snmpd.conf", "rwcommunity correct-horse\n"),
    ] {
        let tree = FakeTree::new(&[(path, 0o644, text)]);
        for (_, seen) in read(&tree.view(), &[]).seen {
            assert!(!seen.excerpt.unwrap().contains("correct-horse"), "{path}");
        }
    }
}

#[test]
fn where_programs_listen() {
    let ports = |path: &str, text: &str| {
        let tree = FakeTree::new(&[(path, 0o644, text)]);
        let settings = read(&tree.view(), &[]);
        settings.listens.into_iter().map(|l| l.port).collect::<Vec<_>>()
    };
    for (path, text, expected) in [
        ("/etc/ssh/sshd_config", "Port 2222\nListenAddress 192.0.2.1\n", vec!["tcp/192.0.2.1:2222"]),
        ("/etc/ssh/sshd_config", "ListenAddress 0.0.0.0\n", vec!["tcp/22"]),
        ("/etc/ssh/sshd_config", "PermitRootLogin no\n", vec!["tcp/22"]),
        (
            "/etc/nginx/nginx.conf",
            "listen 8080;\nlisten [::]:80 default_server;\nlisten unix:/run/x;\n",
            vec!["tcp/8080", "tcp/80"],
        ),
        (
            "/etc/lighttpd/lighttpd.conf",
            "server.port = 81\n$SERVER[\"socket\"] == \":443\" {\n ssl.engine = \"enable\"\n}\n",
            vec!["tcp/443", "tcp/81"],
        ),
        (
            "/etc/mosquitto/mosquitto.conf",
            "listener 1883 127.0.0.1\nlistener 8883\n",
            vec!["tcp/127.0.0.1:1883", "tcp/8883"],
        ),
        ("/etc/boa/boa.conf", "Port 8080\n", vec!["tcp/8080"]),
        ("/etc/redis/redis.conf", "bind 127.0.0.1 -::1\nport 6379\n", vec!["tcp/127.0.0.1:6379", "tcp/[::1]:6379"]),
        ("/etc/snmp/snmpd.conf", "agentAddress udp:127.0.0.1:161,tcp:705\n", vec!["udp/127.0.0.1:161", "tcp/705"]),
        ("/etc/dnsmasq.conf", "port=0\ndhcp-range=192.0.2.10,192.0.2.20\n", vec!["udp/67"]),
        (
            "/etc/config/uhttpd",
            "config uhttpd main\n list listen_http 0.0.0.0:80\n list listen_https [::]:443\n",
            vec!["tcp/80", "tcp/443"],
        ),
    ] {
        assert_eq!(ports(path, text), expected, "{path} {text}");
    }
}
