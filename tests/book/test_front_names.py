"""The parts of the front end are one script: no name of one part may be that of another."""

import re
from collections import Counter
from pathlib import Path

import kdlab.book

FRONT = Path(kdlab.book.__file__).parent / "front"
DECLARED = re.compile(r"^(?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE)


def test_no_two_parts_declare_the_same_name():
    parts = list(FRONT.rglob("*.js"))
    names = Counter(name for path in parts for name in set(DECLARED.findall(path.read_text(encoding="utf-8"))))
    assert names["tableOf"] == 1
    assert [name for name, count in names.items() if count > 1] == []
