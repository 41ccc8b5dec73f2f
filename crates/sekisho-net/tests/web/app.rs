//! A small web application with accounts, once as it should be and once with everything wrong.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

pub(crate) const PASSWORD: &str = "Kirishima-4-tosei";

pub(crate) struct App {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

/// What is wrong with it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing.
    Good,
    /// Everything.
    Bad,
    /// As bad, and takes one new password, but not the old one again.
    Stubborn,
    /// As bad, and sets no cookie before the log-in, but takes whichever it is brought.
    Adopting,
    /// As bad, but takes no password for an account that failed five times, and does not say so.
    Silent,
    /// The same, with a page of its own that names no reason.
    Vague,
}

struct State {
    kind: Kind,
    next: AtomicU64,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    passwords: HashMap<String, String>,
    sessions: HashMap<String, Session>,
    failed: HashMap<String, u32>,
    requests: Vec<String>,
}

#[derive(Default, Clone)]
struct Session {
    user: Option<String>,
    token: String,
}

struct Request {
    method: String,
    path: String,
    fields: HashMap<String, String>,
    sid: Option<String>,
}

impl App {
    pub(crate) fn start(kind: Kind) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut inner = Inner::default();
        for user in ["tester", "second"] {
            inner.passwords.insert(user.into(), PASSWORD.into());
        }
        if kind != Kind::Good {
            inner.passwords.insert("admin".into(), "1234".into());
        }
        let state = Arc::new(State { kind, next: AtomicU64::new(1), inner: Mutex::new(inner) });
        let serving = state.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = serving.clone();
                thread::spawn(move || state.serve(&stream));
            }
        });
        Self { address, state }
    }

    pub(crate) fn password(&self, user: &str) -> String {
        self.state.inner.lock().unwrap().passwords[user].clone()
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.state.inner.lock().unwrap().requests.clone()
    }
}

impl State {
    fn good(&self) -> bool {
        self.kind == Kind::Good
    }

    fn random(&self) -> String {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let half = |salt: u64| {
            (next ^ salt).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
        };
        format!("{:016x}{:016x}", half(0x1234_5678), half(0x8765_4321))
    }

    fn serve(&self, mut stream: &TcpStream) {
        let Some(request) = read(stream) else { return };
        self.inner.lock().unwrap().requests.push(format!("{} {}", request.method, request.path));
        let answer = self.answer(&request);
        let _ = stream.write_all(answer.as_bytes());
    }

    /// The session of a request, a new one where it has none.
    fn session(&self, request: &Request) -> (String, Session, bool) {
        let known = request.sid.as_ref().and_then(|sid| {
            self.inner.lock().unwrap().sessions.get(sid).map(|session| (sid.clone(), session.clone(), false))
        });
        known.unwrap_or_else(|| {
            let session = Session { user: None, token: self.random() };
            let brought = request.sid.clone().filter(|_| self.kind == Kind::Adopting);
            let new = brought.is_none();
            let sid = brought.unwrap_or_else(|| self.random());
            self.inner.lock().unwrap().sessions.insert(sid.clone(), session.clone());
            (sid, session, new)
        })
    }

    fn answer(&self, request: &Request) -> String {
        let (sid, session, new) = self.session(request);
        let late = self.kind == Kind::Adopting && request.method == "GET";
        let cookie = (new && !late).then(|| sid.clone());
        let field = |name: &str| request.fields.get(name).cloned().unwrap_or_default();
        let forged = self.good() && request.method == "POST" && field("csrf_token") != session.token;
        if forged {
            return self.page(403, cookie, "<p>Forged");
        }
        let token = if self.good() {
            format!("<input type=hidden name=csrf_token value={}>", session.token)
        } else {
            String::new()
        };
        let path = request.path.split('?').next().unwrap_or_default();
        match (request.method.as_str(), path, &session.user) {
            ("GET", "/", Some(_)) => self.redirect("/home", cookie),
            ("GET", "/login", _) => self.page(200, cookie, &login_form(&token, "")),
            ("POST", "/login", _) => {
                let (user, password) = (field("user"), field("password"));
                let mut inner = self.inner.lock().unwrap();
                let failed = inner.failed.get(&user).copied().unwrap_or_default();
                if self.good() && failed >= 8 {
                    drop(inner);
                    return self.page(200, cookie, "<p>This account is locked. Please come back in an hour.");
                }
                // Only what there is can be locked: a name that is not known goes on failing.
                if self.kind == Kind::Vague && failed >= 5 && inner.passwords.contains_key(&user) {
                    drop(inner);
                    return self.page(200, cookie, "<p>Goodbye");
                }
                let locked = self.kind == Kind::Silent && failed >= 5;
                if locked || inner.passwords.get(&user) != Some(&password) {
                    inner.failed.insert(user, failed + 1);
                    drop(inner);
                    return self.page(200, cookie, &login_form(&token, "Wrong name or password"));
                }
                inner.failed.remove(&user);
                let mut cookie = cookie;
                let sid = if self.good() {
                    inner.sessions.remove(&sid);
                    let fresh = self.random();
                    cookie = Some(fresh.clone());
                    fresh
                } else {
                    sid
                };
                inner.sessions.insert(sid, Session { user: Some(user), token: self.random() });
                drop(inner);
                self.redirect("/home", cookie)
            }
            (_, "/logout", _) => {
                if self.good() {
                    self.inner.lock().unwrap().sessions.remove(&sid);
                }
                self.redirect("/login", Some("deleted; Max-Age=0".to_owned()))
            }
            ("GET", "/search", _) => {
                let q = field("q");
                let q = if self.good() { escape(&q) } else { q };
                self.page(200, cookie, &format!("<p>Nothing found for {q}"))
            }
            ("GET", "/home", Some(user)) => {
                let out = if self.good() {
                    format!("<form method=post action=/logout>{token}<button>Log out</button></form>")
                } else {
                    "<a href=/logout>Log out</a>".to_owned()
                };
                let body = format!(
                    "<p>Hello {user}<a href=/account>Account</a><a href=/reboot>Go</a><a href='/do?x=1'>Delete all</a>\
                     <form action=/search><input name=q><button>Search</button></form>{out}"
                );
                self.page(200, cookie, &body)
            }
            ("GET", "/account", user) if user.is_some() || !self.good() => {
                let body = format!(
                    "<form method=post action=/password>{token}<input type=password name=current><input type=password name=new1>\
                     <input type=password name=new2><button>Change</button></form>"
                );
                self.page(200, cookie, &body)
            }
            ("POST", "/password", Some(user)) => {
                let (new, current) = (field("new1"), field("current"));
                let weak = new.len() < 12 || new.contains(user.as_str());
                let mut inner = self.inner.lock().unwrap();
                let ok = inner.passwords.get(user) == Some(&current) && new == field("new2") && !(self.good() && weak);
                let ok = ok && !(self.kind == Kind::Stubborn && new == PASSWORD);
                if ok {
                    inner.passwords.insert(user.clone(), new);
                }
                drop(inner);
                self.page(200, cookie, if ok { "<p>Changed" } else { "<p>Not changed" })
            }
            (_, "/" | "/home" | "/account" | "/password", None) => self.redirect("/login", cookie),
            ("TRACE", ..) => self.page(405, cookie, ""),
            _ => self.page(404, cookie, "<p>Nothing here"),
        }
    }

    fn headers(&self, cookie: Option<String>) -> String {
        let mut headers = String::new();
        if let Some(sid) = cookie {
            let flags = if self.good() { "; HttpOnly; SameSite=Strict" } else { "" };
            headers = format!("Set-Cookie: sessionid={sid}{flags}\r\n");
        }
        if self.good() {
            headers.push_str(
                "Content-Security-Policy: default-src 'self'; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n",
            );
        } else {
            headers.push_str("Server: TestCam/1.2\r\n");
        }
        headers
    }

    fn page(&self, status: u16, cookie: Option<String>, body: &str) -> String {
        let body = format!("<!doctype html><title>Test</title>{body}");
        let headers = self.headers(cookie);
        format!(
            "HTTP/1.1 {status} X\r\nContent-Type: text/html\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    fn redirect(&self, to: &str, cookie: Option<String>) -> String {
        format!("HTTP/1.1 303 X\r\nLocation: {to}\r\n{}Content-Length: 0\r\n\r\n", self.headers(cookie))
    }
}

fn login_form(token: &str, message: &str) -> String {
    format!(
        "<p>{message}<form method=post action=/login>{token}<input name=user><input type=password name=password>\
         <button>Log in</button></form>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut length, mut sid) = (0, None);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.parse().ok()?;
        } else if let Some(value) = line.strip_prefix("Cookie: ") {
            sid = value.split("; ").find_map(|pair| pair.strip_prefix("sessionid=")).map(str::to_owned);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let query = path.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
    let mut fields: HashMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    fields.extend(url::form_urlencoded::parse(&body).into_owned());
    Some(Request { method, path, fields, sid })
}
