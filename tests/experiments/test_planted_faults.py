"""Mistakes that leave the numbers plausible, planted in every experiment through the lab: none of them may pass.

A mistake is found if a guard refuses to go on, or if the replayed seed is not that of the record. A few are planted in
`make test`, each kind of them once; all of them in all experiments in `make test-all`.
"""

import importlib

import numpy as np
import pytest

from kdlab.evidence import records
from kdlab.experiments.__main__ import names_of_experiments
from kdlab.experiments.lab import Lab
from kdlab.experiments.networks import WithFeatures
from kdlab.experiments.replay import differences, replayed_records

NAMES = names_of_experiments()


def plant_in_lessons(monkeypatch, change):
    """Let every lesson of a teacher be changed: `change` returns another loss, from the loss and the classes."""
    students, changed = Lab.students, []

    def planted(self, lessons, *args, **options):
        losses = {}  # one that lessons share is shared by what comes of them
        others = {}
        for name, lesson in lessons.items():
            if lesson.targets is not None:
                changed.append(name)
                classes = self._classes[lesson.rows.inputs.shape[-1]]
                loss = losses.setdefault(id(lesson.loss), change(lesson.loss, classes))
                lesson = lesson._replace(loss=loss)
            others[name] = lesson
        return students(self, others, *args, **options)

    monkeypatch.setattr(Lab, "students", planted)
    return changed


def wrong_temperature(monkeypatch):
    """Soften student and teacher by three quarters of the temperature."""

    def change(loss, classes):
        def sharper(outputs, targets, labels):
            targets = targets.clone()
            targets[..., :classes] = targets[..., :classes] / 0.75
            if isinstance(outputs, WithFeatures):
                return loss(outputs._replace(logits=outputs.logits / 0.75), targets, labels)
            return loss(outputs / 0.75, targets, labels)

        return sharper

    return plant_in_lessons(monkeypatch, change)


def without_T2(monkeypatch):
    """Leave the factor of T = 4 out."""
    return plant_in_lessons(monkeypatch, lambda loss, _: lambda *batch: loss(*batch) / 16)


def half_the_steps(monkeypatch):
    """Let students learn nothing more in the second half of their steps."""
    students, changed = Lab.students, []

    def planted(self, lessons, start, optimiser, *, steps, **options):
        def halting(parameters):
            made, left = optimiser(parameters), iter(range(-(-steps // 2)))
            step = made.step
            made.step = lambda: None if next(left, None) is None else step()
            return made

        changed.extend(lessons)
        return students(self, lessons, start, halting, steps=steps, **options)

    monkeypatch.setattr(Lab, "students", planted)
    return changed


def shuffled_labels(monkeypatch):
    """Shuffle the labels of the training rows, after they have been handed out."""
    split = Lab.split

    def planted(self, source):
        parts = split(self, source)
        rng = np.random.default_rng(0)
        return parts._replace(train_labels=rng.permuted(parts.train_labels, axis=1))

    monkeypatch.setattr(Lab, "split", planted)
    return ["train_labels"]


def a_test_row_in_training(monkeypatch):
    """Put a test row in the place of a training row, as images, in every training of students."""
    students, changed = Lab.students, []

    def planted(self, lessons, *args, **options):
        others = {}
        for name, lesson in lessons.items():
            inputs = lesson.rows.inputs.copy()
            shape = inputs.shape[-1] * inputs.itemsize
            tested = [image for image in self._to_test[self.seeds[0]] if len(image) == shape]
            inputs[0, 3] = np.frombuffer(tested[7])
            others[name] = lesson._replace(rows=lesson.rows._replace(inputs=inputs))
            changed.append(name)
        return students(self, others, *args, **options)

    monkeypatch.setattr(Lab, "students", planted)
    return changed


FAULTS = (wrong_temperature, without_T2, half_the_steps, shuffled_labels, a_test_row_in_training)
# of these experiments no student learns from a teacher's logits: there is no temperature to be wrong
WITHOUT_TEMPERATURE = {"robustness"}
SAMPLE = {
    ("imbalance", wrong_temperature),
    ("imbalance", without_T2),
    ("robustness", half_the_steps),
    ("robustness", a_test_row_in_training),
    ("temperature", shuffled_labels),
}


def marked(name, fault):
    marks = [] if (name, fault) in SAMPLE else [pytest.mark.slow]
    return pytest.param(name, fault, marks=marks, id=f"{name}-{fault.__name__}")


@pytest.mark.parametrize(("name", "fault"), [marked(name, fault) for name in NAMES for fault in FAULTS])
def test_a_planted_fault_is_found(monkeypatch, name, fault):
    planted_in = fault(monkeypatch)
    experiment, evidence = importlib.import_module(f"kdlab.experiments.{name}").EXPERIMENT, records.read(name)
    try:
        found = list(differences(experiment.records([evidence.replay["seed"]]), replayed_records(evidence)))
    except ValueError as error:
        found = [str(error)]
    if name in WITHOUT_TEMPERATURE and fault in (wrong_temperature, without_T2):
        assert not planted_in
    else:
        assert planted_in
        assert found
