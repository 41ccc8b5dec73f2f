//! Log-ins by JSON: lighttpd with a program behind it, well and badly made.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{DefaultLogin, LoginLimit};
use sekisho_model::product::{Authorized, LoginMembers, WebLogin};
use sekisho_model::web::WebSession;
use sekisho_net::{Bounds, Findings, Stop};

use super::servers::{Server, installed};
use super::{all, gaps, look_by};

const PASSWORD: &str = "Kirishima-4-tosei";
const ACCOUNTS: [(&str, &str); 2] = [("tester", PASSWORD), ("second", PASSWORD)];

/// Accounts, sessions and failures are files in the folder. KIND says how it is made.
const PROGRAM: &str = r#"#!/usr/bin/env python3
import fcntl, json, os, secrets, sys
kind, folder = "KIND", "FOLDER"
lock = open(folder + "/lock", "w"); fcntl.flock(lock, fcntl.LOCK_EX)
try: state = json.load(open(folder + "/state"))
except OSError: state = {"sessions": {}, "failed": {}, "count": 0}
path, method = os.environ["SCRIPT_NAME"].rsplit("/", 1)[1], os.environ["REQUEST_METHOD"]
cookies = dict(pair.split("=", 1) for pair in os.environ.get("HTTP_COOKIE", "").split("; ") if "=" in pair)
bearer = os.environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
sid = cookies.get("sid") if kind != "token" else bearer
def answer(status, value, header=""):
    json.dump(state, open(folder + "/state", "w"))
    state_line = f"Status: {status}\r\nContent-Type: application/json\r\n{header}\r\n"
    sys.stdout.write(state_line + json.dumps(value)); sys.stdout.flush(); os._exit(0)
state["count"] += 1
if path == "login" and method == "POST":
    sent = json.loads(sys.stdin.read(int(os.environ.get("CONTENT_LENGTH", 0))))
    if kind == "deaf": answer(200, {"received": True, "number": state["count"]})
    user, password = sent["auth"]["name"], sent["auth"]["secret"]
    known = {"tester": "PASSWORD", "second": "PASSWORD"}
    if kind == "bad": known["admin"] = "1234"
    failed = state["failed"].get(user, 0)
    if kind != "bad" and failed >= 8: answer(429, {"error": "account locked"})
    if known.get(user) != password:
        state["failed"][user] = failed + 1
        if kind == "bad": answer(200, {"success": False, "number": state["count"], "error": {"code": 7}})
        answer(401, {"error": "wrong"})
    state["failed"].pop(user, None)
    sid = cookies.get("sid") if kind == "bad" and "sid" in cookies else secrets.token_hex(16)
    state["sessions"][sid] = user
    if kind == "token": answer(200, {"data": {"token": sid}})
    answer(200, {"success": True, "number": state["count"], "error": None}, f"Set-Cookie: sid={sid}; HttpOnly; SameSite=Strict\r\n")
if path == "logout" and method == "POST":
    if kind != "bad": state["sessions"].pop(sid, None)
    answer(200, {})
if path == "account":
    user = state["sessions"].get(sid)
    answer(200, {"user": user}) if user else answer(401, {"error": "log in"})
answer(404, {})
"#;

fn start(kind: &str) -> Option<Server> {
    if !installed("lighttpd") || !installed("python3") {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let api = folder.path().join("www/api");
    fs::create_dir_all(&api).unwrap();
    fs::write(folder.path().join("www/index.html"), "<title>Camera</title><script src=/app.js></script>").unwrap();
    let program = PROGRAM.replace("KIND", kind).replace("FOLDER", path).replace("PASSWORD", PASSWORD);
    for name in ["login", "logout", "account"] {
        fs::write(api.join(name), &program).unwrap();
        fs::set_permissions(api.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = format!(
        "server.modules = (\"mod_cgi\")\nserver.document-root = \"{path}/www\"\nserver.bind = \"127.0.0.1\"\nserver.port = {port}\n\
         index-file.names = (\"index.html\")\n$HTTP[\"url\"] =~ \"^/api/\" {{ cgi.assign = (\"\" => \"\") }}\n"
    );
    fs::write(folder.path().join("conf"), settings).unwrap();
    let child = Command::new("lighttpd")
        .args(["-D", "-f", &format!("{path}/conf")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server { child, address: SocketAddr::from(([127, 0, 0, 1], port)), _folder: folder };
    for _ in 0..200 {
        if std::net::TcpStream::connect(server.address).is_ok() {
            return Some(server);
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("lighttpd does not start");
}

fn look(server: &Server, token: Option<&str>, accounts: &[(&str, &str)]) -> Findings {
    let login = WebLogin {
        path: "/api/login".into(),
        json: LoginMembers { user: Some("auth.name".into()), password: "auth.secret".into() },
        token: token.map(str::to_owned),
        page: Some("/api/account".into()),
        logout: Some("/api/logout".into()),
    };
    let bounds = Bounds { conversation: std::time::Duration::from_secs(10), ..Bounds::default() };
    look_by(Some(login), Stop::default(), bounds, server.address, false, Authorized::Active, accounts)
}

fn session(findings: &Findings) -> &WebSession {
    all(findings, |observed| if let Observed::WebSession(session) = observed { Some(session) } else { None })[0]
}

fn logins(findings: &Findings) -> Vec<&DefaultLogin> {
    all(findings, |observed| if let Observed::DefaultLogin(login) = observed { Some(login) } else { None })
}

fn limits(findings: &Findings) -> Vec<&LoginLimit> {
    all(findings, |observed| if let Observed::LoginLimit(limit) = observed { Some(limit) } else { None })
}

#[test]
fn sessions_as_they_should_be() {
    for (kind, token) in [("good", None), ("token", Some("data.token"))] {
        let Some(server) = start(kind) else { return };
        let findings = look(&server, token, &ACCOUNTS);
        let seen = session(&findings);
        assert!(seen.logged_in, "{findings:#?}");
        assert_eq!(
            (seen.survives_logout, seen.open_without_session),
            (Some(false), Some(false)),
            "{kind} {findings:#?}"
        );
        assert_eq!(seen.fixation, token.is_none().then_some(false));
        assert!(logins(&findings).len() == 15 && logins(&findings).iter().all(|login| !login.accepted));
        let limits = limits(&findings);
        assert!(limits.len() == 1 && limits[0].limited && limits[0].how.as_deref() == Some("locked"), "{limits:?}");
        // How a password is changed by JSON is not declared.
        assert_eq!(gaps(&findings, Aspect::NetworkSessions).len(), 1, "{findings:#?}");
    }
}

#[test]
fn sessions_with_everything_wrong() {
    let Some(server) = start("bad") else { return };
    let findings = look(&server, None, &ACCOUNTS);
    let seen = session(&findings);
    assert!(seen.logged_in, "{findings:#?}");
    assert_eq!((seen.fixation, seen.survives_logout), (Some(true), Some(true)));
    let accepted: Vec<_> = logins(&findings).into_iter().filter(|login| login.accepted).collect();
    assert!(accepted.len() == 1 && accepted[0].user == "admin", "{accepted:?}");
    let limits = limits(&findings);
    assert!(limits.len() == 1 && !limits[0].limited && limits[0].attempts == 10, "{limits:?}");
}

/// It answers everything in the same way: nothing is concluded.
#[test]
fn answers_that_tell_nothing() {
    let Some(server) = start("deaf") else { return };
    let findings = look(&server, None, &ACCOUNTS);
    assert!(!session(&findings).logged_in);
    assert!(logins(&findings).is_empty() && limits(&findings).is_empty(), "{findings:#?}");
    assert_eq!(gaps(&findings, Aspect::NetworkSessions).len(), 1);
    assert_eq!(gaps(&findings, Aspect::NetworkLogins).len(), 1);
}

#[test]
fn a_wrong_account_is_told() {
    for kind in ["good", "bad"] {
        let Some(server) = start(kind) else { return };
        assert!(!session(&look(&server, None, &[("tester", "wrong")])).logged_in, "{kind}");
    }
}
