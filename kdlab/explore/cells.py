"""The code cells of a page, run in order in one namespace, as the notebook of the chapter runs them."""

from __future__ import annotations

import ast
import contextlib
import io
import traceback
from typing import Any

READER = "<reader>"


def run(sources: list[str]) -> dict[str, Any]:
    r"""Run cells in order from an empty namespace, up to the first that fails.

    Parameters
    ----------
    sources : list of str
        The code of the cells.

    Returns
    -------
    dict
        `outputs`, of each cell that was run what it printed and, where its last line is an expression that is not
        None, that value's repr; `error`, None or {"name", "message", "line"} of the last of these cells.

    Examples
    --------
    >>> run(["x = 2", "print(x)\nx + 1"])
    {'outputs': ['', '2\n3\n'], 'error': None}
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    outputs = []
    for source in sources:
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                _run_one(source, namespace)
        except Exception as error:
            return {"outputs": [*outputs, printed.getvalue()], "error": _described(error)}
        outputs.append(printed.getvalue())
    return {"outputs": outputs, "error": None}


def _run_one(source: str, namespace: dict[str, Any]) -> None:
    tree = ast.parse(source, READER)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, READER, "exec"), namespace)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), READER, "eval"), namespace)
        if value is not None:
            print(repr(value))


def _described(error: Exception) -> dict[str, Any]:
    if isinstance(error, SyntaxError):
        line = error.lineno
    else:
        frames = traceback.extract_tb(error.__traceback__)
        line = next((frame.lineno for frame in reversed(frames) if frame.filename == READER), None)
    message = traceback.format_exception_only(error)[-1].strip()
    return {"name": type(error).__name__, "message": message, "line": line}
