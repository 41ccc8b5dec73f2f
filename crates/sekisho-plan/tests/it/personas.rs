//! Readers as they come.

use sekisho_model::plan::Reader;

/// Some readers, each with a name.
pub(crate) fn personas() -> Vec<(&'static str, Reader)> {
    let words = |words: &[&str]| words.iter().map(|&w| w.to_owned()).collect();
    let reader = |roles: &[&str], industries: &[&str], markets: &[&str]| Reader {
        roles: words(roles),
        industries: words(industries),
        markets: words(markets),
        ..Reader::default()
    };
    vec![
        (
            "smart lock, jp+eu",
            reader(&["developer", "device-manufacturer"], &["consumer", "smart-home"], &["jp", "eu"]),
        ),
        ("baby monitor, uk", reader(&["device-manufacturer"], &["consumer", "smart-home"], &["uk"])),
        ("controller, eu+us", reader(&["device-manufacturer"], &["industrial"], &["eu", "us"])),
        ("car supplier, eu", reader(&["supplier", "developer"], &["automotive"], &["eu"])),
        ("hospital operator, eu", reader(&["operator"], &["hospital", "healthcare"], &["eu"])),
        ("city, eu", reader(&["municipality", "operator"], &["smart-city", "public-transport"], &["eu"])),
        ("cloud service, us", reader(&["service-provider"], &["consumer"], &["us"])),
        ("test lab, world", reader(&["assessor"], &[], &[])),
        ("executive, jp", Reader { phases: words(&["policy"]), ..reader(&["executive"], &[], &["jp"]) }),
        (
            "developer who reads Japanese",
            Reader { languages: words(&["ja"]), ..reader(&["developer"], &["consumer"], &["jp"]) },
        ),
        ("everybody", Reader::default()),
    ]
}
