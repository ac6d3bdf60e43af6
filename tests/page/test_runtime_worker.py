"""Python in a real browser: it answers as CPython does, survives whatever a reader runs, and never leaves the host."""

import functools
import hashlib
import json
import shutil
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax as scipy_softmax

import kdlab.book
from kdlab.book.archive import pack_kdlab
from kdlab.book.runtime import LOCK, fetch_runtime, runtime_files
from kdlab.temperature import softmax

pytestmark = pytest.mark.page

FRONT = Path(kdlab.book.__file__).parent / "front"
PAGE = "<!doctype html><meta charset=utf-8><title>t</title><link rel=icon href=data:,><script src=page.js></script>"
EXPOSE = "window.Runtime = Runtime; window.states = [];"
# what the tests call in the page; `run` is how reader's code is run: compiled with the filename <reader>
PROBE = """
import kdlab.temperature

calls = 0

def count():
    global calls
    calls += 1
    return str(calls)

def echo(*words):
    return words

def run(source):
    namespace = {}
    exec(compile(source, "<reader>", "exec"), namespace)
    return str(namespace.get("answer", ""))

def softmax(logits, temperature):
    return kdlab.temperature.softmax(logits, temperature).tolist()

def no_data(kind):
    return {"set": {3}, "nan": float("nan")}[kind]
"""
CALL = """async ([path, args, options]) => {
  const begin = performance.now();
  const outcome = await runtime.call(path, args, options).catch((error) => ({ ...error, message: error.message }));
  return { ...outcome, seconds: (performance.now() - begin) / 1000, state: runtime.state };
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    (folder / "pyodide").mkdir()
    runtime = fetch_runtime(["core"])
    for name in runtime_files(["core"]):
        shutil.copyfile(runtime / name, folder / "pyodide" / name)
    pack_kdlab(folder / "kdlab.zip")
    with zipfile.ZipFile(folder / "kdlab.zip", "a") as archive:
        archive.writestr("probe.py", PROBE)
        archive.writestr("broken.py", "import numpy\nimport no_such_module\n")
    script = [(FRONT / name).read_text(encoding="utf-8") for name in ("worker.js", "runtime.js")]
    (folder / "page.js").write_text("(() => {\n'use strict';\n" + "\n".join([*script, EXPOSE]) + "\n})();\n")
    (folder / "index.html").write_text(PAGE)
    return folder


def serve(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def address(site):
    server = serve(functools.partial(Quiet, directory=str(site)))
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def elsewhere():
    """A proxy for every host but ours: it answers nothing and keeps what it was asked for."""
    asked = []

    class Proxy(BaseHTTPRequestHandler):
        def refuse(self):
            asked.append(self.path)
            self.send_error(502)

        do_GET = do_HEAD = do_POST = do_CONNECT = do_OPTIONS = refuse

        def log_message(self, *_args):
            pass

    server = serve(Proxy)
    server.asked = asked
    yield server
    server.shutdown()
    server.server_close()


class Visit:
    """One reader's page: `call` runs Python in it; `noise` is all its console said that should not be there."""

    def __init__(self, browser, address, proxy):
        server = f"http://127.0.0.1:{proxy.server_port}"
        self.context = browser.new_context(proxy={"server": server, "bypass": "127.0.0.1"})
        self.page = self.context.new_page()
        self.noise = []
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.goto(address)

    def new_runtime(self):
        self.page.evaluate(
            """() => {
              const onstate = (state, sentence) => states.push([state, sentence]);
              states.length = 0;
              window.runtime = new Runtime({ base: ".", archive: "kdlab.zip", onstate });
            }"""
        )

    def call(self, path, *args, **options):
        return self.page.evaluate(CALL, [path, list(args), options])

    def run(self, source, **options):
        return self.call("probe.run", source, **options)


@pytest.fixture
def visit(browser, address, elsewhere):
    visit = Visit(browser, address, elsewhere)
    visit.new_runtime()
    yield visit
    visit.context.close()
    assert elsewhere.asked == []


@pytest.fixture(scope="module")
def shared(browser, address, elsewhere):
    """One page for the tests that leave its Python as they found it, or broken: the next call must work either way."""
    visit = Visit(browser, address, elsewhere)
    visit.new_runtime()
    yield visit
    visit.context.close()


@pytest.fixture
def python(shared, elsewhere):
    """The shared page, which must be usable and silent after the test, and must have stayed on its host."""
    shared.call("probe.count")
    yield shared
    after = shared.call("probe.echo", "still here")
    assert after.get("value") == ["still here"], after
    assert shared.noise == []
    assert elsewhere.asked == []


def same_worker(visit):
    """Whether the Python that answers now has answered before."""
    return int(visit.call("probe.count")["value"]) > 1


def test_lock_agrees_with_the_official_package_lock(site):
    official = json.loads((site / "pyodide" / "pyodide-lock.json").read_text())["packages"]
    locked = {name: entry["sha256"] for group in LOCK["groups"].values() for name, entry in group.items()}
    wheels = {name: sha256 for name, sha256 in locked.items() if name.endswith(".whl")}
    assert {entry["file_name"]: entry["sha256"] for entry in official.values()} == wheels
    needed = {name for entry in official.values() for name in entry["depends"]}
    assert needed <= official.keys()
    numpy_wheel = (site / "pyodide" / official["numpy"]["file_name"]).read_bytes()
    assert hashlib.sha256(numpy_wheel).hexdigest() == official["numpy"]["sha256"]


def test_states_and_softmax_as_cpython_has_it(visit):
    assert visit.page.evaluate("runtime.state") == "off"
    logits = [2.0, 1.0, 0.5, -1.0, 700.0, -800.0]
    answer = visit.call("probe.softmax", logits, 2.5)
    assert set(answer) == {"value", "stdout", "stderr", "seconds", "state"}
    for expected in softmax(logits, 2.5), scipy_softmax(np.array(logits) / 2.5):
        np.testing.assert_allclose(answer["value"], expected, rtol=1e-12, atol=0)
    assert (answer["stdout"], answer["stderr"]) == ("", "")
    assert visit.page.evaluate("states") == [["starting", ""], ["ready", ""]]
    assert visit.noise == []


def test_calls_run_one_at_a_time_in_order(python):
    codes = ["import time; time.sleep(0.2); answer = 'a'", "answer = 'b'", "1 / 0", "answer = 'c'"]
    order = python.page.evaluate(
        """async (codes) => {
          const done = [];
          await Promise.allSettled(codes.map((code) =>
            runtime.call("probe.run", [code]).then((r) => done.push(r.value), (e) => done.push(e.name))));
          return done;
        }""",
        codes,
    )
    assert order == ["a", "b", "ZeroDivisionError", "c"]


def test_data_cross_unharmed(python):
    data = ["é 漢字 🦉", 'quote " and \\ and \n', "", "x" * 1_000_000, None, True, 0.1, 2**53, [[], {"a": [1e-300]}]]
    assert python.call("probe.echo", *data)["value"] == data


def test_a_value_must_be_data(python):
    error = python.call("probe.no_data", "set")
    assert (error["name"], error["message"]) == ("TypeError", "TypeError: Object of type set is not JSON serializable")
    assert python.call("probe.no_data", "nan")["name"] == "ValueError"


def test_error_names_the_readers_line(python):
    error = python.run("def f(x):\n    return 1 / x\n\nprint('before')\nf(0)\n")
    assert error["name"] == "ZeroDivisionError"
    assert error["message"] == "ZeroDivisionError: division by zero"
    assert error["line"] == 2
    assert 'File "<reader>", line 5' in error["traceback"]
    assert "<runtime>" not in error["traceback"]
    assert error["stdout"] == "before\n"


def test_error_beyond_the_readers_code_names_the_line_that_led_there(python):
    error = python.run("import numpy as np\n\nnp.arange(3).reshape(2, 2)\n")
    assert (error["name"], error["line"]) == ("ValueError", 3)


def test_syntax_error_names_its_line(python):
    error = python.run("a = 1\nb = = 2\n")
    assert (error["name"], error["message"], error["line"]) == ("SyntaxError", "SyntaxError: invalid syntax", 2)


def test_error_outside_the_readers_code_has_no_line(python):
    error = python.call("probe.softmax", [], 1)
    assert (error["name"], error["line"]) == ("ValueError", None)
    assert "must have at least one class" in error["message"]


def test_import_errors(python):
    assert python.call("broken.f")["message"] == "ModuleNotFoundError: No module named 'no_such_module'"
    assert python.call("no_such.f")["message"] == "ModuleNotFoundError: No module named 'no_such'"
    assert python.call("probe.no_such")["message"] == "AttributeError: module 'probe' has no attribute 'no_such'"
    error = python.run("import scipy")
    assert (error["name"], error["line"]) == ("ModuleNotFoundError", 1)


def test_package_that_the_book_does_not_carry_is_missed_by_its_import_only(python):
    error = python.run("import matplotlib", packages=["matplotlib"])
    assert error["message"] == "ModuleNotFoundError: No module named 'matplotlib'"
    assert python.run("answer = 1", packages=["no_such_package"])["value"] == "1"


def test_error_with_a_broken_str(python):
    error = python.run("class E(Exception):\n    def __str__(self): raise ValueError\nraise E")
    assert error["name"] == "E"
    assert error["message"].startswith("<reader>.E" if "<reader>" in error["message"] else "E")


@pytest.mark.parametrize(
    ("source", "name", "message"),
    [
        ("import sys; sys.exit()", "SystemExit", "SystemExit"),
        ("import sys; sys.exit('bye')", "SystemExit", "SystemExit: bye"),
        ("quit(3)", "SystemExit", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", "KeyboardInterrupt"),
        ("input()", "EOFError", "EOFError: EOF when reading a line"),
        ("def f(): return f()\nf()", "RecursionError", "RecursionError: maximum recursion depth exceeded"),
    ],
)
def test_ways_to_leave_keep_the_worker(python, source, name, message):
    error = python.run(source)
    assert (error["name"], error["message"], error["state"]) == (name, message, "ready")
    assert same_worker(python)


def test_os_exit_ends_python_and_the_next_call_starts_another(python):
    error = python.run("import os; os._exit(0)")
    assert (error["name"], error["state"]) == ("Crash", "stopped")
    assert error["message"] == "Python itself ended and has to start again."
    assert not same_worker(python)


@pytest.mark.parametrize("source", ["x = bytearray(2**31 - 1)", "x = []\nwhile True: x.append(bytearray(10**8))"])
def test_memory_error(python, source):
    error = python.run(source)
    assert (error["name"], error["state"]) == ("MemoryError", "stopped")
    assert error["message"] == "MemoryError"
    assert not same_worker(python)


def test_memory_up_to_the_limit_is_given(python):
    assert python.run("import numpy as np; answer = int(np.ones(10**8, np.uint8).sum())")["value"] == "100000000"


def test_output_is_kept_by_call_and_stream(python):
    code = "import sys, warnings\nprint('to', 'out é')\nprint('to err', file=sys.stderr)\nprint('no newline', end='')"
    answer = python.run(code)
    assert (answer["stdout"], answer["stderr"]) == ("to out é\nno newline", "to err\n")
    answer = python.run("import os; os.write(1, b'raw'); import warnings; warnings.warn('careful')")
    assert answer["stdout"] == "raw"
    assert "UserWarning: careful" in answer["stderr"]
    answer = python.run("answer = 1")
    assert (answer["stdout"], answer["stderr"]) == ("", "")


def test_long_output_is_cut_at_64_kilobytes(python):
    answer = python.run("print('é' * 5_000_000)\nanswer = 'done'")
    assert answer["value"] == "done"
    kept, note = answer["stdout"].split("\n", 1)
    assert kept == "é" * 32768
    assert note == "[Cut: 10000001 bytes were printed, the first 65536 are shown.]\n"


def test_closed_or_replaced_streams_are_mended(python):
    python.run("import sys; sys.stdout.close(); sys.stderr = None")
    python.run("import sys; sys.__stdout__ = sys.__stderr__ = 3")
    assert python.run("print('heard')")["stdout"] == "heard\n"


LOOPS = {
    "plain": "while True: pass",
    "except": "while True:\n    try:\n        x = 1\n    except BaseException: pass",
    "numpy": "import numpy as np\nx = np.ones(1000)\nwhile True: x = np.sqrt(x * x)",
    "calls": "def f(): pass\nwhile True: f()",
    "except in except": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "print": "while True: print('x' * 1000)",
}


@pytest.mark.parametrize("loop", LOOPS)
def test_loop_is_interrupted_and_its_worker_goes_on(python, loop):
    error = python.run("print('begun')\n" + LOOPS[loop], seconds=0.3)
    assert (error["name"], error["state"]) == ("TimeLimit", "ready")
    assert error["message"] == "It ran longer than 0.3 s, the limit, and was stopped."
    assert error["line"] >= 2
    assert error["stdout"].startswith("begun\n")
    assert error["seconds"] >= 0.3
    assert same_worker(python)


HANGS = {
    "compiled code": "import itertools\nmax(itertools.count())",
    "sleep": "import time\ntime.sleep(60)",
    "interrupts ignored": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
}


@pytest.mark.parametrize("hang", HANGS)
def test_hang_is_ended_with_its_worker(python, hang):
    error = python.run(HANGS[hang], seconds=0.2)
    assert (error["name"], error["state"]) == ("TimeLimit", "stopped")
    assert error["message"] == "It ran longer than 0.2 s, the limit, and was stopped."
    assert error["seconds"] >= 2.2
    assert not same_worker(python)


def test_an_interrupt_that_was_swallowed_still_counts(python):
    error = python.run("try:\n    while True: pass\nexcept BaseException: answer = 'got away'", seconds=0.2)
    assert (error["name"], error["state"]) == ("TimeLimit", "ready")


def test_stop_ends_the_run_its_timers_and_those_that_wait(visit):
    visit.call("probe.count")
    outcome = visit.page.evaluate(
        """async () => {
          const loop = runtime.call("probe.run", ["while True: pass"], { seconds: 0.5 });
          const calls = [loop, runtime.call("probe.count", [])];
          await new Promise((resolve) => setTimeout(resolve, 100));
          runtime.stop();
          const stopped = (await Promise.allSettled(calls)).map((r) => [r.reason.name, r.reason.message]);
          const state = runtime.state;
          const next = (await runtime.call("probe.count", [])).value;
          await new Promise((resolve) => setTimeout(resolve, 2600));
          return [stopped, state, next, (await runtime.call("probe.count", [])).value];
        }"""
    )
    # "2" at the end: no timer of the stopped run has ended the worker that came after it
    assert outcome == [[["Stopped", "It was stopped."]] * 2, "stopped", "1", "2"]
    assert visit.noise == []


def test_stop_while_starting(visit):
    outcome = visit.page.evaluate(
        """async () => {
          const start = runtime.start();
          runtime.stop();
          const reason = await start.catch((error) => error.name);
          return [reason, runtime.state, (await runtime.call("probe.count", [])).value];
        }"""
    )
    assert outcome == ["Stopped", "stopped", "1"]


def test_stop_before_any_start_changes_nothing(visit):
    assert visit.page.evaluate("(runtime.stop(), runtime.state)") == "off"


@pytest.mark.parametrize("name", [*runtime_files(["core"]), "../kdlab.zip"])
def test_missing_file_is_said_and_a_later_start_tries_again(visit, site, name):
    path = (site / "pyodide" / name).resolve()
    hidden = path.with_name("hidden")
    path.rename(hidden)
    try:
        error = visit.call("probe.count")
        assert (error["name"], error["state"]) == ("Unavailable", "failed")
        assert error["message"].startswith("Python could not start: ")
        assert path.name in error["message"]
        assert visit.page.evaluate("states") == [["starting", ""], ["failed", error["message"]]]
        assert visit.page.evaluate("runtime.start().catch((error) => error.name)") == "Unavailable"
    finally:
        hidden.rename(path)
    assert visit.call("probe.count")["value"] == "1"


def test_damaged_package_is_refused(visit, site):
    wheel = next((site / "pyodide").glob("numpy*.whl"))
    data = wheel.read_bytes()
    wheel.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    try:
        error = visit.call("probe.count")
    finally:
        wheel.write_bytes(data)
    assert (error["name"], error["state"]) == ("Unavailable", "failed")
    assert wheel.name in error["message"]


def test_server_that_does_not_know_webassembly(browser, site, elsewhere):
    class Old(Quiet):
        extensions_map = {**Quiet.extensions_map, ".wasm": "application/octet-stream"}  # noqa: RUF012

    server = serve(functools.partial(Old, directory=str(site)))
    visit = Visit(browser, f"http://127.0.0.1:{server.server_port}/", elsewhere)
    visit.new_runtime()
    assert visit.call("probe.count")["value"] == "1"
    assert visit.noise == []
    visit.context.close()
    server.shutdown()
    server.server_close()


def test_page_and_worker_are_heard(browser, address, elsewhere):
    """The tests that ask for silence and for no request off the host would notice either, also from the worker."""
    visit = Visit(browser, address, elsewhere)
    visit.new_runtime()
    visit.page.evaluate("fetch('http://page.invalid/').catch(() => {})")
    visit.run("import js\njs.console.warn('heard')\njs.fetch('http://worker.invalid/')")
    end = time.monotonic() + 30
    while len(elsewhere.asked) < 2 and time.monotonic() < end:
        visit.page.evaluate("1")  # what the page has to say is heard while it is asked something
    visit.context.close()
    requests = sorted(elsewhere.asked)
    elsewhere.asked.clear()
    assert requests == ["http://page.invalid/", "http://worker.invalid/"]
    assert "heard" in visit.noise
