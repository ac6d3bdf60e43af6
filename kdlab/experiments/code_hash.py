"""A hash of the code an experiment ran: it changes when what is computed may have changed, and only then."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "kdlab"


def code_hash(module: str) -> str:
    """Hash a module and the modules of this package that it imports, directly or through others.

    What is hashed is the syntax tree without docstrings, so comments, layout and documentation do not count. A
    package's `__init__` counts only where a name is imported from it.

    Parameters
    ----------
    module : str
        Its full name, such as "kdlab.experiments.temperature". It is read, not run.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits.

    Raises
    ------
    ModuleNotFoundError
        If there is no such module.
    """
    digest = hashlib.sha256()
    for name in modules_of(module):
        digest.update(f"{name} {without_layout(tree_of(name))}\n".encode())
    return digest.hexdigest()


def modules_of(module: str) -> list[str]:
    """Return the names of a module and of all modules of this package it rests on, sorted."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(imports_of(name))
    return sorted(found)


def imports_of(module: str) -> Iterator[str]:
    """Yield the modules of this package that a module names in its import statements, wherever they stand."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{module} must import by full names; line {node.lineno} has a relative import.")
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if source_of(name) else str(node.module) for name in submodules]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == PACKAGE)


def tree_of(module: str) -> ast.Module:
    """Parse the source of a module."""
    path = source_of(module)
    if path is None:
        raise ModuleNotFoundError(f"module must name a module that has a source file; {module!r} was given.")
    return ast.parse(path.read_text(encoding="utf-8"))


def source_of(module: str) -> Path | None:
    """Return the source file of a module, or None where there is no such module."""
    if module.split(".")[0] != PACKAGE:
        return None
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:  # a function of a module, asked for as if it were a submodule
        return None
    return Path(spec.origin) if spec and spec.origin else None


def without_layout(node: object) -> str:
    """Write a syntax tree as text, without positions, docstrings and empty fields.

    `ast.dump` is not used because its text differs between Python versions in the fields that are empty.
    """
    if isinstance(node, list):
        return "[" + ",".join(without_layout(item) for item in node) + "]"
    if not isinstance(node, ast.AST):
        return repr(node)
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and has_docstring(node):
        fields = [(name, value[1:] if name == "body" else value) for name, value in ast.iter_fields(node)]
    else:
        fields = list(ast.iter_fields(node))
    filled = [f"{name}={without_layout(value)}" for name, value in fields if value not in (None, [])]
    return f"{type(node).__name__}({','.join(filled)})"


def has_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether the first statement is a docstring."""
    first = node.body[0] if node.body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
