//! The whole assessment as JSON, for other programs.

use sekisho_model::assessment::Assessment;

/// The assessment, indented, with a newline at its end.
pub fn assessment(assessment: &Assessment) -> String {
    let mut json = serde_json::to_string_pretty(assessment).expect("the model's maps have strings as keys");
    json.push('\n');
    json
}
