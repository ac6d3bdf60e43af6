"""Firefox for Playwright, which drives it by WebDriver BiDi and asks for one thing that it cannot do yet.

Playwright tells every new window which colours the reader prefers; Firefox 153 refuses the whole window for that, since
it does not know the command. This program stands in Firefox's place: it starts it, hands on every message, and answers
that one command itself. What a reader prefers is set when the browser is launched (`launch`), for all windows.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import stat
import sys
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

UNKNOWN = "emulation.setMediaFeaturesOverride"
LARGEST = 2**28  # bytes of a message: a screenshot is one
LISTENING = "WebDriver BiDi listening on "
PREFERENCES = {
    "network.dns.disabled": True,  # no other host than this machine is known
    "layout.css.prefers-color-scheme.content-override": 1,  # light
    "ui.prefersReducedMotion": 1,
}


def launch(playwright, folder: Path):
    """Return Firefox, for a reader who prefers light colours and things to keep still.

    The folder is one for this program's own use. Where no Firefox is installed Playwright has one of its own, which it
    drives in another way (tests/install.sh).
    """
    if installed() is None:
        return playwright.firefox.launch(firefox_user_prefs=PREFERENCES)
    program = folder / "firefox"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).resolve()}" "$@"\n', encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return playwright.firefox.launch(channel="moz-firefox", executable_path=program, firefox_user_prefs=PREFERENCES)


def installed() -> str | None:
    """Return the Firefox of this machine."""
    return shutil.which("firefox")


class Between(WebSocketHandler):
    """One connection of Playwright, and the one to Firefox that belongs to it."""

    def check_origin(self, origin: str) -> bool:
        return True

    async def open(self) -> None:
        to = self.application.settings["firefox"]
        self.firefox = websocket_connect(to, on_message_callback=self.answered, max_message_size=LARGEST)

    async def on_message(self, message: str) -> None:
        command = json.loads(message)
        if command["method"] == UNKNOWN:
            self.answered(json.dumps({"type": "success", "id": command["id"], "result": {}}))
        else:
            await (await self.firefox).write_message(message)

    def answered(self, message: str | None) -> None:
        if message is None:
            self.close()
        else:
            self.write_message(message)


async def main(arguments: list[str]) -> int:
    """Run Firefox, and say that it is where this program listens."""
    firefox = await asyncio.create_subprocess_exec(installed(), *arguments, stderr=asyncio.subprocess.PIPE)
    async for line in firefox.stderr:
        words = line.decode(errors="replace").rstrip()
        if words.startswith(LISTENING):
            sockets = bind_sockets(0, "127.0.0.1")
            settings = {"firefox": words.removeprefix(LISTENING) + "/session", "websocket_max_message_size": LARGEST}
            HTTPServer(Application([("/session", Between)], **settings)).add_sockets(sockets)
            words = f"{LISTENING}ws://127.0.0.1:{sockets[0].getsockname()[1]}"
        print(words, file=sys.stderr, flush=True)
    return await firefox.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
