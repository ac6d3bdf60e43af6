"""Right code with one change, each with a sentence on what is changed: for mistakes that nobody listed.

A change that gives a student's values in every case says what the student's code does, whatever it looks like.
"""

from __future__ import annotations

import ast
import functools
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType

from kdlab.checking import sentences
from kdlab.checking.sentences import CHANGES
from kdlab.practice.mutants import changes, places, statements

Change = tuple[ast.AST, str]  # what could stand in a place, and what that is
Put = Callable[[ast.AST], None]


@dataclass(frozen=True)
class Near:
    """A changed function as code, with the sentence on what is changed. It has no name of its own."""

    message: str
    code: CodeType
    name: str = ""


def near(source: str, function: str, starter: str, kinds: Mapping[str, str]) -> tuple[Near, ...]:
    """Return a function with each of many small changes.

    Parameters
    ----------
    source : str
        The cell of the reference.
    function : str
        Its name.
    starter : str
        The cell as students get it: what has a name there may be named.
    kinds : mapping
        What each argument is, by name.

    Examples
    --------
    >>> near("def f(x): return x.sum()", "f", "def f(x): ...", {})[0].message
    'In every case your values are those of right code with one change: `mean` in the place of `sum`.'
    """
    return _near(source, function, starter, tuple(kinds.items()))


@functools.lru_cache(maxsize=64)
def _near(source: str, function: str, starter: str, kinds: tuple[tuple[str, str], ...]) -> tuple[Near, ...]:
    tree = ast.parse(source)
    found = next(each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == function)
    if any(isinstance(node, ast.While) for node in ast.walk(found)):
        return ()  # a change of it may never end
    arguments = {argument.arg for argument in found.args.args}
    given = ast.walk(ast.parse(starter))
    known = arguments | {node.id for node in given if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    seen = {ast.unparse(tree)}
    made = []
    for said in _changed(found, known, dict(kinds)):
        text = ast.unparse(tree)
        if text not in seen:
            seen.add(text)
            with warnings.catch_warnings(action="ignore"):
                code = compile(text, f"<{function}>", "exec", dont_inherit=True)
            made.append(Near(sentences.NEAR.format(said=said), code))
    return tuple(made)


def _changed(function: ast.FunctionDef, known: set[str], kinds: dict[str, str]) -> Iterator[str]:
    """Change a function, yield what the change is, and change it back; again and again."""
    spots = [spot for statement in statements(function) for spot in places(statement)]
    axes = {id(part) for node, _ in spots if isinstance(node, ast.keyword) for part in ast.walk(node.value)}
    for node, put in spots:
        for new in changes(node):
            put(new)
            yield _words(node, new, known, in_keyword=id(node) in axes)
            put(node)
    yield from _without_a_statement(function, known)
    yield from _in_another_order(function)
    of_kind = {argument.arg: kinds.get(argument.arg, "") for argument in function.args.args}
    local = {node.id for node, _ in spots if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    called = {id(node.func) for node, _ in spots if isinstance(node, ast.Call)}
    alike: dict[tuple[str, str], list[tuple[Put, ast.AST, ast.AST]]] = {}
    for node, put in spots:
        if id(node) in called or not _is_value(node, {*of_kind, *local}):
            continue
        for new, said in _instead(node, local, of_kind, known):
            put(new)
            yield said
            put(node)
            what = ast.unparse(node.func if isinstance(node, ast.Call) else node)
            alike.setdefault((what, said), []).append((put, new, node))
    for (_, said), all_of_it in alike.items():
        if len(all_of_it) > 1:  # every use of a name, every call of a function
            for put, new, _ in all_of_it:
                put(new)
            yield said
            for put, _, node in reversed(all_of_it):
                put(node)


def _words(node: ast.AST, new: ast.AST, known: set[str], *, in_keyword: bool) -> str:
    """Say what stands in the place of what."""
    kinds = (type(node).__name__, type(new).__name__)
    if kinds in CHANGES["operators"]:
        return CHANGES["operators"][kinds]
    match node, new:
        case (ast.Name(id=old), ast.Name(id=name)) | (ast.Attribute(attr=old), ast.Attribute(attr=name)):
            return CHANGES["name"].format(old=old, new=name)
        case ast.Constant(), ast.Constant(value=value):
            return CHANGES["axis" if in_keyword else "number"].format(value=repr(value))
        case ast.UnaryOp(op=op), _:
            return CHANGES["left out"].format(what=f"`{_SIGNS.get(type(op), 'not')}`")
        case ast.BinOp(left=left, op=ast.Pow()), _ if new is left:
            return CHANGES["power"].format(what=_part(left, known))
        case ast.BinOp(left=left, right=right), _:
            return CHANGES["left out"].format(what=_part(left if new is right else right, known))
        case ast.Call(func=func, keywords=keywords), ast.Call(func=same, keywords=fewer) if same is func:
            gone = next(each.arg for each in keywords if each not in fewer)
            return CHANGES["left out"].format(what=f"`{gone}=`")
        case ast.Call(func=func), _:
            return CHANGES["left out"].format(what=f"`{ast.unparse(func).rpartition('.')[2]}`")
    return CHANGES["branch"]


_SIGNS = {ast.USub: "-", ast.Invert: "~", ast.Not: "not"}


def _part(node: ast.AST, known: set[str]) -> str:
    """Return the words for a part of a formula: what a student knows by name in it."""
    if isinstance(node, ast.Constant):
        return f"`{node.value!r}`"
    names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and each.id in known]
    named = " and ".join(f"`{name}`" for name in dict.fromkeys(names))
    if isinstance(node, ast.Name) and named:
        return named
    return CHANGES["part with"].format(names=named) if named else CHANGES["part"]


def _without_a_statement(function: ast.FunctionDef, known: set[str]) -> Iterator[str]:
    """Leave one statement out: one that changes what already is, so that what follows still runs."""
    arguments = {argument.arg for argument in function.args.args}
    for block in _blocks(function):
        for i, statement in enumerate(list(block)):
            target = _target(statement)
            if len(block) > 1 and (
                isinstance(statement, ast.AugAssign) or target in arguments or _again(function, target)
            ):
                del block[i]
                yield CHANGES["step"].format(what=f"`{target}`" if target in known else CHANGES["one of its values"])
                block.insert(i, statement)


def _in_another_order(function: ast.FunctionDef) -> Iterator[str]:
    for block in _blocks(function):
        for i in range(len(block) - 1):
            if all(_target(each) for each in block[i : i + 2]):
                block[i : i + 2] = block[i + 1], block[i]
                yield CHANGES["order"]
                block[i : i + 2] = block[i + 1], block[i]


def _blocks(function: ast.FunctionDef) -> list[list[ast.stmt]]:
    return [node.body for node in ast.walk(function) if isinstance(node, ast.FunctionDef | ast.For | ast.If)]


def _target(statement: ast.stmt) -> str:
    """Return the name that a statement gives a value, if it does that and no more."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
            return name
    return ""


def _again(function: ast.FunctionDef, target: str) -> bool:
    stored = [each for each in ast.walk(function) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]
    return bool(target) and sum(each.id == target for each in stored) > 1


def _instead(node: ast.expr, local: set[str], of_kind: dict[str, str], known: set[str]) -> Iterator[Change]:
    """Yield what else could stand where a value is used: another one, or something made of it."""
    what = _part(node, known)
    if isinstance(node, ast.Name):
        alike = {name for name, kind in of_kind.items() if kind == of_kind.get(node.id, kind)}
        for name in sorted((local | alike) - {node.id}):
            both = {name, node.id} <= known
            said = CHANGES["name"].format(old=node.id, new=name) if both else CHANGES["another value"]
            yield ast.Name(name, ast.Load()), said
        for number in (0, 1):
            yield ast.Constant(number), CHANGES["constant"].format(what=what, number=number)
    if isinstance(node, ast.Call) and len(node.args) > 1:
        yield node.args[0], CHANGES["left out"].format(what=f"`{ast.unparse(node.func).rpartition('.')[2]}`")
    for made, function in _MADE.items():
        yield function(node), CHANGES["made"].format(made=CHANGES[made], what=what)
    for name in (name for name, kind in of_kind.items() if kind in _SCALARS):
        for said, operator in (("times", ast.Mult()), ("divided by", ast.Div())):
            new = ast.BinOp(node, operator, ast.Name(name, ast.Load()))
            yield new, CHANGES["once more"].format(what=what, said=said, name=name)


_SCALARS = ("temperature", "fraction", "rate")


def _numpy(name: str) -> Callable[[ast.expr], ast.expr]:
    return lambda node: ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), [node], [])


_MADE: dict[str, Callable[[ast.expr], ast.expr]] = {
    "minus": lambda node: ast.UnaryOp(ast.USub(), node),
    "complement": lambda node: ast.BinOp(ast.Constant(1), ast.Sub(), node),
    "inverse": lambda node: ast.BinOp(ast.Constant(1), ast.Div(), node),
} | {name: _numpy(name) for name in ("log", "exp", "sqrt", "abs", "square")}


def _is_value(node: ast.AST, names: set[str]) -> bool:
    """Say whether something is a value that is used: not one that is stored, no number, and no name of a module."""
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return False
    if isinstance(node, ast.Name):
        return node.id in names
    of_module = isinstance(node, ast.Attribute) and ast.unparse(node).startswith(("np.", "math."))
    return isinstance(node, ast.BinOp | ast.Call | ast.Subscript | ast.Attribute) and not of_module
