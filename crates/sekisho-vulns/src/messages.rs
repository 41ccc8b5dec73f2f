//! What is said to people, in both languages.

use sekisho_model::Text;
use sekisho_version::range::{Basis, Reason, Verdict};
use sekisho_vulndb::{Sample, Stale, StaleReason};

use crate::matcher::Claim;

/// What one advisory says, and why it does or does not concern the version.
pub(crate) fn claim(claim: &Claim) -> Text {
    let name = format!("{} ({})", claim.advisory, claim.feed);
    let (en, ja) = match &claim.verdict {
        Verdict::Affected(Basis::Listed) => {
            ("lists this version as affected".to_owned(), "この版を影響ありと列挙".to_owned())
        }
        Verdict::Affected(Basis::InRange { fixed: Some(fixed) }) => {
            (format!("fixed in {fixed}; this version is older"), format!("{fixed}で修正。この版はそれより古い"))
        }
        Verdict::Affected(Basis::InRange { fixed: None }) => (
            "this version lies in the affected range, and no fixed one is named".to_owned(),
            "この版は影響範囲内。修正版の記載なし".to_owned(),
        ),
        Verdict::Affected(Basis::Every) => {
            ("every version is affected".to_owned(), "全バージョンが影響あり".to_owned())
        }
        Verdict::NotAffected => {
            ("this version is outside of what is affected".to_owned(), "この版は影響範囲外".to_owned())
        }
        Verdict::Unknown(reason) => {
            let reason = self::reason(reason);
            (format!("cannot be said: {}", reason.en), format!("判断不能：{}", reason.ja))
        }
    };
    Text::new(format!("{name}: {en}"), format!("{name}：{ja}"))
}

fn reason(reason: &Reason) -> Text {
    match reason {
        Reason::NoOrder => Text::new(
            "the versions of this ecosystem have no known order",
            "このエコシステムのバージョンには既知の順序がない",
        ),
        Reason::Version => Text::new(
            "the component's version cannot be read in its ecosystem's order",
            "部品のバージョンがエコシステムの順序では解釈できない",
        ),
        Reason::Bound(bound) => Text::new(
            format!("the advisory's version '{bound}' cannot be read in the ecosystem's order"),
            format!("勧告のバージョン「{bound}」がエコシステムの順序では解釈できない"),
        ),
        Reason::Incomparable(other) => Text::new(
            format!("this version and {other} differ in something that has no order"),
            format!("この版と{other}は順序のない部分で異なる"),
        ),
        Reason::NoBeginning => Text::new("the affected range never begins", "影響範囲に始点がない"),
        Reason::Commits => {
            Text::new("the advisory names commits, not versions", "勧告がバージョンではなくコミットを示している")
        }
        Reason::Nothing => Text::new("the advisory says nothing of this version", "勧告がこの版に言及していない"),
        Reason::Release => Text::new(
            "the advisory has different answers for different releases of the distribution, and which one this is, is not known",
            "ディストリビューションのリリースにより答えが異なり、どのリリースか不明",
        ),
        Reason::Incomplete => Text::new("a part of the advisory could not be read", "勧告の一部が読み取れない"),
    }
}

pub(crate) fn disagree() -> Text {
    Text::new("the advisories contradict each other", "勧告どうしが矛盾している")
}

pub(crate) fn name_only() -> Text {
    Text::new(
        "only the name is the same: nothing says that it is this product",
        "名称のみの一致で、同一製品であることを示すものがない",
    )
}

pub(crate) fn packaged() -> Text {
    Text::new(
        "it comes in a distribution's package, which may carry the fix under the old version, and that distribution's advisories are not in the database",
        "ディストリビューションのパッケージであり、旧バージョンのまま修正を含む可能性がある。その勧告はデータベースにない",
    )
}

pub(crate) fn only_for(what: &str) -> Text {
    Text::new(
        format!("only where it is used as or within '{what}', which was not seen"),
        format!("「{what}」として、またはその中で使われる場合のみ。該当するかは確認できていない"),
    )
}

pub(crate) fn only_together(what: &str) -> Text {
    Text::new(
        format!("only together with '{what}', which was not seen"),
        format!("「{what}」と組み合わさる場合のみ。その有無は確認できていない"),
    )
}

/// That a condition has to be absent, where nobody could look at it.
pub(crate) fn unless(condition: &Text) -> Text {
    Text::new(
        format!("only where this does not hold: {}", condition.en),
        format!("次の条件が成り立たない場合のみ：{}", condition.ja),
    )
}

pub(crate) fn no_feed(ecosystem: &str) -> Text {
    Text::new(
        format!("no advisories of {ecosystem} are in the database"),
        format!("{ecosystem}の勧告がデータベースにない"),
    )
}

pub(crate) fn no_products() -> Text {
    Text::new(
        "it belongs to no ecosystem whose advisories are in the database, and neither NVD nor CVE records are",
        "勧告がデータベースにあるエコシステムに属さず、NVDとCVEのレコードもない",
    )
}

pub(crate) fn no_identity() -> Text {
    Text::new(
        "neither a package URL of a known ecosystem nor a CPE name tells which product it is",
        "既知のエコシステムのパッケージURLもCPE名もなく、製品を特定できない",
    )
}

pub(crate) fn no_version() -> Text {
    Text::new("its version is not known", "バージョンが不明")
}

pub(crate) fn no_source_package() -> Text {
    Text::new(
        "the distribution's advisories name source packages, and which one it was built from is not known",
        "ディストリビューションの勧告はソースパッケージ名で示されるが、ビルド元が不明",
    )
}

/// That a statement without a reason was passed over.
pub(crate) fn no_justification(document: &str) -> Text {
    Text::new(
        format!("{document} states that it is not affected and gives no reason: passed over"),
        format!("{document}は影響なしと表明しているが、理由がないため採用しない"),
    )
}

/// That a statement settles it.
pub(crate) fn stated(by: &str, document: &str, why: &str) -> Text {
    let by = if by.is_empty() { document } else { by };
    if why.is_empty() {
        Text::new(format!("stated by {by} in {document}"), format!("{by}が{document}で表明"))
    } else {
        Text::new(format!("stated by {by} in {document}: {why}"), format!("{by}が{document}で表明：{why}"))
    }
}

/// That the database is a sample, and shows how things work.
pub(crate) fn sample(sample: &Sample) -> Text {
    let (en, ja) = (&sample.en, &sample.ja);
    Text::new(
        format!("this database is a sample: what it lacks says nothing. {en}").trim_end(),
        format!("このデータベースは見本であり、記載がないことは何も意味しません。{ja}"),
    )
}

/// Why a feed should not be relied on.
pub(crate) fn stale(stale: &Stale) -> Text {
    let feed = &stale.feed;
    match &stale.reason {
        StaleReason::Old { newest, .. } => Text::new(
            format!("the newest record of {feed} is of {}: what was published since is not known", newest.day()),
            format!("{feed}の最新レコードは{}。以後に公表されたものは不明", newest.day()),
        ),
        StaleReason::Undated => Text::new(
            format!("no record of {feed} has a date: nobody can say how old it is"),
            format!("{feed}のレコードに日付がなく、鮮度が分からない"),
        ),
        StaleReason::Future { newest } => Text::new(
            format!(
                "the newest record of {feed} is dated {}, in the future: the clock or the data are wrong",
                newest.day()
            ),
            format!("{feed}の最新レコードの日付が未来（{}）。時計かデータが誤っている", newest.day()),
        ),
        StaleReason::Fell { before, now } => Text::new(
            format!("the last import of {feed} had {now} records, the one before {before}: something is missing"),
            format!("{feed}の直近の取り込みは{now}件で、前回の{before}件より少ない。欠落の疑い"),
        ),
        StaleReason::Incomplete { announced, seen } => Text::new(
            format!("{feed} announced {announced} records, and {seen} were there"),
            format!("{feed}は{announced}件と告げたが、実際は{seen}件"),
        ),
    }
}

/// Components that could not be judged, of one reason.
pub(crate) fn not_judged(names: &[String], reason: &Text) -> Text {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>();
    let more = names.len().saturating_sub(SHOWN);
    let (en, ja) = match more {
        0 => (String::new(), String::new()),
        more => (format!(" and {more} more"), format!("ほか{more}件")),
    };
    Text::new(format!("{}: {}{en}", reason.en, shown.join(", ")), format!("{}：{}{ja}", reason.ja, shown.join("、")))
}
