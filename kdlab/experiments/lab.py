"""The lab: what an experiment is given, and its only way to data, teachers, students and records.

    def run(lab: Lab) -> None:
        split = lab.split(digits)                          # of all seeds at once: the seed is the first axis
        few = lab.few(split, 100)                          # fewer rows to learn from
        teacher = lab.ensemble(split)                      # or conv_teacher, feature_teacher, teacher
        lab.note("teacher", lab.graded(teacher, split))
        students = lab.students(                           # side by side; of a seed: one start, one order of rows
            {
                "hard": Lesson(few.train, partial(distillation_loss, alpha=0.0)),
                "kd": Lesson(few.train, partial(distillation_loss, alpha=1.0, temperature=4.0), teacher.on(few)),
            },
            partial(initial_parameters, (64, 16, 10)), OPTIMISER, steps=600, batch_size=128,
        )
        for arm, networks in students.items():
            logits = logits_of(networks.parameters, split.test_inputs)
            lab.exam(arm, logits, teacher.test_logits, split)   # accuracy, kl, agreement, and the first losses
            lab.note(arm, [{"largest": float(z.max())} for z in logits])    # a measure more, one dict for each seed

On each of these ways stands a guard (`kdlab.experiments.guards`): no network sees a row that it is tested on, whatever
way the row has come; inputs, labels and targets belong to one another; a network has learned what it was taught; a
student is not its teacher, nor nearly. An arm that must fail, or copy, is declared in its Experiment, with the reason.
An experiment imports nothing that trains, and calls no data set itself (tests/experiments/test_lab.py).

A rewritten experiment is compared with the records that it had: `kdlab.experiments.replay`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kdlab.evidence.intervals import Record
from kdlab.experiments.data import Rows, Split, check_seed, few_labels, stacked
from kdlab.experiments.guards import (
    check_agreement,
    check_labels_match,
    check_learning,
    check_no_test_rows_in_training,
    check_same_labels,
    check_student_is_not_teacher,
)
from kdlab.experiments.measures import accuracy, of_student
from kdlab.experiments.networks import (
    Forward,
    Hook,
    Layers,
    Trained,
    WithFeatures,
    conv_forward,
    forward,
    generators,
    logits_of,
    train,
)
from kdlab.experiments.teachers import (
    ensemble_logits,
    member_logits,
    train_conv_teachers,
    train_feature_teachers,
    train_members,
)

REPLAYED_STEPS = 20  # losses that a record keeps
Logits = NDArray[np.float64]


class Lesson(NamedTuple):
    """What networks learn: their rows, and a loss of (outputs, targets, labels) for each network.

    Attributes
    ----------
    rows : Rows
        Inputs (n, N, D) and labels (n, N), as the lab has handed them out; n is the number of seeds, or `seeds` says
        whose the networks are.
    loss : function
        From what `forward` returns, the targets (n, B, K) and the labels (n, B) of a mini-batch to (n,). If all lessons
        that are trained side by side have one and the same, it is called once, for the networks of all of them.
    targets : ndarray, shape (n, N, K), or None
        What the teacher says of the rows: logits of the C classes, then whatever else the loss takes. None where
        labels alone teach: the loss is then given targets with K = 0.
    labels : ndarray, shape (n, N), or None
        Taught in the place of the rows' own, such as a teacher's first choices.
    view : function or None
        From the inputs to what the networks see of them, of the same shape.
    seeds : sequence of int or None
        Of each network, where there are other than one for each seed of the lab.
    moving : bool
        Whether weights of the loss move while it is trained, so that it need not fall.
    """

    rows: Rows
    loss: Callable[[Any, Tensor, Tensor], Tensor]
    targets: NDArray[np.float64] | None = None
    labels: NDArray[np.int64] | None = None
    view: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None
    seeds: Sequence[int] | None = None
    moving: bool = False

    @property
    def inputs(self) -> NDArray[np.float64]:
        """What the networks see, (n, N, D)."""
        return self.view(self.rows.inputs) if self.view else self.rows.inputs


@dataclass(frozen=True)
class Teacher:
    """The teachers of the seeds: what they answer, (S, N, D) -> (S, N, C), on training and on test rows, and losses."""

    logits: Callable[[NDArray[np.float64]], Logits]
    train_logits: Logits
    test_logits: Logits
    networks: Trained | None = None

    def on(self, split: Split) -> Logits:
        """Return the answers on the training rows of a split."""
        return self.logits(split.train_inputs)


class Lab:
    """Hands out data, teachers and students of some seeds, and keeps the records."""

    def __init__(
        self, seeds: Sequence[int], may_fail: Mapping[str, str] | None = None, may_copy: Mapping[str, str] | None = None
    ) -> None:
        """Open a lab for some seeds, with the arms that may fail or copy, and why.

        Raises
        ------
        TypeError, ValueError
            If there is no seed, one occurs twice, or is not an integer of at least 0.
        """
        if not len(seeds) or len(set(seeds)) != len(seeds):
            raise ValueError(f"seeds must be at least one, each once; {list(seeds)} was given.")
        for seed in seeds:
            check_seed(seed)
        self.seeds = [int(seed) for seed in seeds]
        self._may_fail, self._may_copy = dict(may_fail or {}), dict(may_copy or {})
        self._names: set[str] = set()
        self._to_learn: dict[int, dict[bytes, int]] = {seed: {} for seed in self.seeds}
        self._to_test: dict[int, dict[bytes, int]] = {seed: {} for seed in self.seeds}
        self._classes: dict[int, int] = {}  # by the length of an input
        self._losses: dict[str, NDArray[np.float64]] = {}
        self._notes: dict[str, list[dict[str, Any]]] = {}

    # --- data -------------------------------------------------------------------------------------------------------

    def split(self, source: Callable[[int], Split]) -> Split:
        """Split a data set for each seed.

        Parameters
        ----------
        source : function
            From a seed to its split, such as `kdlab.experiments.data.digits`.

        Returns
        -------
        Split
            Stacked: (S, N, D) inputs, (S, N) labels.

        Raises
        ------
        ValueError
            If a test row is also a training row, of this split or of one before.
        """
        splits = [source(seed) for seed in self.seeds]
        for seed, parts in zip(self.seeds, splits, strict=True):
            check_no_test_rows_in_training(parts.train_inputs, parts.test_inputs)
            self._to_learn[seed] |= by_image(parts.train_inputs, parts.train_labels)
            self._to_test[seed] |= by_image(parts.test_inputs, parts.test_labels)
            both = self._to_learn[seed].keys() & self._to_test[seed].keys()
            if both:  # what has learned from the one split would be tested by the other
                raise ValueError(f"test rows must be training rows of no other split; {len(both)} are.")
            classes = 1 + max(int(labels.max()) for labels in (parts.train_labels, parts.test_labels))
            self._classes[parts.train_inputs.shape[-1]] = classes
        return stacked(splits)

    def few(self, split: Split, count: int) -> Split:
        """Keep `count` training rows of each seed, stratified by class, or all if there are no more.

        Parameters
        ----------
        split : Split
            Of all seeds.
        count : int
            As for `kdlab.experiments.data.few_labels`.
        """
        if count >= split.train_labels.shape[1]:
            return split
        return stacked([few_labels(split.of(i), count, seed=seed) for i, seed in enumerate(self.seeds)])

    # --- teachers ---------------------------------------------------------------------------------------------------

    def ensemble(self, split: Split) -> Teacher:
        """Train five networks for each seed, whose mean probability is the teacher; `networks` has the five of each."""
        self._check_rows("teacher", split.train, self.seeds)
        members = train_members(split, self.seeds)
        return self.teacher(split, lambda inputs: ensemble_logits(member_logits(members.parameters, inputs)), members)

    def conv_teacher(self, split: Split, channels: Sequence[int] = (16, 32)) -> Teacher:
        """Train one convolutional network for each seed."""
        self._check_rows("teacher", split.train, self.seeds)
        networks = train_conv_teachers(split, self.seeds, channels)
        return self.teacher(split, lambda inputs: logits_of(networks.parameters, inputs, conv_forward), networks)

    def feature_teacher(self, split: Split, width: int) -> Teacher:
        """Train one perceptron of one hidden layer for each seed."""
        self._check_rows("teacher", split.train, self.seeds)
        networks = train_feature_teachers(split, self.seeds, width)
        return self.teacher(split, lambda inputs: logits_of(networks.parameters, inputs), networks)

    def teacher(
        self, split: Split, logits: Callable[[NDArray[np.float64]], Logits], networks: Trained | None = None
    ) -> Teacher:
        """Let something teach that answers inputs with logits.

        Parameters
        ----------
        split : Split
            What it has learned, and its test rows.
        logits : function
            From inputs (S, N, D) to logits (S, N, C).
        networks : Trained or None
            What answers, if it was trained here.

        Raises
        ------
        ValueError
            If its losses did not fall, or it does not name the label of most training and of most test rows.
        """
        for losses in networks.losses if networks else ():
            check_learning(losses)
        found = Teacher(logits, logits(split.train_inputs), logits(split.test_inputs), networks)
        for i, seed in enumerate(self.seeds):
            self._check_test_labels(split.of(i), seed)
            check_labels_match(found.train_logits[i], split.train_labels[i])
            check_labels_match(found.test_logits[i], split.test_labels[i])
        return found

    def graded(self, teacher: Teacher, split: Split) -> list[dict[str, Any]]:
        """Return what is measured of teachers, for `note`: accuracy on the test rows, and the first losses.

        Those of an ensemble are the mean of its members'.
        """
        right = [accuracy(*pair) for pair in zip(teacher.test_logits, split.test_labels, strict=True)]
        measures: list[dict[str, Any]] = [{"accuracy": value} for value in right]
        if teacher.networks:
            first = teacher.networks.losses[:, :REPLAYED_STEPS].reshape(len(self.seeds), -1, REPLAYED_STEPS)
            for of_seed, losses in zip(measures, first.mean(axis=1), strict=True):
                of_seed["losses"] = losses.tolist()
        return measures

    # --- students ---------------------------------------------------------------------------------------------------

    def students(
        self,
        lessons: Mapping[str, Lesson],
        start: Callable[[Sequence[np.random.Generator]], Layers] | Layers,
        optimiser: Callable[[list[Tensor]], torch.optim.Optimizer],
        *,
        steps: int,
        batch_size: int,
        forward: Forward = forward,
        purpose: str = "student",
        rngs: Sequence[np.random.Generator] | None = None,
        before_step: Hook | None = None,
        after_step: Hook | None = None,
    ) -> dict[str, Trained]:
        """Train the networks of each lesson, all of them side by side in one tensor computation.

        Parameters
        ----------
        lessons : mapping of Lesson
            By name: that of the arm, where it is one; of equally many rows. Networks of one seed start alike and see
            their rows in the same order.
        start : function or Layers
            Draws the parameters of one network for each generator; or those of all networks, lesson by lesson.
        optimiser, steps, batch_size, forward, before_step, after_step
            As for `kdlab.experiments.networks.train`; the hooks see the networks of all lessons.
        purpose : str
            Names the stream of chance of each seed, which decides the start and the order of the rows.
        rngs : sequence of Generator or None
            In its place, where networks of one seed are to differ.

        Returns
        -------
        dict of Trained
            By name.

        Raises
        ------
        ValueError
            If a network would see a test row, or a row that the lab has not handed out; if labels, targets and rows
            do not belong to one another; or if a network has not learned what it was taught and may not fail.
        """
        seeds_of = {name: list(lesson.seeds or self.seeds) for name, lesson in lessons.items()}
        seen = {name: lesson.inputs for name, lesson in lessons.items()}  # once: what is checked is what is trained on
        for name, lesson in lessons.items():
            with naming(name):
                self._check_rows(name, lesson.rows, seeds_of[name])
                self._check_lesson(name, lesson, seen[name], seeds_of[name])
        rngs = rngs or generators([seed for seeds in seeds_of.values() for seed in seeds], purpose)
        sizes = [len(seeds) for seeds in seeds_of.values()]
        inputs = np.concatenate(list(seen.values()))
        trained = train(
            start(rngs) if callable(start) else start,
            inputs,
            joined_targets(list(lessons.values())),
            joined_loss(list(lessons.values()), sizes),
            optimiser,
            steps=steps,
            batch_size=batch_size,
            rngs=rngs,
            forward=forward,
            before_step=before_step,
            after_step=after_step,
        )
        answers = answers_of(logits_of(trained.parameters, inputs, logits_alone(forward)))
        found, first = {}, 0
        for name, lesson in lessons.items():
            part = slice(first, first := first + len(seeds_of[name]))
            found[name] = Trained([(w[part], b[part]) for w, b in trained.parameters], trained.losses[part])
            self._losses[name] = found[name].losses
            if name not in self._may_fail:
                with naming(name):
                    for losses in () if lesson.moving else found[name].losses:
                        check_learning(losses)
                    for of_network, taught in zip(answers[part], self._taught(lesson), strict=True):
                        check_agreement(of_network, taught)
        return found

    # --- records ----------------------------------------------------------------------------------------------------

    def exam(self, arm: str, logits: Logits, teacher_logits: Logits, split: Split) -> None:
        """Measure an arm on the test rows, and note accuracy, kl and agreement, and the first losses if it was trained.

        Parameters
        ----------
        arm : str
            Its name; losses are those of the lesson of that name.
        logits, teacher_logits : ndarray, shape (S, N, C)
            On the test rows.
        split : Split
            Of all seeds, with the test rows and their labels.

        Raises
        ------
        ValueError
            If logits are not of all test rows, labels are not those of the rows, or the student gives its teacher's
            answers and may not.
        """
        if not (logits.shape == teacher_logits.shape and logits.shape[:-1] == split.test_labels.shape):
            raise ValueError(
                f"logits and teacher_logits must be of all test rows {split.test_labels.shape} and of as many classes; "
                f"{logits.shape} and {teacher_logits.shape} were given for {arm}."
            )
        measures: list[dict[str, Any]] = []
        self._names.add(arm)
        for i, seed in enumerate(self.seeds):
            with naming(arm):
                self._check_test_labels(split.of(i), seed)
                if arm not in self._may_copy:
                    check_student_is_not_teacher(logits[i], teacher_logits[i])
            measures.append(of_student(logits[i], teacher_logits[i], split.test_labels[i]))
            if arm in self._losses:
                measures[i]["losses"] = self._losses[arm][i, :REPLAYED_STEPS].tolist()
        self.note(arm, measures)

    def note(self, arm: str, measures: Sequence[Mapping[str, Any]]) -> None:
        """Add numbers, or lists for the pictures, to the records of an arm.

        Parameters
        ----------
        arm : str
            Its name.
        measures : sequence of mapping
            One for each seed, by name; a name is given once.

        Raises
        ------
        ValueError
            If there is not one for each seed, or a measure is there already.
        """
        if len(measures) != len(self.seeds):
            raise ValueError(f"measures must be one for each of {len(self.seeds)} seeds; {len(measures)} were given.")
        notes = self._notes.setdefault(arm, [{} for _ in self.seeds])
        for of_seed, more in zip(notes, measures, strict=True):
            if twice := of_seed.keys() & more.keys():
                raise ValueError(f"measures must be given once; {', '.join(sorted(twice))} of {arm} are there already.")
            of_seed.update(more)

    def records(self) -> list[Record]:
        """Return the records, arm by arm; ValueError if what is declared to fail or copy was never there."""
        if missing := (self._may_fail.keys() | self._may_copy.keys()) - self._names:
            raise ValueError(f"may_fail and may_copy must name what is trained or examined; not {sorted(missing)}.")
        return [
            {"seed": seed, "arm": arm, **of_seed}
            for arm, notes in self._notes.items()
            for seed, of_seed in zip(self.seeds, notes, strict=True)
        ]

    # --- guards -----------------------------------------------------------------------------------------------------

    def _check_rows(self, name: str, rows: Rows, seeds: Sequence[int]) -> None:
        """Check that networks see rows to learn from, with their labels, and no row of the test."""
        self._names.add(name)
        for inputs, labels, seed in zip(rows.inputs, rows.labels, seeds, strict=True):
            images = [image.tobytes() for image in inputs]
            tested = sum(image in self._to_test[seed] for image in images)
            if tested:
                raise ValueError(f"train_inputs must hold no test image; {tested} of {len(images)} are test images.")
            unknown = sum(image not in self._to_learn[seed] for image in images)
            if unknown:
                raise ValueError(f"inputs must be rows of Lab.split; {unknown} of {len(images)} are not.")
            check_same_labels(labels, np.array([self._to_learn[seed][image] for image in images]))

    def _check_lesson(self, name: str, lesson: Lesson, seen: NDArray[np.float64], seeds: Sequence[int]) -> None:
        """Check what is seen for test rows, and that what is taught belongs to the rows."""
        if lesson.view:
            for inputs, seed in zip(seen, seeds, strict=True):
                tested = sum(image.tobytes() in self._to_test[seed] for image in inputs)
                if tested:
                    raise ValueError(f"train_inputs must hold no test image; {tested} of {len(inputs)} are.")
        if name not in self._may_fail:
            for taught, labels in zip(self._taught(lesson), lesson.rows.labels, strict=True):
                check_agreement(taught, labels)

    def _taught(self, lesson: Lesson) -> NDArray[np.int64]:
        """Return the class (n, N) that a lesson teaches for each row."""
        if lesson.targets is None:
            return lesson.rows.labels if lesson.labels is None else lesson.labels
        return lesson.targets[..., : self._classes[lesson.rows.inputs.shape[-1]]].argmax(axis=-1)

    def _check_test_labels(self, split: Split, seed: int) -> None:
        """Check that test rows of one seed, and their labels, are those handed out."""
        images = [image.tobytes() for image in split.test_inputs]
        if not all(image in self._to_test[seed] for image in images):
            raise ValueError("test_inputs must be rows of Lab.split.")
        check_same_labels(split.test_labels, np.array([self._to_test[seed][image] for image in images]))


@contextmanager
def naming(arm: str) -> Iterator[None]:
    """Say of an error in which arm it was found."""
    try:
        yield
    except ValueError as error:
        error.add_note(f"Found in {arm}.")
        raise


def by_image(inputs: NDArray[np.float64], labels: NDArray[np.int64]) -> dict[bytes, int]:
    """Return the label of each image, by its bytes."""
    return {image.tobytes(): label for image, label in zip(inputs, labels.tolist(), strict=True)}


def answers_of(logits: Logits) -> NDArray[np.int64]:
    """Return the class that each row's logits name; of one logit alone, 1 where it is above 0."""
    return logits.argmax(axis=-1) if logits.shape[-1] > 1 else (logits[..., 0] > 0).astype(np.int64)


def logits_alone(forward: Forward) -> Forward:
    """Return a forward pass without the features, if it has any."""

    def of_logits(parameters: Layers, inputs: Tensor) -> Tensor:
        outputs = forward(parameters, inputs)
        return outputs.logits if isinstance(outputs, WithFeatures) else outputs

    return of_logits


def joined_targets(lessons: Sequence[Lesson]) -> NDArray[np.float64]:
    """Return the targets of all lessons, filled up with zeros to one width, with the labels behind them."""
    columns = max(0 if lesson.targets is None else lesson.targets.shape[-1] for lesson in lessons)
    joined = []
    for lesson in lessons:
        labels = lesson.rows.labels if lesson.labels is None else lesson.labels
        both = np.zeros((*labels.shape, columns + 1))
        if lesson.targets is not None:
            both[..., : lesson.targets.shape[-1]] = lesson.targets
        both[..., -1] = labels
        joined.append(both)
    return np.concatenate(joined)


def joined_loss(lessons: Sequence[Lesson], sizes: Sequence[int]) -> Callable[[Any, Tensor], Tensor]:
    """Return the loss of all lessons side by side: one that all share is called once, each other with its own part."""
    columns = [0 if lesson.targets is None else lesson.targets.shape[-1] for lesson in lessons]
    shared = lessons[0].loss if len({id(lesson.loss) for lesson in lessons}) == 1 else None

    def loss(outputs: Any, targets: Tensor) -> Tensor:
        if shared:
            return shared(outputs, targets[..., :-1], targets[..., -1].long())
        parts = zip(lessons, columns, outputs.split(sizes), targets.split(sizes), strict=True)
        return torch.cat([lesson.loss(z, both[..., :k], both[..., -1].long()) for lesson, k, z, both in parts])

    return loss


def gradient_norms(lesson: Lesson, start: Layers, forward: Forward = forward) -> Tensor:
    """Return the length (n,) of each network's gradient by all its parameters, on all rows of its lesson."""
    parameters = [(weight.clone().requires_grad_(), bias.clone().requires_grad_()) for weight, bias in start]
    outputs = forward(parameters, torch.from_numpy(lesson.inputs))
    joined_loss([lesson], [len(outputs)])(outputs, torch.from_numpy(joined_targets([lesson]))).sum().backward()
    squares = [tensor.grad.square().flatten(1).sum(1) for layer in parameters for tensor in layer]
    return torch.stack(squares).sum(0).sqrt()
