"""The cases of the bug museum: one suspect alone shows what was found, and the mended code what a formula says."""

import itertools

import numpy as np
import pytest
from scipy import special, stats

from kdlab.explore import bug_museum, find
from kdlab.explore.museum_case import FOUND, MENDED

CASES = bug_museum.CASES
every_case = pytest.mark.parametrize("name", CASES)


def mended(name):
    return CASES[name].curve(MENDED)


def found(name):
    return CASES[name].curve(FOUND)


# what holds for every case


@every_case
def test_one_suspect_shows_what_was_found_and_no_other(name):
    case = CASES[name]
    assert [list(case.suspects)[i] for i in case.guilty()] == [case.found]
    assert find(f"bug_museum.{name}").predict[0].to_json()["answer"] == case.guilty()[0]


@every_case
def test_all_codes_differ_somewhere(name):
    case = CASES[name]
    curves = [case.curve(code) for code in (*case.suspects, MENDED)]
    assert all(curve.shape == case.at.shape for curve in curves)
    apart = [np.abs(one - other).max() for one, other in itertools.combinations(curves, 2)]
    assert min(apart) > 1e-4 * np.abs(curves).max()


@every_case
def test_what_is_drawn_lies_on_the_axes(name):
    case = CASES[name]
    for code in (FOUND, *case.suspects, MENDED):
        for axis, values in ((case.x, case.at), (case.y, case.curve(code))):
            assert axis.domain[0] <= values.min(), code
            assert values.max() <= axis.domain[1], code


@every_case
def test_the_sentence_says_whether_it_was_this_one(name):
    case, widget = CASES[name], find(f"bug_museum.{name}")
    for code in case.suspects:
        says = "That is what was found." if code == case.found else "That is not what was found."
        assert widget.picture(code=code).sentence.endswith(says)
    assert widget.picture().sentence.startswith("As found: ")
    assert widget.picture(code=MENDED).sentence.startswith("Mended: ")


# each of them


def test_a_teacher_that_stays_leaves_a_loss_that_falls():
    loss = mended("went_along")
    p = special.softmax([2.0, 0.0])
    assert loss[0] == pytest.approx(stats.entropy(p, [0.5, 0.5]))
    assert (np.diff(loss) < 0).all()
    assert found("went_along")[1:].max() < 1e-12


def test_who_is_told_the_answers_of_others_learns_hardly_anything():
    right, wrong = mended("somebody_else"), found("somebody_else")
    assert right[0] == wrong[0]
    assert right[-1] < right[0] / 10
    assert wrong[-1] > 0.9 * wrong[0]


def test_the_hybrid_loss_is_a_straight_line_and_its_end_was_not_on_it():
    hard = -special.log_softmax([0.0, 1.0, -1.0])[0]
    p, q = special.softmax(np.array([2.0, 0.0, -1.0]) / 4), special.softmax(np.array([0.0, 1.0, -1.0]) / 4)
    soft = stats.entropy(p, q)
    np.testing.assert_allclose(mended("one_path"), hard + np.linspace(0, 1, 21) * (16 * soft - hard))
    np.testing.assert_allclose(found("one_path")[:-1], mended("one_path")[:-1])
    assert found("one_path")[-1] == pytest.approx(soft)


def test_a_mixture_keeps_the_bound_of_its_weights():
    beta, case = bug_museum.BETAS, CASES["mean_of_logs"]
    p, q = bug_museum.SURE, bug_museum.UNSURE
    m = np.outer(beta, p) + np.outer(1 - beta, q)
    by_entropies = stats.entropy(m, axis=1) - beta * stats.entropy(p) - (1 - beta) * stats.entropy(q)
    np.testing.assert_allclose(mended("mean_of_logs"), by_entropies)
    assert (mended("mean_of_logs") < special.entr(beta) + special.entr(1 - beta)).all()
    assert case.bound == np.log(2)
    assert (found("mean_of_logs") > case.bound).all()


def test_the_mean_of_means_is_right_for_equal_parts():
    wrong, right = found("mean_of_means"), mended("mean_of_means")
    np.testing.assert_allclose(right, right[0])
    equal = [size for size in range(1, 25) if 24 % size == 0]
    assert [size for size in range(1, 25) if np.isclose(wrong[size - 1], right[0])] == equal


def test_a_copy_has_no_loss_and_against_guesses_it_has_that_of_one_of_eight_halves():
    assert not mended("guessing").any()
    head = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 2.0]])
    q = special.softmax([2.0, 3.0])
    halves = np.array(list(itertools.product((0, 2), repeat=4))) * [2.0, 1.0, 0.0, 1.0]
    possible = [stats.entropy(special.softmax(kept @ head), q) for kept in halves]
    assert all(np.isclose(loss, possible).any() for loss in found("guessing"))
    assert len(set(found("guessing").round(9))) > 3


def test_a_confidence_of_1_is_lost_and_no_other():
    np.testing.assert_allclose(mended("last_bin"), np.abs(bug_museum.SURENESS - 0.5))
    np.testing.assert_allclose(found("last_bin")[:-1], mended("last_bin")[:-1])
    assert found("last_bin")[-1] == 0


def test_a_model_and_itself_differ_by_nothing_if_both_have_the_same_rows():
    right, wrong = mended("apart"), found("apart")
    assert right[-1] == 0
    # the difference is a share of one and the same difference: so is its interval
    np.testing.assert_allclose(right, right[0] * (1 - bug_museum.ALIKE), atol=1e-12)
    rng = np.random.default_rng(0)
    one, _ = rng.exponential(size=(2, bug_museum.N_ROWS))
    by_formula = 2 * 1.96 * np.sqrt(2 * one.var() / bug_museum.N_ROWS)
    assert wrong[-1] == pytest.approx(by_formula, rel=0.1)


def test_a_fresh_inverse_is_a_regression_of_what_is_left():
    for at, D in enumerate((2, 5, 10)):
        H, w = bug_museum._layers(D)
        error = plain = 0.0
        for H_, w_ in zip(H, w, strict=True):
            q = w_.copy()
            for i in range(D):
                free, later = q[i], slice(i + 1, D)
                q[i] = np.round(free)
                q[later] += (free - q[i]) * np.linalg.solve(H_[later, later], H_[later, i])
            error += (w_ - q) @ H_ @ (w_ - q)
            plain += (w_ - np.round(w_)) @ H_ @ (w_ - np.round(w_))
        assert mended("stale_inverse")[D - 2] == pytest.approx(100 * error / plain), at
    assert found("stale_inverse")[0] == pytest.approx(mended("stale_inverse")[0])
    assert (found("stale_inverse")[1:] > mended("stale_inverse")[1:] + 5).all()


def test_what_is_silent_can_be_cut_out():
    assert np.abs(mended("ghost")).max() < 1e-12
    rng = np.random.default_rng(3)
    W1, b1, W2 = rng.normal(size=(8, 4)), rng.uniform(0.2, 0.8, size=8), rng.normal(size=8)
    least = np.argsort(np.abs(W1).sum(axis=1))
    # what goes with a unit is its weight times its bias, the same for every input
    ghosts = [abs((W2[least[:n]] * b1[least[:n]]).sum()) for n in range(8)]
    np.testing.assert_allclose(found("ghost"), ghosts, atol=1e-12)
