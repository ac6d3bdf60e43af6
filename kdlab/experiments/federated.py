"""Federated learning: distillation through public data against FedAvg, by rounds and by bytes.

Ten clients have 100 labelled images each, none in common, and share a pool of public images without labels. In each
round of either method every client takes 30 steps on its own images. Then FedAvg averages the weights; in distillation
the clients send their answers on the public images, agree on the mean of their probabilities, and take 25 steps
towards it. What counts in the end is one network, the server's: FedAvg's average, or a student of the same size that
has taken 300 steps towards the last agreement. Bytes are those of both directions (`kdlab.federated`).

A client's classes are drawn from a Dirichlet distribution: at alpha = .1 it has about two, at 100 all. Its images are
drawn from what the clients before it have left, so that the last of them have to take what is there, and the ten have
the same thousand images at every alpha.

Two data sets: digits (297 public images, 4,810 parameters) and MNIST at 14x14 (1,000 and 13,258). Controls: each client
alone, with the steps of five rounds; one network with the images of all; the most probable class in the place of the
probabilities ("pseudo_labels"); the consensus itself, which takes all ten clients to answer. After one round the same
answers are also merged by other rules: probabilities at T from 0, which are votes, to 32; logits, which high T comes
near; and logits less each client's mean logits over the public images, to tell what a client believes of the frequency
of classes from what it sees in an image.

Nothing was tuned; all choices were made by hand before the first run: one hidden layer of 64 units, Adam at .005, which
starts anew each round, batches of 20 at the clients and of 128 elsewhere, T = 1. All arms of a seed share rows and
initial weights; the clients of all methods share their first round and the order of their mini-batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from kdlab.core.federated import consensus_probs, distillation_bytes, fedavg, fedavg_bytes
from kdlab.evidence.intervals import Record
from kdlab.experiments.data import Rows, Split, digits, few_labels, mnist5k
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.guards import check_no_test_rows_in_training
from kdlab.experiments.lab import REPLAYED_STEPS, Lab, Lesson
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.measures import accuracy
from kdlab.experiments.networks import Layers, Trained, generators, initial_parameters, logits_of

CLIENTS, OF_CLIENT = 10, 100
WIDTH, CLASSES = 64, 10
SIZES = np.full(CLIENTS, OF_CLIENT)
EQUAL = np.full(CLIENTS, 1 / CLIENTS)
CLIENT_STEPS, CLIENT_BATCH_SIZE = 30, 20
AGREEMENT_STEPS, SERVER_STEPS, CENTRAL_STEPS, BATCH_SIZE = 25, 300, 500, 128
DISTILLATION_ROUNDS = (1, 3, 10)
LOCAL_ROUNDS = 5
OPTIMISER = partial(torch.optim.Adam, lr=0.005)
CONSENSUS_TEMPERATURES = (0.0, 0.1, 0.25, 0.5, 2.0, 4.0, 8.0, 32.0)  # beside T = 1
SHOWN_ALPHAS, SHOWN_IMAGES = (0.1, 100.0), 12

Method = Literal[
    *("local", "central", "fedavg", "distillation", "logits", "pseudo_labels"),
    *("consensus", "consensus_logits", "consensus_centred"),
]
Measures = list[dict[str, Any]]  # one for each seed


@dataclass(frozen=True)
class Setting:
    """A data set, how unlike its clients are, and after how many rounds FedAvg is measured."""

    split: Callable[[int], Split]
    public: int
    alphas: tuple[float, ...]
    fedavg_rounds: tuple[int, ...]


def mnist(seed: int) -> Split:
    """Keep 2,000 training rows of MNIST: a thousand for the public, and a thousand for the clients."""
    return few_labels(mnist5k(seed), 2000, seed=seed)


SETTINGS = {
    "digits": Setting(digits, 297, (0.1, 1.0, 100.0), (1, 3, 10, 30)),
    "mnist": Setting(mnist, 1000, (0.1, 100.0), (1, 3, 10)),
}


@dataclass(frozen=True)
class Arm:
    """A method on a data set, after some rounds."""

    data: str
    method: Method
    alpha: float | None = None
    rounds: int = 1
    temperature: float = 1.0  # of the clients' probabilities in a consensus


def arms_of(data: str) -> dict[str, Arm]:
    """Name the arms of a data set, such as digits_0.1_fedavg_3."""
    setting = SETTINGS[data]
    arms = {f"{data}_central": Arm(data, "central")}
    for alpha in setting.alphas:
        methods: list[tuple[Method, int]] = [("local", LOCAL_ROUNDS)]
        methods += [("fedavg", rounds) for rounds in setting.fedavg_rounds]
        methods += [("distillation", rounds) for rounds in DISTILLATION_ROUNDS]
        methods += [("logits", 1), ("pseudo_labels", 1), ("consensus", 1)]
        methods += [("consensus_logits", 1), ("consensus_centred", 1)]
        arms |= {f"{data}_{alpha:g}_{method}_{rounds}": Arm(data, method, alpha, rounds) for method, rounds in methods}
        arms |= {
            f"{data}_{alpha:g}_consensus_1_T{T:g}": Arm(data, "consensus", alpha, temperature=T)
            for T in CONSENSUS_TEMPERATURES
        }
    return arms


ARMS: dict[str, Arm] = {name: arm for data in SETTINGS for name, arm in arms_of(data).items()}


class Federation(NamedTuple):
    """The data of G federations, one for each alpha and seed, those of the first alpha first; K clients in each."""

    split: Split  # of the S seeds
    inputs: NDArray[np.float64]  # (G, K, n, D)
    labels: NDArray[np.int64]  # (G, K, n)
    public: Rows  # (G, n_pub, ...)
    test: NDArray[np.float64]  # (G, N, D)
    test_labels: NDArray[np.int64]  # (G, N)
    alphas: list[float]
    seeds: list[int]

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Units of each layer of every network."""
        return self.test.shape[-1], WIDTH, CLASSES

    def by_alpha(self, array: Any) -> dict[float, Any]:
        """Cut what there is of all federations, along the first axis, into the parts of each alpha."""
        seeds = len(self.split.train_labels)
        return {alpha: array[i : i + seeds] for i, alpha in enumerate(self.alphas) if i % seeds == 0}


def run(lab: Lab) -> None:
    """Train the federations, and measure them on the test rows.

    All have "accuracy" in [0, 1], of the server, or the mean of the clients where each is alone; and "megabytes" of all
    rounds in both directions, or of the images where they come together. Students of a consensus also have "kl" to it
    at T = 1 in nats and "agreement" with it. For the pictures the arms "local" hold "counts" [client][class], and the
    arms "consensus_1" of digits, of the first seed, "client_logits" [client][image][class] on some test images.
    """
    for data, setting in SETTINGS.items():
        federation = federations(lab, setting)
        alone(lab, data, federation)
        averaged(lab, data, federation, setting.fedavg_rounds)
        distilled(lab, data, federation)
        central(lab, data, federation)
        for name, arm in arms_of(data).items():
            megabytes = megabytes_of(arm.method, arm.rounds, federation.sizes, setting.public)
            lab.note(name, [{"megabytes": megabytes}] * len(lab.seeds))


def federations(lab: Lab, setting: Setting) -> Federation:
    """Deal out the training rows of each seed: to the public and, once for each alpha, to the clients."""
    split = lab.split(setting.split)
    public = lab.few(split, setting.public)
    inputs, labels = [], []
    for alpha in setting.alphas:
        for i, rng in enumerate(generators(lab.seeds, "clients")):
            private = ~np.isin(split.train_rows[i], public.train_rows[i])
            check_no_test_rows_in_training(split.train_inputs[i][private], public.train_inputs[i])
            rows = client_rows(split.train_labels[i][private], alpha, rng)
            inputs.append(split.train_inputs[i][private][rows])
            labels.append(split.train_labels[i][private][rows])
    copies = len(setting.alphas)
    return Federation(
        split,
        np.stack(inputs),
        np.stack(labels),
        Rows(*(np.concatenate([array] * copies) for array in public.train)),
        np.concatenate([split.test_inputs] * copies),
        np.concatenate([split.test_labels] * copies),
        np.repeat(setting.alphas, len(lab.seeds)).tolist(),
        lab.seeds * copies,
    )


def client_rows(labels: NDArray[np.int64], alpha: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Deal rows out to the clients, each with classes of its own.

    Parameters
    ----------
    labels : ndarray of integers, shape (1000,)
        The classes of the rows.
    alpha : float
        Of the Dirichlet distribution, in (0, inf).
    rng : Generator
        Draws.

    Returns
    -------
    ndarray, shape (10, 100)
        All row numbers. A client whose classes are used up takes any row that is left.

    References
    ----------
    Hsu, Qi and Brown (2019), Measuring the Effects of Non-Identical Data Distribution for Federated Visual
    Classification.
    """
    left = [rng.permutation(np.flatnonzero(labels == c)).tolist() for c in range(CLASSES)]
    rows = np.empty((CLIENTS, OF_CLIENT), np.int64)
    for client in rows:
        wanted = rng.dirichlet([alpha] * CLASSES)
        for i in range(OF_CLIENT):
            counts = np.array([len(of_class) for of_class in left])
            chances = np.where(counts > 0, wanted, 0.0)
            if not chances.sum() > 0:
                chances = counts.astype(np.float64)
            client[i] = left[rng.choice(CLASSES, p=chances / chances.sum())].pop()
    return rows


def start(federation: Federation) -> Layers:
    """Draw the initial weights of each federation's clients, which all start alike."""
    seeds = np.repeat(federation.seeds, CLIENTS).tolist()
    return initial_parameters(federation.sizes, generators(seeds, "student"))


def client_steps(lab: Lab, data: str, federation: Federation, clients: Layers, round_number: int) -> Trained:
    """Let every client take its steps of a round on its own images."""
    purposes = [f"client {k} round {round_number}" for k in range(CLIENTS)]
    rngs = [rng for seed in federation.seeds for purpose in purposes for rng in generators([seed], purpose)]
    name = f"{data}_{'first' if round_number == 1 else 'later'}_round"
    rows = Rows(federation.inputs.reshape(-1, *federation.inputs.shape[2:]), federation.labels.reshape(-1, OF_CLIENT))
    lesson = Lesson(rows, labels_alone, seeds=np.repeat(federation.seeds, CLIENTS).tolist())
    trained = lab.students(
        {name: lesson}, clients, OPTIMISER, steps=CLIENT_STEPS, batch_size=CLIENT_BATCH_SIZE, rngs=rngs
    )
    return trained[name]


def in_rounds(
    lab: Lab, data: str, federation: Federation, last: int, combine: Callable[[Layers], Layers]
) -> Iterator[tuple[int, Trained]]:
    """Yield the clients after their own steps of each round, from which `combine` makes those of the next."""
    clients = start(federation)
    for round_number in range(1, last + 1):
        trained = client_steps(lab, data, federation, clients, round_number)
        yield round_number, trained
        clients = combine(trained.parameters)


def alone(lab: Lab, data: str, federation: Federation) -> None:
    """Measure clients that never hear of each other: their mean accuracy, and the first losses of their mean."""
    first = None
    for _, trained in in_rounds(lab, data, federation, LOCAL_ROUNDS, lambda clients: clients):
        first = first or trained
    losses = first.losses.reshape(-1, CLIENTS, CLIENT_STEPS).mean(axis=1)
    logits = client_logits(trained.parameters, federation.test)
    measures = [
        {
            "accuracy": float(np.mean([accuracy(of_client, tested) for of_client in logits[:, g]])),
            "losses": losses[g, :REPLAYED_STEPS].tolist(),
            "counts": [np.bincount(labels, minlength=CLASSES).tolist() for labels in federation.labels[g]],
        }
        for g, tested in enumerate(federation.test_labels)
    ]
    for alpha, of_seeds in federation.by_alpha(measures).items():
        lab.note(f"{data}_{alpha:g}_local_{LOCAL_ROUNDS}", of_seeds)


def averaged(lab: Lab, data: str, federation: Federation, rounds: Sequence[int]) -> None:
    """Measure FedAvg's servers after some numbers of rounds."""
    for number, clients in in_rounds(lab, data, federation, max(rounds), distributed_average):
        if number in rounds:
            logits = logits_of(average(clients.parameters), federation.test)
            note_accuracy(lab, data, federation, f"fedavg_{number}", logits)


def note_accuracy(lab: Lab, data: str, federation: Federation, arm: str, logits: NDArray[np.float64]) -> None:
    """Measure whether answers (G, N, C) on the test rows are right, alpha by alpha."""
    right = [{"accuracy": accuracy(*pair)} for pair in zip(logits, federation.test_labels, strict=True)]
    for alpha, of_seeds in federation.by_alpha(right).items():
        lab.note(f"{data}_{alpha:g}_{arm}", of_seeds)


def average(clients: Layers) -> Layers:
    """Return the mean network of each federation, in which all clients have as many images."""
    tensors = [tensor.numpy() for layer in clients for tensor in layer]
    # the federations stay together in one array: (K, G, ...)
    of_clients = [[array[k::CLIENTS] for array in tensors] for k in range(CLIENTS)]
    means = [torch.from_numpy(mean) for mean in fedavg(of_clients, SIZES)]
    return list(zip(means[::2], means[1::2], strict=True))


def distributed_average(clients: Layers) -> Layers:
    """Give every client the mean network of its federation."""
    return [tuple(tensor.repeat_interleave(CLIENTS, dim=0) for tensor in layer) for layer in average(clients)]


def client_logits(clients: Layers, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logits (K, G, N, C) of all clients on what they share, (G, N, D)."""
    logits = logits_of(clients, inputs.repeat(CLIENTS, axis=0))
    return logits.reshape(-1, CLIENTS, *logits.shape[1:]).swapaxes(0, 1)


def consensus(logits: NDArray[np.float64], average: Literal["probs", "logits"] = "probs") -> NDArray[np.float64]:
    """Return the logarithm (G, N, C) of what clients agree on; its softmax at T = 1 is the consensus."""
    return np.log(consensus_probs(logits, EQUAL, 1.0, average))


def distilled(lab: Lab, data: str, federation: Federation) -> None:
    """Measure the servers that learn from consensus after some rounds, and the first consensus."""
    public, seeds = federation.public, np.repeat(federation.seeds, CLIENTS).tolist()
    of_clients = Rows(*(array.repeat(CLIENTS, axis=0) for array in public))

    def towards_consensus(clients: Layers) -> Layers:
        targets = consensus(client_logits(clients, public.inputs)).repeat(CLIENTS, axis=0)
        name = f"{data}_agreement"
        lesson = Lesson(of_clients, kl_to_consensus, targets, seeds=seeds)
        rngs = generators(seeds, "agreement")
        agreed = lab.students(
            {name: lesson}, clients, OPTIMISER, steps=AGREEMENT_STEPS, batch_size=BATCH_SIZE, rngs=rngs
        )
        return agreed[name].parameters

    # what each server learns from, and what it is compared with
    targets: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    for number, trained in in_rounds(lab, data, federation, max(DISTILLATION_ROUNDS), towards_consensus):
        if number in DISTILLATION_ROUNDS:
            on_public, on_test = (client_logits(trained.parameters, rows) for rows in (public.inputs, federation.test))
            targets[f"distillation_{number}"] = consensus(on_public), consensus(on_test)
        if number == 1:
            targets["logits_1"] = consensus(on_public, "logits"), consensus(on_test, "logits")
            note_consensus(lab, data, federation, on_public, on_test)
    serve(lab, data, federation, targets, pseudo_labels=False)
    serve(lab, data, federation, {"pseudo_labels_1": targets["distillation_1"]}, pseudo_labels=True)


def serve(
    lab: Lab,
    data: str,
    federation: Federation,
    targets: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]],
    pseudo_labels: bool,
) -> None:
    """Train one server for each federation towards each consensus, or its first choices, and measure them."""
    lessons, on_tests = {}, {}
    for arm, consensus_logits in targets.items():
        inputs, labels, taught, tested = map(federation.by_alpha, (*federation.public, *consensus_logits))
        for alpha in inputs:
            name, rows = f"{data}_{alpha:g}_{arm}", Rows(inputs[alpha], labels[alpha])
            on_tests[name] = tested[alpha]
            if pseudo_labels:
                lessons[name] = Lesson(rows, labels_alone, labels=taught[alpha].argmax(axis=-1))
            else:
                lessons[name] = Lesson(rows, kl_to_consensus, taught[alpha])
    start = initial_parameters(federation.sizes, generators(lab.seeds * len(lessons), "student"))
    servers = lab.students(lessons, start, OPTIMISER, steps=SERVER_STEPS, batch_size=BATCH_SIZE, purpose="server")
    for name, networks in servers.items():
        logits = logits_of(networks.parameters, federation.split.test_inputs)
        lab.exam(name, logits, on_tests[name], federation.split)


def kl_to_consensus(logits: torch.Tensor, targets: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the divergence from the consensus, whose logarithm is given, at T = 1."""
    return distillation_loss(logits, targets, labels, alpha=1.0)


def labels_alone(logits: torch.Tensor, targets: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy with the labels."""
    return distillation_loss(logits, targets, labels, alpha=0.0)


def note_consensus(
    lab: Lab, data: str, federation: Federation, on_public: NDArray[np.float64], on_test: NDArray[np.float64]
) -> None:
    """Measure what the clients agree on after one round, by each rule, and keep what they say of some images.

    "centred" is the mean of the logits less each client's mean logits over the public images.
    """
    note_accuracy(lab, data, federation, "consensus_1", consensus_probs(on_test, EQUAL, 1.0))
    for T in CONSENSUS_TEMPERATURES:
        note_accuracy(lab, data, federation, f"consensus_1_T{T:g}", consensus_probs(on_test, EQUAL, T))
    note_accuracy(lab, data, federation, "consensus_logits_1", on_test.mean(axis=0))
    centred = on_test - on_public.mean(axis=2, keepdims=True)
    note_accuracy(lab, data, federation, "consensus_centred_1", centred.mean(axis=0))
    if data == "digits":
        for alpha, logits in federation.by_alpha(on_test.swapaxes(0, 1)).items():
            if alpha in SHOWN_ALPHAS:
                others = [{}] * (len(lab.seeds) - 1)
                of_first = {"client_logits": logits[0][:, :SHOWN_IMAGES].tolist()}
                lab.note(f"{data}_{alpha:g}_consensus_1", [of_first, *others])


def central(lab: Lab, data: str, federation: Federation) -> None:
    """Measure one network that has the images of all clients, which are the same at every alpha."""
    seeds, name = len(lab.seeds), f"{data}_central"
    inputs, labels = federation.inputs[-seeds:], federation.labels[-seeds:]
    rows = Rows(inputs.reshape(seeds, -1, inputs.shape[-1]), labels.reshape(seeds, -1))
    start = initial_parameters(federation.sizes, generators(lab.seeds, "student"))
    trained = lab.students(
        {name: Lesson(rows, labels_alone)},
        start,
        OPTIMISER,
        steps=CENTRAL_STEPS,
        batch_size=BATCH_SIZE,
        purpose="central",
    )
    logits = logits_of(trained[name].parameters, federation.split.test_inputs)
    first = trained[name].losses[:, :REPLAYED_STEPS]
    measures = zip(logits, federation.split.test_labels, first, strict=True)
    lab.note(name, [{"accuracy": accuracy(z, y), "losses": losses.tolist()} for z, y, losses in measures])


def megabytes_of(method: Method, rounds: int, sizes: Sequence[int], num_public: int) -> float:
    """Return what is moved, in both directions, at 4 bytes a number; nothing where each is alone."""
    if method == "local":
        return 0.0
    if method == "central":
        return CLIENTS * OF_CLIENT * (sizes[0] + 1) * 4 / 1e6  # images and labels, once
    if method == "fedavg":
        return rounds * fedavg_bytes(CLIENTS, num_parameters(sizes)) / 1e6
    return rounds * distillation_bytes(CLIENTS, num_public, CLASSES) / 1e6


def num_parameters(sizes: Sequence[int]) -> int:
    """Count the weights and biases of a network.

    Examples
    --------
    >>> num_parameters((64, 64, 10))
    4810
    """
    return sum((fan_in + 1) * fan_out for fan_in, fan_out in zip(sizes[:-1], sizes[1:], strict=True))


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: accuracies over megabytes, who has which classes, and what may be agreed on.

    Parameters
    ----------
    records : sequence of dict
        Those of `run`.

    Returns
    -------
    dict
        "arms": settings by name; "seeds"; "megabytes": by arm; "accuracy": arm -> [seed]; "counts": data set -> alpha
        -> [client][class], of the first seed; "shown_labels", of the images of `shown`.
    """
    ordered = sorted(records, key=lambda record: record["seed"])
    seeds = sorted({record["seed"] for record in records})
    of_first = {record["arm"]: record for record in ordered if record["seed"] == seeds[0]}
    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "seeds": seeds,
        "megabytes": {name: of_first[name]["megabytes"] for name in ARMS},
        "accuracy": {name: [record["accuracy"] for record in ordered if record["arm"] == name] for name in ARMS},
        "counts": {
            data: {
                f"{alpha:g}": of_first[f"{data}_{alpha:g}_local_{LOCAL_ROUNDS}"]["counts"] for alpha in setting.alphas
            }
            for data, setting in SETTINGS.items()
        },
        "shown_labels": digits(seeds[0]).test_labels[:SHOWN_IMAGES].tolist(),
    }


def shown(records: Sequence[Record]) -> dict[str, NDArray[Any]]:
    """Return what the ten clients of the first seed say of some test images of digits after one round.

    Parameters
    ----------
    records : sequence of dict
        Those of `run`.

    Returns
    -------
    dict
        "images" (12, 64) in [0, 16]; "logits_0.1" and "logits_100" (client, image, class), by alpha.
    """
    seed = min(record["seed"] for record in records)
    # the first seed of every batch has them
    of_first = [record for record in records if record["seed"] == seed and "client_logits" in record]
    logits = {record["arm"]: np.float32(record["client_logits"]) for record in of_first}
    return {
        "images": np.uint8(digits(seed).test_inputs[:SHOWN_IMAGES] * 16),
        **{f"logits_{alpha:g}": logits[f"digits_{alpha:g}_consensus_1"] for alpha in SHOWN_ALPHAS},
    }


def words_of(arm: Arm) -> str:
    """Say in plain words what an arm is."""
    rounds = "one round" if arm.rounds == 1 else f"{arm.rounds} rounds"
    T = arm.temperature
    said = {
        "local": "each client alone",
        "central": "one network with the images of all",
        "fedavg": f"FedAvg, {rounds}",
        "distillation": f"a student of the clients' mean probabilities, {rounds}",
        "logits": "a student of the clients' mean logits, one round",
        "pseudo_labels": "a student of the class that the clients find most probable",
        "consensus": "all ten clients: their votes" if T == 0 else f"all ten clients: mean probabilities at T = {T:g}",
        "consensus_logits": "all ten clients: mean logits",
        "consensus_centred": "all ten clients: mean logits, each client's less its mean over the public images",
    }[arm.method]
    return f"{arm.data}: {said}" + ("" if arm.alpha is None else f"; classes by Dirichlet {arm.alpha:g}")


QUESTION = (
    "Does federated distillation reach a better server than FedAvg for the bytes it moves, how does that depend on the "
    "rounds and on how unlike the clients are, and does it matter whether probabilities or logits are averaged?"
)
CONTROLS = {
    "digits_0.1_local_5 - digits_0.1_distillation_1": "would have been 0 if a client alone did as well",
    "digits_0.1_fedavg_10 - digits_0.1_distillation_1": (
        "would have been negative if distillation were better however many bytes may be spent"
    ),
    "digits_0.1_distillation_10 - digits_0.1_distillation_1": "would have been a gain if rounds helped unlike clients",
    "digits_0.1_distillation_1 - digits_0.1_pseudo_labels_1": (
        "would have been a gain if it took the probabilities, and not only the most probable class"
    ),
    "digits_0.1_consensus_centred_1 - digits_0.1_consensus_logits_1": (
        "would have been no gain if what a client believes of the frequency of classes were not what spoils mean logits"
    ),
    "digits_central": "would have been no better if it cost nothing that the images stay where they are",
}
UNITS = {"accuracy": "%", "megabytes": "MB", "agreement": "%", "kl": "nats"}
COMPARISONS: list[tuple[str, str]] = [
    (f"{data}_{alpha:g}_{arm}", f"{data}_{alpha:g}_{baseline}")
    for data, setting in SETTINGS.items()
    for alpha in setting.alphas
    for arm, baseline in [
        *((f"fedavg_{rounds}", f"distillation_{rounds}") for rounds in DISTILLATION_ROUNDS),
        *((f"fedavg_{rounds}", "distillation_1") for rounds in setting.fedavg_rounds[1:]),
        *((f"distillation_{rounds}", "distillation_1") for rounds in DISTILLATION_ROUNDS[1:]),
        ("local_5", "distillation_1"),
        ("local_5", "fedavg_10"),
        ("consensus_1", "distillation_1"),
        ("consensus_1", "consensus_logits_1"),
        ("consensus_centred_1", "consensus_logits_1"),
        ("consensus_1", "consensus_centred_1"),
        ("consensus_1", "consensus_1_T0"),
        ("distillation_1", "logits_1"),
        ("distillation_1", "pseudo_labels_1"),
    ]
]

EXPERIMENT = Experiment(
    question=QUESTION,
    words={name: words_of(arm) for name, arm in ARMS.items()},
    controls=CONTROLS,
    units=UNITS,
    comparisons=COMPARISONS,
    run=run,
    measured=measured,
    shown=shown,
    may_fail={
        **{f"{data}_later_round": "what is known from earlier rounds need not be learned again" for data in SETTINGS},
        **{f"{data}_agreement": "the consensus of unlike clients may well be wrong" for data in SETTINGS},
        **{
            name: "the consensus of unlike clients may well be wrong"
            for name, arm in ARMS.items()
            if arm.method in ("distillation", "logits", "pseudo_labels") and arm.alpha != 100
        },
    },
)
