"""One function over many jobs, in processes of its own: the place where a cluster would come in.

`concurrent.futures` cannot say which job ended a process, nor end its processes at once; this can.
"""

from __future__ import annotations

import ctypes
import itertools
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

_PR_SET_PDEATHSIG = 1
_END = None  # closing a pipe would not do: processes forked later hold its other end too


def map_unordered(function: Callable[[Any], Any], jobs: Iterable[Any], processes: int) -> Iterator[tuple[Any, Any]]:
    """Yield each job with its result, as the results come.

    Parameters
    ----------
    function : callable
        Called with each job, in a process forked from this one: it need not be pickled, nor read again.
    jobs : iterable
        The jobs. They are pickled, as are the results.
    processes : int
        How many processes to use.

    Yields
    ------
    tuple
        A job and its result, which is None if the process ended while it was at work.

    Notes
    -----
    The processes end with the generator, and when the process that started them is killed. Several keep to one
    processor each, they and what they start: whatever one job does there, the others have theirs.
    """
    waiting = deque(jobs)
    processors = itertools.cycle(sorted(os.sched_getaffinity(0)))
    busy: dict[Connection, tuple[BaseProcess, Any]] = {}
    try:
        while waiting or busy:
            while waiting and len(busy) < processes:
                connection, process = _start(function, next(processors) if processes > 1 else None)
                busy[connection] = process, _send(connection, waiting.popleft())
            for connection in wait(list(busy)):
                process, job = busy.pop(connection)
                try:
                    result = connection.recv()
                except (EOFError, ConnectionResetError):
                    process.join()
                    connection.close()
                    yield job, None
                    continue
                if waiting:
                    busy[connection] = process, _send(connection, waiting.popleft())
                else:
                    connection.send(_END)
                    process.join()
                    connection.close()
                yield job, result
    finally:
        for process, _ in busy.values():
            process.kill()
        for connection, (process, _) in busy.items():
            process.join()
            connection.close()


def _start(function: Callable[[Any], Any], processor: int | None) -> tuple[Connection, BaseProcess]:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, os.getpid(), function, processor))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()
    return ours, process


def _send(connection: Connection, job: Any) -> Any:
    with suppress(BrokenPipeError):  # the process has ended: receiving will say so
        connection.send((job,))
    return job


def _serve(jobs: Connection, parent: int, function: Callable[[Any], Any], processor: int | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process in its own time
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it was killed before the line above
        return
    if processor is not None:
        os.sched_setaffinity(0, {processor})
    while (message := jobs.recv()) is not _END:
        jobs.send(function(*message))
