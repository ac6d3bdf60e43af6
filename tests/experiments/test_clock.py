"""The clock that networks take turns before."""

import time

import pytest
import torch

from kdlab.experiments import clock


def test_the_clock_finds_the_slower_network_and_the_same_one_alike():
    def wait(seconds):
        return lambda images: time.sleep(seconds)

    found = clock.seconds_of({"full": wait(0.002), "again": wait(0.002), "slow": wait(0.006)}, 0)
    for batch in (1, 64):
        assert found["full"][f"batch_{batch}_seconds"] == pytest.approx(0.002, abs=0.0015)
        assert found["again"][f"batch_{batch}_share_seconds"] == pytest.approx(1, abs=0.4)
        assert found["slow"][f"batch_{batch}_share_seconds"] > 1.8
        assert found["full"][f"batch_{batch}_share_seconds"] == 1


def test_threads_are_given_back():
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        with clock.one_thread():
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
