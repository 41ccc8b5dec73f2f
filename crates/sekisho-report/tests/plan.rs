//! The reading plan as text and as a page, from the built-in catalog.

use quick_xml::Reader as Xml;
use quick_xml::events::Event;
use sekisho_catalog::Catalog;
use sekisho_model::Lang;
use sekisho_model::plan::{Plan, Reader};
use sekisho_report::{html, terminal};
use terminal::Style;
use unicode_width::UnicodeWidthStr;

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// A developer alone, who shall read little: every section of the output has something in it.
fn plan(catalog: &Catalog) -> Plan {
    let reader = Reader {
        roles: words(&["developer"]),
        industries: words(&["consumer", "smart-home"]),
        markets: words(&["jp", "eu", "uk"]),
        languages: words(&["ja"]),
        read: words(&["8425:2.2.1"]),
        with: words(&["ENISA-READING", "OWASP"]),
        pages: Some(40),
        ..Reader::default()
    };
    let plan = sekisho_plan::plan(catalog, &reader, &[]).expect("the catalog has them");
    assert!(!plan.steps.is_empty() && !plan.over_budget.is_empty() && !plan.passed_over.is_empty());
    assert!(!plan.for_other_roles.is_empty() && !plan.uncovered.is_empty() && !plan.left_out.is_empty());
    plan
}

#[test]
fn it_fits_the_width_in_both_languages() {
    let catalog = sekisho_builtin::catalog();
    let plan = plan(&catalog);
    for lang in Lang::ALL {
        for width in [60, 80, 120] {
            let shown = terminal::plan(&plan, &catalog, lang, Style { width, ..Style::default() });
            for line in shown.lines() {
                assert!(line.width() <= width, "{width} columns: {line}");
                assert_eq!(line.trim_end(), line, "nothing behind the text");
            }
        }
    }
}

#[test]
fn colour_and_unicode_are_only_used_where_they_may_be() {
    let catalog = sekisho_builtin::catalog();
    let plan = plan(&catalog);
    let ascii = terminal::plan(&plan, &catalog, Lang::En, Style { unicode: false, ..Style::default() });
    assert!(!ascii.contains(['≈', '\u{1b}']) && ascii.contains('~'));
    assert!(terminal::plan(&plan, &catalog, Lang::En, Style { color: true, ..Style::default() }).contains('\u{1b}'));
}

#[test]
fn the_page_is_well_formed_and_needs_nothing_from_elsewhere() {
    let catalog = sekisho_builtin::catalog();
    for plan in [plan(&catalog), sekisho_plan::plan(&catalog, &Reader::default(), &[]).expect("no names, no mistake")] {
        let page = html::plan(&plan, &catalog, Lang::Ja).expect("the template renders");
        let (before, rest) = page.split_once("<style>").expect("a style");
        let (style, after) = rest.split_once("</style>").expect("it is closed");
        assert!(!style.contains("url(") && !style.contains("@import"));
        let markup = format!("{before}{after}");
        let mut reader = Xml::from_str(&markup);
        let mut open = 0;
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("at {}: {error}", reader.buffer_position())) {
                Event::Eof => break,
                Event::Start(element) => {
                    open += 1;
                    for attribute in element.attributes() {
                        let attribute = attribute.expect("a name and a quoted value");
                        let name = attribute.key.as_ref();
                        assert!(!name.starts_with("on") && name != "src" && name != "style", "{name}");
                    }
                }
                Event::End(_) => open -= 1,
                _ => {}
            }
        }
        assert_eq!(open, 0);
        assert_eq!(
            html::plan(&plan, &catalog, Lang::Ja).expect("it does again"),
            page,
            "the same plan, the same bytes"
        );
    }
}
