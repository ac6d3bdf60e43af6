"""The vendored script is of the versions its package files name, and carries the licences of all that is in it."""

import json
import re
from pathlib import Path

import pytest

import kdlab.book

VENDOR = Path(kdlab.book.__file__).parent / "vendor"
CHOSEN = json.loads((VENDOR / "package.json").read_text())["devDependencies"]
LOCKED = json.loads((VENDOR / "package-lock.json").read_text())["packages"]


@pytest.mark.parametrize(("name", "global_name"), [("codemirror.js", "kdlabEditor")])
def test_banner_names_the_versions_of_the_package_files(name, global_name):
    banner, code = (VENDOR / name).read_text(encoding="utf-8").split("\n", 1)
    stated = dict(re.findall(r"(\S+) ([\d.]+) \(\w+\)", banner))
    assert stated
    assert stated == {package: CHOSEN[package] for package in stated}
    assert stated == {package: LOCKED[f"node_modules/{package}"]["version"] for package in stated}
    assert code.startswith(f"var {global_name}=(()=>{{")


def test_every_chosen_library_is_in_the_script():
    banner = (VENDOR / "codemirror.js").read_text(encoding="utf-8").split("\n", 1)[0]
    assert [package for package in CHOSEN if f"{package} " not in banner] == ["esbuild"]


def test_licences_have_a_text_for_each_part():
    parts = re.split(r"\n-{80}\n\n", (VENDOR / "LICENSES.txt").read_text(encoding="utf-8"))
    titles = [re.fullmatch(r"(\S+) ([\d.]+) \([\w-]+\)", part.split("\n", 1)[0]) for part in parts]
    assert all(titles)
    assert {title[1]: title[2] for title in titles} == {
        title[1]: LOCKED[f"node_modules/{title[1]}"]["version"] for title in titles
    }
    assert all(re.search(r"permission|free (and|to)|unencumbered", part, re.IGNORECASE) for part in parts)


def test_the_lock_names_no_registry():
    assert not [path for path, package in LOCKED.items() if "resolved" in package]
