//! What the evaluation says to people, in both languages.

use sekisho_model::Text;
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::coverage::{Aspect, Gap};
use sekisho_model::fact::Fact;

use crate::{control, objective};

pub(crate) fn trait_stated() -> Text {
    Text::new("stated in the product file under `traits`", "製品ファイルの`traits`に記載")
}

pub(crate) fn trait_derived(field: &str) -> Text {
    Text::new(format!("follows from `{field}` in the product file"), format!("製品ファイルの`{field}`から導出"))
}

pub(crate) fn trait_unknown() -> Text {
    Text::new("the product file does not say; taken to apply", "製品ファイルに記載がないため、該当するものとして扱う")
}

fn seen_at(fact: &Fact) -> String {
    fact.source.path.clone().unwrap_or_else(|| fact.source.artefact.clone())
}

pub(crate) fn trait_seen(fact: &Fact) -> Text {
    let (name, at) = (fact.observed.name(), seen_at(fact));
    Text::new(format!("seen: {name} at {at}"), format!("確認済み：{at}の{name}"))
}

pub(crate) fn trait_seen_against_claim(fact: &Fact) -> Text {
    let (name, at) = (fact.observed.name(), seen_at(fact));
    Text::new(
        format!("the product file denies it, but it was seen: {name} at {at}"),
        format!("製品ファイルでは否定されているが、{at}の{name}で確認された"),
    )
}

pub(crate) fn unread(artefact: &str, reason: &Text) -> Text {
    Text::new(
        format!("{artefact} was not read: {}", reason.en),
        format!("{artefact}は読み取られていない：{}", reason.ja),
    )
}

pub(crate) fn gap(artefact: &str, gap: &Gap) -> Text {
    let at = match (&gap.path, gap.offset) {
        (Some(path), _) => format!(" {path}"),
        (None, Some(offset)) => format!(" @ {offset:#x}"),
        (None, None) => String::new(),
    };
    Text::new(format!("{artefact}{at}: {}", gap.reason.en), format!("{artefact}{at}：{}", gap.reason.ja))
}

/// Whether a vulnerability database tells these aspects.
fn in_database(aspects: &[Aspect]) -> bool {
    aspects.iter().all(|aspect| Aspect::VULNERABILITIES.contains(aspect))
}

fn over_network(aspects: &[Aspect]) -> bool {
    aspects.iter().all(|aspect| Aspect::NETWORK.contains(aspect) || Aspect::DOMAIN.contains(aspect))
}

/// Aspects that were looked at in part. A database of vulnerabilities was read, and yet does not tell all.
pub(crate) fn incomplete(aspects: &[Aspect], artefact: &str) -> Text {
    if in_database(aspects) {
        return Text::new(
            format!("{artefact} does not settle it for every component"),
            format!("{artefact}では判定できない部品がある"),
        );
    }
    if over_network(aspects) {
        return Text::new(
            format!("{artefact} was not looked at completely"),
            format!("{artefact}は完全には調べられていない"),
        );
    }
    Text::new(format!("{artefact} was not read completely"), format!("{artefact}は完全には読み取れていない"))
}

pub(crate) fn no_artefact(kind: ArtefactKind, component: &str) -> Text {
    match kind {
        ArtefactKind::Firmware => Text::new(
            format!("no firmware image was given for '{component}'"),
            format!("「{component}」のファームウェアイメージが指定されていない"),
        ),
        ArtefactKind::Sbom => Text::new(
            format!("no bill of materials was given for '{component}'"),
            format!("「{component}」のSBOMが指定されていない"),
        ),
        ArtefactKind::Vulnerabilities => Text::new(
            format!("the components of '{component}' were not held against a database of known vulnerabilities"),
            format!("「{component}」の部品は脆弱性データベースと照合されていない"),
        ),
        ArtefactKind::Capture => Text::new(
            format!("no capture of network traffic was given for '{component}'"),
            format!("「{component}」の通信キャプチャが指定されていない"),
        ),
        ArtefactKind::Mud => Text::new(
            format!("no MUD file was given for '{component}'"),
            format!("「{component}」のMUDファイルが指定されていない"),
        ),
        ArtefactKind::Host => Text::new(
            format!("'{component}' was not looked at over the network"),
            format!("「{component}」はネットワーク経由で調査されていない"),
        ),
        ArtefactKind::Domain => Text::new(
            format!("the domains of '{component}' were not looked up"),
            format!("「{component}」のドメインは調査されていない"),
        ),
        ArtefactKind::Client => Text::new(
            format!("'{component}' was not tried as a TLS client"),
            format!("「{component}」はTLSクライアントとして試験されていない"),
        ),
        ArtefactKind::Message => Text::new(
            format!("no sample message was given for '{component}'"),
            format!("「{component}」の見本メールが指定されていない"),
        ),
        ArtefactKind::Published => Text::new(
            format!("no published material was given for '{component}'"),
            format!("「{component}」の公開資料が指定されていない"),
        ),
        ArtefactKind::Build => Text::new(
            format!("no build configuration was given for '{component}'"),
            format!("「{component}」のビルド設定が指定されていない"),
        ),
        ArtefactKind::Results => Text::new(
            format!("no results of other tools were given for '{component}'"),
            format!("「{component}」の他ツールの結果が指定されていない"),
        ),
    }
}

pub(crate) fn nothing_to_compare(component: &str) -> Text {
    Text::new(
        format!("no package or known program was recognised in the image of '{component}' to hold the SBOM against"),
        format!("「{component}」のイメージにSBOMと照合できるパッケージや既知のプログラムが見つからない"),
    )
}

pub(crate) fn interfaces_not_declared(component: &str) -> Text {
    Text::new(
        format!("the product file does not declare the interfaces of '{component}'"),
        format!("製品ファイルに「{component}」のインターフェースが記載されていない"),
    )
}

pub(crate) fn may_be_declared(place: &str, kinds: &str) -> Text {
    Text::new(
        format!(
            "what answers at {place} was not recognised: it may be an interface that the product file declares without `port` ({kinds})"
        ),
        format!(
            "{place}で応答するものを特定できなかった。製品ファイルに`port`なしで記載されたインターフェース（{kinds}）の可能性がある"
        ),
    )
}

pub(crate) fn not_asked_from_internet(component: &str) -> Text {
    Text::new(
        format!("'{component}' was not asked from the Internet (`--from internet`, from a host outside)"),
        format!(
            "「{component}」をインターネット側から調べていない（外部のホストから`--from internet`を付けて実行する）"
        ),
    )
}

pub(crate) fn asked_from_internet_only(component: &str) -> Text {
    Text::new(
        format!("'{component}' was asked from the Internet only: what a packet filter hides from there was not seen"),
        format!(
            "「{component}」はインターネット側からのみ調べており、パケットフィルターで遮られたものは確認できていない"
        ),
    )
}

pub(crate) fn reached_but_not_recognised(place: &str) -> Text {
    Text::new(
        format!("what answers to the Internet at {place} was not recognised: it may be for management"),
        format!("{place}でインターネットに応答するものを特定できず、管理用でないと判断できない"),
    )
}

pub(crate) fn reached_and_can_manage(place: &str, protocol: &str) -> Text {
    Text::new(
        format!("{protocol} answers to the Internet at {place}, and can be used for management"),
        format!("{place}でインターネットに応答する{protocol}は、管理に使われる可能性がある"),
    )
}

pub(crate) fn reached_page_without_login(place: &str) -> Text {
    Text::new(
        format!(
            "no log-in was seen on the web page that answers to the Internet at {place}, but scripts may build one"
        ),
        format!(
            "{place}でインターネットに応答するWebページにログインは見つからなかったが、スクリプトで生成される可能性がある"
        ),
    )
}

pub(crate) fn interface_silent(interface: &str) -> Text {
    Text::new(format!("nothing answers at '{interface}'"), format!("「{interface}」で応答がない"))
}

pub(crate) fn authentication_not_declared(interface: &str) -> Text {
    Text::new(
        format!("the product file does not declare how '{interface}' authenticates"),
        format!("製品ファイルに「{interface}」の認証方式が記載されていない"),
    )
}

pub(crate) fn authentication_not_told(place: &str, protocol: Option<&str>) -> Text {
    let protocol = protocol.unwrap_or("?");
    Text::new(
        format!("how {protocol} at {place} authenticates was not told"),
        format!("{place}の{protocol}の認証方式は確認できていない"),
    )
}

/// `what` is a protocol or a version of one; `whose` an interface, or the other end of a flow.
pub(crate) fn cryptography_not_declared(whose: &str, what: &str) -> Text {
    Text::new(
        format!("the product file does not declare the {what} of '{whose}'"),
        format!("製品ファイルに「{whose}」の{what}が記載されていない"),
    )
}

pub(crate) fn cryptography_not_seen(whose: &str, what: &str) -> Text {
    Text::new(format!("no {what} of '{whose}' was seen"), format!("「{whose}」の{what}は観測されていない"))
}

pub(crate) fn version_not_seen(component: &str) -> Text {
    Text::new(format!("no version of '{component}' was seen"), format!("「{component}」のバージョンは観測されていない"))
}

pub(crate) fn traffic_of_nobody(component: &str) -> Text {
    Text::new(
        format!("whose traffic a capture shows is not known: the product file names no address of '{component}' in it"),
        format!("キャプチャ内のどの通信が「{component}」のものか分からない（一致するアドレスが製品ファイルにない）"),
    )
}

pub(crate) fn destinations_not_declared(component: &str) -> Text {
    Text::new(
        format!("neither the product file nor a MUD file declares with whom '{component}' communicates"),
        format!("製品ファイルにもMUDファイルにも「{component}」の通信相手が記載されていない"),
    )
}

pub(crate) fn address_not_declared(peer: &str) -> Text {
    Text::new(
        format!(
            "the product file declares traffic with '{peer}' but no `address` of it: any destination may be that one"
        ),
        format!(
            "製品ファイルには「{peer}」との通信が記載されているが、その`address`がないため、どの通信先がそれに当たるか判断できない"
        ),
    )
}

pub(crate) fn give_artefact(kind: ArtefactKind, component: &str) -> Text {
    let field = kind.name();
    if kind == ArtefactKind::Vulnerabilities {
        return Text::new(
            "making a database from downloaded advisories (`sekisho vulndb import`) and naming it with `--vulndb`",
            "勧告データからデータベースを作成し（`sekisho vulndb import`）、`--vulndb`で指定する",
        );
    }
    Text::new(
        format!("name it in the product file: `{field}:` of the component '{component}'"),
        format!("製品ファイルのコンポーネント「{component}」に`{field}:`を記載する"),
    )
}

pub(crate) fn replace_artefact() -> Text {
    Text::new("a run over a complete, readable copy of the artefact", "完全で読み取り可能な対象ファイルによる再実行")
}

pub(crate) fn look_at_gaps(aspects: &[Aspect]) -> Text {
    if in_database(aspects) {
        return Text::new(
            "a current database with advisories for these components (`sekisho vulndb import`); `sekisho vulns` lists them",
            "該当する部品の勧告を含む最新のデータベース（`sekisho vulndb import`）。部品の一覧は`sekisho vulns`で確認できる",
        );
    }
    if over_network(aspects) {
        return Text::new(
            "a run in which everything answers, more ports (`tcp_ports`), or active tests (`authorized: active`); the report lists what is open",
            "すべてが応答する状態での再実行、対象ポートの追加（`tcp_ports`）、能動的な試験（`authorized: active`）。未確認の箇所はレポートに記載",
        );
    }
    Text::new(
        "examining by hand the parts listed, or giving them as artefacts in a form that can be read",
        "列挙した部分を人が確認するか、読み取れる形式で提供する",
    )
}

pub(crate) fn nobody_answered() -> Text {
    Text::new("nobody has answered, and no evidence settles it", "回答がなく、証拠からも判断できない")
}

pub(crate) fn answer_questions() -> Text {
    Text::new(
        "an answer in the product file under `answers` (`sekisho show OBJECTIVE` prints the question)",
        "製品ファイルの`answers`への回答（`sekisho show 目標ID`で質問を表示）",
    )
}

pub(crate) fn objective(rule: objective::Rule, condition: &str) -> Text {
    use objective::Rule;
    match rule {
        Rule::ConditionFalse => Text::new(
            format!("its condition is false for this product: {condition}"),
            format!("この製品では適用条件が成り立たない：{condition}"),
        ),
        Rule::RefutedDespiteAnswer => {
            Text::new("evidence refutes it, though an answer says otherwise", "回答と異なり、証拠によって否定された")
        }
        Rule::Refuted => Text::new("evidence refutes it", "証拠によって否定された"),
        Rule::AnsweredNotApplicable => Text::new("an answer says it does not arise", "該当しないと回答されている"),
        Rule::AnsweredNo => Text::new("an answer says no", "満たしていないと回答されている"),
        Rule::AnsweredPartly => Text::new("an answer says partly", "一部のみ満たすと回答されている"),
        Rule::Proved => Text::new("evidence proves it", "証拠によって確認された"),
        Rule::AnsweredYesAndSupported => {
            Text::new("an answer says yes, and evidence supports it", "満たすと回答され、証拠もこれを支持する")
        }
        Rule::AnsweredYesWithDoubt => Text::new(
            "an answer says yes; a check that could refute it could not be finished",
            "満たすと回答されているが、否定しうる検査を完了できなかった",
        ),
        Rule::AnsweredYes => {
            Text::new("an answer says yes; nothing was seen", "満たすと回答されているが、証拠は確認されていない")
        }
        Rule::SupportedWithDoubt => Text::new(
            "evidence supports it; a check that could refute it could not be finished",
            "支持する証拠はあるが、否定しうる検査を完了できなかった",
        ),
        Rule::Supported => Text::new("evidence supports it; nobody has answered", "支持する証拠はあるが、回答がない"),
        Rule::Open => nobody_answered(),
    }
}

pub(crate) fn control(rule: control::Rule) -> Text {
    use control::Rule;
    match rule {
        Rule::Unmapped => {
            Text::new("it maps to no objective; see the reason given", "対応する目標がない（理由は記載のとおり）")
        }
        Rule::PartFails => {
            Text::new("something that it asks for is not met", "求められている事項の一部が満たされていない")
        }
        Rule::NothingApplies => Text::new("what it asks for does not arise for this product", "この製品には該当しない"),
        Rule::Whole => Text::new("an objective that holds all of it is met", "これを包含する目標が満たされている"),
        Rule::Complete => Text::new(
            "all objectives that it asks for are met, and together they hold all of it",
            "求められている目標がすべて満たされ、それらで全体を網羅する",
        ),
        Rule::MoreAsked => Text::new(
            "what the hub holds of it is met, at least in part; the document asks for more, which a person must judge",
            "目標として整理された範囲は少なくとも一部満たされているが、文書はそれ以上を求めており、人による判断が必要",
        ),
        Rule::ShortfallElsewhere => Text::new(
            "a neighbouring objective falls short; whether that concerns this control, a person must judge",
            "関連する目標に不足があり、この項目に影響するかは人による判断が必要",
        ),
        Rule::Supported => {
            Text::new("something speaks for it; nothing settles it", "支持する材料はあるが、確定できない")
        }
        Rule::Open => Text::new("nothing settles it", "判断できる材料がない"),
    }
}

/// What the verdict of a part rests on: the control that it is a part of.
pub(crate) fn part(rule: control::Rule, whole: &str) -> Text {
    let because = control(rule);
    Text::new(
        format!("it is a part of {whole}, and there: {}", because.en),
        format!("{whole}の一部であり、そちらの判断による：{}", because.ja),
    )
}

pub(crate) fn control_condition_false(condition: &str) -> Text {
    Text::new(
        format!("the control's own condition is false for this product: {condition}"),
        format!("この製品では項目の適用条件が成り立たない：{condition}"),
    )
}

pub(crate) fn gone_in(edition: &str) -> Text {
    Text::new(
        format!("it stands only in editions before {edition}"),
        format!("{edition}より前の版にのみ存在する項目である"),
    )
}

pub(crate) fn addressed_to_others(addressees: &str) -> Text {
    Text::new(
        format!("it is addressed to others than your roles: {addressees}"),
        format!("製品ファイルの役割とは異なる読者に向けた項目である：{addressees}"),
    )
}
