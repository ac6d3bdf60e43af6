"""The gallery: a small book for tests alone, on which every mark, control, question and tour is shown once.

Each `gallery/gallery_<part>.py` is a page: its widgets, which stand in `kdlab.explore` while this book is built and
read, one below the other. A `gallery_<part>.md` beside it stands in the place of the page that is made so. One has an
exercise, with every kind of question.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from kinds_of_question import write_all_kinds

ROOT = Path(__file__).parents[2]
PARTS = sorted((Path(__file__).parent / "gallery").glob("gallery_*.py"))
PAGES = [f"chapters/{part.stem}.html" for part in PARTS]
WIDGET = re.compile(r'^@explorable\((?:.*\n)*?^def (\w+)\(.*\n    """(.*?)"""', re.M)


def page(part: Path) -> str:
    """Return the page of a part of the gallery."""
    written = part.with_suffix(".md")
    if written.exists():
        return written.read_text(encoding="utf-8")
    source = part.read_text(encoding="utf-8")
    title = re.match(r'"""(.*?)[.:,]', source)[1]
    widgets = [
        f"## {name}\n\n```{{explore}} {part.stem}.{name}\n:alt: {alt}\n\n{alt}\n```\n"
        for name, alt in WIDGET.findall(source)
    ]
    return "\n".join([f"# {title}\n", *widgets])


def build(folder: Path) -> Path:
    """Build the gallery by the settings of the real book, in this folder; return the folder of its pages."""
    shutil.copytree(ROOT / "kdlab", folder / "kdlab", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "results").symlink_to(ROOT / "results")
    book = folder / "book"
    (book / "chapters").mkdir(parents=True)
    shutil.copy(ROOT / "_config.yml", book)
    shutil.copy(ROOT / "references.bib", book)
    (book / "chapters" / "gallery.md").write_text("# The gallery\n\nFor tests alone.\n", encoding="utf-8")
    write_all_kinds(book / "exercises")
    for part in PARTS:
        shutil.copy(part, folder / "kdlab" / "explore")
        (book / "chapters" / f"{part.stem}.md").write_text(page(part), encoding="utf-8")
    chapters = "".join(f"- file: chapters/{part.stem}\n" for part in PARTS)
    (book / "_toc.yml").write_text(f"format: jb-book\nroot: chapters/gallery\nchapters:\n{chapters}", encoding="utf-8")
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-W", "--keep-going"]
    run = subprocess.run(
        command, cwd=book, env=os.environ | {"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise RuntimeError(f"the gallery was not built:\n{run.stdout[-6000:]}{run.stderr[-6000:]}")
    return book / "_build" / "html"
