"""What is asked of museum/mean_of_logs, on which inputs, and which bug a student gets."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.distillation_loss"]
kinds = {"p": "probabilities", "q": "probabilities"}
untried = {
    "js": {
        "more than two dimensions": "The text says (C,).",
        "several rows": "The text says (C,).",
    }
}

BUGS = [
    {
        "mixture": "np.exp(beta * np.log(p) + (1 - beta) * np.log(q))",
        "sum": "beta * kl(p, m) + (1 - beta) * kl(q, m)",
        "published": "Published code has passed it, and nobody had asked for the bound.",
        "symptom": "This loss runs, and is 0 for two equal distributions. But it passes the bound.",
    },
    {
        "mixture": "(1 - beta) * p + beta * q",
        "sum": "beta * kl(p, m) + (1 - beta) * kl(q, m)",
        "published": "Published code has kept that bound, been right at 1/2, and wrong everywhere else.",
        "symptom": "This loss runs, and at beta 1/2 it is right. At beta 0.9 it is several times too large.",
    },
    {
        "mixture": "beta * p + (1 - beta) * q",
        "sum": "(1 - beta) * kl(p, m) + beta * kl(q, m)",
        "published": "Published code has kept that bound, been right at 1/2, and wrong everywhere else.",
        "symptom": "This loss runs, and at beta 1/2 it is right. At beta 0.9 it is several times too large.",
    },
]


def variant(rng):
    """Draw the bug, and what it does to the table."""
    i = int(rng.integers(len(BUGS)))
    rows = {
        "first": _row(np.array([0.98, 0.01, 0.01]), np.array([0.001, 0.5, 0.499]), 0.5, i),
        "second": _row(np.array([0.7, 0.2, 0.1]), np.array([0.2, 0.5, 0.3]), 0.9, i),
    }
    return BUGS[i] | rows


def _row(p, q, beta, bug):
    def with_weights(m, of_p):
        return of_p * (p * np.log(p / m)).sum() + (1 - of_p) * (q * np.log(q / m)).sum()

    m, exchanged = beta * p + (1 - beta) * q, (1 - beta) * p + beta * q
    wrong = (p**beta * q ** (1 - beta), beta), (exchanged, beta), (m, 1 - beta)
    return f"{with_weights(m, beta):.3f} | {with_weights(*wrong[bug]):.3f}"


def questions(rng):
    """Return the loss to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("js", 2, _calls(rng), _quantities),
        Catch("test_js", of="js", points=3),
    ]


def _quantities(p, q, beta):
    return {"C": len(p), "beta": beta}


def _calls(rng):
    p, q = rng.dirichlet(np.ones(5), size=2)
    beta = rng.uniform(0.6, 0.8)
    with_zero = np.array([0.0, *rng.dirichlet(np.ones(3))])
    other_zero = np.array([*rng.dirichlet(np.ones(3)), 0.0])
    tiny = np.array([1e-12, 0.3, 0.7 - 1e-12])
    near = p * (1 + 1e-3 * rng.choice([-1.0, 1.0], size=5))
    return [
        Call((np.array([0.98, 0.01, 0.01]), np.array([0.001, 0.5, 0.499]), 0.5), "the table, beta 1/2", public=True),
        Call((np.array([0.7, 0.2, 0.1]), np.array([0.2, 0.5, 0.3]), 0.9), "the table, beta 0.9", public=True),
        Call((np.array([0.6, 0.4]), np.array([0.6, 0.4]), 0.3), "two equal distributions", public=True),
        Call((np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0.3), "nothing in common", public=True),
        Call((p, q, beta), "five classes"),
        Call((p, q, 0.5), "five classes, beta 1/2"),
        Call((p, q, 0.01), "beta 0.01"),
        Call((p, q, 0.06), "beta below 0.1"),
        Call((p, q, 0.99), "beta 0.99"),
        Call((p, near / near.sum(), beta), "two distributions that hardly differ", atol=1e-13),
        Call((with_zero, rng.dirichlet(np.ones(4)), beta), "a zero in p"),
        Call((rng.dirichlet(np.ones(4)), with_zero, beta), "a zero in q"),
        Call((with_zero, other_zero, 0.3), "a zero in each"),
        Call((np.array([0.0, 0.4, 0.6]), np.array([0.0, 0.7, 0.3]), 0.2), "a class that both leave out"),
        Call((tiny, np.array([0.5, 0.3, 0.2]), beta), "a tiny probability in p"),
        Call((np.array([0.5, 0.3, 0.2]), tiny, beta), "a tiny probability in q"),
        Call((np.ones(1), np.ones(1), beta), "one class"),
        Call((np.array([1.0, 0.0, 0.0]), rng.dirichlet(np.ones(3)), 0.4), "p is certain"),
    ]


styles = {
    "js": {
        "reference": "The definition, with the zeros masked.",
        "good_entropies": "Entropy of the mixture, less the mean entropy: three sums of one kind.",
    },
    "test_js": {
        "reference": "The definition, written out for numbers without a zero, and one case that a formula gives.",
        "test_by_entropies": "Many distributions that were drawn, zeros among them, against the three entropies.",
    },
}
