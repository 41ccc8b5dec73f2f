//! `sekisho init`: a commented product file, asking where somebody can answer.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::bail;
use sekisho_model::{Lang, exit};

use crate::cli::InitArgs;
use crate::messages;
use crate::output;
use crate::printer::Printer;

/// What is asked; what is not answered keeps the example's value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answers {
    name: String,
    vendor: String,
    role: String,
    markets: String,
    firmware: String,
    sbom: String,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            name: "My product".into(),
            vendor: "My company".into(),
            role: "device-manufacturer".into(),
            markets: "eu, jp".into(),
            firmware: String::new(),
            sbom: String::new(),
        }
    }
}

pub(crate) fn run(args: &InitArgs, printer: &Printer) -> anyhow::Result<u8> {
    let name = args.file.display().to_string();
    if args.file.exists() && !args.force {
        bail!("{}", messages::exists(&name).get(printer.lang));
    }
    let interactive = !args.no_questions && io::stdin().is_terminal() && io::stderr().is_terminal();
    let answers = if interactive {
        ask(&mut io::stdin().lock(), &mut io::stderr().lock(), printer.lang)?
    } else {
        Answers::default()
    };
    output::write(&args.file, &template(&answers, printer.lang))?;
    printer.note(&messages::written(&name));
    printer.note(&messages::next_after_init(&name));
    Ok(exit::OK)
}

fn ask(input: &mut impl BufRead, out: &mut impl Write, lang: Lang) -> io::Result<Answers> {
    let mut answers = Answers::default();
    let questions: [(&mut String, &str, &str); 6] = [
        (&mut answers.name, "What is the product called?", "製品の名称は？"),
        (&mut answers.vendor, "Who makes it?", "メーカーは？"),
        (
            &mut answers.role,
            "Your role (device-manufacturer, operator, service-provider …)?",
            "あなたの役割は（device-manufacturer、operator、service-provider …）？",
        ),
        (
            &mut answers.markets,
            "Markets (eu, uk, us, jp; separated by commas)?",
            "市場は（eu、uk、us、jp。コンマ区切り）？",
        ),
        (
            &mut answers.firmware,
            "Path of the firmware image (empty: none)?",
            "ファームウェアイメージのパスは（なければ空）？",
        ),
        (&mut answers.sbom, "Path of the SBOM (empty: none)?", "SBOMのパスは（なければ空）？"),
    ];
    for (answer, en, ja) in questions {
        let question = if lang == Lang::Ja { ja } else { en };
        write!(out, "{question} [{answer}] ")?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            break;
        }
        if !line.trim().is_empty() {
            line.trim().clone_into(answer);
        }
    }
    Ok(answers)
}

/// A text as a YAML scalar: always quoted, so that whatever was typed stays a text.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// One line with an artefact, or the same as a comment where none was named.
fn artefact(field: &str, path: &str, example: &str) -> String {
    if path.is_empty() { format!("    # {field}: {example}") } else { format!("    {field}: {}", quoted(path)) }
}

fn template(answers: &Answers, lang: Lang) -> String {
    let text = match lang {
        Lang::En => include_str!("init/product.en.yaml"),
        Lang::Ja => include_str!("init/product.ja.yaml"),
    };
    let markets: Vec<String> =
        answers.markets.split([',', '、']).map(str::trim).filter(|m| !m.is_empty()).map(quoted).collect();
    text.replace("{name}", &quoted(&answers.name))
        .replace("{vendor}", &quoted(&answers.vendor))
        .replace("{role}", &quoted(&answers.role))
        .replace("{markets}", &markets.join(", "))
        .replace("{firmware}", &artefact("firmware", &answers.firmware, "image.bin"))
        .replace("{sbom}", &artefact("sbom", &answers.sbom, "sbom.cdx.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_a_valid_product_file() {
        let catalog = sekisho_builtin::catalog();
        let typed = Answers { name: "Quote \" and: colon".into(), firmware: "a b.bin".into(), ..Answers::default() };
        for answers in [Answers::default(), typed] {
            for lang in Lang::ALL {
                let text = template(&answers, lang);
                let (product, warnings) = sekisho_catalog::read_product("p.yaml", text.as_bytes(), &catalog).unwrap();
                assert_eq!(product.name, answers.name);
                assert_eq!(warnings, []);
            }
        }
    }

    #[test]
    fn an_empty_line_keeps_what_is_proposed() {
        let mut out = Vec::new();
        let answers = ask(&mut "Camera\n\n".as_bytes(), &mut out, Lang::En).unwrap();
        assert_eq!(answers, Answers { name: "Camera".into(), ..Answers::default() });
        assert!(String::from_utf8(out).unwrap().contains("[My company]"));
    }
}
