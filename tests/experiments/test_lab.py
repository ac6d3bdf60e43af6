"""The lab: what it hands out, and every way past its guards that a mistake could take.

The data are three clouds in a plane of four numbers, which a small network learns in a moment.
"""

import ast
from functools import partial

import numpy as np
import pytest
import torch

from kdlab.evidence.code_hash import source_of
from kdlab.experiments import lab as module
from kdlab.experiments.__main__ import names_of_experiments
from kdlab.experiments.data import Rows, Split
from kdlab.experiments.lab import Lab, Lesson, gradient_norms
from kdlab.experiments.losses import cross_entropy, distillation_loss
from kdlab.experiments.networks import generators, initial_parameters, logits_of, with_features

ADAM = partial(torch.optim.Adam, lr=0.05)
START = partial(initial_parameters, (4, 8, 3))
HARD = partial(distillation_loss, alpha=0.0)
SOFT = partial(distillation_loss, alpha=1.0, temperature=2.0)


def clouds(seed):
    """Split 90 rows of three clouds: 60 to learn from, 24 to test on, 6 to show."""
    rng = np.random.default_rng([seed, 7])
    labels = rng.permutation(np.repeat(np.arange(3), 30))
    inputs = 3 * np.eye(3, 4)[labels] + 0.5 * rng.standard_normal((90, 4))
    parts = np.split(np.arange(90), [60, 84])
    return Split(*(array for rows in parts for array in (inputs[rows], labels[rows], rows)))


def answers(inputs):
    """Answer as a teacher that knows where the clouds are."""
    return 2 * inputs[..., :3]


@pytest.fixture
def lab():
    return Lab([3, 5])


@pytest.fixture
def split(lab):
    return lab.split(clouds)


def taught(lab, lessons, **options):
    return lab.students(lessons, START, ADAM, **{"steps": 40, "batch_size": 20} | options)


def swapped(split, rows):
    """Put a test row in the place of a training row, label and all, in the second seed."""
    inputs, labels = rows.inputs.copy(), rows.labels.copy()
    inputs[1, 4], labels[1, 4] = split.test_inputs[1, 7], split.test_labels[1, 7]
    return Rows(inputs, labels)


# --- what it hands out ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seeds", "error"), [([], ValueError), ([1, 1], ValueError), ([-1], ValueError), ([0.5], TypeError)]
)
def test_bad_seeds(seeds, error):
    with pytest.raises(error, match="seed"):
        Lab(seeds)


def test_the_splits_are_those_of_the_seeds(split):
    for i, seed in enumerate((3, 5)):
        for array, expected in zip(split.of(i), clouds(seed), strict=True):
            np.testing.assert_array_equal(array, expected)


def test_few_rows_are_some_of_the_rows_and_all_if_there_are_no_more(lab, split):
    few = lab.few(split, 12)
    assert few.train_inputs.shape == (2, 12, 4)
    for i in range(2):
        assert set(few.train_rows[i]) <= set(split.train_rows[i])
        np.testing.assert_array_equal(np.bincount(few.train_labels[i]), [4, 4, 4])
    assert lab.few(split, 60) is split


def test_kept_rows_are_the_rows_asked_for(split):
    kept = split.keep(np.array([[1, 2], [3, 0]]))
    np.testing.assert_array_equal(kept.train_inputs[1], split.train_inputs[1, [3, 0]])
    np.testing.assert_array_equal(split.of(1).keep(np.array([5])).train_inputs, split.train_inputs[1, [5]])
    np.testing.assert_array_equal(kept.test_inputs, split.test_inputs)


def test_arms_side_by_side_are_what_each_is_alone(lab, split):
    targets = answers(split.train_inputs)
    lessons = {
        "hard": Lesson(split.train, HARD),
        "kd": Lesson(split.train, SOFT, targets),
        "pseudo": Lesson(split.train, HARD, labels=targets.argmax(-1)),
    }
    together = taught(lab, lessons)
    for name, lesson in lessons.items():
        alone = taught(lab, {name: lesson})
        np.testing.assert_allclose(together[name].losses, alone[name].losses, rtol=1e-12)
        for i in range(2):
            np.testing.assert_allclose(together[name].parameters[0][0][i], alone[name].parameters[0][0][i], rtol=1e-10)


def test_a_lesson_of_labels_is_not_shown_the_teacher(lab, split):
    seen = []

    def hard(logits, targets, labels):
        seen.append(targets.shape[-1])
        return cross_entropy(logits, labels)

    taught(lab, {"hard": Lesson(split.train, hard), "kd": Lesson(split.train, SOFT, answers(split.train_inputs))})
    assert set(seen) == {0}


def test_a_loss_that_all_share_sees_all_networks_at_once(lab, split):
    seen = []

    def shared(outputs, targets, labels):
        seen.append((len(outputs.logits), len(outputs.features), targets.shape[-1]))
        return cross_entropy(outputs.logits, labels)

    lessons = {name: Lesson(split.train, shared) for name in "ab"}
    taught(lab, lessons, forward=with_features)
    assert set(seen) == {(4, 4, 0)}


def test_gradient_norms_are_those_of_torch(split):
    lesson = Lesson(split.train, SOFT, answers(split.train_inputs))
    start = START(generators([3, 5], "student"))
    for i, norm in enumerate(gradient_norms(lesson, start)):
        parameters = [tensor[i].clone().requires_grad_() for layer in start for tensor in layer]
        W1, b1, W2, b2 = parameters
        logits = torch.relu(torch.from_numpy(split.train_inputs[i]) @ W1 + b1) @ W2 + b2
        p, q = (torch.log_softmax(z / 2, -1) for z in (torch.from_numpy(answers(split.train_inputs[i])), logits))
        (4 * (p.exp() * (p - q)).sum(-1).mean()).backward()
        expected = torch.cat([tensor.grad.flatten() for tensor in parameters]).norm()
        assert float(norm) == pytest.approx(float(expected), rel=1e-10)


# --- records --------------------------------------------------------------------------------------------------------


def test_an_exam_is_noted_with_the_losses_of_the_lesson(lab, split):
    students = taught(lab, {"hard": Lesson(split.train, HARD)})["hard"]
    logits = logits_of(students.parameters, split.test_inputs)
    lab.exam("hard", logits, answers(split.test_inputs), split)
    lab.note("hard", [{"largest": float(z.max())} for z in logits])
    first, second = lab.records()
    assert (first["seed"], second["seed"], first["arm"]) == (3, 5, "hard")
    assert second["accuracy"] == np.mean(logits[1].argmax(-1) == split.test_labels[1])
    assert second["agreement"] == np.mean(logits[1].argmax(-1) == split.test_inputs[1, :, :3].argmax(-1))
    assert second["losses"] == students.losses[1, :20].tolist()
    assert second["largest"] == logits[1].max()


def test_a_teacher_is_graded(lab, split):
    teacher = lab.teacher(split, answers)
    assert lab.graded(teacher, split) == [
        {"accuracy": np.mean(x[:, :3].argmax(-1) == y)}
        for x, y in zip(split.test_inputs, split.test_labels, strict=True)
    ]


def test_a_measure_is_given_once_and_for_every_seed(lab):
    lab.note("arm", [{"x": 1.0}, {"x": 2.0}])
    with pytest.raises(ValueError, match="measures must be given once; x of arm"):
        lab.note("arm", [{"x": 1.0}, {"x": 2.0}])
    with pytest.raises(ValueError, match="one for each of 2 seeds; 1 were given"):
        lab.note("arm", [{"y": 1.0}])


def test_what_may_fail_or_copy_is_there(split):
    lab = Lab([3, 5], {"hard": "it is short of time"}, {"teacher": "it is the teacher"})
    taught(lab, {"hard": Lesson(lab.split(clouds).train, HARD)})
    with pytest.raises(ValueError, match=r"must name what is trained or examined; not \['teacher'\]"):
        lab.records()


# --- test rows in training, on every way ----------------------------------------------------------------------------


def test_test_rows_in_the_training_rows_of_a_data_set(lab):
    def leaky(seed):
        parts = clouds(seed)
        return parts._replace(train_inputs=np.concatenate([parts.train_inputs, parts.test_inputs[7:8]]))

    with pytest.raises(ValueError, match="train_inputs must hold no test image; 1 of 61 are"):
        lab.split(leaky)


def test_rows_learned_from_one_split_and_tested_by_another(lab, split):
    def other(seed):
        parts = clouds(seed)
        return parts._replace(
            train_inputs=parts.train_inputs + 1,
            test_inputs=parts.train_inputs[:9],
            test_labels=parts.train_labels[:9],
        )

    with pytest.raises(ValueError, match="test rows must be training rows of no other split; 9 are"):
        lab.split(other)


def test_a_test_row_among_few_labels(lab, split, monkeypatch):
    few_labels = module.few_labels

    def leaky(parts, count, *, seed):
        few = few_labels(parts, count, seed=seed)
        inputs, labels = few.train_inputs.copy(), few.train_labels.copy()
        inputs[2], labels[2] = parts.test_inputs[0], parts.test_labels[0]
        return few._replace(train_inputs=inputs, train_labels=labels)

    monkeypatch.setattr(module, "few_labels", leaky)
    with pytest.raises(ValueError, match="train_inputs must hold no test image; 1 of 12 are"):
        taught(lab, {"hard": Lesson(lab.few(split, 12).train, HARD)})


@pytest.mark.parametrize("teach", [lambda rows: (HARD,), lambda rows: (SOFT, answers(rows.inputs))])
def test_a_test_row_in_a_pool_without_labels(lab, split, teach):
    rows = swapped(split, split.train)
    lesson = Lesson(rows, *teach(rows))
    with pytest.raises(ValueError, match="train_inputs must hold no test image; 1 of 60 are") as caught:
        taught(lab, {"kd": lesson})
    assert caught.value.__notes__ == ["Found in kd."]


def test_a_test_row_that_a_view_lets_in(lab, split):
    def view(inputs):
        return np.concatenate([inputs[:, :50], split.test_inputs[:, :10]], axis=1)

    with pytest.raises(ValueError, match="train_inputs must hold no test image; 10 of 60 are"):
        taught(lab, {"hard": Lesson(split.train, HARD, view=view)})


def test_a_view_is_looked_at_once(lab, split):
    calls = []

    def view(inputs):
        calls.append(len(calls))
        return inputs if len(calls) == 1 else np.concatenate([inputs[:, :50], split.test_inputs[:, :10]], axis=1)

    taught(lab, {"hard": Lesson(split.train, HARD, view=view)})
    assert calls == [0]


def test_rows_of_another_seed_hold_its_test_rows_or_are_unknown(lab, split):
    with pytest.raises(ValueError, match="must be rows of Lab.split; 60 of 60 are not"):
        taught(lab, {"hard": Lesson(Rows(split.train.inputs[::-1], split.train.labels[::-1]), HARD)})


@pytest.mark.parametrize("teach", ["ensemble", "conv_teacher", "feature_teacher"])
def test_a_test_row_that_a_teacher_learns(lab, split, teach):
    rows = swapped(split, split.train)
    leaky = split._replace(train_inputs=rows.inputs, train_labels=rows.labels)
    with pytest.raises(ValueError, match="train_inputs must hold no test image; 1 of 60 are"):
        getattr(lab, teach)(leaky, *([4] if teach == "feature_teacher" else []))


def test_rows_that_the_lab_has_not_handed_out(lab, split):
    with pytest.raises(ValueError, match="must be rows of Lab.split; 60 of 60 are not"):
        taught(lab, {"hard": Lesson(Rows(split.train.inputs + 1, split.train.labels), HARD)})


# --- inputs, labels and targets out of step -------------------------------------------------------------------------


def test_inputs_that_are_shuffled_after_the_split(lab, split):
    rows = Rows(split.train.inputs[:, ::-1].copy(), split.train.labels)
    with pytest.raises(ValueError, match="labels must be those of their rows; 0.[5-8]"):
        taught(lab, {"kd": Lesson(rows, SOFT, answers(split.train_inputs))})


def test_targets_of_other_rows_unless_that_is_the_control(lab, split):
    lesson = Lesson(split.train, SOFT, answers(split.train_inputs[:, ::-1]))
    with pytest.raises(ValueError, match="answers must be as taught on most training rows"):
        taught(lab, {"other_rows": lesson})
    lab = Lab([3, 5], {"other_rows": "its targets are those of other rows"})
    taught(lab, {"other_rows": lesson._replace(rows=lab.split(clouds).train)})


def test_a_teacher_whose_labels_are_not_of_its_rows(lab, split):
    with pytest.raises(ValueError, match="labels must be those of the rows in teacher_logits"):
        lab.teacher(split, lambda inputs: answers(inputs)[..., ::-1, :])
    with pytest.raises(ValueError, match="labels must be those of their rows"):
        lab.teacher(split._replace(test_labels=split.test_labels[:, ::-1]), answers)


def test_test_labels_that_are_shuffled_before_the_exam(lab, split):
    shuffled = split._replace(test_labels=split.test_labels[:, ::-1])
    with pytest.raises(ValueError, match="labels must be those of their rows"):
        lab.exam("arm", answers(split.test_inputs) ** 3, answers(split.test_inputs), shuffled)


@pytest.mark.parametrize(
    "wrong",
    [lambda z: z[:, 1:], lambda z: np.concatenate([z, z]), lambda z: z[0], lambda z: z[..., :1]],
    ids=["rows left out", "networks of no seed", "one seed for all", "one class for all"],
)
def test_an_exam_of_logits_that_numpy_would_stretch_or_cut(lab, split, wrong):
    z = answers(split.test_inputs)
    for logits, teacher_logits in ((wrong(z) ** 3, z), (z**3, wrong(z))):
        with pytest.raises(ValueError, match="logits and teacher_logits must be of all test rows .* given for arm"):
            lab.exam("arm", logits, teacher_logits, split)


def test_an_exam_on_other_rows(lab, split):
    with pytest.raises(ValueError, match="test_inputs must be rows of Lab.split"):
        lab.exam(
            "arm",
            answers(split.test_inputs),
            answers(split.test_inputs),
            split._replace(test_inputs=split.test_inputs + 1),
        )


def test_a_loss_that_is_one_number_for_all_networks(lab, split):
    def mean_of_all(logits, targets, labels):
        return cross_entropy(logits, labels).mean()

    with pytest.raises(ValueError, match="loss must return one number for each of 2 networks"):
        taught(lab, {"hard": Lesson(split.train, mean_of_all)})


# --- students that have learned nothing, or are their teacher -------------------------------------------------------


def by_itself(logits, targets, labels):
    return distillation_loss(logits, logits, labels, alpha=1.0)


def wrong_way(logits, targets, labels):
    return cross_entropy(logits, (labels + 1) % 3)


@pytest.mark.parametrize(
    ("loss", "optimiser", "moving", "message"),
    [
        (by_itself, ADAM, False, "losses must fall; they went from 0 to 0"),
        (by_itself, ADAM, True, "answers must be as taught on most training rows"),
        (SOFT, partial(torch.optim.SGD, lr=0.0), True, "answers must be as taught on most training rows"),
        (wrong_way, ADAM, False, "answers must be as taught on most training rows; only 0"),
    ],
)
def test_a_student_that_has_not_learned_what_it_was_taught(lab, split, loss, optimiser, moving, message):
    lesson = Lesson(split.train, loss, answers(split.train_inputs), moving=moving)
    with pytest.raises(ValueError, match=message):
        lab.students({"kd": lesson}, START, optimiser, steps=40, batch_size=20)
    lab = Lab([3, 5], {"kd": "that it fails is what it is to show"})
    lab.students({"kd": lesson._replace(rows=lab.split(clouds).train)}, START, optimiser, steps=40, batch_size=20)


@pytest.mark.parametrize(
    "copy",
    [
        lambda z: z.copy(),
        lambda z: z + 5,
        lambda z: z.astype(np.float16).astype(float),
        lambda z: z * (1 + 1e-4),
        lambda z: np.round(z / np.abs(z).max() * 127) * np.abs(z).max() / 127,
    ],
    ids=["the same", "shifted", "half precision", "last digits", "8 bits"],
)
def test_a_copy_of_the_teacher(lab, split, copy):
    teacher_logits = answers(split.test_inputs)
    with pytest.raises(ValueError, match="logits must be the student's; they are the teacher's"):
        lab.exam("copy", copy(teacher_logits), teacher_logits, split)
    lab = Lab([3, 5], may_copy={"copy": "it is the teacher with 8 bits"})
    lab.split(clouds)
    lab.exam("copy", copy(teacher_logits), teacher_logits, split)
    assert lab.records()[0]["agreement"] > 0.9


# --- no way round it ------------------------------------------------------------------------------------------------

FOR_THE_LAB = {"train", "train_members", "train_conv_teachers", "train_feature_teachers", "stacked"}


@pytest.mark.parametrize("name", names_of_experiments())
def test_no_experiment_trains_by_itself(name):
    tree = ast.parse(source_of(f"kdlab.experiments.{name}").read_text(encoding="utf-8"))
    imported = {
        alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    ours = {full.rpartition(".")[2] for full in imported if full.startswith("kdlab.experiments.")}
    assert not ours & FOR_THE_LAB
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "zero_grad" not in attributes, "what trains is Lab.students"
