"""One function over many jobs, in processes of its own: the place where a cluster would come in.

`concurrent.futures` cannot say which job ended a process, nor end its processes at once; this can.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

_PR_SET_PDEATHSIG = 1


def map_unordered(
    make: Callable[..., Callable[[Any], Any]], arguments: tuple, jobs: Iterable[Any], processes: int
) -> Iterator[tuple[Any, Any]]:
    """Yield each job with its result, as the results come.

    Parameters
    ----------
    make : callable
        Called once in each process with `arguments`; returns the function to call with each job.
    arguments : tuple
        What `make` is given. It is pickled, as are jobs and results.
    jobs : iterable
        The jobs.
    processes : int
        How many processes to use.

    Yields
    ------
    tuple
        A job and its result, which is None if the process ended while it was at work.

    Notes
    -----
    The processes end with the generator, and when the process that started them is killed.
    """
    context = multiprocessing.get_context("spawn")
    waiting = deque(jobs)
    busy: dict[Connection, tuple[multiprocessing.Process, Any]] = {}
    try:
        while waiting or busy:
            while waiting and len(busy) < processes:
                connection, theirs = context.Pipe()
                process = context.Process(target=_serve, args=(theirs, os.getpid(), make, arguments))
                process.start()
                theirs.close()
                busy[connection] = process, _send(connection, waiting.popleft())
            for connection in wait(busy):
                process, job = busy.pop(connection)
                try:
                    result = connection.recv()
                except EOFError:
                    process.join()
                    connection.close()
                    yield job, None
                    continue
                if waiting:
                    busy[connection] = process, _send(connection, waiting.popleft())
                else:
                    connection.close()
                    process.join()
                yield job, result
    finally:
        for process, _ in busy.values():
            process.kill()
        for connection, (process, _) in busy.items():
            process.join()
            connection.close()


def _send(connection: Connection, job: Any) -> Any:
    with suppress(BrokenPipeError):  # the process has ended: receiving will say so
        connection.send(job)
    return job


def _serve(jobs: Connection, parent: int, make: Callable[..., Callable[[Any], Any]], arguments: tuple) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process in its own time
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it was killed before the line above
        return
    function = make(*arguments)
    while True:
        try:
            job = jobs.recv()
        except EOFError:
            return
        jobs.send(function(job))
