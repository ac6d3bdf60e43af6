"""What the doctor tries, inside the sandbox and outside it. Each function stands alone: its source is sent across.

A probe is given what there is to find, and returns True, or what it found, if it got through.
"""

# Imports stand inside the functions, because the source of a function is all that is sent.

from __future__ import annotations

from typing import Any


def read_a_file(find: dict[str, Any]) -> Any:
    """Read a file outside, by its path and through /proc."""
    import os

    found = ""
    for path in (find["file"], "/proc/1/root" + find["file"], "/proc/self/cwd/.." + find["file"]):
        if os.path.exists(path):
            with open(path) as file:
                found += file.read()
    return found


def write_a_file(find: dict[str, Any]) -> Any:
    """Write to a file outside."""
    with open(find["file"], "r+"):
        return True


def read_the_environment(find: dict[str, Any]) -> Any:
    """Read the environment of the grader, by inheritance and through /proc."""
    import glob
    import os

    found = str(dict(os.environ))
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(path) as file:
                found += file.read()
        except OSError:
            pass
    return found if find["secret"] in found else False


def connect_to_a_port(find: dict[str, Any]) -> Any:
    """Open a TCP connection to a port of this machine."""
    import socket

    socket.create_connection(("127.0.0.1", find["port"]), 2).close()
    return True


def connect_without_a_file(find: dict[str, Any]) -> Any:
    """Open a connection to an abstract Unix socket, which no file system guards."""
    import socket

    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect("\0" + find["name"])
        return True


def see_another_process(find: dict[str, Any]) -> Any:
    """See the grader's process."""
    import os

    return os.path.exists(f"/proc/{find['process']}/stat")


def start_a_process(find: dict[str, Any]) -> Any:
    """Start another process."""
    import os

    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def outlive_the_run(find: dict[str, Any]) -> Any:
    """Leave a process, or at least a thread, behind."""
    import os
    import threading
    import time

    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    child = os.fork()
    if child == 0:
        os.setsid()
        for number in range(3):
            os.close(number)
        time.sleep(60)
        os._exit(0)
    return child


def make_a_namespace(find: dict[str, Any]) -> Any:
    """Make a user namespace, in which one is root."""
    import ctypes

    new_user = 0x10000000
    return ctypes.CDLL(None).unshare(new_user) == 0


def trace_a_process(find: dict[str, Any]) -> Any:
    """Use ptrace."""
    import ctypes

    trace_me = 0
    return ctypes.CDLL(None).ptrace(trace_me, 0, 0, 0) == 0


def fill_the_disk(find: dict[str, Any]) -> Any:
    """Write 64 MB in files of 1 MB, wherever that is possible."""
    written = 0
    for folder in (find["folder"], "/tmp", "/dev/shm", "/var/tmp", "/run", "/dev", "/"):
        try:
            while written < 64:
                with open(f"{folder}/kdlab-probe-{find['secret']}-{written}", "wb") as file:
                    file.write(bytes(1 << 20))
                written += 1
        except OSError:
            pass
    return written >= 64


def fill_the_disk_with_names(find: dict[str, Any]) -> Any:
    """Make 5,000 links, each of which takes memory of the kernel that no limit on bytes counts."""
    import os

    made = 0
    for folder in (find["folder"], "/tmp", "/dev/shm"):
        try:
            for number in range(5_000):
                os.symlink("x", f"{folder}/{number}")
                made += 1
        except OSError:
            pass
        if made >= 5_000:
            return True
    return False


def hold_back_a_file(find: dict[str, Any]) -> Any:
    """Lock a file that others share, or ask to be told who opens it."""
    import fcntl
    import os
    import sys

    for path, command, argument in (
        (sys.executable, "flock", fcntl.LOCK_SH),
        (sys.executable, "F_SETLEASE", fcntl.F_RDLCK),
        (os.path.dirname(os.__file__), "F_NOTIFY", 0x3F),
    ):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            if command == "flock":
                fcntl.flock(descriptor, argument | fcntl.LOCK_NB)
            else:
                fcntl.fcntl(descriptor, getattr(fcntl, command), argument)
            return True
        except OSError:
            pass
        finally:
            os.close(descriptor)
    return False


def fill_the_memory(find: dict[str, Any]) -> Any:
    """Take 2 GB of memory."""
    return len(bytes(2 << 30)) > 0


ALL = (
    read_a_file,
    write_a_file,
    read_the_environment,
    connect_to_a_port,
    connect_without_a_file,
    see_another_process,
    start_a_process,
    outlive_the_run,
    make_a_namespace,
    trace_a_process,
    fill_the_disk,
    fill_the_disk_with_names,
    hold_back_a_file,
    fill_the_memory,
)
