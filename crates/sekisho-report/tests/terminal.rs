//! What is printed on a terminal, in both languages.

mod fixture;

use sekisho_model::Lang;
use sekisho_report::{Texts, terminal};
use terminal::Style;
use unicode_width::UnicodeWidthStr;

const WIDE: Style = Style { color: false, width: 100, unicode: true };

fn summary(lang: Lang, style: Style) -> String {
    terminal::summary(&fixture::assessment(), &fixture::texts(), lang, style, Some("camera.html"))
}

fn explain(id: &str, lang: Lang) -> String {
    terminal::explain(&fixture::assessment(), &fixture::texts(), id, lang, WIDE).expect("the fixture has it")
}

#[test]
fn summary_en() {
    insta::assert_snapshot!(summary(Lang::En, Style::default()));
}

#[test]
fn summary_ja() {
    insta::assert_snapshot!(summary(Lang::Ja, Style::default()));
}

#[test]
fn summary_ascii() {
    let shown = summary(Lang::En, Style { unicode: false, width: 72, ..Style::default() });
    assert!(shown.is_ascii(), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn the_summary_fits_on_a_screen() {
    for lang in Lang::ALL {
        for width in [60, 80, 120] {
            let shown = summary(lang, Style { width, ..Style::default() });
            assert!(shown.lines().count() <= 45, "{shown}");
            for line in shown.lines() {
                assert!(line.width() <= width, "{width} columns: {line}");
            }
        }
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    for lang in Lang::ALL {
        let plain = summary(lang, Style::default());
        let coloured = summary(lang, Style { color: true, ..Style::default() });
        assert!(coloured.contains('\u{1b}'));
        assert_eq!(without_colour(&coloured), plain);
    }
}

/// Takes out the sequences that set colours.
fn without_colour(text: &str) -> String {
    let mut plain = String::new();
    for (i, part) in text.split('\u{1b}').enumerate() {
        plain.push_str(if i == 0 { part } else { part.split_once('m').expect("a colour").1 });
    }
    // A line may end in a sequence behind its last letter; spaces before that stay where they were.
    plain.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

#[test]
fn explain_control_en() {
    insta::assert_snapshot!(explain("EN303645:5.4-3", Lang::En));
}

#[test]
fn explain_control_ja() {
    insta::assert_snapshot!(explain("EN303645:5.1-1", Lang::Ja));
}

#[test]
fn explain_objective_en() {
    insta::assert_snapshot!(explain("log-events", Lang::En));
}

#[test]
fn explain_objective_ja() {
    insta::assert_snapshot!(explain("upd-authentic", Lang::Ja));
}

#[test]
fn what_is_not_there_is_not_explained() {
    let explained = terminal::explain(&fixture::assessment(), &fixture::texts(), "NO:1", Lang::En, WIDE);
    assert_eq!(explained, None);
}

#[test]
fn hostile_excerpts_reach_the_terminal_as_text() {
    for lang in Lang::ALL {
        let shown = explain("EN303645:5.4-3", lang);
        assert!(shown.contains("\\u{202e} <script>"), "{shown}");
        assert!(shown.contains("\\u{1b}[31m"), "{shown}");
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'));
    }
}

#[test]
fn show_document_en() {
    let texts = fixture::texts();
    let document = texts.document("EN303645").expect("the fixture has it");
    insta::assert_snapshot!(terminal::show_document(document, &texts, Lang::En, WIDE));
}

#[test]
fn show_control_en() {
    let texts = fixture::texts();
    let (document, control) = texts.control("EN303645:5.1-1").expect("the fixture has it");
    insta::assert_snapshot!(terminal::show_control(document, control, &texts, Lang::En, WIDE));
}

#[test]
fn show_unverified_control_ja() {
    let texts = fixture::texts();
    let (document, control) = texts.control("owasp:c-i4-1").expect("the fixture has it");
    let shown = terminal::show_control(document, control, &texts, Lang::Ja, Style::default());
    assert!(shown.contains("原典との照合が済んでいません"), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn show_objective_ja() {
    let texts = fixture::texts();
    let objective = texts.objective("auth-no-default-password").expect("the fixture has it");
    insta::assert_snapshot!(terminal::show_objective(objective, &texts, Lang::Ja, Style::default()));
}
