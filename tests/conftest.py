"""Settings for every test: Hypothesis sets no time limit for one example, since a busy machine is no fault.

And which tests stay together where there are several workers: those of a file, as `--dist loadfile` has it; but what
holds for every experiment is shared out by experiment, each with its own file, so that a seed is run again once.
"""

import re
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("kdlab", deadline=None)
# for tests/mutation: the same few examples for every mutant, and no time spent on making a failure small
hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=20,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)
hypothesis.settings.load_profile("kdlab")

EXPERIMENTS = Path(__file__).parent / "experiments"
OF_ALL = "tests/experiments/test_evidence.py"
ONE_BY_ONE = ("tests/experiments/test_planted_faults.py", "tests/experiments/test_kernels.py")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Deal tests out by `together`."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return together(nodeid)

    return Scheduling(config, log)


def together(nodeid):
    """Return the name of what a test is to stay together with."""
    file, _, test = nodeid.partition("::")
    if file in ONE_BY_ONE:
        return nodeid
    if file == OF_ALL:
        for word in re.split(r"[\[\]-]", test):
            if (EXPERIMENTS / f"test_{word}.py").exists():
                return f"tests/experiments/test_{word}.py"
    return file
