"""The page of a student: complete, honest, and harmless whatever a student wrote."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdlab.grading.feedback import page, write_feedback

QUESTION = {
    "function": "softmax_at",
    "points": 0,
    "max_points": 2,
    "message": "T multiplies the logits here; it should divide them.",
    "wrong": "multiplies",
    "findings": [
        {"passed": True, "kind": "passed", "sentence": "softmax_at([1], 1): right."},
        {
            "passed": False,
            "kind": "value",
            "sentence": "A hidden case of softmax_at: the value is not the expected one.",
        },
    ],
}
RESULT = {
    "student": "ada",
    "exercise": "temperature/softmax",
    "status": "graded",
    "points": 3,
    "max_points": 5,
    "questions": [
        QUESTION,
        QUESTION
        | {
            "function": "softmax_limits",
            "points": 3,
            "max_points": 3,
            "message": "",
            "findings": QUESTION["findings"][:1],
        },
    ],
    "notes": ["Cell 4: '!ls' was skipped: only Python is run."],
    "log": "hello\n",
    "final": 3,
    "decision": "",
}

HOSTILE = [
    "<script>alert(1)</script>",
    "</pre></main><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "</style><style>body{display:none}</style>",
    "</title><base href=//evil.example>",
    "<!--",
    "]]>",
    "&lt;script&gt;",
    "&#x3c;script&#x3e;",
    "{{7*7}}",
    "javascript:alert(1)",
    "\x00\x1b[2J\x7f",
    "\u202e\u2066",
    "\ud800",
]


class Parsed(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text, self.open = [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attributes]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def words(html: str) -> str:
    return " ".join("".join(Parsed(html).text).split())


def with_text_everywhere(text: str) -> dict:
    finding = {"passed": False, "kind": text, "sentence": text}
    question = QUESTION | {"function": text, "message": text, "wrong": text, "findings": [finding]}
    shown = {"student": text, "title": text, "file": {"name": text, "sha256": "0" * 64}}
    return RESULT | shown | {"questions": [question], "notes": [text], "log": text, "decision": text}


def test_what_it_says():
    said = words(page(RESULT))
    for part in (
        "temperature/softmax",
        "For ada: 3 of 5 points.",
        "softmax_at 0 of 2 points",
        "Not yet right: 1 of 2 checks passed.",
        "T multiplies the logits here",
        "Right in all 1 checks.",
        "A hidden case of softmax_at",
        "'!ls' was skipped",
        "hello",
    ):
        assert part in said, said
    assert "multiplies" not in page(RESULT).replace(
        "T multiplies", ""
    )  # the name of the wrong solution is the instructor's


def test_it_says_what_was_graded_and_what_was_not_tried():
    finding = {"passed": False, "kind": "not_asked", "sentence": "A hidden case: not called."}
    question = QUESTION | {"findings": [*QUESTION["findings"], finding]}
    file = {"name": "softmax 2.ipynb", "sha256": "ab" * 32}
    said = words(page(RESULT | {"title": "Softmax at T", "file": file, "questions": [question]}))
    assert "Softmax at T For ada" in said
    assert f"The file was softmax 2.ipynb, with the SHA-256 {'ab' * 32}." in said
    assert "1 of 3 checks passed, 1 were not made any more." in said
    assert "not made : A hidden case: not called." in said or "not made: A hidden case: not called." in said


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_text(text):
    html = page(with_text_everywhere(text))
    plain, hostile = Parsed(page(with_text_everywhere("x"))), Parsed(html)
    assert hostile.tags == plain.tags
    assert hostile.attributes == plain.attributes
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", html)
    html.encode("utf-8")


@given(st.text())
def test_any_text_is_text(text):
    html = page(with_text_everywhere(text))
    assert Parsed(html).tags == Parsed(page(with_text_everywhere(text and "x"))).tags
    html.encode("utf-8")


def test_it_stands_alone():
    html = page(RESULT)
    tags = Parsed(html)
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & set(tags.tags)
    assert not {"src", "href", "style"} & set(tags.attributes)
    assert not [name for name in tags.attributes if name.startswith("on")]
    assert "http:" not in html
    assert "https:" not in html
    assert "url(" not in html
    assert "@import" not in html
    assert "default-src 'none'" in html


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("not_attempted", "handed in as it was given out"),
        ("nothing_handed_in", "Nothing was handed in."),
        ("wrong_exercise", "for another exercise"),
        ("invalid_notebook", "could not be read as a notebook"),
        ("too_large", "too large"),
        ("refused", "was not opened"),
        ("grader_error", "This is not your fault, and there are no points yet"),
    ],
)
def test_what_was_not_graded(status, says):
    points = 0 if status == "not_attempted" else None
    said = words(page(RESULT | {"status": status, "points": points, "notes": ["A sentence."], "log": ""}))
    assert says in said
    assert ("A sentence." in said) == (status != "grader_error")
    assert ("0 of 5" in said) == (status == "not_attempted")
    assert "softmax_limits" not in said


def test_a_decision_stands_beside_the_computed_points():
    said = words(page(RESULT | {"final": 2.4, "decision": "Late by 2 days."}))
    assert "3 of 5 points" in said
    assert "Late by 2 days. So 2.4 points count." in said
    assert "So these points do not count." in words(page(RESULT | {"final": None, "decision": "Exempt: ill"}))


def test_files(tmp_path):
    names = [
        "ada",
        "Ada",
        "../../etc/passwd",
        "=cmd()",
        "..",
        ".hidden",
        "a b",
        "a/b",
        "Zoë",
        "<b>",
        "x" * 100,
        "\u202e",
    ]
    results = [RESULT | {"student": name} for name in names]
    paths = write_feedback(results, tmp_path / "out")
    assert len(set(paths)) == len(names)
    assert {path.parent for path in paths} == {tmp_path / "out" / "temperature" / "softmax"}
    assert sorted(paths) == sorted((tmp_path / "out").rglob("*.*"))
    assert paths[0].read_text(encoding="utf-8") == page(results[0])
    assert paths[0].stat().st_mode & 0o777 == 0o644
