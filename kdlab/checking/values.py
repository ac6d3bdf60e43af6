"""Values as data: what an answer, an argument or an expected value may be, and how it crosses a line.

A value becomes a header, which JSON can hold, and the raw bytes of its arrays. Nothing is ever unpickled, loaded
with NumPy's own format or evaluated, and nothing is allocated before its size has been checked: `decode` may be
given bytes from code nobody trusts.
"""

from __future__ import annotations

import base64
import binascii
import functools
import math
import re
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

# numbers of a fixed size and nothing else: no object, no string, no record
_INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
DTYPES = ("bool", *_INTEGERS, "float16", "float32", "float64")
MAX_BYTES = 16_000_000
MAX_ITEMS = 100_000
MAX_DEPTH = 16
MAX_DIMENSIONS = 16
MAX_SHOWN = 1_000

_TAGGED_FLOAT = re.compile(r"nan|-?inf|-?\d+\.0|-?\d(\.\d+)?e[+-]\d{2,3}")  # as Python writes them


class UnsupportedError(TypeError):
    """A value that is not data. `kind` is unsupported, generator, array_subclass or object_dtype."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class TooLargeError(ValueError):
    """A value with too many bytes, too many items, or nested too deep."""


def encode(value: Any, *, max_bytes: int = MAX_BYTES) -> tuple[Any, list[bytes]]:
    r"""Return a value as a JSON header and the buffers of its arrays, in order.

    Parameters
    ----------
    value : object
        None, bool, int of 64 bits, float, str, list, tuple, dict with str keys, ndarray, or NumPy scalar, of exactly
        these types, the arrays of a dtype in `DTYPES`; or a named tuple, which becomes a tuple. Nested as you like.
    max_bytes : int
        Most bytes that buffers and strings may have together.

    Returns
    -------
    header : object
        What JSON can hold: no NaN, no infinity.
    buffers : list of bytes
        Little-endian, C order.

    Raises
    ------
    UnsupportedError
        A TypeError that names the place, such as value[1]["a"], and what stands there.
    TooLargeError
        A ValueError, if there are more than `max_bytes` bytes or `MAX_ITEMS` items, or more than `MAX_DEPTH` levels.

    Examples
    --------
    >>> encode((1.5, np.array([1, 2], dtype=np.int8)))
    ({'tuple': [1.5, {'array': 'int8', 'shape': [2]}]}, [b'\x01\x02'])
    """
    buffers: list[bytes] = []
    return _encode(value, "value", 0, buffers, _Budget(max_bytes)), buffers


def decode(header: Any, buffers: Sequence[bytes], *, max_bytes: int = MAX_BYTES) -> Any:
    """Return the value of a header and buffers that may come from anybody.

    Parameters
    ----------
    header : object
        As `encode` gives it, after JSON.
    buffers : sequence of bytes
        As many as the header has arrays and NumPy scalars.
    max_bytes : int
        Most bytes that buffers and strings may have together.

    Returns
    -------
    object
        The value. Its arrays are read-only.

    Raises
    ------
    ValueError
        If anything is odd: an unknown tag or dtype, a shape that does not fit its buffer, too much of anything.

    Examples
    --------
    >>> decode({"array": "float64", "shape": [2]}, [bytes(16)])
    array([0., 0.])
    >>> decode({"array": "float64", "shape": [1000000]}, [bytes(16)])
    Traceback (most recent call last):
    ValueError: value: a float64 array of shape (1000000,) takes 8000000 bytes; its buffer has 16.
    """
    unread = list(reversed(buffers))
    value = _decode(header, "value", 0, unread, _Budget(max_bytes))
    if unread:
        raise ValueError(f"{len(unread)} buffers are left over.")
    return value


def to_data(value: Any) -> dict[str, Any]:
    """Return a value as data that JSON can hold, its buffers in base64.

    Raises
    ------
    UnsupportedError, TooLargeError
        As `encode` does.

    Examples
    --------
    >>> to_data([1, float("inf")])
    {'value': [1, {'float': 'inf'}], 'buffers': []}
    """
    header, buffers = encode(value)
    return {"value": header, "buffers": [base64.b64encode(buffer).decode("ascii") for buffer in buffers]}


def from_data(data: Any) -> Any:
    """Return the value of data that `to_data` made, or that somebody says it made.

    Raises
    ------
    ValueError
        As `decode` does.

    Examples
    --------
    >>> from_data({"value": [1, {"float": "inf"}], "buffers": []})
    [1, inf]
    """
    if not isinstance(data, dict) or data.keys() != {"value", "buffers"} or not isinstance(data["buffers"], list):
        raise ValueError("the data must be an object with the keys value and buffers.")
    try:
        buffers = [base64.b64decode(buffer, validate=True) for buffer in data["buffers"]]
    except (TypeError, ValueError, binascii.Error) as error:
        raise ValueError("each buffer must be a string in base64.") from error
    return decode(data["value"], buffers)


def show(value: Any) -> str:
    """Return a value as a reader should see it: one line, six digits, the middle of long arrays left out.

    Examples
    --------
    >>> show((np.array([0.1, 2.0]), 3, "a"))
    "([0.1, 2], 3, 'a')"
    """
    if isinstance(value, np.ndarray):
        items = {"float_kind": lambda x: f"{x + 0.0:.6g}", "int_kind": str, "bool": str}  # -0 is 0
        text = np.array2string(value, threshold=12, max_line_width=10_000, separator=", ", formatter=items)
        text = " ".join(text.split())
        return text if value.size else f"{text} of shape {value.shape}"
    if isinstance(value, np.generic):
        return show(value.item())
    if isinstance(value, float):
        return f"{value + 0.0:.6g}"
    if isinstance(value, list | tuple):
        items = [show(item) for item in value[:6]] + (["..."] if len(value) > 6 else [])
        if isinstance(value, list):
            return _shortened(f"[{', '.join(items)}]")
        return _shortened(f"({', '.join(items)}{',' if len(value) == 1 else ''})")
    if isinstance(value, dict):
        items = [f"{_cut(repr(key))}: {show(item)}" for key, item in list(value.items())[:6]]
        return _shortened(f"{{{', '.join(items + (['...'] if len(value) > 6 else []))}}}")
    return _cut(repr(value))


def _shortened(text: str) -> str:
    """Return a text without its middle where it is long: six items in six items in six items soon fill a book."""
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN // 2]} ... {text[-20:]}"


class _Budget:
    """What is left of the bytes and items that one value may have."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self.items = 0

    def take(self, n_bytes: int, depth: int) -> None:
        self.bytes += n_bytes
        self.items += 1
        if self.bytes > self.max_bytes:
            raise TooLargeError(f"the value has more than {self.max_bytes} bytes.")
        if self.items > MAX_ITEMS:
            raise TooLargeError(f"the value has more than {MAX_ITEMS} items.")
        if depth > MAX_DEPTH:
            raise TooLargeError(f"the value is nested more than {MAX_DEPTH} levels deep.")


def _encode(value: Any, where: str, depth: int, buffers: list[bytes], budget: _Budget) -> Any:
    kind = type(value)
    if kind is np.ndarray:
        return _encode_array(value, where, depth, buffers, budget)
    budget.take(0, depth)
    if value is None or kind is bool:
        return value
    if kind is int:
        if not -(2**63) <= value < 2**63:
            raise UnsupportedError("unsupported", f"{where} is an int of more than 64 bits.")
        return value
    if kind is float:
        # JSON has one kind of number: a browser reads 1.0 and hands on 1
        return {"float": str(value)} if not math.isfinite(value) or value.is_integer() else value
    if kind is str:
        return _checked_string(value, where, depth, budget, lambda text: UnsupportedError("unsupported", text))
    if kind is list:
        return [_encode(item, f"{where}[{i}]", depth + 1, buffers, budget) for i, item in enumerate(value)]
    if kind is tuple or (issubclass(kind, tuple) and hasattr(kind, "_fields")):  # a named tuple is a tuple
        return {"tuple": [_encode(item, f"{where}[{i}]", depth + 1, buffers, budget) for i, item in enumerate(value)]}
    if kind is dict:
        return {"dict": _encode_items(value, where, depth, buffers, budget)}
    if isinstance(value, np.generic) and _name(value.dtype) in DTYPES:
        buffers.append(np.asarray(value).astype(value.dtype.newbyteorder("<")).tobytes())
        budget.take(len(buffers[-1]), depth)
        return {"scalar": _name(value.dtype)}
    raise _unsupported(value, where)


def _encode_array(array: np.ndarray, where: str, depth: int, buffers: list[bytes], budget: _Budget) -> Any:
    if _name(array.dtype) not in DTYPES:
        raise _unsupported(array, where)
    if array.ndim > MAX_DIMENSIONS:
        raise TooLargeError(f"{where} has {array.ndim} dimensions; at most {MAX_DIMENSIONS} are allowed.")
    budget.take(array.nbytes, depth)
    buffers.append(array.astype(array.dtype.newbyteorder("<"), order="C", copy=False).tobytes())
    return {"array": _name(array.dtype), "shape": list(array.shape)}


@functools.lru_cache(maxsize=64)
def _name(dtype: np.dtype) -> str:
    """Return the name of a dtype: NumPy makes it anew each time."""
    return dtype.name


def _encode_items(value: dict, where: str, depth: int, buffers: list[bytes], budget: _Budget) -> dict[str, Any]:
    items = {}
    for key, item in value.items():
        if type(key) is not str:
            raise UnsupportedError("unsupported", f"{where} has a key that is a {type(key).__name__}, not a str.")
        _checked_string(key, where, depth, budget, lambda text: UnsupportedError("unsupported", text))
        items[key] = _encode(item, f'{where}["{_cut(key)}"]', depth + 1, buffers, budget)
    return items


def _unsupported(value: Any, where: str) -> UnsupportedError:
    name = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
    if isinstance(value, types.GeneratorType):
        return UnsupportedError("generator", f"{where} is a generator, whose values do not exist yet.")
    if isinstance(value, np.ndarray) and type(value) is not np.ndarray:
        return UnsupportedError("array_subclass", f"{where} is a {name}, not a plain array.")
    if isinstance(value, np.ndarray | np.generic):
        kind = "object_dtype" if value.dtype.kind == "O" else "unsupported"
        return UnsupportedError(kind, f"{where} has dtype {value.dtype}, not one of numbers or booleans.")
    return UnsupportedError("unsupported", f"{where} is a {_cut(name)}.")


def _decode(header: Any, where: str, depth: int, unread: list[bytes], budget: _Budget) -> Any:
    budget.take(0, depth)
    kind = type(header)
    if header is None or kind is bool:
        return header
    if kind is int:
        if not -(2**63) <= header < 2**63:
            raise ValueError(f"{where} is an int of more than 64 bits.")
        return header
    if kind is float:
        if not math.isfinite(header):
            raise ValueError(f"{where} is a float without its tag.")
        return header
    if kind is str:
        return _checked_string(header, where, depth, budget, ValueError)
    if kind is list:
        return [_decode(item, f"{where}[{i}]", depth + 1, unread, budget) for i, item in enumerate(header)]
    if kind is dict and header.keys() == {"array", "shape"}:
        return _decode_array(header["array"], header["shape"], where, depth, unread, budget)
    if kind is dict and header.keys() == {"scalar"}:
        return _decode_array(header["scalar"], [], where, depth, unread, budget)[()]
    if kind is dict and header.keys() == {"float"}:
        if type(header["float"]) is not str or not _TAGGED_FLOAT.fullmatch(header["float"]):
            raise ValueError(f"{where} is a float that is neither whole, nan, inf nor -inf.")
        return float(header["float"])
    if kind is dict and header.keys() == {"tuple"} and type(header["tuple"]) is list:
        return tuple(
            _decode(item, f"{where}[{i}]", depth + 1, unread, budget) for i, item in enumerate(header["tuple"])
        )
    if kind is dict and header.keys() == {"dict"} and type(header["dict"]) is dict:
        return {
            _checked_string(key, where, depth, budget, ValueError): _decode(
                item, f'{where}["{_cut(key)}"]', depth + 1, unread, budget
            )
            for key, item in header["dict"].items()
        }
    raise ValueError(f"{where} is neither a plain value nor one of the tags array, scalar, float, tuple, dict.")


def _decode_array(dtype: Any, shape: Any, where: str, depth: int, unread: list[bytes], budget: _Budget) -> np.ndarray:
    if type(dtype) is not str or dtype not in DTYPES:
        raise ValueError(f"{where} has a dtype that is not one of {', '.join(DTYPES)}.")
    if type(shape) is not list or len(shape) > MAX_DIMENSIONS or not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError(f"{where} has a shape that is not a list of at most {MAX_DIMENSIONS} sizes.")
    itemsize = np.dtype(dtype).itemsize
    if max(shape, default=0) > budget.max_bytes:  # also where another size is 0, and so the product
        raise TooLargeError(f"{where} has a size of more than {budget.max_bytes}.")
    if not unread:
        raise ValueError(f"{where} has no buffer.")
    buffer = bytes(unread.pop())
    n_bytes = math.prod(shape) * itemsize
    if n_bytes != len(buffer):
        raise ValueError(
            f"{where}: a {dtype} array of shape {tuple(shape)} takes {n_bytes} bytes; its buffer has {len(buffer)}."
        )
    budget.take(n_bytes, depth)
    if dtype == "bool" and buffer.strip(b"\x00\x01"):
        raise ValueError(f"{where} is a bool array with bytes other than 0 and 1.")
    if n_bytes == 0:
        try:
            array = np.empty(shape, dtype=dtype)
        except ValueError as error:
            raise TooLargeError(f"{where} has a shape beyond what an array can have.") from error
        array.flags.writeable = False
        return array
    return np.frombuffer(buffer, dtype=np.dtype(dtype).newbyteorder("<")).astype(dtype, copy=False).reshape(shape)


def _checked_string(text: str, where: str, depth: int, budget: _Budget, error: Callable[[str], Exception]) -> str:
    try:
        budget.take(len(text.encode("utf-8")), depth)
    except UnicodeEncodeError:
        raise error(f"{where} is a string with half a character (a lone surrogate).") from None
    return text


def _cut(text: str, limit: int = 120) -> str:
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
