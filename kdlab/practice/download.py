"""The student's download: a zip with the notebook, its public cases, the kdlab it needs, and a README."""

from __future__ import annotations

import base64
import hashlib
import json

import nbformat

import kdlab
from kdlab.files import zipped
from kdlab.practice import notebook, shipped
from kdlab.practice.cases import Paper
from kdlab.practice.page import practice


def student_files(paper: Paper) -> dict[str, bytes]:
    """Return the files of a student's folder by name, for one paper: the same bytes for the same paper."""
    wheel_name, wheel_bytes = wheel(paper.exercise.name, paper.exercise.forbids)
    task = paper.exercise.task
    readme = (
        f"{paper.exercise.title}: about {paper.exercise.minutes} minutes.\n"
        f"Needs Python 3.11 or later: python -m pip install notebook {wheel_name}\n"
        f"Then: jupyter notebook {task}.ipynb. Write your functions, run the checks below them, hand in {task}.ipynb.\n"
    )
    return {
        "README.txt": readme.encode(),
        f"{task}.ipynb": nbformat.writes(notebook.student_notebook(paper)).encode(),
        notebook.cases_file(paper): json.dumps(practice(paper)).encode(),
        wheel_name: wheel_bytes,
        **notebook.data_files(paper),
    }


def wheel(exercise: str, forbids: tuple[str, ...]) -> tuple[str, bytes]:
    """Return the name and bytes of a wheel of kdlab: what notebooks need, and the mechanisms that are not closed.

    It is put together from the installed sources, without a build tool or network.
    """
    files = {f"kdlab/{name}": path.read_bytes() for name, path in shipped.files("wheel", forbids).items()}
    version = f"{kdlab.__version__}+{exercise.replace('/', '.').replace('_', '.')}"
    info = f"kdlab-{version}.dist-info"
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: kdlab\nVersion: {version}\n"
        f"Summary: The part of kdlab that the exercise {exercise} needs\n"
        "License: MIT\nRequires-Python: >=3.11\nRequires-Dist: numpy>=2.0\n"
    ).encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: kdlab\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    return f"kdlab-{version}-py3-none-any.whl", zipped(files)


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
