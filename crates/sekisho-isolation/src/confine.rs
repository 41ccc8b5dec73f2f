//! Giving up rights, for good: the process that calls [`confine`] can read the files or the folder that it is given, take some memory and time,
//! and nothing else.

#[cfg(target_os = "linux")]
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How much a confined process may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of memory that it may write to, stacks of its threads included.
    pub memory: u64,
    /// Processor time, of all its threads together.
    pub processor: Duration,
    /// Time on the clock; the parent watches it.
    pub time: Duration,
}

impl Default for Bounds {
    /// 2 GiB, an hour of processor time, eleven minutes: a little more than collectors allow themselves, so that they end first and
    /// report what they have.
    fn default() -> Self {
        Self { memory: 2 << 30, processor: Duration::from_hours(1), time: Duration::from_mins(11) }
    }
}

/// A layer of confinement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// No file but the artefact, those below it and what belongs to it can be opened, none written.
    Files,
    /// No network, no other program, no other process.
    SystemCalls,
    /// Memory and processor time are limited.
    Resources,
}

impl Layer {
    /// Every layer.
    pub const ALL: [Self; 3] = [Self::Files, Self::SystemCalls, Self::Resources];
}

/// Confines the calling thread, and every thread and process that it starts from now on, to reading `artefacts`, files or the files below
/// folders, within `bounds`.
/// Gives the layers that hold; one that the system does not offer is left out.
pub fn confine(artefacts: &[&Path], bounds: &Bounds) -> Vec<Layer> {
    let mut held = Vec::new();
    let folder = artefacts.iter().any(|artefact| artefact.is_dir());
    // In this order: each step still needs what the next one takes away.
    if resources(bounds) {
        held.push(Layer::Resources);
    }
    if files(artefacts) {
        held.push(Layer::Files);
    }
    if system_calls(folder) {
        held.push(Layer::SystemCalls);
    }
    held.sort_unstable();
    held
}

#[cfg(unix)]
fn resources(bounds: &Bounds) -> bool {
    use rlimit::Resource;
    let lower = |resource: Resource, limit: u64| {
        // A limit that is lower already stays.
        let limit = resource.get().map_or(limit, |(_, hard)| limit.min(hard));
        resource.set(limit, limit).is_ok()
    };
    // DATA and not AS: address space that an allocator only reserves costs nothing (since Linux 4.7 anonymous mappings count as data).
    #[cfg(target_os = "linux")]
    let memory = lower(Resource::DATA, bounds.memory);
    #[cfg(not(target_os = "linux"))]
    let memory = lower(Resource::AS, bounds.memory);
    let processor = lower(Resource::CPU, bounds.processor.as_secs());
    let core = lower(Resource::CORE, 0);
    let size = lower(Resource::FSIZE, 0);
    memory && processor && core && size
}

#[cfg(not(unix))]
fn resources(_: &Bounds) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn files(artefacts: &[&Path]) -> bool {
    use landlock::{
        ABI, Access, AccessFs, AccessNet, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus,
        Scope,
    };
    let restrict = || -> Result<RulesetStatus, Box<dyn std::error::Error>> {
        // What a kernel does not know of this is left out by the crate.
        let mut ruleset = Ruleset::default()
            .handle_access(AccessFs::from_all(ABI::V6))?
            .handle_access(AccessNet::from_all(ABI::V6))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?;
        for artefact in artefacts {
            let reading =
                if artefact.is_dir() { AccessFs::ReadFile | AccessFs::ReadDir } else { AccessFs::ReadFile.into() };
            ruleset = ruleset.add_rule(PathBeneath::new(PathFd::new(artefact)?, reading))?;
        }
        Ok(ruleset.restrict_self()?.ruleset)
    };
    restrict().is_ok_and(|status| status != RulesetStatus::NotEnforced)
}

#[cfg(not(target_os = "linux"))]
fn files(_: &[&Path]) -> bool {
    false
}

/// Lets through the system calls that reading a file, computing on several threads and writing to an open pipe need; every other one
/// fails with EPERM. Failing and not killing: a library that asks for something superfluous then does without it. To list a folder is let
/// through where one is to be read.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
fn system_calls(folder: bool) -> bool {
    use libc::{
        EPERM, O_ACCMODE, O_APPEND, O_CREAT, O_TRUNC, SYS_brk, SYS_clock_gettime, SYS_clock_nanosleep, SYS_clone,
        SYS_clone3, SYS_close, SYS_exit, SYS_exit_group, SYS_fcntl, SYS_fstat, SYS_futex, SYS_getdents64, SYS_getpid,
        SYS_getrandom, SYS_gettid, SYS_lseek, SYS_madvise, SYS_mmap, SYS_mprotect, SYS_mremap, SYS_munmap,
        SYS_newfstatat, SYS_openat, SYS_pread64, SYS_read, SYS_restart_syscall, SYS_rseq, SYS_rt_sigaction,
        SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sched_getaffinity, SYS_sched_yield, SYS_set_robust_list,
        SYS_sigaltstack, SYS_statx, SYS_tgkill, SYS_write, SYS_writev,
    };
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
        TargetArch,
    };
    const ALLOWED: &[i64] = &[
        // The file and the pipe.
        SYS_close,
        SYS_read,
        SYS_pread64,
        SYS_lseek,
        SYS_fstat,
        SYS_newfstatat,
        SYS_statx,
        SYS_write,
        SYS_writev,
        SYS_fcntl,
        // Memory.
        SYS_brk,
        SYS_mmap,
        SYS_mprotect,
        SYS_mremap,
        SYS_munmap,
        SYS_madvise,
        // Threads.
        SYS_clone,
        SYS_clone3,
        SYS_futex,
        SYS_set_robust_list,
        SYS_rseq,
        SYS_sched_yield,
        SYS_sched_getaffinity,
        SYS_gettid,
        SYS_getpid,
        // Time and chance.
        SYS_clock_gettime,
        SYS_clock_nanosleep,
        SYS_getrandom,
        // Signals, also of an abort, and the end.
        SYS_rt_sigaction,
        SYS_rt_sigprocmask,
        SYS_rt_sigreturn,
        SYS_sigaltstack,
        SYS_restart_syscall,
        SYS_tgkill,
        SYS_exit,
        SYS_exit_group,
    ];
    /// Flags of `openat` with which a file could be changed.
    const WRITING: u64 = (O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND) as u64;
    let apply = || -> Result<(), Box<dyn std::error::Error>> {
        let arch: TargetArch = std::env::consts::ARCH.try_into()?;
        let listing = folder.then_some(&SYS_getdents64);
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
            ALLOWED.iter().chain(listing).map(|&number| (number, Vec::new())).collect();
        // Which file may be opened is Landlock's matter; here it is only for reading.
        let reading = SeccompCondition::new(2, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(WRITING), 0)?;
        rules.insert(SYS_openat, vec![SeccompRule::new(vec![reading])?]);
        let filter = SeccompFilter::new(rules, SeccompAction::Errno(EPERM as u32), SeccompAction::Allow, arch)?;
        let program: BpfProgram = filter.try_into()?;
        seccompiler::apply_filter_all_threads(&program)?;
        Ok(())
    };
    apply().is_ok()
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
fn system_calls(_: bool) -> bool {
    false
}
