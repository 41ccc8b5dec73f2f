//! What a plan says to people, in both languages.

use sekisho_model::Text;

pub(crate) fn not_wanted() -> Text {
    Text::new("you asked to leave it out", "除外するよう指定された")
}

pub(crate) fn asks_nothing_of_the_reader() -> Text {
    Text::new(
        "what it asks is for other roles, phases or products",
        "要求事項はいずれも、異なる役割、工程、または製品を対象としている",
    )
}

pub(crate) fn other_languages(languages: &str) -> Text {
    Text::new(
        format!("it exists in none of your languages, only in: {languages}"),
        format!("読める言語の版がない（提供言語：{languages}）"),
    )
}
