//! OpenWrt's configuration files (`/etc/config/…`).

/// A section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) kind: String,
    pub(super) name: Option<String>,
    /// Option or list, value, line from 0.
    pub(super) options: Vec<(String, String, usize)>,
}

impl Section {
    pub(super) fn get(&self, option: &str) -> Option<(&str, usize)> {
        self.options.iter().find(|(name, _, _)| name == option).map(|(_, value, line)| (value.as_str(), *line))
    }
}

/// Reads a configuration file; lines that are none are left out.
pub(super) fn parse(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let words = words(line);
        match words.first().map(String::as_str) {
            Some("config") if words.len() >= 2 => {
                sections.push(Section { kind: words[1].clone(), name: words.get(2).cloned(), options: Vec::new() });
            }
            Some("option" | "list") if words.len() >= 3 => {
                if let Some(section) = sections.last_mut() {
                    section.options.push((words[1].clone(), words[2].clone(), index));
                }
            }
            _ => {}
        }
    }
    sections
}

/// The words of a line, quotes taken off; a `#` in front of one begins a comment.
pub(super) fn words(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut current: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '#') if current.is_none() => break,
            (None, '\'' | '"') => {
                quote = Some(c);
                current.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => out.extend(current.take()),
            (_, c) => current.get_or_insert_default().push(c),
        }
    }
    out.extend(current);
    out
}

/// A value as UCI reads a switch; none where it is none.
pub(super) fn boolean(value: &str) -> Option<bool> {
    match value {
        "1" | "on" | "true" | "yes" | "enabled" => Some(true),
        "0" | "off" | "false" | "no" | "disabled" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_options() {
        let sections = parse(
            "config dropbear\n\toption PasswordAuth 'on'\n#\toption Port 22\nconfig interface 'lan'\n\tlist dns \"1.1.1.1\"\n",
        );
        assert_eq!(sections.len(), 2);
        assert_eq!(sections[0].get("PasswordAuth"), Some(("on", 1)));
        assert_eq!(sections[0].get("Port"), None);
        assert_eq!(sections[1].name.as_deref(), Some("lan"));
    }
}
