//! Texts about the vulnerability database.

use sekisho_model::Lang::{En, Ja};
use sekisho_vulndb::{Moment, Reason, StaleReason};

use crate::age;
use crate::bilingual::Bi;
use crate::plain::grouped;

super::messages! {
    NOTHING_CHANGED = "Nothing changed: the database had every record that was read, or a newer state of it.", "変更なし：読み取ったレコードはすべて取り込み済みか、データベースの方が新しいものです。";
    NOTHING_READ = "No record was read, and nothing was written.", "レコードを1件も読み取れなかったため、何も書き込みませんでした。";
    FEED = "Feed", "フィード";
    RECORDS = "Records", "レコード";
    NEW = "New", "新規";
    REPLACED = "Changed", "更新";
    UNCHANGED = "Unchanged", "変更なし";
    OLDER = "Older", "旧版";
    ABSENT = "Kept", "維持";
    ABSENT_MEANS = "Kept: in the database and not in this input. Records never go because an input lacks them.", "維持：データベースにあり、今回の入力にはないレコード。入力にないという理由で削除されることはありません。";
    OLDER_MEANS = "Older: the database has a newer state, which stays.", "旧版：データベースの方が新しいため、取り込まなかったレコード。";
    NOT_USED = "Not used, or not wholly", "使えなかったもの、一部だけ使えたもの";
    WITHDRAWN = "Withdrawn", "取り下げ";
    NEWEST = "Newest", "最新レコード";
    AGE = "Age", "経過";
    LIMIT = "At most", "許容";
    IMPORTED = "Imported", "取り込み";
    STALE = "Do not rely on", "信頼すべきでないフィード";
    NOT_STALE = "No feed is older than it should be, and none has lost records.", "許容日数を超えたフィード、レコードが減ったフィードはありません。";
    NO_RECORDS = "The database is empty.", "データベースは空です。";
    DIGEST = "SHA-256 of the records", "レコードのSHA-256";
    SIGNATURE_FITS = "The signature fits, and every byte of the database is as it was written.", "署名は正しく、データベースに破損はありません。";
}

/// What was read, and into what.
pub(crate) fn read_into(files: u64, records: u64, database: &str) -> Bi<'static> {
    let (said, number) = (many(files, "file"), grouped(files));
    Bi::made(
        format!("Read: {said}, {}, into {database}", many(records, "record")),
        format!("読み取り：{number}ファイル、{}レコード → {database}", grouped(records)),
    )
}

/// Records that were there more than once.
pub(crate) fn repeated(count: u64) -> Bi<'static> {
    let said = match count {
        1 => "1 record was there more than once, with the same content.".to_owned(),
        _ => format!("{} records were there more than once, with the same content.", grouped(count)),
    };
    Bi::made(said, format!("同じ内容で重複していたレコード：{}件", grouped(count)))
}

/// What a database holds, and since when.
pub(crate) fn holds(records: u64, imported: Option<&str>) -> Bi<'static> {
    let (said, number) = (many(records, "record"), grouped(records));
    match imported {
        Some(at) => Bi::made(format!("{said}, last import {at}"), format!("{number}レコード、最終取り込み {at}")),
        None => Bi::made(said, format!("{number}レコード")),
    }
}

/// A number of days.
pub(crate) fn days(days: u64) -> Bi<'static> {
    Bi::made(many(days, "day"), format!("{}日", grouped(days)))
}

/// How old something is, in the unit that limits have.
pub(crate) fn age(newest: Moment, now: Moment) -> Bi<'static> {
    u64::try_from(now.days_since(newest)).map_or(Bi::fixed("after now", "現在より後"), days)
}

/// A number of things in English.
fn many(count: u64, one: &str) -> String {
    format!("{} {one}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// Lines or feeds beyond those that are shown.
pub(crate) fn more(count: usize) -> Bi<'static> {
    let count = grouped(count as u64);
    Bi::made(
        format!("… and {count} more (--format json has all)"),
        format!("…ほか{count}件（--format jsonですべて表示）"),
    )
}

/// Why a feed should not be relied on, as of the moment `now`.
pub(crate) fn stale(reason: &StaleReason, now: Moment) -> Bi<'static> {
    match reason {
        StaleReason::Old { newest, limit } => {
            let (day, old) = (age::day_of(&newest.to_string()), age(*newest, now));
            let limit = days(u64::from(*limit));
            Bi::made(
                format!("its newest record is {} old ({day}); at most {} is expected", old.get(En), limit.get(En)),
                format!("最新レコードが{}前（{day}）のもの。許容は{}以内", old.get(Ja), limit.get(Ja)),
            )
        }
        StaleReason::Undated => Bi::fixed(
            "no record of it has a date: nobody can say how old it is",
            "日付のあるレコードがなく、どれだけ古いか判断できない",
        ),
        StaleReason::Future { newest } => {
            let day = age::day_of(&newest.to_string());
            Bi::made(
                format!("its newest record is dated {day}, after now: the clock or the data are wrong"),
                format!("最新レコードの日付（{day}）が現在より後。時計またはデータに誤りがある"),
            )
        }
        StaleReason::Fell { before, now } => {
            let (before, now) = (grouped(*before), grouped(*now));
            Bi::made(
                format!(
                    "its last full import had fewer records than the one before: {now} of {before}. Parts of a feed want --update"
                ),
                format!(
                    "前回の全件取り込みの{before}件から{now}件に減少。フィードの一部を取り込むときは--updateを付けること"
                ),
            )
        }
        StaleReason::Incomplete { announced, seen } => {
            let (announced, seen) = (grouped(*announced), grouped(*seen));
            Bi::made(
                format!("its last full import had only {seen} of the {announced} records that it announced itself"),
                format!("最後の全件取り込みには{seen}件しかなく、入力自体に記載された{announced}件に足りない"),
            )
        }
    }
}

/// Why something in an input could not be used, and what was done instead.
pub(crate) fn reason(reason: Reason) -> Bi<'static> {
    let (en, ja) = match reason {
        Reason::Unreadable => ("could not be read; left out", "読み取れないため除外"),
        Reason::NotRecognised => ("is none of the formats; left out", "対応形式のいずれでもないため除外"),
        Reason::NotAFile => {
            ("a link or special file in a folder; left out", "フォルダー内のリンクまたは特殊ファイルのため除外")
        }
        Reason::CutOff => ("ends too early; what came before was taken", "途中で切れている。切れる前までを使用"),
        Reason::BadJson => (
            "JSON that is none, or not of the format; the record was left out",
            "JSONとして、または形式として不正なため、そのレコードを除外",
        ),
        Reason::BadCsv => ("a line without the right columns; left out", "列が正しくない行のため除外"),
        Reason::BadId => ("a record without a usable identifier; left out", "使える識別子のないレコードのため除外"),
        Reason::BadDate => (
            "a record without a usable date; taken, as older than any with one",
            "使える日付のないレコード。日付のあるものより古いものとして使用",
        ),
        Reason::BadState => (
            "a state that the format does not have; the record or statement was left out",
            "形式にない状態値のため、そのレコードまたは声明を除外",
        ),
        Reason::BadPackage => {
            ("a package that is not named; taken without it", "名前のないパッケージ。それを除いて使用")
        }
        Reason::NoRange => (
            "a package without affected versions; taken, as incomplete",
            "影響を受けるバージョンの記載がないパッケージ。不完全なものとして使用",
        ),
        Reason::BadRange => (
            "a range or version that cannot be used; taken without it, as incomplete",
            "使えない範囲またはバージョン。それを除き、不完全なものとして使用",
        ),
        Reason::BadCpe => (
            "a CPE name that cannot be used; taken without it, as incomplete",
            "使えないCPE名。それを除き、不完全なものとして使用",
        ),
        Reason::UnknownProduct => (
            "a statement that does not say enough about its product; taken, and it applies to nothing",
            "製品を特定できない声明。使用するが、どの製品にも適用されない",
        ),
        Reason::NoStatement => ("a bill of materials without statements; left out", "声明のない部品表のため除外"),
        Reason::TooLarge => ("more than the limits allow; left out", "上限を超えるため除外"),
        Reason::Different => (
            "the same identifier with different content; the newer was taken, of two equally old the later",
            "同じ識別子で内容が異なる。新しい方を、同じ日付なら後の方を使用",
        ),
        Reason::Older => ("older than what the database has; left out", "データベースより古いため除外"),
        Reason::Future => (
            "dated after this import; taken, but the date says nothing about the feed's age",
            "今回の取り込みより後の日付。使用するが、フィードの新しさの判断には用いない",
        ),
        Reason::Incomplete => (
            "fewer records than the input itself announces; what was there was taken",
            "入力自体に記載された件数より少ない。あったものを使用",
        ),
    };
    Bi::fixed(en, ja)
}
