"""Nothing stale in the built book, and nothing done twice: a page follows what it uses, and only that.

A page uses the modules of kdlab that its source names, with all that these import; its widgets and exercises; the
records that it or its widgets name; and the extension that builds it. Cells are executed by less: what the page names.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from kdlab.evidence.code_hash import source_of
from kdlab.evidence.records import RESULTS

BUILDER = "kdlab.book"
WIDGETS = "kdlab.explore."
DOTTED = re.compile(r"\bkdlab(?:\.\w+)+")
IMPORTED = re.compile(r"from (kdlab[\w.]*) import \(?([\w\s,]+)")
WIDGET = re.compile(r"^`{3,}\{explore\} (\w+\.\w+)", re.MULTILINE)
EXERCISE = re.compile(r"^`{3,}\{exercise\} (\S+)", re.MULTILINE)
OF_ALL_RECORDS = re.compile(r"^`{3,}\{(?:claims|experiments)\}", re.MULTILINE)


def modules_named(text: str) -> set[str]:
    """Return the modules of kdlab whose names stand in a text; what is no module, such as a function, does no harm.

    Examples
    --------
    >>> sorted(modules_named("from kdlab import files, temperature; kdlab.checking.values.encode"))
    ['kdlab.checking', 'kdlab.checking.values', 'kdlab.files', 'kdlab.temperature']
    """
    names = set(DOTTED.findall(text))
    names |= {f"{package}.{name}" for package, listed in IMPORTED.findall(text) for name in re.findall(r"\w+", listed)}
    prefixes = {".".join(parts[:n]) for parts in (name.split(".") for name in names) for n in range(2, len(parts) + 1)}
    return {name for name in prefixes if source_of(name)}


def with_imports(modules: Iterable[str]) -> dict[str, Path]:
    """Return the files of these modules, and of all modules of kdlab that they import."""
    found: dict[str, Path] = {}
    waiting = set(modules)
    while waiting:
        module = waiting.pop()
        found[module] = source_of(module)
        waiting |= imports_of(found[module].read_text(encoding="utf-8")) - found.keys()
    return found


@cache
def imports_of(source: str) -> set[str]:
    """Return the modules of kdlab that a source imports, wherever the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.partition(".")[0] == "kdlab" and source_of(name)}


def records_named(text: str) -> list[Path]:
    """Return the files of the records whose names stand in a text behind a quotation mark, or in a role."""
    named = {path for path in RESULTS.rglob("*.*") if re.search(rf"[`\"']{path.stem}\b", text)}
    return sorted(RESULTS.rglob("*.*")) if OF_ALL_RECORDS.search(text) else sorted(named)


def fingerprint(text: str, modules: Iterable[str], pages: Iterable[str] = ()) -> str:
    """Return a hash of the modules with their imports, of the records that a text names, and of the names of pages."""
    digest = hashlib.sha256(" ".join(sorted(pages)).encode())
    for path in [*(path for _, path in sorted(with_imports(modules).items())), *records_named(text)]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def of_cells(text: str) -> str:
    """Return the fingerprint of what the cells of a page can use besides themselves."""
    return fingerprint(text, modules_named(text))


def of_page(text: str, exercises: Path, pages: Iterable[str]) -> str:
    """Return the fingerprint of what a page shows besides its own words; some pages link to each page there is."""
    widgets = {module_of(name) for name in WIDGET.findall(text)}
    widgets = {name for name in widgets if source_of(name)}
    folders = [exercises / name for name in EXERCISE.findall(text)]
    files = [path for folder in folders for path in sorted(folder.rglob("*.*")) if path.suffix in {".md", ".py"}]
    texts = [path.read_text(encoding="utf-8") for path in (*files, *map(source_of, sorted(widgets)))]
    text = "\n".join([text, *texts])
    return fingerprint(text, modules_named(text) | widgets | {BUILDER}, pages)


def of_widget(name: str) -> str:
    """Return the fingerprint of what a widget shows: of its module, and of the records that it and its like read."""
    files = with_imports({module_of(name)})
    texts = [file.read_text(encoding="utf-8") for module, file in files.items() if module.startswith(WIDGETS)]
    return fingerprint("\n".join(texts), {module_of(name)})


def module_of(name: str) -> str:
    """Return the module of a widget such as temperature.logits."""
    return WIDGETS + name.partition(".")[0]


def outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Return the pages that use something else than at the last build."""
    before = getattr(env, "kdlab_fingerprints", {})
    exercises = Path(app.srcdir) / "exercises"
    names = env.found_docs | {str(path.parent) for path in exercises.rglob("exercise.md")}
    env.kdlab_fingerprints = {
        page: of_page(Path(env.doc2path(page)).read_text(encoding="utf-8"), exercises, names) for page in env.found_docs
    }
    return [page for page, now in env.kdlab_fingerprints.items() if before.get(page) != now]


def key_the_cache(app: Sphinx, docname: str, source: list[str]) -> None:
    """Give a page a notebook cache of what its cells use: by itself the cache sees only the cells."""
    path = Path(app.outdir).parent / ".jupyter_cache" / of_cells(source[0])
    app.env.mystnb_config = app.env.mystnb_config.copy(execution_cache_path=str(path))


def setup(app: Sphinx) -> None:
    """Connect it."""
    app.connect("env-get-outdated", outdated)
    app.connect("source-read", key_the_cache)
