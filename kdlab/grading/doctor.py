"""Tries to break out of the sandbox, and does the same outside it: a wall that nobody ran into proves nothing.

Each probe of `probes` must be held inside. Outside, where nothing holds it, it must get through; if it does not,
this machine holds it anyway, and the sandbox has not been put to the test.
"""

from __future__ import annotations

import inspect
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kdlab.grading import probes
from kdlab.grading.sandbox import Sandbox, Stopped

SECONDS = 20.0

Probe = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Examination:
    """What one probe showed. `held` is about the sandbox, `control` about the same outside it."""

    probe: str
    aim: str
    held: bool
    control: bool
    said: str

    @property
    def verdict(self) -> str:
        """held, HOLE, or unproved where this machine holds the probe even outside the sandbox."""
        if not self.held:
            return "HOLE"
        return "held" if self.control else "unproved"


def examine(system: Path) -> Iterator[Examination]:
    """Yield what each probe shows, as it is known.

    Parameters
    ----------
    system : Path
        The folder that `kdlab.grading.system` made.

    Raises
    ------
    SandboxError
        If the sandbox does not start.
    """
    for probe in probes.ALL:
        with _surroundings() as find:
            got_through, said = _inside(probe, find, system)
        with _surroundings() as find:
            control = _outside(probe, find)
        yield Examination(probe.__name__, (probe.__doc__ or "").strip(), not got_through, control, said)


@contextmanager
def _surroundings() -> Iterator[dict[str, Any]]:
    """Put out what there is to find: a file, a secret in the environment, a port, a socket, a process."""
    secret = secrets.token_hex(16)
    os.environ["KDLAB_SECRET"] = secret
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as port,
        socket.socket(socket.AF_UNIX) as abstract,
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process,
    ):
        file = Path(folder) / "secret"
        file.write_text(secret)
        abstract.bind(f"\0{secret}")
        abstract.listen()
        try:
            yield {
                "secret": secret,
                "file": str(file),
                "folder": folder,
                "port": port.getsockname()[1],
                "name": secret,
                "process": process.pid,
            }
        finally:
            del os.environ["KDLAB_SECRET"]
            process.kill()


def _inside(probe: Probe, find: dict[str, Any], system: Path) -> tuple[bool, str]:
    """Return whether a probe gets out of the sandbox, and what it said."""
    with Sandbox(system) as sandbox:
        members = sandbox.processes()
        cell = sandbox.request("cell", {"space": "", "source": _source(probe), "name": "probe"}, SECONDS)
        request = {"space": "", "function": probe.__name__, "args": (find,), "kwargs": {}, "others": ()}
        try:
            answer = sandbox.request("call", request, SECONDS)
        except Stopped as stopped:
            return False, str(stopped)
        members |= sandbox.processes()
    if cell["answer"]["problem"] or answer["problem"] not in (None, "raised"):
        raise RuntimeError(f"the probe {probe.__name__} did not run: {cell['answer']}, {answer}.")
    got_through = answer["value"] is True or find["secret"] in str(answer["value"])
    if probe is probes.outlive_the_run:
        got_through = _is_any_alive(members)
    said = f"{answer['type_name']}: {answer['detail']}" if answer["type_name"] else f"it returned {answer['value']}"
    return got_through, said


def _outside(probe: Probe, find: dict[str, Any]) -> bool:
    """Return whether a probe gets through where nothing holds it."""
    source = f"{_source(probe)}\nimport json, sys\nprint(json.dumps({probe.__name__}(json.load(sys.stdin))))"
    command = [sys.executable, "-c", source]
    with suppress(subprocess.TimeoutExpired):
        done = subprocess.run(command, input=json.dumps(find), capture_output=True, text=True, timeout=SECONDS)
        said = json.loads(done.stdout) if done.returncode == 0 else None
        if probe is not probes.outlive_the_run:
            return said is True or find["secret"] in str(said)
        with suppress(TypeError, ProcessLookupError):
            os.kill(said, signal.SIGKILL)  # it is there, and now it is not
            return True
    return False


def _source(probe: Probe) -> str:
    return f"from __future__ import annotations\n\n{inspect.getsource(probe)}"


def _is_any_alive(processes: set[int], seconds: float = 5.0) -> bool:
    """Say whether one of some processes is still there after a while: the kernel takes its time to end them."""
    deadline = time.monotonic() + seconds
    while any(os.path.exists(f"/proc/{process}") for process in processes):
        if time.monotonic() > deadline:
            return True
        time.sleep(0.02)
    return False
