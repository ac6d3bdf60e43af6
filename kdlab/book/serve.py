"""Serve the built book on this machine: `python -m kdlab.book.serve _build/html`."""

from __future__ import annotations

import functools
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FIRST_PORT, LAST_PORT = 8000, 8099


class QuietHandler(SimpleHTTPRequestHandler):
    """Serve files as any static host does, without a line for each request."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class QuietServer(ThreadingHTTPServer):
    """A server that does not mind a reader who leaves during a download."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Print what went wrong, unless the reader is gone."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of this folder, for this machine only; port 0 takes any free one."""
    if not (folder / "index.html").is_file():
        raise FileNotFoundError(f"folder must hold a built book; {folder} has no index.html: run `make html` first.")
    return QuietServer(("127.0.0.1", port), functools.partial(QuietHandler, directory=str(folder)))


def first_free(folder: Path) -> ThreadingHTTPServer:
    """Return a server on the first free port."""
    for port in range(FIRST_PORT, LAST_PORT + 1):
        try:
            return make_server(folder, port)
        except FileNotFoundError:
            raise
        except OSError:
            continue
    raise OSError(f"no port from {FIRST_PORT} to {LAST_PORT} is free on this machine.")


def main() -> None:
    """Serve until Ctrl+C."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m kdlab.book.serve <folder of the built book>")
    try:
        server = first_free(Path(sys.argv[1]))
    except OSError as error:
        sys.exit(str(error))
    with server:
        print(f"The book is at http://localhost:{server.server_port}/ (Ctrl+C stops it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
