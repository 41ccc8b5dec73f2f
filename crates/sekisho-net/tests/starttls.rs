//! The change to TLS in real mail and FTP servers: Postfix, Dovecot, vsftpd, each as it should be and as it should not.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may end so, and says what it skips")]

mod openssl;

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use openssl::{Keys, Running, free, is_installed, wait};
use sekisho_model::fact::Observed;
use sekisho_model::network::{FailureKind, ProbeFailure};
use sekisho_model::tls::{TlsCertificate, TlsServer};
use sekisho_net::tls::{Starttls, look};
use sekisho_net::{Bounds, Budget, Endpoint, Findings, Stop};
use time::OffsetDateTime;

/// How a server is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    /// TLS 1.2 and later, log-ins inside it only.
    Good,
    /// TLS of any age, log-ins before it too.
    Old,
    /// No TLS.
    Without,
}

const SETTINGS: [Setting; 3] = [Setting::Good, Setting::Old, Setting::Without];

fn seen(address: SocketAddr, starttls: Starttls) -> Findings {
    let bounds = Bounds { per_second: 2000, conversation: Duration::from_secs(20), ..Bounds::default() };
    let budget = Budget::new(bounds, Stop::default());
    look(&Endpoint::tcp(address, Some("mail.example")), Some(starttls), None, OffsetDateTime::now_utc(), &budget)
}

fn facts<'f, T>(findings: &'f Findings, of: impl Fn(&'f Observed) -> Option<&'f T>) -> Vec<&'f T> {
    findings.facts.iter().filter_map(|(fact, _)| of(fact)).collect()
}

/// What must be found of a server, whatever it is.
fn is_as_set(findings: &Findings, setting: Setting, starttls: Starttls) {
    let servers: Vec<&TlsServer> =
        facts(findings, |fact| if let Observed::TlsServer(server) = fact { Some(&**server) } else { None });
    let failures: Vec<&ProbeFailure> =
        facts(findings, |fact| if let Observed::ProbeFailure(failure) = fact { Some(failure) } else { None });
    if setting == Setting::Without {
        assert!(servers.is_empty() && !findings.gaps.is_empty());
        assert_eq!((failures.len(), failures[0].failure), (1, FailureKind::Refused), "{failures:?}");
        assert!(failures[0].detail.is_some(), "the server's words");
        return;
    }
    assert_eq!(findings.gaps, [], "{starttls:?} {setting:?} {failures:?}");
    let [server] = servers.as_slice() else { panic!("{servers:?}") };
    let good = setting == Setting::Good;
    assert_eq!(server.starttls.as_deref(), Some(starttls.name()));
    assert_eq!(server.versions.iter().any(|version| version == "tls1.0"), !good, "{starttls:?} {:?}", server.versions);
    assert!(server.versions.iter().any(|version| version == "tls1.2"), "{starttls:?} {setting:?} {server:?}");
    assert_eq!(server.login_in_clear, Some(!good), "{starttls:?} {setting:?}");
    assert_eq!(server.client_renegotiation, Some(false), "{starttls:?} {setting:?}");
    let certificates: Vec<&TlsCertificate> =
        facts(findings, |fact| if let Observed::TlsCertificate(one) = fact { Some(&**one) } else { None });
    assert_eq!((certificates[0].subject.as_str(), certificates[0].name_matches), ("CN=mail.example", Some(true)));
    assert_eq!(certificates[0].transport, "tcp");
}

/// A folder with a key and a certificate; other users may look into it.
fn keys() -> Keys {
    let keys = Keys::new();
    keys.self_signed("own", &["rsa:2048"], "/CN=mail.example", "30", &[]);
    fs::set_permissions(keys.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    keys
}

/// Only the superuser may start servers that change over to other users.
fn is_superuser() -> bool {
    let own = fs::metadata("/proc/self").unwrap().uid() == 0;
    assert!(own || std::env::var_os("CI").is_none(), "not the superuser");
    if !own {
        println!("skipped: not the superuser");
    }
    own
}

fn start(program: impl AsRef<Path>, folder: &Path, arguments: &[&str], address: SocketAddr) -> Running {
    let server = Command::new(program.as_ref())
        .args(arguments)
        .current_dir(folder)
        // The system's settings forbid what is old.
        .env("OPENSSL_CONF", "/dev/null")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(folder.join("errors")).unwrap())
        .spawn()
        .unwrap();
    let mut server = Running(server);
    wait(&mut server, address);
    server
}

/// Postfix: its master with nothing but what receives mail.
fn postfix(keys: &Keys, setting: Setting, address: SocketAddr) -> Running {
    let folder = keys.folder().display();
    let tls = match setting {
        Setting::Good => {
            "smtpd_tls_security_level = may\nsmtpd_tls_auth_only = yes\nsmtpd_tls_protocols = >=TLSv1.2\n\
             tls_preempt_cipherlist = yes\n"
        }
        Setting::Old => {
            "smtpd_tls_security_level = may\nsmtpd_tls_protocols = >=TLSv1\nsmtpd_tls_ciphers = low\n\
             tls_low_cipherlist = ALL:@SECLEVEL=0\n"
        }
        Setting::Without => "smtpd_tls_security_level = none\n",
    };
    let main = format!(
        "compatibility_level = 3.6\nqueue_directory = {folder}/queue\ndata_directory = {folder}/data\n\
         command_directory = /usr/sbin\ndaemon_directory = {DAEMONS}\nmail_owner = postfix\nsetgid_group = postdrop\n\
         myhostname = mail.example\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nsmtpd_peername_lookup = no\n\
         maillog_file = {folder}/log\nmaillog_file_prefixes = {folder}\nimport_environment = MAIL_CONFIG OPENSSL_CONF\n\
         smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = {folder}/sasl\n\
         smtpd_tls_cert_file = {folder}/own.pem\nsmtpd_tls_key_file = {folder}/own.key\n{tls}"
    );
    let master = format!(
        "{address} inet n - n - - smtpd\ntlsmgr unix - - n 1000? 1 tlsmgr\nanvil unix - - n - 1 anvil\n\
         rewrite unix - - n - - trivial-rewrite\nproxymap unix - - n - - proxymap\npostlog unix-dgram n - n - 1 postlogd\n"
    );
    let etc = keys.path("etc");
    fs::create_dir_all(&etc).unwrap();
    for folder in ["queue", "data"] {
        fs::create_dir_all(keys.path(folder)).unwrap();
    }
    fs::write(etc.join("main.cf"), main).unwrap();
    fs::write(etc.join("master.cf"), master).unwrap();
    let owned = Command::new("chown").arg("postfix").arg(keys.path("data")).status().unwrap();
    assert!(owned.success());
    // It makes the folders of the queue.
    let checked = Command::new("postfix").args(["-c", etc.to_str().unwrap(), "check"]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    start(PathBuf::from(DAEMONS).join("master"), keys.folder(), &["-c", etc.to_str().unwrap(), "-s"], address)
}

const DAEMONS: &str = "/usr/lib/postfix/sbin";

/// Dovecot, for what logs in to Postfix, and for mailboxes that nobody has.
fn dovecot(keys: &Keys, setting: Setting, addresses: [SocketAddr; 2]) -> Running {
    let folder = keys.folder().display();
    let tls = match setting {
        Setting::Good => "ssl = required\nssl_min_protocol = TLSv1.2\n",
        Setting::Old => {
            "ssl = yes\ndisable_plaintext_auth = no\nssl_min_protocol = TLSv1\nssl_cipher_list = ALL:@SECLEVEL=0\n"
        }
        Setting::Without => "ssl = no\ndisable_plaintext_auth = no\n",
    };
    let [imap, pop3] = addresses.map(|address| address.port());
    let listener = |name: &str, port: u16| {
        format!(
            "service {name}-login {{\n  chroot =\n  inet_listener {name} {{\n    port = {port}\n  }}\n  \
             inet_listener {name}s {{\n    port = 0\n  }}\n}}\n"
        )
    };
    let settings = format!(
        "base_dir = {folder}/run\nstate_dir = {folder}/state\nlog_path = {folder}/log\nprotocols = imap pop3\n\
         listen = 127.0.0.2\nssl_cert = <{folder}/own.pem\nssl_key = <{folder}/own.key\nauth_mechanisms = plain\n\
         import_environment = OPENSSL_CONF\nmail_location = maildir:{folder}/mail\n\
         passdb {{\n  driver = static\n  args = nopassword=n password=-\n}}\n\
         service anvil {{\n  chroot =\n}}\nservice auth {{\n  unix_listener {folder}/sasl {{\n    mode = 0666\n  }}\n}}\n{tls}{}{}",
        listener("imap", imap),
        listener("pop3", pop3),
    );
    fs::write(keys.path("dovecot.conf"), settings).unwrap();
    let configuration = keys.path("dovecot.conf");
    let mut running = start("dovecot", keys.folder(), &["-F", "-c", configuration.to_str().unwrap()], addresses[0]);
    wait(&mut running, addresses[1]);
    running
}

#[test]
fn mail_in_postfix_and_dovecot() {
    if !is_installed("openssl") || !is_installed("postfix") || !is_installed("dovecot") || !is_superuser() {
        return;
    }
    for setting in SETTINGS {
        let keys = keys();
        // To who comes from the address that it listens at itself it lets log in without TLS, too; from 127.0.0.1 another one is reached.
        let mailboxes = [free(false), free(false)].map(|address| SocketAddr::from(([127, 0, 0, 2], address.port())));
        let dovecot = dovecot(&keys, setting, mailboxes);
        let address = free(false);
        let postfix = postfix(&keys, setting, address);
        for (address, starttls) in
            [(address, Starttls::Smtp), (mailboxes[0], Starttls::Imap), (mailboxes[1], Starttls::Pop3)]
        {
            is_as_set(&seen(address, starttls), setting, starttls);
            let again = seen(address, starttls);
            is_as_set(&again, setting, starttls);
        }
        drop((postfix, dovecot));
    }
}

#[test]
fn files_in_vsftpd() {
    if !is_installed("openssl") || !is_installed("vsftpd") || !is_superuser() {
        return;
    }
    for setting in SETTINGS {
        let keys = keys();
        let address = free(false);
        let (folder, port) = (keys.folder().display(), address.port());
        fs::create_dir(keys.path("empty")).unwrap();
        let tls = match setting {
            Setting::Good => "ssl_enable=YES\nforce_local_logins_ssl=YES\nssl_tlsv1=NO\nssl_ciphers=ECDHE+AESGCM\n",
            Setting::Old => "ssl_enable=YES\nforce_local_logins_ssl=NO\nssl_tlsv1=YES\nssl_ciphers=ALL:@SECLEVEL=0\n",
            Setting::Without => "ssl_enable=NO\n",
        };
        let settings = format!(
            "listen=YES\nlisten_address=127.0.0.1\nlisten_port={port}\nbackground=NO\nanonymous_enable=NO\nlocal_enable=YES\n\
             seccomp_sandbox=NO\nxferlog_enable=NO\nsecure_chroot_dir={folder}/empty\nrsa_cert_file={folder}/own.pem\n\
             rsa_private_key_file={folder}/own.key\n{tls}"
        );
        fs::write(keys.path("vsftpd.conf"), settings).unwrap();
        let _running = start("vsftpd", keys.folder(), &[keys.path("vsftpd.conf").to_str().unwrap()], address);
        is_as_set(&seen(address, Starttls::Ftp), setting, Starttls::Ftp);
        is_as_set(&seen(address, Starttls::Ftp), setting, Starttls::Ftp);
    }
}
