//! What authors are told about their mistakes.

use std::fmt::Write;

use crate::facts;
use sekisho_expr::Expr;

/// The source with a mark under what is to blame, the message and the hint.
fn explained(source: &str) -> String {
    let errors = Expr::condition(source, &facts::scope()).expect_err(source);
    let mut text = format!("{source}\n");
    for error in errors {
        let before = source[..error.span.start].chars().count();
        let marked = source[error.span.clone()].chars().count().max(1);
        writeln!(text, "{}{} {}", " ".repeat(before), "^".repeat(marked), error.message).expect("writing to a text");
        if let Some(hint) = error.hint {
            writeln!(text, "{}hint: {hint}", " ".repeat(before)).expect("writing to a text");
        }
    }
    text
}

#[test]
fn every_mistake_is_explained() {
    let sources = [
        // Syntax.
        "",
        "value.on &&",
        "value.on & value.on",
        "value.on and value.on",
        "value.port = 1",
        "value.port + 1 == 2",
        "value.port - 1 == 2",
        "value.name == 'root",
        r"value.name.matches('\d')",
        "value.tags[0] == 'x'",
        "value.on || (true",
        "has(value)",
        "has(value.on, value.on)",
        "value.1",
        "99999999999999999999 == 1",
        "package == 1",
        "value.name == 'a' 'b'",
        "錠 == 1",
        // Names.
        "vlaue.on",
        "value.nmae == 'root' && value.prot == 1",
        "value.inner.q == 1",
        "value.kind == 'd'",
        "value.kind in ['a', 'bb', 'd']",
        "value.name.startWith('r')",
        "value.name.upper() == 'A'",
        "versionLes('1', '2')",
        "versionLess('1')",
        "value.tags.exists(value, value == 'a')",
        // Types.
        "value.port",
        "!value.port",
        "value.on && value.name",
        "value.port == '443'",
        "value.score > 7",
        "value.on < true",
        "value.tags == 'x'",
        "value.name in value.ports",
        "value.name in value.name",
        "value.port == null",
        "value.name.startsWith(1)",
        "value.port.size() == 1",
        "versionLess(value.port, '1')",
        "[1, 'a'] == [1]",
        "value.on ? 1 : 'a'",
        "value.inner == value.inner",
        "value.extra == null",
        "value.name.x == 1",
        "value.ports.all(p, p)",
        "value.name.matches('(')",
        "value.name.matches(value.kind)",
        // Presence.
        "value.level > 1",
        "value.owner.startsWith('a')",
        "has(value.owner) || value.owner.startsWith('a')",
        "!has(value.owner) && value.owner.startsWith('a')",
        "value.parent.flag",
        "has(value.parent.flag)",
        "(has(value.owner) && true) && value.on && value.owner.size() < value.level",
    ];
    let explained: Vec<String> = sources.into_iter().map(explained).collect();
    insta::assert_snapshot!(explained.join("\n"));
}

#[test]
fn presence_is_understood() {
    for source in [
        "has(value.owner) && value.owner.startsWith('a')",
        "value.owner != null && value.owner.startsWith('a')",
        "null != value.owner && value.on && value.owner.startsWith('a')",
        "!has(value.owner) || value.owner.startsWith('a')",
        "value.owner == null || value.level == null || value.owner.size() < value.level",
        "!(has(value.owner) && has(value.level)) || value.owner.size() < value.level",
        "has(value.owner) ? value.owner.startsWith('a') : false",
        "!has(value.owner) ? false : value.owner.startsWith('a')",
        "value.owner == 'a' && value.owner.size() == 1",
        "value.owner in ['a', 'b'] && value.owner.size() == 1",
        "(has(value.owner) && value.on) && value.owner.size() == 1",
        "has(value.parent) && has(value.parent.x) && value.parent.flag",
        "value.owner == 'a' || value.level == 3 || value.owner in value.tags",
        "has(value.owner) && value.tags.all(t, t != value.owner && value.owner.size() > 0)",
        "has(value.extra)",
    ] {
        if let Err(errors) = Expr::condition(source, &facts::scope()) {
            panic!("{source}: {errors:?}");
        }
    }
}
