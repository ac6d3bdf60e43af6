"""Values as data: what goes in comes out, and what comes from anybody is either a value or a ValueError."""

import contextlib
import json
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np

from kdlab.checking import values
from kdlab.checking.values import DTYPES, TooLargeError, UnsupportedError, decode, encode, from_data, show, to_data

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda dtype: st_np.arrays(dtype, st_np.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), TEXTS)
SCALARS = ARRAYS.filter(lambda array: array.size).map(lambda array: array.ravel()[0])
VALUES = st.recursive(
    st.one_of(PLAIN, ARRAYS, SCALARS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.lists(inner, max_size=4).map(tuple), st.dictionaries(TEXTS, inner, max_size=4)
    ),
    max_leaves=12,
)
# anything JSON can say, with the words of a header more often than chance would have them
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(DTYPES)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(st.text(max_size=5), inner, max_size=3),
        st.fixed_dictionaries({"array": inner, "shape": inner}),
        st.fixed_dictionaries(
            {"array": st.sampled_from(DTYPES), "shape": st.lists(st.integers(-1, 2**40), max_size=4)}
        ),
        st.sampled_from(["scalar", "float", "tuple", "dict"]).flatmap(lambda tag: st.fixed_dictionaries({tag: inner})),
    ),
    max_leaves=20,
)


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and np.shape(a) == np.shape(b) and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))
    return a == b


@given(VALUES)
def test_a_value_comes_back_as_it_was(value):
    header, buffers = encode(value)
    assert same(decode(json.loads(json.dumps(header, allow_nan=False)), buffers), value)
    assert same(from_data(json.loads(json.dumps(to_data(value), allow_nan=False))), value)


@given(VALUES)
def test_a_value_can_be_shown_on_one_line(value):
    assert len(show(value).splitlines()) <= 1


@given(JSON, st.lists(st.binary(max_size=64), max_size=4))
def test_what_comes_from_anybody_is_a_value_or_a_value_error(header, buffers):
    tracemalloc.start()
    try:
        value = decode(header, buffers, max_bytes=1000)
    except ValueError:
        pass
    else:
        assert same(decode(*encode(value)), value)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@given(JSON, st.lists(st.one_of(st.text(max_size=20), st.integers(), st.none()), max_size=3))
def test_data_from_anybody_are_a_value_or_a_value_error(header, buffers):
    with contextlib.suppress(ValueError):
        from_data({"value": header, "buffers": buffers})


@pytest.mark.parametrize(
    ("header", "buffers", "words"),
    [
        ({"array": "float64", "shape": [2**40]}, [b""], "size of more than"),
        ({"array": "float64", "shape": [2**40, 0]}, [b""], "size of more than"),
        ({"array": "float64", "shape": [10**7] * 16 + [0]}, [b""], "list of at most 16 sizes"),
        ({"array": "float64", "shape": [10**7] * 15 + [0]}, [b""], "beyond what an array can have"),
        ({"array": "float64", "shape": [1000, 1000]}, [bytes(8)], "takes 8000000 bytes; its buffer has 8"),
        ({"array": "float64", "shape": [-1]}, [bytes(8)], "list of at most 16 sizes"),
        ({"array": "float64", "shape": [True]}, [bytes(8)], "list of at most 16 sizes"),
        ({"array": "float64", "shape": [1.0]}, [bytes(8)], "list of at most 16 sizes"),
        ({"array": "float64", "shape": [1]}, [], "no buffer"),
        ({"array": "float64", "shape": [1]}, [bytes(8), bytes(8)], "1 buffers are left over"),
        ({"array": "object", "shape": [1]}, [bytes(8)], "dtype that is not one of"),
        ({"array": "O", "shape": [1]}, [bytes(8)], "dtype that is not one of"),
        ({"array": ["float64"], "shape": [1]}, [bytes(8)], "dtype that is not one of"),
        ({"array": "bool", "shape": [2]}, [b"\x01\x07"], "bytes other than 0 and 1"),
        ({"scalar": "float64"}, [bytes(16)], "takes 8 bytes; its buffer has 16"),
        ({"float": "1e999"}, [], "neither whole, nan, inf nor -inf"),
        ({"float": ["nan"]}, [], "neither whole, nan, inf nor -inf"),
        ({"unknown": 1}, [], "one of the tags"),
        ({"tuple": "abc"}, [], "one of the tags"),
        ({"dict": [1]}, [], "one of the tags"),
        (float("nan"), [], "float without its tag"),
        (2**63, [], "more than 64 bits"),
        ("\ud800", [], "half a character"),
        ({"dict": {"\ud800": 1}}, [], "half a character"),
        ("x" * 20_000_000, [], "more than 16000000 bytes"),
        ([0] * 100_001, [], "more than 100000 items"),
    ],
)
def test_each_odd_header_has_its_own_sentence(header, buffers, words):
    with pytest.raises(ValueError, match=words):
        decode(header, buffers)


def test_nesting_ends_before_python_does():
    header = 0
    for _ in range(100_000):
        header = [header]
    with pytest.raises(TooLargeError, match="nested more than 16 levels"):
        decode(header, [])
    endless = []
    endless.append(endless)
    with pytest.raises(TooLargeError, match="nested more than 16 levels"):
        encode(endless)


@pytest.mark.parametrize(
    "data", [None, [], "x", {"value": 1}, {"value": 1, "buffers": {}}, {"value": 1, "buffers": [], "x": 1}]
)
def test_data_of_another_form_are_refused(data):
    with pytest.raises(ValueError, match="keys value and buffers"):
        from_data(data)


def test_a_decoded_array_cannot_be_written_to():
    for shape in [(2, 3), (0, 3), ()]:
        array = decode(*encode(np.zeros(shape)))
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 1.0


def test_a_buffer_that_changes_afterwards_changes_no_value():
    buffer = bytearray(8)
    array = decode({"array": "float64", "shape": [1]}, [buffer])
    buffer[:] = b"\xff" * 8
    assert array == [0.0]


def test_the_order_of_bytes_and_axes_is_always_the_same():
    array = np.arange(6, dtype=np.int16).reshape(2, 3)
    assert encode(array.astype(">i2")) == encode(array) == encode(np.asfortranarray(array))
    assert encode(array[:, ::-1])[1] == [array[:, ::-1].copy().tobytes()]


class Subclass(float):
    pass


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        ((n for n in range(3)), "generator", "value is a generator"),
        (np.zeros((1, 1)).view(np.matrix), "array_subclass", "value is a numpy.*matrix, not a plain array"),
        (np.ma.masked_array([1.0]), "array_subclass", "MaskedArray, not a plain array"),
        (np.array([None]), "object_dtype", "value has dtype object"),
        (np.array(["a"]), "unsupported", "value has dtype <U1"),
        (np.array([1j]), "unsupported", "value has dtype complex128"),
        (np.zeros(1, dtype="i4,f8"), "unsupported", "value has dtype"),
        (np.datetime64("2020-01-01"), "unsupported", "value has dtype datetime64"),
        (np.str_("a"), "unsupported", "value has dtype <U1"),
        (1j, "unsupported", "value is a complex"),
        (Subclass(1.0), "unsupported", r"value is a test_values\.Subclass"),
        (b"bytes", "unsupported", "value is a bytes"),
        ({1}, "unsupported", "value is a set"),
        (2**63, "unsupported", "int of more than 64 bits"),
        ("\ud800", "unsupported", "half a character"),
        ({1: 2}, "unsupported", "key that is a int, not a str"),
        ([0, {"a": (1j,)}], "unsupported", r'value\[1\]\["a"\]\[0\] is a complex'),
    ],
)
def test_what_is_no_data_is_refused_by_place_and_kind(value, kind, words):
    with pytest.raises(UnsupportedError, match=words) as refused:
        encode(value)
    assert refused.value.kind == kind
    assert isinstance(refused.value, TypeError)


def test_too_much_is_refused():
    with pytest.raises(TooLargeError, match="more than 16000000 bytes"):
        encode(np.zeros(2_000_001))
    with pytest.raises(TooLargeError, match="more than 16000000 bytes"):
        encode([np.zeros(1_000_000), np.zeros(1_000_000), np.zeros(1)])
    with pytest.raises(TooLargeError, match="more than 100000 items"):
        encode([0.0] * 100_001)
    with pytest.raises(TooLargeError, match="17 dimensions"):
        encode(np.zeros((1,) * 17))
    assert encode(np.zeros(2_000_000))[0] == {"array": "float64", "shape": [2_000_000]}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.333333"),
        (np.float32(0.25), "0.25"),
        (np.array([1.0, 2.5, -np.inf]), "[1, 2.5, -inf]"),
        (np.arange(100), "[0, 1, 2, ..., 97, 98, 99]"),
        (np.zeros((2, 2)), "[[0, 0], [0, 0]]"),
        (np.zeros((0, 3)), "[] of shape (0, 3)"),
        ([1, 2, 3, 4, 5, 6, 7], "[1, 2, 3, 4, 5, 6, ...]"),
        ((1,), "(1,)"),
        ({"a": None}, "{'a': None}"),
        ("a\nb\x1b", r"'a\nb\x1b'"),
        ("x" * 500, f"'{'x' * 116}..."),
    ],
)
def test_a_value_is_shown_as_a_reader_should_see_it(value, text):
    assert show(value) == text


def test_showing_does_not_depend_on_print_options():
    array = np.array([1 / 3, 1e-9])
    with np.printoptions(precision=1, suppress=True, threshold=1):
        assert show(array) == "[0.333333, 1e-09]"


def test_nothing_is_unpickled_or_evaluated():
    with open(values.__file__, encoding="utf-8") as file:
        source = file.read()
    assert not {word for word in ("pickle.", "np.load", "eval(", "exec(", "__import__") if word in source}


def test_a_named_tuple_is_a_tuple():
    q, r = np.linalg.qr(np.eye(2))
    header, buffers = encode(np.linalg.qr(np.eye(2)))
    assert type(decode(header, buffers)) is tuple
    assert (header, buffers) == encode((q, r))


def test_minus_zero_is_shown_as_zero():
    assert show((-0.0, np.float64(-0.0), np.array([-0.0, 1.0]), np.array(-0.0))) == "(0, 0, [0, 1], 0)"


@pytest.mark.parametrize("number", [1.0, -0.0, 1e300, -123456.0, 2.5])
def test_a_float_stays_one_where_json_has_one_kind_of_number(number):
    through_a_browser = json.loads(json.dumps(to_data(number)), parse_float=lambda text: _as_a_browser(float(text)))
    again = from_data(through_a_browser)
    assert (type(again), str(again)) == (float, str(number))


def _as_a_browser(number):
    return int(number) if number.is_integer() else number
