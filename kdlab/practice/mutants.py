"""Small changes to a solution, each of which the cases should notice: constants, operators, axes, shifts, bounds."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_NAMES = {
    "max": "min",
    "min": "max",
    "amax": "amin",
    "maximum": "minimum",
    "minimum": "maximum",
    "sum": "mean",
    "mean": "sum",
    "any": "all",
    "all": "any",
    "floor": "ceil",
    "ceil": "floor",
    "int": "round",
    "zeros": "ones",
    "ones": "zeros",
    "isneginf": "isinf",
    "float32": "float16",
}


@dataclass(frozen=True)
class Mutant:
    """A solution with one change: `change` is the statement "before => after", and `line` where it stands."""

    function: str
    change: str
    line: int
    source: str


def mutants(source: str, functions: tuple[str, ...]) -> Iterator[Mutant]:
    """Yield each small change to the bodies of these functions.

    Examples
    --------
    >>> [each.change for each in mutants("def f(x): return x + 1", ("f",))][:3]
    ['return x + 1 => return x', 'return x + 1 => return 1', 'return x + 1 => return x - 1']
    """
    tree = ast.parse(source)
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name in functions:
            for statement in statements(function):
                before = _head(statement)
                seen = {before}
                for node, put in list(places(statement)):
                    for new in changes(node):
                        put(new)
                        after = _head(statement)
                        if after not in seen:
                            yield Mutant(function.name, f"{before} => {after}", statement.lineno, ast.unparse(tree))
                        seen.add(after)
                        put(node)


def statements(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """Yield the statements of a function, without its docstring."""
    skipped = function.body[0] if ast.get_docstring(function) is not None else None
    for node in ast.walk(function):
        if isinstance(node, ast.stmt) and node is not function and node is not skipped:
            yield node


def _head(statement: ast.stmt) -> str:
    """Return a statement on one line; of one that has a body, what stands before the colon."""
    text = ast.unparse(statement)
    return text.partition("\n")[0].rstrip(":") if hasattr(statement, "body") else " ".join(text.split())


def places(node: ast.AST) -> Iterator[tuple[ast.AST, Callable[[ast.AST], None]]]:
    """Yield what a statement is made of, each part with a way to put another in its place."""
    for name, value in ast.iter_fields(node):
        for i, part in enumerate(value) if isinstance(value, list) else [(None, value)]:
            # other statements have their turn, and what zip(..., strict=True) refuses no case has
            if not isinstance(part, ast.AST) or isinstance(part, ast.stmt) or getattr(part, "arg", "") == "strict":
                continue
            yield part, functools.partial(setattr, node, name) if i is None else functools.partial(value.__setitem__, i)
            yield from places(part)


def changes(node: Any) -> Iterator[ast.AST]:
    """Yield what could stand in the place of a part of a statement."""
    yield from (other() for other in _OPERATORS.get(type(node), ()))
    match node:
        case ast.BinOp(left=left, right=right):
            yield from (left, right)
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse)
        case ast.Constant(value=value):
            yield from map(ast.Constant, _other_constants(value))
        case ast.Name(id=name, ctx=ast.Load()) if name in _NAMES:
            yield ast.Name(_NAMES[name], node.ctx)
        case ast.Attribute(attr=name, ctx=ast.Load()) if name in _NAMES:
            yield ast.Attribute(node.value, _NAMES[name], node.ctx)
        case ast.Call(args=[only], keywords=[]):
            yield only
        case ast.Call(args=args, keywords=keywords):
            for keyword in keywords:
                if keyword.arg not in (None, "strict"):
                    yield ast.Call(node.func, args, [each for each in keywords if each is not keyword])


def _other_constants(value: object) -> tuple[object, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return value + 1, value - 1
    if isinstance(value, float):
        return (2 * value, 0.0) if value else (1.0,)
    return ()
