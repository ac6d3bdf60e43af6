"""A run is replayed to the bit from its address, however it was cut into calls; what is no run is refused."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdlab.explore import running
from kdlab.explore.controls import Choice, Seed, Slider
from kdlab.explore.frames import frames, packed_frames
from kdlab.explore.notebook import show
from kdlab.explore.picture import Axis, Picture
from kdlab.explore.play import Play, Run, Stage, moved, went_on
from kdlab.explore.widget import explorable

KINDS = ("down", "up")
SEEDS, STEPS = 3, 40


def start(settings):
    return np.random.default_rng(settings["seed"]).normal(size=5)


def step(state, settings, kind):
    """Return a state that remembers in every bit what led to it."""
    turned = np.sin(3 * state) if settings["way"] == "sine" else np.tanh(state)
    return turned * settings["rate"] + (0.1 if kind == "up" else -0.2)


def widget(**fields):
    fields = {"kinds": KINDS, "frame": (1, 7), "restarts": ("seed",), "frames": ({}, {"seed": 2})} | fields

    @explorable(
        run=Play(start, step, STEPS, **fields),
        rate=Slider(0.0, 2.0, value=0.7, label="rate"),
        way=Choice(("sine", "tanh"), value="sine", label="way"),
        seed=Seed(SEEDS, over=lambda settings, seed: {"a": seed, "b": seed + settings["rate"]}),
    )
    def toy(run, rate, way, seed):
        return Picture(Axis("x"), Axis("y"), (), f"{run.tobytes().hex()} {rate} {way} {seed}")

    return toy.explorable


TOY = widget()
PLAY = TOY.controls["run"]


@pytest.fixture
def asked(monkeypatch):
    """Let the page's questions find the toy, and forget where its runs stood."""
    monkeypatch.setattr(running, "written", lambda name, source: TOY)
    monkeypatch.setattr(running, "find", lambda name: TOY)
    monkeypatch.setattr(running, "_stages", {})


rates = st.floats(0, 2).map(lambda value: round(value, 3))
# what a reader does: sets controls, or makes steps of a kind
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("rate"), rates),
        st.tuples(st.just("way"), st.sampled_from(("sine", "tanh"))),
        st.tuples(st.just("seed"), st.integers(0, SEEDS - 1)),
        st.tuples(st.sampled_from(KINDS), st.integers(1, 9)),
    ),
    max_size=12,
)


def done(deeds):
    """Return the address that these deeds lead to, the settings of now, and the state by the plainest loop."""
    run, now = Run(), {"rate": 0.7, "way": "sine", "seed": 0}
    state = start(now)
    for name, value in deeds:
        if name in KINDS:
            steps = min(value, STEPS - run.step)
            run = went_on(PLAY, "run", run, steps, now, name) if steps else run
            for _ in range(steps):
                state = step(state, now, name)
        else:
            before, now = now, now | {name: value}
            run = moved(PLAY, run, before, now)
            state = start(now) if run.step == 0 else state
    return run, now, state


@given(deeds)
def test_an_address_replays_the_run_to_the_bit(deeds):
    run, now, state = done(deeds)
    address = json.loads(json.dumps(run.to_json()))
    assert (
        TOY.picture(run=address, **now).sentence == f"{state.tobytes().hex()} {now['rate']} {now['way']} {now['seed']}"
    )


@given(deeds, deeds)
def test_who_stands_somewhere_gets_where_the_address_says(first, second):
    """The state that is kept between calls is used only where it is on the way."""
    stage = Stage("run", PLAY)
    for deeds in (first, first + second, second, first):
        run, now, state = done(deeds)
        run = PLAY.checked("run", PLAY.check("run", run.to_json()), TOY.controls)
        assert stage.at(run, now).tobytes() == state.tobytes()


@settings(max_examples=30)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.sampled_from(KINDS), rates)
def test_cutting_a_run_into_calls_changes_no_bit(calls, kind, rate):
    running._stages.clear()
    run = {"step": 0, "history": []}
    for count in calls:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(running, "written", lambda name, source: TOY)
            answer = running.advance("figure", "toy", {"run": run, "rate": rate}, count, kind)
        run = answer["run"]
    total = min(STEPS, sum(calls))
    assert run["step"] == total
    whole = went_on(PLAY, "run", Run(), total, {"rate": rate, "way": "sine", "seed": 0}, kind)
    assert answer["picture"]["sentence"] == TOY.picture(run=whole, rate=rate).sentence


def test_a_call_makes_five_steps_however_slow_and_no_more_than_there_are(asked, monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 0.0)
    assert running.advance("a", "toy", {}, 40, "down")["run"]["step"] == 5
    assert running.advance("a", "toy", {"run": {"step": STEPS - 2, "history": []}}, 40, "down")["run"]["step"] == STEPS
    assert running.advance("a", "toy", {"run": {"step": 3, "history": []}}, 0, "down")["run"]["step"] == 3


def test_a_figure_keeps_its_own_run(asked):
    first = running.advance("a", "toy", {}, 5, "down")
    running.advance("b", "toy", {"seed": 1}, 3, "down")
    again = running.advance("a", "toy", {"run": first["run"]}, 1, "down")
    assert again["picture"]["sentence"] == TOY.picture(run={"step": 6, "history": []}).sentence


def test_a_change_holds_from_the_next_step_and_what_restarts_begins_anew():
    now = {"rate": 0.7, "way": "sine", "seed": 0}
    run = went_on(PLAY, "run", Run(), 4, now, "down")
    assert run == Run(4)
    changed = now | {"rate": 1.0}
    run = moved(PLAY, run, now, changed)
    assert run == Run(4, ((0, "rate", 0.7),))
    run = went_on(PLAY, "run", run, 2, changed, "up")
    assert run == Run(6, ((0, "run", "down"), (0, "rate", 0.7), (4, "rate", 1.0), (4, "run", "up")))
    assert moved(PLAY, run, changed, changed | {"seed": 1}) == Run()


def test_the_shipped_runs_are_those_of_their_settings():
    shipped = frames(TOY)
    assert shipped["steps"] == [0, 7, 14, 21, 28, 35, 40]
    assert shipped["runs"] == [[0.7, "sine", 0], [0.7, "sine", 2]]
    sentences = shipped["columns"][shipped["template"]["sentence"]["$"]]
    expected = [TOY.picture(run=Run(at), seed=seed).sentence for seed in (0, 2) for at in shipped["steps"]]
    assert sentences == expected
    assert packed_frames(widget(frames=())) == ""


def test_too_many_frames_are_refused(monkeypatch):
    monkeypatch.setattr("kdlab.explore.frames.LARGEST", 100)
    with pytest.raises(ValueError, match="100 are allowed: ship fewer runs"):
        packed_frames(TOY)


def test_every_seed_is_measured_at_the_other_controls_settings(asked):
    assert running.over("toy", "seed", {"rate": 0.5}, 2) == {"a": 2.0, "b": 2.5}
    told = running.summary("toy", "seed", [{"a": 1.0, "b": 1.5}, {"a": 2.0, "b": 2.5}])
    assert told["rows"][1]["wins"] == 2


@pytest.mark.parametrize(
    ("run", "error", "sentence"),
    [
        (3, TypeError, "run must be a run: its step and its history"),
        ({"step": 1}, TypeError, "run must be a run"),
        ({"step": 1.5, "history": []}, ValueError, r"step of run must be a whole number in \[0, 40\]"),
        ({"step": True, "history": []}, ValueError, "step of run must be a whole number"),
        ({"step": 41, "history": []}, ValueError, r"step of run must be a whole number in \[0, 40\]; 41"),
        ({"step": 3, "history": 5}, TypeError, "history of run must be a list"),
        ({"step": 3, "history": [[0, "rate"]]}, TypeError, r"history of run must hold \(step, control, value\)"),
        ({"step": 3, "history": [[3, "rate", 1.0]]}, ValueError, r"must rise within \[0, 3\); step 3"),
        ({"step": 3, "history": [[0, "way", "sine"], [2, "way", "tanh"], [1, "way", "sine"]]}, ValueError, "must rise"),
        ({"step": 3, "history": [[1, "rate", 1.0]]}, ValueError, "must say where rate stood at step 0; it begins at 1"),
        ({"step": 3, "history": [[0, "rate", 9.0]]}, ValueError, r"rate must be a number in \[0, 2\]; 9.0"),
        ({"step": 3, "history": [[0, "seed", 1]]}, ValueError, "must name one of rate, way; 'seed'"),
        ({"step": 3, "history": [[0, "colour", 1]]}, ValueError, "must name one of rate, way; 'colour'"),
        ({"step": 3, "history": [[0, "run", "sideways"]]}, ValueError, "a step is down or up; 'sideways'"),
    ],
)
def test_what_is_no_run_is_refused(run, error, sentence):
    with pytest.raises(error, match=sentence):
        TOY.picture(run=run)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"frame": ()}, "frame must be one or more rising numbers"),
        ({"frame": (7, 1)}, "frame must be one or more rising numbers"),
        ({"frame": (0,)}, "frame must be whole numbers of at least 1; 0"),
        ({"kinds": ()}, "kinds must be one or more different words"),
        ({"kinds": "down"}, "kinds must be one or more different words"),
        ({"kinds": ("down", "down")}, "kinds must be one or more different words"),
        ({"speed": "quick"}, "speed must be slow, normal or fast; 'quick'"),
        ({"restarts": ("colour",)}, r"restarts of run must name controls \(rate, way, seed\); \['colour'\]"),
        ({"frames": ({"run": 3},)}, r"frames of run must name controls"),
        ({"frames": ({"rate": 9.0},)}, r"rate must be a number in \[0, 2\]"),
    ],
)
def test_a_play_that_cannot_be_is_refused(fields, sentence):
    with pytest.raises(ValueError, match=sentence):
        widget(**fields)


def test_steps_are_a_whole_number():
    for steps in (0, -1, 2.0, True):
        with pytest.raises(ValueError, match="steps must be whole numbers of at least 1"):
            Play(start, step, steps)


def test_a_widget_has_one_run():
    with pytest.raises(ValueError, match="one Play at most; a, b"):

        @explorable(a=Play(start, step, 3), b=Play(start, step, 3))
        def two(a, b):
            raise AssertionError


def test_a_notebook_steps_replays_and_begins_anew():
    box = show(TOY)
    run, rate, _way, seed, shown = box.children
    buttons = {button.description: button for button in run.children[0].children[:-1]}
    assert list(buttons) == ["Back to the start", "down 1", "down 7", "up 1", "up 7"]

    def says(**values):
        return TOY.picture(**values).sentence in shown.value

    buttons["down 7"].click()
    assert says(run=Run(7))
    rate.value = rate.options[5][1]
    buttons["up 1"].click()
    expected = went_on(
        PLAY, "run", Run(7, ((0, "rate", 0.7),)), 1, {"rate": rate.value, "way": "sine", "seed": 0}, "up"
    )
    assert run.value == expected
    assert says(run=expected, rate=rate.value)
    run.children[0].children[-1].value = 15
    assert run.value.step == 15
    seed.value = seed.options[1][1] if hasattr(seed, "options") else 1
    assert says(run=Run(), rate=rate.value, seed=1)
    buttons["up 7"].click()
    buttons["Back to the start"].click()
    assert says(run=Run(), rate=rate.value, seed=1)
