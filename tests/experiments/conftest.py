"""One thread, as the runner has it, and each seed that is run again but once."""

import importlib
from functools import cache

import pytest
import torch

from kdlab.evidence import records


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Let PyTorch use one thread: the matrices are small, and a second makes every step slower."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@cache
def records_again(name):
    """Run the replayed seed of an experiment again, once for all tests of a process."""
    experiment = importlib.import_module(f"kdlab.experiments.{name}").EXPERIMENT
    return experiment.records([records.read(name).replay["seed"]])


@pytest.fixture(scope="session")
def replay():
    """Return the function from the name of an experiment to the records of its replayed seed, run again."""
    return records_again
