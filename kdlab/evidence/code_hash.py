"""A hash of the code that a function runs: it changes when what is computed may have changed, and only then."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = "kdlab"
WHOLE = "*"  # in the place of a name: everything a module says


def code_hash(module: str, name: str) -> str:
    """Hash a function of a module and what it uses of this package, directly or through others.

    What counts are the statements that define the function, those that define what it uses, whatever these use in turn,
    and in every module on the way the statements that do more than define. So a function added beside the ones in use
    changes no hash, nor does what it imports: of an import only the names in use count. What is hashed is the syntax
    tree without docstrings and without the words of errors: comments, layout and documentation do not count.

    Parameters
    ----------
    module : str
        Its full name, such as "kdlab.experiments.temperature". It is read, not run.
    name : str
        Of the function, such as "run".

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits.

    Raises
    ------
    ModuleNotFoundError
        If there is no such module.
    ValueError
        If the module does not define the name.
    """
    if not any(name in defined_by(statement) for statement in tree_of(module).body):
        raise ValueError(f"name must be defined by {module}; {name!r} was given.")
    digest = hashlib.sha256()
    for used, statements in sorted(used_by(module, name).items()):
        for statement in statements:
            digest.update(f"{used} {without_layout(statement)}\n".encode())
    return digest.hexdigest()


def used_by(module: str, name: str = WHOLE) -> dict[str, list[ast.stmt]]:
    """Return the statements a name rests on, by the module they stand in, in the order they stand there."""
    seen: set[tuple[str, str]] = set()
    waiting = [(module, name)]
    while waiting:
        wanted = waiting.pop()
        if wanted not in seen:
            seen.add(wanted)
            for statement in statements_for(*wanted):
                waiting.extend(uses_of(wanted[0], statement))
    used: dict[str, list[ast.stmt]] = {}
    for found in {found for found, _ in seen}:
        wanted_statements = {id(s) for n, what in seen if n == found for s in statements_for(found, what)}
        used[found] = [s for s in tree_of(found).body if id(s) in wanted_statements]
    return used


def statements_for(module: str, name: str) -> list[ast.stmt]:
    """Return the statements of a module that define a name, and those that may do something else."""
    body = without_docstring(tree_of(module)).body
    if name == WHOLE:
        return body
    return [statement for statement in body if name in defined_by(statement) or not only_defines(statement)]


def uses_of(module: str, statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield what a statement uses of this package: names of its own module, and names of modules it imports."""
    own = {name for other in tree_of(module).body for name in defined_by(other)}
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and node.id in own:
            yield module, node.id
        elif isinstance(node, ast.Import):
            yield from ((alias.name, WHOLE) for alias in node.names if in_package(alias.name))
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{module} must import by full names; line {node.lineno} has a relative import.")
            if node.module and in_package(node.module):
                for alias in node.names:
                    submodule = f"{node.module}.{alias.name}"
                    yield (submodule, WHOLE) if source_of(submodule) else (node.module, alias.name)


def defined_by(statement: ast.stmt) -> set[str]:
    """Return the names that a statement at the top of a module binds."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.split(".")[0] for alias in statement.names}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def only_defines(statement: ast.stmt) -> bool:
    """Return whether a statement at the top of a module binds names, and changes nothing that others have bound."""
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return all(isinstance(target, ast.Name | ast.Tuple) for target in targets)
    return isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)


def in_package(module: str) -> bool:
    """Return whether a module is one of this package."""
    return module.split(".")[0] == PACKAGE


def tree_of(module: str) -> ast.Module:
    """Parse the source of a module."""
    path = source_of(module)
    if path is None:
        raise ModuleNotFoundError(f"module must name a module that has a source file; {module!r} was given.")
    return parsed(path.read_text(encoding="utf-8"))


@cache
def parsed(source: str) -> ast.Module:
    """Parse a source, once: its statements are told apart by identity. Imports of several names become several."""
    tree = ast.parse(source)
    tree.body = [single for statement in tree.body for single in one_name_each(statement)]
    return tree


def one_name_each(statement: ast.stmt) -> list[ast.stmt]:
    """Return an import as one statement for each name; any other statement as it is."""
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        return [statement]
    fields = dict(ast.iter_fields(statement))
    return [ast.copy_location(type(statement)(**fields | {"names": [alias]}), statement) for alias in statement.names]


def source_of(module: str) -> Path | None:
    """Return the source file of a module, or None where there is no such module."""
    if not in_package(module):
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
    if isinstance(node, ast.Raise):  # it ends the run: what it says decides no number
        return "Raise()"
    fields = list(ast.iter_fields(without_docstring(node)))
    filled = [f"{name}={without_layout(value)}" for name, value in fields if value not in (None, [])]
    return f"{type(node).__name__}({','.join(filled)})"


def without_docstring(node: ast.AST) -> ast.AST:
    """Return a module, class or function without its docstring; any other node as it is."""
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or not node.body:
        return node
    first = node.body[0]
    if not (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    ):
        return node
    return type(node)(**dict(ast.iter_fields(node)) | {"body": node.body[1:]})
