"""Small changes to right answers that passed every case there once was: they fail on every student's paper now."""

import dataclasses

import numpy as np
import pytest
from solutions import exercises

from kdlab.practice import cases
from kdlab.practice.folder import Solution

ONCE_PASSED = [
    # with two layers the end of the first is its size
    ("pruning/prune_mask", "keep_masks", "np.cumsum([layer.size for layer in scores])", "[l.size for l in scores]"),
    # no logit was large
    ("pruning/debug", "fine_tune", "np.exp(logits - logits.max(axis=1, keepdims=True))", "np.exp(logits)"),
    ("pruning/debug", "fine_tune", "logits.max(axis=1, keepdims=True)", "logits.max()"),
    # every target was one-hot
    ("pruning/debug", "fine_tune", "(q - targets)", "(q - (targets == targets.max(axis=1, keepdims=True)))"),
    # every large logit lay near the mean of its row
    ("temperature/softmax", "softmax_at", "logits.max(axis=-1, keepdims=True)", "logits.mean(axis=-1, keepdims=True)"),
    # no finite logit was far below 0
    ("temperature/softmax", "softmax_limits", "logits > -np.inf", "logits > -1000"),
    # no product missed a whole number by a little
    ("pruning/prune_mask", "number_pruned", "1e-9", "0.001"),
]


@pytest.mark.parametrize(("name", "function", "before", "after"), ONCE_PASSED)
def test_a_change_that_once_passed_fails_for_everybody(name, function, before, after):
    exercise = next(each for each in exercises() if each.name == name)
    reference = next(cell.reference for cell in exercise.solutions if cell.function == function)
    assert before in reference
    changed = Solution("changed", "", reference.replace(before, after), (function,), exercise.folder)
    for seed in range(5):
        paper = cases.paper(exercise, np.random.default_rng(seed), wrong=False)
        question = paper.question(function)
        assert cases.passes(question, cases.namespace(paper.exercise))
        assert not cases.passes(question, cases.namespace(paper.exercise, changed))
        hidden = dataclasses.replace(question, cases=tuple(case for case in question.cases if not case.public))
        assert not cases.passes(hidden, cases.namespace(paper.exercise, changed))
