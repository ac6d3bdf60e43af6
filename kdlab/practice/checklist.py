"""What no case of an exercise tries: what is special about arguments of a kind, and quantities that are never equal."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator

from kdlab.practice import cases
from kdlab.practice.cases import Paper
from kdlab.practice.folder import Exercise, line_of
from kdlab.practice.kinds import possible


def find(exercise: Exercise, papers: list[Paper]) -> Iterator[str]:
    """Yield one sentence for each trait that the cases of some paper lack without a reason, and each coincidence."""
    checks = exercise.folder / "checks.py"
    source = checks.read_text(encoding="utf-8")
    for question in papers[0].functions:
        name = question.function
        line = line_of(source, f'"{name}"')
        where = f"{checks}:{line}"
        arguments = inspect.signature(cases.namespace(exercise)[name]).parameters
        can = possible([exercise.kinds.get(argument, "") for argument in arguments])
        tried = set.intersection(*({t for case in paper.question(name).cases for t in case.traits} for paper in papers))
        reasons = exercise.untried.get(name, {})
        for trait, example in can.items():
            if trait not in tried and not reasons.get(trait):
                sentence = f"no case of {name} has {trait}, such as {example}"
                yield f"{where}: {sentence}: add one, or say why not in `untried`."
        for trait in reasons:
            if trait in tried or trait not in can:
                state = "tried" if trait in tried else "unknown"
                yield f"{where}: `untried` has {trait} for {name}, which is {state}: take it out."
        for case in question.cases:
            for (a, size), (b, other) in itertools.combinations(case.quantities.items(), 2):
                if size == other != 1:
                    sentence = f"{a} and {b} are both {size:g} in the case {case.note!r} of {name}"
                    yield f"{where}: {sentence}: what confuses them would pass. Make them differ."
    for name in exercise.untried.keys() - {question.function for question in papers[0].functions}:
        yield f"{checks}:{line_of(source, 'untried')}: `untried` names {name}, which is no function to write."
