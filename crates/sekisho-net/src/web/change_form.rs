//! Which form changes the account's own password, beyond doubt, and how it is filled in.

use super::forms;
use super::html::{Field, Form};
use crate::host::Login;

/// What else has passwords, and is not put back by logging in.
const OTHERS: [&str; 11] = ["wifi", "wlan", "ssid", "psk", "wpa", "wep", "pppoe", "vpn", "smtp", "mqtt", "ftp"];

/// What a form says that has nothing else to fill in but a new password.
const CHANGES: [&str; 11] = [
    "change password",
    "change your password",
    "password change",
    "new password",
    "login password",
    "administrator password",
    "パスワード変更",
    "パスワードの変更",
    "新しいパスワード",
    "新パスワード",
    "ログインパスワード",
];

/// What a form says that asks for the current password, too.
const CURRENT: [&str; 6] =
    ["current password", "old password", "existing password", "現在のパスワード", "旧パスワード", "古いパスワード"];

/// A form that changes the account's own password.
struct ChangeForm<'f> {
    /// The field for the current password, where it asks for that.
    current: Option<&'f str>,
}

fn is_current(field: &Field) -> bool {
    let name = field.name.to_lowercase();
    let within = ["current", "curpass", "currpass", "oldpass", "oldpw", "present", "orig", "旧", "現在"];
    ["old", "cur"].iter().any(|word| name.starts_with(word) || name.ends_with(word))
        || within.iter().any(|word| name.contains(word))
}

fn is_user(field: &Field) -> bool {
    let name = field.name.to_lowercase();
    ["user", "account", "login"].iter().any(|word| name.contains(word))
        && matches!(field.kind.as_str(), "text" | "email" | "select" | "hidden")
        && !forms::is_guard(field)
}

impl<'f> ChangeForm<'f> {
    /// None where the form may do something else, such as create an account or set the key of a wireless network: that would not be put back.
    fn of(form: &'f Form, login: &Login) -> Option<Self> {
        let passwords: Vec<&Field> = form.passwords().collect();
        let names = form.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(" ");
        let text = format!("{} {names} {}", form.action.path(), form.text).to_lowercase().replace("wi-fi", "wifi");
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        let foreign = words.any(|word| OTHERS.iter().any(|other| word.starts_with(other)));
        let of_another = |field: &Field| is_user(field) && !field.value.is_empty() && field.value != login.user;
        if !form.post || !(2..=3).contains(&passwords.len()) || foreign || form.fields.iter().any(of_another) {
            return None;
        }
        let asked = passwords.iter().find(|field| is_current(field)).map(|field| field.name.as_str());
        if asked.is_some() {
            return Some(Self { current: asked });
        }
        if let [first, _, _] = passwords.as_slice() {
            return says(&CURRENT).then_some(Self { current: Some(&first.name) });
        }
        let own = form.fields.iter().any(|field| is_user(field) && field.value == login.user);
        let kinds = ["password", "hidden", "submit", "button", "reset"];
        let alone = form.fields.iter().all(|field| kinds.contains(&field.kind.as_str()));
        (own || alone && says(&CHANGES)).then_some(Self { current: None })
    }
}

/// The fields of a form that changes the account's own password; none where it may be another form.
pub(super) fn fill(form: &Form, login: &Login, current: &str, new: &str) -> Option<Vec<(String, String)>> {
    let old = ChangeForm::of(form, login)?.current;
    let mut fields = form.defaults();
    for (name, value) in &mut fields {
        let field = form.fields.iter().find(|field| field.name == *name)?;
        if field.kind == "password" {
            if Some(name.as_str()) == old { current } else { new }.clone_into(value);
        } else if is_user(field) {
            value.clone_from(&login.user);
        }
    }
    Some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::html::Page;
    use url::Url;

    fn filled(fields: &str) -> Option<Vec<(String, String)>> {
        let html = format!("<form method=post>{fields}</form>");
        let page = Page::read(&html, &Url::parse("http://192.0.2.1/").unwrap());
        let login = Login { user: "tester".into(), password: "x".into() };
        fill(&page.forms[0], &login, "CURRENT", "NEW")
    }

    #[test]
    fn fields_are_known_by_names_and_order() {
        let values = |fields: &str| filled(fields).unwrap().into_iter().map(|(_, value)| value).collect::<Vec<_>>();
        let field = |name: &str| format!("<input type=password name={name}>");
        assert_eq!(values(&(field("newpassword") + &field("security") + &field("oldpw"))), ["NEW", "NEW", "CURRENT"]);
        let three = field("a") + &field("b") + &field("c");
        assert_eq!(values(&format!("Old password: {three}")), ["CURRENT", "NEW", "NEW"]);
        let two = field("a") + &field("b");
        assert_eq!(values(&format!("New password: {two}")), ["NEW", "NEW"]);
        for other in [
            field("a"),
            two.clone(),
            three.clone(),
            format!("SSID New password {two}"),
            format!("New password <input name=x>{two}"),
        ] {
            assert_eq!(filled(&other), None, "{other}");
        }
    }

    #[test]
    fn another_accounts_password_is_left_alone() {
        let two = "<input type=password name=a><input type=password name=b>";
        assert_eq!(filled(&format!("<input name=username value=admin>{two}")), None);
        // A form without a name in it may create an account.
        assert_eq!(filled(&format!("<input name=username>{two}")), None);
        assert_eq!(filled(&format!("<input name=username value=tester>{two}")).unwrap()[0].1, "tester");
    }
}
