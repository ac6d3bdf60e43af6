"""How wrong answers are related to the expected ones, over all cases of a function: for mistakes that nobody listed.

A relation is said only if every case bears it out, if it tells right from wrong in at least one, and if nothing else
would explain the same answers as well. A sentence says what is so, in words from a fixed list and the author's names
of quantities and traits: code that has seen a hidden input has no way to repeat it here.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from kdlab.checking import sentences
from kdlab.checking.asking import Answer
from kdlab.checking.cases import Case, Defect, Raised

Pairs = list[tuple[np.ndarray, np.ndarray]]  # what one case expects, and what came back: one pair for each array

_RTOL, _RTOL_FLOAT32 = 1e-8, 1e-4  # of the largest number
_CLOSE = 1e-4
MIN_WRONG = 3  # cases that are not right, for what is said of them alone
OF_SHAPE = ("several rows", "more than two dimensions", "an axis of length 1")  # traits
_CONSTANTS = {"2": 2.0, "3": 3.0, "4": 4.0, "10": 10.0, "100": 100.0, "log 2": math.log(2)}


def relation(cases: Sequence[Case], answers: Sequence[Answer], passed: Sequence[bool]) -> str:
    """Return one sentence on how the answers are related to what is expected, or nothing.

    Parameters
    ----------
    cases, answers, passed : sequences
        All cases of one function, what came back, and whether it is right. At least one is not.

    Examples
    --------
    >>> cases = [Case("f", (), np.array([1.0, 2.0])), Case("f", (), np.array([3.0, 5.0]))]
    >>> relation(cases, [Answer(-case.expected) for case in cases], [False, False])
    'In every case your values are the expected ones with the other sign.'
    """
    return in_every_case(cases, answers) or in_some_cases(cases, answers, passed)


def in_every_case(cases: Sequence[Case], answers: Sequence[Answer], *, tightly: bool = False) -> str:
    """Return a sentence on what holds in every case of a function, or nothing.

    `tightly` asks for what determines every value: no loose relation, and no factor that has no name.
    """
    return _related(cases, answers, sentences.EVERY_CASE, tightly=tightly)


def beside_a_mistake(cases: Sequence[Case], answers: Sequence[Answer]) -> str:
    """Return what determines every value where each case expects what one mistake alone would give, or nothing.

    It is a part of a sentence, which says before what the mistake is.
    """
    return _related(cases, answers, sentences.RELATED, to=sentences.TO_MISTAKE, tightly=True)


def in_some_cases(cases: Sequence[Case], answers: Sequence[Answer], passed: Sequence[bool]) -> str:
    """Return what can be said of the cases that are not right: of what kind they are, and what holds in them.

    Parameters
    ----------
    cases, answers, passed : sequences
        As for `relation`.
    """
    if any(answer.problem not in (None, "raised") for answer in answers):
        return ""  # after a call that did not end, say, the others are not asked
    trait = _but_for_a_trait(cases, passed, answers)
    wrong = [each for each, right in zip(zip(cases, answers, strict=True), passed, strict=True) if not right]
    compared = [(case, answer) for case, answer in wrong if not answer.problem and _is_finite(answer.value)]
    said = ""
    if len(compared) >= MIN_WRONG:
        where = sentences.WHERE_NUMBERS if len(compared) < len(wrong) else sentences.WHERE_WRONG
        said = _related(*map(list, zip(*compared, strict=True)), where) or _direction(compared, where)
    if not said and _mostly_close(compared):
        said = sentences.MOSTLY_CLOSE
    if not compared and len(wrong) > 1 and not any(answer.problem for _, answer in wrong):
        said = sentences.NAN_ALONE
    _, pairs = _paired(cases, answers)
    return " ".join(filter(None, [trait, said])) or (_by_a_mask(pairs, cases, passed) if pairs else "")


def _related(
    cases: Sequence[Case],
    answers: Sequence[Answer],
    where: str,
    *,
    to: dict[str, str] = sentences.TO_EXPECTED,
    tightly: bool = False,
) -> str:
    if _in_other_order(cases, answers):
        return where.format(item="", said=sentences.RELATIONS["items in the other order"].format(**to))
    item, pairs = _paired(cases, answers)
    if pairs is None or sum(int(_differ(*pair)) for each in pairs for pair in each) < 2:
        return ""
    name = _transformed(pairs)
    factor = "" if name else _factors(pairs, cases, to, named=tightly)
    if not (name or factor or tightly):
        name = _loose(pairs)
    said = sentences.RELATIONS[name].format(**to) if name else factor
    return where.format(item=item, said=said) if said else ""


def _mostly_close(compared: Sequence[tuple[Case, Answer]]) -> bool:
    """Say whether most values that are not right are right to four digits."""
    close = 0
    for case, answer in compared:
        pairs = _flat_pairs([(case.expected, answer.value)])
        close += pairs is not None and _all_close(pairs) and any((e != v).any() for e, v in pairs[0])
    return close >= MIN_WRONG and 2 * close > len(compared)


def _direction(compared: Sequence[tuple[Case, Answer]], where: str) -> str:
    """Say whether whole numbers are all too small or all too large, or of truth values too many or too few are true."""
    item, pairs = _paired(*map(list, zip(*compared, strict=True)))
    if pairs is None or any(e.shape != v.shape for each in pairs for e, v in each):
        return ""
    kinds = {array.dtype.kind for each in pairs for pair in each for array in pair}
    numbers = kinds == {"i"} and all(e.size == 1 for each in pairs for e, _ in each)
    if not numbers and kinds != {"b"}:
        return ""
    gaps = [gap for each in pairs if (gap := sum(int(v.sum()) - int(e.sum()) for e, v in each))]
    if len(gaps) < MIN_WRONG or len({gap > 0 for gap in gaps}) > 1:
        return ""
    said = ("too many true" if gaps[0] > 0 else "too few true") if kinds == {"b"} else ""
    said = said or ("too large" if gaps[0] > 0 else "too small")
    return where.format(item=item, said=sentences.RELATIONS[said])


def _in_other_order(cases: Sequence[Case], answers: Sequence[Answer]) -> bool:
    """Say whether the items of tuples come from the last to the first."""
    if any(type(each) is not tuple for pair in zip(cases, answers, strict=True) for each in _values_of(*pair)):
        return False
    turned = [dataclasses.replace(case, expected=case.expected[::-1]) for case in cases]
    as_is, as_if = _paired(cases, answers)[1], _paired(turned, answers)[1]
    return not _all_same(as_is) and _all_same(as_if)


def _values_of(case: Case, answer: Answer) -> tuple[Any, Any]:
    return case.expected, answer.value


def _is_finite(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_finite, value))
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    return not isinstance(value, float | np.ndarray | np.floating) or bool(np.isfinite(value).all())


def _paired(cases: Sequence[Case], answers: Sequence[Answer]) -> tuple[str, list[Pairs] | None]:
    """Return the numbers of every case beside those that are expected; of tuples, the one item that is not right."""
    outcomes = [(case.expected, answer.value) for case, answer in zip(cases, answers, strict=True)]
    if any(answer.problem for answer in answers) or any(isinstance(each, Raised | Defect) for each, _ in outcomes):
        return "", None
    if all(type(each) is tuple for pair in outcomes for each in pair):
        if len({len(each) for pair in outcomes for each in pair}) > 1:
            return "", None
        items = [_flat_pairs([(e[i], v[i]) for e, v in outcomes]) for i in range(len(outcomes[0][0]))]
        wrong = [i for i, item in enumerate(items) if not _all_same(item)]
        if len(wrong) == 1:
            return sentences.ITEM_OF_TUPLE.format(item=wrong[0]), items[wrong[0]]
    return "", _flat_pairs(outcomes)


def _flat_pairs(outcomes: list[tuple[Any, Any]]) -> list[Pairs] | None:
    try:
        return [list(_leaves(*outcome)) for outcome in outcomes]
    except ValueError:
        return None


def _leaves(expected: Any, value: Any) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    if isinstance(expected, list | tuple):
        if type(value) is not type(expected) or len(value) != len(expected):
            raise ValueError("other items came back.")
        for pair in zip(expected, value, strict=True):
            yield from _leaves(*pair)
        return
    if not all(isinstance(each, bool | int | float | np.generic | np.ndarray) for each in (expected, value)):
        raise ValueError("no number came back.")
    arrays = np.asarray(expected), np.asarray(value)
    if (arrays[0].dtype.kind == "b") != (arrays[1].dtype.kind == "b") or arrays[1].dtype.kind not in "biuf":
        raise ValueError("another kind of number came back.")
    yield tuple(each.astype(np.int64) if each.dtype.kind == "u" else each for each in arrays)


def _differ(expected: np.ndarray, value: np.ndarray) -> int:
    """Return how many numbers are not the expected ones: one alone has too many explanations."""
    if expected.shape != value.shape:
        return max(expected.size, value.size)
    far = [not _same(*pair) for pair in zip(np.ravel(expected), np.ravel(value), strict=True)]
    return sum(far)


def _transformed(cases: list[Pairs]) -> str:
    """Name what turns the expected values into those that came back, if just one thing on the list does."""
    kinds = {e.dtype.kind == "b" for pairs in cases for e, _ in pairs}
    if len(kinds) > 1:
        return ""
    found = [said for said, turn in (_OF_ALL | ({} if True in kinds else _OF_NUMBERS)).items() if _turns(turn, cases)]
    if not found and kinds == {False}:
        turned_round = [[(v, e) for e, v in pairs] for pairs in cases]
        found = [said for said, turn in _REDUCING.items() if _turns(turn, turned_round)]
    return found[0] if len(found) == 1 else ""


def _turns(turn: Callable[[np.ndarray], Any], cases: list[Pairs]) -> bool:
    with np.errstate(all="ignore"):
        for pairs in cases:
            for start, end in pairs:
                turned = turn(start) if start.size else start
                if turned is None or not _same(np.asarray(turned), end):
                    return False
    return True


def _factors(cases: list[Pairs], of: Sequence[Case], to: dict[str, str], *, named: bool = False) -> str:
    """Say what the factor between the expected values and those that came back is; nothing if it must be `named`."""
    if any(e.dtype.kind == "b" or e.shape != v.shape for pairs in cases for e, v in pairs):
        return ""
    found = [_factor(pairs) for pairs in cases]
    told = [(each, case.quantities) for each, case in zip(found, of, strict=True) if each != 0.0]
    n_numbers = sum(int(np.count_nonzero(e)) for pairs in cases for e, _ in pairs)
    if None in found or n_numbers < 2 or all(math.isclose(abs(each), 1, rel_tol=_CLOSE) for each, _ in told):
        return ""
    fits = [name for name, size in _sizes(told) if all(map(math.isclose, size, (abs(each) for each, _ in told)))]
    signs = {math.copysign(1, each) for each, _ in told}
    if len(signs) > 1:
        return ""
    sign = sentences.OTHER_SIGN if signs == {-1.0} else ""
    if len(fits) == 1:
        return sentences.FACTOR.format(factor=fits[0], sign=sign, **to)
    if named:
        return ""
    if all(math.isclose(each, told[0][0], rel_tol=_RTOL_FLOAT32) for each, _ in told):
        return sentences.SAME_FACTOR.format(sign=sign, **to)
    n_found_out = sum(sum(int(np.count_nonzero(e)) for e, _ in pairs) > 2 for pairs in cases)
    if n_found_out > 1:
        return sentences.OTHER_FACTORS.format(sign=sign, **to)
    return ""


def _factor(pairs: Pairs) -> float | None:
    """Return by what the expected values are multiplied; 0 if nothing can be said of it, None if by no one number."""
    e, v = (np.concatenate([np.ravel(pair[i]).astype(np.float64) for pair in pairs]) for i in (0, 1))
    if not (np.isfinite(e).all() and np.isfinite(v).all()):
        return None
    largest = int(np.argmax(np.abs(e))) if e.size else 0
    if not e.size or e[largest] == 0:
        return None if v.any() else 0.0
    with np.errstate(over="ignore", under="ignore"):
        factor = float(v[largest] / e[largest])
        same = _same(e * factor, v, float32=any(v.dtype == np.float32 for _, v in pairs))
    return factor if factor != 0 and same else None


def _sizes(told: list[tuple[float, dict[str, float]]]) -> Iterator[tuple[str, list[float]]]:
    """Yield what a factor can be: words, and its size in each case."""
    for name, constant in _CONSTANTS.items():
        yield f"times {name}", [constant] * len(told)
        yield f"divided by {name}", [1 / constant] * len(told)
    names = [name for name in told[0][1] if all(quantities.get(name, 0) > 0 for _, quantities in told)]
    of = {name: np.array([quantities[name] for _, quantities in told], dtype=np.float64) for name in names}
    for name, size in of.items():
        for said, power in ((name, size), (f"{name} squared", size**2)):
            yield f"times {said}", power.tolist()
            yield f"divided by {said}", (1 / power).tolist()
    for a, b in itertools.permutations(of, 2):
        yield f"times {a} and divided by {b}", (of[a] / of[b]).tolist()
        if a < b:
            yield f"times {a} and {b}", (of[a] * of[b]).tolist()
            yield f"divided by {a} and {b}", (1 / (of[a] * of[b])).tolist()


def _loose(cases: list[Pairs]) -> str:
    """Name what yours and the expected values have in common, if just one thing on the list."""
    true = all(e.dtype.kind == "b" for pairs in cases for e, _ in pairs)
    if true:
        alike = all(e.shape == v.shape and e.sum() == v.sum() for pairs in cases for e, v in pairs)
        some = any(0 < e.sum() < e.size for pairs in cases for e, _ in pairs)
        return "other places" if alike and some else ""
    if any(e.shape != v.shape or not np.isfinite(v).all() for pairs in cases for e, v in pairs):
        return ""
    if not any(v.any() for pairs in cases for _, v in pairs):
        return "zeros"
    largest = max((np.abs(e[np.isfinite(e)]).max(initial=0.0) for pairs in cases for e, _ in pairs), default=0.0)
    if _all_close([[_unless_zero(*pair, largest) for pair in pairs] for pairs in cases]):
        return "close"
    if not all(np.isfinite(e).all() for pairs in cases for e, _ in pairs):
        return ""
    found = [
        said
        for said, holds in _LOOSE.items()
        if all(holds(e, v) for pairs in cases for e, v in pairs)
        and any(e.ndim and e.shape[-1] > 2 and not _same(e, v) for pairs in cases for e, v in pairs)
    ]
    if len(found) != 1:
        return ""
    one_row_each = all(e.ndim == 1 for pairs in cases for e, _ in pairs)
    return _OF_ONE_ROW.get(found[0], found[0]) if one_row_each else found[0]


def _unless_zero(expected: np.ndarray, value: np.ndarray, largest: float) -> tuple[np.ndarray, np.ndarray]:
    """Return zeros that came out a little off as what they should be: nothing is close to 0 in relation to it."""
    if expected.dtype.kind != "f" or expected.any() or np.abs(value).max(initial=0.0) > _CLOSE * largest:
        return expected, value
    return expected, expected


def _but_for_a_trait(cases: Sequence[Case], passed: Sequence[bool], answers: Sequence[Answer]) -> str:
    """Name the trait that all failing cases have, and fewest of the others, if there is just one.

    Where no numbers come back at all, or others than are asked for, it is not the numbers that matter.
    """
    failing = [case.traits for case, right in zip(cases, passed, strict=True) if not right]
    right_with = Counter(t for case, right in zip(cases, passed, strict=True) if right for t in case.traits)
    common = set(failing[0]).intersection(*failing)
    fewest = min((right_with[trait] for trait in common), default=0)
    named = [trait for trait in common if right_with[trait] == fewest]
    if not any(passed) or len(named) != 1:
        return ""
    if named[0] not in OF_SHAPE and any(map(_has_other_shape, cases, answers)):
        return ""
    if fewest == 0:
        return sentences.BUT_FOR.format(trait=named[0])
    is_rare = 2 * (fewest + len(failing)) <= len(cases)
    return sentences.SOME_OF.format(trait=named[0]) if is_rare and len(failing) > fewest else ""


def _has_other_shape(case: Case, answer: Answer) -> bool:
    if answer.problem:
        return any(word in answer.detail for word in ("broadcast", "dimension", "reshape", "axis", "inhomogeneous"))
    shapes = [each.shape for each in (case.expected, answer.value) if isinstance(each, np.ndarray)]
    return len(set(shapes)) > 1


def _by_a_mask(pairs: list[Pairs], cases: Sequence[Case], passed: Sequence[bool]) -> str:
    """Say on which side of a mask the values are not right, where each case has a mask of the shape of its values."""
    revived, others, elsewhere = [], [], []
    for each, case, right in zip(pairs, cases, passed, strict=True):
        masks = [arg for arg in case.args if isinstance(arg, np.ndarray) and arg.dtype == bool]
        if len(masks) != 1 or [e.shape for e, _ in each] != [masks[0].shape] or each[0][0][~masks[0]].any():
            return ""
        (expected, value), mask = each[0], masks[0]
        if not right and value.shape == mask.shape and np.isfinite(value).all():
            revived.append(bool(value[~mask].any()))
            others.append(not mask.all())
            elsewhere.append(not _same(expected[mask], value[mask]))
    if len(revived) > 1 and all(revived):
        return sentences.REVIVED if any(elsewhere) else sentences.REVIVED_ALONE
    return sentences.OTHERS if sum(others) > 1 and not any(revived) else ""


def _same(a: np.ndarray, b: np.ndarray, rtol: float = _RTOL, *, float32: bool = False) -> bool:
    """Say whether two arrays are equal, up to rounding."""
    if a.shape != b.shape:
        return False
    if a.dtype.kind in "biu" and b.dtype.kind in "biu":
        return bool((a == b).all())
    rtol = max(rtol, _RTOL_FLOAT32 if float32 or np.float32 in (a.dtype, b.dtype) else 0)
    a, b = a.astype(np.float64), b.astype(np.float64)
    finite = np.isfinite(a)
    if (finite != np.isfinite(b)).any() or not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return False
    a, b = a[finite], b[finite]
    return bool((np.abs(a - b) <= rtol * np.abs(a).max(initial=0.0)).all())


def same_up_to_rounding(expected: Any, value: Any) -> bool:
    """Say whether two values, or two lists or tuples of them, are the same but for the last digits."""
    return _all_same(_flat_pairs([(expected, value)]))


def _all_close(cases: list[Pairs]) -> bool:
    """Say whether these are floats that come close: what is rounded to an integer is no approximation."""
    return all(e.dtype.kind == v.dtype.kind == "f" and _same(e, v, rtol=_CLOSE) for pairs in cases for e, v in pairs)


def _all_same(cases: list[Pairs] | None) -> bool:
    return cases is not None and all(_same(e, v) for pairs in cases for e, v in pairs)


def _along_last(values: np.ndarray) -> np.ndarray:
    return values.reshape(-1, values.shape[-1]) if values.ndim else values.reshape(1, 1)


def _row_shift(e: np.ndarray, v: np.ndarray) -> bool:
    gap = _along_last(v.astype(np.float64)) - _along_last(e)
    scale = max(np.abs(e).max(initial=0.0), np.abs(v).max(initial=0.0))
    if not gap.size or _same(e, v):
        return True
    # a gap as small as rounding is the same everywhere, whatever it comes from
    return bool((np.ptp(gap, axis=1) <= _RTOL * scale).all() and np.abs(gap).max() > _CLOSE * scale)


def _row_factor(e: np.ndarray, v: np.ndarray) -> bool:
    return all(_factor([pair]) is not None for pair in zip(_along_last(e), _along_last(v), strict=True))


def _same_rows(e: np.ndarray, v: np.ndarray) -> bool:
    rows = [_along_last(each.astype(np.float64)) for each in (e, v)]
    return _same(*(each[np.lexsort(np.round(each.T, 6))] for each in rows))


def _same_in_row(e: np.ndarray, v: np.ndarray) -> bool:
    return _same(*(np.sort(_along_last(each.astype(np.float64)), axis=1) for each in (e, v)))


_OF_ALL: dict[str, Callable[[np.ndarray], Any]] = {
    "complement of a mask": lambda e: ~e if e.dtype.kind == "b" else None,
    "transposed": lambda e: e.T,
    "first axis reversed": lambda e: e[::-1] if e.ndim > 1 else e,
    "last axis reversed": lambda e: e[..., ::-1] if e.ndim else e,
}
_OF_NUMBERS: dict[str, Callable[[np.ndarray], Any]] = {
    "other sign": lambda e: -e,
    "complement": lambda e: 1 - e,
    "logarithms": lambda e: np.log(e) if (e >= 0).all() else None,
    "exponentials": np.exp,
    "squares": np.square,
    "square roots": lambda e: np.sqrt(e) if (e >= 0).all() else None,
    "one more": lambda e: e + 1,
    "one less": lambda e: e - 1,
    "sizes": np.abs,
    "one place further": lambda e: np.roll(e, 1, axis=0) if e.ndim else e,
    "one place back": lambda e: np.roll(e, -1, axis=0) if e.ndim else e,
    "sum along the first axis": lambda e: e.sum(axis=0) if e.ndim > 1 else None,
    "mean along the first axis": lambda e: e.mean(axis=0) if e.ndim > 1 else None,
    "sum along the last axis": lambda e: e.sum(axis=-1) if e.ndim else None,
    "mean along the last axis": lambda e: e.mean(axis=-1) if e.ndim else None,
}
_REDUCING: dict[str, Callable[[np.ndarray], Any]] = {
    "sum": lambda v: v.sum(),
    "mean": lambda v: v.mean(),
    "sum of yours along the first axis": lambda v: v.sum(axis=0) if v.ndim > 1 else None,
    "mean of yours along the first axis": lambda v: v.mean(axis=0) if v.ndim > 1 else None,
    "sum of yours along the last axis": lambda v: v.sum(axis=-1) if v.ndim > 1 else None,
    "mean of yours along the last axis": lambda v: v.mean(axis=-1) if v.ndim > 1 else None,
}
_OF_ONE_ROW = {
    "rows shifted": "all shifted",
    "rows scaled": "all scaled",
    "numbers in another order": "in another order",
}
_LOOSE: dict[str, Callable[[np.ndarray, np.ndarray], bool]] = {
    "rows shifted": _row_shift,
    "rows scaled": _row_factor,
    "rows in another order": _same_rows,
    "numbers in another order": _same_in_row,
}
