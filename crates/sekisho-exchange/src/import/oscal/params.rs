//! Parameters: what stands in prose where one is inserted.

use std::collections::HashMap;

use super::model::{Catalog, Control, Group, Param};
use crate::markup::to_plain;

/// Selections whose choices insert parameters whose choices … end here.
const DEEPEST: usize = 6;

/// All parameters of a catalog by id; those of controls are in reach of every control, as OSCAL has it.
pub(super) struct Params<'c> {
    by_id: HashMap<&'c str, &'c Param<'c>>,
}

/// Text beyond the limit.
pub(super) struct TooLong;

impl<'c> Params<'c> {
    pub(super) fn of(catalog: &'c Catalog<'c>) -> Self {
        let mut params = Self { by_id: HashMap::new() };
        params.add(&catalog.params);
        catalog.controls.iter().for_each(|control| params.control(control));
        catalog.groups.iter().for_each(|group| params.group(group));
        params
    }

    fn group(&mut self, group: &'c Group<'c>) {
        self.add(&group.params);
        group.controls.iter().for_each(|control| self.control(control));
        group.groups.iter().for_each(|group| self.group(group));
    }

    fn control(&mut self, control: &'c Control<'c>) {
        self.add(&control.params);
        control.controls.iter().for_each(|control| self.control(control));
    }

    fn add(&mut self, params: &'c [Param<'c>]) {
        self.by_id.extend(params.iter().map(|param| (param.id.as_ref(), param)));
    }

    /// Markdown prose as plain text, with every parameter in its place: its value, else `[Assignment: what is to be assigned]` or
    /// `[Selection: the choices]`, as NIST prints them. Not more than `limit` bytes.
    pub(super) fn plain(&self, prose: &str, limit: usize) -> Result<String, TooLong> {
        let mut out = String::with_capacity(prose.len());
        self.append(prose, limit, 0, &mut out)?;
        Ok(out)
    }

    fn append(&self, prose: &str, limit: usize, depth: usize, out: &mut String) -> Result<(), TooLong> {
        let mut rest = prose;
        while let Some(begin) = rest.find("{{") {
            let (before, insertion) = rest.split_at(begin);
            let Some(end) = insertion.find("}}") else { break };
            let Some(id) = inserted(&insertion[2..end]) else {
                push(&to_plain(&rest[..begin + 2]), limit, out)?;
                rest = &insertion[2..];
                continue;
            };
            push(&to_plain(before), limit, out)?;
            self.insert(id, limit, depth, out)?;
            rest = &insertion[end + 2..];
        }
        push(&to_plain(rest), limit, out)
    }

    fn insert(&self, id: &str, limit: usize, depth: usize, out: &mut String) -> Result<(), TooLong> {
        let Some(param) = self.by_id.get(id).filter(|_| depth < DEEPEST) else {
            return push(&format!("[Assignment: {id}]"), limit, out);
        };
        if !param.values.is_empty() {
            return push(&to_plain(&param.values.join(", ")), limit, out);
        }
        if let Some(select) = &param.select
            && !select.choice.is_empty()
        {
            let many = select.how_many.as_deref() == Some("one-or-more");
            push(if many { "[Selection (one or more): " } else { "[Selection: " }, limit, out)?;
            for (i, choice) in select.choice.iter().enumerate() {
                push(if i > 0 { "; " } else { "" }, limit, out)?;
                self.append(choice, limit, depth + 1, out)?;
            }
            return push("]", limit, out);
        }
        push("[Assignment: ", limit, out)?;
        self.append(param.label.as_deref().unwrap_or(id), limit, depth + 1, out)?;
        push("]", limit, out)
    }
}

/// The parameter that `insert: param, ID` inserts.
fn inserted(text: &str) -> Option<&str> {
    let text = text
        .trim()
        .strip_prefix("insert:")
        .map_or_else(|| text.trim().strip_prefix("param:"), |rest| rest.trim().strip_prefix("param,"))?;
    Some(text.trim()).filter(|id| !id.is_empty())
}

fn push(text: &str, limit: usize, out: &mut String) -> Result<(), TooLong> {
    if out.len() + text.len() > limit {
        return Err(TooLong);
    }
    out.push_str(text);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(params: &str, prose: &str) -> Option<String> {
        let text = format!(r#"{{"metadata": {{"title": "t"}}, "params": {params}}}"#);
        let catalog: Catalog<'_> = serde_json::from_str(&text).unwrap();
        Params::of(&catalog).plain(prose, 200).ok()
    }

    #[test]
    fn values_labels_and_selections_are_put_in_place() {
        let params = r#"[
            {"id": "a", "label": "a [time](x) period"},
            {"id": "b", "values": ["1 day", "2 days"]},
            {"id": "c", "select": {"how-many": "one-or-more", "choice": ["within {{ insert: param, a }}", "now"]}}]"#;
        let found =
            plain(params, r"Do \*it\* {{ insert: param, b }}; {{insert: param, c}} or {{ insert: param, z }} {{ x }}.");
        assert_eq!(
            found.unwrap(),
            "Do *it* 1 day, 2 days; [Selection (one or more): within [Assignment: a time period]; now] or \
             [Assignment: z] {{ x }}."
        );
        assert_eq!(plain("[]", "{{ insert: param, a").unwrap(), "{{ insert: param, a");
    }

    #[test]
    fn what_inserts_itself_ends() {
        let params = r#"[{"id": "a", "select": {"choice": ["x {{ insert: param, a }}"]}}]"#;
        assert_eq!(plain(params, "{{ insert: param, a }}").unwrap().matches("[Selection").count(), DEEPEST);
        let bomb = r#"[{"id": "a", "select": {"choice": ["{{ insert: param, a }}{{ insert: param, a }}{{ insert: param, a }}"]}}]"#;
        assert_eq!(plain(bomb, "{{ insert: param, a }}"), None);
    }
}
