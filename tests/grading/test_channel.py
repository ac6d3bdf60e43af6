"""Frames: what was packed comes back, and no bytes from anybody do more than be refused."""

from __future__ import annotations

import json
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdlab.grading.channel import MAX_BYTES, MAX_HEADER, Frame, ProtocolError, pack, unpack


class Ended(Exception):
    """The bytes were used up."""


def reader(data: bytes):
    position = 0

    def read_exactly(n):
        nonlocal position
        if position + n > len(data):
            raise Ended
        position += n
        return data[position - n : position]

    return read_exactly


def framed(header: bytes | str, buffers: bytes = b"") -> bytes:
    header = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<I", len(header)) + header + buffers


def header(**changes) -> str:
    return json.dumps({"kind": "reply", "id": 1, "value": None, "buffers": []} | changes)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text("abc"), inner),
    max_leaves=10,
)


@given(st.text("abcdef"), st.integers(0, 10**6), values)
def test_round_trip(kind, number, value):
    frame = unpack(reader(pack(Frame(kind, number, value))))
    assert (frame.kind, frame.id) == (kind, number)
    assert repr(frame.value) == repr(value)


def test_two_frames_are_two_frames():
    array = np.arange(6.0).reshape(2, 3)
    read = reader(pack(Frame("a", 1, array)) + pack(Frame("b", 2, (array.T, 1))))
    np.testing.assert_array_equal(unpack(read).value, array)
    frame = unpack(read)
    np.testing.assert_array_equal(frame.value[0], array.T)
    assert (frame.kind, frame.value[1]) == ("b", 1)


@given(st.binary(max_size=200))
def test_any_bytes(data):
    with pytest.raises((ProtocolError, Ended)):
        unpack(reader(data))


@given(st.binary(max_size=60), st.integers(0, 59))
def test_any_change_of_one_byte(noise, place):
    data = bytearray(pack(Frame("reply", 3, [np.zeros(3), 1.5, "x"])))
    data[place : place + len(noise)] = noise
    try:
        frame = unpack(reader(bytes(data)))
    except (ProtocolError, Ended):
        return
    assert isinstance(frame, Frame)


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("<I", 2**32 - 1),
        struct.pack("<I", MAX_HEADER + 1) + b"x" * 100,
        framed(b"[" * 1_000_000),
        framed(b'{"a":' * 300_000),
        framed("null"),
        framed("[]"),
        framed("{}"),
        framed(b"\xff\xfe"),
        framed("caf\u00e9"),
        framed(header(more=1)),
        framed(header(kind=1)),
        framed(header(id="1")),
        framed(header(id=True)),
        framed(header(id=1.0)),
        framed(header(buffers=None)),
        framed(header(buffers=[-1])),
        framed(header(buffers=[True])),
        framed(header(buffers=[1.0])),
        framed(header(buffers=[10**12])),
        framed(header(buffers=[MAX_BYTES, 1])),
        framed(header(buffers=[0] * 10_001)),
        framed(header(buffers=[8]), bytes(8)),  # left over
        framed(header(value={"array": "float64", "shape": [10**12]}, buffers=[8]), bytes(8)),
        framed(header(value={"array": "float64", "shape": [-1]}, buffers=[8]), bytes(8)),
        framed(header(value={"array": "O", "shape": [1]}, buffers=[8]), bytes(8)),
        framed(header(value={"array": "float64", "shape": [0, 10**18]}, buffers=[0])),
        framed(header(value="\ud800")),
        framed('{"kind": "reply", "id": 1, "value": NaN, "buffers": []}'),
        framed('{"kind": "reply", "id": 1, "value": 1e999, "buffers": []}'),
        framed('{"kind": "reply", "kind": "reply", "id": 1, "value": 0, "buffers": []}'),
        framed('{"kind": "reply", "id": 1, "value": {"dict": {"a": 1, "a": 2}}, "buffers": []}'),
        framed('{"kind": "reply", "id": 1, "value": ' + "1" * 10_000 + ', "buffers": []}'),
    ],
    ids=range(32),
)
def test_refused(data):
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError):
            unpack(reader(data))
        assert tracemalloc.get_traced_memory()[1] < len(data) + 40_000_000
    finally:
        tracemalloc.stop()


def test_nothing_is_read_before_its_length_is_checked():
    asked = []

    def read_exactly(n):
        asked.append(n)
        return struct.pack("<I", 2**31) if n == 4 else b""

    with pytest.raises(ProtocolError):
        unpack(read_exactly)
    assert asked == [4]
