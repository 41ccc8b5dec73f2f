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
