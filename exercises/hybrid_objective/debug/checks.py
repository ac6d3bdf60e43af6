"""What is asked of hybrid_objective/debug, on which inputs, and which bug a student gets."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

kinds = {"weights": "weights", "rows": "weights"}
untried = {
    "collect": {
        "more than two dimensions": "The text says (D, K), and batches (n, K).",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "tiny numbers": "The features are a product, whatever its size.",
        "huge numbers": "The features are a product, whatever its size.",
    }
}

BUGS = [
    {
        "kept": "features",
        "symptom": "This step runs, and the table has the right shape and the right rows. But the largest number of a "
        "row fits the label of its image in one case of ten, as if by chance.",
    },
    {
        "kept": "features[order]",
        "symptom": "This step was mended once already, and tested: with the images in order it is right, and with two "
        "of them exchanged as well. In training the student is none the better for it.",
    },
]


def variant(rng):
    """Draw the bug, and the order of the example, which is not its own inverse."""
    numbers = np.roll(np.arange(5), int(rng.integers(1, 5)))
    first, second = numbers[:3], numbers[3:]
    return BUGS[rng.integers(len(BUGS))] | {
        "first": ", ".join(map(str, first)),
        "second": ", ".join(map(str, second)),
        "image": str(first[0]),
    }


def questions(rng):
    """Return the step to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("collect", 2, _calls(rng)),
        Catch("test_collect", of="collect", points=3),
    ]


def _batches(rng, sizes, inputs=3):
    """Return the numbers and the rows of batches of these sizes, in an order that is not its own inverse."""
    order = np.roll(np.arange(sum(sizes)), 2)
    order[:2] = order[1::-1]
    order = rng.permutation(len(order)) if len(order) > 6 else order
    images = rng.normal(size=(len(order), inputs))
    ends = np.cumsum(sizes)[:-1]
    return np.split(order, ends), np.split(images, ends)


def _calls(rng):
    copy = np.eye(1)
    by_number = [np.array([[2.0], [0.0]]), np.array([[1.0]])]
    return [
        Call((copy, [np.array([2, 0]), np.array([1])], by_number), "images that are their own number", public=True),
        Call((np.array([[1.0, -1.0]]), [np.array([0])], [np.array([[3.0, 1.0]])]), "one image", public=True),
        Call(
            (copy, [np.array([0, 1]), np.array([2, 3])], [np.array([[0.0], [1.0]]), np.array([[2.0], [3.0]])]),
            "in order",
            public=True,
        ),
        Call((rng.normal(size=(4, 3)), *_batches(rng, (4, 4, 3))), "a last batch that is shorter"),
        Call((rng.normal(size=(2, 3)), *_batches(rng, (5, 2, 6))), "batches of three sizes"),
        Call((rng.normal(size=(5, 2)), *_batches(rng, (1,) * 5, inputs=2)), "batches of one image"),
        Call((rng.normal(size=(3, 1)), *_batches(rng, (9,), inputs=1)), "one batch"),
        Call((rng.normal(size=(1, 3)), *_batches(rng, (6, 6))), "one feature"),
        Call((np.zeros((2, 3)), *_batches(rng, (3, 3))), "a teacher of zeros"),
    ]


styles = {
    "collect": {
        "reference": "Scattered: each row is put where its number says.",
        "good_sorted": "Sorted: fetch in the order that brings the numbers to 0, 1, 2. No table to fill.",
    },
    "test_collect": {
        "reference": "One example in which nothing is special: every bug has its own answer there.",
        "test_by_number": "Images that are their own number: what comes out can be read.",
    },
}
