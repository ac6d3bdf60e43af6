"""The build of a book stops at what must not reach a reader, and says in which file and line; a good book is built."""

import gzip
import hashlib
import json
import re
from base64 import b64decode
from html import escape, unescape

import pytest

from book.conftest import NOTEBOOK, REPOSITORY
from kdlab.book import assets
from kdlab.book.runtime import runtime_files

GOOD = f"""{NOTEBOOK}
# A good chapter

Version 1.0.4, the year 2021, and 3 of 5 cases. The measured ones: {{measured}}`temperature: hard accuracy` and
{{measured}}`temperature: kd_T4 - hard accuracy`. In mathematics: $0.5 \\pm 0.1$. In code: `0.5`.

```{{math}}
:label: half
x = 0.5
```

By {{eq}}`half`, and by {{cite:t}}`someone2020`, and in {{doc}}`sources`.

:::{{admonition}} By hand
:class: worked-example
Half of 0.5 is 0.25, or 25 %.
:::

```python
y = 0.5
```

![A dot](dot.png)

```{{figure}} dot.png
:alt: A dot

A caption.
```

```{{explore}} small.good
:alt: A level line.

The caption of the widget.
```

```{{explore}} temperature.sweep
:alt: Accuracy over temperature.
```

```{{diary}}
```

```{{code-cell}} ipython3
---
mystnb:
  image:
    alt: A line that rises.
---
import matplotlib.pyplot as plt

plt.plot([1, 2])
print(0.5)
```

```{{code-cell}} ipython3
:tags: [raises-exception]
raise ValueError("this is what it says")
```
"""
SOURCES = "# Sources\n\n```{bibliography}\n```\n"
DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")

# name: (what stands in the chapter from line 3 on, the line that is named, words of the message)
BAD = {
    "alt_of_image": ("Words.\n\n![](dot.png)\n", 5, "dot.png has no alternative text"),
    "alt_of_image_directive": ("Words.\n\n```{image} dot.png\n```\n", 5, "dot.png has no alternative text"),
    "alt_of_figure": ("```{figure} dot.png\n\nA caption.\n```\n", 3, "dot.png has no alternative text"),
    "alt_of_widget": ("Words.\n\n```{explore} small.good\n```\n", 5, "small.good needs an :alt:"),
    "reference": ("Words.\n\nSee {ref}`nowhere`.\n", 5, "undefined label: 'nowhere'"),
    "link": ("See [this](#nowhere).\n", 3, "cross-reference target not found: 'nowhere'"),
    "chapter": ("See {doc}`nowhere`.\n", 3, "unknown document: 'nowhere'"),
    "equation": ("See {eq}`nowhere`.\n", 3, "equation not found: nowhere"),
    "citation": ("As {cite:t}`nobody1999` says.\n", 3, 'could not find bibtex key "nobody1999"'),
    "formula": ("Words.\n\nAnd $\\frac{1}{2$ too.\n", 5, r"the formula \frac{1}{2 cannot be set"),
    "displayed_formula": ("$$\nx = \\undefined\n$$\n", 3, r"the formula x = \undefined cannot be set"),
    "number": ("Words,\nand an accuracy\nof 0.93.\n", 5, "'0.93' is typed into prose"),
    "unknown_experiment": ("{measured}`nothing: seeds`\n", 3, "nothing.json is not in results/"),
    "unknown_arm": ("{measured}`temperature: kd_T5 accuracy`\n", 3, "must hold kd_T5"),
    "unknown_widget": ("```{explore} small.nothing\n:alt: Words.\n```\n", 3, "'small.nothing' was given"),
    "large_grid": ("```{explore} small.too_large\n:alt: Words.\n```\n", 3, "give its sliders fewer steps"),
    "widget_without_record": ("```{explore} small.not_measured\n:alt: A.\n```\n", 3, "nothing.json is not in results/"),
    "widget_without_numbers": ("```{explore} small.not_numbers\n:alt: A.\n```\n", 3, "must hold real numbers"),
    "answer_out_of_range": ("```{explore} small.beyond_the_question\n:alt: A.\n```\n", 3, "answer must lie in [0, 1]"),
    "answer_no_option": ("```{explore} small.no_such_option\n:alt: A.\n```\n", 3, "answer must be the index"),
}
BAD = {name: (f"# A bad chapter\n\n{text}", line, words) for name, (text, line, words) in BAD.items()}
BAD["cell_that_raises"] = (
    f"{NOTEBOOK}\n# A bad chapter\n\n```{{code-cell}} ipython3\na = 1\n1 / 0\n```\n",
    14,
    "the cell raises ZeroDivisionError: division by zero",
)
BAD["alt_of_cell"] = (
    f"{NOTEBOOK}\n# A bad chapter\n\n```{{code-cell}} ipython3\nimport matplotlib.pyplot as plt\nplt.plot([1]);\n```\n",
    14,
    "has no alternative text",
)

# Every number that looks measured, and the line it stands on; the rest of the chapter is allowed.
NUMBERS = """\
# Numbers, and 0.75 in a heading

Words, *then
emphasised* ones, and 93%
and 7
percent in prose, **5** % too.

- item one
- item two
  with 3.5 things
- 12 points; 3 percentage points.

It is 94.7 ± 0.6 in prose, +- 2, and .93 (0.81).

:::{note}
No measured number here: 12, 1,297 and v1.2, 1.0.4.

But $0.7$ here: 0.8, and `0.5` % of it.
:::

| a    | b    |
|------|------|
| 1    | 0.7  |
| 2 %  | two  |

```{list-table}
* - one
  - 0.375
```

Term
: Its definition, 0.25.

```{figure} dot.png
:alt: A dot at 0.5

A caption, 0.625.
```

% a comment with 0.5

```{explore} small.good
:alt: A line at 0.5.

The line lies at 0.55.
```

A footnote[^1].

[^1]: With 0.33 in it.
"""
LINES_OF_NUMBERS = [
    ("0.75", 1),
    ("93%", 4),
    ("7\\npercent", 5),
    ("5 %", 3),  # not to be found as it stands in the source, so the line of its paragraph
    ("3.5", 10),
    ("12 points", 11),
    ("3 percentage points", 11),
    ("94.7", 13),
    ("±", 13),
    ("0.6", 13),
    ("+-", 13),
    (".93", 13),
    ("0.81", 13),
    ("0.8", 18),
    ("0.7", 23),
    ("2 %", 24),
    ("0.375", 28),
    ("0.25", 32),
    ("0.625", 37),
    ("0.55", 45),
    ("0.33", 50),
]


@pytest.fixture(scope="module")
def built(house):
    """Return what came of building every book of this module, by name."""
    books = {name: house.write(name, index=text) for name, (text, _, _) in BAD.items()}
    books["good"] = house.write("good", index=GOOD, sources=SOURCES)
    books["numbers"] = house.write("numbers", index=NUMBERS)
    for book in books.values():
        (book / "chapters" / "dot.png").write_bytes(DOT)
    return dict(zip(books, house.build(*books.values()), strict=True))


def test_a_good_book_is_built_without_a_warning(built):
    assert built["good"].problems == []
    assert built["good"].code == 0


@pytest.mark.parametrize("name", BAD)
def test_a_bad_chapter_stops_the_build_with_file_and_line(built, name):
    _, line, words = BAD[name]
    assert built[name].code == 1
    assert any(re.match(rf"chapters/index\.md:{line}: .*{re.escape(words)}", p) for p in built[name].problems), built[
        name
    ].output


@pytest.mark.parametrize("name", BAD)
def test_a_bad_chapter_has_no_other_problem(built, name):
    about_execution = [problem for problem in built[name].problems if "[mystnb.exec]" in problem]
    assert len(built[name].problems) - len(about_execution) == 1
    assert not about_execution or name == "cell_that_raises"


def test_each_number_typed_into_prose_is_named_with_its_line(built):
    named = [re.match(r"chapters/index\.md:(\d+): WARNING: the number '(.*)' is", p) for p in built["numbers"].problems]
    assert all(named), built["numbers"].problems
    assert sorted((match[2], int(match[1])) for match in named) == sorted(LINES_OF_NUMBERS)


def test_building_a_bad_book_again_fails_again(house, built):
    # Sphinx reads only what changed, and would find nothing to warn of
    (again,) = house.build(built["number"].folder)
    assert again.code == 1
    assert again.problems == built["number"].problems


def test_without_the_runtime_the_book_is_built_and_says_so(built):
    assert "The book is built without Python in the page: widgets answer from their grids." in built["good"].output
    assert "Tried: " in built["good"].output
    assert not (built["good"].folder / "_build" / "html" / "_static" / "kdlab" / "pyodide").exists()


def test_the_page_holds_the_widget_with_its_grid(built):
    page = built["good"].page("index")
    spec = json.loads(re.search(r'<script type="application/json" class="kd-spec">(.*?)</script>', page)[1])
    assert spec["name"] == "small.good"
    assert spec["source"].startswith("def good(height):")
    grid = json.loads(gzip.decompress(b64decode(spec["grid"])))
    assert grid["values"] == [[0.0, 0.5, 1.0]]
    assert spec["picture"]["sentence"] == "The line lies at 0.5."


def test_without_javascript_the_page_has_the_picture_its_words_and_its_caption(built):
    page = built["good"].page("index")
    figure = page[page.index('id="widget-small-good"') :]
    figure = unescape(figure[: figure.index("</figure>")])
    assert re.search(r'<img[^>]*alt="A level line\."[^>]*src="[^"]*small\.good\.svg"', figure)
    assert "The line lies at 0.5." in figure
    assert "The caption of the widget." in figure


def test_a_measured_widget_says_where_its_numbers_come_from(built):
    page = built["good"].page("index")
    about = page[page.index('<details class="kd-provenance">') :].split("</details>")[0]
    record = json.loads((REPOSITORY / "results" / "temperature.json").read_text(encoding="utf-8"))
    for words in (record["question"], record["command"], record["code_hash"], f"torch {record['versions']['torch']}"):
        assert escape(words) in about
    assert ", ".join(map(str, record["seeds"])) in about
    link = re.search(r'<a href="([^"]*)">The record, with every seed</a>', about)[1]
    path, _, digest = link.partition("?")
    copied = (built["good"].folder / "_build" / "html" / "chapters" / path).read_bytes()
    assert json.loads(copied) == record
    assert digest == hashlib.sha256(copied).hexdigest()[: len(digest)] != ""


def test_a_computed_widget_claims_no_record(built):
    assert built["good"].page("index").count("kd-provenance") == 1


def test_the_diary_has_its_place(built):
    place = r'<div class="kd-diary-place docutils container">\s*<p>Without JavaScript no prediction is asked for'
    assert re.search(place, built["good"].page("index"))


def test_the_page_follows_the_system_in_light_and_dark_and_has_an_icon(built):
    page = built["good"].page("index")
    assert 'data-theme="auto"' in page
    icon = re.search(r'<link rel="icon" href="([^"]*)"', page)[1]
    assert (built["good"].folder / "_build" / "html" / "chapters" / icon).read_text(encoding="utf-8").startswith("<svg")


def test_measured_numbers_stand_in_the_page(built):
    assert re.search(r'<span class="measured"[^>]*>\d\d\.\d ± \d\.\d %</span>', built["good"].page("index"))
    assert re.search(r'<span class="measured"[^>]*>\+\d\.\d ± \d\.\d points</span>', built["good"].page("index"))


def test_the_book_carries_its_assets(built, house):
    static = built["good"].folder / "_build" / "html" / "_static"
    assert (static / "kdlab" / "LICENSES.txt").stat().st_size > 0
    for name in ("first.js", "kdlab.js", "kdlab.css", "kdlab.zip", "codemirror.js"):
        (only,) = (static / "kdlab").glob(name.replace(".", ".*."))
        digest = hashlib.sha256(only.read_bytes()).hexdigest()
        assert only.name == name.replace(".", f".{digest[:10]}.")
        assert only.name in built["good"].page("index")
    records = house.folder / "results"
    copied = static / "kdlab" / "results"
    for path in records.rglob("*.json"):
        assert (copied / path.relative_to(records)).read_bytes() == path.read_bytes()
    style = next((static / "kdlab").glob("kdlab.*.css")).read_text(encoding="utf-8")
    for font, digest in re.findall(r'url\("(.*?)\?(\w+)"\)', style):
        content = (static / "kdlab" / font).read_bytes()
        assert content.startswith(b"wOF2")
        assert hashlib.sha256(content).hexdigest().startswith(digest)
    assert style.count("url(") == len(re.findall(r'url\("fonts/[\w-]+\.woff2\?\w{10}"\)', style))
    assert {"GUST.txt", "OFL.txt"} <= {path.name for path in (static / "kdlab" / "fonts").iterdir()}
    assert not (static / "mathjax").exists()


def test_formulas_are_mathml_and_no_script_sets_them(built):
    page = built["good"].page("index")
    assert "<math><mn>0.5</mn><mo>±</mo><mn>0.1</mn></math>" in page
    equation = page[page.index('<div class="kd-equation notranslate" id="equation-half">') :]
    assert '<math display="block"><mi>x</mi><mo>=</mo><mn>0.5</mn></math>' in equation
    assert '<span class="eqno">(1)<a class="headerlink" tabindex="-1" href="#equation-half"' in equation
    assert not re.search("<script[^>]*mathjax", page, re.IGNORECASE)


def test_no_page_asks_another_host_for_anything(built):
    for page in (built["good"].folder / "_build" / "html").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<(?:script|img|iframe|source)\b[^>]*\bsrc=[\"'](?:https?:)?//", text), page
        assert not re.search(r"<link\b(?![^>]*rel=[\"']canonical)[^>]*\bhref=[\"'](?:https?:)?//", text), page


def test_of_the_runtime_only_the_locked_files_are_copied(tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    cache.mkdir()
    locked = runtime_files(assets.GROUPS)
    for name in [*locked, "something_else.whl"]:
        (cache / name).write_text(name)
    monkeypatch.setattr(assets, "fetch_runtime", lambda groups: cache)
    assets._copy_runtime(tmp_path / "pyodide.0123456789")
    assert sorted(path.name for path in (tmp_path / "pyodide.0123456789").iterdir()) == sorted(locked)
