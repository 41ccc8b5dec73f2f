//! CPE names: 2.3 formatted strings as they are, 2.2 URIs turned into them, and what is in them.
//!
//! Source: NIST IR 7695, *Common Platform Enumeration: Naming Specification Version 2.3* (2011), 6.1 (URI binding) and 6.2
//! (formatted string binding).

use std::fmt::Write as _;

/// The attributes of a CPE 2.3 name: unquoted, in lower case, `*` for any and `-` for none. What is quoted in the name cannot be told from that
/// any more, so an attribute that is a quoted asterisk reads as any; no such product is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// `a` application, `o` operating system, `h` hardware, or `*`.
    pub part: String,
    /// Vendor.
    pub vendor: String,
    /// Product.
    pub product: String,
    /// Version.
    pub version: String,
    /// Update, such as `rc1`.
    pub update: String,
    /// Edition of the software, such as `lts`.
    pub sw_edition: String,
    /// The software that it runs in, such as `node.js`.
    pub target_sw: String,
    /// The hardware that it runs on.
    pub target_hw: String,
}

impl Name {
    /// Reads a CPE 2.3 formatted string; none where it is none, or where vendor or product is left open or does not apply.
    pub fn parse(name: &str) -> Option<Self> {
        let attributes = attributes(name.strip_prefix("cpe:2.3:")?)?;
        // part, vendor, product, version, update, edition, language, sw_edition, target_sw, target_hw, other
        let [part, vendor, product, version, update, _, _, sw_edition, software, hardware, _] =
            <[String; 11]>::try_from(attributes).ok()?;
        let named = |attribute: &str| !matches!(attribute, "" | "*" | "-");
        (matches!(part.as_str(), "a" | "o" | "h" | "*") && named(&vendor) && named(&product)).then_some(Self {
            part,
            vendor,
            product,
            version,
            update,
            sw_edition,
            target_sw: software,
            target_hw: hardware,
        })
    }
}

/// The attributes, unquoted, in lower case.
fn attributes(rest: &str) -> Option<Vec<String>> {
    let mut attributes = vec![String::new()];
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            ':' => {
                attributes.push(String::new());
                continue;
            }
            '\\' => chars.next()?,
            c if c.is_whitespace() || c.is_control() => return None,
            c => c,
        };
        attributes.last_mut()?.extend(c.to_lowercase());
    }
    Some(attributes)
}

/// The CPE 2.3 name that `value` is or that it says in the form of version 2.2; none where it is neither.
pub fn normalise(value: &str) -> Option<String> {
    if let Some(rest) = value.strip_prefix("cpe:2.3:") {
        let mut attributes = 1;
        let mut escaped = false;
        for c in rest.chars() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                ':' => attributes += 1,
                c if c.is_whitespace() || c.is_control() => return None,
                _ => {}
            }
        }
        let part = rest.split(':').next().is_some_and(|part| matches!(part, "a" | "o" | "h" | "*" | "-"));
        (attributes == 11 && part && !escaped && !rest.split(':').any(str::is_empty)).then(|| value.to_owned())
    } else {
        from_uri(value.strip_prefix("cpe:/")?)
    }
}

/// Turns the part of a CPE 2.2 URI after `cpe:/` into a formatted string (NIST IR 7695, 6.1.3 and 6.2.2).
fn from_uri(uri: &str) -> Option<String> {
    let mut parts = uri.split(':');
    let part = parts.next().filter(|part| matches!(*part, "a" | "o" | "h"))?;
    let parts: Vec<&str> = parts.collect();
    // Vendor, product, version, update, edition, language.
    if parts.len() < 2 || parts.len() > 6 || parts[1].is_empty() {
        return None;
    }
    let at = |i: usize| parts.get(i).copied().unwrap_or_default();
    // The edition may pack four more attributes: `~edition~sw_edition~target_sw~target_hw~other`.
    let mut packed = match at(4).strip_prefix('~') {
        Some(packed) => packed.split('~').collect(),
        None => vec![at(4)],
    };
    if packed.len() > 5 {
        return None;
    }
    packed.resize(5, "");
    let attributes = [at(0), at(1), at(2), at(3), packed[0], at(5), packed[1], packed[2], packed[3], packed[4]];
    let mut name = format!("cpe:2.3:{part}");
    for attribute in attributes {
        name.push(':');
        bind(attribute, &mut name)?;
    }
    Some(name)
}

/// Appends one attribute of a URI in the form that it has in a formatted string.
fn bind(attribute: &str, name: &mut String) -> Option<()> {
    match attribute {
        "" => name.push('*'),
        "-" => name.push('-'),
        _ => {
            let mut bytes = attribute.bytes();
            while let Some(byte) = bytes.next() {
                let c = if byte == b'%' {
                    let digits = [bytes.next()?, bytes.next()?];
                    u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
                } else {
                    byte
                };
                match c {
                    // `%01` and `%02` are the unquoted wildcards.
                    1 => name.push('?'),
                    2 => name.push('*'),
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' => name.push(char::from(c)),
                    b'!'..=b'~' => write!(name, "\\{}", char::from(c)).ok()?,
                    _ => return None,
                }
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn version_2_3_stays() {
        for name in
            ["cpe:2.3:a:pivotal_software:spring_framework:4.1.0:*:*:*:*:*:*:*", "cpe:2.3:o:a:b\\:c:-:*:*:*:*:*:*:*"]
        {
            assert_eq!(normalise(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn version_2_2_is_turned() {
        for (uri, name) in [
            ("cpe:/a:example:myapplication:1.0.0", "cpe:2.3:a:example:myapplication:1.0.0:*:*:*:*:*:*:*"),
            (
                "cpe:/a:microsoft:internet_explorer:8.%02:sp%01",
                "cpe:2.3:a:microsoft:internet_explorer:8.*:sp?:*:*:*:*:*:*",
            ),
            (
                "cpe:/a:hp:insight:7.4.0.1570:-:~~online~win2003~x64~",
                "cpe:2.3:a:hp:insight:7.4.0.1570:-:*:*:online:win2003:x64:*",
            ),
            ("cpe:/a:foo%5cbar:big%24money:2010", "cpe:2.3:a:foo\\\\bar:big\\$money:2010:*:*:*:*:*:*:*"),
        ] {
            assert_eq!(normalise(uri).as_deref(), Some(name));
        }
    }

    #[test]
    fn attributes_are_unquoted_and_in_lower_case() {
        let of = |name| Name::parse(name).map(|name| (name.vendor, name.product, name.version));
        let parts = |a: &str, b: &str, c: &str| Some((a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(of("cpe:2.3:a:BusyBox:busybox:1.36.0:*:*:*:*:*:*:*"), parts("busybox", "busybox", "1.36.0"));
        assert_eq!(of(r"cpe:2.3:a:c\:d:lib\+\+:*:*:*:*:*:*:*:*"), parts("c:d", "lib++", "*"));
        assert_eq!(of("cpe:2.3:a:*:busybox:1:*:*:*:*:*:*:*"), None);
        assert_eq!(of("cpe:2.3:a:busybox:busybox:1"), None);
        assert_eq!(of("cpe:2.3:q:busybox:busybox:1:*:*:*:*:*:*:*"), None);
        assert_eq!(of(r"cpe:2.3:a:b:c\"), None);
        assert_eq!(of("cpe:/a:busybox:busybox"), None);
    }

    #[test]
    fn what_is_none() {
        for bad in [
            "",
            "cpe:",
            "cpe:/",
            "cpe:/x:a:b",
            "cpe:/a",
            "cpe:/a:b",
            "cpe:2.3:a:b",
            "cpe:2.3:z:a:b:1:*:*:*:*:*:*:*",
            "cpe:/a:b:c%zz",
            "pkg:deb/a",
        ] {
            assert_eq!(normalise(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(cpe:(2.3:|/))?.*") {
            let _ = normalise(&text);
            let _ = Name::parse(&text);
        }

        #[test]
        fn what_comes_out_stays(text in "cpe:/[aoh](:[a-z0-9.%~-]{0,8}){0,7}") {
            if let Some(name) = normalise(&text) {
                prop_assert_eq!(normalise(&name), Some(name.clone()));
            }
        }
    }
}
