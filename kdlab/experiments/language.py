"""Language: what an unlabelled pool of texts is worth to a student, and whether the teacher's labels are in it.

Two collections of texts, committed with their licences. Docs: which of six packages the first paragraph
of a docstring is from, 500 of each; 2,000 to train on (the pool), 988 to test. Files: which of eight types a file is,
from its first and last 1,024 characters, 40 of each; 216 to train on, 96 to test. Students have 256 hashed words (of
files: marks too) and a hidden layer of 32 units. A file of a project resembles others of it, and so does a docstring:
accuracies are of more of the same projects.

The teacher of docs is a logistic regression on 4,096 hashed 2- to 4-grams of characters, weighted by TF-IDF. It has
learned the labels of the whole pool; "out of fold" are its answers by thirds of the pool that it has not learned from.
So the pool is unlabelled for the student only; another teacher knows nothing but the 150 labels of the student. The
teacher of files is Magika's network for file types, as it is shipped and never trained here; whether it was once
trained on files of these projects is not known. Its probabilities are confined to the eight types and floored at 1e-6;
it was asked once (`ask_magika.py`), since another kind of processor gives it other last digits.

Students learn 150 labels (docs) or 40 (files), the teacher's answers on the same texts, or those on the pool without
labels; or all labels of the pool, or the teacher's most probable class as a label. Controls: its answers given to
other texts, and the probabilities of all classes but its own answer permuted in each row.

Nothing was tuned: Adam's step size .005, T = 4 with the factor T^2, 300 steps in batches of 128, or of all rows if
there are fewer. Arms of a seed and data set share initial weights, and those on the same rows the order of the
mini-batches. Before any student was trained, files were first cut from their middle, which the teacher is not made for
(77 % right, with one type and one package more), and then as it reads them. Many of the files that end in .html are
templates, for which it has types of their own; confined to the eight it takes them for Markdown or reStructuredText.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from kdlab.core.dark_knowledge import incorrect_permuted
from kdlab.core.temperature import softmax
from kdlab.evidence.intervals import Record
from kdlab.experiments.data import Split, split
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson, Teacher
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.measures import accuracy, of_student
from kdlab.experiments.networks import generators, initial_parameters, logits_of
from kdlab.experiments.texts import HASHED, Texts, docs, files, magika_probs

SIZES = {"docs": {"train": 2000, "test": 988, "shown": 12}, "files": {"train": 216, "test": 96, "shown": 8}}
FEW = {"docs": 150, "files": 40}  # labels
FOLDS = 3
HIDDEN = 32
FLOOR = 1e-6  # of a production teacher's probabilities
STEPS, BATCH_SIZE = 300, 128
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)

Answers = dict[str, NDArray[np.float64]]  # by teacher, (N, C) logits on all texts; NaN where it has no answer


@dataclass(frozen=True)
class Arm:
    """One way to train a student: on which rows, on whose answers, and with what weight they have beside labels."""

    data: Literal["docs", "files"]
    rows: Literal["few", "pool"]
    answers: Literal["teacher", "out of fold", "of few labels", "other rows", "permuted classes"] = "teacher"
    alpha: float = 1.0
    pseudo_labels: bool = False
    temperature: float = 4.0


ARMS: dict[str, Arm] = {
    "docs_hard_few": Arm("docs", "few", alpha=0.0),
    "docs_kd_few": Arm("docs", "few"),
    "docs_hard_pool": Arm("docs", "pool", alpha=0.0),
    "docs_kd_pool": Arm("docs", "pool", "out of fold"),
    "docs_kd_pool_T1": Arm("docs", "pool", "out of fold", temperature=1.0),
    "docs_kd_pool_in_sample": Arm("docs", "pool"),
    "docs_pseudo_pool": Arm("docs", "pool", "out of fold", alpha=0.0, pseudo_labels=True),
    "docs_kd_pool_few_teacher": Arm("docs", "pool", "of few labels"),
    "docs_pseudo_pool_few_teacher": Arm("docs", "pool", "of few labels", alpha=0.0, pseudo_labels=True),
    "docs_other_rows": Arm("docs", "pool", "other rows"),
    "docs_permuted_classes": Arm("docs", "pool", "permuted classes"),
    "files_hard_few": Arm("files", "few", alpha=0.0),
    "files_kd_few": Arm("files", "few"),
    "files_both_few": Arm("files", "few", alpha=0.5),
    "files_hard_pool": Arm("files", "pool", alpha=0.0),
    "files_kd_pool": Arm("files", "pool"),
    "files_kd_pool_T1": Arm("files", "pool", temperature=1.0),
    "files_both_pool": Arm("files", "pool", alpha=0.5),
    "files_pseudo_pool": Arm("files", "pool", alpha=0.0, pseudo_labels=True),
    "files_other_rows": Arm("files", "pool", "other rows"),
    "files_permuted_classes": Arm("files", "pool", "permuted classes"),
}
SHOWN_ARMS = ("hard_few", "kd_few", "kd_pool")

TEXTS: dict[str, Callable[[], Texts]] = {"docs": docs, "files": files}


def run(lab: Lab) -> None:
    """Teach students of text, and measure them on the test rows.

    Students have "accuracy" in [0, 1], "kl" to the teacher at T = 1 in nats and "agreement" with it in [0, 1]. Teachers
    also have "pool_accuracy", of their answers on the pool; "docs_teacher_out_of_fold" has nothing else. Some have
    "shown_probs" (N, C), on the shown rows.
    """
    for data in FEW:
        texts = TEXTS[data]()
        pool = lab.split(lambda seed, data=data: split_of(data, seed))
        few = lab.few(pool, FEW[data])
        answers = [answers_to(data, pool.of(i), few.of(i), seed) for i, seed in enumerate(lab.seeds)]
        place = {row.tobytes(): number for number, row in enumerate(texts.inputs)}

        def logits(inputs: NDArray[np.float64], answers: Any = answers, place: Any = place) -> NDArray[np.float64]:
            rows = [[place[row.tobytes()] for row in of_seed] for of_seed in inputs]
            return of_rows("teacher", answers, np.array(rows))

        teacher = lab.teacher(pool, logits)
        note_teachers(lab, data, pool, answers, teacher)
        for rows, taught in {"few": few, "pool": pool}.items():
            arms = {name: arm for name, arm in ARMS.items() if (arm.data, arm.rows) == (data, rows)}
            students_of(lab, arms, taught, answers, teacher)


def split_of(data: str, seed: int) -> Split:
    """Split the texts of a collection."""
    texts = TEXTS[data]()
    return split(texts.inputs, texts.labels, seed, **SIZES[data])


def of_rows(kind: str, answers: Sequence[Answers], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what a kind of teacher says of some texts (S, N) of each seed, (S, N, C)."""
    return np.stack([given[kind][of_seed] for given, of_seed in zip(answers, rows, strict=True)])


def answers_to(data: str, pool: Split, few: Split, seed: int) -> Answers:
    """Return what each teacher of a seed says of the texts, the damaged answers of the controls included."""
    if data == "docs":
        answers = answers_to_docs(pool, few, seed)
        honest = answers["out of fold"]
    else:
        honest = magika_logits()
        answers = {"teacher": honest}
    rng = generators([seed], "permuted")[0]
    rows, given = pool.train_rows, honest[pool.train_rows]
    other, permuted = np.full((2, *honest.shape), np.nan)
    other[rows] = given[rng.permutation(len(rows))]
    permuted[rows] = np.log(incorrect_permuted(softmax(given, 1.0), given.argmax(axis=-1), rng))
    return answers | {"other rows": other, "permuted classes": permuted}


def answers_to_docs(pool: Split, few: Split, seed: int) -> Answers:
    """Teach logistic regressions on the labels of the pool and on the few, and return their logits."""
    grams = character_grams()
    teacher = make_pipeline(TfidfTransformer(), LogisticRegression())
    answers = {
        name: teacher.fit(grams[part.train_rows], part.train_labels).decision_function(grams)
        for name, part in {"teacher": pool, "of few labels": few}.items()
    }
    out_of_fold = np.full_like(answers["teacher"], np.nan)
    out_of_fold[pool.train_rows] = cross_val_predict(
        teacher,
        grams[pool.train_rows],
        pool.train_labels,
        cv=StratifiedKFold(FOLDS, shuffle=True, random_state=seed),
        method="decision_function",
    )
    return answers | {"out of fold": out_of_fold}


@cache
def character_grams() -> csr_matrix:
    """Return the counts (3000, 4096) of the hashed 2- to 4-grams of the characters of docs."""
    hashing = HashingVectorizer(
        analyzer="char", ngram_range=(2, 4), n_features=4096, norm=None, alternate_sign=False, dtype=np.float64
    )
    return hashing.transform(docs().texts)


@cache
def magika_logits() -> NDArray[np.float64]:
    """Return the log-probabilities (320, 8), up to a shift of each row, that Magika gave to the eight types."""
    return np.log(np.maximum(magika_probs(), FLOOR))


def note_teachers(lab: Lab, data: str, pool: Split, answers: Sequence[Answers], teacher: Teacher) -> None:
    """Measure the teachers of a collection, which are their own students, and keep what they say of the shown rows."""
    probs = softmax(of_rows("teacher", answers, pool.shown_rows), 1.0)
    itself = zip(teacher.test_logits, teacher.test_logits, pool.test_labels, strict=True)
    lab.note(f"{data}_teacher", [of_student(*of_seed) for of_seed in itself])
    lab.note(f"{data}_teacher", pool_accuracy(teacher.train_logits, pool))
    lab.note(f"{data}_teacher", [{"shown_probs": of_seed.tolist()} for of_seed in probs])
    if data == "docs":
        of_few = of_rows("of few labels", answers, pool.test_rows)
        lab.exam("docs_teacher_few", of_few, teacher.test_logits, pool)
        lab.note("docs_teacher_few", pool_accuracy(of_rows("of few labels", answers, pool.train_rows), pool))
        lab.note("docs_teacher_out_of_fold", pool_accuracy(of_rows("out of fold", answers, pool.train_rows), pool))


def pool_accuracy(logits: NDArray[np.float64], pool: Split) -> list[dict[str, float]]:
    """Return how many of a teacher's answers on the pool are right, for each seed."""
    return [{"pool_accuracy": accuracy(*of_seed)} for of_seed in zip(logits, pool.train_labels, strict=True)]


def students_of(lab: Lab, arms: dict[str, Arm], taught: Split, answers: Sequence[Answers], teacher: Teacher) -> None:
    """Teach the students of arms on the same rows, measure them, and keep what some say of the shown rows."""
    lessons = {}
    for name, arm in arms.items():
        given = of_rows(arm.answers, answers, taught.train_rows)
        loss = partial(distillation_loss, temperature=arm.temperature, alpha=arm.alpha)
        targets, labels = (None, given.argmax(axis=-1)) if arm.pseudo_labels else (given, None)
        lessons[name] = Lesson(taught.train, loss, targets if arm.alpha else None, labels)
    classes = teacher.test_logits.shape[-1]
    students = lab.students(
        lessons, partial(initial_parameters, (HASHED, HIDDEN, classes)), OPTIMISER, steps=STEPS, batch_size=BATCH_SIZE
    )
    for name, networks in students.items():
        lab.exam(name, logits_of(networks.parameters, taught.test_inputs), teacher.test_logits, taught)
        if name.removeprefix(f"{arms[name].data}_") in SHOWN_ARMS:
            shown = softmax(logits_of(networks.parameters, taught.shown_inputs), 1.0)
            lab.note(name, [{"shown_probs": probs.tolist()} for probs in shown])


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: texts no student has learned, with what teacher and students make of them.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

    Returns
    -------
    dict
        "arms": settings by name; "rule": how the texts were chosen; "seeds"; for "docs" and "files" a dict of
        "classes", "texts" (of files: the paths), "labels", and "probs", arm -> [text][seed][class].
    """
    ordered = sorted(records, key=lambda record: record["seed"])
    seeds = list(dict.fromkeys(record["seed"] for record in ordered))

    def of_data(data: str) -> dict[str, Any]:
        texts, rows = TEXTS[data](), split_of(data, seeds[0]).shown_rows.tolist()
        probs = {
            arm: np.swapaxes([record["shown_probs"] for record in ordered if record["arm"] == arm], 0, 1).tolist()
            for arm in (f"{data}_{name}" for name in ("teacher", *SHOWN_ARMS))
        }
        return {
            "classes": list(texts.classes),
            "texts": [(texts.texts if data == "docs" else texts.sources)[row] for row in rows],
            "labels": texts.labels[rows].tolist(),
            "probs": probs,
        }

    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "rule": "Drawn at random once for all seeds, as many of each class; neither learned from nor scored.",
        "seeds": seeds,
        **{data: of_data(data) for data in FEW},
    }


QUESTION = (
    "Does a student of text learn more from a teacher's answers on few labelled texts or on a pool without labels, is "
    "that the teacher's labels or its soft answers, and does it hold for a teacher taken from production as it is?"
)
WORDS = {
    "docs_teacher": "the teacher of docstrings, a logistic regression on all labels of the pool",
    "docs_teacher_few": "the lesser teacher of docstrings, on the student's 150 labels",
    "docs_teacher_out_of_fold": "the teacher of docstrings, on texts it has not learned",
    "docs_hard_few": "docstrings: 150 labels",
    "docs_kd_few": "docstrings: the teacher's answers on the 150 labelled texts",
    "docs_hard_pool": "docstrings: all 2,000 labels",
    "docs_kd_pool": "docstrings: the teacher's answers on 2,000 texts, T = 4",
    "docs_kd_pool_T1": "docstrings: the teacher's answers on 2,000 texts, T = 1",
    "docs_kd_pool_in_sample": "docstrings: the teacher's answers on the 2,000 texts it has learned by heart",
    "docs_pseudo_pool": "docstrings: the teacher's first choices on 2,000 texts",
    "docs_kd_pool_few_teacher": "docstrings: the lesser teacher's answers on 2,000 texts",
    "docs_pseudo_pool_few_teacher": "docstrings: the lesser teacher's first choices on 2,000 texts",
    "docs_other_rows": "docstrings: answers that were given to other texts",
    "docs_permuted_classes": "docstrings: the teacher's answers, all classes but the first choice mixed up",
    "files_teacher": "the teacher of files, Magika as it is shipped",
    "files_hard_few": "files: 40 labels",
    "files_kd_few": "files: Magika's answers on the 40 labelled files",
    "files_both_few": "files: 40 labels and Magika's answers, half and half",
    "files_hard_pool": "files: all 216 labels",
    "files_kd_pool": "files: Magika's answers on 216 files, T = 4",
    "files_kd_pool_T1": "files: Magika's answers on 216 files, T = 1",
    "files_both_pool": "files: 216 labels and Magika's answers, half and half",
    "files_pseudo_pool": "files: Magika's first choices on 216 files",
    "files_other_rows": "files: answers that were given to other files",
    "files_permuted_classes": "files: Magika's answers, all classes but the first choice mixed up",
}
CONTROLS = {
    "docs_other_rows": "would have learned as much if the answers need not be those to the texts",
    "files_other_rows": "would have learned as much if the answers need not be those to the texts",
    "docs_kd_pool - docs_permuted_classes": "would have been 0 if only the teacher's first choice and its doubt taught",
    "docs_kd_pool - docs_pseudo_pool": "would have been a gain if soft answers taught more than the class named",
    "docs_kd_pool - docs_kd_pool_few_teacher": "would have been 0 if the labels that the teacher knows did not matter",
    "docs_kd_few - docs_hard_few": "would have been a gain if soft answers helped on any few texts",
}
UNITS = {"accuracy": "%", "agreement": "%", "kl": "nats", "pool_accuracy": "%"}
COMPARISONS: list[tuple[str, str]] = [
    *(
        (f"{data}_{arm}", f"{data}_{baseline}")
        for data in FEW
        for arm, baseline in (
            ("kd_few", "hard_few"),
            ("kd_pool", "hard_few"),
            ("kd_pool", "kd_few"),
            ("kd_pool", "hard_pool"),
            ("kd_pool", "pseudo_pool"),
            ("kd_pool", "kd_pool_T1"),
            ("kd_pool", "permuted_classes"),
            ("kd_pool", "other_rows"),
            ("kd_pool", "teacher"),
            ("pseudo_pool", "hard_few"),
            ("hard_pool", "hard_few"),
        )
    ),
    ("docs_kd_pool", "docs_kd_pool_in_sample"),
    ("docs_kd_pool_in_sample", "docs_hard_pool"),
    ("docs_kd_pool_few_teacher", "docs_hard_few"),
    ("docs_pseudo_pool_few_teacher", "docs_hard_few"),
    ("docs_kd_pool", "docs_kd_pool_few_teacher"),
    ("docs_kd_pool_few_teacher", "docs_teacher_few"),
    ("docs_teacher", "docs_teacher_few"),
    ("docs_teacher_out_of_fold", "docs_teacher"),
    ("files_both_few", "files_hard_few"),
    ("files_both_pool", "files_hard_pool"),
    ("files_both_pool", "files_kd_pool"),
]

EXPERIMENT = Experiment(
    question=QUESTION,
    words=WORDS,
    controls=CONTROLS,
    units=UNITS,
    comparisons=COMPARISONS,
    run=run,
    measured=measured,
    may_fail=dict.fromkeys(
        ("docs_other_rows", "files_other_rows"), "answers to other texts are no answers: nothing can be learned of them"
    ),
)
