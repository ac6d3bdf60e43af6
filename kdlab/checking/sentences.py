"""Every sentence that a check can say to a student, in one place.

What stands in braces is filled in where a sentence is said. A public case tells all. What is said of a hidden case is
in `HIDDEN_PROBLEMS`, in the second half of `DEPARTURES` and in the rest of this file, and there nothing is filled in
that a student's code can choose, but the name of a built-in exception and a line of the student's own cell: code that
has seen a hidden input has no way to repeat it.
"""

from __future__ import annotations

import builtins

BUILT_IN = frozenset(
    name for name, each in vars(builtins).items() if isinstance(each, type) and issubclass(each, BaseException)
)
AN_EXCEPTION = "an exception"  # of a hidden case, where its type is not built in

# of a case
PUBLIC_CASE = "{call}: "
HIDDEN_CASE = "A hidden case of {function}{note}: "
RIGHT = "right."
NOT_RIGHT = "not right."

# what `asking.ask` can say, and what the student reads then; a grader has more, each with its sentence as `detail`
PROBLEMS = {
    "missing": "{function} is not defined.",
    "not_callable": "{function} is {detail}, not a function.",
    "not_written": "{function} is not written yet.",
    "raised": "{type_name} was raised{line}{message}.",
    "generator": "a generator came back: use return, not yield, and list(...) or np.array([...]) around a generator.",
    "array_subclass": "{detail} Return a plain NumPy array.",
    "object_dtype": "an array of Python objects came back: its rows may have unequal lengths, or hold None.",
    "unsupported": "{detail} Return numbers, or arrays of numbers.",
    "too_large": "too much came back: {detail}",
    "view": "the answer shares its memory with the argument {detail}: return a new array, made with .copy() or by a "
    "computation.",
    "mutated": "the call changed its argument {detail}: work on a copy, and avoid -=, /= and [...] = on arguments.",
}
HIDDEN_PROBLEMS = {
    "missing": "{function} is not defined.",
    "not_callable": "{function} is not a function.",
    "not_written": "{function} is not written yet.",
    "calls_not_written": "a function that {function} calls is not written yet.",
    "raised": "{type_name} was raised{line}.",
    "generator": PROBLEMS["generator"],
    "array_subclass": "something came back that is like an array and is none: return a plain NumPy array.",
    "object_dtype": PROBLEMS["object_dtype"],
    "unsupported": "what came back is neither a number nor an array: return numbers, or arrays of numbers.",
    "too_large": "too much came back.",
    "view": "the answer shares its memory with an argument: return a new array, made with .copy() or by a computation.",
    "mutated": "the call changed an argument: work on a copy, and avoid -=, /= and [...] = on arguments.",
    "timeout": "it did not come to an end within the time limit.",
    "out_of_time": "the time for the whole notebook is used up.",
    "died": "Python itself ended before it had answered.",
    "protocol_error": "something else came back than an answer.",
    "too_much_output": "it printed too much, and was stopped.",
    "stopped_too_often": "the notebook has stopped its worker too often to go on.",
    "not_asked": "it was not called any more, since an earlier call had stopped the worker.",
}

# how an answer departs from what is expected: in a public case, and in a hidden one
DEPARTURES = {
    "not_raised": (
        "{expected} should be raised; {value} came back.",
        "an exception should be raised; a value came back.",
    ),
    "other_raised": ("{expected} should be raised; {problem}", "another exception should be raised; {problem}"),
    "nothing": ("{came} came back, and {asked} is asked for.", "None came back: is a return missing?"),
    "array_from_sequence": (
        "{came} came back, and an array is asked for: np.array(...) makes one.",
        "a list or a tuple came back, and an array is asked for: np.array(...) makes one.",
    ),
    "no_array": ("{came} came back, and {asked} is asked for.", "no array came back, and an array is asked for."),
    "shape": (
        "{came} came back; its shape should be {shape}.",
        "the array that came back has another shape than is asked for: look at axis= and keepdims=.",
    ),
    "no_number": ("{came} came back, and one number is asked for.", "something else than one number came back."),
    "not_one_number": ("{came} came back; one number is asked for.", "an array came back; one number is asked for."),
    "long_integer": ("an integer of more than 64 bits came back.", "an integer of more than 64 bits came back."),
    "dtype": ("{came} came back; {asked} are asked for.", "another kind of numbers came back; {asked} are asked for."),
    "exact_dtype": ("{came} came back; {asked} is asked for.", "another dtype came back; {asked} is asked for."),
    "float16": (
        "float16 came back, which keeps three digits: compute in float64.",
        "float16 came back, which keeps three digits: compute in float64.",
    ),
    "sequence": ("{came} came back, and a {asked} is asked for.", "something else than a {asked} came back."),
    "length": (
        "{came} came back; {length} are asked for.",
        "a {asked} came back, with more or fewer items than are asked for.",
    ),
    "no_dict": ("{came} came back, and a dict is asked for.", "something else than a dict came back."),
    "keys": (
        "the keys {came} came back; {asked} are asked for.",
        "a dict came back, with other keys than are asked for.",
    ),
    "other_type": ("{expected} is expected, {came} came back.", "something of another type came back."),
    "defect": ("another defect is expected.", "another defect is expected."),
    "value": ("{expected} is expected, {value} came back{gap}.", "the value is not the expected one."),
    "value_at": (
        "{expected} is expected, {value} came back. The first difference is at index {place}: {expected_there} is "
        "expected, {value_there} came back{gap}.",
        "the value is not the expected one.",
    ),
    "nan": ("NaN came back, where {expected} is expected.", "NaN came back."),
    "nan_at": ("NaN came back at index {place}, where {expected_there} is expected.", "NaN came back."),
    "inf": ("an infinite number came back, where {expected} is expected.", "an infinite number came back."),
    "inf_at": (
        "an infinite number came back at index {place}, where {expected_there} is expected.",
        "an infinite number came back.",
    ),
}
GAP = "; the largest difference is {gap}"
ITEM = "item {item}: "  # which item of a tuple, list or dict

# of a function whose values are those that a known mistake gives
PAIR = "Two mistakes at once. {first} {second}"

# how all answers are related to the expected ones: what is so, and no conclusion
EVERY_CASE = "In every case{item} {said}."
ITEM_OF_TUPLE = ", in item {item} of the tuple,"
SLIP = "In every case your values are the right ones {said}."
BUT_FOR = "Right in all cases but those with {trait}."
REVIVED = "Wherever it is not right, some of your values are not 0 where the mask is False."
OTHERS = "Where the mask is False your values are 0, as they should be; it is the others that are not right."
SOME_OF = "Right in every case without {trait}, and in some with it."
FACTOR = "your values are the expected ones {factor}{sign}"
SAME_FACTOR = "your values are the expected ones times one and the same number{sign}"
OTHER_FACTORS = "your values are the expected ones times a number, which is another one in other cases{sign}"
OTHER_SIGN = ", with the other sign"
RELATIONS = {
    "complement of a mask": "your values are True where False is expected, and False where True is",
    "transposed": "your values are the expected ones transposed",
    "first axis reversed": "your values are the expected ones, the first axis from its end",
    "last axis reversed": "your values are the expected ones, the last axis from its end",
    "other sign": "your values are the expected ones with the other sign",
    "complement": "your values are 1 minus the expected ones",
    "logarithms": "your values are the logarithms of the expected ones",
    "exponentials": "your values are the exponentials of the expected ones",
    "squares": "your values are the squares of the expected ones",
    "square roots": "your values are the square roots of the expected ones",
    "one more": "your values are one more than the expected ones",
    "one less": "your values are one less than the expected ones",
    "sizes": "your values are the sizes of the expected ones, without the sign",
    "one place further": "your values are the expected ones one place further along the first axis, and the last comes "
    "first",
    "one place back": "your values are the expected ones one place back along the first axis, and the first comes last",
    "sum along the first axis": "your values are the sum of the expected ones along the first axis",
    "mean along the first axis": "your values are the mean of the expected ones along the first axis",
    "sum along the last axis": "your values are the sum of the expected ones along the last axis",
    "mean along the last axis": "your values are the mean of the expected ones along the last axis",
    "sum": "the sum of your values is what is expected",
    "mean": "the mean of your values is what is expected",
    "sum of yours along the first axis": "the sum of your values along the first axis is what is expected",
    "mean of yours along the first axis": "the mean of your values along the first axis is what is expected",
    "sum of yours along the last axis": "the sum of your values along the last axis is what is expected",
    "mean of yours along the last axis": "the mean of your values along the last axis is what is expected",
    "rows shifted": "each row of yours is the expected one with one number added to it",
    "rows scaled": "each row of yours is the expected one times a number of its own",
    "rows in another order": "your rows are the expected ones in another order",
    "numbers in another order": "each row of yours holds the expected numbers in another order",
    "zeros": "all your values are 0",
    "close": "your values come close: no difference is above 0.0001 of the largest number",
    "other places": "as many of your values are True as should be; where they are not right, others are",
}

# first things first: of a function that calls another one, which is not right
WAITS = "{function} calls your {helper}, which is not right yet. Mend {helper} first, then look at {function} again."
WAITS_WRITING = "{function} calls your {helper}, which is not written yet. Write {helper} first."
RIGHT_BY_ITSELF = (
    "{function} itself is right: with a right {helper} in the place of yours it passes every check, and so it has its "
    "points. Mend {helper}, which it calls."
)
WRONG_BY_ITSELF = (
    "{function} calls your {helper}, which is not right yet. Mend {helper} first. Then look at {function} again: with "
    "a right {helper} in the place of yours it still does not pass."
)

# of a test that a student wrote
NOT_RUN = "It did not run."
FLAKY = "It passes and then raises for one and the same version: a test must not."
REFUSES = "It refuses a right version: {type_name}{line}{message}."
LAST_CALL = " Its last call had {traits}."
BY_HAND = (
    " Right versions differ in the last digits: where it compares with == or to a tiny tolerance, use np.allclose. "
    "Otherwise work out by hand what it expects."
)
LAST_DIGITS = " It accepts another: right versions differ in the last digits, so compare with np.allclose."
MISSES = "It misses a bug: {message}{returned}"
MISSES_ANOTHER = "It misses another bug."
RETURNED = " (It returned a value, which says nothing: a test speaks by raising, with assert.)"
PASSES_RIGHT = "It passes for a right version."
CATCHES = "It catches a bug."
PASSES_ALL = "{function} passes for every version, right or wrong. {missed}"
RAISES_ALL = "{function} raises for every version, right or wrong. {refused}"
TOO_MANY_CALLS = "a test may call the function at most {most} times"
MEND_FIRST = "Mend {target} first: {function} is tried on it here."
GIVEN_VERSION = "that of the version you were given."

# of a choice or a number with a reason, of an interval, and of a design that is worth a share
ASK_FORM = "Return two numbers: {what}, and that of a reason, from 1 to {most}."
AN_OPTION = "that of an option, from 1 to {most}"
A_NUMBER = "your answer, from {low} to {high}"
ASK_WRONG = "That is not so.{said}"
REASON_ELSEWHERE = " The reason holds, but it leads to another answer."
ASK_REASON = "The answer is right. The reason is not: {said}"
KEPT = "Your answer can be read, and is kept. Whether it is right you hear when it is graded."
REPORT_FORM = "Return three finite numbers: the estimate, and the two ends of its interval."
REPORT_ORDER = "The estimate must lie between the two ends of its interval, the lower one first."
REPORT_ESTIMATE = "The estimate is not the expected one: are its sign, its unit and its order of rows as asked?"
REPORT_WIDE = "The estimate is right; the interval is too wide."
REPORT_NARROW = "The estimate is right; the interval is too narrow."
REPORT_PLACE = "The estimate is right, and the interval has the right width, but lies elsewhere."
REPORT_RIGHT = "Estimate and interval are right."

# of a notebook that is graded
TIMEOUT = "it did not come to an end within {seconds:g} s."
UNTOUCHED = "The notebook was handed in as it was given out."
NOTE = "Cell {number}: {said}"
SKIPPED = "{line!r} was skipped: only Python is run."
MORE_NOTES = "There are more notes, not kept."
ODD_CALL = "a call has args, a tuple, and kwargs, a dict"
ENDLESS_CALL = "the function did not come to an end with these arguments"
LARGE_CALL = "the arguments are too large to be sent"

# of a function that is right, and of all functions together
PUBLIC_RIGHT = "{function} passes its public checks."
WHOLE_RIGHT = "{function} is right: it passes all {checks} checks."
WHOLE_RIGHT_TEST = "{function} is right: it tells {good} right versions from {bad} with a bug."
SOLVED = "Solved. All {checks} checks pass, and here none is kept back."
WHOLE_SUMMARY = "{passed} of {all} functions are right."
SUMMARY = "{passed} of {all} functions pass their public checks."
PUBLIC_PASSED = "public checks passed{decided}."
DECIDED = " ({hidden:g} of {points:g} points are decided by hidden checks)"
