"""The pages for instructors: every command stands as it is, and the walk through a course prints what the page says."""

from __future__ import annotations

import argparse
import doctest
import json
import re
import shlex
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from kdlab import cli
from kdlab.grading.sandbox import INSTALL

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "grading"))
from notebooks import RIGHT, ZEROS, filled  # noqa: E402

PAGES = [*sorted((ROOT / "chapters").rglob("*.md")), *ROOT.glob("*.md"), *(ROOT / "exercises").glob("*.md")]
PAGES = [page for page in PAGES if "kdlab " in page.read_text("utf-8") and page.name != "CHANGELOG.md"]
WALK = ROOT / "chapters" / "appendix" / "instructor.md"
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
MULTIPLIES = RIGHT["softmax_at"].replace("/ temperature", "* temperature")
HANDED_IN = {
    "nunezjose_51_901_softmax.ipynb": RIGHT,
    "lovelaceada_LATE_52_902_softmax.ipynb": RIGHT | {"softmax_at": MULTIPLIES},
    "noetheremmy_53_903_softmax-1.ipynb": RIGHT | {"softmax_limits": ZEROS["softmax_limits"]},
    "turingalan_54_904_softmax.ipynb": ZEROS,
}


def verbs() -> dict[tuple[str, str], argparse.ArgumentParser]:
    """Return the parser of each command: of ("course", "grade"), say."""

    def below(parser):
        (action,) = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
        return action.choices

    return {(room, verb): parser for room, of in below(cli._parser()).items() for verb, parser in below(of).items()}


VERBS = verbs()


def named(text: str) -> list[str]:
    """Return the commands that a page names, in its blocks and in its sentences, without what comes after a comment."""
    whole = text.replace("\\\n", " ")
    found = [line for _, _, block in BLOCK.findall(whole) for line in block.splitlines()]
    found += [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", BLOCK.sub("", whole))]
    commands = [re.search(r"(?:^|\s|`)kdlab ((?:exercise|grade|course) .*)", line) for line in found]
    return [re.split(r"\s#|\s{2,}", match[1])[0].strip() for match in commands if match]


def problems(command: str) -> list[str]:
    """Return what of a command kdlab does not have."""
    room, *words = shlex.split(command)
    if not words or words[0].startswith("-"):
        return []  # a room, in a sentence
    if (room, words[0]) not in VERBS:
        return [f"kdlab {room} has no verb {words[0]}"]
    options = VERBS[room, words[0]]._option_string_actions
    return [f"kdlab {room} {words[0]} has no {word}" for word in words if word.startswith("--") and word not in options]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_names_exists_with_its_options(page):
    text = page.read_text("utf-8")
    assert [problem for command in named(text) for problem in problems(command)] == []
    started = [line for _, _, block in BLOCK.findall(text.replace("\\\n", " ")) for line in block.splitlines()]
    for line in started:  # what is typed is complete; a picture of the options, with what each is for, is not typed
        if match := re.match(r"(?:\$ )?kdlab ((?:exercise|grade|course) .*)", line):
            cli._parser().parse_args(shlex.split(re.split(r"\s#|\s{2,}", match[1])[0]))


def test_a_command_that_is_not_there_is_seen():
    assert problems("course export --out marks --filled sheet.csv") == ["kdlab course export has no --filled"]
    assert problems("course publish") == ["kdlab course has no verb publish"]
    assert named("```\n$ kdlab course grade   # all\n```\nSay `kdlab course\nstatus`.") == [
        "course grade",
        "course status",
    ]


def test_each_verb_of_a_course_stands_on_a_page_for_instructors():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    own = next(
        each for part in toc["parts"] for each in part["chapters"] if each["file"] == "chapters/appendix/instructor"
    )
    files = [own["file"], *(each["file"] for each in own["sections"])]
    found = {command for file in files for command in named((ROOT / f"{file}.md").read_text("utf-8"))}
    words = {tuple(command.split()[:2]) for command in found}
    assert {verb for verb in VERBS if verb[0] == "course"} - words == set()


def block_that_begins(words: str) -> str:
    return next(block for _, _, block in BLOCK.findall(WALK.read_text("utf-8")) if block.startswith(words))


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """Return an empty folder, with the clone's exercises, the course of the page, the archive and the sheet."""
    folder = tmp_path / "my-course"
    folder.mkdir()
    shutil.copy(ROOT / "instructor.sample" / "key", folder)
    (tmp_path / "exercises").symlink_to(ROOT / "exercises")
    files = {"course.toml": "# course.toml", "roster.csv": "id,name,email", "decisions.toml": "# decisions.toml"}
    for name, begin in files.items():
        (folder / name).write_text(block_that_begins(begin), encoding="utf-8")
    (tmp_path / "sheet.csv").write_text(block_that_begins("Student,ID"), encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name, sources in HANDED_IN.items():
            archive.writestr(name, json.dumps(filled(sources)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KDLAB_INSTRUCTOR", str(folder))
    return tmp_path


def test_the_walk_prints_what_the_page_says(place, capfd):
    """From the release to the platform's sheet, in an empty folder, each command in the order of the page."""
    if shutil.which("bwrap") is None:
        pytest.fail(INSTALL)
    blocks = [block for _, language, block in BLOCK.findall(WALK.read_text("utf-8")) if language == "console"]
    steps = [step for block in blocks for step in re.split(r"^\$ ", block, flags=re.MULTILINE) if step]
    assert len(steps) > 10
    compare = doctest.OutputChecker().check_output
    for step in steps:
        command, _, printed = step.partition("\n")
        program, *words = shlex.split(command)
        if program == "cat":
            said = Path(*words).read_text("utf-8")
        else:
            assert program == "kdlab"
            assert cli.main(words) in (0, 1), capfd.readouterr().err
            said = capfd.readouterr().out
        assert compare(printed, said, doctest.ELLIPSIS), f"{command} printed\n{said}"
