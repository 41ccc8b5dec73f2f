//! What forms are for, by their fields and words, and which of their fields guard against forged requests.

use sekisho_model::fact::Observed;
use sekisho_model::web::WebForm;
use url::Url;

use super::html::{Field, Form, Page};
use super::site::shown;

/// Names of fields that guard against forged requests, in part.
const GUARDS: [&str; 8] = ["csrf", "xsrf", "token", "nonce", "authenticity", "forgery", "sectok", "formkey"];

/// Parts of paths, names and texts behind which something happens that cannot be taken back: nobody goes there unasked.
const DANGEROUS: [&str; 42] = [
    "reboot",
    "restart",
    "reset",
    "delete",
    "remove",
    "restore",
    "erase",
    "format",
    "upgrade",
    "update",
    "firmware",
    "shutdown",
    "poweroff",
    "halt",
    "apply",
    "save",
    "clear",
    "disable",
    "enable",
    "install",
    "factory",
    "exec",
    "flash",
    "wipe",
    "logout",
    "logoff",
    "signout",
    "toggle",
    "relay",
    "unlock",
    "power",
    "command",
    "switch",
    "再起動",
    "削除",
    "初期化",
    "更新",
    "停止",
    "適用",
    "ログアウト",
    "解錠",
    "施錠",
];

/// The same, as words of their own: `open`, but not `openssl`.
const ACTIONS: [&str; 21] = [
    "add", "close", "cmd", "control", "del", "do", "down", "go", "left", "lock", "off", "on", "open", "reload",
    "right", "run", "set", "start", "stop", "test", "up",
];

/// Parameters that say what is shown, and not what is done.
const SHOWS: [&str; 26] = [
    "category", "error", "filter", "id", "key", "keyword", "lang", "language", "message", "msg", "name", "next",
    "order", "p", "page", "q", "query", "ref", "s", "search", "section", "sort", "tab", "title", "topic", "view",
];

/// Whether going there may change something on the device.
pub(super) fn is_dangerous(url: &Url, text: &str) -> bool {
    let place = format!("{} {} {text}", url.path(), url.query().unwrap_or_default()).to_lowercase();
    DANGEROUS.iter().any(|word| place.contains(word))
        || place.split(|c: char| !c.is_alphanumeric()).any(|word| ACTIONS.contains(&word))
}

/// Whether all parameters of a link only say what is shown: many devices are switched by links.
pub(super) fn only_shows(url: &Url) -> bool {
    url.query_pairs().all(|(name, _)| SHOWS.contains(&name.to_lowercase().as_str()))
}

/// Whether a text is that of a way to log out.
pub(super) fn is_logout(text: &str) -> bool {
    let text: String = text.to_lowercase().chars().filter(|c| !matches!(c, ' ' | '-' | '_' | '　')).collect();
    ["logout", "logoff", "signout", "signoff", "ログアウト", "ログオフ", "サインアウト"]
        .iter()
        .any(|word| text.contains(word))
}

/// The form that asks for a name and a password: one field for a password. More of them change one.
pub(super) fn login(page: &Page) -> Option<&Form> {
    page.forms.iter().find(|form| form.passwords().count() == 1)
}

/// Whether `page` asks again what `form` asked: a password, by the same name or at the same place.
pub(super) fn asks_again(page: &Page, form: &Form) -> bool {
    let name = form.passwords().next().map(|field| field.name.as_str());
    page.forms.iter().any(|other| {
        other.passwords().count() == 1
            && (other.action.path() == form.action.path() || other.passwords().next().map(|f| f.name.as_str()) == name)
    })
}

/// Whether a field's name says that it guards against forged requests.
pub(super) fn is_guard(field: &Field) -> bool {
    let name = field.name.to_ascii_lowercase();
    field.kind == "hidden" && GUARDS.iter().any(|word| name.contains(word))
}

/// Whether a value is too long to guess: 64 bits, by the letters that it is made of.
fn is_unguessable(value: &str) -> bool {
    let all = |is: fn(&u8) -> bool| value.as_bytes().iter().all(is);
    let bits_per_letter = if all(u8::is_ascii_digit) {
        3.3
    } else if all(u8::is_ascii_hexdigit) {
        4.0
    } else {
        6.0
    };
    let mut letters: Vec<u8> = value.bytes().collect();
    letters.sort_unstable();
    letters.dedup();
    letters.len() >= 6 && value.len() as f64 * bits_per_letter >= 64.0
}

/// Whether a form guards against forged requests: a field that says so holds a value that nobody can guess, and another one for another
/// visitor. None where only that other visit could tell and there was none.
fn guarded(form: &Form, other_visit: Option<&Page>) -> Option<bool> {
    let guards: Vec<&Field> =
        form.fields.iter().filter(|field| is_guard(field) && is_unguessable(&field.value)).collect();
    if guards.is_empty() {
        return Some(false);
    }
    let other = other_visit?.forms.iter().find(|other| other.action.path() == form.action.path() && other.post)?;
    Some(guards.iter().any(|guard| {
        other
            .fields
            .iter()
            .any(|field| field.name == guard.name && field.value != guard.value && is_unguessable(&field.value))
    }))
}

/// A form as a fact.
pub(super) fn fact(url: &Url, form: &Form, other_visit: Option<&Page>, logged_in: bool) -> Observed {
    Observed::WebForm(WebForm {
        url: shown(url),
        action: shown(&form.action),
        method: if form.post { "post" } else { "get" }.to_owned(),
        password: form.passwords().next().is_some(),
        in_clear: form.action.scheme() == "http",
        forgery_token: if form.post { guarded(form, other_visit) } else { None },
        logged_in,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        Page::read(html, &Url::parse("https://192.0.2.1/").unwrap())
    }

    #[test]
    fn a_token_differs_and_cannot_be_guessed() {
        let with = |token: &str| {
            page(&format!("<form method=post><input type=hidden name=csrf_token value='{token}'></form>"))
        };
        let guards = |one: &str, other: &str| guarded(&with(one).forms[0], Some(&with(other)));
        assert_eq!(guards("8f14e45fceea167a5a36dedd4bea2543", "c9f0f895fb98ab9159f51fd0297e236d"), Some(true));
        assert_eq!(guards("8f14e45fceea167a5a36dedd4bea2543", "8f14e45fceea167a5a36dedd4bea2543"), Some(false));
        assert_eq!(guards("1700000000", "1700000001"), Some(false));
        assert_eq!(guards("aaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbb"), Some(false));
        assert_eq!(guarded(&with("8f14e45fceea167a5a36dedd4bea2543").forms[0], None), None);
        assert_eq!(guarded(&page("<form method=post><input name=a></form>").forms[0], None), Some(false));
    }

    #[test]
    fn forms_by_what_they_ask() {
        let one = page("<form action=/in><input name=u><input type=password name=p></form>");
        let change = page("<form action=/pw><input type=password name=a><input type=password name=b></form>");
        assert!(login(&one).is_some() && login(&change).is_none());
        assert!(asks_again(&one, &one.forms[0]) && !asks_again(&change, &one.forms[0]));
        assert!(is_logout("Log out") && is_logout("/sign-out.cgi") && is_logout("ログアウト") && !is_logout("Blog"));
        let dangerous = |path: &str| is_dangerous(&Url::parse("http://h/").unwrap().join(path).unwrap(), "");
        assert!(dangerous("/cgi/reboot.cgi") && dangerous("/x?y=Delete") && dangerous("/door/open"));
        assert!(!dangerous("/status") && !dangerous("/openssl"));
        let shows = |path: &str| only_shows(&Url::parse("http://h/").unwrap().join(path).unwrap());
        assert!(shows("/a") && shows("/a?page=2&Lang=ja") && !shows("/a?led=1&page=2"));
    }
}
