import numpy as np
from scipy import stats
from scipy.special import softmax
from sklearn.metrics import accuracy_score

from kdlab.experiments.measures import of_student


def test_measures_equal_scipy_and_scikit_learn():
    rng = np.random.default_rng(0)
    logits, teacher_logits, labels = rng.normal(size=(40, 6)), 4 * rng.normal(size=(40, 6)), rng.integers(0, 6, 40)
    measures = of_student(logits, teacher_logits, labels)
    assert measures["accuracy"] == accuracy_score(labels, logits.argmax(-1))
    assert measures["agreement"] == accuracy_score(teacher_logits.argmax(-1), logits.argmax(-1))
    kl = stats.entropy(softmax(teacher_logits, -1), softmax(logits, -1), axis=-1).mean()
    np.testing.assert_allclose(measures["kl"], kl, rtol=1e-12)


def test_a_copy_of_the_teacher_is_faithful_whatever_its_accuracy():
    teacher_logits = np.random.default_rng(1).normal(size=(40, 6))
    measures = of_student(teacher_logits + 3.0, teacher_logits, np.full(40, 2))
    assert measures["agreement"] == 1
    assert abs(measures["kl"]) < 1e-12
    assert measures["accuracy"] == np.mean(teacher_logits.argmax(-1) == 2)
