//! Where a fact was seen, in one line.

use sekisho_model::fact::Source;

use crate::plain::visible;

/// The place inside the artefact: `/etc/shadow:1`, `#12` for the twelfth frame of a capture; none where the fact is about the artefact as a whole.
pub(crate) fn path(source: &Source) -> Option<String> {
    if let (None, Some(frame)) = (&source.path, source.frame) {
        return Some(format!("#{frame}"));
    }
    let path = visible(source.path.as_deref()?);
    Some(match source.line {
        Some(line) => format!("{path}:{line}"),
        None => path.into_owned(),
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
    }
}
