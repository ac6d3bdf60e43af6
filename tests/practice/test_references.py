"""The references of the exercises, from which every expected value comes, beside oracles that are not ours."""

from pathlib import Path

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np

from kdlab.checking import ask
from kdlab.practice import cases, folder
from kdlab.practice.prove import results

EXERCISES = Path(__file__).parents[2] / "exercises" / "temperature"
SOFTMAX = cases.namespace(folder.read(EXERCISES / "softmax"))
DEBUG = cases.namespace(folder.read(EXERCISES / "debug"))

LOGITS = st_np.arrays(np.float64, st_np.array_shapes(min_dims=1, max_dims=3, max_side=5), elements=st.floats(-1e4, 1e4))
TEMPERATURES = st.floats(0.001, 1000.0)


@given(LOGITS, TEMPERATURES)
def test_softmax_at_is_scipy_s_softmax(logits, temperature):
    # 1e-12 times the largest exponent: what rounding z / T leaves
    rtol = 1e-13 * (1 + np.ptp(logits) / temperature)
    expected = scipy.special.softmax(logits / temperature, axis=-1)
    np.testing.assert_allclose(SOFTMAX["softmax_at"](logits, temperature), expected, rtol=rtol, atol=1e-300)


@given(LOGITS.map(np.round))
def test_softmax_limits_are_where_the_softmax_goes(logits):
    cold, hot = SOFTMAX["softmax_limits"](logits)
    # whole numbers: the gaps are 0 or at least 1
    np.testing.assert_allclose(cold, scipy.special.softmax(logits / 1e-3, axis=-1), atol=1e-12)
    np.testing.assert_allclose(hot, scipy.special.softmax(logits / 1e12, axis=-1), atol=1e-7)


def test_softmax_limits_with_masked_classes():
    cold, hot = SOFTMAX["softmax_limits"](np.array([[-np.inf, 1.0, 1.0, 0.0], [2.0, -np.inf, -np.inf, -np.inf]]))
    np.testing.assert_array_equal(cold, [[0, 1 / 2, 1 / 2, 0], [1, 0, 0, 0]])
    np.testing.assert_array_equal(hot, [[0, 1 / 3, 1 / 3, 1 / 3], [1, 0, 0, 0]])


@given(st_np.arrays(np.float64, (3, 4), elements=st.floats(-5, 5)), st.floats(0.5, 10))
def test_softmax_slope_is_the_limit_of_a_difference(logits, temperature):
    step = 1e-5
    above, below = (scipy.special.softmax(logits / (temperature + h), axis=-1) for h in (step, -step))
    difference = (above - below) / (2 * step)
    # truncation of the order step**2 times the third derivative, which for these is below 1e4
    np.testing.assert_allclose(SOFTMAX["softmax_slope"](logits, temperature), difference, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0])
def test_the_distillation_gradient_is_that_of_the_loss(temperature):
    rng = np.random.default_rng(11)
    z, v = rng.normal(scale=2, size=(2, 3, 5))
    step = 1e-5

    def loss(z):
        kl = scipy.special.rel_entr(
            scipy.special.softmax(v / temperature, axis=1), scipy.special.softmax(z / temperature, axis=1)
        )
        return temperature**2 * kl.sum(axis=1).mean()

    difference = np.zeros_like(z)
    for index in np.ndindex(z.shape):
        nudge = np.zeros_like(z)
        nudge[index] = step
        difference[index] = (loss(z + nudge) - loss(z - nudge)) / (2 * step)
    np.testing.assert_allclose(DEBUG["distillation_gradient"](z, v, temperature), difference, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", ["softmax", "debug"])
@pytest.mark.parametrize("seed", range(20))
def test_every_right_solution_passes_for_many_students(name, seed):
    exercise = folder.read(EXERCISES / name)
    paper = cases.paper(exercise, np.random.default_rng(1000 + seed), wrong=False)
    for solution in exercise.right:
        for result in results(paper, cases.namespace(exercise, solution)).values():
            assert result.points == result.max_points, (solution.name, result.message)


def test_hidden_inputs_differ_from_student_to_student_and_public_ones_do_not():
    exercise = folder.read(EXERCISES / "softmax")
    papers = [cases.paper(exercise, np.random.default_rng(seed), wrong=False) for seed in (1, 2, 1)]
    seen = []
    for paper in papers:
        texts = {True: [], False: []}
        for question in paper.questions:
            for case in question.cases:
                texts[case.public].append(repr(case.args))
        seen.append(texts)
    assert seen[0][True] == seen[1][True]
    assert seen[0][False] != seen[1][False]
    assert seen[0] == seen[2]
    assert papers[0].exercise.cells != papers[1].exercise.cells
    assert ask(SOFTMAX["softmax_at"], papers[0].questions[0].cases[0]).problem is None
