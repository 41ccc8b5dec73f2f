//! The words that people use in tables, in English and Japanese: names of columns, and how strongly something is asked.

use sekisho_model::Lang;
use sekisho_model::catalog::{ControlKind, Modality, Relationship};
use serde::Deserialize;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Id,
    Title,
    Text,
    Modality,
    Kind,
    Group,
    GroupTitle,
    Class,
    Addressees,
    Phases,
    AppliesWhen,
    Objective,
    Relation,
    Complete,
    Rationale,
    Unmapped,
    Document,
}

/// The names of each field's column, the surest first.
pub(super) const NAMES: &[(Field, &[&str])] = &[
    (
        Field::Id,
        &[
            "id",
            "controlid",
            "requirementid",
            "controlnumber",
            "requirementnumber",
            "identifier",
            "testid",
            "checkid",
            "ruleid",
            "questionid",
            "refid",
            "reference",
            "ref",
            "number",
            "no",
            "nr",
            "#",
            "番号",
            "要件番号",
            "要求番号",
            "要求事項番号",
            "管理番号",
            "項目番号",
            "識別子",
            "識別番号",
            "項番",
            "管理策番号",
            "条項番号",
            "通番",
            "連番",
        ],
    ),
    (
        Field::Title,
        &[
            "title",
            "name",
            "controltitle",
            "controlname",
            "requirementname",
            "requirementtitle",
            "testname",
            "checkname",
            "rulename",
            "heading",
            "subject",
            "control",
            "item",
            "項目",
            "項目名",
            "題名",
            "題目",
            "タイトル",
            "名称",
            "件名",
            "見出し",
            "管理策",
            "管理策名",
            "要件名",
            "要求事項名",
            "小項目",
        ],
    ),
    (
        Field::Text,
        &[
            "text",
            "statement",
            "requirementtext",
            "controltext",
            "controlstatement",
            "question",
            "requirement",
            "requirements",
            "description",
            "content",
            "contents",
            "details",
            "detail",
            "内容",
            "要求事項",
            "要求内容",
            "要件",
            "要件内容",
            "本文",
            "説明",
            "記述",
            "規定",
            "規定内容",
            "対策内容",
            "実施内容",
            "詳細",
        ],
    ),
    (
        Field::Modality,
        &[
            "modality",
            "obligation",
            "strength",
            "requirementlevel",
            "mandatory",
            "mandatoryoptional",
            "必須区分",
            "必須",
            "必須任意",
            "必須推奨",
            "義務",
            "義務区分",
            "要求レベル",
            "要求度",
            "強度",
            "必須度",
        ],
    ),
    (Field::Kind, &["kind", "type", "種別"]),
    (
        Field::Group,
        &[
            "group",
            "groupid",
            "category",
            "family",
            "chapter",
            "section",
            "domain",
            "area",
            "topic",
            "分類",
            "カテゴリ",
            "カテゴリー",
            "章",
            "節",
            "大項目",
            "大分類",
            "分野",
            "領域",
            "グループ",
        ],
    ),
    (
        Field::GroupTitle,
        &["grouptitle", "groupname", "categoryname", "sectiontitle", "chaptertitle", "分類名", "章名", "大項目名"],
    ),
    // A column of this name holds now how strongly something is asked, now a class; its cells decide.
    (Field::Class, &["区分", "level", "priority", "class", "レベル", "優先度", "中項目", "中分類"]),
    (Field::Addressees, &["addressees", "addressee", "roles", "role", "対象者", "役割"]),
    (Field::Phases, &["phases", "phase", "lifecyclephase", "工程", "フェーズ", "ライフサイクル"]),
    (Field::AppliesWhen, &["applieswhen", "適用条件"]),
    (Field::Objective, &["objective", "objectives", "sekishoobjective", "目標", "対応目標"]),
    (Field::Relation, &["relation", "relationship", "関係"]),
    (Field::Complete, &["complete", "網羅"]),
    (Field::Rationale, &["rationale", "対応付けの理由"]),
    (Field::Unmapped, &["unmapped", "対応付けがない理由"]),
    (Field::Document, &["document", "文書"]),
];

/// Ends of a column's name that say its language.
const LANGUAGES: &[(Lang, &[&str])] = &[
    (Lang::En, &["english", "en", "英語", "英文", "英"]),
    (Lang::Ja, &["japanese", "ja", "jp", "日本語", "和文", "和"]),
];

/// What a column of this name holds, in which language where it says so, and how sure that is: 0 is surest.
pub(super) fn field(name: &str) -> Option<(Field, Option<Lang>, usize)> {
    let name = folded(name);
    if let Some((field, rank)) = known(&name) {
        return Some((field, None, rank));
    }
    LANGUAGES.iter().find_map(|(lang, ends)| {
        ends.iter().find_map(|end| {
            let rest = name.strip_suffix(end).or_else(|| name.strip_prefix(end))?;
            let (field, rank) = known(rest)?;
            matches!(field, Field::Title | Field::Text | Field::GroupTitle | Field::Rationale | Field::Unmapped)
                .then_some((field, Some(*lang), rank))
        })
    })
}

/// The field that an option calls by one of its columns' names, with its language where it has one.
pub(super) fn field_of_option(name: &str) -> Option<(Field, Option<Lang>)> {
    field(name).map(|(field, lang, _)| (field, lang))
}

fn known(name: &str) -> Option<(Field, usize)> {
    NAMES.iter().find_map(|(field, names)| names.iter().position(|n| *n == name).map(|rank| (*field, rank)))
}

/// The word in lower case, in half width, without blanks and punctuation.
pub(super) fn folded(word: &str) -> String {
    word.replace('№', "no")
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .filter(|c| c.is_alphanumeric() || matches!(c, '#' | 'ー' | '○' | '◎' | '△'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// How strongly, by the word in a cell.
pub(super) fn modality(word: &str) -> Option<Modality> {
    const MUST: &[&str] = &[
        "must",
        "shall",
        "mandatory",
        "required",
        "requirement",
        "obligatory",
        "m",
        "r",
        "yes",
        "true",
        "必須",
        "義務",
        "強制",
        "遵守",
        "要求",
        "◎",
        "○",
        "〇",
    ];
    const SHOULD: &[&str] =
        &["should", "recommended", "recommendation", "s", "推奨", "勧告", "努力義務", "望ましい", "△"];
    const MAY: &[&str] = &["may", "optional", "option", "can", "o", "no", "false", "任意", "選択", "オプション"];
    let word = folded(word);
    let is = |words: &[&str]| words.contains(&word.as_str());
    match word.as_str() {
        _ if is(MUST) => Some(Modality::Must),
        _ if is(SHOULD) => Some(Modality::Should),
        _ if is(MAY) => Some(Modality::May),
        _ => None,
    }
}

/// The words that [`modality`] knows, for a hint.
pub(super) const MODALITIES: &str =
    "must, shall, mandatory, required, 必須, 義務; should, recommended, 推奨; may, optional, 任意";

/// The relationship, by the word in a cell.
pub(super) fn relation(word: &str) -> Option<Relationship> {
    match folded(word).as_str() {
        "equal" | "equalto" | "等しい" => Some(Relationship::Equal),
        "subset" | "subsetof" | "部分" => Some(Relationship::SubsetOf),
        "superset" | "supersetof" | "上位" => Some(Relationship::SupersetOf),
        "intersect" | "intersects" | "intersectswith" | "交差" | "一部共通" => Some(Relationship::IntersectsWith),
        _ => None,
    }
}

/// The kind of control, by its word in data.
pub(super) fn kind(word: &str) -> Option<ControlKind> {
    let word = word.trim().to_lowercase();
    let word = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(&word);
    ControlKind::deserialize(word).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_in_many_spellings() {
        let of = |name: &str| field(name).map(|(field, lang, _)| (field, lang));
        for name in ["ID", "No.", "Ｎｏ．", "Control-ID", "番号", "項番", "requirement_id", "№"] {
            assert_eq!(of(name), Some((Field::Id, None)), "{name}");
        }
        for (name, lang) in
            [("Title", None), ("項目名", None), ("title_en", Some(Lang::En)), ("タイトル（日本語）", Some(Lang::Ja))]
        {
            assert_eq!(of(name), Some((Field::Title, lang)), "{name}");
        }
        assert_eq!(of("Text (ja)"), Some((Field::Text, Some(Lang::Ja))));
        assert_eq!(of("要求 事項"), Some((Field::Text, None)));
        assert_eq!(of("備考"), None);
    }

    #[test]
    fn no_name_stands_for_two_columns() {
        let mut seen = std::collections::BTreeSet::new();
        for name in NAMES.iter().flat_map(|(_, names)| *names) {
            assert!(seen.insert(name), "{name}");
            assert_eq!(folded(name), **name, "a name that is never met");
        }
    }

    #[test]
    fn words_of_obligation_are_known() {
        assert_eq!(modality("SHALL"), Some(Modality::Must));
        assert_eq!(modality("推奨"), Some(Modality::Should));
        assert_eq!(modality("任意 "), Some(Modality::May));
        assert_eq!(modality("技術"), None);
    }
}
