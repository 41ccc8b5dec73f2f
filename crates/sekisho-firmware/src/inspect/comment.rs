//! What is a comment in a text, as far as one must know it to leave it out.

/// How a kind of file marks its comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// Beginnings of comment lines.
    line: &'static [&'static str],
    /// Whether `/* … */` is one.
    block: bool,
    /// Whether `<!-- … -->` is one.
    markup: bool,
    /// Whether `#` behind a blank begins one in the middle of a line.
    hash: bool,
    /// Whether `=head1` … `=cut` is one: Perl's documentation in its programs.
    pod: bool,
    /// Whether a text between three quotes that stands for itself is one: Python's documentation in its programs.
    docstring: bool,
}

/// What kind of text a file is, by its name and beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// Settings, one a line.
    Config,
    /// Shell.
    Shell,
    /// A programming language: values are quoted.
    Code,
    /// HTML and XML.
    Markup,
    /// Documentation.
    Prose,
}

/// Directories and endings of documentation, licences and package descriptions.
const PROSE: [&str; 13] = [
    "/usr/share/doc/",
    "/usr/share/man/",
    "/usr/share/info/",
    "/usr/share/lintian/",
    ".egg-info",
    ".dist-info/METADATA",
    "/usr/doc/",
    "/opkg/info/",
    "/dpkg/info/",
    "/licenses/",
    "/LICENSES/",
    "/usr/share/licenses/",
    "/usr/share/common-licenses/",
];

/// Tells what a text is.
pub(super) fn language(path: &str, text: &str) -> Language {
    let name = super::file_name(path);
    let lower = name.to_ascii_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, e)| e);
    if PROSE.iter().any(|p| path.contains(p))
        || matches!(extension, "md" | "rst" | "1" | "5" | "8" | "control" | "list" | "tex")
        || ["readme", "license", "licence", "copying", "copyright", "changelog", "notice", "authors", "news"]
            .iter()
            .any(|p| lower.starts_with(p))
    {
        return Language::Prose;
    }
    match extension {
        "html" | "htm" | "xml" | "xhtml" | "svg" | "asp" | "shtml" | "cgi" if !text.starts_with("#!") => {
            Language::Markup
        }
        "js" | "mjs" | "json" | "lua" | "py" | "php" | "pl" | "pm" | "pod" | "rb" | "c" | "h" | "cpp" | "go"
        | "java" | "css" | "ts" | "uc" | "map" => Language::Code,
        "sh" | "bash" => Language::Shell,
        _ => match text.lines().next() {
            Some(first) if first.starts_with("#!") => {
                if first.contains("sh") {
                    Language::Shell
                } else {
                    Language::Code
                }
            }
            Some(first) if first.trim_start().starts_with("<?xml") || first.trim_start().starts_with("<!") => {
                Language::Markup
            }
            _ => Language::Config,
        },
    }
}

/// How comments of a language look.
pub(super) fn style(path: &str, language: Language) -> Style {
    let lua = path.ends_with(".lua");
    let pod = [".pm", ".pl", ".pod"].iter().any(|extension| path.ends_with(extension));
    match language {
        Language::Config => {
            Style { line: &["#", ";", "//"], block: false, markup: false, hash: true, pod: false, docstring: false }
        }
        Language::Shell => {
            Style { line: &["#"], block: false, markup: false, hash: true, pod: false, docstring: false }
        }
        Language::Code if lua => {
            Style { line: &["--"], block: false, markup: false, hash: false, pod: false, docstring: false }
        }
        Language::Code => Style {
            line: &["//", "#", "*"],
            block: true,
            markup: false,
            hash: false,
            pod,
            docstring: path.ends_with(".py"),
        },
        Language::Markup => {
            Style { line: &["//"], block: true, markup: true, hash: false, pod: false, docstring: false }
        }
        Language::Prose => Style { line: &[], block: false, markup: false, hash: false, pod: false, docstring: false },
    }
}

/// For each line the text, and the place from which on it is a comment (0 for a line that is one as a whole).
pub(super) fn lines(text: &str, style: Style) -> impl Iterator<Item = (usize, &str, usize)> {
    let mut inside: Option<&'static str> = None;
    // A text between three quotes that is a value.
    let mut value: Option<&'static str> = None;
    text.lines().enumerate().map(move |(index, line)| {
        if let Some(end) = inside {
            if line.contains(end) {
                inside = None;
            }
            return (index, line, 0);
        }
        if let Some(end) = value {
            if line.contains(end) {
                value = None;
            }
            return (index, line, line.len());
        }
        if style.docstring
            && let Some((mark, before, after)) = ["\"\"\"", "'''"]
                .into_iter()
                .filter_map(|mark| line.split_once(mark).map(|(before, after)| (mark, before, after)))
                .min_by_key(|(_, before, _)| before.len())
            && !before.contains('#')
        {
            let documentation = matches!(before.trim(), "" | "r" | "u" | "R" | "U");
            if !after.contains(mark) {
                *(if documentation { &mut inside } else { &mut value }) = Some(mark);
            }
            return (index, line, if documentation { 0 } else { line.len() });
        }
        if style.pod && line.starts_with('=') && line.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) {
            if !line.starts_with("=cut") {
                inside = Some("=cut");
            }
            return (index, line, 0);
        }
        let trimmed = line.trim_start();
        if style.line.iter().any(|mark| trimmed.starts_with(mark)) {
            return (index, line, 0);
        }
        let mut from = line.len();
        for (enabled, begin, end) in [(style.block, "/*", "*/"), (style.markup, "<!--", "-->")] {
            if enabled && let Some(at) = line.find(begin) {
                if line[at..].contains(end) {
                    // A comment inside a line: what stands before it counts.
                } else {
                    inside = Some(end);
                }
                from = from.min(at);
            }
        }
        if style.hash
            && let Some(at) = line.find(" #").or_else(|| line.find("\t#"))
        {
            from = from.min(at);
        }
        (index, line, from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_found() {
        let style = style("/x.js", Language::Code);
        let found: Vec<_> = lines("a /* b\nc\nd */\ne // f\n// g\n", style).map(|(_, _, at)| at).collect();
        assert_eq!(found, [2, 0, 0, 6, 0]);
        let python = super::style("/x.py", Language::Code);
        let text = "def f():\n  \"\"\"One.\n  a = 1\n  \"\"\"\n  b = \"\"\"\n  c\n  \"\"\"\n  d\n";
        let found: Vec<_> = lines(text, python).map(|(_, _, at)| at).collect();
        assert_eq!(found, [8, 0, 0, 0, 9, 3, 5, 3]);
        let perl = super::style("/x.pm", Language::Code);
        let found: Vec<_> = lines("a\n=head1 B\nc\n=cut\nd\n", perl).map(|(_, _, at)| at).collect();
        assert_eq!(found, [1, 0, 0, 0, 1]);
        let style = super::style("/x.conf", Language::Config);
        assert_eq!(lines("a=b # c\n", style).next().unwrap().2, 3);
    }

    #[test]
    fn languages() {
        assert_eq!(language("/etc/x.conf", "a=b"), Language::Config);
        assert_eq!(language("/bin/x", "#!/bin/sh\n"), Language::Shell);
        assert_eq!(language("/usr/share/doc/x/conf", "a"), Language::Prose);
        assert_eq!(language("/www/index.html", "<html>"), Language::Markup);
    }
}
