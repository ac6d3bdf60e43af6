"""The record of the experiment on language: what is particular to it."""

import numpy as np
import pytest

from kdlab.evidence import records
from kdlab.experiments import ask_magika, language
from kdlab.experiments.data import few_labels, split
from kdlab.experiments.texts import docs as all_docs
from kdlab.experiments.texts import files, magika_probs


@pytest.fixture(scope="module")
def evidence():
    return records.read("language")


@pytest.fixture(scope="module")
def docs():
    texts = all_docs()
    pool = split(texts.inputs, texts.labels, 0, **language.SIZES["docs"])
    return pool, few_labels(pool, 150, seed=0)


@pytest.fixture(scope="module")
def taught(docs):
    return language.answers_to("docs", *docs, 0)


def of_arm(evidence, arm, measure="accuracy"):
    return np.array([entry[measure] for entry in evidence.records if entry["arm"] == arm])


def right(logits, rows, labels):
    return np.mean(logits[rows].argmax(axis=-1) == labels)


def test_the_network_reads_a_text_as_its_own_package_does():
    from magika import Magika

    texts, probs, itself, compared = files(), magika_probs(), Magika(), 0
    for row in range(0, 320, 8):
        found = itself.identify_bytes(texts.texts[row].encode())
        if found.dl.label in texts.classes:
            compared += 1
            assert texts.classes[probs[row].argmax()] == found.dl.label
            assert probs[row].max() == pytest.approx(found.score, abs=1e-3)
    assert compared > 25


def test_asked_again_it_says_what_is_written():
    rows = range(3, 320, 8)
    asked = ask_magika.probs_of([files().texts[row] for row in rows])
    np.testing.assert_allclose(asked, magika_probs()[rows], rtol=1e-3, atol=language.FLOOR)


def test_what_a_student_is_taught_is_floored():
    logits = language.magika_logits()
    np.testing.assert_allclose(logits.min(), np.log(1e-6))
    np.testing.assert_allclose(np.exp(logits.max(axis=1)), magika_probs().max(axis=1))


@pytest.mark.parametrize("length", [9, 1024, 3000])
def test_an_input_holds_both_ends_of_a_text(length):
    text = " \n" + "".join(chr(97 + i % 26) for i in range(length)) + "\n"
    values, kept = ask_magika.input_of(text), min(length, 1024)
    assert bytes(values[:kept].tolist()) == text.strip().encode()[:kept]
    assert bytes(values[2048 - kept :].tolist()) == text.rstrip().encode()[-kept:]
    assert np.isin(values[kept:1024], [10, 256]).all()


def test_answers_out_of_fold_are_not_learned_by_heart(docs):
    pool, few = docs
    # labels that mean nothing: what is right then is learned by heart, or luck
    meaningless = pool._replace(train_labels=np.random.default_rng(0).permutation(pool.train_labels))
    answers = language.answers_to_docs(meaningless, few, 0)
    assert right(answers["teacher"], pool.train_rows, meaningless.train_labels) > 0.5
    assert right(answers["out of fold"], pool.train_rows, meaningless.train_labels) < 0.25
    assert np.isnan(answers["out of fold"][pool.test_rows]).all()


def test_the_teacher_of_few_labels_knows_no_others(docs, taught):
    pool, few = docs
    others = ~np.isin(pool.train_rows, few.train_rows)
    labels = pool.train_labels.copy()
    labels[others] = (labels[others] + 1) % 6
    again = language.answers_to_docs(pool._replace(train_labels=labels), few, 0)
    np.testing.assert_allclose(again["of few labels"], taught["of few labels"], rtol=1e-12)
    assert right(again["teacher"], pool.train_rows[others], pool.train_labels[others]) < 0.2


def test_the_controls_damage_what_they_say_and_nothing_else(docs, taught):
    rows = docs[0].train_rows
    honest, other, permuted = (taught[kind][rows] for kind in ("out of fold", "other rows", "permuted classes"))
    assert sorted(map(tuple, honest)) == sorted(map(tuple, other))
    assert (honest == other).all(axis=1).mean() < 0.01
    probs = np.exp(honest - honest.max(axis=1, keepdims=True))
    probs /= probs.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(np.sort(np.exp(permuted), axis=1), np.sort(probs, axis=1), rtol=1e-9)
    np.testing.assert_array_equal(permuted.argmax(axis=1), honest.argmax(axis=1))
    assert 0.7 < np.mean(~np.isclose(np.exp(permuted), probs).all(axis=1)) <= 1


@pytest.mark.parametrize(("data", "chance"), [("docs", 1 / 6), ("files", 1 / 8)])
def test_answers_to_other_texts_teach_nothing(evidence, data, chance):
    rows = language.SIZES[data]["test"]
    of_seeds = of_arm(evidence, f"{data}_other_rows")
    # six standard deviations of a guess on test rows, and rows of one class may be answered alike
    assert (of_seeds < chance + 6 * np.sqrt(chance * (1 - chance) / rows)).all()


def test_answers_are_more_often_right_where_they_were_learned_by_heart(evidence):
    assert (of_arm(evidence, "docs_teacher", "pool_accuracy") > of_arm(evidence, "docs_teacher")).all()
    # and out of fold they are about as good as on test rows, less a third of the labels
    gap = of_arm(evidence, "docs_teacher_out_of_fold", "pool_accuracy") - of_arm(evidence, "docs_teacher")
    assert abs(gap.mean()) < 0.05


def test_a_teacher_is_its_own_student(evidence):
    for data in ("docs", "files"):
        assert (of_arm(evidence, f"{data}_teacher", "kl") == 0).all()
        assert (of_arm(evidence, f"{data}_teacher", "agreement") == 1).all()


def test_arrays_for_the_picture(evidence):
    for data, classes in (("docs", 6), ("files", 8)):
        shown = evidence.measured[data]
        count = language.SIZES[data]["shown"]
        assert len(shown["texts"]) == count
        assert np.bincount(shown["labels"]).tolist() == [count // classes] * classes
        for probs in shown["probs"].values():
            assert np.shape(probs) == (count, 20, classes)
            np.testing.assert_allclose(np.sum(probs, axis=-1), 1, atol=1e-4)
    assert set(evidence.measured["arms"]) == set(language.ARMS)


@pytest.fixture
def only_files(monkeypatch):
    monkeypatch.setattr(language, "FEW", {"files": 40})


@pytest.mark.usefixtures("only_files")
def test_labels_out_of_step_are_noticed(monkeypatch):
    planted = files()._replace(labels=np.roll(files().labels, 40))
    monkeypatch.setitem(language.TEXTS, "files", lambda: planted)
    with pytest.raises(ValueError, match="labels"):
        language.EXPERIMENT.records([0])


@pytest.mark.usefixtures("only_files")
def test_test_texts_in_the_pool_are_noticed(monkeypatch):
    def planted(*args, **sizes):
        parts = split(*args, **sizes)
        parts.train_inputs[0] = parts.test_inputs[0]
        return parts

    monkeypatch.setattr(language, "split", planted)
    with pytest.raises(ValueError, match="test image"):
        language.EXPERIMENT.records([0])
