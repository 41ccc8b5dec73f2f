//! What a look at a page needs of it: title, links, forms, text. Read tag by tag, as browsers read them, and never built up into a tree.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use url::Url;

/// The most forms, fields of one form, and links that are kept.
const FORMS: usize = 50;
const FIELDS: usize = 100;
const LINKS: usize = 300;
/// The most text that is kept, and of one attribute.
const TEXT: usize = 64 << 10;
const ATTRIBUTE: usize = 4096;

/// A page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) title: Option<String>,
    /// Where it sends on to at once (`<meta http-equiv=refresh>`).
    pub(super) refresh: Option<Url>,
    pub(super) links: Vec<Link>,
    pub(super) forms: Vec<Form>,
    /// What people see, without titles, scripts and styles.
    pub(super) text: String,
    /// Whether it has scripts.
    pub(super) scripts: bool,
    /// Whether a field for a password stands outside all forms: scripts send it.
    pub(super) loose_password: bool,
    /// Whether there was more than is kept.
    pub(super) more: bool,
}

/// A reference to something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) url: Url,
    /// What it says; empty for pictures, scripts and the like.
    pub(super) text: String,
    /// Whether people follow it, and not the browser by itself.
    pub(super) followed: bool,
}

/// A form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) action: Url,
    pub(super) post: bool,
    pub(super) fields: Vec<Field>,
    /// What it and its buttons say.
    pub(super) text: String,
}

/// A field of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    /// `text`, `password`, `hidden`, `submit` …; `select` and `textarea` for those.
    pub(super) kind: String,
    pub(super) value: String,
    /// Whether it is sent as it stands: not a box without its tick.
    pub(super) sent: bool,
}

impl Form {
    /// Its fields for a password.
    pub(super) fn passwords(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.kind == "password")
    }

    /// What it sends where nobody fills it in: all that is set, and the first of its buttons.
    pub(super) fn defaults(&self) -> Vec<(String, String)> {
        let mut pressed = false;
        let mut sent = Vec::new();
        for field in self.fields.iter().filter(|field| field.sent && !field.name.is_empty()) {
            if matches!(field.kind.as_str(), "submit" | "image") && std::mem::replace(&mut pressed, true) {
                continue;
            }
            sent.push((field.name.clone(), field.value.clone()));
        }
        sent
    }
}

/// What is open while the page is read.
#[derive(Default)]
struct Reading {
    page: Page,
    base: Option<Url>,
    /// In the title, a link, a form, a choice: indices into the page.
    title: Option<String>,
    link: Option<usize>,
    form: Option<usize>,
    select: bool,
    textarea: bool,
    /// In a script or style.
    hidden: bool,
}

impl Page {
    /// Reads the page that was found at `at`.
    pub(super) fn read(html: &str, at: &Url) -> Self {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let mut reading = Reading { base: Some(at.clone()), ..Reading::default() };
        for token in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Ok(Token::StartTag(tag)) => reading.open(&tag),
                Ok(Token::EndTag(tag)) => reading.close(&tag.name),
                Ok(Token::String(text)) => reading.text(&String::from_utf8_lossy(&text)),
                Ok(_) => {}
                Err(never) => match never {},
            }
        }
        reading.finish_title();
        reading.page
    }
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    let value = tag.attributes.get(name.as_bytes())?;
    Some(String::from_utf8_lossy(value.get(..ATTRIBUTE).unwrap_or(value)).into_owned())
}

fn push(text: &mut String, more: &str, most: usize) {
    let more = more.trim();
    if !more.is_empty() && text.len() < most {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&super::clip(more, most - text.len().min(most)));
    }
}

impl Reading {
    fn url(&self, reference: &str) -> Option<Url> {
        self.base.as_ref()?.join(reference.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
    }

    fn open(&mut self, tag: &StartTag<()>) {
        match tag.name.as_slice() {
            b"title" if self.page.title.is_none() => self.title = Some(String::new()),
            b"base" => {
                if let Some(url) = attribute(tag, "href").and_then(|href| self.url(&href)) {
                    self.base = Some(url);
                }
            }
            b"meta" => self.meta(tag),
            b"a" | b"area" => self.reference(attribute(tag, "href"), true),
            b"frame" | b"iframe" => self.reference(attribute(tag, "src"), true),
            b"link" => self.reference(attribute(tag, "href"), false),
            b"img" => self.reference(attribute(tag, "src"), false),
            b"script" => {
                self.page.scripts = true;
                self.hidden = true;
                self.reference(attribute(tag, "src"), false);
            }
            b"style" => self.hidden = true,
            b"form" => self.form(tag),
            b"input" | b"button" | b"textarea" | b"select" => self.field(tag),
            b"option" if self.select => self.option(tag),
            _ => {}
        }
    }

    fn meta(&mut self, tag: &StartTag<()>) {
        if !attribute(tag, "http-equiv").is_some_and(|what| what.eq_ignore_ascii_case("refresh")) {
            return;
        }
        // `0; url=/login`. A page that loads anew after a while stays the page.
        let content = attribute(tag, "content").unwrap_or_default();
        let Some((seconds, rest)) = content.split_once([';', ',']) else { return };
        let rest = rest.trim();
        let reference = match rest.get(..3) {
            Some(start) if start.eq_ignore_ascii_case("url") => {
                rest.get(3..).unwrap_or_default().trim_start().trim_start_matches('=').trim().trim_matches(['"', '\''])
            }
            _ => rest,
        };
        if seconds.trim().parse::<f32>().is_ok_and(|seconds| seconds <= 3.0) {
            self.page.refresh = self.page.refresh.take().or_else(|| self.url(reference));
        }
    }

    fn reference(&mut self, reference: Option<String>, followed: bool) {
        if followed {
            self.link = None;
        }
        let Some(url) = reference.and_then(|reference| self.url(&reference)) else { return };
        if self.page.links.len() >= LINKS {
            self.page.more = true;
            return;
        }
        self.page.links.push(Link { url, text: String::new(), followed });
        if followed {
            self.link = Some(self.page.links.len() - 1);
        }
    }

    fn form(&mut self, tag: &StartTag<()>) {
        // A form within a form is none (HTML, section 13.2.6.4.7).
        if self.form.is_some() {
            return;
        }
        if self.page.forms.len() >= FORMS {
            self.page.more = true;
            return;
        }
        let action = attribute(tag, "action").unwrap_or_default();
        let Some(action) = self.url(&action) else { return };
        let post = attribute(tag, "method").is_some_and(|method| method.trim().eq_ignore_ascii_case("post"));
        self.page.forms.push(Form { action, post, fields: Vec::new(), text: String::new() });
        self.form = Some(self.page.forms.len() - 1);
    }

    fn current(&mut self) -> Option<&mut Form> {
        self.page.forms.get_mut(self.form?)
    }

    fn field(&mut self, tag: &StartTag<()>) {
        let told = attribute(tag, "type").map(|kind| kind.trim().to_ascii_lowercase());
        let kind = match tag.name.as_slice() {
            b"input" => told.filter(|kind| !kind.is_empty()).unwrap_or_else(|| "text".to_owned()),
            b"button" => told.filter(|kind| kind == "button" || kind == "reset").unwrap_or_else(|| "submit".to_owned()),
            b"select" => "select".to_owned(),
            _ => "textarea".to_owned(),
        };
        self.select = kind == "select";
        self.textarea = kind == "textarea";
        let loose = self.form.is_none();
        if loose && kind == "password" {
            self.page.loose_password = true;
        }
        let box_ = matches!(kind.as_str(), "checkbox" | "radio");
        let value = attribute(tag, "value").unwrap_or_else(|| if box_ { "on".to_owned() } else { String::new() });
        let sent = !tag.attributes.contains_key(b"disabled".as_slice())
            && !matches!(kind.as_str(), "button" | "reset" | "file")
            && (!box_ || tag.attributes.contains_key(b"checked".as_slice()));
        let name = attribute(tag, "name").unwrap_or_default();
        let mut more = false;
        if let Some(form) = self.current() {
            if matches!(kind.as_str(), "submit" | "button" | "image") {
                push(&mut form.text, &value, ATTRIBUTE);
            }
            more = form.fields.len() >= FIELDS;
            if !more {
                form.fields.push(Field { name, kind, value, sent });
            }
        }
        self.page.more |= more;
    }

    fn option(&mut self, tag: &StartTag<()>) {
        let selected = tag.attributes.contains_key(b"selected".as_slice());
        let value = attribute(tag, "value").unwrap_or_default();
        if let Some(field) = self.current().and_then(|form| form.fields.last_mut())
            && (selected || field.value.is_empty())
        {
            field.value = value;
        }
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            b"title" => self.finish_title(),
            b"a" => self.link = None,
            b"form" => self.form = None,
            b"select" => self.select = false,
            b"textarea" => self.textarea = false,
            b"script" | b"style" => self.hidden = false,
            _ => {}
        }
    }

    fn finish_title(&mut self) {
        if let Some(title) = self.title.take() {
            let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
            self.page.title = Some(super::clip(&title, 200)).filter(|title| !title.is_empty());
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden {
            return;
        }
        if let Some(title) = &mut self.title {
            push(title, text, ATTRIBUTE);
            return;
        }
        if self.textarea {
            if let Some(field) = self.current().and_then(|form| form.fields.last_mut()) {
                push(&mut field.value, text, ATTRIBUTE);
            }
            return;
        }
        push(&mut self.page.text, text, TEXT);
        if let Some(link) = self.link.and_then(|link| self.page.links.get_mut(link)) {
            push(&mut link.text, text, 200);
        }
        if let Some(form) = self.current() {
            push(&mut form.text, text, ATTRIBUTE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(html: &str) -> Page {
        Page::read(html, &Url::parse("http://192.0.2.1/a/b").unwrap())
    }

    #[test]
    fn a_page_with_a_log_in() {
        let page = read(
            "<TITLE> Camera &amp;\n more </title><form method=POST action='login?x=1'><input name=u value=admin>\
             <input type=Password name=p><input type=hidden name=csrf_token value='a&quot;b'><input type=checkbox name=keep>\
             <select name=lang><option value=en><option value=ja selected>日本語</select><button name=go value=1>ログイン\
             </form><a href=/logout><b>Sign</b> out</a><script>'<form>'</script>",
        );
        assert_eq!(page.title.as_deref(), Some("Camera & more"));
        let [form] = page.forms.as_slice() else { panic!("{page:?}") };
        assert_eq!((form.action.as_str(), form.post), ("http://192.0.2.1/a/login?x=1", true));
        let sent = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let expected = [("u", "admin"), ("p", ""), ("csrf_token", "a\"b"), ("lang", "ja"), ("go", "1")].map(sent);
        assert_eq!(form.defaults(), expected);
        assert_eq!((form.passwords().count(), form.text.contains("ログイン")), (1, true));
        assert_eq!((page.links[0].text.as_str(), page.links[0].url.path()), ("Sign out", "/logout"));
        assert!(page.scripts && !page.loose_password && !page.more);
    }

    #[test]
    fn pages_that_send_on() {
        let to = |html: &str| read(html).refresh.map(|url| url.to_string());
        let luci = "<meta http-equiv=\"refresh\" content=\"0; URL=cgi-bin/luci/\" />";
        assert_eq!(to(luci).as_deref(), Some("http://192.0.2.1/a/cgi-bin/luci/"));
        assert_eq!(to("<meta http-equiv=refresh content='60; url=/'>"), None);
        assert_eq!(to("<meta http-equiv=refresh content='0; url=javascript:alert(1)'>"), None);
    }

    #[test]
    fn a_password_outside_forms() {
        assert!(read("<div><input type=password>").loose_password);
    }

    #[test]
    fn more_than_is_kept() {
        let forms = read(&"<form><input name=a></form>".repeat(10_000));
        assert_eq!((forms.forms.len(), forms.more), (FORMS, true));
        let nested = read(&"<div><form><a href=x>".repeat(50_000));
        assert_eq!((nested.forms.len(), nested.links.len(), nested.more), (1, LINKS, true));
    }

    proptest! {
        #[test]
        fn any_text(html in "\\PC{0,300}") {
            read(&html);
        }

        #[test]
        fn any_tags(tags in prop::collection::vec("</?(title|form|input|select|option|textarea|a|base|meta|script|button)( (href|name|type|value|content|http-equiv)=(\"?[a-z:/;=]{0,9}\"?|password|refresh))*>?.?", 0..60)) {
            read(&tags.concat());
        }
    }
}
