"""The untrusted side: runs a student's cells and answers calls, inside the sandbox. Nothing it says is believed.

It reads requests from standard input and writes replies to standard output, both moved out of the way before any
cell runs: to a cell, input is empty, and whatever it prints goes to the log. A request carries one cell, or the
inputs of one call.
"""

from __future__ import annotations

import copy
import functools
import gc
import os
import resource
import sys
import types
from typing import Any

MEMORY_BYTES = 1 << 30
FILE_BYTES = 8 << 20
STACK_BYTES = 8 << 20
CPU_SECONDS = 300
OPEN_FILES = 64
PROCESSES = 32  # threads, where the filter allows no process


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
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    limit_resources(processes="--alone" in sys.argv)
    sys.argv = [""]
    gc.disable()  # while importing it finds nothing, and takes a twentieth of the time
    # only now: importing takes memory and files, and should meet the limits
    import numpy  # noqa: F401

    from kdlab.checking.asking import Answer, answer_from_data, answer_to_data, outcome
    from kdlab.checking.values import TooLargeError, UnsupportedError
    from kdlab.grading.channel import Frame, pack, unpack

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
    sys.modules["__main__"] = module
    return vars(module)


def run_cell(source: str, name: str, space: dict[str, Any]) -> dict[str, Any]:
    """Run one cell; return what came of it as an answer without a value, and the lines that were skipped."""
    from kdlab.checking.asking import STUDENT, Answer, answer_to_data, describe

    skipped: list[str] = []
    name = f"{STUDENT} {name}>"
    answer = Answer()
    try:
        try:
            code = compile(source, name, "exec", dont_inherit=True)
        except SyntaxError:
            source, skipped = without_magics(source)
            code = compile(source, name, "exec", dont_inherit=True)
        exec(code, space)
    except BaseException as error:  # KeyboardInterrupt and SystemExit too: they end the cell, not the worker
        answer = describe(error)
    return {"answer": answer_to_data(answer), "skipped": [line[:200] for line in skipped[:20]]}


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
