"""What passes between the grader and a worker: frames of a JSON header and raw bytes. Both sides use this file.

A frame is four bytes (the header's length, little-endian), the header (`kind`, `id`, `value`, and the lengths of
the `buffers`), and the buffers. Values go through `kdlab.checking.values`: numbers, strings and arrays of numbers,
never code. Each length is checked before anything of that length is read, and memory grows only with what has arrived.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from kdlab.checking.values import TooLargeError, decode, encode

MAX_BYTES = 4_000_000
MAX_HEADER = 2_000_000
MAX_BUFFERS = 10_000


class ProtocolError(Exception):
    """Bytes that are not a frame, or a frame that nobody asked for."""


class Frame(NamedTuple):
    """One message: its kind, the number of the request it belongs to, and its value."""

    kind: str
    id: int
    value: Any


def pack(frame: Frame) -> bytes:
    r"""Return the bytes of a frame.

    Raises
    ------
    UnsupportedError, TooLargeError
        If the value is not data, or too much of it.

    Examples
    --------
    >>> pack(Frame("call", 1, None))
    b'0\x00\x00\x00{"kind":"call","id":1,"value":null,"buffers":[]}'
    """
    header, buffers = encode(frame.value, max_bytes=MAX_BYTES)
    lengths = [len(buffer) for buffer in buffers]
    message = {"kind": frame.kind, "id": frame.id, "value": header, "buffers": lengths}
    text = json.dumps(message, allow_nan=False, separators=(",", ":")).encode("ascii")
    if len(text) > MAX_HEADER or len(buffers) > MAX_BUFFERS:
        raise TooLargeError(f"a message holds at most {MAX_HEADER} bytes of text and {MAX_BUFFERS} arrays.")
    return b"".join([struct.pack("<I", len(text)), text, *buffers])


def unpack(read_exactly: Callable[[int], bytes]) -> Frame:
    """Return the next frame of a stream that anybody may have written.

    Parameters
    ----------
    read_exactly : callable
        Given a number of bytes, returns just that many, or raises.

    Returns
    -------
    Frame
        Its arrays are read-only.

    Raises
    ------
    ProtocolError
        If the bytes are not a frame.
    """
    (length,) = struct.unpack("<I", read_exactly(4))
    if length > MAX_HEADER:
        raise ProtocolError(f"a header of {length} bytes was announced; at most {MAX_HEADER} are allowed.")
    message = _parse(read_exactly(length))
    lengths = message["buffers"]
    if len(lengths) > MAX_BUFFERS or not all(type(n) is int and 0 <= n <= MAX_BYTES for n in lengths):
        raise ProtocolError(f"buffers must be at most {MAX_BUFFERS} lengths of at most {MAX_BYTES} bytes.")
    if sum(lengths) > MAX_BYTES:
        raise ProtocolError(f"buffers of {sum(lengths)} bytes were announced; at most {MAX_BYTES} are allowed.")
    buffers = [read_exactly(n) for n in lengths]
    try:
        value = decode(message["value"], buffers, max_bytes=MAX_BYTES)
    except ValueError as error:
        raise ProtocolError(f"the value is not one: {error}") from error
    return Frame(message["kind"], message["id"], value)


def _parse(text: bytes) -> dict[str, Any]:
    try:
        message = json.loads(text.decode("ascii"), object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"the header is not plain JSON ({type(error).__name__}).") from error
    if type(message) is not dict or message.keys() != {"kind", "id", "value", "buffers"}:
        raise ProtocolError("a header has the keys kind, id, value and buffers.")
    if type(message["kind"]) is not str or type(message["id"]) is not int or type(message["buffers"]) is not list:
        raise ProtocolError("in a header, kind is a string, id an integer and buffers a list.")
    return message


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    message = dict(pairs)
    if len(message) != len(pairs):
        raise ValueError("a key stands twice.")
    return message


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON.")
