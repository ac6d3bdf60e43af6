"""The claims of the chapter on imbalance: each is looked up in its text, and computed here without kdlab.

A claim that is reworded must be looked at again, so its test fails.
"""

import functools

import numpy as np
import pytest
import torch
from scipy import optimize, special
from sklearn.utils.class_weight import compute_class_weight
from torch.nn import functional

from chapters.chapter import Chapter, Record, printed_by

CHAPTER = Chapter("interplay/imbalance")
claims, passage = CHAPTER.claims, CHAPTER.passage
RECORD = Record("imbalance")
RARE, COMMON = "minority_accuracy", "majority_accuracy"


def mean(arm, measure=RARE):
    return RECORD.of_seeds(arm, measure).mean()


def higher(*pair, measure=RARE):
    return RECORD.higher(*pair, measure=measure)


def lower(*pair, measure=RARE):
    return RECORD.lower(*pair, measure=measure)


def straddles(*pair, measure=RARE):
    """Return whether a difference may be 0."""
    found = RECORD.interval(*pair, measure)
    return found.low < 0 < found.high


# By hand, and the questions


@pytest.mark.parametrize(
    ("labels", "weights", "average"),
    [([0, 0, 0, 1, 1, 3], [0.5, 0.75, 0, 1.5], 0.75), ([0, 0, 0, 0, 2, 2], [0.375, 0, 0.75, 0], 0.5)],
)
def test_the_example_and_its_blanks(labels, weights, average):
    claims("$0.5$: two of four classes occur." if average == 0.5 else "a mean of $0.75$: three of four classes occur.")
    claims("(" + ", ".join(f"{w:g}" for w in weights) + ")")
    counts = [labels.count(c) for c in range(4)]
    found = [6 / (4 * n) if n else 0 for n in counts]
    assert found == weights
    assert np.mean([found[y] for y in labels]) == average
    present = np.unique(labels)
    by_sklearn = compute_class_weight("balanced", classes=present, y=labels)
    np.testing.assert_allclose(by_sklearn * len(present) / 4, np.array(weights)[present])


def test_what_an_image_weighs_in_the_experiment():
    claims("In the experiment $N = 724$: a common image weighs $0.724$, and a rare one $9.05$.", "$12.5$ times as much")
    counts = RECORD.measured["counts"]
    assert sum(counts) == 724
    assert sorted({round(724 / (10 * n), 6) for n in counts}) == [0.724, 9.05]
    assert 9.05 / 0.724 == pytest.approx(12.5)
    claims("In training 24 of 724 were rare.")
    assert sum(counts[c] for c in RECORD.measured["rare"]) == 24


def test_the_odds_of_the_question():
    claims("1 to 4. At $T = 2$ their root, 1 to 2.")
    at_2 = special.softmax(np.log([0.8, 0.2]) / 2)
    assert at_2[1] / at_2[0] == pytest.approx(1 / 2)


def test_a_ninth_becomes_four_thirteenths():
    claims("makes 9 to 4, so the student is to give the rare class $4/13 = 0.308$.")
    p, w = np.array([0.9, 0.1]), np.array([0.625, 2.5])
    found = optimize.minimize_scalar(
        lambda q: -(w * p * np.log([1 - q, q])).sum(), bounds=(1e-6, 1 - 1e-6), method="bounded"
    )
    assert found.x == pytest.approx(4 / 13, abs=1e-4)


# The cells


def test_the_cell_of_the_weights():
    assert CHAPTER.ran[1][0].splitlines() == [
        "weights [0.5  0.75 0.   1.5 ] mean over the samples 0.75",
        "C counts classes that occur [0.66666667 1.         0.         2.        ]",
    ]
    claims('The second line is scikit-learn\'s "balanced".')
    found = compute_class_weight("balanced", classes=np.array([0, 1, 3]), y=[0, 0, 0, 1, 1, 3])
    np.testing.assert_allclose(found, [2 / 3, 1, 2])


def test_the_cell_of_the_tilt_is_what_a_search_finds():
    claims("$-0.133$, $-0.254$ and $-0.297$ in the cell above")
    lines = CHAPTER.ran[1][1].splitlines()
    w = np.array([0.625, 2.5])
    for line, T in zip(lines, (1, 2, 4), strict=True):
        p = special.softmax(np.log([0.9, 0.1]) / T)

        def inside(z, T=T, p=p):
            return float((w * p * (np.log(p) - special.log_softmax(np.array([0, z]) / T))).sum())

        least = optimize.minimize_scalar(inside, bracket=(-2, 3), tol=1e-12)
        assert line == f"T = {T}: rare {special.expit(least.x):.3f}, least value {least.fun:.3f}"


def test_batches_by_their_own_weights_lose_the_rare_one():
    claims("samples weigh $16/7$ together and those of the other $40/7$")
    assert CHAPTER.ran[1][2].splitlines() == [
        "all at once      1.25",
        "by rows          1.25",
        "by their weights 1.025",
    ]
    assert 4 * 4 / 7 == pytest.approx(16 / 7)
    assert 3 * 4 / 7 + 4 == pytest.approx(40 / 7)
    # as PyTorch divides; and a batch of one has no weight at all
    z = torch.tensor([[0.3, -1.0]])
    one, other = (functional.cross_entropy(z, torch.tensor([1]), weight=torch.tensor([1.0, w])) for w in (1.0, 9.0))
    claims("In a batch of one sample its weight cancels altogether.")
    assert one == pytest.approx(other)


def test_what_torch_shows():
    (shown,) = (code for code in CHAPTER.shown if "torch" in code)
    names = {}
    on_samples, inside = printed_by(shown, names).splitlines()
    assert on_samples == "on samples: largest gradient at the teacher 0.0000"
    assert float(inside.split()[-1]) > 0.005
    claims("divides by the weights of the batch's labels if it is given labels, but by the number of rows")
    z, p, w, y = (names[name].detach() for name in ("z", "p", "w", "y"))
    by_hand = -(w * p * (z / 4).log_softmax(-1)).sum(-1)
    assert functional.cross_entropy(z / 4, p, weight=w) == pytest.approx(by_hand.mean())
    of_labels = -(w[y] * z.log_softmax(-1)[range(6), y]).sum() / w[y].sum()
    assert functional.cross_entropy(z, y, weight=w) == pytest.approx(of_labels)


# The student that learns, by PyTorch


@functools.cache
def cloud(seed, counts):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(sum(counts), 2)) * np.repeat([1, 0.8], counts)[:, None] + np.repeat([0, 1.6], counts)[:, None]
    return torch.from_numpy(x), torch.from_numpy(np.repeat([0, 1], counts))


def teacher(x):
    densities = torch.stack([-(x**2).sum(1) / 2, -((x - 1.6) ** 2).sum(1) / (2 * 0.64) - np.log(0.64)], 1)
    return densities + torch.log(torch.tensor([200.0, 10.0]))


@functools.cache
def learned(told, weights, T, curved):
    """Return the shares of common and of rare new points that a student finds after 400 steps."""
    (x, y), (new, classes) = cloud(0, (200, 10)), cloud(99, (1000, 1000))
    w = torch.tensor([210 / 400, 210 / 20], dtype=torch.float64)

    def features(x):
        return torch.cat([x, x**2, x.prod(1, keepdim=True)], 1) if curved else x

    student = torch.nn.Linear(5 if curved else 2, 2, dtype=torch.float64)
    torch.nn.init.zeros_(student.weight)
    torch.nn.init.zeros_(student.bias)
    optimiser = torch.optim.Adam(student.parameters(), lr=0.05)
    for _ in range(400):
        z, T_of = student(features(x)), 1.0 if told == "labels" else T
        p = functional.one_hot(y, 2).double() if told == "labels" else (teacher(x) / T_of).softmax(1)
        losses = -p * (z / T_of).log_softmax(1)
        losses = (w * losses).sum(1) if weights == "inside" else losses.sum(1) * (w[y] if weights == "samples" else 1)
        optimiser.zero_grad()
        losses.mean().backward()
        optimiser.step()
    called = student(features(new)).argmax(1)
    return [100 * (called[classes == c] == c).double().mean().item() for c in (0, 1)]


def test_the_figure_of_the_learning_student():
    claims(
        "For the curved student the weights changed how it got there, and not where it arrived.",
        ">57 of 100 rare points</a> without weights",
        ">50, as its teacher,</a> with them",
        ">half of the rare points</a>",
        ">nine in ten</a>",
        "if one point in 21 is rare",
    )
    new, classes = cloud(99, (1000, 1000))
    called = teacher(new).argmax(1)
    of_teacher = [100 * (called[classes == c] == c).double().mean().item() for c in (0, 1)]
    assert learned("teacher", "samples", 4.0, True) == pytest.approx(of_teacher, abs=0.2)
    assert learned("teacher", "none", 4.0, True) == pytest.approx(of_teacher, abs=0.2)
    assert learned("teacher", "none", 4.0, False)[1] == pytest.approx(57, abs=0.5)
    assert learned("teacher", "samples", 4.0, False)[1] == pytest.approx(50, abs=0.6)
    assert of_teacher[1] == pytest.approx(50, abs=0.5)
    assert learned("labels", "none", 4.0, False)[1] == pytest.approx(50, abs=1)
    assert learned("labels", "samples", 4.0, False)[1] == pytest.approx(90, abs=1.5)


def test_weighted_labels_are_much_like_weights_inside_at_1():
    claims("Why are the two curved students so much alike?")
    inside, labels = learned("teacher", "inside", 1.0, True), learned("labels", "samples", 4.0, True)
    assert inside == pytest.approx(labels, abs=9)
    assert learned("teacher", "samples", 1.0, True)[1] < min(inside[1], labels[1]) - 30


def test_the_straight_student_is_nearer_to_its_teacher_on_the_rare_points_with_weights():
    claims("it follows its teacher better there, also in calling half of them common")
    at_teacher = 50.3
    gap = {weights: abs(learned("teacher", weights, 4.0, False)[1] - at_teacher) for weights in ("none", "samples")}
    assert gap["samples"] < gap["none"]


def test_weighted_labels_are_least_at_w_times_p():
    claims(
        "the number $\\sum_j w_j P_j$, which moves no minimum", "the loss of weighted labels, with $p_c$ in the place"
    )
    P, w = np.array([0.7, 0.2, 0.1]), np.array([0.5, 1.0, 4.0])
    found = optimize.minimize(lambda z: -(P * w * special.log_softmax(z)).sum(), np.zeros(3))
    np.testing.assert_allclose(special.softmax(found.x), P * w / (P @ w), atol=1e-4)


def test_the_tilt_in_logits_and_the_weights_that_undo_T():
    claims("multiplied by $w_c^T$", "$12.5^4$, which is 24,414", "weights $w_c^{1/T}$ add $T \\cdot \\frac1T \\log w_c")
    assert int(12.5**4) == 24_414
    rng = np.random.default_rng(0)
    v, w, T = rng.normal(size=4), rng.uniform(0.2, 5, 4), 4.0
    p = special.softmax(v / T)
    for inside, tilt in ((w, w**T), (w ** (1 / T), w)):
        found = optimize.minimize(lambda z, a=inside: -(a * p * special.log_softmax(z / T)).sum(), v, tol=1e-12)
        target = tilt * special.softmax(v)
        np.testing.assert_allclose(special.softmax(found.x), target / target.sum(), atol=1e-4)


def test_dividing_by_the_shares_is_right_where_all_classes_have_the_same():
    claims("then $p_c/n_c$, made to sum 1, is right where all classes have the same share")
    density, n = np.array([0.3, 0.05, 0.6]), np.array([100, 8, 40])
    p = density * n / (density @ n)
    balanced = density / density.sum()
    np.testing.assert_allclose((p / n) / (p / n).sum(), balanced)
    claims("That is right where the shares go by $1/n_c^3$", "$12.5^3$, which is 1,953 times")
    elsewhere = density / n**3
    np.testing.assert_allclose((p / n**4) / (p / n**4).sum(), elsewhere / elsewhere.sum())
    assert int(12.5**3) == 1_953


# The record


def test_what_the_page_opens_with():
    claims(
        "Weighted labels, without any teacher, find",
        "more than the teacher.",
        "it comes as far as the teacher",
        "and stops.",
    )
    four = ("teacher", "kd_T4", "hard", "hard_weighted")
    assert max(four, key=mean) == "hard_weighted"
    assert all(higher("hard_weighted", other) for other in four[:3])
    assert lower("kd_T4", "teacher")
    assert straddles("kd_T4_weighted", "teacher")
    claims("The common ones, nearly all of them found so far, fall to")
    assert mean("kd_T4", COMMON) > 0.97
    assert lower("kd_T4_inside", "kd_T4", measure=COMMON)


def test_what_stops_at_the_teacher_and_what_does_not():
    claims("And at $T = 1$? There the weighted student passed its teacher")
    assert higher("kd_T4_weighted", "kd_T4")
    assert lower("kd_T4_weighted", "hard_weighted")
    assert higher("kd_T1_weighted", "teacher")
    assert straddles("kd_T1", "hard")
    assert abs(mean("kd_T1") - mean("hard")) < 0.01


def test_weights_inside_paid_at_1():
    claims(
        "At $T = 1$ they are multiplied by $12.5$, and on this test that paid",
        "more than that of weighted labels, and still",
    )
    assert higher("kd_T1_inside", "hard_weighted")
    assert higher("kd_T1_inside", "kd_T1_weighted")
    assert mean("kd_T1_inside", COMMON) > 0.97


def test_what_came_out():
    claims(
        "Weights find rare digits, and cost little.",
        "With weights on samples the teacher added nothing.",
        "Inside the sum, the student goes where the tilt says.",
        "On a test like training weights gain nothing.",
    )
    for weighted, plain in (("hard_weighted", "hard"), ("kd_T1_weighted", "kd_T1"), ("kd_T4_weighted", "kd_T4")):
        assert higher(weighted, plain)
        assert lower(weighted, plain, measure=COMMON)
        assert mean(plain, COMMON) - mean(weighted, COMMON) < 0.01
        assert straddles(weighted, plain, measure="imbalanced_accuracy")
    for arm in ("kd_T1_weighted", "kd_T4_weighted"):
        assert lower(arm, "hard_weighted")
    assert straddles("kd_T4_tilt", "kd_T4_inside", measure=COMMON)
    assert mean("kd_T4", COMMON) - mean("kd_T4_inside", COMMON) > 0.2
    assert round(100 * (mean("hard_weighted") - mean("hard")), 1) == 11.4
    assert round(100 * (mean("hard", COMMON) - mean("hard_weighted", COMMON)), 1) == 0.6


def test_the_controls():
    claims("a little harder, and mostly rare")
    behind = {arm: mean(arm, COMMON) - mean(arm) for arm in ("hard", "hard_100")}
    assert 0 < behind["hard_100"] < behind["hard"] / 5
    claims("would have kept them. It lost as many.")
    assert lower("kd_T4_tilt", "kd_T4", measure=COMMON)
    assert straddles("kd_T4_tilt", "kd_T4_inside", measure=COMMON)
    claims("more than the weights do on eight")
    assert higher("hard_25", "hard_weighted")


def test_the_readings():
    claims(
        "By the first, weights help:", "what chance alone gives falls too.", "the error over all digits *rises* there"
    )
    assert lower("kd_T1_weighted", "kd_T1", measure="classwise_rare_balanced")
    assert lower("kd_T1_weighted", "kd_T1", measure="classwise_rare_null")
    assert straddles("kd_T1_weighted", "kd_T1", measure="classwise_rare_imbalanced")
    assert higher("kd_T1_weighted", "kd_T1", measure="ece_imbalanced")
    claims("Weighted labels do it without a teacher, and a little better: the error at $T = 1$ is higher")
    assert higher("kd_T1_weighted", "hard_weighted", measure="classwise_rare_balanced")
    claims("Among the rows it *called* rare the student of $T = 4$ was better calibrated than that of labels")
    assert lower("kd_T4", "hard", measure="predicted_rare_balanced")
    assert lower("kd_T4", "hard")
    for reading in ("classwise", "true"):
        assert higher("kd_T4", "hard", measure=f"{reading}_rare_balanced")


def test_a_calibrated_model_looks_wrong_on_rows_of_one_label():
    claims("says *rare, $10\\,\\%$* where one row in ten is rare is calibrated", "it looks off by $90$ points")
    labels = np.repeat([1, 0], [10, 90])
    said = np.full(100, 0.1)
    assert abs(said.mean() - labels.mean()) < 1e-12
    assert abs(said[labels == 1].mean() - labels[labels == 1].mean()) == pytest.approx(0.9)


def test_who_never_names_a_rare_digit():
    claims("a model that never names a rare digit can be right in 96 of 100")
    assert 700 / 724 > 0.96
