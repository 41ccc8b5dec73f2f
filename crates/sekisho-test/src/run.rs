//! Running the program: arguments in, exit code and both outputs out.

use std::path::Path;
use std::process::Command;

/// What a run of the program gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Transcript {
    /// Standard output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in the output:\n{}\n{}", self.stdout, self.stderr))
    }

    /// Everything on one page, for snapshots.
    pub fn page(&self) -> String {
        format!("exit code: {}\n----- stdout\n{}----- stderr\n{}", self.code, self.stdout, self.stderr)
    }
}

/// Runs `program` in `folder` with a fixed locale and time, so that outputs can be compared, and with its own vulnerability database
/// (`vulnerabilities.db` in the folder, where it is or is to be made) in place of the user's.
///
/// # Panics
/// Where the program cannot be started or prints what is not UTF-8.
pub fn run(program: &str, folder: &Path, arguments: &[&str]) -> Transcript {
    const DATABASE: &str = "vulnerabilities.db";
    let mut command = Command::new(program);
    if folder.join(DATABASE).exists() || arguments.contains(&"vulndb") {
        command.env("SEKISHO_VULNDB", DATABASE);
    } else {
        command.env_remove("SEKISHO_VULNDB").env("XDG_DATA_HOME", "/nonexistent");
    }
    let output = command
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env("LC_ALL", "C.UTF-8")
        .env("SOURCE_DATE_EPOCH", "1795341600") // 2026-11-22T10:00:00Z
        .output()
        .unwrap_or_else(|error| panic!("cannot start {program}: {error}"));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_else(|error| panic!("not UTF-8: {error}"));
    Transcript { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// One page of commands that [`run`] one after the other in one folder, for snapshots.
///
/// # Panics
/// Where [`run`] does, and where the program panics.
pub fn session(program: &str, folder: &Path, commands: &[&[&str]]) -> String {
    let page = |arguments: &&[&str]| {
        let transcript = run(program, folder, arguments);
        assert!(!transcript.stderr.contains("panicked"), "{}", transcript.stderr);
        format!("$ sekisho {}\n{}", arguments.join(" "), transcript.page())
    };
    commands.iter().map(page).collect::<Vec<_>>().join("\n==========\n\n")
}
