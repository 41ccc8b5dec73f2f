//! What can be wrong with a part of a document that is otherwise readable, in both languages.

use sekisho_model::Text;
use sekisho_model::coverage::{Aspect, Coverage, Extent, Gap};

/// The kind of value that stands where another was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

impl Found {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Null => ("null", "null"),
            Self::Bool => ("a truth value", "真偽値"),
            Self::Number => ("a number", "数値"),
            Self::Text => ("a text", "文字列"),
            Self::List => ("a list", "配列"),
            Self::Object => ("an object", "オブジェクト"),
        }
    }
}

/// One thing that could not be understood, or that the format's specification forbids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A field that the specification requires is missing or empty.
    Missing(&'static str),
    /// A field has a value of another type than the specification says.
    WrongType(&'static str, Found),
    /// A field stands there more than once.
    Twice(&'static str),
    /// A value is not one of those that the specification lists for this version.
    NotListed(&'static str, String),
    /// A hash value does not fit its algorithm.
    Hash(String, String),
    /// A package URL that is none.
    Purl(String),
    /// A CPE name that is none.
    Cpe(String),
    /// Two components have the same reference.
    Duplicate(String),
    /// A licence identifier that is not in the SPDX licence list.
    LicenceId(String),
    /// Licences and expressions are mixed in a way that the specification forbids.
    LicenceMix,
    /// A licence has neither an identifier nor a name, or both.
    LicenceChoice,
    /// A string is longer than the limit.
    TooLong(&'static str, usize),
    /// A list is longer than the limit.
    TooMany(&'static str, usize),
    /// Components lie deeper in each other than the limit.
    TooDeep(usize),
    /// More components than the limit.
    Components(usize, u64),
    /// More relationships than the limit.
    Relationships(u64),
    /// The serial number is no UUID.
    Serial(String),
    /// The time stamp is no date and time.
    Timestamp(String),
    /// The time stamp has no time zone.
    TimestampZone(String),
    /// The version of the specification is newer, or another, than those that the reader was written for.
    SpecVersion(String),
    /// Bytes that are not in the file's encoding were replaced.
    Bytes(u64),
    /// The text is in an encoding that the format does not allow.
    Encoding(&'static str),
    /// A line that is neither a tag nor a comment.
    Line(String),
    /// A creator that is neither a person, an organisation, nor a tool.
    Creator(String),
}

impl Fault {
    /// What a person reads.
    pub(crate) fn text(&self) -> Text {
        let (en, ja) = match self {
            Self::Missing(field) => (format!("'{field}' is missing or empty"), format!("「{field}」がないか空である")),
            Self::WrongType(field, found) => {
                let (en, ja) = found.names();
                (format!("'{field}' is {en}, which it must not be"), format!("「{field}」が{ja}になっている"))
            }
            Self::Twice(field) => (
                format!("'{field}' stands there more than once; the first one was read"),
                format!("「{field}」が重複している（最初のものを読んだ）"),
            ),
            Self::NotListed(field, value) => (
                format!("'{field}' is '{value}', which this version of the format does not know"),
                format!("「{field}」の値「{value}」はこの版の仕様にない"),
            ),
            Self::Hash(algorithm, value) => {
                (format!("'{value}' is no {algorithm} value"), format!("「{value}」は{algorithm}の値ではない"))
            }
            Self::Purl(value) => (format!("'{value}' is no package URL"), format!("「{value}」はpackage URLではない")),
            Self::Cpe(value) => (format!("'{value}' is no CPE name"), format!("「{value}」はCPE名ではない")),
            Self::Duplicate(value) => {
                (format!("the reference '{value}' is used twice"), format!("参照「{value}」が重複している"))
            }
            Self::LicenceId(value) => (
                format!("'{value}' is not in the SPDX licence list {}", ::spdx::license_version()),
                format!("「{value}」はSPDXライセンス一覧{}にない", ::spdx::license_version()),
            ),
            Self::LicenceMix => (
                "licences are either one expression or a list of licences; here they are mixed".to_owned(),
                "ライセンスは1つの式か一覧のどちらかであるべきだが、混在している".to_owned(),
            ),
            Self::LicenceChoice => (
                "a licence must have either an id, a name or an expression, and only one of them".to_owned(),
                "ライセンスにはid、name、expressionのうちちょうど1つが必要である".to_owned(),
            ),
            Self::TooLong(field, limit) => (
                format!("'{field}' is longer than {limit} bytes and was left out"),
                format!("「{field}」が{limit}バイトを超えるため除外した"),
            ),
            Self::TooMany(field, limit) => (
                format!("'{field}' has more than {limit} entries; the rest was not looked at"),
                format!("「{field}」が{limit}件を超えるため、残りは調べていない"),
            ),
            Self::TooDeep(limit) => (
                format!("components nested more than {limit} deep were not looked at"),
                format!("{limit}段より深い入れ子のコンポーネントは調べていない"),
            ),
            Self::Components(limit, more) => (
                format!("only the first {limit} components were read; {more} more were not looked at"),
                format!("最初の{limit}件だけを読み、残り{more}件のコンポーネントは調べていない"),
            ),
            Self::Relationships(more) => (
                format!("too many relationships; {more} were not looked at"),
                format!("関係が多すぎるため、{more}件は調べていない"),
            ),
            Self::Serial(value) => (
                format!("the serial number '{value}' is no URN of a UUID"),
                format!("通し番号「{value}」はUUIDのURNではない"),
            ),
            Self::Timestamp(value) => (
                format!("the time stamp '{value}' is no date and time (RFC 3339)"),
                format!("タイムスタンプ「{value}」は日時（RFC 3339）ではない"),
            ),
            Self::TimestampZone(value) => (
                format!("the time stamp '{value}' has no time zone; it was read as UTC"),
                format!("タイムスタンプ「{value}」に時間帯がない（UTCとして読んだ）"),
            ),
            Self::SpecVersion(value) => (
                format!(
                    "version {value} of the format is not one of those this reader was written for; what is new in it was not looked at"
                ),
                format!("形式の版{value}には未対応の部分があり、その版で加わったものは調べていない"),
            ),
            Self::Bytes(count) => (
                format!("the text is not valid in its encoding; bytes were replaced in {count} places"),
                format!("文字コードに合わないバイトがあり、{count}か所で置き換えた"),
            ),
            Self::Encoding(name) => (
                format!("the text is in {name}, which the format does not allow; it was read all the same"),
                format!("文字コードが{name}で、この形式では認められていない（そのまま読んだ）"),
            ),
            Self::Line(value) => (
                format!("'{value}' is neither a tag with a value nor a comment"),
                format!("「{value}」はタグでも注釈でもない"),
            ),
            Self::Creator(value) => (
                format!("the creator '{value}' is neither a Person, an Organization nor a Tool"),
                format!("作成者「{value}」がPerson、Organization、Toolのいずれでもない"),
            ),
        };
        Text { en, ja }
    }
}

/// A value as a message shows it: short, on one line, without control characters.
pub(crate) fn shown(value: &str) -> String {
    const LONGEST: usize = 80;
    let mut shown = String::new();
    for (count, c) in value.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        shown.push(if c.is_control() { '\u{fffd}' } else { c });
    }
    shown
}

/// The gaps of one aspect, as many as the limit allows.
#[derive(Debug)]
pub(crate) struct Gaps {
    list: Vec<Gap>,
    more: u64,
    limit: usize,
}

impl Gaps {
    pub(crate) fn new(limit: usize) -> Self {
        Self { list: Vec::new(), more: 0, limit }
    }

    pub(crate) fn add(&mut self, path: Option<&str>, offset: Option<u64>, fault: &Fault) {
        if self.list.len() < self.limit {
            self.list.push(Gap { path: path.map(str::to_owned), offset, reason: fault.text() });
        } else {
            self.more += 1;
        }
    }

    /// The account of `aspect`: complete only where there is no gap.
    pub(crate) fn coverage(mut self, aspect: Aspect, subject: &str, artefact: &str) -> Coverage {
        let extent = if self.list.is_empty() && self.more == 0 { Extent::Complete } else { Extent::Partial };
        if self.more > 0 {
            let reason = Text {
                en: format!("{} more of the kind", self.more),
                ja: format!("同様の問題がほかに{}件", self.more),
            };
            self.list.push(Gap { path: None, offset: None, reason });
        }
        Coverage { aspect, subject: subject.to_owned(), artefact: artefact.to_owned(), extent, gaps: self.list }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_gaps_are_counted() {
        let mut gaps = Gaps::new(2);
        for _ in 0..5 {
            gaps.add(None, None, &Fault::LicenceMix);
        }
        let coverage = gaps.coverage(Aspect::SbomComponents, "s", "a");
        assert_eq!(coverage.extent, Extent::Partial);
        assert_eq!(coverage.gaps.len(), 3);
        assert_eq!(coverage.gaps[2].reason.en, "3 more of the kind");
    }

    #[test]
    fn shown_values_are_short_and_harmless() {
        assert_eq!(shown("a\u{1b}[31m"), "a\u{fffd}[31m");
        assert_eq!(shown(&"x".repeat(500)).chars().count(), 81);
    }
}
