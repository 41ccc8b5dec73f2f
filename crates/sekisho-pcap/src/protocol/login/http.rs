//! Log-ins in requests of HTTP: in their headers, and in forms and JSON that they carry.

use serde_json::Value;

use super::{Login, after, base64, lines, login};

/// Fields that a password is sent in, without what separates their words.
const SECRETS: [&str; 18] = [
    "password",
    "passwd",
    "pwd",
    "pass",
    "passwort",
    "loginpass",
    "loginpassword",
    "loginpwd",
    "userpassword",
    "userpass",
    "userpwd",
    "adminpassword",
    "newpassword",
    "oldpassword",
    "currentpassword",
    "passphrase",
    "passcode",
    "psw",
];
/// Fields that a user's name is sent in.
const USERS: [&str; 10] =
    ["username", "user", "login", "loginname", "loginuser", "email", "name", "account", "userid", "usr"];

/// What a body is, as its header says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Form,
    Json,
    Other,
}

/// Basic (RFC 7617) and bearer (RFC 6750) authentication, forms, and JSON with a field for a password. Lines that a body is made of are no
/// headers: a body whose length is said is passed over.
pub(super) fn logins(client: &[u8], kinds: [&'static str; 4]) -> Vec<Login> {
    let mut found = Vec::new();
    let (mut body, mut length, mut behind) = (Body::Other, None, 0);
    for (at, line) in lines(client) {
        if at < behind {
            continue;
        }
        if let Some(value) = after(line, "authorization:").or_else(|| after(line, "proxy-authorization:")) {
            if let Some(decoded) = after(value, "basic ").and_then(base64) {
                let end = decoded.iter().position(|&byte| byte == b':').unwrap_or(decoded.len());
                let secret = decoded.get(end + 1..).unwrap_or_default();
                found.push(login(kinds[0], &decoded[..end], secret, at));
            } else if let Some(token) = after(value, "bearer ") {
                found.push(login(kinds[1], &[], token, at));
            }
        } else if let Some(kind) = after(line, "content-type:") {
            body = if after(kind, "application/x-www-form-urlencoded").is_some() {
                Body::Form
            } else if is_json(kind) {
                Body::Json
            } else {
                Body::Other
            };
        } else if let Some(value) = after(line, "content-length:") {
            length = std::str::from_utf8(value).ok().and_then(|value| value.parse::<usize>().ok());
        } else if line.is_empty() {
            let start = start_behind(client, at);
            let rest = client.get(start..).unwrap_or_default();
            let rest = &rest[..rest.len().min(length.unwrap_or(usize::MAX))];
            match body {
                Body::Form => found.extend(in_form(rest, kinds[2], start)),
                Body::Json => found.extend(in_json(rest, kinds[3], start)),
                Body::Other => {}
            }
            if let Some(length) = length {
                behind = start.saturating_add(length);
            }
            (body, length) = (Body::Other, None);
        }
    }
    found
}

/// `application/json`, and what is a JSON by its suffix (RFC 6839).
fn is_json(kind: &[u8]) -> bool {
    let kind = kind.split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
    kind == b"application/json" || kind == b"text/json" || kind.ends_with(b"+json")
}

/// Where the line after this one begins.
fn start_behind(client: &[u8], at: usize) -> usize {
    let rest = client.get(at..).unwrap_or_default();
    at + rest.iter().position(|&byte| byte == b'\n').map_or(0, |end| end + 1)
}

/// A field's name without its case and what separates its words.
fn plain(name: &[u8]) -> Vec<u8> {
    name.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect()
}

fn is_one_of(name: &[u8], names: &[&str]) -> bool {
    let name = plain(name);
    names.iter().any(|known| known.as_bytes() == name)
}

fn in_form(body: &[u8], kind: &'static str, at: usize) -> Option<Login> {
    // Where its length was not said, it ends where no field can go on.
    let end = body.iter().position(|byte| matches!(byte, b'\r' | b'\n' | b' ')).unwrap_or(body.len());
    let fields = body[..end].split(|&byte| byte == b'&').filter_map(|field| {
        let middle = field.iter().position(|&byte| byte == b'=')?;
        Some((decoded(&field[..middle]), decoded(&field[middle + 1..])))
    });
    let fields: Vec<(Vec<u8>, Vec<u8>)> = fields.collect();
    let find = |names: &[&str]| {
        fields.iter().find(|(name, value)| is_one_of(name, names) && !value.is_empty()).map(|(_, value)| value)
    };
    Some(login(kind, find(&USERS).map_or(&[], Vec::as_slice), find(&SECRETS)?, at))
}

/// The bytes that a form writes in hexadecimal (URL Standard, section 5.1).
fn decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut bytes, mut at) = (Vec::with_capacity(text.len()), 0);
    while let Some(&byte) = text.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high << 4 | low) as u8);
                at += 2;
            }
            (b'+', ..) => bytes.push(b' '),
            _ => bytes.push(byte),
        }
        at += 1;
    }
    bytes
}

/// The first object in a JSON text that has a field for a password. `serde_json` bounds how deep it goes.
fn in_json(body: &[u8], kind: &'static str, at: usize) -> Option<Login> {
    let value: Value = serde_json::Deserializer::from_slice(body).into_iter().next()?.ok()?;
    in_value(&value, kind, at)
}

fn in_value(value: &Value, kind: &'static str, at: usize) -> Option<Login> {
    let fields = match value {
        Value::Array(values) => return values.iter().find_map(|value| in_value(value, kind, at)),
        Value::Object(fields) => fields,
        _ => return None,
    };
    let find = |names: &[&str]| {
        fields
            .iter()
            .filter(|(name, _)| is_one_of(name.as_bytes(), names))
            .find_map(|(_, value)| value.as_str().filter(|text| !text.is_empty()))
    };
    match find(&SECRETS) {
        Some(secret) => Some(login(kind, find(&USERS).unwrap_or_default().as_bytes(), secret.as_bytes(), at)),
        None => fields.values().find_map(|value| in_value(value, kind, at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KINDS: [&str; 4] = ["basic", "bearer", "form", "json"];

    fn posted(kind: &str, body: &str) -> Vec<(&'static str, Option<String>, String)> {
        let length = body.len();
        let request = format!(
            "POST /login HTTP/1.1\r\nHost: cam\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}GET / HTTP/1.1\r\n\r\n"
        );
        logins(request.as_bytes(), KINDS).into_iter().map(|login| (login.kind, login.user, login.masked)).collect()
    }

    #[test]
    fn passwords_in_forms_and_json_are_found() {
        let one = |kind, user: &str, masked: &str| vec![(kind, Some(user.to_owned()), masked.to_owned())];
        let form = "application/x-www-form-urlencoded";
        assert_eq!(posted(form, "user=root&pass=a%26b%3Dcdefgh"), one("form", "root", "a******h"));
        assert_eq!(posted(form, "flag&user_name=r+t&login-pwd=short"), one("form", "r t", "******"));
        let json = "application/json; charset=utf-8";
        assert_eq!(posted(json, r#"{"username":"root","password":"supersecret"}"#), one("json", "root", "s******t"));
        let nested =
            "{\n \"method\": \"login\",\n \"params\": [{\"Email\": \"a@b\", \"new_password\": \"supersecret\"}]\n}";
        assert_eq!(posted("application/vnd.api+json", nested), one("json", "a@b", "s******t"));
    }

    #[test]
    fn what_has_no_password_is_no_log_in() {
        for (kind, body) in [
            ("application/x-www-form-urlencoded", "user=root&pass="),
            ("application/x-www-form-urlencoded", "compass=north&user=root"),
            ("application/json", r#"{"user":"root","password":null}"#),
            ("application/json", r#"{"user":"root","passw"#),
            ("text/plain", r#"{"user":"root","password":"supersecret"}"#),
        ] {
            assert_eq!(posted(kind, body), [], "{body}");
        }
        // A line in a body is no header.
        let lines = "a\r\nAuthorization: Basic YWRtaW46c3VwZXJzZWNyZXQ=\r\n";
        assert_eq!(posted("text/plain", lines), []);
    }

    proptest! {
        #[test]
        fn no_request_panics(body in proptest::collection::vec(any::<u8>(), 0..200), json in any::<bool>(), length in 0..300_usize) {
            let kind = if json { "application/json" } else { "application/x-www-form-urlencoded" };
            let head = format!("POST / HTTP/1.1\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n");
            let _ = logins(&[head.as_bytes(), &body].concat(), KINDS);
        }
    }
}
