//! Held against the examples of RFC 9001, appendix A, and RFC 9369, appendix A.

use super::*;
use proptest::prelude::*;

/// The connection identifier of the examples.
const IDENTIFIER: &str = "8394c8f03e515708";
/// A CRYPTO frame with the client's hello.
const HELLO: &str = "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c0\
    00000010000e00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e00050005010000000000330026\
    0024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e04030503060302030804\
    08050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e\
    51570806048000ffff";
const SERVER: [&str; 2] = [
    "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec249\
     3a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20\
     398c276456cbc42158407dd074ee",
    "dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698baeea26b91eb761d9b89237bbf87263017915358230035f7fd3945d8\
     8965cf17f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e42757507698075b2c984c707f0a0812d8cd5a6881eaf21ceda98f4bd23f6fe1a3e\
     2c43edd9ce7ca84bed8521e2e140",
];

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// A client's Initial packet of the version with frames, padded to the length that such datagrams have.
fn client(version: Version, number: u8, frames: &[u8]) -> Vec<u8> {
    let head = match version {
        Version::One => "c300000001088394c8f03e5157080000449e",
        Version::Two => "d36b3343cf088394c8f03e5157080000449e",
    };
    let header = [bytes(head), vec![0, 0, 0, number]].concat();
    let mut frames = frames.to_vec();
    frames.resize(1162, 0);
    Keys::new(version, &bytes(IDENTIFIER)).unwrap().of(true).seal(&header, &frames)
}

fn name(opening: &Opening) -> Option<String> {
    opening.handshake()?.hello?.server_name
}

#[test]
fn the_examples_of_the_standards_are_read() {
    // How each protected packet begins and ends; the end authenticates all of it.
    let known = [
        ("c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11", "e221af44860018ab0856972e194cd934"),
        ("d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485", "a18b2faa745b6fe189cf772a9f84cbfc"),
    ];
    for ((version, (start, end)), server) in [Version::One, Version::Two].into_iter().zip(known).zip(SERVER) {
        let packet = client(version, 2, &bytes(HELLO));
        assert_eq!(packet.len(), 1200);
        assert!(packet.starts_with(&bytes(start)) && packet.ends_with(&bytes(end)), "{version:?}");
        let mut opening = Opening::default();
        // Before the client's, the server's packet is not to be read.
        assert_eq!(opening.take(&bytes(server), 0, 1), None);
        assert_eq!(opening.take(&packet, 1, 2), Some(1));
        assert_eq!((name(&opening).as_deref(), opening.hello_frame()), (Some("example.com"), Some(2)));
        assert_eq!(opening.take(&bytes(server), 0, 3), Some(1));
        let seen = opening.handshake().unwrap();
        let hello = seen.hello.unwrap();
        assert_eq!(
            (hello.alpn, hello.versions, hello.suites),
            (vec!["alpn".to_owned()], vec![0x0304], vec![0x1301, 0x1302])
        );
        assert_eq!((seen.version, seen.suite), (Some(0x0304), Some(0x1301)));
    }
}

#[test]
fn a_hello_in_pieces_is_put_together() {
    let hello = bytes(HELLO)[4..].to_vec();
    let crypto =
        |from: usize, to: usize| [&[6, 0x40, from as u8, 0x40, (to - from) as u8][..], &hello[from..to]].concat();
    // PADDING, PING and ACK stand between; the second half comes first.
    let first = [vec![1], crypto(100, 241), vec![0, 0, 2, 1, 0, 0, 0]].concat();
    let second = [crypto(0, 60), crypto(50, 100)].concat();
    let mut opening = Opening::default();
    opening.take(&client(Version::One, 0, &first), 0, 1);
    assert_eq!(opening.handshake(), None);
    opening.take(&client(Version::One, 1, &second), 0, 2);
    assert_eq!(name(&opening).as_deref(), Some("example.com"));
}

#[test]
fn a_retry_changes_the_keys() {
    let mut opening = Opening::default();
    opening.take(&client(Version::One, 0, &bytes(HELLO)[..100]), 0, 1);
    // The same client with the identifier that the Retry gave it, and a token.
    let head = bytes("c3000000010401020304000502030405064499");
    let number = [0, 0, 0, 1];
    let header = [&head[..], &number].concat();
    let mut frames = bytes(HELLO);
    frames.resize(0x499 - 4 - 16, 0);
    let packet = Keys::new(Version::One, &[1, 2, 3, 4]).unwrap().of(true).seal(&header, &frames);
    let retry = bytes("ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba");
    assert_eq!(is(&retry, false), Some(false));
    assert_eq!(opening.take(&retry, 1, 2), Some(0));
    assert_eq!(opening.take(&packet, 0, 3), Some(0));
    assert_eq!(name(&opening).as_deref(), Some("example.com"));
}

#[test]
fn what_is_damaged_is_not_read() {
    let good = client(Version::One, 0, &bytes(HELLO));
    for at in [0, 2, 6, 18, 40, 1199] {
        let mut bad = good.clone();
        bad[at] ^= 0x20;
        let mut opening = Opening::default();
        opening.take(&bad, 0, 1);
        assert_eq!(opening.handshake(), None, "{at}");
    }
    let mut opening = Opening::default();
    opening.take(&good[..1100], 0, 1);
    assert_eq!(opening.handshake(), None);
}

#[test]
fn the_list_of_versions_is_an_answer() {
    let list = [&[0x80, 0, 0, 0, 0, 2, 1, 2, 0][..], &[0, 0, 0, 1], &[0x0a; 4]].concat();
    assert_eq!(is(&list, false), Some(true));
    assert_eq!(is(&list[..list.len() - 1], false), None);
    let unknown = [&[0x80, 0, 0, 0, 0, 0, 0][..], &[9; 8]].concat();
    assert_eq!(is(&unknown, true), None);
}

#[test]
fn numbers_of_every_length() {
    for (hex, value) in
        [("25", 37), ("7bbd", 15_293), ("9d7f3e7d", 494_878_333), ("c2197c5eff14e88c", 151_288_809_941_952_652)]
    {
        assert_eq!(Reader(&bytes(hex)).number(), Some(value));
    }
}

#[test]
fn tries_are_bounded() {
    let mut opening = Opening::default();
    let other = client(Version::One, 0, &[1]);
    for _ in 0..TRIES {
        opening.take(&other, 0, 1);
    }
    opening.take(&client(Version::One, 1, &bytes(HELLO)), 0, 2);
    assert_eq!(opening.handshake(), None);
}

proptest! {
    #[test]
    fn no_datagram_panics(datagram in proptest::collection::vec(any::<u8>(), 0..200), frames in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = is(&datagram, true);
        let mut opening = Opening::default();
        opening.take(&datagram, 0, 1);
        let head = [&[0xc3, 0, 0, 0, 1, 8][..], &datagram].concat();
        opening.take(&head, 0, 1);
        opening.take(&client(Version::One, 0, &frames), 1, 2);
        let _ = (opening.handshake(), opening.kept());
    }
}
