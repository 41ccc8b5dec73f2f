//! ELF programs, libraries and kernel modules, and how they are hardened.

use std::collections::BTreeSet;

use goblin::elf::Elf;
use goblin::elf::dynamic::{DF_1_NOW, DF_1_PIE, DF_BIND_NOW, DT_BIND_NOW, DT_DEBUG, DT_FLAGS, DT_FLAGS_1};
use goblin::elf::header::{
    EM_386, EM_AARCH64, EM_ARM, EM_MIPS, EM_PPC, EM_PPC64, EM_RISCV, EM_X86_64, ET_DYN, ET_EXEC, ET_REL,
};
use goblin::elf::program_header::{PF_X, PT_GNU_RELRO, PT_GNU_STACK};
use goblin::elf::section_header::SHT_SYMTAB;
use goblin::options::ParseOptions;
use sekisho_model::fact::{Binary, BinaryKind, Observed, Relro};

use super::{FileInput, Seen, services};

/// Reads an ELF file as far as it is one; damaged parts are left out.
pub(super) fn parse(bytes: &[u8]) -> Option<Elf<'_>> {
    Elf::parse_with_opts(bytes, &ParseOptions::permissive()).ok()
}

/// What hardening the file has.
pub(super) fn inspect(file: &FileInput<'_>, elf: &Elf<'_>) -> Seen {
    let flags = |tag| {
        elf.dynamic
            .as_ref()
            .map_or(0, |dynamic| dynamic.dyns.iter().filter(|d| d.d_tag == tag).fold(0, |all, d| all | d.d_val))
    };
    let has = |tag| elf.dynamic.as_ref().is_some_and(|dynamic| dynamic.dyns.iter().any(|d| d.d_tag == tag));
    let flags_1 = flags(DT_FLAGS_1);
    let kind = match elf.header.e_type {
        ET_EXEC => BinaryKind::Program,
        ET_REL => BinaryKind::Relocatable,
        // A shared object with an interpreter is a program made position independent; libc.so and the like have one too, to tell their version.
        ET_DYN if flags_1 & DF_1_PIE != 0 => BinaryKind::Program,
        ET_DYN if elf.interpreter.is_some() && (has(DT_DEBUG) || !is_library_name(file.name())) => BinaryKind::Program,
        ET_DYN => BinaryKind::Library,
        _ => BinaryKind::Other,
    };
    let machine = match elf.header.e_machine {
        EM_ARM => "arm",
        EM_AARCH64 => "aarch64",
        EM_MIPS => "mips",
        EM_386 => "x86",
        EM_X86_64 => "x86-64",
        EM_RISCV => "riscv",
        EM_PPC => "powerpc",
        EM_PPC64 => "powerpc64",
        94 => "xtensa",
        42 => "sh",
        258 => "loongarch",
        _ => "other",
    };
    let loaded = matches!(kind, BinaryKind::Program | BinaryKind::Library);
    let nx = elf.program_headers.iter().find(|p| p.p_type == PT_GNU_STACK).map(|p| p.p_flags & PF_X == 0);
    let now = has(DT_BIND_NOW) || flags(DT_FLAGS) & DF_BIND_NOW != 0 || flags_1 & DF_1_NOW != 0;
    let relro = match elf.program_headers.iter().any(|p| p.p_type == PT_GNU_RELRO) {
        true if now || elf.dynamic.is_none() => Relro::Full,
        true => Relro::Partial,
        false => Relro::None,
    };
    let symbols = Symbols::of(elf);
    let (runpath, runpath_unsafe) = runpath(elf);
    let network_facing = kind == BinaryKind::Program
        && (services::is_network_daemon(file.name()) || (symbols.serves() && symbols.internet));
    let binary = Binary {
        kind,
        machine: machine.to_owned(),
        bits: if elf.is_64 { 64 } else { 32 },
        endian: if elf.little_endian { "little" } else { "big" }.to_owned(),
        pie: (kind == BinaryKind::Program).then_some(elf.header.e_type == ET_DYN),
        nx: loaded.then_some(nx).flatten(),
        relro: loaded.then_some(relro),
        stack_protector: symbols.any.then_some(symbols.stack_protector),
        fortify: (symbols.any && loaded).then_some(symbols.fortify),
        stripped: !elf.section_headers.iter().any(|s| s.sh_type == SHT_SYMTAB),
        libraries: elf.libraries.iter().take(MAX_LIBRARIES).map(|&library| library.to_owned()).collect(),
        network_facing,
        runpath,
        runpath_unsafe,
        unsafe_functions: if network_facing {
            symbols.unsafe_functions.into_iter().map(str::to_owned).collect()
        } else {
            Vec::new()
        },
    };
    Seen::new(Observed::Binary(binary))
}

/// Libraries of one program that are listed.
const MAX_LIBRARIES: usize = 500;

/// Functions that know no end of the buffer they write to, or that hand a line to a shell: SEI CERT C rules MSC24-C, STR31-C and ENV33-C.
const UNSAFE: [&str; 11] =
    ["gets", "mktemp", "popen", "sprintf", "stpcpy", "strcat", "strcpy", "system", "tmpnam", "vsprintf", "wcscpy"];

/// Functions that a program uses which knows internet addresses, not only sockets of its own system.
const INTERNET: [&str; 19] = [
    "inet_addr",
    "inet_aton",
    "inet_ntoa",
    "inet_ntop",
    "inet_pton",
    "inet_ntoa_r",
    "getaddrinfo",
    "getnameinfo",
    "gethostbyname",
    "gethostbyname_r",
    "gethostbyaddr",
    "getservbyname",
    "htons",
    "ntohs",
    "htonl",
    "ntohl",
    "in6addr_any",
    "res_init",
    "bindresvport",
];

/// What a file's symbols tell.
#[derive(Default)]
struct Symbols {
    /// Whether there are any.
    any: bool,
    stack_protector: bool,
    fortify: bool,
    listen: bool,
    accept: bool,
    bind: bool,
    receive: bool,
    internet: bool,
    unsafe_functions: BTreeSet<&'static str>,
}

impl Symbols {
    fn of(elf: &Elf<'_>) -> Self {
        let mut found = Self { any: !elf.dynsyms.is_empty() || !elf.syms.is_empty(), ..Self::default() };
        for symbol in &elf.dynsyms {
            if let Some(name) = elf.dynstrtab.get_at(symbol.st_name) {
                found.hardening(name);
                if symbol.is_import() {
                    found.import(name);
                }
            }
        }
        for symbol in &elf.syms {
            if let Some(name) = elf.strtab.get_at(symbol.st_name) {
                found.hardening(name);
            }
        }
        found
    }

    fn hardening(&mut self, name: &str) {
        self.stack_protector |= matches!(name, "__stack_chk_fail" | "__stack_chk_fail_local");
        self.fortify |= name.ends_with("_chk")
            && name.starts_with("__")
            && !name.starts_with("__stack_chk")
            && !name.starts_with("___");
    }

    fn import(&mut self, name: &str) {
        match name {
            "listen" => self.listen = true,
            "accept" | "accept4" => self.accept = true,
            "bind" => self.bind = true,
            "recvfrom" => self.receive = true,
            _ if INTERNET.contains(&name) => self.internet = true,
            _ => self.unsafe_functions.extend(UNSAFE.iter().find(|function| **function == name)),
        }
    }

    /// Whether it calls what a server calls.
    fn serves(&self) -> bool {
        (self.listen && self.accept) || (self.bind && self.receive)
    }
}

/// Where the file looks for libraries first, and whether somebody else could put one there. Where there is a RUNPATH, RPATH is not
/// looked at (ld.so(8)).
fn runpath(elf: &Elf<'_>) -> (Option<String>, bool) {
    let paths = if elf.runpaths.is_empty() { &elf.rpaths } else { &elf.runpaths };
    let path = paths.join(":");
    if path.is_empty() {
        return (None, false);
    }
    let open = path.split(':').any(|place| {
        let own = place.strip_prefix("$ORIGIN").or_else(|| place.strip_prefix("${ORIGIN}"));
        let everybodys = ["/tmp", "/var/tmp", "/dev/shm"]
            .iter()
            .any(|open| place.strip_prefix(open).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        everybodys || (!place.starts_with('/') && own.is_none_or(|rest| !rest.is_empty() && !rest.starts_with('/')))
    });
    (Some(path), open)
}

fn is_library_name(name: &str) -> bool {
    name.ends_with(".so") || name.contains(".so.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn garbage_is_no_elf() {
        assert!(parse(b"\x7fELF").is_none());
        assert!(parse(b"not an elf").is_none());
    }
}
