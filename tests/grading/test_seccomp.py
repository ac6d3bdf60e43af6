"""The filter itself, run by a small interpreter of the kernel's language; the attacks run it in the kernel."""

from __future__ import annotations

import struct

import pytest

from kdlab.grading.seccomp import ALLOWED, CLONE, FCNTL, IOCTL, PRCTL, REFUSED, seccomp_filter

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def run(program: bytes, number: int, architecture: int, arguments: tuple[int, ...] = ()) -> int:
    data = struct.pack("<iIQ6Q", number, architecture, 0, *arguments, *[0] * (6 - len(arguments)))
    steps = list(struct.iter_unpack("<HBBI", program))
    place, word = 0, 0
    while True:
        operation, if_true, if_false, value = steps[place]
        place += 1
        if operation == 0x20:
            (word,) = struct.unpack_from("<I", data, value)
        elif operation == 0x06:
            return value
        else:
            met = {0x15: word == value, 0x35: word >= value, 0x45: bool(word & value)}[operation]
            place += if_true if met else if_false


@pytest.mark.parametrize("machine", MACHINES)
def test_filter(machine):
    program = seccomp_filter(machine)
    column, architecture = MACHINES[machine]
    special = {each[column] for each in (CLONE, IOCTL, PRCTL, FCNTL)}
    allowed = {numbers[column] for numbers in ALLOWED.values()} - {None}
    refused = {numbers[column] for numbers in REFUSED.values()} - {None}
    assert not allowed & refused
    assert not (allowed | refused) & special
    for number in range(600):
        if number not in special:
            expected = ALLOW if number in allowed else EPERM if number in refused else ENOSYS
            assert run(program, number, architecture) == expected
    assert run(program, -1, architecture) == KILL
    for number in (0, 59, 0x40000000, 0x40000000 | 39):
        assert run(program, number, architecture ^ 1) == KILL
        assert run(program, number | 0x40000000, architecture) == KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_arguments(machine):
    program = seccomp_filter(machine)
    column, architecture = MACHINES[machine]

    def answer(call, *arguments):
        return run(program, call[column], architecture, arguments)

    assert answer(CLONE, 0x3D0F00) == ALLOW  # what a thread is made with
    for flags in (0, 17, 0x01200011, 0x10000000, 0x7E020080, 0xFFFEFFFF):
        assert answer(CLONE, flags) == EPERM
    assert answer(IOCTL, 1, 0x5401) == ALLOW
    for request in (0x5412, 0x541C, 0x5413, 0x40045431, 0):
        assert answer(IOCTL, 0, request) == EPERM
    assert answer(IOCTL, 0, 0x5412 | 1 << 32) == EPERM  # the kernel looks at the low half alone, and so does the filter
    for command in (0, 1, 2, 3, 4, 1030):
        assert answer(FCNTL, 1, command) == ALLOW
    for command in (5, 6, 7, 8, 10, 15, 37, 38, 1024, 1025, 1026, 1031, 1033, 1036):  # locks, owners, leases, notices
        assert answer(FCNTL, 1, command) == EPERM
    assert answer(PRCTL, 15) == ALLOW
    for option in (1, 4, 8, 22, 38, 59):
        assert answer(PRCTL, option) == EPERM


def test_unknown_machine():
    with pytest.raises(OSError, match="this machine is vax"):
        seccomp_filter("vax")


def test_the_kernel_takes_it():
    """At most 4096 instructions, and no jump beyond 255."""
    for machine in MACHINES:
        assert len(seccomp_filter(machine)) // 8 < 4096
