"""Two students in step: the numbers of other programs, what no lesson changes, and what is left as it was."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kdlab.evidence import records
from kdlab.explore.clouds import Cloud
from kdlab.explore.learning import RAGGED, SMOOTH, STEPS, start, step, taught


def run(state, steps=STEPS, **lesson):
    while state.step < steps:
        state = step(state, **lesson)
    return state


# what each arm of the record is here; its teacher, if it is not the first
SMALL, UNEVEN, CLEAN = {"teacher_labels": 30}, {"widths": RAGGED}, {"wrong": 0.0}
LOUD = {"temperature": 8.0}
SETTINGS = {
    "kd_30": ({}, {}),
    "kd_120": ({"points": 120}, {}),
    "kd_600": ({"points": 600}, {}),
    "choice_30": ({}, {"first_choice": True}),
    "kd_30_T0.5": ({}, {"temperature": 0.5}),
    "kd_30_T1": ({}, {"temperature": 1.0}),
    "kd_30_T8": ({}, LOUD),
    "kd_30_T8_without_T2": ({}, LOUD | {"scale_by_T2": False}),
    "mixed_30_T8": ({}, LOUD | {"alpha": 0.5}),
    "mixed_30_T8_without_T2": ({}, LOUD | {"alpha": 0.5, "scale_by_T2": False}),
    "same_30_kd": (SMALL, {}),
    "ragged_30_kd": (UNEVEN, {}),
    "clean_30_kd": (CLEAN, {}),
    "clean_30_choice": (CLEAN, {"first_choice": True}),
    "clean_600_kd": (CLEAN | {"points": 600}, {}),
}
# the student of labels that was measured beside them
BESIDE = {arm: arm.rpartition("_")[0] + "_hard" for arm in SETTINGS if arm.startswith(("same", "ragged", "clean"))}
BESIDE |= {"kd_120": "hard_120", "kd_600": "hard_600"}


def recorded(arm, seed):
    (found,) = (r for r in records.read("classroom").records if (r["arm"], r["seed"]) == (arm, seed))
    return found["accuracy"], found.get("kl")


def is_recorded(state, arm, seed):
    """See whether both students are those of the record, which PyTorch has trained, and so is the teacher."""
    accuracies, kls = state.measures[3:], state.measures[1:3]
    for accuracy, kl, of_record in zip(accuracies, kls, (BESIDE.get(arm, "hard_30"), arm), strict=True):
        assert (accuracy, kl) == pytest.approx(recorded(of_record, seed), rel=1e-5), of_record
    return True


@pytest.mark.parametrize("arm", SETTINGS)
def test_it_comes_to_the_digits_of_the_record(arm):
    room, lesson = SETTINGS[arm]
    assert is_recorded(run(start(seed=0, **room), **lesson), arm, 0)


@pytest.mark.parametrize("seed", range(1, 20))
def test_so_does_every_seed(seed):
    state = run(start(seed=seed))
    assert is_recorded(state, "kd_30", seed)
    assert state.teacher.accuracy == pytest.approx(recorded("teacher", seed)[0], rel=1e-6)


def test_a_change_in_flight_is_that_of_the_record():
    state = run(run(start(seed=3), 200, alpha=0.0))
    assert (state.measures[4], state.measures[2]) == pytest.approx(recorded("rescued_30", 3), rel=1e-5)


def test_early_on_it_is_that_of_the_record():
    state = run(start(seed=3), 10)
    assert (state.measures[3], state.measures[1]) == pytest.approx(recorded("hard_30_early", 3), rel=1e-5)
    assert (state.measures[4], state.measures[2]) == pytest.approx(recorded("kd_30_early", 3), rel=1e-5)


def test_seed_8_is_what_another_program_found():
    """Its Adam adds 1e-8 to another root, so that the fourth digit may be another."""
    state = start(seed=8)
    assert np.sum(state.cloud.labels != state.cloud.classes) == 5
    assert state.teacher.accuracy == pytest.approx(0.970)
    for steps, kl, accuracy in ((50, (0.2216, 0.1293), (0.892, 0.907)), (400, (1.4109, 0.0342), (0.780, 0.942))):
        state = run(state, steps)
        assert state.measures[1:3] == pytest.approx(kl, abs=2e-4)
        assert state.measures[3:] == pytest.approx(accuracy)


@pytest.mark.parametrize("first_choice", [False, True])
def test_without_the_teacher_both_students_are_one_to_the_bit(first_choice):
    state = run(start(), 100, alpha=0.0, first_choice=first_choice)
    for array in (a for layer in state.students for a in layer):
        assert_array_equal(array[0], array[1])
    assert_array_equal(state.curve[:, 1], state.curve[:, 2])


def test_the_student_of_labels_hears_nothing_of_the_lesson():
    states = [
        run(start(), 100, **lesson) for lesson in ({}, {"alpha": 0.3, "temperature": 9.0}, {"first_choice": True})
    ]
    for state in states[1:]:
        assert_array_equal(state.curve[:, 1], states[0].curve[:, 1])
        assert not np.array_equal(state.curve[:, 2], states[0].curve[:, 2])


def test_a_step_leaves_the_state_as_it_was():
    state = run(start(), 3)
    before = [a.copy() for layer in (*state.students, *state.moments[0], *state.moments[1]) for a in layer]
    run(state, 20)
    after = [a for layer in (*state.students, *state.moments[0], *state.moments[1]) for a in layer]
    for one, other in zip(after, before, strict=True):
        assert_array_equal(one, other)
    assert state.curve[:, 0].tolist() == [0]


def test_the_curve_has_every_fifth_step():
    state = run(start(), 23)
    assert state.curve[:, 0].tolist() == [0, 5, 10, 15, 20]
    assert_array_equal(state.curve[-1], run(start(), 20).measures)


def test_kl_by_its_definition():
    state = run(start(), 7)
    test = state.teacher.room.test

    def probs(network):
        hidden = np.tanh(test.points @ network[0][0] + network[0][1])
        z = hidden @ network[1][0] + network[1][1]
        return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)

    p = probs(state.teacher.network)
    for i in range(2):
        q = probs([(W[i], b[i]) for W, b in state.students])
        assert state.measures[1 + i] == pytest.approx(np.mean(np.sum(p * np.log(p / q), axis=1)), rel=1e-10)
        assert state.measures[3 + i] == np.mean(q.argmax(axis=1) == test.classes)


def test_a_teacher_is_trained_once():
    assert taught(8, 0.15, SMOOTH, 600) is start().teacher


def test_points_of_ones_own():
    own = Cloud(np.array([[-1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), np.arange(3), np.arange(3))
    state = run(start(own=own), 100, alpha=0.0)
    hidden = np.tanh(own.points @ state.students[0][0] + state.students[0][1])
    z = hidden @ state.students[1][0] + state.students[1][1]
    assert z.argmax(axis=-1).tolist() == [[0, 1, 2]] * 2
