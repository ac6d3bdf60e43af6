"""The system calls a worker may make, as a seccomp filter in the kernel's own form (classic BPF).

What is listed is allowed and everything else answers ENOSYS, so a call that a future kernel adds is refused
until it is listed, and the C library falls back as it does on an old kernel. No call here makes a process,
a socket, a namespace or a mount, traces another process, or reaches a kernel service that Python and NumPy do
not use (io_uring, keyctl, bpf, perf, userfaultfd, System V memory ...), nor one by which a file that others share is
held back from them (locks, leases, notices of changes).
"""

from __future__ import annotations

import struct

# name: number on x86_64, number on aarch64 (None: the call does not exist there)
ALLOWED: dict[str, tuple[int | None, int | None]] = {
    # files
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "preadv": (295, 69),
    "pwritev": (296, 70),
    "lseek": (8, 62),
    "close": (3, 57),
    "close_range": (436, 436),
    "open": (2, None),
    "openat": (257, 56),
    "creat": (85, None),
    "stat": (4, None),
    "lstat": (6, None),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    "fchdir": (81, 50),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "link": (86, None),
    "linkat": (265, 37),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "fallocate": (285, 47),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "utimensat": (280, 88),
    "umask": (95, 166),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "fadvise64": (221, 223),
    "sendfile": (40, 71),
    "copy_file_range": (326, 285),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "pipe": (22, None),
    "pipe2": (293, 59),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    # memory
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    "madvise": (28, 233),
    "brk": (12, 214),
    "msync": (26, 227),
    "mincore": (27, 232),
    "membarrier": (324, 283),
    # signals, timers, clocks (a process sees only its own sandbox)
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137),
    "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132),
    "kill": (62, 129),
    "tgkill": (234, 131),
    "pause": (34, None),
    "alarm": (37, None),
    "setitimer": (38, 103),
    "getitimer": (36, 102),
    "restart_syscall": (219, 128),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "times": (100, 153),
    "getrusage": (98, 165),
    "getrandom": (318, 278),
    # the process itself, its threads, the end of its children (bubblewrap's first process waits)
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getgroups": (115, 158),
    "getresuid": (118, 148),
    "getresgid": (120, 150),
    "getpgrp": (111, None),
    "getpgid": (121, 155),
    "getsid": (124, 156),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "getcpu": (309, 168),
    "futex": (202, 98),
    "set_tid_address": (218, 96),
    "set_robust_list": (273, 99),
    "get_robust_list": (274, 100),
    "rseq": (334, 293),
    "arch_prctl": (158, None),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120),
    "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126),
    "prlimit64": (302, 261),
    "getrlimit": (97, 163),
    "setrlimit": (160, 164),
    "execve": (59, 221),
    "wait4": (61, 260),
    "waitid": (247, 95),
    "exit": (60, 93),
    "exit_group": (231, 94),
}

# refused with EPERM, which says to whoever reads the message that it is not permitted here
REFUSED: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "fork": (57, None),
    "vfork": (58, None),
    "ptrace": (101, 117),
    "unshare": (272, 97),
    "flock": (73, 32),
}

CLONE: tuple[int, int] = (56, 220)
IOCTL: tuple[int, int] = (16, 29)
PRCTL: tuple[int, int] = (157, 167)
FCNTL: tuple[int, int] = (72, 25)

CLONE_THREAD = 0x00010000
PR_SET_NAME = 15
# on terminals and pipes: TCGETS (is this a terminal?), FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
IOCTLS = (0x5401, 0x541B, 0x5421, 0x5450, 0x5451)
# on a descriptor of one's own: F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC
FCNTLS = (0, 1, 2, 3, 4, 1030)

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_X32 = 0x40000000

_LOAD, _JEQ, _JGE, _JSET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _EPERM, _ENOSYS, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38, 0x80000000
# offsets in the kernel's struct seccomp_data; both machines are little-endian: the low half of an argument is first
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24


def seccomp_filter(machine: str) -> bytes:
    """Return the filter as the bytes of an array of `struct sock_filter`.

    Parameters
    ----------
    machine : str
        "x86_64" or "aarch64", as `platform.machine` names it.

    Returns
    -------
    bytes
        Eight bytes an instruction.

    Raises
    ------
    OSError
        If there is no table of system calls for the machine.

    Examples
    --------
    >>> len(seccomp_filter("aarch64")) % 8
    0
    """
    if machine not in _MACHINES:
        raise OSError(f"the sandbox knows the system calls of {', '.join(_MACHINES)}; this machine is {machine}.")
    column, architecture = _MACHINES[machine]

    def unless(condition: int, value: int, *then: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
        """Return `then`, skipped where the loaded word does not meet the condition."""
        return [(condition, 0, len(then), value), *then]

    def returns(action: int) -> tuple[int, int, int, int]:
        return (_RETURN, 0, 0, action)

    def loads(offset: int) -> tuple[int, int, int, int]:
        return (_LOAD, 0, 0, offset)

    program = [loads(_ARCHITECTURE), (_JEQ, 1, 0, architecture), returns(_KILL), loads(_NUMBER)]
    program += unless(_JGE, _X32, returns(_KILL))
    for numbers in ALLOWED.values():
        if numbers[column] is not None:
            program += unless(_JEQ, numbers[column], returns(_ALLOW))
    for numbers in REFUSED.values():
        if numbers[column] is not None:
            program += unless(_JEQ, numbers[column], returns(_EPERM))
    # a new thread is allowed, a new process is not; clone3 hides its flags and is refused, so libc falls back to clone
    is_thread = unless(_JSET, CLONE_THREAD, returns(_ALLOW))
    program += unless(_JEQ, CLONE[column], loads(_FIRST_ARGUMENT), *is_thread, returns(_EPERM))
    for call, requests in ((IOCTL, IOCTLS), (FCNTL, FCNTLS)):
        is_known = [step for request in requests for step in unless(_JEQ, request, returns(_ALLOW))]
        program += unless(_JEQ, call[column], loads(_SECOND_ARGUMENT), *is_known, returns(_EPERM))
    is_name = unless(_JEQ, PR_SET_NAME, returns(_ALLOW))
    program += unless(_JEQ, PRCTL[column], loads(_FIRST_ARGUMENT), *is_name, returns(_EPERM))
    program.append(returns(_ENOSYS))
    return b"".join(struct.pack("<HBBI", *step) for step in program)
