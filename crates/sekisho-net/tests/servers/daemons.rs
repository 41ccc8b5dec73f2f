//! Daemons from Debian's packages, each with the settings that the tests need. None where one is not installed ([`program`]).

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use super::{Server, accepts, free_tcp, free_udp, local, program, run, start};

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// Whether these tests run as root.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// A key and a certificate that signs itself: `key.pem`, `cert.pem`.
pub(crate) fn certificate(dir: &Path) -> Option<()> {
    let openssl = program("openssl")?;
    let (key, cert) = (text(&dir.join("key.pem")), text(&dir.join("cert.pem")));
    let mut arguments = vec!["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    arguments.extend(["-subj", "/CN=device", "-days", "2", "-keyout", &key, "-out", &cert]);
    run(&openssl, &arguments);
    Some(())
}

/// nginx in the clear, inside TLS as it comes, and inside TLS 1.0 only.
pub(crate) fn nginx(dir: &Path) -> Option<(Server, [u16; 3])> {
    let nginx = program("nginx")?;
    certificate(dir)?;
    let (plain, secure, old) = (free_tcp(), free_tcp(), free_tcp());
    let root = dir.display();
    let settings = format!(
        "daemon off; master_process off; pid {root}/pid; error_log {root}/error;\nevents {{}}\nhttp {{ access_log off;\n\
         client_body_temp_path {root}/a; proxy_temp_path {root}/b; fastcgi_temp_path {root}/c; uwsgi_temp_path {root}/d; scgi_temp_path {root}/e;\n\
         ssl_certificate {root}/cert.pem; ssl_certificate_key {root}/key.pem;\n\
         server {{ listen 127.0.0.1:{plain}; root {root}; }}\n\
         server {{ listen 127.0.0.1:{secure} ssl; root {root}; }}\n\
         server {{ listen 127.0.0.1:{old} ssl; ssl_protocols TLSv1; ssl_ciphers DEFAULT@SECLEVEL=0; root {root}; }} }}\n"
    );
    fs::write(dir.join("conf"), settings).unwrap();
    let server = start(&nginx, dir, &["-p", &text(dir), "-c", &text(&dir.join("conf"))]);
    accepts(local(plain));
    Some((server, [plain, secure, old]))
}

/// lighttpd in the clear.
pub(crate) fn lighttpd(dir: &Path) -> Option<(Server, u16)> {
    let lighttpd = program("lighttpd")?;
    let port = free_tcp();
    let settings =
        format!("server.document-root = \"{}\"\nserver.bind = \"127.0.0.1\"\nserver.port = {port}\n", dir.display());
    fs::write(dir.join("conf"), settings).unwrap();
    let server = start(&lighttpd, dir, &["-D", "-f", &text(&dir.join("conf"))]);
    accepts(local(port));
    Some((server, port))
}

/// A broker that lets nobody in, in the clear and inside TLS.
pub(crate) fn mosquitto(dir: &Path) -> Option<(Server, [u16; 2])> {
    let mosquitto = program("mosquitto")?;
    certificate(dir)?;
    let (plain, secure) = (free_tcp(), free_tcp());
    let root = dir.display();
    // Started by root it would become another user, who can't read the folder.
    let user = if is_root() { "user root\n" } else { "" };
    let settings = format!(
        "{user}listener {plain} 127.0.0.1\nallow_anonymous false\nlistener {secure} 127.0.0.1\ncertfile {root}/cert.pem\nkeyfile {root}/key.pem\n"
    );
    fs::write(dir.join("conf"), settings).unwrap();
    let server = start(&mosquitto, dir, &["-c", &text(&dir.join("conf"))]);
    accepts(local(secure));
    Some((server, [plain, secure]))
}

/// OpenSSH with one Ed25519 key.
pub(crate) fn openssh(dir: &Path) -> Option<(Server, u16)> {
    let (sshd, keygen) = (program("sshd")?, program("ssh-keygen")?);
    let key = text(&dir.join("key"));
    run(&keygen, &["-q", "-t", "ed25519", "-N", "", "-f", &key]);
    let port = free_tcp();
    // It wants its folder for the separation of privileges where it runs as root.
    let _ = fs::create_dir_all("/run/sshd");
    let listen = format!("ListenAddress=127.0.0.1:{port}");
    let server = start(&sshd, dir, &["-D", "-e", "-f", "/dev/null", "-h", &key, "-o", &listen, "-o", "PidFile=none"]);
    accepts(local(port));
    Some((server, port))
}

/// Dropbear with one Ed25519 key.
pub(crate) fn dropbear(dir: &Path) -> Option<(Server, u16)> {
    let (dropbear, keygen) = (program("dropbear")?, program("dropbearkey")?);
    let key = text(&dir.join("dropbear"));
    run(&keygen, &["-t", "ed25519", "-f", &key]);
    let port = free_tcp();
    let listen = format!("127.0.0.1:{port}");
    let server = start(&dropbear, dir, &["-F", "-E", "-r", &key, "-p", &listen, "-P", &text(&dir.join("pid"))]);
    accepts(local(port));
    Some((server, port))
}

/// vsftpd, with anonymous log-ins or without.
pub(crate) fn vsftpd(dir: &Path, anonymous: bool) -> Option<(Server, u16)> {
    let vsftpd = program("vsftpd")?;
    let (port, root) = (free_tcp(), dir.join("root"));
    fs::create_dir(&root).unwrap();
    fs::set_permissions(&root, fs::Permissions::from_mode(0o555)).unwrap();
    let settings = format!(
        "listen=YES\nlisten_address=127.0.0.1\nlisten_port={port}\nbackground=NO\nrun_as_launching_user=YES\nseccomp_sandbox=NO\n\
         anonymous_enable={}\nlocal_enable=YES\nanon_root={root}\nsecure_chroot_dir={root}\nxferlog_enable=NO\n",
        if anonymous { "YES" } else { "NO" },
        root = root.display()
    );
    fs::write(dir.join("conf"), settings).unwrap();
    let server = start(&vsftpd, dir, &[&text(&dir.join("conf"))]);
    accepts(local(port));
    Some((server, port))
}

/// Redis, also over IPv6 where there is any; with a password or without.
pub(crate) fn redis(dir: &Path, password: Option<&str>) -> Option<(Server, u16)> {
    let redis = program("redis-server")?;
    let port = free_tcp();
    let (number, folder) = (port.to_string(), text(dir));
    let mut arguments = vec!["--port", &number, "--save", "", "--bind", "127.0.0.1", "-::1", "--dir", &folder];
    if let Some(password) = password {
        arguments.extend(["--requirepass", password]);
    }
    let server = start(&redis, dir, &arguments);
    accepts(local(port));
    Some((server, port))
}

/// Net-SNMP with these settings; whether it answers already is for the caller to see.
pub(crate) fn snmpd(dir: &Path, settings: &str) -> Option<(Server, u16)> {
    let snmpd = program("snmpd")?;
    let port = free_udp();
    let conf = text(&dir.join("conf"));
    fs::write(&conf, settings).unwrap();
    let listen = format!("udp:127.0.0.1:{port}");
    let persistent = format!("--persistentDir={}", dir.join("state").display());
    let server = start(&snmpd, dir, &["-f", "-Lo", "-C", "-c", &conf, "-I", "-smux,-agentx", &persistent, &listen]);
    Some((server, port))
}

/// libcoap's example server; whether it answers already is for the caller to see.
pub(crate) fn coap(dir: &Path, address: &str) -> Option<(Server, u16)> {
    let program = program("coap-server-notls")?;
    let port = free_udp();
    Some((start(&program, dir, &["-A", address, "-p", &port.to_string(), "-d", "4"]), port))
}
