//! Texts about known vulnerabilities: the report of them, what changed in it, and what goes into other people's formats.

use sekisho_model::vulnerability::{ChangedPart, Confidence, Exposure, RecentKind};

use crate::bilingual::Bi;

super::messages! {
    NOT_SCORED = "Not scored", "評価なし";
    AFFECTED = "Affected", "影響あり";
    KNOWN_EXPLOITED = "known exploited", "悪用確認済み";
    UNDECIDED = "Cannot be said whether affected", "影響の有無を判定できないもの";
    SETTLED = "Settled by statements (VEX)", "VEXの記載により解決済み";
    NOT_JUDGED = "Components that could not be judged", "判定できなかった部品";
    NEXT = "What to do next", "次に行うこと";
    NONE_AFFECTED = "Nothing in the database says of a component that it is affected.", "影響ありとされた部品は、データベース上にはありません。";
    NONE_MENDED = "No version is known that mends any of these.", "いずれについても、修正版は知られていません。";

    ID = "ID", "識別番号";
    COMPONENT = "Component", "部品";
    SEVERITY = "Severity", "深刻度";
    EPSS = "EPSS", "EPSS";
    KEV = "KEV", "KEV";
    EXPOSURE = "Exposure", "露出";
    FIXED_IN = "Fixed in", "修正版";
    MATCH = "Match", "照合";
    STATED = "Stated", "記載内容";
    BECAUSE = "Because", "理由";
    BY = "By", "記載者";

    REACHED = "network", "待ち受け";
    NOT_SEEN = "not seen", "見られず";
    NOT_KNOWN = "?", "？";
    M_PACKAGE = "package", "パッケージ";
    M_DISTRIBUTION = "distribution", "ディストロ";
    M_CPE = "CPE", "CPE";
    M_CPE_ALL = "CPE, any version", "CPE（全版）";
    M_PRODUCT = "product", "製品名";
    M_NAME = "name only", "名称のみ";
    DISPUTED = "disputed", "異議あり";

    IS_NOT_AFFECTED = "not affected", "影響なし";
    IS_FIXED = "fixed", "修正済み";
    IS_AFFECTED = "affected", "影響あり";
    IS_INVESTIGATED = "under investigation", "調査中";

    J_COMPONENT_ABSENT = "component not present", "部品が含まれない";
    J_CODE_ABSENT = "vulnerable code not present", "脆弱なコードが含まれない";
    J_NOT_EXECUTED = "vulnerable code not in the execution path", "脆弱なコードが実行されない";
    J_NO_CONTROL = "cannot be controlled by an adversary", "攻撃者が制御できない";
    J_INLINE = "inline mitigations already exist", "製品内の緩和策が有効";
    J_CONFIGURATION = "needs a configuration that is not set", "該当する設定ではない";
    J_DEPENDENCY = "needs a dependency that is not there", "必要な依存部品がない";
    J_ENVIRONMENT = "needs an environment that is not there", "必要な環境にない";
    J_COMPILER = "protected by the compiler", "コンパイラーによる保護";
    J_RUNTIME = "protected at run time", "実行時の保護";
    J_PERIMETER = "protected at the perimeter", "境界での保護";
    J_MITIGATED = "protected by a mitigating control", "緩和策による保護";

    CHANGED_SINCE = "Changes in known vulnerabilities", "既知の脆弱性の変化";
    NEW = "New", "新規";
    CHANGED = "Changed", "変化あり";
    GONE = "Gone", "該当しなくなったもの";
    NO_LONGER_JUDGED = "Could be judged before, and no longer can", "以前は判定でき、今回は判定できなかった部品";
    NO_CHANGE = "Nothing changed.", "変化はありません。";
    SAME_DATABASE = "Both reports used the same database: what changed is the product, its statements, or how they were read.", "両方の報告で同じデータベースを使用しています。変化は、製品、VEX、または読み取り方によるものです。";
    OTHER_PRODUCT = "The two reports name different products.", "二つの報告の製品名が異なります。";

    WHY_ADVISORY = "the advisory, or what it says of this version, is new", "勧告（またはこのバージョンについての記載）が新しい";
    WHY_COMPONENT = "the component is new", "部品が新たに加わった";
    WHY_JUDGED = "the component can be judged now", "部品が判定できるようになった";
    WHY_UNKNOWN = "why cannot be said: the earlier report lists no components", "理由は不明（以前の報告に部品の一覧がない）";
    GONE_COMPONENT = "the product no longer has the component", "製品から部品がなくなった";
    GONE_ADVISORY = "the same version is there; its advisory was withdrawn, rewritten or matched differently", "同じバージョンのまま、勧告の撤回・改訂または照合結果の違いによる";
    GONE_NOT_JUDGED = "the component can no longer be judged, which says nothing about it", "部品を判定できなくなったため（影響がなくなったとは限らない）";
    GONE_UNKNOWN = "why cannot be said: the later report lists no components", "理由は不明（新しい報告に部品の一覧がない）";

    NOW_EXPLOITED = "now known to be exploited", "悪用が新たに確認された";
    NOT_LISTED = "no longer listed as exploited", "悪用の一覧から除かれた";
    NOW_MENDED = "a fix is known now", "修正版が新たに判明";

    PUBLISHED = "published", "公開";
    LISTED_EXPLOITED = "listed as exploited", "悪用の一覧に掲載";
    MENDED = "fix announced", "修正版の公表";
    NOTHING_SINCE = "Nothing was published, listed as exploited or fixed since then.", "この日以降に公開・悪用確認・修正されたものはありません。";

    NO_SUMMARY = "The databases give no description.", "データベースに説明がありません。";
    NO_FIX_KNOWN = "No version that mends it is known. Follow the advisories.", "修正版は知られていません。勧告を確認してください。";
    HOW_CONCLUDED = "How it was concluded", "判定の根拠";
    IN_KEV = "In CISA's catalogue of known exploited vulnerabilities.", "CISAの「悪用が確認された脆弱性」の一覧（KEV）に掲載されています。";
    DISPUTED_NOTE = "Its own database calls it disputed, or the distribution calls it no security problem.", "データベースが異議ありとしているか、ディストリビューションがセキュリティ上の問題ではないとしています。";
    BY_VERSION = "Concluded from the component's version and published advisories; nobody looked into whether it can be exploited in this product.", "部品のバージョンと公開された勧告から判定したものです。この製品で実際に悪用できるかは調べていません。";
    UNSURE_NOTE = "It could not be told whether this version is affected.", "このバージョンへの影響の有無を判定できませんでした。";
    NONE_KNOWN = "Nothing in the database says of a component that it is affected. That is no statement that the product has no vulnerabilities.", "影響ありとされた部品は、データベース上にはありません。製品に脆弱性がないことを示すものではありません。";
    FIRST_VERSION = "First version.", "初版。";
    N_BASIS = "What this rests on", "判定の前提";
    N_WARNING = "Caution", "注意";
    N_NOT_JUDGED = "Not judged", "判定対象外";
    N_DESCRIPTION = "Description", "説明";
    N_STATED = "Whose statement it is", "記載の出所";
    N_RATING = "Rating", "評価";
}

/// The heading of a report.
pub(crate) fn made(when: &str, tool: &str) -> Bi<'static> {
    Bi::made(format!("Known vulnerabilities as of {when}, by {tool}"), format!("{when}時点の既知の脆弱性（{tool}）"))
}

/// The database: the beginning of its digest, records, when it was last imported and how long ago that was.
pub(crate) fn database(digest: &str, records: &str, imported: Option<(&str, Option<&Bi<'_>>)>) -> Bi<'static> {
    use sekisho_model::Lang::{En, Ja};
    let (en, ja) = match imported {
        Some((day, Some(age))) => {
            (format!(", imported {day} ({})", age.get(En)), format!("　取り込み {day}（{}）", age.get(Ja)))
        }
        Some((day, None)) => (format!(", imported {day}"), format!("　取り込み {day}")),
        None => (", import not dated".to_owned(), "　取り込み日不明".to_owned()),
    };
    Bi::made(format!("Database {digest}, {records} records{en}"), format!("データベース {digest}　{records}件{ja}"))
}

/// How many could not be decided, were settled and could not be judged.
pub(crate) fn counts(undecided: &str, settled: &str, not_judged: &str, components: &str) -> Bi<'static> {
    Bi::made(
        format!(
            "{undecided} cannot be said, {settled} settled by statements, {not_judged} of {components} components not judged"
        ),
        format!(
            "判定不能 {undecided}件、VEXにより解決済み {settled}件、判定できなかった部品 {not_judged}個（全{components}個）"
        ),
    )
}

/// What was left out of a list.
pub(crate) fn more(count: &str) -> Bi<'static> {
    Bi::made(
        format!("{count} more (--all lists them, --format json has everything)"),
        format!("ほか{count}件（--allですべて表示、--format jsonで全内容）"),
    )
}

/// An update and how much it removes.
pub(crate) fn update(component: &str, from: Option<&str>, to: &str, removes: usize, of: usize) -> Bi<'static> {
    let from = from.map(|from| format!(" {from}")).unwrap_or_default();
    Bi::made(
        format!("{component}{from} to {to} (removes {removes} of {of})"),
        format!("{component}{from}を{to}へ（{of}件中{removes}件が解消）"),
    )
}

/// The updates that remove most.
pub(crate) fn updates(list: &Bi<'_>) -> Bi<'static> {
    use sekisho_model::Lang::{En, Ja};
    Bi::made(
        format!("Update, to the version given or a later one: {}", list.get(En)),
        format!("次の版以降への更新が最も効果的です：{}", list.get(Ja)),
    )
}

/// How a component is reached, in a word.
pub(crate) fn exposure(exposure: Exposure) -> Bi<'static> {
    match exposure {
        Exposure::Network => REACHED,
        Exposure::NotSeen => NOT_SEEN,
        Exposure::Unknown => NOT_KNOWN,
    }
}

/// How surely an advisory is about a component, in a word.
pub(crate) fn confidence(confidence: Confidence) -> Bi<'static> {
    match confidence {
        Confidence::ExactPurl => M_PACKAGE,
        Confidence::Distribution => M_DISTRIBUTION,
        Confidence::CpeWithVersion => M_CPE,
        Confidence::CpeAllVersions => M_CPE_ALL,
        Confidence::ProductWithVersion => M_PRODUCT,
        Confidence::NameOnly => M_NAME,
    }
}

/// What a statement says, in words; its own where it is none of those that are known.
pub(crate) fn status(status: &str) -> Bi<'_> {
    match status {
        "not-affected" => IS_NOT_AFFECTED,
        "fixed" => IS_FIXED,
        "affected" => IS_AFFECTED,
        "under-investigation" => IS_INVESTIGATED,
        other => Bi::same(other),
    }
}

/// What a label of CSAF, `OpenVEX` or `CycloneDX` for a reason means; the label itself where it is none of theirs.
pub(crate) fn justification(label: &str) -> Bi<'_> {
    match label {
        "component_not_present" => J_COMPONENT_ABSENT,
        "vulnerable_code_not_present" | "code_not_present" => J_CODE_ABSENT,
        "vulnerable_code_not_in_execute_path" | "code_not_reachable" => J_NOT_EXECUTED,
        "vulnerable_code_cannot_be_controlled_by_adversary" => J_NO_CONTROL,
        "inline_mitigations_already_exist" => J_INLINE,
        "requires_configuration" => J_CONFIGURATION,
        "requires_dependency" => J_DEPENDENCY,
        "requires_environment" => J_ENVIRONMENT,
        "protected_by_compiler" => J_COMPILER,
        "protected_at_runtime" => J_RUNTIME,
        "protected_at_perimeter" => J_PERIMETER,
        "protected_by_mitigating_control" => J_MITIGATED,
        other => Bi::same(other),
    }
}

/// That something was stated, and by whom.
pub(crate) fn stated(status: &Bi<'_>, by: &str) -> Bi<'static> {
    use sekisho_model::Lang::{En, Ja};
    if by.is_empty() {
        return Bi::made(format!("stated: {}", status.get(En)), format!("VEXの記載：{}", status.get(Ja)));
    }
    Bi::made(format!("stated by {by}: {}", status.get(En)), format!("{by}の記載：{}", status.get(Ja)))
}

/// That the reports rest on different databases.
pub(crate) fn other_database(old: &str, new: &str) -> Bi<'static> {
    Bi::made(
        format!("The reports used different databases ({old}, then {new})."),
        format!("二つの報告は異なるデータベースを使用しています（{old}、{new}）。"),
    )
}

/// That a database that a comparison rests on is not to be relied on, and why.
pub(crate) fn of_report(earlier: bool, warning: &Bi<'_>) -> Bi<'static> {
    use sekisho_model::Lang::{En, Ja};
    let (en, ja) = if earlier { ("Earlier report", "以前の報告") } else { ("Later report", "新しい報告") };
    Bi::made(format!("{en}: {}", warning.get(En)), format!("{ja}：{}", warning.get(Ja)))
}

/// The component had other versions before.
pub(crate) fn version_before(versions: &str) -> Bi<'static> {
    Bi::made(format!("the component was {versions} before"), format!("以前の部品のバージョンは{versions}"))
}

/// The component has other versions now.
pub(crate) fn version_now(versions: &str) -> Bi<'static> {
    Bi::made(
        format!("the component is {versions} now, which it does not concern as far as the database tells"),
        format!("部品は{versions}になり、データベース上は該当しない"),
    )
}

/// What changed about one, for the parts whose values are shown.
pub(crate) fn changed(part: ChangedPart) -> Bi<'static> {
    match part {
        ChangedPart::Exploited => KNOWN_EXPLOITED,
        ChangedPart::Standing => Bi::fixed("Standing", "影響の有無"),
        ChangedPart::Severity => SEVERITY,
        ChangedPart::Epss => EPSS,
        ChangedPart::FixKnown => FIXED_IN,
        ChangedPart::Exposure => EXPOSURE,
        ChangedPart::Version => Bi::fixed("Version", "バージョン"),
    }
}

/// How many did not change.
pub(crate) fn unchanged(count: &str) -> Bi<'static> {
    Bi::made(format!("{count} unchanged"), format!("変化なし {count}件"))
}

/// What happened, and when.
pub(crate) fn happened(what: RecentKind, day: &str) -> Bi<'static> {
    use sekisho_model::Lang::{En, Ja};
    let word = match what {
        RecentKind::Published => PUBLISHED,
        RecentKind::Exploited => LISTED_EXPLOITED,
        RecentKind::Mended => MENDED,
    };
    Bi::made(format!("{} {day}", word.get(En)), format!("{day} {}", word.get(Ja)))
}

/// What a list of the latest is about.
pub(crate) fn since(day: &str) -> Bi<'static> {
    Bi::made(format!("Since {day}"), format!("{day}以降"))
}

/// How many have no date.
pub(crate) fn undated(count: &str) -> Bi<'static> {
    Bi::made(
        format!("{count} more have no date of publication: whether they are new cannot be said"),
        format!("公開日が不明なもの {count}件（新しいかどうかは判定不能）"),
    )
}

/// What removes it.
pub(crate) fn recommendation(component: &str, fixed_in: &str) -> Bi<'static> {
    Bi::made(
        format!("Update {component} to version {fixed_in} or later."),
        format!("{component}をバージョン{fixed_in}以降に更新してください。"),
    )
}

/// Who stated it, and where.
pub(crate) fn attribution(by: &str, document: &str) -> Bi<'static> {
    match (by.is_empty(), document.is_empty()) {
        (false, false) => {
            Bi::made(format!("Stated by {by} in {document}."), format!("{by}による記載（文書：{document}）。"))
        }
        (false, true) => Bi::made(format!("Stated by {by}."), format!("{by}による記載。")),
        (true, false) => Bi::made(format!("Stated in {document}."), format!("文書{document}の記載。")),
        (true, true) => Bi::fixed("Stated by somebody who is not named.", "記載者は不明。"),
    }
}

/// The title of a document about a product.
pub(crate) fn title(product: &str) -> Bi<'static> {
    Bi::made(format!("Known vulnerabilities of {product}"), format!("{product}の既知の脆弱性"))
}

/// What a document's conclusions rest on.
pub(crate) fn basis(components: &str, digest: &str, imported: Option<&str>) -> Bi<'static> {
    let (en, ja) = match imported {
        Some(day) => (format!(" of {day}"), format!("{day}時点の")),
        None => (String::new(), String::new()),
    };
    Bi::made(
        format!(
            "The {components} components of the inventory were held against a database of published vulnerabilities{en} \
             (digest {digest}) by name and version. Whether a vulnerability can be exploited in the product was not looked into, \
             except where a statement says so."
        ),
        format!(
            "部品一覧の{components}個の部品を、{ja}公開脆弱性データベース（ダイジェスト {digest}）と、名称およびバージョンで照合しました。\
             VEXに記載がある場合を除き、この製品で実際に悪用できるかは調べていません。"
        ),
    )
}

/// How many components could not be judged.
pub(crate) fn not_judged(count: &str) -> Bi<'static> {
    Bi::made(
        format!("{count} components could not be judged; nothing is said about these."),
        format!("{count}個の部品は判定できませんでした。これらについては何も述べていません。"),
    )
}

/// A part within a product.
pub(crate) fn part_of(part: &str, product: &str) -> Bi<'static> {
    Bi::made(format!("{part} as a component of {product}"), format!("{product}の部品としての{part}"))
}

/// The probability that it is exploited.
pub(crate) fn probability(epss: &str) -> Bi<'static> {
    Bi::made(
        format!("Probability of exploitation within 30 days by EPSS (FIRST): {epss}"),
        format!("EPSS（FIRST）による30日以内の悪用確率：{epss}"),
    )
}
