"""A worker in its sandbox, seen from the trusted side: start it, ask it, read what it prints, end it.

The sandbox is bubblewrap's: every namespace of its own, no network, an empty environment, one small read-only system
(see `system`) and, where the grader is root, a user of its own. Before any cell runs the worker takes memory disks of a
fixed size and number of files, gives up its last capability, loads a filter on system calls (see `seccomp`), and limits
its memory, threads and files.
"""

from __future__ import annotations

import os
import platform
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from kdlab.grading.channel import Frame, ProtocolError, pack, unpack
from kdlab.grading.seccomp import seccomp_filter

START_SECONDS = 60.0
PATIENCE = 5.0  # so many times as long as it may take, a worker may have waited for a processor besides
SHORT = 0.01  # seconds that are not worth counting
LOG_BYTES = 64_000
PRINTED_BYTES = 16_000_000  # more than this in one request ends the worker
PIECE_BYTES = 65_536

INSTALL = (
    "Student code is only run in a sandbox, and bubblewrap, which makes it, was not found: install version 0.8 or "
    "newer (Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap), then run `kdlab grade doctor`."
)

# where the grader is root, the sandboxes of one of its processes run as the user of this number plus the process id:
# above every range that accounts, containers and services are given, and no other process has the same
FIRST_USER = 1_900_000_000


class SandboxError(Exception):
    """The sandbox itself does not work: a fault of the grader, never the student's."""


class Stopped(Exception):
    """The worker is gone. `kind` is timeout, died, protocol_error or too_much_output; the message says it in words."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


def find_bubblewrap() -> str:
    """Return the path of bubblewrap.

    Raises
    ------
    SandboxError
        If there is none, with a sentence about what to install.
    """
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxError(INSTALL)
    return path


def command(system: Path, filter_file: int) -> list[str]:
    """Return the command line that runs the worker in a sandbox.

    Parameters
    ----------
    system : Path
        The folder that becomes `/`, read-only.
    filter_file : int
        The open file that holds the system call filter; the worker reads it.
    """
    return [
        find_bubblewrap(),
        *("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"),
        *("--unshare-cgroup-try", "--disable-userns", "--die-with-parent", "--new-session"),
        *("--uid", "1000", "--gid", "1000", "--hostname", "sandbox"),
        *("--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN"),  # in its own namespaces, until it has mounted its disks
        *("--ro-bind", str(system), "/"),
        *(word for name in ("null", "zero", "urandom") for word in ("--dev-bind", f"/dev/{name}", f"/dev/{name}")),
        *("/python/bin/python3", "-S", "-B", "-u", "-m", "kdlab.grading.worker", "--alone", str(filter_file)),
    ]


def environment(root: str) -> dict[str, str]:
    """Return all the environment a worker has, where `root` is the folder its system stands in."""
    return {
        "PYTHONHOME": f"{root}/python",
        "PYTHONPATH": f"{root}/python/site",
        "PYTHONSAFEPATH": "1",
        "PYTHONHASHSEED": "0",  # sets of strings keep their order from one run to the next
        "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "LD_LIBRARY_PATH": f"{root}/lib",
        "HOME": "/tmp",
    }


class Sandbox:
    """A running worker. Use it as a context manager: at the end nothing of it is left.

    Parameters
    ----------
    system : Path
        The folder that `kdlab.grading.system` made.
    trust : bool
        Whether to run without a sandbox, with all the rights of this user.

    Raises
    ------
    SandboxError
        If it does not start.
    """

    def __init__(self, system: Path, *, trust: bool = False) -> None:
        self._number = 0
        self._unsent = memoryview(b"")
        self._arrived = bytearray()
        self._printed = bytearray()
        self._n_printed = 0
        self.waited = 0.0
        self._most_waited = 0.0
        self._waited_before = 0.0
        self._process = _start_trusted(system) if trust else _start(system)
        self._requests, self._replies, self._log = (
            pipe.fileno() for pipe in (self._process.stdin, self._process.stdout, self._process.stderr)
        )
        self._poll = select.poll()
        for number in (self._requests, self._replies, self._log):
            os.set_blocking(number, False)
        for number in (self._replies, self._log):
            self._poll.register(number, select.POLLIN)
        try:
            ready = self._receive(time.monotonic() + START_SECONDS).kind == "ready"
        except Stopped as stopped:
            raise SandboxError(f"The sandbox does not start: {self.printed.strip() or stopped}") from stopped
        except BaseException:
            self.close()
            raise
        if not ready:
            self.close()
            raise SandboxError("The sandbox does not start: its first message is not the one expected.")

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def printed(self) -> str:
        """What was printed while the last request was answered: at most the first `LOG_BYTES`."""
        return self._printed.decode("utf-8", "replace")

    def request(self, kind: str, value: Any, seconds: float, serve: Callable[[Any], Any] | None = None) -> Any:
        """Ask the worker something and return the value it answers with, whatever that may be.

        Parameters
        ----------
        kind : str
            cell, call or test.
        value : object
            The request, of the types `kdlab.checking.values` allows.
        seconds : float
            How long everything may take together: sending, waiting, receiving. What a busy machine kept from a worker
            of one thread, that is, the time for which it was ready to run and did not, does not count, and is in
            `waited` afterwards: a mark must not hang on the neighbours.
        serve : callable, optional
            Answers the calls of the proxy that a student's test is given.

        Raises
        ------
        Stopped
            If there was no answer in time, or the worker died, or what it sent is not an answer to this request.
            The worker is gone then.
        """
        deadline = time.monotonic() + seconds
        self.waited, self._most_waited = 0.0, PATIENCE * seconds
        self._number += 1
        self._refuse_unasked()
        self._printed.clear()
        self._n_printed = 0
        self._unsent = memoryview(pack(Frame(kind, self._number, value)))
        while True:
            frame = self._receive(deadline)
            if frame.id != self._number or frame.kind not in ("reply", "proxy") or self._unsent:
                raise self._stopped("protocol_error", "something else came back than an answer.")
            if frame.kind == "reply":
                self._read_log()  # what was printed before the reply is in the pipe
                return frame.value
            if serve is None:
                raise self._stopped("protocol_error", "a function was called that was not given.")
            self._unsent = memoryview(pack(Frame("served", self._number, serve(frame.value))))

    def close(self) -> None:
        """End the worker and everything it started."""
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            pipe.close()

    def processes(self) -> set[int]:
        """Return the ids of the processes that belong to this worker, as they are seen from outside."""
        found, new = set(), {self._process.pid}
        parents = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it may have ended meanwhile
                parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        while new:
            found |= new
            new = {process for process, parent in parents.items() if parent in new} - found
        return found

    def _refuse_unasked(self) -> None:
        self._step(0)
        if self._arrived:
            raise self._stopped("protocol_error", "something came back before anything was asked.")

    def _receive(self, deadline: float) -> Frame:
        def read_exactly(n: int) -> bytes:
            while len(self._arrived) < n:
                seconds = deadline + self.waited - time.monotonic()
                if seconds <= 0 and not self._add_to_waited():
                    arrived = len(self._arrived)
                    self._step(0)  # this process may have had to wait itself, and the answer be there
                    if len(self._arrived) == arrived:
                        raise self._stopped("timeout", "it did not come to an end within the time limit.")
                self._step(max(seconds, 0))
            data = bytes(self._arrived[:n])
            del self._arrived[:n]
            return data

        try:
            return unpack(read_exactly)
        except ProtocolError as error:
            raise self._stopped("protocol_error", f"something else came back than an answer: {error}") from error

    def _add_to_waited(self) -> bool:
        """Count the time for which the worker waited for a processor, and say whether there was any more of it."""
        total = _seconds_waited(self.processes())
        more = min(total - self._waited_before, self._most_waited - self.waited)
        if more < SHORT:
            return False
        self._waited_before = total
        self.waited += more
        return True

    def _step(self, seconds: float) -> None:
        """Wait until something can be sent or has arrived, and send or read a piece of it."""
        if self._unsent:
            self._poll.register(self._requests, select.POLLOUT)
        for number, _ in self._poll.poll(seconds * 1000):
            if number == self._log:
                self._read_log()
            elif number == self._replies:
                piece = os.read(self._replies, PIECE_BYTES)
                if not piece:
                    raise self._died()
                self._arrived += piece
            else:
                try:
                    self._unsent = self._unsent[os.write(self._requests, self._unsent) :]
                except BrokenPipeError:
                    raise self._died() from None
                if not self._unsent:
                    self._poll.unregister(self._requests)

    def _read_log(self) -> None:
        try:
            piece = os.read(self._log, PIECE_BYTES)
        except BlockingIOError:
            return
        if not piece:
            with suppress(KeyError):
                self._poll.unregister(self._log)
        self._printed += piece[: LOG_BYTES - len(self._printed)]
        self._n_printed += len(piece)
        if self._n_printed > PRINTED_BYTES:
            raise self._stopped("too_much_output", f"it printed more than {PRINTED_BYTES // 1_000_000} MB.")

    def _died(self) -> Stopped:
        self._read_log()
        deadline = time.monotonic() + 2
        look = os.WEXITED | os.WNOHANG | os.WNOWAIT  # it stays a zombie, so that its number is still its own in `close`
        while (ended := os.waitid(os.P_PID, self._process.pid, look)) is None and time.monotonic() < deadline:
            time.sleep(0.002)
        if ended is None:
            return self._stopped("died", "Python closed the channel that its answers go through.")
        self.close()
        status = self._process.returncode
        number = -status if status < 0 else status - 128
        if number > 0:
            return self._stopped("died", f"Python died of signal {number} ({signal.strsignal(number)}).")
        return self._stopped("died", f"Python ended (exit status {status}) before it had answered.")

    def _stopped(self, kind: str, sentence: str) -> Stopped:
        self.close()
        return Stopped(kind, sentence)


def _seconds_waited(processes: set[int]) -> float:
    """Return how long processes were ready to run and did not; nothing if one has threads: they wait for each other."""
    nanoseconds = 0
    for process in processes:
        with suppress(OSError, ValueError, IndexError):  # it has ended, or the kernel does not say
            if len(os.listdir(f"/proc/{process}/task")) > 1:
                return 0.0
            nanoseconds += int(Path(f"/proc/{process}/schedstat").read_text().split()[1])
    return nanoseconds / 1e9


def _start(system: Path) -> subprocess.Popen:
    """Start the worker in a sandbox."""
    with open(os.memfd_create("filter"), "w+b") as filter_file:
        filter_file.write(seccomp_filter(platform.machine()))
        filter_file.seek(0)
        user = FIRST_USER + os.getpid() if os.geteuid() == 0 else None
        return subprocess.Popen(
            command(system, filter_file.fileno()),
            env=environment(""),
            pass_fds=[filter_file.fileno()],
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            **_PIPES,
        )


def _start_trusted(system: Path) -> subprocess.Popen:
    """Start the worker without a sandbox."""
    worker = [sys.executable, "-S", "-B", "-u", "-m", "kdlab.grading.worker"]
    return subprocess.Popen(worker, env=environment(str(system)), cwd=system / "tmp", **_PIPES)


_PIPES = {
    "stdin": subprocess.PIPE,
    "stdout": subprocess.PIPE,
    "stderr": subprocess.PIPE,
    "bufsize": 0,
    "start_new_session": True,
}
