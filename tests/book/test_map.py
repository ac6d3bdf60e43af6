"""The map of ideas: what its file may not say, what is drawn of it, and the place of each chapter."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from book.conftest import NOTEBOOK, REPOSITORY
from kdlab.book.map import BOX, after, draw, minutes, places, read_map

FILE = REPOSITORY / "chapters" / "map.toml"
MAP = read_map(FILE)
HREFS = {idea.name: f"{idea.name}.html" for idea in MAP.ideas}
IDEA = '[[idea]]\nname = "{name}"\nband = "principles"\ntitle = "T"\nquestion = "Q?"\ncolumn = {column}\nrow = 0\n'


def written(folder, text):
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_chapter_of_the_book_is_on_the_map():
    toc = (REPOSITORY / "_toc.yml").read_text(encoding="utf-8")
    chapters = set(re.findall(r"chapters/(?!appendix|index)\S+", toc))
    assert chapters <= {idea.page for idea in MAP.ideas}


def test_what_is_needed_stands_to_the_left():
    at = places(MAP.ideas)
    for idea in MAP.ideas:
        for name in idea.needs:
            assert at[name][0] < at[idea.name][0], (name, idea.name)


def test_no_two_boxes_touch():
    corners = list(places(MAP.ideas).values())
    for i, (x, y) in enumerate(corners):
        assert all(abs(x - u) > BOX[0] or abs(y - v) > BOX[1] for u, v in corners[:i])


def test_a_chapter_that_is_not_there_is_not_promised():
    pages = {"chapters/principles/temperature", "chapters/compression/pruning", "chapters/index"}
    found = MAP.of(pages)
    assert [idea.name for idea in found.ideas] == ["temperature", "pruning"]
    assert {name for way in found.ways for name in way.ideas} == {"temperature", "pruning"}
    drawing = draw(found.ideas, HREFS)
    assert "quantization" not in drawing
    assert MAP.of(set()) == ([], [])


def test_the_drawing_has_a_box_for_each_idea_and_an_arrow_for_each_need():
    svg = ElementTree.fromstring(draw(MAP.ideas, HREFS))
    links = {link.get("data-idea"): link for link in svg.iter("a")}
    assert links.keys() == HREFS.keys()
    for idea in MAP.ideas:
        assert links[idea.name].get("href") == HREFS[idea.name]
        assert idea.question in links[idea.name].get("aria-label")
    arrows = {(group.get("data-from"), group.get("data-to")) for group in svg.iter("g")}
    assert arrows == {(name, idea.name) for idea in MAP.ideas for name in idea.needs + idea.useful}


def test_what_comes_next():
    by_name = {idea.name: idea for idea in MAP.ideas}
    assert {idea.name for idea in after(by_name["quantization"], MAP.ideas)} == {
        "straight_through",
        "robustness",
        "pipeline",
    }
    assert [idea.name for idea in after(by_name["dark_knowledge"], MAP.ideas)] == ["vision"]
    assert [idea.name for idea in after(by_name["feature_matching"], MAP.ideas)] == ["pruning"]
    assert after(by_name["capstone"], MAP.ideas) == []


def test_minutes_count_words_and_figures():
    assert minutes("word " * 1800, 0) == 10
    assert minutes("word " * 1800, 4) == 16


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (IDEA.format(name="a", column=0) * 2, "names of ideas must differ"),
        (IDEA.format(name="a", column=0) + IDEA.format(name="b", column=0), "places of ideas must differ"),
        (IDEA.format(name="a", column=0) + 'needs = ["b"]\n', "ideas that are named must be on the map; b are not"),
        (
            IDEA.format(name="a", column=0) + 'needs = ["b"]\n' + IDEA.format(name="b", column=1) + 'needs = ["a"]\n',
            "must not need each other in a circle",
        ),
        (IDEA.format(name="a", column='"left"'), "column of idea 1 must be a int; 'left' was given"),
        (IDEA.format(name="a", column=0).replace("principles", "cellar"), "band of a must be one of principles, "),
        (IDEA.format(name="a", column=0) + "color = 1\n", "idea 1 must have no fields but name, "),
        (IDEA.format(name="a", column=0).replace('title = "T"\n', ""), "idea 1 must have a title"),
        ('[[way]]\nname = "W"\ntime = "1 h"\nideas = ["x"]\nsays = "S"\n', "x are not"),
    ],
)
def test_what_a_map_may_not_be(text, sentence, tmp_path):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_map(written(tmp_path, text))


def test_a_chapter_opens_with_its_place_and_ends_with_what_comes_next(house):
    page = f"{NOTEBOOK}\n# A title\n\n{'word ' * 180}\n\n## A section\n\nWords.\n"
    book = house.write("map", index="# Root\n\n```{map}\n```\n")
    names = ("principles/temperature", "principles/distillation_loss")
    figure = "\n```{explore} small.good\n:wide:\n:alt: A line.\n```\n"
    for name, text in zip(names, (page, page + figure), strict=True):
        (book / "chapters" / name).parent.mkdir(exist_ok=True)
        (book / "chapters" / f"{name}.md").write_text(text, encoding="utf-8")
    toc = book / "_toc.yml"
    toc.write_text(toc.read_text("utf-8") + "chapters:\n" + "".join(f"- file: chapters/{name}\n" for name in names))
    (book / "chapters" / "map.toml").write_bytes(FILE.read_bytes())
    (built,) = house.build(book)
    assert (built.code, built.problems) == (0, [])
    first, second = (built.page(name) for name in names)
    assert '<p class="kd-place-on-map">Principles · 1 minutes · needs no other chapter</p>' in first
    # a minute for the words, and one and a half for the figure, wide as it is
    assert 'Principles · 3 minutes · needs <a href="temperature.html">Temperature</a></p>' in second
    assert re.search(r'What comes next</p><ul><li><a href="distillation_loss.html"><b>The distillation loss', first)
    assert "kd-next" not in second  # the last of this book
    assert built.page("index").count('class="kd-map-idea"') == 2
