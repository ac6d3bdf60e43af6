"""What is asked of distillation_loss/debug, on which inputs, and which bug a student gets."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.distillation_loss", "kdlab.hybrid_objective"]
kinds = {"logits": "logits", "labels": "labels"}
untried = {
    "training_loss": {
        "more than two dimensions": "The text says (N, C).",
        "a masked class": "The text says that logits are finite.",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
    }
}

# the two places of the starter that can be wrong, and what is seen when they are
BUGS = [
    {
        "log_q": "log_softmax(softmax(logits))",
        "column": "labels",
        "symptom": "This loss runs, and the network learns. But with ten classes the loss stops at 1.46 and gets no "
        "lower, however long one trains.",
    },
    {
        "log_q": "np.log(log_softmax(logits))",
        "column": "labels",
        "symptom": "This loss is NaN in the first step, with a warning that nobody reads.",
    },
    {
        "log_q": "log_softmax(logits)",
        "column": "labels - 1",
        "symptom": "This loss falls to almost 0, and the trained network is wrong nearly always: it calls every 3 a 2.",
    },
]


def variant(rng):
    """Draw the bug, and the numbers of the example."""
    weights = rng.integers(1, 6, size=(2, 3)).astype(float)
    labels = rng.integers(0, 3, size=2)
    p = (weights / weights.sum(axis=1, keepdims=True))[[0, 1], labels]
    first, second = ("(" + ", ".join(f"{z + 0.0:.3f}" for z in np.log(row)) + ")" for row in weights)
    return BUGS[rng.integers(len(BUGS))] | {
        "first": first,
        "second": second,
        "label_1": str(labels[0]),
        "label_2": str(labels[1]),
        "p_1": f"{p[0]:.3f}",
        "p_2": f"{p[1]:.3f}",
        "loss_1": f"{-np.log(p[0]):.3f}",
        "loss_2": f"{-np.log(p[1]):.3f}",
        "mean": f"{-np.log(p).mean():.3f}",
    }


def questions(rng):
    """Return the loss to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("training_loss", 2, _calls(rng), _quantities),
        Catch("test_training_loss", of="training_loss", points=3),
    ]


def _quantities(logits, labels):
    return {"N": len(logits), "C": logits.shape[1]}


def _calls(rng):
    table = np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 1.0]])
    ten = np.zeros((3, 10))
    ten[np.arange(3), [7, 0, 9]] = 12.0
    far_apart = rng.normal(scale=2, size=(3, 5)) + rng.permuted([[5000.0], [0.0], [-9000.0]], axis=0)
    return [
        Call((table, np.array([0, 2])), "two samples", public=True),
        Call((table[:1], np.array([1])), "one sample", public=True),
        Call((ten, np.array([7, 0, 9])), "ten classes, all of them right", public=True),
        Call(_drawn(rng, 5, 4), "a batch"),
        Call(_drawn(rng, 4, 7), "seven classes"),
        Call((*_drawn(rng, 6, 3)[:1], np.full(6, 2)), "every label alike"),
        Call(_drawn(rng, 5, 3, scale=3000.0), "large logits"),
        Call(_drawn(rng, 5, 3, scale=600.0), "logits of some hundreds"),
        Call((far_apart, rng.integers(0, 5, size=3)), "rows far from each other"),
        Call((rng.normal(size=(3, 4)) - 800.0, np.array([3, 0, 1])), "logits far below 0"),
        Call((np.array([[-1e4, 0.0, 3.0], [0.0, 1.0, 2.0]]), np.array([0, 0])), "a label at minus ten thousand"),
        Call((np.array([[2.0, 2.0, 2.0, 0.0], [1.0, 1.0, 0.0, 1.0]]), np.array([1, 2])), "a tie of three"),
        Call((1.0 + 1e-7 * rng.permutation(8).reshape(2, 4), np.array([3, 0])), "logits that hardly differ"),
        Call((rng.normal(size=(4, 1)), np.zeros(4, dtype=int)), "one class"),
    ]


def _drawn(rng, n_rows, n_classes, scale=2.0):
    """Draw logits, and labels of which the first is not the class with the largest logit."""
    logits, labels = scale * rng.normal(size=(n_rows, n_classes)), rng.integers(0, n_classes, size=n_rows)
    labels[0] = logits[0].argmin()
    return logits, labels


styles = {
    "training_loss": {
        "reference": "The library's log-softmax, and the label's number in each row.",
        "good_pairwise": "From the differences to the label's logit alone: what softmax compares is seen.",
    },
    "test_training_loss": {
        "reference": "Numbers that were worked out by hand, and one network that is sure and wrong.",
        "test_by_properties": "Laws that need no number: a shift, a batch in parts, a certain error.",
    },
}
