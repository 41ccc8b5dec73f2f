//! What holds for every order, and the ecosystems' own vectors.

use std::fs;

use proptest::prelude::*;

use super::*;

/// Texts that look like versions of `order`, so that many of them are.
fn versions(order: Order) -> &'static str {
    match order {
        Order::Dpkg => "([0-2]:)?[0-2][0-2a.+~-]{0,6}",
        Order::Rpm => "([0-2]:)?[0-2a][0-2ab._^~]{0,5}(-[0-2]{1,2})?",
        Order::Apk => "[0-2]{1,2}(\\.[0-2]{1,2}){0,2}[ab]?(_(alpha|rc|p|git)[0-2]?){0,2}(~[0-2a]{1,2})?(-r[0-2])?",
        Order::SemVer | Order::SwiftTag | Order::Go | Order::Pub => {
            "v?[0-2]\\.[0-2]\\.[0-2](-[0-2a](\\.[0-2a]){0,2})?(\\+[0-2a])?"
        }
        Order::Pep440 => {
            "([0-1]!)?[0-2](\\.[0-2]){0,2}(((a|b|rc)[0-2])?(\\.post[0-2])?(\\.dev[0-2])?|((a|b|rc|\\.post|\\.dev)[0-2]){2})(\\+[0-2a])?"
        }
        Order::Maven => "[0-2](([.-]?(0|1|alpha|a|rc|sp|ga|snapshot|x)){0,4})",
        Order::RubyGems => "[0-2](\\.[0-2ab]{1,2}){0,4}(-[0-2ab])?",
        Order::Composer => "[0-2](\\.[0-2]){0,3}(-?(dev|alpha|beta|RC|p)[0-2]{0,2})?(-dev)?",
        Order::NuGet => "[0-2](\\.[0-2]){0,3}(-[0-2aB](\\.[0-2aB]){0,2})?(\\+[0-2])?",
        Order::Numbers => "[0-2](\\.[0-2]{1,2}){0,3}",
        Order::Dotted => "v?[0-2](\\.[0-2]{1,2}[ab]?){0,2}(-(rc|beta|dev|pre)[0-2]|p1|-x)?",
    }
}

/// Antisymmetry, reflexivity, transitivity, and that equal versions stand in the same place.
fn is_an_order(order: Order, texts: &[String]) -> Result<(), TestCaseError> {
    for a in texts {
        prop_assert!(order.parse(a).is_none() || order.compare(a, a) == Some(Ordering::Equal), "{order:?} {a}");
        for b in texts {
            prop_assert_eq!(order.compare(a, b), order.compare(b, a).map(Ordering::reverse), "{:?} {} {}", order, a, b);
            for c in texts {
                let (Some(ab), Some(bc), Some(ac)) = (order.compare(a, b), order.compare(b, c), order.compare(a, c))
                else {
                    continue;
                };
                if ab == bc || bc.is_eq() {
                    prop_assert_eq!(ac, ab, "{:?}: {} {} {}", order, a, b, c);
                } else if ab.is_eq() {
                    prop_assert_eq!(ac, bc, "{:?}: {} {} {}", order, a, b, c);
                }
            }
        }
    }
    Ok(())
}

#[test]
fn every_order_is_one() {
    for order in Order::ALL {
        let mut runner =
            proptest::test_runner::TestRunner::new(ProptestConfig { cases: 400, ..ProptestConfig::default() });
        let mut readable = 0_u32;
        let result = runner.run(&prop::collection::vec(versions(order), 2..6), |texts| is_an_order(order, &texts));
        assert!(result.is_ok(), "{}", result.unwrap_err());
        // The law would hold of texts that no order reads, too.
        for _ in 0..1000 {
            let text = prop::strategy::Strategy::new_tree(&versions(order), &mut runner).unwrap();
            readable += u32::from(order.parse(&prop::strategy::ValueTree::current(&text)).is_some());
        }
        assert!(readable > 500, "{order:?} reads only {readable} of 1,000");
    }
}

proptest! {
    #[test]
    fn any_text_is_ordered_or_refused(texts in prop::collection::vec("[0-9a-zA-Z.~^_:+!é-]{0,8}", 3)) {
        for order in Order::ALL {
            is_an_order(order, &texts)?;
        }
    }

    #[test]
    fn no_text_panics(a in ".*", b in ".*") {
        for order in Order::ALL {
            let _ = order.compare(&a, &b);
            let _ = order.parse_bound(&a);
        }
    }
}

#[test]
fn overlong_texts_are_refused() {
    for order in Order::ALL {
        let longest = format!("1.{}", "0".repeat(LONGEST));
        assert!(order.parse(&longest).is_none() && order.parse_bound(&longest).is_none());
        for text in ["1.".repeat(LONGEST / 2), "1-".repeat(LONGEST / 2), "a1".repeat(LONGEST / 2), "~".repeat(LONGEST)]
        {
            let _ = order.compare(&text, &text);
        }
    }
}

#[test]
fn what_sets_the_orders_apart() {
    for (order, lower, higher) in [
        (Order::Dpkg, "1.0-1", "1.0+b-1"),
        (Order::Dpkg, "1.1.1n-0+deb11u4", "1.1.1n-0+deb11u5"),
        (Order::Rpm, "1:1.1.1k-5.el8_5", "1:1.1.1k-7.el8_6"),
        (Order::Rpm, "1.0~rc1-1", "1.0-1"),
        (Order::Apk, "1.36.1_rc1-r0", "1.36.1-r0"),
        (Order::Apk, "1.06", "1.1"),
        (Order::SemVer, "1.0.0-rc.2", "1.0.0-rc.11"),
        (Order::Go, "v0.0.0-20191109021931-daa7c04131f5", "v0.0.0-20200220183623-bac4c82f6975"),
        (Order::Go, "v1.2.3", "v1.2.4-0.20191109021931-daa7c04131f5"),
        (Order::Go, "go1.21rc2", "go1.21.0"),
        (Order::Go, "v2.0.0", "v2.0.1+incompatible"),
        (Order::Pub, "1.0.0", "1.0.0+1"),
        (Order::Pep440, "1.0.dev1", "1.0a1"),
        (Order::Maven, "2.0-SNAPSHOT", "2.0"),
        (Order::Maven, "2.0.RC1", "2.0"),
        (Order::RubyGems, "1.0.0.rc1", "1.0.0"),
        (Order::Composer, "1.0.0-RC1", "1.0.0"),
        (Order::Composer, "1.0.0", "1.0.0-p1"),
        (Order::NuGet, "1.0.0", "1.0.0.1"),
        (Order::Numbers, "0.1", "0.1.0"),
        (Order::Dotted, "6.1-rc3", "6.1"),
        (Order::Dotted, "1.0.2z", "1.0.2za"),
        (Order::Dotted, "1.0-dev", "1.0"),
        (Order::Dotted, "6.6", "6.6p1"),
        (Order::Dotted, "V10.4.3", "10.4.4"),
        (Order::Go, "1.2.3-alpha1rc2", "1.2.3-alpha1rc3"),
        (Order::Dotted, "2022.10", "2023.01-rc4"),
        (Order::Dotted, "5.4.210", "5.10.0-21-amd64"),
    ] {
        assert_eq!(order.compare(lower, higher), Some(Ordering::Less), "{order:?}: {lower} < {higher}");
    }
    for (order, a, b) in [
        (Order::Composer, "v1.0", "1.0.0.0"),
        (Order::NuGet, "1.0.0-BETA", "1.0-beta+x"),
        (Order::Dotted, "6.1", "6.1.0"),
        (Order::Dpkg, "1.0", "0:1.0-0"),
        (Order::Go, "v1.2", "v1.2.0"),
    ] {
        assert_eq!(order.compare(a, b), Some(Ordering::Equal), "{order:?}: {a} = {b}");
    }
    for (order, a, b) in [
        (Order::SemVer, "4", "4.0.0"),
        (Order::SemVer, "1.0.0", "latest"),
        (Order::RubyGems, "1.15.0-java", "1.15.0"),
        (Order::Composer, "dev-main", "1.0"),
        (Order::Apk, "1.0bc", "1.0"),
        (Order::Apk, "1.0~abc", "1.0"),
        (Order::Rpm, "1.1.1k", "1.1.1k-5.el8"),
        (Order::Dotted, "5.10.0-21-amd64", "5.10.0"),
        (Order::Dotted, "cci.20200203", "1.0"),
        (Order::Dotted, "1.0-dev", "1.0-alpha"),
        (Order::Dotted, "1.0-git20230101", "1.0-rc1"),
        (Order::Dotted, "1.0b2", "1.0"),
        (Order::Dotted, "2.4.18smp", "2.4.18"),
        // A series is before and after versions of its own.
        (Order::Dotted, "1.0.x", "1.0.1"),
        (Order::Dotted, "4.14.*", "4.14.336"),
        (Order::Rpm, "unknown", "1.0-1"),
        (Order::Maven, "${revision}", "1.0"),
        (Order::Maven, "[1.0,2.0)", "1.0"),
        (Order::Maven, "unknown", "1.0"),
    ] {
        assert_eq!(order.compare(a, b), None, "{order:?}: {a} and {b}");
    }
}

/// One published assertion.
struct Vector {
    a: String,
    expected: Ordering,
    b: String,
}

/// What became of the published assertions of one file.
#[derive(Debug, Default)]
struct Count {
    agree: usize,
    /// The order refuses one of the two: no answer, never a wrong one.
    refused: Vec<String>,
    differ: Vec<String>,
}

fn check(order: Order, vectors: &[Vector]) -> Count {
    let mut count = Count::default();
    for Vector { a, expected, b } in vectors {
        let text = format!("{a} {expected:?} {b}");
        match order.compare(a, b) {
            Some(found) if found == *expected => count.agree += 1,
            Some(_) => count.differ.push(text),
            None => count.refused.push(text),
        }
    }
    count
}

/// `a < b`, one a line, as osv-scalibr and apk-tools write it.
fn lines(text: &str) -> Vec<Vector> {
    text.lines()
        .filter(|line| !line.starts_with("//") && !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (a, relation, b) = (words.next()?, words.next()?, words.next()?);
            let expected = match relation {
                "<" => Ordering::Less,
                "=" => Ordering::Equal,
                ">" => Ordering::Greater,
                _ => return None,
            };
            Some(Vector { a: a.to_owned(), expected, b: b.to_owned() })
        })
        .collect()
}

/// The tests of the VERS specification: two or more versions with their sorted sequence, or whether two are equal.
fn vers(text: &str) -> (Vec<Vector>, Vec<(String, String)>) {
    let document: serde_json::Value = serde_json::from_str(text).unwrap();
    let (mut ordered, mut unequal) = (Vec::new(), Vec::new());
    for test in document["tests"].as_array().unwrap() {
        let texts = |value: &serde_json::Value| -> Vec<String> {
            value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
        };
        let input = texts(&test["input"]["versions"]);
        let [a, b] = input.as_slice() else { panic!("{test}") };
        let expected = match test["test_type"].as_str().unwrap() {
            "equality" if test["expected_output"] == false => {
                unequal.push((a.clone(), b.clone()));
                continue;
            }
            "equality" => Ordering::Equal,
            "comparison" if a == b => Ordering::Equal,
            // The answer is in lower case in places.
            "comparison" if texts(&test["expected_output"])[0].eq_ignore_ascii_case(a) => Ordering::Less,
            "comparison" => Ordering::Greater,
            other => panic!("{other}"),
        };
        ordered.push(Vector { a: a.clone(), expected, b: b.clone() });
    }
    (ordered, unequal)
}

fn shared(path: &str) -> Option<String> {
    sekisho_test::shared_data(&format!("versions/{path}")).map(|path| fs::read_to_string(path).unwrap())
}

/// How one file of assertions comes out: how many agree, how many are refused, which differ.
type Expected = (&'static str, Order, usize, usize, &'static [&'static str]);

/// Refused are, in `alpine` and `apk-version`: what the grammar of apk-package(5) does not hold, which apk itself calls invalid; `packagist`:
/// branches and what Composer does not take for a version; `pypi`: what PEP 440 does not; `pub` and `semver`: what has not three numbers of 64
/// bits; `redhat`: a version without a release beside one with it, and texts without a digit (`a+`, `_`); `rubygems`: `1beta` and `1gamma`,
/// which `Gem::Version` calls malformed; `openssl`: three letters.
const EXPECTED: [Expected; 17] = [
    ("osv-scalibr/alpine-versions.txt", Order::Apk, 741, 37, &[]),
    ("osv-scalibr/cran-versions.txt", Order::Numbers, 21, 0, &[]),
    ("osv-scalibr/debian-versions.txt", Order::Dpkg, 30, 0, &[]),
    ("osv-scalibr/hackage-versions.txt", Order::Numbers, 11, 0, &[]),
    ("osv-scalibr/maven-versions.txt", Order::Maven, 102, 0, &[]),
    ("osv-scalibr/nuget-versions.txt", Order::NuGet, 35, 0, &[]),
    // PHP tells them apart; Composer completes both to `1.0.0.0` before it compares.
    ("osv-scalibr/packagist-versions.txt", Order::Composer, 83, 11, &["1.0.0 Greater 1.0"]),
    ("osv-scalibr/pub-versions.txt", Order::Pub, 97, 3, &[]),
    ("osv-scalibr/pypi-versions.txt", Order::Pep440, 26, 11, &[]),
    ("osv-scalibr/redhat-versions.txt", Order::Rpm, 149, 16, &[]),
    ("osv-scalibr/rubygems-versions.txt", Order::RubyGems, 23, 2, &[]),
    ("osv-scalibr/semver-versions.txt", Order::SemVer, 83, 3, &[]),
    ("apk-version.data", Order::Apk, 736, 2, &[]),
    ("vers-spec/alpine_version_cmp_test.json", Order::Apk, 716, 0, &[]),
    // Until Maven 3.8 `.a` was no `-a`; the specification says "`.qualifier` = `-qualifier` < `-number`" since (MNG-7644).
    (
        "vers-spec/maven_version_cmp_test.json",
        Order::Maven,
        971,
        0,
        &[
            "2-1 Less 2.0.a",
            "2-1 Less 2.0.0.a",
            "2.0.0.a Greater 2.0.a",
            "2-1 Less 2.0.a",
            "2-1 Less 2.0.0.a",
            "2.0.0.a Greater 2.0.a",
        ],
    ),
    ("vers-spec/nuget_version_cmp_test.json", Order::NuGet, 33, 0, &[]),
    ("vers-spec/openssl_version_cmp_test.json", Order::Dotted, 38, 6, &[]),
];

#[test]
fn published_vectors() {
    for (file, order, agree, refused, differ) in EXPECTED {
        let Some(text) = shared(file) else { continue };
        let json = file.ends_with("json");
        let (ordered, unequal) = if json { vers(&text) } else { (lines(&text), Vec::new()) };
        let mut count = check(order, &ordered);
        for (a, b) in unequal {
            match order.compare(&a, &b) {
                Some(Ordering::Equal) => count.differ.push(format!("{a} unequal {b}")),
                Some(_) => count.agree += 1,
                None => count.refused.push(format!("{a} unequal {b}")),
            }
        }
        assert_eq!(count.differ, differ, "{file}");
        assert_eq!((count.agree, count.refused.len()), (agree, refused), "{file}: {:?}", count.refused);
    }
}

/// `RPMVERCMP(a, b, -1)`, with comments on lines that start with `dnl`.
#[test]
fn the_table_of_rpm() {
    let Some(text) = shared("rpmvercmp.at") else { return };
    let (mut ordered, mut refused) = (0, 0);
    for line in text.lines() {
        let Some(arguments) = line.strip_prefix("RPMVERCMP(").and_then(|line| line.strip_suffix(')')) else { continue };
        let [a, b, expected] = arguments.split(", ").collect::<Vec<_>>()[..] else { panic!("{line}") };
        if let Some(order) = Order::Rpm.compare(a, b) {
            assert_eq!(order, expected.parse::<i8>().unwrap().cmp(&0), "{line}");
            ordered += 1;
        } else {
            assert!(!a.contains(|c: char| c.is_ascii_digit()), "{line}");
            refused += 1;
        }
    }
    assert_eq!((ordered, refused), (79, 12));
}

/// The lines with one word: what apk takes for a version, and after `!` what it does not.
#[test]
fn what_apk_takes_for_a_version() {
    let Some(text) = shared("apk-version.data") else { return };
    let mut seen = 0;
    for line in text.lines().filter(|line| line.split_whitespace().count() == 1) {
        let (valid, version) = line.strip_prefix('!').map_or((true, line), |version| (false, version));
        assert_eq!(Order::Apk.parse(version).is_some(), valid, "{line}");
        seen += 1;
    }
    assert!(seen > 25, "{seen}");
}
