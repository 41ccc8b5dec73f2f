//! Writes the report of the tests' small product, to look at it while working on its design:
//! `cargo run -p sekisho-report --example demo -- OUT.html [en|ja] [FOLDER]`. `FOLDER` holds an `assessment.json` and a `texts.json` to take instead.

#[path = "../tests/fixture/mod.rs"]
mod fixture;

use std::error::Error;
use std::io::Write as _;
use std::path::Path;

use sekisho_model::Lang;
use sekisho_report::{html, terminal};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("where to? demo OUT.html [en|ja] [FOLDER]")?;
    let lang: Lang = arguments.next().as_deref().unwrap_or("en").parse()?;
    let (assessment, texts) = match arguments.next() {
        Some(folder) => {
            let read = |name: &str| std::fs::read_to_string(Path::new(&folder).join(name));
            (serde_json::from_str(&read("assessment.json")?)?, serde_json::from_str(&read("texts.json")?)?)
        }
        None => (fixture::assessment(), fixture::texts()),
    };
    let page = html::report(&assessment, &texts, lang)?;
    std::fs::write(&out, &page)?;
    let style = terminal::Style { color: true, ..terminal::Style::default() };
    let summary = terminal::summary(&assessment, &texts, lang, style, Some(&out));
    writeln!(std::io::stdout(), "{summary}{} bytes", page.len())?;
    Ok(())
}
