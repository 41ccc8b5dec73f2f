//! Collector: finds, unpacks and inspects firmware images.
//!
//! An image is searched for known formats at every byte ([`FORMATS`] names them); what is found is opened in process, without root,
//! without external programs and without writing anything to disk, container in container down to a limit. The files of every file
//! system and archive are looked at one by one, on all cores, and each system with `/etc` as a whole. What comes out are facts, each
//! with its place, and for each aspect how far it was looked at: data that were not understood are listed in the layout and make every
//! aspect partial that could have had something in them.
//!
//! # Bounds
//! The input is hostile until shown otherwise. [`Limits`] bound the nesting, the bytes decompressed, the bytes held, the files, the facts
//! and the time. With the defaults a run holds at most 64 MiB of the image, 256 MiB of decompressed streams, 32 MiB of file per thread
//! (and as much again while a nested archive's member is read), 64 MiB of decoder dictionary per thread and the tables of the file
//! system at hand: well under 1 GiB with two threads. A larger image is read in windows of some MiB.
//!
//! # Offsets
//! A fact's `offset` is that of the thing itself where it lies in the image in the clear (a region; a string of a boot loader), else of
//! the outermost compressed container or file system. In `within`, `squashfs@1347726` is a container at that offset of the image, or, inside
//! decompressed data, of these; `zip@/opt/data.zip` is a container that is the file `/opt/data.zip` of the file system before it, and
//! `gzip@/boot/initrd+1536` one that begins at this byte of such a file. `gpt/1-boot@0` is the part `1-boot` of the container `gpt@0`.

#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "paths inside a Unix system are case-sensitive")]

mod blob;
mod bundles;
mod classify;
mod collector;
mod findings;
mod formats;
mod inspect;
mod layout;
mod limits;
mod parts;
mod reason;
mod scan;
mod tree;
mod unread;

pub use collector::{FORMATS, FirmwareCollector};
pub use limits::Limits;

pub mod entry_points;
