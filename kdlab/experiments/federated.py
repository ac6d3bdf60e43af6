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
probabilities ("pseudo_labels"); the consensus itself, which takes all ten clients to answer.

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

from kdlab.experiments.data import Split, check_seed, digits, few_labels, mnist5k
from kdlab.experiments.guards import (
    check_labels_match,
    check_learning,
    check_no_test_rows_in_training,
    check_student_is_not_teacher,
)
from kdlab.experiments.losses import cross_entropy, softened_kl
from kdlab.experiments.measures import accuracy, of_student
from kdlab.experiments.networks import Layers, Loss, Trained, generators, initial_parameters, logits_of, train
from kdlab.experiments.record import rounded
from kdlab.experiments.summary import Record
from kdlab.federated import consensus_probs, distillation_bytes, fedavg, fedavg_bytes

QUESTION = (
    "Does federated distillation reach a better server than FedAvg for the bytes it moves, how does that depend on the "
    "rounds and on how unlike the clients are, and does it matter whether probabilities or logits are averaged?"
)
CLIENTS, OF_CLIENT = 10, 100
WIDTH, CLASSES = 64, 10
CLIENT_STEPS, CLIENT_BATCH_SIZE = 30, 20
AGREEMENT_STEPS, SERVER_STEPS, CENTRAL_STEPS, BATCH_SIZE = 25, 300, 500, 128
DISTILLATION_ROUNDS = (1, 3, 10)
LOCAL_ROUNDS = 5
STEP_SIZE = 0.005
REPLAYED_STEPS = 20

Method = Literal["local", "central", "fedavg", "distillation", "logits", "pseudo_labels", "consensus"]


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


def arms_of(data: str) -> dict[str, Arm]:
    """Name the arms of a data set, such as digits_0.1_fedavg_3."""
    setting = SETTINGS[data]
    arms = {f"{data}_central": Arm(data, "central")}
    for alpha in setting.alphas:
        methods: list[tuple[Method, int]] = [("local", LOCAL_ROUNDS)]
        methods += [("fedavg", rounds) for rounds in setting.fedavg_rounds]
        methods += [("distillation", rounds) for rounds in DISTILLATION_ROUNDS]
        methods += [("logits", 1), ("pseudo_labels", 1), ("consensus", 1)]
        arms |= {f"{data}_{alpha:g}_{method}_{rounds}": Arm(data, method, alpha, rounds) for method, rounds in methods}
    return arms


ARMS: dict[str, Arm] = {name: arm for data in SETTINGS for name, arm in arms_of(data).items()}

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
        ("distillation_1", "logits_1"),
        ("distillation_1", "pseudo_labels_1"),
    ]
]

CONTROLS = {
    "digits_0.1_local_5 - digits_0.1_distillation_1": "would have been 0 if a client alone did as well",
    "digits_0.1_fedavg_10 - digits_0.1_distillation_1": (
        "would have been negative if distillation were better however many bytes may be spent"
    ),
    "digits_0.1_distillation_10 - digits_0.1_distillation_1": "would have been a gain if rounds helped unlike clients",
    "digits_0.1_distillation_1 - digits_0.1_pseudo_labels_1": (
        "would have been a gain if it took the probabilities, and not only the most probable class"
    ),
    "digits_central": "would have been no better if it cost nothing that the images stay where they are",
}

UNITS = {"accuracy": "%", "megabytes": "MB", "agreement": "%", "kl": "nats"}

# for machines that round otherwise, set before the first replay: 14 of 450 test rows; megabytes are a closed form
BOUNDS = {"accuracy": 0.03, "agreement": 0.03, "kl": 0.1}


class Federation(NamedTuple):
    """The data of G federations, one for each alpha and seed, those of the first alpha first; K clients in each."""

    inputs: NDArray[np.float64]  # (G, K, n, D)
    labels: NDArray[np.int64]  # (G, K, n)
    public: NDArray[np.float64]  # (G, n_pub, D)
    test: NDArray[np.float64]  # (G, N, D)
    test_labels: NDArray[np.int64]  # (G, N)
    public_labels: NDArray[np.int64]  # (G, n_pub), for the guards alone
    alphas: list[float]
    seeds: list[int]


def run(seeds: Sequence[int]) -> list[Record]:
    """Train the federations of some seeds, and measure them on the test rows.

    Parameters
    ----------
    seeds : sequence of int
        At least one, each at least 0.

    Returns
    -------
    list of dict
        One for each seed and arm: "seed", "arm", "accuracy" in [0, 1] of the server, or the mean of the clients where
        each is alone; "megabytes" of all rounds in both directions, or of the images where they come together. Students
        of a consensus also have "kl" to it at T = 1 in nats and "agreement" with it in [0, 1]; what is trained has
        "losses", the first 20 of training. The arms "local" also hold "counts" [client][class].

    Raises
    ------
    TypeError, ValueError
        If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
    """
    if not seeds:
        raise ValueError("seeds must hold at least one seed; none was given.")
    for seed in seeds:
        check_seed(seed)
    # rounded, so that the summary is that of what is written
    return [rounded(record) for data in SETTINGS for record in of_data(data, seeds)]


def of_data(data: str, seeds: Sequence[int]) -> list[Record]:
    """Train the federations of a data set, and measure them."""
    setting = SETTINGS[data]
    federation = federations(setting, seeds)
    sizes = (federation.public.shape[-1], WIDTH, CLASSES)
    measures: dict[tuple[Method, int], list[dict[str, Any]]] = {}
    local = alone(federation, sizes)
    measures["local", LOCAL_ROUNDS] = local
    for rounds, accuracies in averaged(federation, sizes, setting.fedavg_rounds).items():
        measures["fedavg", rounds] = [{"accuracy": value} for value in accuracies]
    measures |= distilled(federation, sizes)

    records = []
    for (method, rounds), of_federations in measures.items():
        megabytes = megabytes_of(method, rounds, sizes, setting.public)
        for alpha, seed, values in zip(federation.alphas, federation.seeds, of_federations, strict=True):
            arm = f"{data}_{alpha:g}_{method}_{rounds}"
            records.append({"seed": seed, "arm": arm, "megabytes": megabytes, **values})
    megabytes = megabytes_of("central", 1, sizes, setting.public)
    for seed, values in zip(seeds, central(federation, sizes, len(seeds)), strict=True):
        records.append({"seed": seed, "arm": f"{data}_central", "megabytes": megabytes, **values})
    return records


def federations(setting: Setting, seeds: Sequence[int]) -> Federation:
    """Deal out the training rows of each seed: to the public and, once for each alpha, to the clients."""
    parts = []
    for alpha in setting.alphas:
        for seed, rng in zip(seeds, generators(seeds, "clients"), strict=True):
            split = setting.split(seed)
            public = few_labels(split, setting.public, seed=seed)
            private = ~np.isin(split.train_rows, public.train_rows)
            inputs, labels = split.train_inputs[private], split.train_labels[private]
            rows = client_rows(labels, alpha, rng)
            check_no_test_rows_in_training(split.train_inputs, split.test_inputs)
            check_no_test_rows_in_training(inputs, public.train_inputs)
            part = (inputs[rows], labels[rows], public.train_inputs, split.test_inputs, split.test_labels)
            parts.append((*part, public.train_labels, alpha, seed))
    *arrays, alphas, of_seeds = zip(*parts, strict=True)
    return Federation(*(np.stack(array) for array in arrays), list(alphas), list(of_seeds))


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


def start(federation: Federation, sizes: Sequence[int]) -> Layers:
    """Draw the initial weights of each federation's clients, the clients of the first federation first."""
    return initial(sizes, np.repeat(federation.seeds, CLIENTS).tolist())


def initial(sizes: Sequence[int], seeds: Sequence[int]) -> Layers:
    """Draw the initial weights of all networks of each seed, in float32: twice as fast."""
    return [(weight.float(), bias.float()) for weight, bias in initial_parameters(sizes, generators(seeds, "student"))]


def optimised(
    parameters: Layers,
    inputs: NDArray[np.float64],
    targets: NDArray[Any],
    loss: Loss,
    rngs: Sequence[np.random.Generator],
    steps: int,
    batch_size: int = BATCH_SIZE,
) -> Trained:
    """Train with the optimiser of all arms."""
    adam = partial(torch.optim.Adam, lr=STEP_SIZE)
    return train(parameters, inputs, targets, loss, adam, steps=steps, batch_size=batch_size, rngs=rngs)


def client_steps(federation: Federation, clients: Layers, round_number: int) -> Trained:
    """Let every client take its steps of a round on its own images."""
    purposes = [f"client {k} round {round_number}" for k in range(CLIENTS)]
    rngs = [rng for seed in federation.seeds for purpose in purposes for rng in generators([seed], purpose)]
    inputs, labels = federation.inputs, federation.labels
    return optimised(
        clients,
        inputs.reshape(-1, *inputs.shape[2:]),
        labels.reshape(-1, OF_CLIENT),
        cross_entropy,
        rngs,
        CLIENT_STEPS,
        CLIENT_BATCH_SIZE,
    )


def in_rounds(
    federation: Federation, clients: Layers, last: int, combine: Callable[[Layers], Layers]
) -> Iterator[tuple[int, Layers]]:
    """Yield the clients after their own steps of each round, from which `combine` makes those of the next."""
    for round_number in range(1, last + 1):
        clients = client_steps(federation, clients, round_number).parameters
        yield round_number, clients
        clients = combine(clients)


def alone(federation: Federation, sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Measure clients that never hear of each other: their mean accuracy, and the first losses of their mean."""
    clients = start(federation, sizes)
    losses = client_steps(federation, clients, 1).losses.reshape(-1, CLIENTS, CLIENT_STEPS).mean(axis=1)
    for _, trained in in_rounds(federation, clients, LOCAL_ROUNDS, lambda clients: clients):
        last = trained
    logits = client_logits(last, federation.test)
    counts = [[np.bincount(of_client, minlength=CLASSES).tolist() for of_client in f] for f in federation.labels]
    values = []
    for i, labels in enumerate(federation.test_labels):
        check_learning(losses[i])
        mean_accuracy = float(np.mean([accuracy(of_client, labels) for of_client in logits[:, i]]))
        values.append({"accuracy": mean_accuracy, "losses": losses[i, :REPLAYED_STEPS].tolist(), "counts": counts[i]})
    return values


def averaged(federation: Federation, sizes: Sequence[int], rounds: Sequence[int]) -> dict[int, list[float]]:
    """Return the accuracies of FedAvg's servers after some numbers of rounds."""
    accuracies = {}
    for number, clients in in_rounds(federation, start(federation, sizes), max(rounds), distributed_average):
        if number in rounds:
            logits = logits_of(average(clients), federation.test)
            accuracies[number] = [accuracy(*pair) for pair in zip(logits, federation.test_labels, strict=True)]
    return accuracies


def average(clients: Layers) -> Layers:
    """Return the mean network of each federation, by `kdlab.federated.fedavg`; all clients have as many images."""
    tensors = [tensor.numpy() for layer in clients for tensor in layer]
    # the federations stay together in one array: (K, G, ...)
    of_clients = [[array[k::CLIENTS] for array in tensors] for k in range(CLIENTS)]
    means = [torch.from_numpy(mean) for mean in fedavg(of_clients, [OF_CLIENT] * CLIENTS)]
    return list(zip(means[::2], means[1::2], strict=True))


def distributed_average(clients: Layers) -> Layers:
    """Give every client the mean network of its federation."""
    return [tuple(tensor.repeat_interleave(CLIENTS, dim=0) for tensor in layer) for layer in average(clients)]


def client_logits(clients: Layers, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logits (K, G, N, C) of all clients on what they share, (G, N, D)."""
    logits = logits_of(clients, inputs.repeat(CLIENTS, axis=0))
    return logits.reshape(-1, CLIENTS, *logits.shape[1:]).swapaxes(0, 1)


def consensus(
    clients: Layers, inputs: NDArray[np.float64], average: Literal["probs", "logits"] = "probs"
) -> NDArray[np.float64]:
    """Return the logarithm (G, N, C) of what the clients agree on; its softmax at T = 1 is the consensus."""
    return np.log(consensus_probs(client_logits(clients, inputs), average=average))


def distilled(federation: Federation, sizes: Sequence[int]) -> dict[tuple[Method, int], list[dict[str, Any]]]:
    """Measure the servers that learn from consensus after some rounds, and the first consensus."""
    public, test = federation.public, federation.test
    of_clients = public.repeat(CLIENTS, axis=0)

    def towards_consensus(clients: Layers) -> Layers:
        targets = consensus(clients, public).repeat(CLIENTS, axis=0)
        rngs = generators(np.repeat(federation.seeds, CLIENTS).tolist(), "agreement")
        return optimised(clients, of_clients, targets, kl_to_consensus, rngs, AGREEMENT_STEPS).parameters

    # what each server learns from, and what it is compared with
    targets: dict[tuple[Method, int], tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    clients = start(federation, sizes)
    for number, trained in in_rounds(federation, clients, max(DISTILLATION_ROUNDS), towards_consensus):
        if number in DISTILLATION_ROUNDS:
            targets["distillation", number] = consensus(trained, public), consensus(trained, test)
        if number == 1:
            targets["logits", 1] = consensus(trained, public, "logits"), consensus(trained, test, "logits")
    first, first_test = targets["distillation", 1]
    for logits, labels, alpha in zip(first, federation.public_labels, federation.alphas, strict=True):
        if alpha == max(federation.alphas):  # of unlike clients the consensus may well be wrong
            check_labels_match(logits, labels)

    copies = len(targets)
    servers = optimised(
        initial(sizes, federation.seeds * copies),
        np.tile(public, (copies, 1, 1)),
        np.concatenate([on_public for on_public, _ in targets.values()]),
        kl_to_consensus,
        server_rngs(federation, copies),
        SERVER_STEPS,
    )
    pseudo = optimised(
        initial(sizes, federation.seeds),
        public,
        first.argmax(axis=-1),
        cross_entropy,
        server_rngs(federation, 1),
        SERVER_STEPS,
    )
    values = {}
    for k, (key, (_, on_test)) in enumerate(targets.items()):
        rows = slice(k * len(public), (k + 1) * len(public))
        of_server = Trained([(weight[rows], bias[rows]) for weight, bias in servers.parameters], servers.losses[rows])
        values[key] = of_servers(of_server, federation, on_test)
    values["pseudo_labels", 1] = of_servers(pseudo, federation, first_test)
    pairs = zip(first_test, federation.test_labels, strict=True)
    values["consensus", 1] = [{"accuracy": accuracy(logits, labels)} for logits, labels in pairs]
    return values


def kl_to_consensus(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the divergence from the consensus, whose logarithm is given, at T = 1."""
    return softened_kl(logits, targets, 1.0, scale_by_T2=False)


def server_rngs(federation: Federation, copies: int) -> list[np.random.Generator]:
    """Return what decides the order of the public images, `copies` times for each federation."""
    return generators(federation.seeds * copies, "server")


def of_servers(servers: Trained, federation: Federation, targets: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Check and measure one server of each federation."""
    logits = logits_of(servers.parameters, federation.test)
    values = []
    for i, labels in enumerate(federation.test_labels):
        check_student_is_not_teacher(logits[i], targets[i])
        check_learning(servers.losses[i])
        losses = servers.losses[i, :REPLAYED_STEPS].tolist()
        values.append({**of_student(logits[i], targets[i], labels), "losses": losses})
    return values


def central(federation: Federation, sizes: Sequence[int], seeds: int) -> list[dict[str, Any]]:
    """Measure one network that has the images of all clients, which are the same at every alpha."""
    inputs, labels = federation.inputs[-seeds:], federation.labels[-seeds:]
    of_seeds = federation.seeds[-seeds:]
    trained = optimised(
        initial(sizes, of_seeds),
        inputs.reshape(seeds, -1, inputs.shape[-1]),
        labels.reshape(seeds, -1),
        cross_entropy,
        generators(of_seeds, "central"),
        CENTRAL_STEPS,
    )
    logits = logits_of(trained.parameters, federation.test[-seeds:])
    values = []
    for i, labels in enumerate(federation.test_labels[-seeds:]):
        check_labels_match(logits[i], labels)
        check_learning(trained.losses[i])
        losses = trained.losses[i, :REPLAYED_STEPS].tolist()
        values.append({"accuracy": accuracy(logits[i], labels), "losses": losses})
    return values


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
    """Return the arrays for the pictures: accuracies over megabytes, and who has which classes.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

    Returns
    -------
    dict
        "arms": settings by name; "seeds"; "megabytes": by arm; "accuracy": arm -> [seed]; "counts": data set -> alpha
        -> [client][class], of the first seed.
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
    }
