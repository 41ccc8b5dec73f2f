//! Log-ins by JSON (RFC 8259): what is sent, and what of the answers can be held against each other.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::product::LoginMembers;
use serde_json::{Map, Value};

use super::clip;
use crate::host::Login;
use crate::http::Response;

/// Members of an answer that are looked at.
const MOST: usize = 200;
/// How much of a member's value is kept.
const LONGEST: usize = 200;

/// The object that logs in.
pub(super) fn object(names: &LoginMembers, login: &Login) -> String {
    let mut object = Map::new();
    if let Some(user) = &names.user {
        put(&mut object, user, &login.user);
    }
    put(&mut object, &names.password, &login.password);
    Value::Object(object).to_string()
}

/// Sets a member; a dot in its name leads into an inner object.
fn put(object: &mut Map<String, Value>, name: &str, value: &str) {
    match name.split_once('.') {
        None => {
            object.insert(name.to_owned(), Value::String(value.to_owned()));
        }
        Some((outer, inner)) => {
            if let Value::Object(object) = object.entry(outer).or_insert_with(|| Value::Object(Map::new())) {
                put(object, inner, value);
            }
        }
    }
}

/// A member of an answer that is text and not empty.
pub(super) fn text(response: &Response, name: &str) -> Option<String> {
    let value: Value = serde_json::from_slice(&response.body).ok()?;
    let found = name.split('.').try_fold(&value, |value, name| value.get(name))?;
    found.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The members of an answer, by the way to them; empty for what is no JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Members(BTreeMap<String, String>);

impl Members {
    pub(super) fn of(response: &Response) -> Self {
        let mut members = Self::default();
        if let Ok(value) = serde_json::from_slice(&response.body) {
            members.add("", &value);
        }
        members
    }

    fn add(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(object) => {
                object.iter().for_each(|(inner, value)| self.add(&format!("{name}.{inner}"), value));
            }
            Value::Array(list) => list.iter().for_each(|value| self.add(&format!("{name}[]"), value)),
            _ if self.0.len() < MOST => {
                self.0.insert(clip(name, LONGEST), clip(&value.to_string(), LONGEST));
            }
            _ => {}
        }
    }

    /// Names of those whose value is another one there, or that only one of the two has.
    pub(super) fn varying(&self, other: &Self) -> BTreeSet<String> {
        let names = self.0.keys().chain(other.0.keys());
        names.filter(|name| self.0.get(*name) != other.0.get(*name)).cloned().collect()
    }

    /// Leaves out those of these names.
    pub(super) fn without(&mut self, names: &BTreeSet<String>) {
        self.0.retain(|name, _| !names.contains(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(body: &str) -> Response {
        Response { body: body.as_bytes().to_vec(), ..Response::default() }
    }

    #[test]
    fn what_is_sent() {
        let login = Login { user: "a\"b".into(), password: "c".into() };
        let names = |user: Option<&str>, password: &str| LoginMembers {
            user: user.map(str::to_owned),
            password: password.to_owned(),
        };
        assert_eq!(object(&names(Some("name"), "pass"), &login), r#"{"name":"a\"b","pass":"c"}"#);
        assert_eq!(object(&names(Some("in.user"), "in.pw"), &login), r#"{"in":{"pw":"c","user":"a\"b"}}"#);
        assert_eq!(object(&names(None, "pw"), &login), r#"{"pw":"c"}"#);
    }

    #[test]
    fn what_is_answered() {
        let first = Members::of(&answer(r#"{"ok":false,"left":3,"at":{"time":17}}"#));
        let second = Members::of(&answer(r#"{"ok":false,"left":2,"at":{"time":18}}"#));
        let varying = first.varying(&second);
        assert_eq!(varying.iter().map(String::as_str).collect::<Vec<_>>(), [".at.time", ".left"]);
        let (mut first, mut right) = (first, Members::of(&answer(r#"{"ok":true,"left":9,"at":{"time":19}}"#)));
        first.without(&varying);
        right.without(&varying);
        assert_ne!(first, right);
        assert_eq!(text(&answer(r#"{"data":{"token":"abc"}}"#), "data.token").as_deref(), Some("abc"));
        assert_eq!(text(&answer(r#"{"data":{"token":""}}"#), "data.token"), None);
        assert_eq!(text(&answer("<p>"), "data.token"), None);
    }

    proptest! {
        #[test]
        fn any_answer(body: Vec<u8>, nested in 0usize..500) {
            let deep = "[".repeat(nested) + &"]".repeat(nested);
            for body in [body, deep.into_bytes(), br#"{"a":[1,{"b":null}]}"#.repeat(3)] {
                let response = Response { body, ..Response::default() };
                prop_assert!(Members::of(&response).0.len() <= MOST);
                let _ = text(&response, "a.b");
            }
        }
    }
}
