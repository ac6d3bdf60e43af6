"""Times of networks on this machine: one thread, float32 as deployed, networks that take turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import numpy as np
import torch
from torch import Tensor

from kdlab.core.quantization import quantize, range_to_grid, weight_range
from kdlab.evidence.intervals import Record
from kdlab.experiments.convnet import DENSE, INPUT_SHAPE, Network, bits_of, run_network, tensors_of
from kdlab.experiments.networks import generators

ROUNDS, CALLS = 12, {1: (4, 8), 64: (1, 2)}  # by batch, calls in a round: before the clock is looked at, and timed

Run = Callable[[Tensor], Tensor]


def as_floats(network: Network) -> Run:
    """Return a function from images to logits, in float32; weights of few bits were turned back before."""
    tensors = [(weight.float(), None if bias is None else bias.float()) for weight, bias in tensors_of(network)]
    return partial(run_network, tensors)


def decoding(network: Network) -> Run:
    """Return a function from images to logits that holds codes of one byte, and turns them into floats in each call."""
    bits = bits_of(network.layers[DENSE])
    stored = []
    for weight, bias in tensors_of(network):
        scale, zero_point = range_to_grid(*weight_range(weight.numpy()), bits, symmetric=True)
        codes = quantize(weight.numpy(), scale, zero_point, bits, symmetric=True).astype(np.int8)
        stored.append((torch.from_numpy(codes), float(scale), None if bias is None else bias.float()))
    return lambda images: run_network([(codes.float() * scale, bias) for codes, scale, bias in stored], images)


def seconds_of(runs: Mapping[str, Run], seed: int) -> dict[str, Record]:
    """Time networks, which take turns, so that what else the machine does meets all of them.

    In an order drawn for each round: what ran before decides what a processor has at hand.

    Parameters
    ----------
    runs : mapping
        From a name to a function of images; one is named "full".
    seed : int
        Decides the order of turns.

    Returns
    -------
    dict
        By name, for batches of 1 and 64, "batch_<n>_seconds", the median of a call, and "batch_<n>_share_seconds", that
        over the median of "full".
    """
    times: dict[str, Record] = {name: {} for name in runs}
    (rng,) = generators([seed], "clock")
    with torch.inference_mode(), one_thread():
        for batch, (warming, calls) in CALLS.items():
            images = torch.rand(batch, *INPUT_SHAPE, generator=torch.Generator().manual_seed(0))
            found: dict[str, list[float]] = {name: [] for name in runs}
            for _ in range(ROUNDS):
                for name in rng.permutation(list(runs)).tolist():
                    call = runs[name]
                    for _ in range(warming):
                        call(images)
                    for _ in range(calls):
                        start = time.perf_counter()
                        call(images)
                        found[name].append(time.perf_counter() - start)
            median = {name: statistics.median(of_run) for name, of_run in found.items()}
            for name, seconds in median.items():
                times[name][f"batch_{batch}_seconds"] = seconds
                times[name][f"batch_{batch}_share_seconds"] = seconds / median["full"]
    return times


@contextmanager
def one_thread() -> Iterator[None]:
    """Let PyTorch use one thread, and as many as before afterwards."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
