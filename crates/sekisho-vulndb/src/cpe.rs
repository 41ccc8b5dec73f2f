//! Which vendor and product a CPE name speaks of.
//!
//! Source: NIST IR 7695, *Common Platform Enumeration: Naming Specification Version 2.3* (2011), 6.2 (formatted string binding).

/// Vendor and product of a CPE 2.3 formatted string, without its quoting, in lower case; none where it is no such name, or where one of
/// the two is left open (`*`) or said not to apply (`-`).
pub(crate) fn vendor_and_product(name: &str) -> Option<(String, String)> {
    let attributes = attributes(name.strip_prefix("cpe:2.3:")?)?;
    // part, vendor, product, version, update, edition, language, sw_edition, target_sw, target_hw, other
    let [part, vendor, product, ..] = attributes.as_slice() else { return None };
    let named = |attribute: &str| !matches!(attribute, "" | "*" | "-");
    (attributes.len() == 11 && matches!(part.as_str(), "a" | "o" | "h" | "*") && named(vendor) && named(product))
        .then(|| (vendor.clone(), product.clone()))
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

#[cfg(test)]
mod tests {
    use super::vendor_and_product;

    #[test]
    fn quoting_case_and_what_is_no_name() {
        let of = |name| vendor_and_product(name);
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(of("cpe:2.3:a:BusyBox:busybox:1.36.0:*:*:*:*:*:*:*"), pair("busybox", "busybox"));
        assert_eq!(of(r"cpe:2.3:a:c\:d:lib\+\+:*:*:*:*:*:*:*:*"), pair("c:d", "lib++"));
        assert_eq!(of("cpe:2.3:a:*:busybox:1:*:*:*:*:*:*:*"), None);
        assert_eq!(of("cpe:2.3:a:busybox:busybox:1"), None);
        assert_eq!(of("cpe:2.3:q:busybox:busybox:1:*:*:*:*:*:*:*"), None);
        assert_eq!(of(r"cpe:2.3:a:b:c\"), None);
        assert_eq!(of("cpe:/a:busybox:busybox"), None);
    }
}
