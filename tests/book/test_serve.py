"""The server of the built book: where it says it is, what it sends, and what it says when it cannot."""

import os
import re
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from threading import Thread

import pytest

from kdlab.book import serve


@pytest.fixture
def book(tmp_path):
    (tmp_path / "index.html").write_text("<title>The book</title>", encoding="utf-8")
    for name in ("main.js", "pyodide.mjs", "pyodide.asm.wasm", "style.css", "kdlab.zip", "record.json"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


@contextmanager
def serving(server):
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("", "text/html"),
        ("main.js", "text/javascript"),
        ("pyodide.mjs", "text/javascript"),
        ("pyodide.asm.wasm", "application/wasm"),
        ("style.css", "text/css"),
        ("record.json", "application/json"),
    ],
)
def test_each_file_has_the_type_that_a_browser_wants(book, name, mime, monkeypatch):
    if name.endswith(("js", "wasm")):  # browsers insist on these, and not every machine knows them
        monkeypatch.setattr("mimetypes.guess_type", lambda *_: (None, None))
    with serving(serve.make_server(book, 0)) as address, urllib.request.urlopen(address + name) as response:
        assert response.headers.get_content_type() == mime
        assert response.read() == ((book / (name or "index.html")).read_bytes())


def test_requests_leave_no_line(book, capfd):
    with serving(serve.make_server(book, 0)) as address:
        urllib.request.urlopen(address + "main.js").close()
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(address + "nothing.js")
    assert capfd.readouterr() == ("", "")


def test_only_this_machine_is_served(book):
    with serve.make_server(book, 0) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_a_taken_port_is_passed_over(book, monkeypatch):
    with serve.make_server(book, 0) as first:
        monkeypatch.setattr(serve, "FIRST_PORT", first.server_port)
        monkeypatch.setattr(serve, "LAST_PORT", first.server_port + 50)
        with serve.first_free(book) as second:
            assert first.server_port < second.server_port <= first.server_port + 50


def test_without_a_free_port_it_says_so(book, monkeypatch):
    with serve.make_server(book, 0) as first:
        monkeypatch.setattr(serve, "FIRST_PORT", first.server_port)
        monkeypatch.setattr(serve, "LAST_PORT", first.server_port)
        with pytest.raises(OSError, match=f"no port from {first.server_port} to {first.server_port} is free"):
            serve.first_free(book)


def test_a_folder_without_a_book_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"has no index\.html: run `make html` first\."):
        serve.first_free(tmp_path)


def command(*arguments):
    return [sys.executable, "-m", "kdlab.book.serve", *map(str, arguments)]


def test_the_command_says_where_the_book_is(book):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(command(book), stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            address = re.fullmatch(
                r"The book is at (http://localhost:80\d\d/) \(Ctrl\+C stops it\)\n", server.stdout.readline()
            )[1]
            with urllib.request.urlopen(address) as response:
                assert b"The book" in response.read()
        finally:
            server.terminate()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no/such/folder"], "folder must hold a built book; no/such/folder has no index.html: run `make html` first."),
        ([], "usage: python -m kdlab.book.serve <folder of the built book>"),
    ],
)
def test_the_command_says_in_one_sentence_what_is_missing(arguments, words):
    done = subprocess.run(command(*arguments), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == words + "\n"
