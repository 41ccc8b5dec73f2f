//! The camera of `examples/smart-camera/live`, played on this machine. Its ports are fixed: two tests of one program must not play it at once.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use sekisho_test::root;

/// The example's device while it plays.
pub(crate) struct Device(Child);

impl Device {
    /// Starts it and waits until all its services answer; none where they are not installed, which only CI may not let pass.
    pub(crate) fn play(variant: &str) -> Option<Self> {
        let mut child = Command::new(root().join("examples/smart-camera/live/device.sh"))
            .arg(variant)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        if lines.any(|line| line == "ready") {
            return Some(Self(child));
        }
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(std::env::var_os("CI").is_none() && said.contains("not installed"), "{said}");
        eprintln!("skipped: {said}");
        None
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // The script stops its services when it is asked to end; to kill it would leave them.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}
