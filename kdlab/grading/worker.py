"""The untrusted side: runs a student's cells and answers calls, inside the sandbox. Nothing it says is believed.

It reads requests from standard input and writes replies to standard output, both moved out of the way before any
cell runs: to a cell, input is empty, and whatever it prints goes to the log. A request carries one cell, or the
inputs of one call.

In a sandbox it first closes the last walls itself, while only this file has run: bubblewrap cannot limit the number of
files on a disk, only their size, and each of them takes memory of the kernel.
"""

from __future__ import annotations

import copy
import ctypes
import functools
import gc
import os
import resource
import sys
import types
from contextlib import suppress
from typing import Any

MEMORY_BYTES = 1 << 30
FILE_BYTES = 8 << 20
STACK_BYTES = 8 << 20
CPU_SECONDS = 300
OPEN_FILES = 64
PROCESSES = 8  # threads, where the filter allows no process
DISKS = ("/tmp", "/dev/shm")
DISK_BYTES = 16 << 20  # of each
DISK_FILES = 2_000
MAX_NAME, MAX_NAMES = 100, 1_000  # that a cell which failed is said to have made

_TOP_LEVEL_AWAIT, _COROUTINE = 0x2000, 0x80  # of `ast` and `inspect`, which take their time to import
_NEW_MOUNTS, _NOSUID_NODEV = 0x00020000, 2 | 4
_CAPABILITIES_VERSION = 0x20080522
_SET_SECCOMP, _SECCOMP_FILTER = 22, 2


class _Program(ctypes.Structure):
    """The kernel's `struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def close_walls(filter_file: int) -> None:
    """Take small disks, give up the right to take any, and allow no system call but those of a filter.

    Nothing of this can be undone; if anything of it fails, the worker does not start.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    with open(filter_file, "rb") as file:
        steps = file.read()

    def must(result: int) -> None:
        if result != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    options = f"size={DISK_BYTES},nr_inodes={DISK_FILES},mode=1777".encode()
    with suppress(PermissionError):  # a system may forbid it: there is no disk to write to then, which is safe as well
        must(libc.unshare(_NEW_MOUNTS))
        for place in DISKS:
            must(libc.mount(b"tmpfs", place.encode(), b"tmpfs", ctypes.c_ulong(_NOSUID_NODEV), options))
    os.chdir("/tmp")
    must(libc.capset((ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0), (ctypes.c_uint32 * 6)()))
    program = _Program(len(steps) // 8, steps)
    must(libc.prctl(_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_FILTER), ctypes.byref(program), 0, 0))


def limit_resources(processes: bool) -> None:
    """Set this process's limits, which it cannot raise again; the number of processes only in a user of its own."""
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_STACK: STACK_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 1,  # 0 would still hand the core to a program, where the machine has one for it
    }
    if processes:
        limits[resource.RLIMIT_NPROC] = PROCESSES
    for name, value in limits.items():
        resource.setrlimit(name, (value, value))


def main() -> None:
    """Take the channel, limit this process, and serve requests until there are no more."""
    alone = "--alone" in sys.argv
    if alone:
        close_walls(int(sys.argv[-1]))
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    limit_resources(processes=alone)
    sys.argv = [""]
    gc.disable()  # while importing it finds nothing, and takes a twentieth of the time
    # only now: importing takes memory and files, and should meet the limits
    import numpy  # noqa: F401

    from kdlab.checking.asking import Answer, answer_from_data, answer_to_data, outcome
    from kdlab.checking.values import TooLargeError, UnsupportedError
    from kdlab.grading import drawing
    from kdlab.grading.channel import Frame, pack, unpack

    drawing.install()

    gc.enable()

    def read_exactly(n: int) -> bytes:
        data = bytearray()
        while len(data) < n:
            piece = os.read(requests, n - len(data))
            if not piece:
                os._exit(0)
            data += piece
        return bytes(data)

    def send(kind: str, number: int, value: Any) -> None:
        data = memoryview(pack(Frame(kind, number, value)))
        while data:
            data = data[os.write(replies, data) :]

    def reply(number: int, value: Any) -> None:
        try:
            send("reply", number, value)
        except TooLargeError as problem:
            send("reply", number, answer_to_data(Answer(problem="too_large", detail=str(problem))))

    def proxy(name: str, number: int) -> Any:
        """Return a function whose answers come from the trusted side."""

        def served(*args: Any, **kwargs: Any) -> Any:
            try:
                send("proxy", number, {"function": name, "args": args, "kwargs": kwargs})
            except UnsupportedError as problem:
                raise TypeError(str(problem)) from None
            except TooLargeError as problem:
                raise ValueError(str(problem)) from None
            return outcome(answer_from_data(unpack(read_exactly).value))

        return served

    spaces: dict[str, dict[str, Any]] = {}
    send("ready", 0, None)
    while True:
        kind, number, value = unpack(read_exactly)
        if value["space"] not in spaces:
            spaces[value["space"]] = new_space()
        space = spaces[value["space"]]
        if kind == "let":
            space.update(copy.deepcopy(value["values"]))  # arrays come read-only
            reply(number, None)
        elif kind == "cell":
            reply(number, run_cell(value["source"], value["name"], space))
        elif kind == "call":
            others = {name: proxy(name, number) for name in value["others"]}
            reply(number, call(space, value["function"], value["args"], value["kwargs"], others))
        elif kind == "test":
            reply(number, call(space, value["function"], (proxy("", number),), {}, {}))


def new_space() -> dict[str, Any]:
    """Return the namespace of a notebook: that of a fresh module `__main__`, as in Jupyter."""
    module = types.ModuleType("__main__")
    module.display = print
    sys.modules["__main__"] = module
    return vars(module)


def run_cell(source: str, name: str, space: dict[str, Any]) -> dict[str, Any]:
    """Run one cell; return what came of it as an answer without a value, the lines that were skipped, and what it made.

    The names it has made are told only where it failed: what ran before that is there. A cell that ends the
    notebook has made none.
    """
    from kdlab.checking.asking import STUDENT, Answer, answer_to_data, describe

    skipped: list[str] = []
    before = dict(space)
    name = f"{STUDENT} {name}>"
    answer, goes_on = Answer(), True
    try:
        try:
            code = compile(source, name, "exec", _TOP_LEVEL_AWAIT, dont_inherit=True)
        except SyntaxError:
            source, skipped = without_magics(source)
            code = compile(source, name, "exec", _TOP_LEVEL_AWAIT, dont_inherit=True)
        steps = eval(code, space)
        if code.co_flags & _COROUTINE:  # there is no loop of events, but what waits for nothing goes on
            with suppress(StopIteration):
                while True:
                    steps.send(None)
    except BaseException as error:  # KeyboardInterrupt and SystemExit too: they end the cell, not the worker
        answer, goes_on = describe(error), isinstance(error, Exception)
    names = [key for key in space if type(key) is str and key.isidentifier() and space[key] is not before.get(key)]
    return {
        "answer": answer_to_data(answer),
        "skipped": [line[:200] for line in skipped[:20]],
        "made": [name[:MAX_NAME] for name in names[:MAX_NAMES]] if answer.problem and goes_on else [],
    }


def without_magics(source: str) -> tuple[str, list[str]]:
    r"""Return a cell without what only Jupyter understands, and the lines that were taken out.

    Examples
    --------
    >>> without_magics("!ls\nx = 1")
    ('pass\nx = 1', ['!ls'])
    >>> without_magics("%%bash\nls")
    ('', ['%%bash'])
    """
    lines, skipped = source.split("\n"), []
    begun = False
    for i, line in enumerate(lines):
        text = line.strip()
        if text.startswith("%%") and not begun and text.split()[0] not in ("%%time", "%%timeit", "%%capture"):
            return "", [text]
        if text.startswith(("%", "!", "?")) or text.endswith("?"):
            lines[i] = line[: len(line) - len(line.lstrip())] + "pass"
            skipped.append(text)
        begun = begun or text != ""
    return "\n".join(lines), skipped


def call(
    space: dict[str, Any], function: str, args: tuple[Any, ...], kwargs: dict[str, Any], others: dict[str, Any]
) -> dict[str, Any]:
    """Call a function, with others in the place of what its namespace has, and return its answer."""
    from kdlab.checking.asking import answer_to_data, ask, ask_with, describe

    try:
        if others:
            return answer_to_data(ask_with(space, function, args, others)[0])
        asked = space.get(function)
        return answer_to_data(ask(functools.partial(asked, **kwargs) if kwargs else asked, args))
    except BaseException as error:
        return answer_to_data(describe(error))


if __name__ == "__main__":
    main()
