"""The claims of the chapter on calibration: each is looked up in its text, and computed here without kdlab.

A claim that is reworded must be looked at again, so its test fails.
"""

import json
import math

import numpy as np
import pytest
import torch
from scipy import optimize, special, stats

from chapters.chapter import Chapter, Record, printed_by

CHAPTER = Chapter("interplay/calibration")
claims, passage = CHAPTER.claims, CHAPTER.passage
RECORD = Record("uncertainty")
higher, lower, interval = RECORD.higher, RECORD.lower, RECORD.interval


def mean(arm, measure):
    return RECORD.of_seeds(arm, measure).mean()


def straddles(*pair, measure):
    """Return whether a difference may be 0."""
    found = interval(*pair, measure)
    return found.low < 0 < found.high


def ece(confidence, correct, num_bins):
    confidence, correct = np.asarray(confidence, float), np.asarray(correct, float)
    error = 0.0
    for b in range(num_bins):
        inside = (confidence > b / num_bins) & (confidence <= (b + 1) / num_bins)
        if b == 0:
            inside |= confidence == 0
        if inside.any():
            error += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return error


def chance_of_bin(n, p):
    k = np.arange(n + 1)
    return float(np.abs(k / n - p) @ stats.binom.pmf(k, n, p))


# By hand


def test_the_example_and_its_blanks():
    claims(
        "So $\\mathrm{ECE} = \\frac{5}{10} \\cdot 0 + \\frac{5}{10} \\cdot 0.1 = 0.05$",
        "$3/4 - 0.7 = 0.05$, and $0.9 - 3/6 = 0.4$",
        "\\cdot 0.4 = 0.26$",
    )
    assert ece([0.6] * 5 + [0.9] * 5, [1, 1, 1, 0, 0, 1, 1, 1, 1, 0], 15) == pytest.approx(0.05)
    assert ece([0.7] * 4 + [0.9] * 6, [1, 1, 1, 0, 1, 1, 1, 0, 0, 0], 15) == pytest.approx(0.26)


def test_the_three_questions_before():
    claims("$\\binom{10}{5}/2^{10} = 252/1024$, about a quarter")
    assert math.comb(10, 5) == 252
    assert 252 / 1024 == pytest.approx(1 / 4, abs=0.005)


# The cells


def test_bins_of_the_ten_answers():
    assert CHAPTER.ran[1][0].splitlines() == [
        " 1 bins: ECE 0.050",
        " 5 bins: ECE 0.050",
        "15 bins: ECE 0.050",
        "answers in each bin [0. 0. 5. 0. 5.]",
    ]


def test_a_bin_hides_an_error():
    claims("In one bin the two mistakes cancel:")
    shown = [float(line.split()[-1]) for line in CHAPTER.ran[1][1].splitlines()]
    by_hand = [ece([0.55] * 10 + [0.95] * 10, [1] * 10 + [1, 0] * 5, M) for M in (1, 2, 3, 15)]
    assert shown == pytest.approx(by_hand, abs=0.005)
    assert shown == [0, 0, 0.45, 0.45]


def test_what_chance_gives_by_hand():
    claims(
        "On average it is $1/4$",
        "A perfect forecaster would show $0.142$ on such ten.",
    )
    ten = (chance_of_bin(5, 0.6) + chance_of_bin(5, 0.9)) / 2
    assert (chance_of_bin(2, 0.5), chance_of_bin(20, 0.9), ten) == pytest.approx((0.25, 0.0513, 0.142), abs=5e-4)
    shown = [float(line.split()[-1]) for line in CHAPTER.ran[1][2].splitlines()]
    assert shown == pytest.approx([0.25, 0.0513, 0.142])


def test_the_closed_form_and_its_approximation():
    for n in (1, 2, 3, 7, 20, 200):
        for p in (0.05, 1 / 3, 0.5, 0.9):
            f = math.floor(n * p)
            closed = 2 * (f + 1) / n * math.comb(n, f + 1) * p ** (f + 1) * (1 - p) ** (n - f)
            assert closed == pytest.approx(chance_of_bin(n, p))
    claims("four times as many rows halve what chance gives")
    assert chance_of_bin(800, 0.9) == pytest.approx(math.sqrt(2 * 0.09 / (math.pi * 800)), rel=0.01)
    assert chance_of_bin(800, 0.9) / chance_of_bin(200, 0.9) == pytest.approx(1 / 2, abs=0.01)


def test_two_questions_of_two_classes():
    shown = [float(line.split()[-1]) for line in CHAPTER.ran[1][3].splitlines()]
    assert shown == [0.15, 0.25]
    assert ece([0.9] * 4, [1, 0, 1, 1], 5) == pytest.approx(0.15)
    assert ece([0.1, 0.1, 0.9, 0.9], [0, 1, 1, 1], 5) == pytest.approx(0.25)


def nll(T, z, labels):
    return -special.log_softmax(z / T, axis=1)[np.arange(len(labels)), labels].mean()


def test_which_inputs_a_temperature_is_fitted_to():
    claims("It needs logits. Their softmax's logarithms do as well. Probabilities in their place give a number")
    names, outputs = CHAPTER.ran
    shown = [float(line.split()[-1]) for line in outputs[4].splitlines()]
    z, labels = names["z"], names["labels"]
    inputs = (z, 3 * z, special.log_softmax(3 * z, axis=1), special.softmax(3 * z, axis=1))
    found = [optimize.minimize_scalar(nll, bounds=(0.01, 20), args=(of, labels), method="bounded").x for of in inputs]
    assert shown == pytest.approx(found, abs=0.01)
    assert shown[0] == pytest.approx(1, abs=0.05)
    assert shown[1] == pytest.approx(3, abs=0.1)
    assert shown[1] == shown[2]
    assert shown[3] < 1


def test_torch_finds_the_least_loss():
    (shown,) = (code for code in CHAPTER.shown if "torch" in code)
    names = {}
    printed = printed_by(shown, names)
    logits, labels = names["logits"].numpy(), names["labels"].numpy()
    T = optimize.minimize_scalar(nll, bounds=(0.1, 20), args=(logits, labels), method="bounded").x
    assert printed == f"T = {T:.2f}\n"
    assert pytest.approx(3, abs=0.15) == T
    claims("Without `zero_grad` the gradients of all calls add up.")
    once, twice = (torch.ones(1, dtype=torch.float64, requires_grad=True) for _ in range(2))
    for beta, calls in ((once, 1), (twice, 2)):
        for _ in range(calls):
            torch.nn.functional.cross_entropy(beta * names["logits"], names["labels"]).backward()
    torch.testing.assert_close(twice.grad, 2 * once.grad)


# What the text says besides


def test_the_forecaster_who_is_asked_about_rainy_days_alone():
    claims("each on a third of the days", "The error is $0.45$", "is off by up to $27$ points")
    said = np.array([0.1, 0.4, 0.7])
    sure, right = np.array([0.9, 0.6, 0.7]), np.array([0, 0, 1])
    assert np.average(np.abs(right - sure), weights=said) == pytest.approx(0.45)
    assert max(3 * said / (3 * said + 1 - said) - said) == pytest.approx(0.267, abs=5e-4)


def test_boldness_is_rewarded_on_the_rows_of_a_class():
    claims("who says it always, with probability 1, has none")
    said = np.array([0.1, 0.4, 0.7])  # of rain; the answer is right if it is "rain"
    errors = []
    for bold in (1, 3, 10, 100, 1e9):
        p = bold * said / (bold * said + 1 - said)
        sure = np.maximum(p, 1 - p)
        errors.append(np.average(np.abs((p > 0.5) - sure), weights=said))
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-8


def test_three_coins():
    claims("as with two answers. With two, the gap could be 0.")
    assert chance_of_bin(3, 0.5) == pytest.approx(1 / 4)
    assert chance_of_bin(2, 0.5) == pytest.approx(1 / 4)


def test_a_share_of_the_rows_has_no_error():
    claims("Who gives every class its share among the rows measured has an error of 0.")
    labels = np.array([0] * 6 + [1] * 3 + [2])
    assert ece(np.full(10, 0.6), labels == 0, 15) == pytest.approx(0, abs=1e-12)


def test_proper_scores_are_least_for_what_is_true():
    claims(
        "one that is best on average only for the true probabilities: the negative log-likelihood, or the Brier score"
    )
    p = np.linspace(0.01, 0.99, 99)
    for true in (0.2, 0.5, 0.83):
        log_loss = -(true * np.log(p) + (1 - true) * np.log(1 - p))
        brier = true * (1 - p) ** 2 + (1 - true) * p**2
        assert p[log_loss.argmin()] == pytest.approx(true)
        assert p[brier.argmin()] == pytest.approx(true)


def test_rows_that_are_all_right_have_no_minimum():
    claims("If every fitted row is right, the likelihood rises all the way to $T = 0$.")
    z, labels = np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([0, 1])
    losses = [nll(T, z, labels) for T in (4, 2, 1, 0.5, 0.25, 0.1)]
    assert losses == sorted(losses, reverse=True)


def test_a_diary_of_ones_own_is_read(tmp_path, monkeypatch):
    (code,) = (each for each in CHAPTER.shown if "diary" in each)
    kept = [{"kind": "prediction", "confidence": 0.9, "right": False}] * 12 + [
        {"kind": "card", "card": "x", "knew": True}
    ]
    (tmp_path / "kdlab-2026-01-01.json").write_text(json.dumps({"kdlab": 2, "kept": {"diary": kept}}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert printed_by(code, {}) == "12 answers, ECE 0.900; as large in 0% of calibrated readers\n"


# The record


def test_what_the_page_opens_with():
    claims("It is the one that looks at nothing:")
    others = ("teacher", "997_hard", "997_kd_T4", "100_hard", "100_kd_T4")
    assert all(mean("digits_constant", "ece") < mean(f"digits_{other}", "ece") for other in others)
    assert all(lower("digits_constant", f"digits_{other}", measure="ece") for other in others)
    assert mean("digits_constant", "accuracy") < 0.11
    assert mean("digits_teacher", "null_ece") > 0.01


def test_most_of_a_good_models_error_is_chance():
    claims("**Most of the teacher's error is chance.**")
    assert mean("digits_teacher", "null_ece") > 0.75 * mean("digits_teacher", "ece")


def test_by_the_error_itself_the_less_calibrated_one_wins():
    claims(
        "By ECE the first is worse,",
        "Beyond chance it is better,",
        "it is less sure, so chance gives it more",
        "It is right less often",
    )
    pair = "digits_100_hard_scaled", "digits_100_kd_T4"
    assert higher(*pair, measure="ece")
    assert lower(*pair, measure="excess_ece")
    assert higher(*pair, measure="null_ece")
    assert lower(*pair)


def test_one_number_does_as_much():
    claims("nothing to be seen. What stays is knowledge:")
    assert lower("digits_100_kd_T4", "digits_100_hard", measure="excess_ece")
    pair = "digits_100_kd_T4_scaled", "digits_100_hard_scaled"
    assert straddles(*pair, measure="excess_ece")
    assert lower(*pair, measure="nll")


def side_of_1(arm):
    """Return whether fitted temperatures lie above 1 (1), below (-1), or on either side (0), by their interval."""
    T = RECORD.of_seeds(arm, "temperature")
    half = stats.sem(T) * stats.t.ppf(0.975, len(T) - 1)
    return int(T.mean() - half > 1) - int(T.mean() + half < 1)


def test_students_are_further_too_sure_than_their_teachers():
    claims(
        "**All labels: at $T = 4$ students are too sure, further so than their teachers.**",
        "A fitted temperature above 1 means too sure, below 1 not sure enough.",
        "Its accuracy differs too,",
        "With 100 images students of labels are too sure as well:",
        "why students go further was not looked into.",
    )
    for rows in ("digits_997", "signals_3000"):
        teacher = f"{rows.partition('_')[0]}_teacher"
        assert [side_of_1(arm) for arm in (f"{rows}_hard", teacher, f"{rows}_kd_T4")] == [-1, 1, 1]
        assert higher(f"{rows}_kd_T4", teacher, measure="temperature")
        assert higher(f"{rows}_kd_T4", f"{rows}_hard", measure="temperature")
        assert higher(f"{rows}_kd_T4", f"{rows}_hard", measure="excess_ece")
    assert straddles("signals_3000_kd_T4_scaled", "signals_3000_hard_scaled", measure="excess_ece")
    assert lower("signals_3000_kd_T4", "signals_3000_hard")
    assert side_of_1("digits_100_hard") == 1


def test_the_control():
    claims("its students at $T = 1$ would be too sure as well. On digits they are not:")
    assert side_of_1("digits_997_kd_T1") == -1
    assert lower("digits_997_kd_T1", "digits_teacher", measure="temperature")


def test_scaling_changes_no_answer():
    claims("No answer changes, since no order of logits does")
    for arm in ("digits_100_hard", "digits_997_kd_T4", "signals_3000_kd_T4"):
        np.testing.assert_array_equal(RECORD.of_seeds(arm, "accuracy"), RECORD.of_seeds(f"{arm}_scaled", "accuracy"))


def test_the_links_lead_to_what_is_said():
    claims(
        "an ECE of $0.046$ without any cut, $0.098$ with cuts at nearly equal distances",
        "$0.205$ with three bad ones",
        "a perfect forecaster shows $0.129$ on average",
        "in about one of four test sets he looks better",
    )
    from kdlab.explore.calibration import cuts, perfect
    from kdlab.explore.play import Run

    assert "error 0.205" in cuts.explorable.picture(cuts=(0.58, 0.66, 0.8)).sentence
    assert "error 0.098" in cuts.explorable.picture().sentence
    sentence = perfect.explorable.picture(run=Run(400), excess=0.05).sentence
    assert 20 <= int(sentence.rpartition("better in ")[2].partition(" %")[0]) <= 30
