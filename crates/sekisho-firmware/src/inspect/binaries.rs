//! ELF programs, libraries and kernel modules, and how they are hardened.

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
    let symbols = !elf.dynsyms.is_empty() || !elf.syms.is_empty();
    let named = |wanted: &dyn Fn(&str) -> bool| {
        elf.dynsyms.iter().any(|s| elf.dynstrtab.get_at(s.st_name).is_some_and(wanted))
            || elf.syms.iter().any(|s| elf.strtab.get_at(s.st_name).is_some_and(wanted))
    };
    let stack_protector = symbols.then(|| named(&|name| matches!(name, "__stack_chk_fail" | "__stack_chk_fail_local")));
    let fortify = symbols.then(|| {
        named(&|name| {
            name.ends_with("_chk")
                && name.starts_with("__")
                && !name.starts_with("__stack_chk")
                && !name.starts_with("___")
        })
    });
    let binary = Binary {
        kind,
        machine: machine.to_owned(),
        bits: if elf.is_64 { 64 } else { 32 },
        endian: if elf.little_endian { "little" } else { "big" }.to_owned(),
        pie: (kind == BinaryKind::Program).then_some(elf.header.e_type == ET_DYN),
        nx: loaded.then_some(nx).flatten(),
        relro: loaded.then_some(relro),
        stack_protector,
        fortify: loaded.then_some(fortify).flatten(),
        stripped: !elf.section_headers.iter().any(|s| s.sh_type == SHT_SYMTAB),
        network_facing: kind == BinaryKind::Program && services::is_network_daemon(file.name()),
        ..Binary::default()
    };
    Seen::new(Observed::Binary(binary))
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
