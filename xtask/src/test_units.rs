//! `docs/ts-103-701.md` and `docs/ts-103-701.ja.md`: how far evidence decides the test units of ETSI TS 103 701, from `docs/data/ts-103-701.yaml`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Context, bail, ensure};
use sekisho_catalog::{Catalog, FileKind};
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::{Lang, Text};
use sekisho_yaml::{Document, Limits};
use serde::Deserialize;
use serde_json::Value;

/// Where the judgement stands.
pub(crate) const DATA: &str = "docs/data/ts-103-701.yaml";

/// The document that the test groups follow, provision by provision.
const TESTED: &str = "EN303645";

/// All of the data.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestUnits {
    document: Tests,
    provenance: Text,
    study: Study,
    units: Vec<Unit>,
}

/// The document with the tests, and how many there are in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tests {
    name: String,
    edition: String,
    published: String,
    groups: usize,
    units: usize,
}

/// The study that ours is compared with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Study {
    en: String,
    ja: String,
    basic_percent: usize,
    advanced_percent: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unit {
    id: String,
    kind: Kind,
    asks: Text,
    by: By,
    #[serde(default)]
    study: bool,
    /// Fields of the product file that have to declare what the product is held against.
    #[serde(default)]
    declaration: Vec<String>,
    #[serde(default)]
    aspects: Vec<String>,
    #[serde(default)]
    facts: Vec<String>,
    person: Option<Text>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Conceptual,
    Functional,
}

/// Who decides.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum By {
    Machine,
    Helped,
    Person,
}

impl Unit {
    /// The provision that its test group follows: `5.1-1` of `5.1-1-2a`.
    fn group(&self) -> &str {
        self.id.rsplit_once('-').map_or(&self.id, |(group, _)| group)
    }

    /// Whether evidence decides it only where the product file declares something.
    fn is_decided_where_declared(&self) -> bool {
        self.by == By::Machine && !self.declaration.is_empty()
    }

    /// The area: `5.1` of `5.1-1-2a`.
    fn area(&self) -> &str {
        self.id.split_once('-').map_or(&self.id, |(area, _)| area)
    }
}

/// Reads and checks the data: nothing in it may name a fact or an aspect that does not exist, and no unit may stand twice.
pub(crate) fn read(text: &str) -> anyhow::Result<TestUnits> {
    let document = match Document::parse(DATA, text, &Limits::default()) {
        Ok(document) => document,
        Err(problems) => bail!("{problems}"),
    };
    let read: TestUnits = document.decode()?;
    let mut seen = BTreeSet::new();
    let mut fields = BTreeSet::new();
    properties(&sekisho_catalog::schema(FileKind::Product), &mut fields);
    for unit in &read.units {
        let name = &unit.id;
        for field in &unit.declaration {
            ensure!(fields.contains(field), "{DATA}: {name}: the product file has no field {field}");
        }
        ensure!(
            unit.by != By::Person || unit.declaration.is_empty(),
            "{DATA}: {name}: nothing is held against what is declared"
        );
        ensure!(seen.insert(name), "{DATA}: {name} stands twice");
        for fact in &unit.facts {
            ensure!(Observed::NAMES.contains(&fact.as_str()), "{DATA}: {name}: there is no fact {fact}");
        }
        for aspect in &unit.aspects {
            let known = Aspect::ALL.into_iter().any(|known| known.name() == aspect);
            ensure!(known, "{DATA}: {name}: no collector has the aspect {aspect}");
        }
        let evidence = !unit.aspects.is_empty() && !unit.facts.is_empty() && unit.person.is_some();
        let none = unit.aspects.is_empty() && unit.facts.is_empty() && unit.person.is_none();
        ensure!(
            if unit.by == By::Person { none } else { evidence },
            "{DATA}: {name}: evidence and who decides disagree"
        );
    }
    let groups = read.units.iter().map(Unit::group).collect::<BTreeSet<_>>().len();
    let (units, tests) = (read.units.len(), &read.document);
    ensure!(units == tests.units, "{DATA}: {units} units instead of {}", tests.units);
    ensure!(groups == tests.groups, "{DATA}: {groups} test groups instead of {}", tests.groups);
    Ok(read)
}

/// The names of all fields in a JSON Schema.
fn properties(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Object(fields)) = object.get("properties") {
                names.extend(fields.keys().cloned());
            }
            object.values().for_each(|value| properties(value, names));
        }
        Value::Array(values) => values.iter().for_each(|value| properties(value, names)),
        _ => {}
    }
}

/// How many units are decided by whom.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Counts {
    machine: usize,
    helped: usize,
    person: usize,
}

impl Counts {
    fn of<'a>(units: impl Iterator<Item = &'a Unit>) -> Self {
        let mut counts = Self::default();
        for unit in units {
            match unit.by {
                By::Machine => counts.machine += 1,
                By::Helped => counts.helped += 1,
                By::Person => counts.person += 1,
            }
        }
        counts
    }

    fn all(self) -> usize {
        self.machine + self.helped + self.person
    }

    fn cells(self) -> String {
        format!("{} | {} | {} | {}", self.machine, self.helped, self.person, self.all())
    }
}

/// `part` of `whole` in whole percent, rounded.
fn percent(part: usize, whole: usize) -> usize {
    (200 * part + whole).checked_div(2 * whole).unwrap_or_default()
}

/// The page in one language.
pub(crate) fn page(data: &TestUnits, catalog: &Catalog, lang: Lang) -> anyhow::Result<String> {
    let mut out = head(data, lang);
    out += &summary(data, lang);
    let tested = catalog.document(TESTED).with_context(|| format!("the catalog has no {TESTED}"))?;
    let (mut area, mut group) = ("", "");
    for unit in &data.units {
        if unit.area() != area {
            area = unit.area();
            let _ = write!(out, "\n## {area}\n\n{}", columns(lang));
        }
        if unit.group() != group {
            group = unit.group();
            let provision = tested.controls.iter().find(|control| control.id == group);
            let title = provision.with_context(|| format!("{TESTED} has no {group}"))?.title.get(lang);
            let _ = writeln!(out, "| **{group}** | | **{}** | | | |", cell(title));
        }
        out += &row(unit, lang);
    }
    Ok(out)
}

fn head(data: &TestUnits, lang: Lang) -> String {
    let tests = &data.document;
    let (name, edition, published) = (&tests.name, &tests.edition, &tests.published);
    let provenance = data.provenance.get(lang);
    match lang {
        Lang::En => format!(
            "# {name}, unit by unit\n\n[日本語](ts-103-701.ja.md)\n\nThis page is made from `{DATA}` by `cargo xtask generate`.\n\n\
             {name} V{edition} ({published}) tests conformity with EN 303 645, provision by provision. For each of its test units this page says how far \
             evidence that Sekisho collects decides it, what that evidence is, and what is left to a person. {provenance}\n\n\
             - **Machine**: evidence alone can fail the unit, and can pass it, but for the cases in the last column. Where fields of the product \
             file stand beside it, they have to declare what the unit holds the product against; without them the unit is helped at most.\n\
             - **Helped**: evidence can speak for it or against it; a person decides.\n\
             - **Person**: no collector sees what the unit asks.\n\n\
             Nearly all units ask whether the product is as its maker declares it (in an IXIT, as TS 103 701 calls it). Where the product file holds \
             the declaration (interfaces, ways to authenticate, cryptography, destinations), a machine compares; where it stands in prose, a person \
             does, and the unit counts as helped however much was seen. \
             Published documents never decide anything. Sekisho gives no verdicts on test units: its verdicts are on objectives and on the \
             provisions of EN 303 645, and a look that finds nothing wrong supports at most, it does not prove.\n"
        ),
        Lang::Ja => format!(
            "# {name} 試験項目別の対応\n\n[English](ts-103-701.md)\n\nこのページは`{DATA}`から`cargo xtask generate`が生成する。\n\n\
             {name} V{edition}（{published}）は、EN 303 645への適合を規定ごとに試験する。各試験項目について、Sekishoが集める証拠でどこまで判定でき、\
             その証拠は何か、人に何が残るかを示す。{provenance}\n\n\
             - **機械**：証拠だけで不合格にも合格にもできる（最後の列の場合を除く）。製品ファイルのフィールドが併記されている項目では、\
             照合の相手となる申告がそこに必要で、なければ「補助」にとどまる。\n\
             - **補助**：証拠は裏付けにも反証にもなるが、判定は人が行う。\n\
             - **人**：確認内容を観測できる収集機能がない。\n\n\
             ほぼすべての項目は、製品が製造者の申告（TS 103 701のIXIT）どおりかを問う。申告が製品ファイルにあるもの（インターフェース、\
             認証方式、暗号方式、宛先）は機械が照合し、\
             文章にあるものは人が照合する。後者は、どれだけ観測できても「補助」と数える。公開文書だけで判定することはない。\
             Sekisho自身は試験項目の合否を出さない。判定の対象は目標とEN 303 645の規定であり、問題が見つからないことは裏付けであって証明ではない。\n"
        ),
    }
}

fn summary(data: &TestUnits, lang: Lang) -> String {
    let of = |kind| Counts::of(data.units.iter().filter(move |unit| unit.kind == kind));
    let all = Counts::of(data.units.iter());
    let study = Counts::of(data.units.iter().filter(|unit| unit.study));
    let seen = study.machine + study.helped;
    let declared = data.units.iter().filter(|unit| unit.study && unit.is_decided_where_declared()).count();
    let declared_of_all = data.units.iter().filter(|unit| unit.is_decided_where_declared()).count();
    let (decided, touched) = (percent(study.machine, study.all()), percent(seen, study.all()));
    let (basic, advanced) = (data.study.basic_percent, data.study.advanced_percent);
    let mut out = String::new();
    let (heading, rows) = match lang {
        Lang::En => {
            ("\n| test units | machine | helped | person | all |\n", ["functional", "conceptual", "all", "the study's"])
        }
        Lang::Ja => ("\n| 試験項目 | 機械 | 補助 | 人 | 計 |\n", ["機能試験", "設計評価", "全体", "研究の対象"]),
    };
    out += heading;
    out += "| --- | ---: | ---: | ---: | ---: |\n";
    for (name, counts) in rows.into_iter().zip([of(Kind::Functional), of(Kind::Conceptual), all, study]) {
        let _ = writeln!(out, "| {name} | {} |", counts.cells());
    }
    let (machine, helped, person, units) = (all.machine, all.helped, all.person, all.all());
    let _ = match lang {
        Lang::En => write!(
            out,
            "\nOf {units} units in {} test groups, evidence decides {machine} ({declared_of_all} of them only where the product file \
             declares something), helps with {helped}, and leaves {person} to a person.\n\n\
             ## Beside the study\n\n{} It took {} units to concern network attacks († below) and found that basic tools can automate {basic} % of \
             them, advanced ones up to {advanced} %. Of the same units Sekisho's evidence decides {} ({decided} %; {declared} of them only where the \
             product file holds the declaration) and helps with {} more, together {seen} ({touched} %). The two ways of counting are not the same: \
             in the study's code a unit counts where a tool's result can be held against a claim about the product, also where what the unit asks is \
             wider (5.6-2-2a, what is given out unauthenticated, is settled there by comparing services) and where a person first has to bring the \
             product into a state (5.9-1-2b, without power). Counted so, ours are the {seen} ({touched} %). Some that the study settles by comparing \
             services are not among them, because no collector of ours sees radio (5.6-3-2c, 5.6-3-2d). Which units make up its percentages was not \
             to be read in what we have.\n",
            data.document.groups,
            data.study.en,
            study.all(),
            study.machine,
            study.helped
        ),
        Lang::Ja => write!(
            out,
            "\n{}の試験グループの{units}項目のうち、証拠で判定できるのは{machine}項目（うち{declared_of_all}項目は製品ファイルに申告がある場合に限る）、補助できるのは{helped}項目、人に残るのは{person}項目である。\n\n\
             ## 研究との比較\n\n{}ネットワーク攻撃に関わる{}項目（以下の†）のうち、基本的なツールで{basic}%、高度なツールで最大{advanced}%を自動化できるとしている。\
             同じ項目のうち、Sekishoの証拠で判定できるのは{}項目（{decided}%。うち{declared}項目は製品ファイルに申告がある場合に限る）、\
             補助できるのはさらに{}項目、合わせて{seen}項目（{touched}%）である。\
             ただし数え方は異なる。研究のコードでは、ツールの結果を製品についての主張と照合できれば、確認内容がそれより広くても\
             （認証なしで開示される情報を問う5.6-2-2aは、サービスの照合で済ませている）、また人が先に製品をその状態にする必要があっても\
             （電源を断つ5.9-1-2bなど）数えている。この数え方に当たるのは、合計の{seen}項目（{touched}%）である。研究がサービスの照合で済ませる項目のうち、\
             無線を観測する収集機能がないもの（5.6-3-2c、5.6-3-2d）は含めていない。割合の内訳となる項目は、入手した資料からは読み取れなかった。\n",
            data.document.groups,
            data.study.ja,
            study.all(),
            study.machine,
            study.helped
        ),
    };
    out
}

fn columns(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "| unit | kind | asks whether | decided by | evidence | for a person |\n| --- | --- | --- | --- | --- | --- |\n"
        }
        Lang::Ja => "| 項目 | 区分 | 確認内容 | 判定 | 証拠 | 人に残ること |\n| --- | --- | --- | --- | --- | --- |\n",
    }
}

fn row(unit: &Unit, lang: Lang) -> String {
    let ja = lang == Lang::Ja;
    let kind = match (unit.kind, ja) {
        (Kind::Conceptual, false) => "conceptual",
        (Kind::Functional, false) => "functional",
        (Kind::Conceptual, true) => "設計評価",
        (Kind::Functional, true) => "機能試験",
    };
    let by = match (unit.by, ja) {
        (By::Machine, false) => "**machine**",
        (By::Helped, false) => "helped",
        (By::Person, false) => "person",
        (By::Machine, true) => "**機械**",
        (By::Helped, true) => "補助",
        (By::Person, true) => "人",
    };
    let declaration: Vec<String> = unit.declaration.iter().map(|field| format!("`{field}:`")).collect();
    let by = if declaration.is_empty() { by.to_owned() } else { format!("{by} ({})", declaration.join(", ")) };
    let aspects: Vec<String> = unit.aspects.iter().map(|aspect| format!("`{aspect}`")).collect();
    let facts: Vec<String> = unit.facts.iter().map(|fact| format!("[{fact}](facts.md#{fact})")).collect();
    let evidence =
        if facts.is_empty() { String::new() } else { format!("{}: {}", aspects.join(", "), facts.join(", ")) };
    let person = unit.person.as_ref().map_or(if ja { "すべて" } else { "all of it" }, |person| person.get(lang));
    let mark = if unit.study { " †" } else { "" };
    format!("| {}{mark} | {kind} | {} | {by} | {evidence} | {} |\n", unit.id, cell(unit.asks.get(lang)), cell(person))
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> TestUnits {
        read(include_str!("../../docs/data/ts-103-701.yaml")).unwrap()
    }

    /// The numbers are written down here a second time: who changes a judgement changes them knowingly.
    #[test]
    fn the_page_says_what_the_data_hold() {
        let data = data();
        let of = |kind| Counts::of(data.units.iter().filter(move |unit| unit.kind == kind));
        assert_eq!(Counts::of(data.units.iter()), Counts { machine: 10, helped: 91, person: 125 });
        assert_eq!(
            Counts::of(data.units.iter().filter(|unit| unit.study)),
            Counts { machine: 10, helped: 36, person: 10 }
        );
        assert_eq!((of(Kind::Functional).all(), of(Kind::Conceptual).all()), (102, 124));
        let catalog = sekisho_builtin::catalog();
        let page = page(&data, &catalog, Lang::En).unwrap();
        assert!(page.contains(
            "Of 226 units in 68 test groups, evidence decides 10 (8 of them only where the product file declares something), helps with 91, \
             and leaves 125 to a person."
        ));
        assert!(page.contains(
            "decides 10 (18 %; 8 of them only where the product file holds the declaration) and helps with 36 more, together 46 (82 %)"
        ));
        for unit in &data.units {
            assert_eq!(page.matches(&format!("\n| {} ", unit.id)).count(), 1, "{}", unit.id);
        }
    }

    #[test]
    fn a_collector_that_is_not_there_cannot_be_claimed() {
        let text = include_str!("../../docs/data/ts-103-701.yaml");
        let claims = |from: &str, to: &str| read(&text.replacen(from, to, 1)).map(drop).unwrap_err().to_string();
        assert!(claims("aspects: [network.logins]", "aspects: [network.radio]").contains("network.radio"));
        assert!(claims("facts: [login-limit]", "facts: [radio-beacon]").contains("radio-beacon"));
        assert!(claims("- id: 5.1-1-2a", "- id: 5.1-1-1a").contains("stands twice"));
        assert!(claims("by: helped", "by: person").contains("disagree"));
        assert!(claims("declaration: [interfaces]", "declaration: [radio]").contains("has no field radio"));
    }

    #[test]
    fn published_documents_alone_decide_nothing() {
        for unit in data().units {
            let documents = unit.aspects.iter().any(|aspect| aspect == Aspect::PublishedDocuments.name());
            assert!(!(documents && unit.by == By::Machine), "{}", unit.id);
        }
    }

    #[test]
    fn percentages_are_rounded() {
        assert_eq!((percent(39, 56), percent(5, 56), percent(1, 0)), (70, 9, 0));
    }
}
