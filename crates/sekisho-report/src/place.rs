//! Where a fact was seen, in one line.

use sekisho_model::fact::Source;

use crate::plain::visible;

/// The place inside the artefact: `/etc/shadow:1`, `manual.pdf p.3`, `#12` for the twelfth frame of a capture; none where the fact is about the
/// artefact as a whole.
pub(crate) fn path(source: &Source) -> Option<String> {
    let Some(path) = &source.path else {
        let frame = source.frame.map(|frame| format!("#{frame}"));
        return frame.or_else(|| source.page.map(|page| format!("p.{page}")));
    };
    let path = visible(path);
    Some(match (source.line, source.page) {
        (Some(line), _) => format!("{path}:{line}"),
        (None, Some(page)) => format!("{path} p.{page}"),
        (None, None) => path.into_owned(),
    })
}

/// The offset as `0x149000`.
pub(crate) fn offset(source: &Source) -> Option<String> {
    source.offset.map(|offset| format!("{offset:#x}"))
}

/// The containers around it, outermost first.
pub(crate) fn containers(source: &Source) -> Option<String> {
    if source.within.is_empty() {
        return None;
    }
    Some(source.within.iter().map(|container| visible(container)).collect::<Vec<_>>().join(" › "))
}

/// What a summary has room for: the path, else the offset, else the artefact.
pub(crate) fn short(source: &Source) -> String {
    path(source)
        .or_else(|| offset(source).map(|offset| format!("{} @ {offset}", visible(&source.artefact))))
        .unwrap_or_else(|| visible(&source.artefact).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_place_is_named() {
        let mut source = Source { artefact: "fw.bin".into(), offset: Some(0x149_000), ..Source::default() };
        assert_eq!(short(&source), "fw.bin @ 0x149000");
        source.path = Some("/etc/shadow".into());
        source.line = Some(1);
        assert_eq!(short(&source), "/etc/shadow:1");
        let page = Source { page: Some(3), ..Source::default() };
        assert_eq!(path(&page).as_deref(), Some("p.3"));
        assert_eq!(path(&Source { path: Some("manual.pdf".into()), ..page }).as_deref(), Some("manual.pdf p.3"));
    }
}
