"""Mistakes that no file names are told all the same: each wrong solution, with its file taken out of the exercise."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from small import changed, write_exercise

from kdlab.practice import cases, folder
from kdlab.practice.folder import ExerciseError
from kdlab.practice.kinds import traits
from kdlab.practice.prove import results

EXERCISES = Path(__file__).parents[2] / "exercises"


def message_without(name, wrong, function):
    """Return what a student is told who wrote this wrong solution, if no file names it."""
    exercise = folder.read(EXERCISES / name)
    solution = next(each for each in exercise.wrong if each.name == wrong)
    exercise = dataclasses.replace(exercise, wrong=tuple(each for each in exercise.wrong if each.name != wrong))
    paper = cases.paper(exercise, np.random.default_rng(7))
    result = results(paper, cases.namespace(paper.exercise, solution))[function]
    assert (result.points, result.wrong) == (0, "")
    return result.message


IS = "In every case your values are the "


@pytest.mark.parametrize(
    ("name", "wrong", "function", "begins"),
    [
        ("temperature/softmax", "ignores_temperature", "softmax_at", f"{IS}right ones for temperature = 1."),
        ("temperature/softmax", "multiplies", "softmax_at", f"{IS}right ones for 1 / temperature."),
        ("temperature/softmax", "sums_over_rows", "softmax_at", f"{IS}right ones along the first axis instead of"),
        ("temperature/softmax", "wrong_sign", "softmax_slope", f"{IS}expected ones with the other sign."),
        ("temperature/softmax", "not_squared", "softmax_slope", f"{IS}expected ones times T."),
        ("temperature/softmax", "counts_masked", "softmax_limits", "Right in all cases but those with a masked class."),
        ("temperature/softmax", "first_of_a_tie", "softmax_limits", "Right in all cases but those with a tie of the"),
        ("temperature/debug", "bad_no_t_squared", "distillation_gradient", f"{IS}expected ones divided by T squared."),
        ("temperature/debug", "bad_mean_over_classes", "distillation_gradient", f"{IS}expected ones divided by C."),
        ("temperature/debug", "bad_sum_over_samples", "distillation_gradient", f"{IS}expected ones times N."),
        (
            "temperature/debug",
            "bad_swapped_roles",
            "distillation_gradient",
            f"{IS}right ones for student_logits and teacher_logits in each other's place. {IS}expected ones with the",
        ),
        ("temperature/debug", "bad_teacher_with_itself", "distillation_gradient", "In every case all your values are"),
        ("pruning/debug", "bad_inverted", "fine_tune", f"{IS}right ones for mask turned round."),
        ("pruning/debug", "velocity_at_the_start_only", "fine_tune", "Wherever it is not right, some of your values "),
        ("pruning/debug", "masks_velocity_too_late", "fine_tune", "Wherever it is not right, some of your values are "),
        ("pruning/debug", "looks_ahead", "fine_tune", "Where the mask is False your values are 0, as they should be;"),
        ("pruning/prune_mask", "mean", "movement_score", f"{IS}expected ones divided by the number of steps."),
        (
            "pruning/prune_mask",
            "rounds",
            "number_pruned",
            "Wherever it is not right, your values are one more than the",
        ),
        (
            "temperature/softmax",
            "slope_of_logarithm",
            "softmax_slope",
            "In every case your values are those of right code with one change: a part of",
        ),
        ("pruning/prune_mask", "counts_kept", "number_pruned", f"{IS}right ones for 1 - sparsity."),
        ("pruning/prune_mask", "absolute", "keep_masks", f"{IS}right ones for the magnitudes of scores."),
        ("pruning/prune_mask", "keeps_small", "keep_masks", f"{IS}right ones for -scores."),
        ("pruning/prune_mask", "marks_pruned", "keep_masks", "In every case your values are True where False is"),
        ("pruning/prune_mask", "signed", "prune_in_rounds", "In every case as many of your values are True as should"),
    ],
)
def test_a_mistake_that_no_file_names_is_told_by_what_holds_in_every_case(name, wrong, function, begins):
    assert message_without(name, wrong, function).startswith(begins)


@pytest.mark.parametrize(
    ("name", "wrong", "function"),
    [
        ("temperature/softmax", "plain_mean", "softmax_slope"),
        ("temperature/debug", "bad_reversed_kl", "distillation_gradient"),
        ("pruning/prune_mask", "distance", "movement_score"),
    ],
)
def test_a_mistake_of_no_such_kind_is_told_by_its_first_case_alone(name, wrong, function):
    assert message_without(name, wrong, function).startswith(f"{function}(")


def test_one_step_too_few_is_told(tmp_path):
    powers = {
        "exercise.md": changed("exercise.md", "doubled = x + x", "doubled = np.array([3.0, 2.0]) ** x")["exercise.md"],
        "checks.py": changed("checks.py", "(3.0,)", "(3,)")["checks.py"]
        .replace("0.0,", "1,")
        .replace("rng.normal()", "5")
        .replace("forbids", 'kinds = {"x": "count"}\n        forbids'),
        "wrong/squares.py": None,
    }
    exercise = folder.read(write_exercise(tmp_path, **powers))
    paper = cases.paper(exercise, np.random.default_rng(0))
    names = cases.namespace(exercise) | {"double": lambda x: np.array([3.0, 2.0]) ** (x - 1)}
    assert results(paper, names)["double"].message.startswith(f"{IS}right ones for x - 1.")


def test_a_kind_that_does_not_exist_is_refused(tmp_path):
    path = write_exercise(tmp_path, **changed("checks.py", "forbids", 'kinds = {"x": "logit"}\n        forbids'))
    with pytest.raises(ExerciseError, match=r"checks\.py:3: the kind of x must be one of logits, .*'logit' was given"):
        folder.read(path)


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("logits", np.array([[1.0, 1.0, 0.0]]), {"an axis of length 1", "a tie of the largest logits"}),
        ("logits", np.array([0.0, 0.0, 1.0]), set()),  # a tie, but not of the largest
        ("logits", np.array([2.0, 2.0, 2.0]), {"a tie of the largest logits", "a tie of three"}),
        ("logits", np.array([1.0, 1.0 + 1e-7]), {"logits that hardly differ"}),
        ("logits", np.array([1.0, -np.inf]), {"a masked class"}),
        ("logits", np.array([800, 0]), {"large logits", "logits of some hundreds", "integers"}),
        ("logits", np.float32([[[1, 2]] * 2] * 2), {"several rows", "more than two dimensions", "float32"}),
        ("weights", [np.array([1.0, 2.0]), np.array([0.0, -1.0])], {"a zero", "negative numbers"}),
        ("weights", np.array([1e-12, 2e6]), {"tiny numbers", "huge numbers"}),
        ("fraction", 0.29, set()),
        ("fraction", [0.25, 1 / 3], {"a fraction that is not a decimal"}),
        ("fraction", 0.005, {"a fraction below one in a hundred"}),
        ("temperature", 0.01, {"a temperature below 1", "a temperature of a hundredth or less"}),
        ("count", 0, {"a count of 0"}),
        ("mask", np.array([True, True]), {"everything kept"}),
        ("", "anything", set()),
    ],
)
def test_traits_are_seen_in_arguments(kind, value, found):
    assert set(traits([kind], [value])) == found
