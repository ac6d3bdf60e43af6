"""The widgets of the chapter principles/temperature."""

from __future__ import annotations

import numpy as np

from kdlab.explore.controls import Choice, Numbers, Slider
from kdlab.explore.marks import Band, Bars, Image, Line, Points, Rule, Text
from kdlab.explore.measured import mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.questions import Estimate, Pick
from kdlab.explore.widget import explorable
from kdlab.temperature import entropy as entropy_of
from kdlab.temperature import softmax, softmax_dT

CLASSES = ("cat", "lynx", "dog", "fox", "car")
LOGITS = (5.0, 4.5, 0.0, 0.0, -2.0)
CONFIDENT = (8.0, 2.0, 1.0, 0.0, -1.0)
UNSURE = (2.0, 1.6, 1.0, 0.4, 0.0)
TEMPERATURES = np.geomspace(0.1, 20.0, 81)


IMAGES = (
    "4, unclear",
    "another 4, unclear",
    "6, unclear",
    "3, unclear",
    "0, clear",
    "2, clear",
    "7, clear",
    "5, clear",
)


def _what_softer_bars_do() -> int:
    """Return which option is right: the paired difference of the lessons at T = 4 and T = 1."""
    difference = mean_interval(_accuracy("kd_T4") - _accuracy("kd_T1"))
    low, high = difference["mean"] - difference["half_width"], difference["mean"] + difference["half_width"]
    return 0 if high < 0 else 2 if low > 0 else 1


@explorable(
    measured="temperature",
    predict=Pick(
        "Divide the teacher's scores by 4 before they become bars: the bar of the 6 falls by half. "
        "What becomes of the student that is told the bars?",
        options=(
            "It gets worse: the right answer is told less clearly.",
            "Nothing: the order of the bars is the same.",
            "It gets better.",
        ),
        answer=_what_softer_bars_do,
        because="It hears more of what else the image could have been. The label says nothing of that.",
        at={"temperature": 4.0},
    ),
    temperature=Slider(0.5, 16.0, value=1.0, label="temperature T", scale="log", steps=6),  # at which they were taught
)
def lesson(temperature) -> Sheet:
    """Two students learn the same images: one is told the labels, one the teacher's bars."""
    shown = IMAGES.index("6, unclear")
    bars = [interval["mean"] for interval in _soft_targets_of(shown, temperature)[0]]
    pixels = Image(record("temperature").measured["pixels"][shown], x0=-0.4, x1=2.9, y0=0.42, y1=0.98)
    taught = (("blue", "hard"), ("orange", f"kd_T{temperature:g}"))
    right = [_accuracy(arm) for _, arm in taught]
    beside = np.linspace(-0.3, 0.3, len(right[0]))  # each seed has its place
    dots = []
    for x, ((color, _), accuracy) in enumerate(zip(taught, right, strict=True)):
        interval = mean_interval(accuracy)
        ends = {"low": [interval["mean"] - interval["half_width"]], "high": [interval["mean"] + interval["half_width"]]}
        dots += [
            Points(x + beside, accuracy, color="grey", faint=0.4),
            Points([x], [interval["mean"]], color=color, **ends),
        ]
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("class", categories=tuple("0123456789")),
                    Axis("what the teacher says", domain=(0, 1)),
                    (pixels, Bars(np.arange(10), bars, color="orange")),
                    "An image, and its bars.",
                ),
                Picture(
                    Axis("the student is told", categories=("the labels", "the bars")),
                    Axis("right on new images (%)", domain=(80, 100)),
                    tuple(dots),
                    "Twenty students of each.",
                ),
            ),
        ),
        sentence=(
            f"At T = {temperature:g} the student of the bars is right in {right[1].mean():.1f} %, that of the labels "
            f"in {right[0].mean():.1f} %."
        ),
        first=1,
    )


def _what_the_runner_up_does() -> int:
    """Return which option is right, from the runner-up's probability over T = 1 ... 8."""
    lynx = np.array([softmax(LOGITS, temperature)[1] for temperature in np.linspace(1, 8, 71)])
    rises, falls = (np.diff(lynx) > 0).any(), (np.diff(lynx) < 0).any()
    return 2 if rises and falls else 0 if rises else 1


@explorable(
    predict=Pick(
        "Raise T from 1 to 8. What does the probability of the lynx, the runner-up, do?",
        options=("It rises all the way.", "It falls all the way.", "It rises, then falls."),
        answer=_what_the_runner_up_does,
        because=(
            "A class gains exactly while its logit lies below the mean logit. The lynx starts below the mean; "
            "as T rises the mean itself falls past it."
        ),
        at={"temperature": 8.0},
    ),
    logits=Numbers(LOGITS, low=-10.0, high=10.0, label="logits z", names=CLASSES, step=0.5),
    temperature=Slider(0.1, 20.0, value=1.0, label="temperature T", scale="log", stops=(0.5, 1.5, 2.0, 4.0, 8.0)),
)
def logits(logits, temperature) -> Sheet:
    """What a teacher says of five classes at a temperature, and the way its probabilities came."""
    p = softmax(logits, temperature)
    dp_dT = softmax_dT(logits, temperature)
    places, classes = np.arange(p.size), Axis("class", categories=CLASSES)
    mean_logit = p @ np.asarray(logits)
    changes = {"orange": dp_dT > 0, "blue": dp_dT < 0, "grey": dp_dT == 0}
    words = {"orange": "gains as T rises", "blue": "loses as T rises", "grey": "stays"}
    gaining = ", ".join(name for name, gains in zip(CLASSES, changes["orange"], strict=True) if gains)
    so_far = np.append(TEMPERATURES[temperature > TEMPERATURES], temperature)
    over_T = softmax(np.outer(1 / so_far, logits))
    rising = np.array([softmax_dT(logits, T) for T in so_far]) >= 0
    falling = ~rising
    falling[:-1] |= ~rising[1:]  # from the last point that rises, so that the line has no gap
    downwards = np.argsort(-p, kind="stable")
    together = np.split(downwards, np.flatnonzero(np.diff(p[downwards]) <= -0.1) + 1)  # their names stand together

    def bars(height, **moves):
        return tuple(
            Bars(places, np.where(here, height, np.nan), color=color, label=words[color], **moves)
            for color, here in changes.items()
            if here.any()
        )

    return Sheet(
        rows=(
            (
                Picture(
                    classes,
                    Axis("logit z", domain=(-10, 10)),
                    (*bars(np.asarray(logits), moves="logits"), Rule(y=mean_logit, label="mean logit")),
                    "The logits: drag them.",
                ),
                Picture(
                    classes,
                    Axis("probability p", domain=(0, 1)),
                    (*bars(p), *(Text(i, p_i, f"{p_i:.3f}") for i, p_i in enumerate(p))),
                    "The probabilities at this T.",
                ),
            ),
            (
                Picture(
                    Axis("temperature T", domain=(0.1, 20), scale="log"),
                    Axis("probability p", domain=(0, 1)),
                    (
                        *(
                            Line(so_far, np.where(here, over_T, np.nan)[:, i], color=color)
                            for i in range(p.size)
                            for color, here in (("orange", rising), ("blue", falling))
                        ),
                        *(
                            Text(temperature, p[near].max(), ", ".join(CLASSES[i] for i in near), beside=True)
                            for near in together
                        ),
                        Rule(x=temperature, moves="temperature", label="T"),
                    ),
                    "The way they came, from T = 0.1.",
                ),
            ),
        ),
        sentence=(
            f"At T = {temperature:.3g} the {CLASSES[p.argmax()]} holds {p.max():.3f} and all the others "
            f"{1 - p.max():.3f}; the mean logit is {mean_logit:.2f}, and raising T a little would feed "
            f"{gaining or 'no class'}."
        ),
        first=1,
    )


def _half_entropy_temperature() -> float:
    """Return the temperature at which the confident teacher has half of the largest entropy, by bisection."""
    low, high = 0.1, 20.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if entropy_of(CONFIDENT, middle) < np.log(5) / 2 else (low, middle)
    return low


HALF_WAY = float(f"{_half_entropy_temperature():.3g}")


@explorable(
    predict=Estimate(
        "At which temperature does the confident teacher reach half of the largest entropy there is?",
        low=0.1,
        high=20.0,
        answer=_half_entropy_temperature,
        within=0.5,
        because="Its top logit leads by 6. Until T is a good part of that lead, little leaves the top class.",
        mark="x",
        at={"temperature": HALF_WAY},
        covered=True,
    ),
    temperature=Slider(0.1, 20.0, value=1.0, label="temperature T", scale="log", steps=81, stops=(HALF_WAY,)),
)
def entropy(temperature) -> Picture:
    """The entropy of two teachers' soft targets over T, and where the slider stands."""
    most = np.log(len(CONFIDENT))
    curves = [[entropy_of(z, T) for T in TEMPERATURES] for z in (CONFIDENT, UNSURE)]
    now = [float(entropy_of(z, temperature)) for z in (CONFIDENT, UNSURE)]
    return Picture(
        x=Axis("temperature T (no unit)", domain=(0.1, 20), scale="log"),
        y=Axis("entropy H (nats)", domain=(0, 1.7)),
        marks=(
            Rule(y=most, color="grey", label="largest: log 5"),
            Line(TEMPERATURES, curves[0], color="blue", label="confident teacher"),
            Line(TEMPERATURES, curves[1], color="orange", label="unsure teacher", dashed=True),
            Rule(x=temperature, moves="temperature"),
            Points([temperature], [now[0]], color="blue"),
            Points([temperature], [now[1]], color="orange"),
        ),
        sentence=(
            f"At T = {temperature:.3g} the confident teacher's soft targets have {now[0]:.2f} nats and the unsure "
            f"teacher's {now[1]:.2f}, of at most {most:.2f}: {now[0] / most:.0%} and {now[1] / most:.0%}."
        ),
    )


@explorable(
    measured="temperature",
    predict=Estimate(
        "Of the clear 0 the teachers are sure: at T = 1 the nine other classes together get nothing to speak of. "
        "How much do they get at T = 8?",
        low=0.0,
        high=1.0,
        answer=lambda: 1 - _soft_targets_of(IMAGES.index("0, clear"), 8.0)[0][0]["mean"],
        within=0.1,
        because="Divided by 8, a lead of many logits is a lead of few. How sure a teacher looks is a matter of scale.",
        mark="none",  # it is a sum over bars
        at={"image": "0, clear", "temperature": 8.0},
    ),
    image=Choice(IMAGES, value="0, clear", label="image"),
    temperature=Slider(0.5, 32.0, value=1.0, label="temperature T", scale="log", steps=7),
)
def soft_targets(image, temperature) -> Sheet:
    """The soft targets of 20 teachers for one image: their mean, its interval, and each teacher."""
    shown = IMAGES.index(image)
    intervals, p = _soft_targets_of(shown, temperature)
    mean = np.array([interval["mean"] for interval in intervals])
    half_width = np.array([interval["half_width"] for interval in intervals])
    digits = np.arange(10)
    beside = np.linspace(-0.3, 0.3, len(p))[:, np.newaxis]  # each teacher has its place beside the middle of the bar
    second, first = np.argsort(mean)[-2:]
    bare = Axis("", hidden=True, square=True)
    pixels = Image(record("temperature").measured["pixels"][shown], x0=0, x1=1, y0=0, y1=1)
    return Sheet(
        rows=(
            (
                Picture(bare, bare, (pixels,), "The image."),
                Picture(
                    Axis("class", categories=tuple("0123456789")),
                    Axis("probability p", domain=(0, 1)),
                    (
                        Bars(
                            digits,
                            mean,
                            low=mean - half_width,
                            high=mean + half_width,
                            color="orange",
                            label="mean, 95 % interval",
                        ),
                        Points((digits + beside).ravel(), p.ravel(), color="grey", label="one teacher"),
                    ),
                    "What the teachers say.",
                ),
            ),
        ),
        sentence=(
            f"At T = {temperature:.3g} the teachers give this image on average {mean[first]:.2f} to class {first} and "
            f"{mean[second]:.2f} to class {second}; all but the first hold {1 - mean[first]:.2f}."
        ),
        first=1,
    )


def _soft_targets_of(shown: int, temperature: float) -> tuple[list[dict[str, float]], np.ndarray]:
    """Return the interval of the mean for each class, and every teacher's probabilities."""
    p = softmax(record("temperature").measured["teacher_logits"][shown], temperature)
    return [mean_interval(p_i) for p_i in p.T], p


SWEEPS = {
    "Adam, 16 hidden units": ("hard", {"with T²": "kd_T{:g}"}),
    "Adam, 8 hidden units": ("w8_hard", {"with T²": "w8_kd_T{:g}"}),
    "SGD, 16 hidden units": ("sgd_hard", {"with T²": "sgd_kd_T{:g}", "without T²": "sgd_kd_T{:g}_without_T2"}),
}


@explorable(
    measured="temperature",
    predict=Pick(
        "Students learn 100 images from soft targets. What does T = 64 do, compared with T = 8?",
        options=("It ruins the student: the targets are almost even.", "Almost nothing.", "It helps further."),
        answer=lambda: _what_a_high_temperature_does(),
        because="With the factor T² the loss tends to a squared distance between centred logits: nothing is lost.",
        at={"training": "Adam, 16 hidden units"},
        covered=True,
    ),
    training=Choice(tuple(SWEEPS), value="Adam, 16 hidden units", label="training"),
)
def sweep(training) -> Picture:
    """Test accuracy of students over the temperature they were taught at: mean, interval, every seed."""
    hard, families = SWEEPS[training]
    marks = [*_level(hard)]
    words = []
    beside = np.geomspace(0.87, 1.15, len(_accuracy(hard)))  # each seed has its place beside the temperature
    for color, (label, arm) in zip(("orange", "purple"), families.items(), strict=False):
        T, accuracy = _sweep_of(arm)
        intervals = [mean_interval(of_T) for of_T in accuracy]
        mean = np.array([interval["mean"] for interval in intervals])
        half_width = np.array([interval["half_width"] for interval in intervals])
        marks += [
            Band(T, mean - half_width, mean + half_width, color=color),
            Line(T, mean, color=color, label=f"{label}, mean and 95 % interval", dashed=color == "purple"),
            Points(np.outer(T, beside).ravel(), accuracy.ravel(), color=color),
        ]
        words.append(f"{label} {mean[0]:.1f} % at T = {T[0]:g} and {mean[-1]:.1f} % at T = {T[-1]:g}")
    return Picture(
        x=Axis("temperature T of the lesson (no unit)", domain=(0.4, 80), scale="log"),
        y=Axis("test accuracy (%)", domain=(0, 100) if len(families) > 1 else (70, 100)),
        marks=tuple(marks),
        sentence=f"{training}: {'; '.join(words)}. From the labels alone: {_accuracy(hard).mean():.1f} %.",
    )


def _accuracy(arm: str) -> np.ndarray:
    """Return the test accuracy of an arm in percent, in the order of the seeds: two arms pair place by place."""
    return 100 * of_seeds("temperature", arm, "accuracy")


def _sweep_of(arm: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the temperatures at which a family of arms was run, and the accuracy of each and each seed."""
    recorded = record("temperature").measured["arms"]
    T = np.array(
        sorted(
            {
                a["temperature"]
                for name, a in recorded.items()
                if a["temperature"] and arm.format(a["temperature"]) == name
            }
        )
    )
    return T, np.array([_accuracy(arm.format(t)) for t in T])


def _level(hard: str) -> tuple[Band, Line]:
    """Return the mean of the students taught by the labels, and its interval, over all temperatures."""
    interval = mean_interval(_accuracy(hard))
    low, high = interval["mean"] - interval["half_width"], interval["mean"] + interval["half_width"]
    return (
        Band([0.4, 80], [low, low], [high, high], color="blue"),
        Line([0.4, 80], [interval["mean"]] * 2, color="blue", label="labels alone, mean and 95 % interval"),
    )


def _what_a_high_temperature_does() -> int:
    """Return which option is right: the paired difference of T = 64 and T = 8, against one point of accuracy."""
    difference = mean_interval(_accuracy("kd_T64") - _accuracy("kd_T8"))
    low, high = difference["mean"] - difference["half_width"], difference["mean"] + difference["half_width"]
    return 0 if high < -1 else 2 if low > 1 else 1
