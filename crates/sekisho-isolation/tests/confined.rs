//! What a confined process can and cannot do. Each test starts itself again, confined, and looks at how that went.
#![cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where something is not as it should be")]

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use sekisho_isolation::{Bounds, Layer, confine};

/// Tells the started process that it is the confined one, and which file it may read.
const ARTEFACT: &str = "SEKISHO_TEST_ARTEFACT";

/// Runs the test `name` of this file again with [`ARTEFACT`] set. Gives its output and whether it ended well.
fn again(name: &str, artefact: &std::path::Path) -> (bool, String) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(ARTEFACT, artefact)
        .output()
        .unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

#[test]
fn reads_the_artefact_and_does_nothing_else() {
    let Some(artefact) = std::env::var_os(ARTEFACT).map(PathBuf::from) else {
        let folder = tempfile::tempdir().unwrap();
        let artefact = folder.path().join("image.bin");
        fs::write(&artefact, b"image").unwrap();
        fs::write(artefact.with_file_name("image.sig"), b"signature").unwrap();
        let (well, text) = again("reads_the_artefact_and_does_nothing_else", &artefact);
        assert!(well, "{text}");
        assert!(text.contains("all of it held"), "{text}");
        assert_eq!(fs::read(&artefact).unwrap(), b"image");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        return;
    };
    let beside = artefact.with_file_name("image.sig");
    let held = confine(&[&artefact, &beside], &Bounds::default());
    assert_eq!(held, Layer::ALL, "this kernel offers less than the tests need: Landlock (5.13) and seccomp");
    assert_eq!(fs::read(&artefact).unwrap(), b"image");
    assert_eq!(fs::read(&beside).unwrap(), b"signature");
    let denied = |result: std::io::Result<()>, what: &str| {
        let kind = result.map_err(|error| error.kind());
        assert_eq!(kind, Err(ErrorKind::PermissionDenied), "{what}");
    };
    denied(File::open("/etc/passwd").map(drop), "another file");
    denied(fs::read_dir("/").map(drop), "a folder");
    denied(OpenOptions::new().append(true).open(&artefact).map(drop), "writing to the artefact");
    denied(fs::write(artefact.with_file_name("new"), b"x"), "a new file");
    denied(fs::remove_file(&artefact), "removing");
    denied(TcpListener::bind("127.0.0.1:0").map(drop), "listening");
    denied(TcpStream::connect("127.0.0.1:9").map(drop), "connecting");
    denied(UdpSocket::bind("127.0.0.1:0").map(drop), "UDP");
    denied(Command::new("/bin/true").status().map(drop), "another program");
    // Threads come up, and are confined as well.
    let in_thread = std::thread::spawn(move || File::open("/etc/passwd").map(drop)).join().unwrap();
    denied(in_thread, "another file, from a thread");
    println!("all of it held");
}

#[test]
fn reads_what_is_below_a_folder_and_does_nothing_else() {
    let Some(artefact) = std::env::var_os(ARTEFACT).map(PathBuf::from) else {
        let folder = tempfile::tempdir().unwrap();
        let artefact = folder.path().join("documents");
        fs::create_dir_all(artefact.join("ja")).unwrap();
        fs::write(artefact.join("ja/manual.txt"), b"manual").unwrap();
        fs::write(folder.path().join("secret.txt"), b"secret").unwrap();
        let (well, text) = again("reads_what_is_below_a_folder_and_does_nothing_else", &artefact);
        assert!(well, "{text}");
        assert!(text.contains("all of it held"), "{text}");
        return;
    };
    assert_eq!(confine(&[artefact.as_ref()], &Bounds::default()), Layer::ALL);
    assert_eq!(fs::read_dir(artefact.join("ja")).unwrap().count(), 1);
    assert_eq!(fs::read(artefact.join("ja/manual.txt")).unwrap(), b"manual");
    let denied = |result: std::io::Result<()>, what: &str| {
        let kind = result.map_err(|error| error.kind());
        assert_eq!(kind, Err(ErrorKind::PermissionDenied), "{what}");
    };
    denied(fs::read(artefact.with_file_name("secret.txt")).map(drop), "a file beside it");
    denied(fs::read_dir(artefact.parent().unwrap()).map(drop), "the folder around it");
    denied(fs::write(artefact.join("new"), b"x"), "a new file");
    denied(fs::remove_file(artefact.join("ja/manual.txt")), "removing");
    println!("all of it held");
}

#[test]
fn memory_ends_where_it_should() {
    if let Some(artefact) = std::env::var_os(ARTEFACT) {
        confine(&[artefact.as_ref()], &Bounds { memory: 256 << 20, ..Bounds::default() });
        let much = vec![1_u8; 512 << 20];
        println!("had {} bytes", much.len());
        return;
    }
    let (well, text) = again("memory_ends_where_it_should", "/dev/null".as_ref());
    assert!(!well, "{text}");
    assert!(text.contains("memory allocation of"), "{text}");
}

#[test]
fn processor_time_ends_where_it_should() {
    if let Some(artefact) = std::env::var_os(ARTEFACT) {
        confine(&[artefact.as_ref()], &Bounds { processor: Duration::from_secs(1), ..Bounds::default() });
        let mut n = 0_u64;
        loop {
            n = std::hint::black_box(n.wrapping_add(1));
        }
    }
    let (well, text) = again("processor_time_ends_where_it_should", "/dev/null".as_ref());
    assert!(!well, "{text}");
}
