"""What a platform hands over: an archive or a folder with all hand-ins to one exercise. Read, measured, not believed.

Known are, in the order in which they are looked for:

- Gradescope: submission_metadata.yml, which names each submission's students and its time, and a folder for each;
- Moodle: `<name>_<number>_assignsubmission_file_`, a folder or the beginning of a file's name;
- Canvas: `<name>_<number>_<number>_<file>`, with `_LATE` after the name of what came late;
- nbgrader: `<student>/<task>/`, with the time in timestamp.txt;
- folders: one for each student, or files whose names begin with the student's id.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

METADATA, TIMESTAMP = "submission_metadata.yml", "timestamp.txt"
MAX_METADATA = 50_000_000

_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)")
_CANVAS = re.compile(r"(?P<name>.+?)(?P<late>_LATE)?_(?P<number>\d+)_\d+_(?P<file>.+)", re.IGNORECASE)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) (UTC|[+-]\d{4})")
_IS_UTF8 = 0x800  # the flag of a name in a zip


@dataclass(frozen=True)
class Entry:
    """A file of an archive: its path, the date of it in seconds, and what reads its first bytes."""

    parts: tuple[str, ...]
    date: float
    read: Callable[[int], bytes]


@dataclass
class HandIn:
    """What one student handed in, as the platform says it.

    `ids` are what may be an id or an address of the student, `number` is the platform's own; `at` is the time where
    the platform states it, and `late` whether it says no more than that.
    """

    source: str
    ids: tuple[str, ...] = ()
    name: str = ""
    number: str = ""
    at: datetime | None = None
    late: bool = False
    files: list[Entry] = field(default_factory=list)  # their paths begin inside what was handed in


@dataclass(frozen=True)
class Found:
    """All of an archive: the platform, the hand-ins, and the names of what belongs to nobody."""

    platform: str
    hand_ins: list[HandIn]
    odd: list[str]


@contextmanager
def opened(source: Path) -> Iterator[list[Entry]]:
    """Open an archive or a folder, and give its files: no links, and nothing that a computer adds by itself.

    Raises
    ------
    ValueError
        If it is neither a folder nor a zip, or a file of it cannot be read.
    """
    if source.is_dir():
        yield list(_of_folder(source))
        return
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile) as error:
        raise ValueError(f"SOURCE must be a folder or a zip; {source}: {error}.") from error
    with archive:
        yield list(_of_zip(archive))


def hand_ins(entries: Sequence[Entry], task: str) -> Found:
    """Return what was handed in to a task, such as "softmax"."""
    metadata = next((each for each in entries if each.parts[-1] == METADATA and len(each.parts) <= 2), None)
    if metadata:
        return _gradescope(entries, metadata)
    if any(_moodle_place(each) for each in entries):
        return _grouped("Moodle", entries, _moodle_place)
    if any(_canvas_place(each) for each in entries):
        return _grouped("Canvas", entries, _canvas_place)
    if any(len(each.parts) > 2 and each.parts[1] == task for each in entries):
        return _nbgrader(entries, task)
    return _folders(entries)


Place = tuple[re.Match[str], tuple[str, ...]]  # what a name says of the student, and the path inside the hand-in


def _moodle_place(entry: Entry) -> Place | None:
    for depth, part in enumerate(entry.parts[:2]):
        if match := _MOODLE.fullmatch(part):
            inside = entry.parts[depth + 1 :] or (match["file"],)
            return (match, inside) if inside[-1] else None
    return None


def _canvas_place(entry: Entry) -> Place | None:
    match = _CANVAS.fullmatch(entry.parts[-1]) if len(entry.parts) <= 2 else None
    return match and (match, (match["file"],))


def _grouped(platform: str, entries: Sequence[Entry], place: Callable[[Entry], Place | None]) -> Found:
    found: dict[tuple[str, str], HandIn] = {}
    odd = []
    for entry in entries:
        where = place(entry)
        if where is None:
            odd.append("/".join(entry.parts))
            continue
        match, inside = where
        student = match["name"], match["number"]
        hand_in = found.setdefault(student, HandIn("_".join(student), name=match["name"], number=match["number"]))
        hand_in.late |= bool(match.groupdict().get("late"))
        hand_in.files.append(_inside(entry, inside))
    return Found(platform, list(found.values()), odd)


def _gradescope(entries: Sequence[Entry], metadata: Entry) -> Found:
    try:
        listed = yaml.safe_load(metadata.read(MAX_METADATA).decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{METADATA} is not as Gradescope writes it: {str(error)[:200]}") from error
    depth = len(metadata.parts) - 1
    files: dict[str, list[Entry]] = {}
    odd = []
    for entry in entries:
        if entry is not metadata and len(entry.parts) > depth + 1 and _of(listed, entry.parts[depth]) is not None:
            files.setdefault(entry.parts[depth], []).append(_inside(entry, entry.parts[depth + 1 :]))
        elif entry is not metadata:
            odd.append("/".join(entry.parts))
    found = []
    for submission, own in files.items():
        about = _of(listed, submission)
        submitters = _of(about, "submitters")
        for submitter in submitters if isinstance(submitters, list) else []:  # a group hands in once
            said = {key: str(_of(submitter, key) or "").strip() for key in ("name", "sid", "email")}
            ids = tuple(filter(None, (said["sid"], said["email"])))
            found.append(
                HandIn(f"{submission} of {said['name'] or ids}", ids, said["name"], at=_aware(_of(about, "created_at")))
            )
            found[-1].files += own
        if not submitters:
            odd.append(submission)
    return Found("Gradescope", found, odd)


def _of(table: Any, key: str) -> Any:
    """Return an entry of what Gradescope writes, whose keys begin with a colon."""
    return table.get(f":{key}", table.get(key)) if isinstance(table, dict) else None


def _aware(at: Any) -> datetime | None:
    if not isinstance(at, datetime):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _nbgrader(entries: Sequence[Entry], task: str) -> Found:
    found: dict[str, HandIn] = {}
    odd = []
    for entry in entries:
        if len(entry.parts) < 3:
            odd.append("/".join(entry.parts))
        elif entry.parts[1] == task:  # the others are for other exercises
            student = entry.parts[0]
            hand_in = found.setdefault(student, HandIn(f"{student}/{task}", (student,), student))
            if entry.parts[2:] == (TIMESTAMP,):
                hand_in.at = _time(entry.read(100).decode("utf-8", "replace"))
            else:
                hand_in.files.append(_inside(entry, entry.parts[2:]))
    return Found("nbgrader", list(found.values()), odd)


def _time(text: str) -> datetime | None:
    match = _TIME.fullmatch(text.strip())
    return match and datetime.fromisoformat(match[1] + match[2].replace("UTC", "+0000"))


def _folders(entries: Sequence[Entry]) -> Found:
    found: dict[str, HandIn] = {}
    for entry in entries:
        first = entry.parts[0]
        if len(entry.parts) > 1:
            hand_in, inside = HandIn(first, (first,), first), entry.parts[1:]
        else:
            stem = first[: first.rfind(".")] if "." in first[1:] else first
            beginnings = [stem[: match.start()] for match in re.finditer(r"[ _.-]", stem)]
            hand_in, inside = HandIn(first, (stem, *reversed(beginnings)), stem), (first,)
        found.setdefault(hand_in.source, hand_in).files.append(_inside(entry, inside))
    return Found("folders", list(found.values()), [])


def _inside(entry: Entry, parts: tuple[str, ...]) -> Entry:
    return Entry(parts, entry.date, entry.read)


def _of_folder(source: Path) -> Iterator[Entry]:
    for parent, folders, files in os.walk(source):
        folders.sort()
        for name in sorted(files):
            path = Path(parent, name)
            parts = path.relative_to(source).parts
            if not path.is_symlink() and path.is_file() and not _is_of_system(parts):
                yield Entry(parts, path.stat().st_mtime, _reads(lambda path=path: path.open("rb"), path))


def _of_zip(archive: zipfile.ZipFile) -> Iterator[Entry]:
    for info in sorted(archive.infolist(), key=lambda info: info.filename):
        name = info.filename
        if not info.flag_bits & _IS_UTF8:  # most systems write UTF-8 all the same
            with suppress(UnicodeError):
                name = name.encode("cp437").decode("utf-8")
        parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))
        if info.is_dir() or not parts or _is_of_system(parts):
            continue
        yield Entry(parts, _date(info), _reads(lambda info=info: archive.open(info), Path(*parts)))


def _date(info: zipfile.ZipInfo) -> float:
    try:
        return datetime(*info.date_time, tzinfo=UTC).timestamp()
    except ValueError:  # a zip can hold the 31st of February
        return 0.0


def _reads(opening: Callable[[], Any], path: Path) -> Callable[[int], bytes]:
    def read(n: int) -> bytes:
        try:
            with opening() as file:
                return file.read(n)
        except (OSError, RuntimeError, NotImplementedError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise ValueError(f"SOURCE has a file that cannot be read, {path}: {error}.") from error

    return read


def _is_of_system(parts: tuple[str, ...]) -> bool:
    """Say whether a file is one that was packed by the instructor's own computer and handed in by nobody."""
    return parts[0] == "__MACOSX" or parts[-1] == ".DS_Store"
