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
    "not_repeatable": "asked once more, the same call gives another answer: it must hang on the arguments alone.",
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
    "not_repeatable": PROBLEMS["not_repeatable"],
    "timeout": "it did not come to an end within the time limit.",
    "out_of_time": "the time for the whole notebook is used up: something before it is slow, or does not end.",
    "died": "Python itself ended before it had answered: by exit(), or for want of memory.",
    "protocol_error": "something else came back than an answer.",
    "too_much_output": "it printed too much, and was stopped.",
    "stopped_too_often": "Python had to be started again too often: mend first what does not end, or what ends Python.",
    "too_many_calls": "it calls the function more often than the text allows: make fewer calls.",
    "not_asked": "it was not called any more: an earlier call did not end, or ended Python.",
}

# what a common exception means: its type, how its own words go, and what to look at
MEANT = (
    (
        "ValueError",
        "could not be broadcast",
        "Two arrays have shapes that do not go together: after a sum or maximum along an axis, keepdims=True keeps it.",
    ),
    (
        "ValueError",
        "truth value of an array",
        "`if`, `and`, `or`, and Python's own max and min ask for one truth value, and an array has many: use np.where, "
        "&, | or np.maximum.",
    ),
    ("ValueError", "mismatch in its core dimension", "The shapes in a product @ do not go together."),
    ("ValueError", "inhomogeneous shape", "Rows of unequal lengths make no array."),
    ("ValueError", "zero-size array", "An empty array has no maximum, and no minimum."),
    ("ValueError", "cannot reshape", "There are more values, or fewer, than the shape asks for."),
    ("AxisError", "out of bounds", "An array has fewer axes than axis= asks for: -1 is the last of any."),
    ("IndexError", "out of bounds", "An index goes beyond the end of an axis: the last is its length minus 1."),
    ("IndexError", "too many indices", "An array has fewer axes than the index asks for."),
    ("IndexError", "boolean index did not match", "A mask and the array it is used on have different shapes."),
    ("IndexError", "arrays used as indices must be", "An index must be of integers or booleans, and not of floats."),
    ("TypeError", "only integer scalar arrays", "An index, or a number of times, must be one whole number."),
    ("TypeError", "interpreted as an integer", "A whole number is asked for: int(...) makes one."),
    ("TypeError", "slice indices must be", "The ends of a slice must be whole numbers: int(...) makes one."),
    (
        "TypeError",
        "unsupported operand type",
        "An operator stands between two things that have none: a list is no array, and None is no number.",
    ),
    ("TypeError", "can't multiply sequence", "A list is no array: a product with it repeats it."),
    ("TypeError", "ufunc 'invert' not supported", "~ turns a mask of booleans round, and not one of floats."),
    ("TypeError", "boolean subtract", "A mask cannot be taken away: ~mask turns it round."),
    ("AttributeError", "'list' object has no attribute", "A list is no array: np.array(...) makes one of it."),
    ("AttributeError", "'tuple' object has no attribute", "A tuple is no array: take its items one by one."),
    ("AttributeError", "'float' object has no attribute", "One number is no array: np.asarray(...) makes one of it."),
    ("AttributeError", "'NoneType' object has no attribute", "A function that returns nothing gives None."),
    ("NameError", "is not defined", "A name is used that no cell has defined: is it misspelt, or an import missing?"),
    ("UnboundLocalError", "", "A name that is given a value anywhere in a function is its own in all of it."),
    ("OverflowError", "", "Python's own exp and ** end at 1e308: math.exp(710) is too large."),
    ("ZeroDivisionError", "", "Something is divided by 0."),
    ("RecursionError", "", "A function calls itself without an end."),
    ("UFuncTypeError", "Cannot cast ufunc", "An array of integers cannot take floats in place: make a new array."),
)

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
WHERE_WRONG = "Wherever it is not right{item}, {said}."
WHERE_NUMBERS = "Wherever numbers come back that are not right{item}, {said}."
ITEM_OF_TUPLE = ", in item {item} of the tuple,"
SLIP = "In every case your values are the right ones {said}."
TWICE = "{first} And there is something else. Beside what this mistake alone would give, {second}."
RELATED = "in every case{item} {said}"
NAN_ALONE = (
    "Wherever it is not right, NaN or an infinite number comes back: somewhere infinity is divided by infinity, or 0 "
    "by 0, or a logarithm is that of 0. The exponential of a number above 709 is infinite; below -745 it is 0."
)
MOSTLY_CLOSE = (
    "Most of your values are right to four digits and no further: something is rounded, or it is an approximation, as "
    "a difference quotient is."
)
BUT_FOR = "Right in all cases but those with {trait}."
REVIVED = "Wherever it is not right, some of your values are not 0 where the mask is False."
REVIVED_ALONE = (
    "Where the mask is True your values are right. Wherever it is not right, some are not 0 where the mask is False."
)
OTHERS = "Where the mask is False your values are 0, as they should be; it is the others that are not right."
SOME_OF = "It fails only in cases with {trait}, though not in all of these."
FACTOR = "your values are {ones} {factor}{sign}"
SAME_FACTOR = "your values are {ones} times one and the same number{sign}"
OTHER_FACTORS = "your values are {ones} times a number, which is another one in other cases{sign}"
OTHER_SIGN = ", with the other sign"
# what a relation is to: in most sentences what is expected, in TWICE what a mistake alone would give
TO_EXPECTED = {
    "ones": "the expected ones",
    "what": "what is expected",
    "false": "False is expected",
    "true": "True is",
}
TO_MISTAKE = {
    "ones": "those",
    "what": "what it would give",
    "false": "it would give False",
    "true": "it would give True",
}
RELATIONS = {
    "complement of a mask": "your values are True where {false}, and False where {true}",
    "transposed": "your values are {ones} transposed",
    "first axis reversed": "your values are {ones}, the first axis from its end",
    "last axis reversed": "your values are {ones}, the last axis from its end",
    "other sign": "your values are {ones} with the other sign",
    "complement": "your values are 1 minus {ones}",
    "logarithms": "your values are the logarithms of {ones}",
    "exponentials": "your values are the exponentials of {ones}",
    "squares": "your values are the squares of {ones}",
    "square roots": "your values are the square roots of {ones}",
    "one more": "your values are one more than {ones}",
    "one less": "your values are one less than {ones}",
    "sizes": "your values are the sizes of {ones}, without the sign",
    "one place further": "your values are {ones} one place further along the first axis, and the last comes first",
    "one place back": "your values are {ones} one place back along the first axis, and the first comes last",
    "sum along the first axis": "your values are the sum of {ones} along the first axis",
    "mean along the first axis": "your values are the mean of {ones} along the first axis",
    "sum along the last axis": "your values are the sum of {ones} along the last axis",
    "mean along the last axis": "your values are the mean of {ones} along the last axis",
    "sum": "the sum of your values is {what}",
    "mean": "the mean of your values is {what}",
    "sum of yours along the first axis": "the sum of your values along the first axis is {what}",
    "mean of yours along the first axis": "the mean of your values along the first axis is {what}",
    "sum of yours along the last axis": "the sum of your values along the last axis is {what}",
    "mean of yours along the last axis": "the mean of your values along the last axis is {what}",
    "all shifted": "your values are {ones} with one and the same number added",
    "rows shifted": "each row of yours is the expected one with one number added to it",
    "rows scaled": "each row of yours is the expected one times a number of its own",
    "rows in another order": "your rows are {ones} in another order",
    "numbers in another order": "each row of yours holds the expected numbers in another order",
    "all scaled": "your values are {ones} times a number, which is another one in other cases",
    "in another order": "your values are {ones} in another order",
    "zeros": "all your values are 0",
    "items in the other order": "the items of your tuple are {ones} in the other order",
    "too small": "your number is too small",
    "too large": "your number is too large",
    "too few true": "fewer of your values are True than should be",
    "too many true": "more of your values are True than should be",
    "close": "your values come close: no difference is above 0.0001 of the largest number",
    "other places": "as many of your values are True as should be; where they are not right, others are",
}

# right code with one change that gives the same values
NEAR = "In every case your values are those of right code with one change: {said}."
CHANGES = {
    "operators": {
        ("Add", "Sub"): "something is taken away that is to be added",
        ("Sub", "Add"): "something is added that is to be taken away",
        ("Mult", "Div"): "something divides that is to multiply",
        ("Div", "Mult"): "something multiplies that is to divide",
        ("Pow", "Mult"): "a product in the place of a power",
        ("FloorDiv", "Div"): "`/` in the place of `//`",
        ("Mod", "FloorDiv"): "`//` in the place of `%`",
        ("BitAnd", "BitOr"): "`|` in the place of `&`",
        ("BitOr", "BitAnd"): "`&` in the place of `|`",
        ("And", "Or"): "`or` in the place of `and`",
        ("Or", "And"): "`and` in the place of `or`",
        ("Lt", "LtE"): "where two numbers are compared, equal ones count otherwise",
        ("LtE", "Lt"): "where two numbers are compared, equal ones count otherwise",
        ("Gt", "GtE"): "where two numbers are compared, equal ones count otherwise",
        ("GtE", "Gt"): "where two numbers are compared, equal ones count otherwise",
        ("Lt", "Gt"): "two numbers are compared the other way round",
        ("LtE", "GtE"): "two numbers are compared the other way round",
        ("Gt", "Lt"): "two numbers are compared the other way round",
        ("GtE", "LtE"): "two numbers are compared the other way round",
        ("Eq", "NotEq"): "`!=` in the place of `==`",
        ("NotEq", "Eq"): "`==` in the place of `!=`",
        ("In", "NotIn"): "`not in` in the place of `in`",
        ("NotIn", "In"): "`in` in the place of `not in`",
    },
    "name": "`{new}` in the place of `{old}`",
    "another value": "another value in the place of one that it works with",
    "axis": "an option such as axis= is {value}, and should be another",
    "number": "one number in it is {value}, and should be another",
    "left out": "{what} is left out",
    "power": "the power of {what} is left out",
    "part with": "the part with {names}",
    "part": "a part of the formula",
    "branch": "one way for every case, where there should be two",
    "step": "a step is left out, in which {what} changes",
    "one of its values": "a value",
    "order": "two steps in the other order",
    "made": "the {made} {what} in its place",
    "constant": "a {number} in the place of {what}",
    "once more": "{what} once more {said} `{name}`",
    "log": "logarithm of",
    "exp": "exponential of",
    "sqrt": "square root of",
    "abs": "size, without the sign, of",
    "square": "square of",
    "minus": "opposite (with the other sign) of",
    "complement": "difference of 1 and",
    "inverse": "inverse (1 divided by it) of",
}


def is_vague(sentence: str) -> bool:
    """Say whether a sentence on a change is one of many like it: few cases may bear it out by chance."""
    return any(words in sentence for words in _OF_MANY)


_OF_MANY = (CHANGES["part"], CHANGES["another value"], "the part with", " in its place", " once more ")


# where an explanation holds but for some cases
BESIDES = "{message} And there is something else: {first}"
BESIDES_TRAIT = "{message} And with {trait} there is something else that is not right."

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
NO_CALL = " It has called no version by then: what it does before is what raises."
LAST_CALL = " Its last call had {traits}."
BY_HAND = (
    " Work out by hand what it expects there. If it compares with == or to a tiny tolerance, use np.allclose: right "
    "versions differ in the last digits."
)
LAST_DIGITS = " It accepts another: right versions differ in the last digits, so compare with np.allclose."
MORE_THAN_DIGITS = (
    " It accepts another. In a call that it makes the two differ, and by more than the last digits: are the arguments "
    "of that call as the text says they are?"
)
AS_PROMISED = " It accepts it with {given}, as the text says: look at the arguments of its calls."
PROMISED = {"mask": "a mask of booleans", "floats": "floats in the place of integers"}
MISSES = "It misses a bug: {message}{returned}"
MISSES_ANOTHER = "It misses another bug."
RAISED_INSIDE = (
    " It was the right version itself that raised it: are the arguments of that call as the text says they are?"
)
EXPECTS = " And it passes for a wrong one, so this is what it expects: {message}"
TURNED_ROUND = "{function} raises for every right version, and returns for every wrong one: it is the other way round."
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
REPORT_WIDE = (
    "The estimate is right; the interval is too wide. Whose spread is it, and is it divided by the root of how many?"
)
REPORT_NARROW = (
    "The estimate is right; the interval is too narrow. By what is the spread divided, and by what is it multiplied?"
)
REPORT_PLACE = "The estimate is right, and the interval has the right width, but lies elsewhere."
REPORT_RIGHT = "Estimate and interval are right."

# of a curve that was drawn: words alone, since a number would be one that a student's code can choose
DRAWN_FORM = "Return a list of {n} finite numbers: the y at each x, in order."
DRAWN_POSITIVE = "Your curve does not lie above 0 everywhere, as it should."
DRAWN_STRAIGHT = "The right curve turns round, and yours does not."
DRAWN_FALLS = "Your curve falls, and the right one rises: it goes the wrong way all along."
DRAWN_RISES = "Your curve rises, and the right one falls: it goes the wrong way all along."
DRAWN_FALLS_THERE = "Your curve falls {where}, where the right one rises."
DRAWN_RISES_THERE = "Your curve rises {where}, where the right one falls."
DRAWN_SHIFTED = "The shape is right, but your curve as a whole lies {far} too {side}."
DRAWN_SIDE = "Your curve lies {far} too {side}."
DRAWN_OFF = "Your curve is {far} off, most of all {where}, where it is too {side}."
A_LITTLE, CLEARLY, FAR = "a little", "clearly", "far"
HIGH, LOW = "high", "low"
THIRDS = ("on the left", "in the middle", "on the right")

# of a notebook that is graded
TIMEOUT = "it did not come to an end within {seconds:g} s."
UNTOUCHED = "The notebook was handed in as it was given out."
NOTE = "Cell {number}: {said}"
KEPT_BEFORE = "{said} What it had defined until then was kept."
COUNTED = "{function} was graded as it stands here; {others} too."
OTHER_CELL, OTHER_CELLS = "cell {number} defines it", "cells {numbers} define it"
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
