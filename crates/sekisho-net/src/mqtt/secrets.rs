//! Secrets in messages.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::packet::Message;
use crate::logins::masked;

/// Bytes of a message that are looked through, and of a topic that is shown.
const LOOKED_THROUGH: usize = 16 << 10;
const SHOWN: usize = 60;

/// Words by which keys of secrets are known.
const KEYS: &str = r"pass(?:word|wd|phrase)?|pwd|secret|(?:client|shared|app)_?secret|token|(?:access|auth|refresh|bearer)_?token|api_?key|psk|wpa_?key|wifi_?key|private_?key";

/// A key and its value, as in JSON, forms and settings.
static PAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let key = format!(
        r#"(?:^|[^a-z])((?:[a-z0-9]+[_-])?(?:{KEYS}))["']?\s*[:=]\s*(?:"([^"]+)"|'([^']+)'|([^\s"',;&{{}}\[\]]+))"#
    );
    Regex::new(&format!("(?i){key}")).ok()
});

/// A last part of a topic that names a secret.
static TOPIC: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!(r"(?i)(?:^|[/_-])(?:{KEYS})$")).ok());

/// A signed token (RFC 7519): three parts, of which the first two begin as JSON objects do in base64.
static JWT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}").ok());

/// The first secret in a message: its topic, shortened, and what it is, masked.
pub(super) fn find(message: &Message) -> Option<String> {
    let bytes = message.payload.get(..LOOKED_THROUGH).unwrap_or(&message.payload);
    let text = String::from_utf8_lossy(bytes);
    let shown = in_text(&text).or_else(|| {
        let named = TOPIC.as_ref().is_some_and(|topic| topic.is_match(&message.topic));
        let value = text.trim();
        (named && is_value(value) && value.len() <= 256).then(|| masked(value))
    })?;
    Some(format!("{}: {shown}", topic(&message.topic)))
}

fn in_text(text: &str) -> Option<String> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("-----BEGIN ****** PRIVATE KEY-----".to_owned());
    }
    if let Some(found) = JWT.as_ref().and_then(|jwt| jwt.find(text)) {
        return Some(masked(found.as_str()));
    }
    PAIR.as_ref()?.captures_iter(text).find_map(|pair| {
        let key = pair.get(1)?.as_str();
        let value = pair.get(2).or(pair.get(3)).or(pair.get(4))?.as_str();
        is_value(value).then(|| format!("{key}={}", masked(value)))
    })
}

/// Whether a value can be a secret: not what stands where there is none, or where it was taken out already.
fn is_value(value: &str) -> bool {
    let nothing =
        ["null", "none", "nil", "true", "false", "undefined", "set", "unset", "n/a", "redacted", "hidden", "0", "1"];
    !value.is_empty()
        && !nothing.iter().any(|word| value.eq_ignore_ascii_case(word))
        && !value.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '-' | '.' | '•' | '?'))
}

fn topic(topic: &str) -> String {
    let clean = |c: char| if c.is_control() { '?' } else { c };
    let shown: String = topic.chars().take(SHOWN).map(clean).collect();
    if topic.chars().count() > SHOWN { format!("{shown}…") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(topic: &str, payload: &str) -> Option<String> {
        find(&Message { topic: topic.to_owned(), payload: payload.as_bytes().to_vec(), retained: true })
    }

    #[test]
    fn secrets_are_found_and_masked() {
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
        for (topic, payload, shown) in [
            ("dev/cfg", r#"{"wifi": {"ssid": "x", "psk": "correct horse"}}"#, "dev/cfg: psk=c******e"),
            ("dev/cfg", "mqtt_password=hunter2", "dev/cfg: mqtt_password=******"),
            ("dev/cfg", r#"{"apiKey":"AKIA123456789"}"#, "dev/cfg: apiKey=A******9"),
            ("dev/cfg", "access_token: abcdefghij", "dev/cfg: access_token=a******j"),
            ("dev/wifi/password", "hunter2hunter2", "dev/wifi/password: h******2"),
            ("a", jwt, "a: e******U"),
            ("k", "-----BEGIN EC PRIVATE KEY-----\nMHc", "k: -----BEGIN ****** PRIVATE KEY-----"),
        ] {
            assert_eq!(of(topic, payload).as_deref(), Some(shown), "{topic} {payload}");
        }
    }

    #[test]
    fn what_is_no_secret_stays_silent() {
        for (topic, payload) in [
            ("dev/state", r#"{"temperature": 21.5, "passed": 3, "bypass": "open"}"#),
            ("dev/cfg", r#"{"password": "", "token": null, "psk": "********"}"#),
            ("dev/cfg", r#"{"password": null}"#),
            ("dev/compass", "north"),
            ("dev/password", ""),
            ("dev/password", "********"),
            ("dev/cert", "-----BEGIN CERTIFICATE-----"),
            ("dev/log", "token expired, password wrong"),
        ] {
            assert_eq!(of(topic, payload), None, "{topic} {payload}");
        }
    }

    proptest! {
        #[test]
        fn no_message_panics(topic in ".{0,100}", payload in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = find(&Message { topic, payload, retained: true });
        }
    }
}
