//! Sessions and log-ins of an application, as it should be and with everything wrong.

use std::thread;
use std::time::Duration;

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{DefaultLogin, LoginLimit};
use sekisho_model::product::Authorized;
use sekisho_model::web::{WebCookie, WebForm, WebPassword, WebReflection, WebSession};
use sekisho_net::{Bounds, Findings, Stop};

use super::app::{App, Kind, PASSWORD};
use super::{all, gaps, look, look_until, service};

macro_rules! facts {
    ($findings:expr, $kind:ident) => {
        all(&$findings, |observed| match observed {
            Observed::$kind(value) => Some(value),
            _ => None,
        })
    };
}

fn session(findings: &Findings) -> &WebSession {
    let sessions: Vec<&WebSession> = facts!(findings, WebSession);
    assert_eq!(sessions.len(), 1);
    sessions[0]
}

const ACCOUNTS: [(&str, &str); 2] = [("tester", PASSWORD), ("second", PASSWORD)];

#[test]
fn an_application_as_it_should_be() {
    let app = App::start(Kind::Good);
    let before = look(app.address, false, Authorized::Probe, &[]);
    let findings = look(app.address, false, Authorized::Active, &ACCOUNTS);
    assert_eq!(service(&findings), service(&before));
    assert_eq!(service(&findings).missing_headers, Vec::<String>::new());
    let session = session(&findings);
    assert!(session.logged_in);
    assert_eq!(
        (session.fixation, session.survives_logout, session.open_without_session),
        (Some(false), Some(false), Some(false))
    );
    let forms: Vec<&WebForm> = facts!(findings, WebForm);
    assert!(forms.iter().any(|form| form.logged_in && form.action.ends_with("/password")));
    assert!(
        forms.iter().filter(|form| form.method == "post").all(|form| form.forgery_token == Some(true)),
        "{forms:#?}"
    );
    let reflections: Vec<&WebReflection> = facts!(findings, WebReflection);
    assert!(
        reflections.iter().any(|reflection| reflection.parameter == "q") && reflections.iter().all(|r| !r.unescaped)
    );
    let passwords: Vec<&WebPassword> = facts!(findings, WebPassword);
    assert_eq!(passwords.iter().map(|p| (p.accepted, p.restored)).collect::<Vec<_>>(), [(Some(false), None); 3]);
    let logins: Vec<&DefaultLogin> = facts!(findings, DefaultLogin);
    assert_eq!(logins.len(), 15);
    assert!(logins.iter().all(|login| !login.accepted));
    let limits: Vec<&LoginLimit> = facts!(findings, LoginLimit);
    assert!(
        limits.len() == 1
            && limits[0].limited
            && limits[0].after == Some(9)
            && limits[0].how.as_deref() == Some("locked"),
        "{limits:?}"
    );
    let cookies: Vec<&WebCookie> = facts!(findings, WebCookie);
    assert!(
        cookies
            .iter()
            .all(|cookie| cookie.session && cookie.http_only && cookie.same_site.as_deref() == Some("strict"))
    );
    assert_eq!(gaps(&findings, Aspect::NetworkSessions), Vec::<&str>::new());
    assert_eq!(gaps(&findings, Aspect::NetworkWeb), Vec::<&str>::new());
    leaves_no_trace(&app);
}

#[test]
fn an_application_with_everything_wrong() {
    let app = App::start(Kind::Bad);
    let findings = look(app.address, false, Authorized::Active, &ACCOUNTS);
    let web = service(&findings);
    assert_eq!((web.login.as_deref(), web.login_in_clear, web.version_told), (Some("form"), true, true));
    assert_eq!(web.missing_headers.len(), 3);
    let session = session(&findings);
    assert!(session.logged_in);
    assert_eq!(
        (session.fixation, session.survives_logout, session.open_without_session),
        (Some(true), Some(true), Some(true))
    );
    let forms: Vec<&WebForm> = facts!(findings, WebForm);
    assert!(forms.iter().any(|form| form.logged_in && form.forgery_token == Some(false)));
    let reflections: Vec<&WebReflection> = facts!(findings, WebReflection);
    assert!(reflections.iter().any(|reflection| reflection.parameter == "q" && reflection.unescaped));
    let passwords: Vec<&WebPassword> = facts!(findings, WebPassword);
    assert_eq!(passwords.iter().map(|p| (p.accepted, p.restored)).collect::<Vec<_>>(), [(Some(true), Some(true)); 3]);
    let accepted: Vec<(&str, &str)> = facts!(findings, DefaultLogin)
        .into_iter()
        .filter(|login: &&DefaultLogin| login.accepted)
        .map(|login| (login.user.as_str(), login.masked.as_str()))
        .collect();
    assert_eq!(accepted, [("admin", "******")]);
    let limits: Vec<&LoginLimit> = facts!(findings, LoginLimit);
    assert!(limits.len() == 1 && !limits[0].limited && limits[0].attempts == 10, "{limits:?}");
    let cookies: Vec<&WebCookie> = facts!(findings, WebCookie);
    assert!(cookies.iter().all(|cookie| cookie.session && !cookie.http_only && cookie.in_clear));
    assert_eq!(gaps(&findings, Aspect::NetworkLogins), Vec::<&str>::new());
    leaves_no_trace(&app);
}

/// Passwords are as before, and nothing was touched that changes something.
fn leaves_no_trace(app: &App) {
    assert_eq!([app.password("tester"), app.password("second")], [PASSWORD, PASSWORD]);
    assert!(app.requests().iter().all(|request| !request.contains("/reboot") && !request.contains("/do")));
}

#[test]
fn a_single_account_is_not_locked_out() {
    let app = App::start(Kind::Good);
    let findings = look(app.address, false, Authorized::Active, &ACCOUNTS[..1]);
    assert_eq!(session(&findings).survives_logout, Some(false));
    let again = look(app.address, false, Authorized::Active, &ACCOUNTS[..1]);
    assert!(session(&again).logged_in);
}

#[test]
fn a_wrong_account_is_told() {
    let app = App::start(Kind::Good);
    let findings = look(app.address, false, Authorized::Active, &[("tester", "wrong")]);
    assert!(!session(&findings).logged_in);
    assert_eq!(gaps(&findings, Aspect::NetworkSessions).len(), 1);
}

#[test]
fn probing_sends_nothing() {
    let app = App::start(Kind::Good);
    let findings = look(app.address, false, Authorized::Probe, &ACCOUNTS);
    let requests = app.requests();
    assert!(requests.len() < 30 && requests.iter().all(|request| !request.starts_with("POST")), "{requests:?}");
    assert_eq!((gaps(&findings, Aspect::NetworkLogins).len(), gaps(&findings, Aspect::NetworkWeb).len()), (1, 0));
    let nothing = look(app.address, false, Authorized::Passive, &ACCOUNTS);
    assert!(nothing == Findings::default() && app.requests().len() == requests.len());
}

/// Nothing more is tried, and it is said loudly.
#[test]
fn a_password_that_cannot_be_put_back_ends_it() {
    let app = App::start(Kind::Stubborn);
    let findings = look(app.address, false, Authorized::Active, &ACCOUNTS[..1]);
    let passwords: Vec<&WebPassword> = facts!(findings, WebPassword);
    assert_eq!(passwords.iter().map(|p| (p.accepted, p.restored)).collect::<Vec<_>>(), [(Some(true), Some(false))]);
    assert!(gaps(&findings, Aspect::NetworkSessions).iter().any(|gap| gap.contains("could not be put back")));
}

#[test]
fn the_password_is_put_back_though_the_user_stops() {
    let app = App::start(Kind::Bad);
    let stop = Stop::default();
    let waiting = stop.clone();
    let findings = thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..6000 {
                if app.requests().iter().any(|request| request == "POST /password") {
                    break;
                }
                thread::sleep(Duration::from_millis(5));
            }
            waiting.ask();
        });
        look_until(stop, Bounds::default(), app.address, false, Authorized::Active, &ACCOUNTS)
    });
    leaves_no_trace(&app);
    let passwords: Vec<&WebPassword> = facts!(findings, WebPassword);
    assert!(passwords.len() == 1 && passwords[0].restored == Some(true), "{passwords:?}");
}

#[test]
fn a_session_that_somebody_else_brought_along() {
    let app = App::start(Kind::Adopting);
    let findings = look(app.address, false, Authorized::Active, &ACCOUNTS[..1]);
    assert_eq!(session(&findings).fixation, Some(true));
}

#[test]
fn accounts_that_are_locked_without_a_word() {
    for kind in [Kind::Silent, Kind::Vague] {
        let app = App::start(kind);
        let findings = look(app.address, false, Authorized::Active, &ACCOUNTS);
        let limits: Vec<&LoginLimit> = facts!(findings, LoginLimit);
        assert!(limits.len() == 1 && limits[0].limited && limits[0].how.as_deref() == Some("locked"), "{limits:?}");
    }
}
