"""Replays under other kernels than this processor chooses: the same digits, although bits differ on the way.

By hand, of one: `ATEN_CPU_CAPABILITY=avx2 python -m pytest tests/experiments/test_evidence.py -k temperature`.
"""

import os
import platform
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from experiments.kernel_probe import KERNELS
from kdlab.experiments.__main__ import names_of_experiments

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
SETTINGS = {setting for kernel in KERNELS.values() for setting in kernel}

pytestmark = pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the settings are of x86 alone")


def run(kernel, *command):
    """Run Python with the settings of a kernel, and none else of their kind."""
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS} | kernel
    return subprocess.run(
        [sys.executable, *command], env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )


@cache
def probe(name):
    """Return what the processor runs under a kernel, and the hash of what it computes."""
    probed = run(KERNELS.get(name, {}), str(HERE / "kernel_probe.py"))
    assert probed.returncode == 0, probed.stderr
    return tuple(probed.stdout.split())


def is_there(name):
    """Return whether a kernel is another one than the processor's own."""
    capability, _ = probe("own")
    return KERNELS[name].get("ATEN_CPU_CAPABILITY", "another").upper() != capability


@pytest.mark.parametrize("name", KERNELS)
def test_every_kernel_changes_a_bit(name):
    assert is_there(name) == (probe(name)[1] != probe("own")[1])


@pytest.mark.slow
@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("name", names_of_experiments())
def test_a_seed_replays(kernel, name):
    if not is_there(kernel):
        pytest.skip("the processor's own kernel is this one")
    test = f"tests/experiments/test_evidence.py::test_a_seed_replays[{name}]"
    replayed = run(KERNELS[kernel], "-m", "pytest", "-q", "-p", "no:cacheprovider", test)
    assert replayed.returncode == 0, replayed.stdout
