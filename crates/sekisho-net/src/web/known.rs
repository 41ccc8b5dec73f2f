//! Pages and files that are known by what is in them. The status alone says nothing: many servers answer 200 to everything.

use super::html::Page;
use crate::http::Response;

/// The server's own first page, by the server's name.
pub(super) fn default_page(page: &Page) -> Option<&'static str> {
    let title = page.title.as_deref().unwrap_or_default();
    let text = page.text.get(..2000).unwrap_or(&page.text);
    Some(match title {
        "Welcome to nginx!" => "nginx",
        _ if title.starts_with("Apache2") && title.contains("Default Page") => "apache",
        _ if text == "It works!" => "apache",
        _ if title.starts_with("Test Page for the Apache HTTP Server") => "apache",
        "Welcome page" if text.contains("lighttpd") => "lighttpd",
        "IIS7" | "IIS8" | "IIS Windows" | "IIS Windows Server" => "iis",
        _ if title.starts_with("Apache Tomcat/") => "tomcat",
        _ if title.starts_with("Caddy works") => "caddy",
        _ => return None,
    })
}

/// Whether an answer is a list of a folder's files, made by the server.
pub(super) fn is_listing(response: &Response, page: &Page) -> bool {
    let title = page.title.as_deref().unwrap_or_default();
    // nginx, Apache, lighttpd, uhttpd, mini_httpd, thttpd; Python; Jetty; IIS.
    let titled = ["Index of ", "Directory listing for ", "Directory: /"].iter().any(|start| title.starts_with(start));
    response.status == 200
        && response.is_html()
        && !page.links.is_empty()
        && (titled || page.text.contains("[To Parent Directory]"))
}

/// Files that should lie open to nobody.
pub(super) const FILES: [&str; 8] = [
    "/.git/HEAD",
    "/.env",
    "/.htpasswd",
    "/backup.tar.gz",
    "/cgi-bin/",
    "/config.bin",
    "/phpinfo.php",
    "/server-status",
];

/// Whether an answer is what the file of that name would be.
pub(super) fn is_file(path: &str, response: &Response, page: &Page) -> bool {
    if response.status != 200 {
        return false;
    }
    let body = response.body.as_slice();
    let text = std::str::from_utf8(body).unwrap_or_default().trim();
    let title = page.title.as_deref().unwrap_or_default();
    match path {
        "/.git/HEAD" => {
            text.strip_prefix("ref: refs/").is_some_and(|name| !name.contains(char::is_whitespace))
                || text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
        "/.env" => is_environment(text),
        "/.htpasswd" => {
            !text.is_empty()
                && text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).all(|line| {
                    line.split_once(':').is_some_and(|(user, hash)| !user.contains(['<', ' ']) && is_hash(hash))
                })
        }
        // A server that takes the archive's packing for its own packing of the answer: what is in it is a tar then.
        "/backup.tar.gz" => body.starts_with(&[0x1f, 0x8b, 8]) || body.get(257..262) == Some(b"ustar"),
        "/cgi-bin/" => is_listing(response, page),
        // No form is known that all makers share: anything that is neither text nor a page.
        "/config.bin" => {
            let kind = response.header("content-type").unwrap_or_default();
            body.len() >= 64
                && std::str::from_utf8(body).map_or(true, |text| text.contains('\0'))
                && !["text/", "image/", "audio/", "video/", "font/"].iter().any(|other| kind.starts_with(other))
        }
        "/phpinfo.php" => title.contains("phpinfo()") && page.text.contains("PHP Version"),
        "/server-status" => {
            title == "Apache Status"
                || title == "Status" && page.text.contains("lighttpd")
                || page.text.contains("Server uptime:")
        }
        _ => false,
    }
}

/// Lines of `NAME=value`, and at least one of them.
fn is_environment(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
    lines.peek().is_some()
        && lines.all(|line| {
            let line = line.strip_prefix("export ").unwrap_or(line);
            line.split_once('=').is_some_and(|(name, _)| {
                name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
                    && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
            })
        })
}

/// Hashes of `htpasswd` and crypt(3).
fn is_hash(hash: &str) -> bool {
    let hash = hash.trim();
    hash.starts_with('$') && hash.len() > 12
        || hash.starts_with("{SHA}")
        || hash.len() == 13 && hash.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use url::Url;

    fn is(path: &str, body: &[u8]) -> bool {
        let response = Response { status: 200, body: body.to_vec(), ..Response::default() };
        let page = Page::read(&response.text(), &Url::parse("http://192.0.2.1/").unwrap());
        is_file(path, &response, &page)
    }

    #[test]
    fn files_are_known_by_what_is_in_them() {
        assert!(is("/.git/HEAD", b"ref: refs/heads/main\n"));
        assert!(is("/.env", b"# settings\nDB_PASSWORD=x\nexport A1=\n"));
        assert!(is("/.htpasswd", b"admin:$apr1$abcdefgh$0123456789\n"));
        assert!(is("/backup.tar.gz", &[0x1f, 0x8b, 8, 0]));
        assert!(is("/config.bin", &[&[0xff; 60][..], &[0; 60]].concat()));
        assert!(is("/phpinfo.php", b"<title>PHP 8.2 - phpinfo()</title>PHP Version 8.2"));
        assert!(is("/server-status", b"<title>Apache Status</title>"));
        assert!(is("/cgi-bin/", b"<title>Index of /cgi-bin/</title><a href=../>..</a>"));
    }

    #[test]
    fn a_page_for_everything_is_none_of_them() {
        let page =
            b"<!doctype html><title>Camera</title><p>A=1 welcome, admin:password; Index of things <a href=/>home</a>";
        for path in FILES {
            assert!(!is(path, page) && !is(path, b"") && !is(path, b"OK"), "{path}");
        }
    }

    #[test]
    fn the_servers_own_pages() {
        let at = Url::parse("http://192.0.2.1/").unwrap();
        let name = |html: &str| default_page(&Page::read(html, &at));
        assert_eq!(name("<title>Welcome to nginx!</title>"), Some("nginx"));
        assert_eq!(name("<html><body><h1>It works!</h1></body></html>"), Some("apache"));
        assert_eq!(name("<title>Apache2 Debian Default Page: It works</title>"), Some("apache"));
        assert_eq!(name("<title>Camera</title><h1>It works! Sign in</h1>"), None);
    }

    proptest! {
        #[test]
        fn any_body(body: Vec<u8>) {
            for path in FILES {
                is(path, &body);
            }
        }
    }
}
