"""What is asked of temperature/why: three answers, each with its reason, and a curve."""

import numpy as np

from kdlab.explore.picture import Axis
from kdlab.explore.questions import Curve, Estimate, Pick
from kdlab.practice.questions import Ask, Drawn

forbids = ["kdlab.temperature", "kdlab.distillation_loss"]

ANIMALS, LYNX = (5.0, 4.5, 0.0, 0.0, -2.0), 1
TEACHER, STUDENT = (3.0, 0.0, 0.0), (0.0, 0.0, 0.0)


def questions(rng):
    """Return the three questions and the curve."""
    return [
        Ask(
            "incorrect_classes",
            1,
            Pick(
                "The total probability of the incorrect classes ...",
                ("rises.", "falls.", "stays the same."),
                answer=_what_the_incorrect_do,
                because="The cat is an incorrect class here, and it loses more than the dog, the fox and the car gain.",
            ),
            reasons=(
                ("Most of it is the cat's, whose logit lies above the mean logit.", ""),
                (
                    "A higher temperature gives more to incorrect classes.",
                    "It gives more to classes whose logit lies below the mean logit. The cat's lies above.",
                ),
                (
                    "No temperature changes the order of the classes.",
                    "The order stays indeed, but it does not say how much each class gets.",
                ),
            ),
        ),
        Ask(
            "same_targets",
            1,
            Estimate(
                "The temperature of the second teacher",
                low=0.1,
                high=100,
                answer=lambda: 4 * 10,
                within=0.5,
                because="Ten times the logits over ten times the temperature are the same numbers.",
            ),
            reasons=(
                (
                    "Both name the same classes, so both teach the same.",
                    "A soft target holds more than the class on top: it says by how much.",
                ),
                ("Only the quotient z / T counts.", ""),
                (
                    "Ten times the logits are ten times as soft already.",
                    "Larger logits lie further apart, and the probabilities with them: they are harder.",
                ),
            ),
        ),
        Ask(
            "times_smaller",
            1,
            Estimate(
                "How many times smaller",
                low=1,
                high=300,
                answer=lambda: _gradient(16) / _gradient(64),
                within=2,
                because="About 4 times 4. The factor T squared takes just this back.",
            ),
            reasons=(
                (
                    "Each logit is divided by T, and so the gradient is.",
                    "That is one of two factors. The probabilities draw together as well.",
                ),
                (
                    "The targets are nearly even, so there is nothing left to learn.",
                    "They are nearly even, but what is left points the same way. T squared makes it large again.",
                ),
                ("The gradient has a factor 1 / T, and the difference of the probabilities shrinks as 1 / T too.", ""),
            ),
        ),
        Drawn(
            "softness",
            1,
            Curve(
                "The entropy of the soft targets",
                (0.03, 0.1, 0.3, 1, 3, 10, 30, 100),
                answer=lambda: [_entropy(_softmax(ANIMALS, T)) for T in (0.03, 0.1, 0.3, 1, 3, 10, 30, 100)],
                within=0.12,
                because="Cat and lynx share first, near log 2; the other three come in from T = 1 to 10, up to log 5.",
            ),
            x_axis=Axis("temperature", (0.03, 100), "log"),
            y_axis=Axis("entropy, nats", (0, 2)),
        ),
    ]


def _softmax(z, T):
    weights = np.exp((np.array(z) - max(z)) / T)
    return weights / weights.sum()


def _entropy(p):
    return float(-(p * np.log(p)).sum())


def _what_the_incorrect_do():
    change = _softmax(ANIMALS, 0.3)[LYNX] - _softmax(ANIMALS, 1.0)[LYNX]
    return 0 if change > 0 else 1 if change < 0 else 2


def _gradient(T):
    """Return the size of the gradient by the student's logits."""
    return float(np.abs(_softmax(STUDENT, T) - _softmax(TEACHER, T)).max() / T)
