"""The doctor: every wall stands, each probe would show a hole, and it is not the probe that fails."""

from __future__ import annotations

import pytest

from kdlab.grading import doctor, probes
from kdlab.grading.sandbox import Sandbox


def test_every_probe_is_held_inside_and_gets_through_outside(softmax_system):
    found = list(doctor.examine(softmax_system))
    assert [each.probe for each in found] == [probe.__name__ for probe in probes.ALL]
    for each in found:
        assert each.verdict == "held", each


@pytest.mark.parametrize(
    "probe",
    # the worker's own limits hold the other ones even without a sandbox
    [probe for probe in probes.ALL if probe.__name__ not in ("fill_the_memory", "fill_the_disk", "outlive_the_run")],
    ids=lambda probe: probe.__name__,
)
def test_a_hole_is_seen(softmax_system, monkeypatch, probe):
    """Without a sandbox each probe gets through, and the doctor must say so."""
    monkeypatch.setattr(doctor, "Sandbox", lambda system: Sandbox(system, trust=True))
    monkeypatch.setattr(probes, "ALL", (probe,))
    (found,) = doctor.examine(softmax_system)
    assert found.verdict == "HOLE", found


def test_a_survivor_is_seen(softmax_system):
    with Sandbox(softmax_system) as sandbox:
        assert doctor._is_any_alive(sandbox.processes(), seconds=0.2)
    assert not doctor._is_any_alive(sandbox.processes())


def test_a_probe_that_does_not_run_is_no_wall(softmax_system, monkeypatch):
    def broken(find):
        """Fail before anything is tried."""

    monkeypatch.setattr(doctor, "_source", lambda probe: "def broken(find)")
    monkeypatch.setattr(probes, "ALL", (broken,))
    with pytest.raises(RuntimeError, match="did not run"):
        list(doctor.examine(softmax_system))
