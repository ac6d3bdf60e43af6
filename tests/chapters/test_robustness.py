"""The claims of the chapter on robustness: each is looked up in its text, and computed here without kdlab.

A claim that is reworded must be looked at again, so its test fails.
"""

import itertools
import math

import numpy as np
import pytest
from scipy import linalg, stats

from chapters.chapter import REPOSITORY, Chapter, Record, printed_by

CHAPTER = Chapter("interplay/robustness")
claims, passage = CHAPTER.claims, CHAPTER.passage
RECORD = Record("robustness")
AT = "robust_0_1"


def straddles(*pair, measure):
    """Return whether a difference may be 0."""
    found = RECORD.interval(*pair, measure)
    return found.low <= 0 <= found.high


def mean(arm, measure):
    return RECORD.of_seeds(arm, measure).mean()


def change(arm, baseline, measure=AT):
    """Return the difference, seed by seed, in points."""
    return 100 * (RECORD.of_seeds(arm, measure) - RECORD.of_seeds(baseline, measure))


def radius(w, x, y):
    return y * np.dot(w, x) / np.abs(w).sum()


def parallel(a, b):
    return np.linalg.matrix_rank([a, b]) < 2


def one_bit(W):
    return np.abs(W).mean() * np.where(np.asarray(W) >= 0, 1.0, -1.0)


# By hand


def test_three_questions_at_the_start():
    assert np.dot([1, -2], [0.5, 0.1]) == pytest.approx(0.3)
    assert np.average([3, 5], weights=[3, 1]) == 3.5
    np.testing.assert_allclose(one_bit(np.array([3, -1, 0])), 4 / 3 * np.array([1, -1, 1]))
    claims("$0.5 - 0.2 = 0.3$", "$9/4 + 5/4 = 3.5$", "$4/3 \\cdot (1, -1, 1)$")


W1, W2 = np.array([[3.0, 1.0], [-1.0, 2.0]]), np.array([1.0, 2.0])
STUDENTS = {"teacher": W1.T @ W2, "layer 1": one_bit(W1).T @ W2, "layer 2": W1.T @ one_bit(W2)}


def test_the_two_layers_by_hand():
    claims("= (1, 5)$", "= (-1.75, 5.25)$", "= (3, 4.5)$")
    np.testing.assert_array_equal(STUDENTS["teacher"], [1, 5])
    np.testing.assert_array_equal(STUDENTS["layer 1"], [-1.75, 5.25])
    np.testing.assert_array_equal(STUDENTS["layer 2"], [3, 4.5])


def test_the_three_radii():
    x, y = np.array([-1, 0.1]), -1
    found = {name: radius(w, x, y) for name, w in STUDENTS.items()}
    assert found == pytest.approx({"teacher": 0.5 / 6, "layer 1": -0.325, "layer 2": 0.34})
    assert round(found["teacher"], 3) == 0.083
    claims("margin $0.5$, sum of sizes 6, radius $0.083$", "$-2.275/7 = -0.325$", "$2.55/7.5 = 0.34$")


def test_the_example_of_the_weighted_mean():
    claims("$0.5/3 - 0.2/3 = 0.1$", "The first coordinate says $0.5$, the second $-0.1$")
    w, x = np.array([1, -2]), np.array([0.5, 0.1])
    shares, says = np.abs(w) / 3, np.sign(w) * x
    np.testing.assert_allclose(says, [0.5, -0.1])
    assert shares @ says == pytest.approx(radius(w, x, 1)) == pytest.approx(0.1)


def test_the_blanks_of_the_weighted_mean():
    claims("The radius is $1/3 + 0.2/3 = 0.4$", "it leads to $(0, -0.3)$, where the score is $0.3$")
    w, x, y = np.array([2, -1]), np.array([-0.5, 0.2]), -1
    np.testing.assert_allclose(y * np.sign(w) * x, [0.5, 0.2])
    assert radius(w, x, y) == pytest.approx(0.4)
    corners = [x + 0.5 * np.array(signs) for signs in itertools.product((-1, 1), repeat=2)]
    np.testing.assert_allclose(min(corners, key=lambda corner: y * w @ corner), [0, -0.3])
    assert w @ np.array([0, -0.3]) == pytest.approx(0.3)


def test_the_radius_is_a_mean_of_what_the_coordinates_say():
    rng = np.random.default_rng(0)
    for _ in range(50):
        w, x, y = rng.normal(size=6), rng.normal(size=6), rng.choice([-1, 1])
        says = y * np.sign(w) * x
        assert np.average(says, weights=np.abs(w)) == pytest.approx(radius(w, x, y))
        assert says.min() <= radius(w, x, y) <= says.max()


def test_the_circle_takes_the_length():
    claims("takes $\\epsilon \\|w\\|_2$ away")
    way = np.linspace(0, 2 * np.pi, 3601)
    reached = 0.3 * np.stack([np.cos(way), np.sin(way)], axis=1) @ [1, -2]
    assert reached.min() == pytest.approx(-0.3 * math.sqrt(5), abs=1e-6)


# The cells


def test_no_change_is_worse_than_the_corner():
    formula, corner, others = (float(line.split()[-1]) for line in CHAPTER.ran[1][0].splitlines())
    assert formula == corner == -0.3
    assert -0.3 <= others < -0.28


def test_the_same_teacher_in_three_ways():
    claims("one bit loses nothing there", "one bit loses nothing in the first layer")
    rows = [
        np.array([float(x) for x in line.split("[")[k].split("]")[0].split()])
        for line in CHAPTER.ran[1][1].splitlines()
        for k in (1, 2, 3)
    ]
    teacher, (as_it_is, last, first) = np.array([1, 5]), np.reshape(rows, (3, 3, 2))
    for written in (as_it_is, last, first):
        np.testing.assert_array_equal(written[0], teacher)
    np.testing.assert_array_equal(last[2], teacher)
    np.testing.assert_array_equal(first[1], teacher)
    assert not any(parallel(lost, teacher) for lost in (as_it_is[1], as_it_is[2], last[1], first[2]))


def test_where_the_formula_stops():
    printed = CHAPTER.ran[1][2].splitlines()
    assert [line.split()[-1] for line in printed] == ["[-0.06]", "[0.08]", "0.1", "-0.2"]
    x, w = np.array([0.05, 0.6]), np.array([2.0, 1.0])
    corners = [np.clip(x + 0.12 * np.array(signs), 0, 1) for signs in itertools.product((-1, 1), repeat=2)]
    assert min(w @ corner - 0.4 for corner in corners) == pytest.approx(0.08)
    assert min(w @ (x + 0.12 * np.array(signs)) - 0.4 for signs in itertools.product((-1, 1), repeat=2)) == (
        pytest.approx(-0.06)
    )


def test_the_attack_of_torch_is_what_the_formula_says():
    (shown,) = (code for code in CHAPTER.shown if "torch" in code)
    assert printed_by(shown, {}) == "attack and formula agree: True\n"
    wrong = shown.replace("(model.weight / std)", "model.weight")
    assert printed_by(wrong, {}) == "attack and formula agree: False\n"


def test_every_seed_falls_below_one_half_and_the_student_sooner():
    (shown,) = (code for code in CHAPTER.shown if "mean_interval" in code)
    names = {}
    printed_by(shown, names)
    for student in ("teacher", "layer1"):
        assert (np.array(RECORD.measured["curves"][f"digits_h16_{student}"])[:, -1] < 0.5).all()
    assert (names["half"]["layer1"] < names["half"]["teacher"]).all()


# What the text says besides


def test_a_coordinate_below_epsilon_belongs_to_the_attacker():
    claims("A coordinate whose mean lies below $\\epsilon$ belongs to the attacker")
    mu, sd = np.array([1, 0.35]), np.array([0.4, 0.2])

    def right(angle, eps):
        w = np.array([np.cos(angle), np.sin(angle)])
        return stats.norm.cdf((w @ mu - eps * np.abs(w).sum()) / np.sqrt(w**2 @ sd**2))

    angles = np.radians(np.arange(-90, 90.1, 0.1))
    best = {eps: np.degrees(angles[np.argmax([right(angle, eps) for angle in angles])]) for eps in (0, 0.3, 0.4)}
    assert best[0] == pytest.approx(54.5, abs=0.1)
    assert best[0.4] == pytest.approx(0, abs=0.05)
    assert best[0.3] > 10


def test_the_cards():
    claims("It takes $3\\epsilon$")
    w = np.array([2, -1, 0])
    taken = [w @ np.array(step) for step in itertools.product((-1, 0, 1), repeat=3)]  # of the margin -w . x
    assert max(taken) == w @ np.array([1, -1, 0]) == 3


def test_a_hadamard_matrix_is_lossless_in_the_first_layer_and_signs_in_the_second():
    claims("$H^\\top H = n I$")
    H, w = linalg.hadamard(8), np.random.default_rng(0).normal(size=8)
    np.testing.assert_array_equal(H.T @ H, 8 * np.eye(8))
    np.testing.assert_allclose(one_bit(H).T @ (H @ w / 8), w)
    rng = np.random.default_rng(1)
    W, v = rng.normal(size=(5, 8)), rng.normal(size=5)
    np.testing.assert_allclose((np.abs(v)[:, None] * W).T @ one_bit(np.sign(v)), W.T @ v)


def test_on_paper_flat_rows_are_not_enough():
    claims("one $m$ for all would change how they add up")
    W, v = np.array([[1.0, 1.0], [3.0, -3.0]]), np.array([1.0, 1.0])
    assert not parallel(one_bit(W).T @ v, W.T @ v)


def test_rows_of_one_direction():
    claims(
        "*Every pixel gets the same share.*", "Unless it cancels or turns round, no answer changes, attacked or not."
    )
    rng = np.random.default_rng(2)
    v, c, w2 = rng.normal(size=12), np.abs(rng.normal(size=5)), np.abs(rng.normal(size=5))
    W = np.outer(c, v)
    first, second = one_bit(W).T @ w2, W.T @ one_bit(w2)
    np.testing.assert_allclose(np.abs(first), np.abs(first[0]))
    np.testing.assert_array_equal(np.sign(first), np.sign(v))
    np.testing.assert_allclose(second / np.abs(second).sum(), v / np.abs(v).sum())
    turned = np.outer([1, -1, -1], v), np.array([5, 1, 1])  # in which two small weights become as large as one
    assert parallel(turned[0].T @ turned[1], v)
    assert (turned[0].T @ turned[1]) @ (turned[0].T @ one_bit(turned[1])) < 0


# The digit of the record


@pytest.fixture(scope="module")
def shown():
    with np.load(REPOSITORY / "results" / "shown" / "robustness.npz") as arrays:
        return {name: arrays[name].astype(float) for name in arrays}


def test_one_bit_makes_the_map_flat(shown):
    claims(
        "53 of the 64 weights are equally large, up to a few hundredths.",
        "In the 11 others the teacher's are practically 0",
    )
    teacher, sizes = np.abs(shown["weights"][:2])
    large = sizes > 0.96 * sizes.max()
    assert large.sum() == 53
    np.testing.assert_array_equal(large, teacher > 1e-3 * teacher.max())
    assert (teacher > 0.5 * teacher.max()).sum() < 10


# The record


def test_what_the_page_opens_with():
    claims("Three points are lost.", "Behind three points of accuracy fifty of robustness were hidden.")
    assert change("digits_h16_layer1", "digits_h16_teacher", "accuracy").mean() == pytest.approx(-3, abs=0.05)
    assert change("digits_h16_layer1", "digits_h16_teacher").mean() == pytest.approx(-50, abs=0.5)
    assert (change("digits_h16_layer1", "digits_h16_teacher") < 0).all()
    for measure in ("accuracy", AT):
        assert not change("digits_h16_layer2", "digits_h16_teacher", measure).any()


def test_the_median_radius_falls_from_above_a_tenth_to_below_it():
    claims("from above $0.1$ to below it", "Accuracy only counts who is above 0.")
    assert (RECORD.of_seeds("digits_h16_teacher", "median_radius") > 0.1).all()
    assert (RECORD.of_seeds("digits_h16_layer1", "median_radius") < 0.1).all()


def test_two_students_change_places():
    claims("is ahead, unchanged, of one bit in layer 2 after *signs in layer 1*. At $0.1$ it is behind.")
    pair = "digits_h16_layer1", "digits_hadamard_layer2"
    assert RECORD.higher(*pair)
    assert RECORD.lower(*pair, measure=AT)


def test_the_hadamard_matrix_takes_more_units():
    claims("64 in place of 16 on the digits")
    np.testing.assert_allclose(RECORD.of_seeds("digits_hadamard_teacher", "first_direction"), 1 / 64, atol=1e-6)


def test_what_came_out():
    claims("**The first layer, as trained, pays in robustness.**", "**Written otherwise, the second one pays.**")
    for data in ("digits", "cancer"):
        assert RECORD.lower(f"{data}_h16_layer1", f"{data}_h16_teacher", measure=AT)
        assert RECORD.higher(f"{data}_hadamard_layer1", f"{data}_hadamard_layer2", measure=AT)
        assert not change(f"{data}_hadamard_layer1", f"{data}_h16_teacher").any()
        assert not change(f"{data}_diagonal_layer2", f"{data}_h16_teacher").any()
        assert not change(f"{data}_shrunk", f"{data}_h16_teacher").any()
    assert mean("digits_shrunk", "l1_norm") == pytest.approx(0.1 * mean("digits_h16_teacher", "l1_norm"), rel=1e-3)


def test_the_controls():
    claims(
        "*The first layer should lose less.* It does:",
        "*The second layer should lose something.* It does not, as far as we can measure:",
    )
    for data in ("digits", "cancer"):
        lost, without = (change(f"{data}_{way}_layer1", f"{data}_{way}_teacher") for way in ("h16", "undecayed"))
        assert stats.ttest_rel(without, lost).confidence_interval(0.95).low > 0
        assert straddles(f"{data}_undecayed_layer2", f"{data}_undecayed_teacher", measure=AT)
    claims("lies in the first")
    assert mean("digits_h16_teacher", "first_direction") > 0.999
    assert mean("digits_undecayed_teacher", "first_direction") < 0.85


def test_without_decay_the_teacher_is_another_one():
    claims("Without weight decay the teacher, too, is another one. It is less robust from the start.")
    for data in ("digits", "cancer"):
        assert RECORD.lower(f"{data}_undecayed_teacher", f"{data}_h16_teacher", measure=AT)
