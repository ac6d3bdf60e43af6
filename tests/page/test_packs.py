"""Grids and arrays that the page does not carry itself come when they are near or needed, from disk as well."""

import sys
from pathlib import Path

import pytest
from reading import PYTHON_SECONDS, Reader

sys.path.insert(0, str(Path(__file__).parent / "gallery"))
import gallery_packs

pytestmark = pytest.mark.page

PAGE = "chapters/gallery_packs.html"


def packs(reader):
    return [url.rpartition("/")[2] for url in reader.requests if "/packs/" in url]


def set_to(reader, name, at):
    figure = reader.widget(f"gallery_packs.{name}")
    figure.get_by_role("slider").first.fill(str(at))
    sentence = getattr(gallery_packs, name).explorable.picture(at=at).sentence
    figure.get_by_text(sentence, exact=True).first.wait_for()
    assert figure.get_attribute("data-engine") == "grid"


def test_a_large_grid_comes_when_it_is_near(browser, gallery):
    reader = Reader(browser, gallery, viewport={"width": 1280, "height": 500})
    reader.page.goto(reader.address + PAGE)  # and no further: open() reads a page to its end
    reader.page.locator("#widget-gallery_packs-near[data-state=live]").wait_for()
    set_to(reader, "near", 42)
    far = reader.widget("gallery_packs.far")
    assert far.get_attribute("data-state") == "far"
    assert packs(reader) == []
    assert far.locator(".kd-plot").count() == 1  # the starting picture is there without it
    far.scroll_into_view_if_needed()
    reader.page.locator("#widget-gallery_packs-far[data-state=live]").wait_for()
    assert len(packs(reader)) == 1
    set_to(reader, "far", 63)
    assert reader.noise == []
    reader.context.close()


def test_a_link_brings_a_large_grid_at_once(visit_gallery):
    reader = visit_gallery(f"{PAGE}#gallery_packs.far?at=31", viewport={"width": 1280, "height": 500})
    sentence = gallery_packs.far.explorable.picture(at=31).sentence
    reader.widget("gallery_packs.far").get_by_text(sentence, exact=True).first.wait_for()


def test_from_disk_a_large_grid_comes_too(browser, gallery_folder):
    reader = Reader(browser, f"{gallery_folder.as_uri()}/", viewport={"width": 1280, "height": 500})
    reader.open(PAGE)
    reader.widget("gallery_packs.far").scroll_into_view_if_needed()
    reader.page.locator("#widget-gallery_packs-far[data-state=live]").wait_for()
    set_to(reader, "far", 11)
    assert reader.noise == []
    reader.context.close()


def test_arrays_of_a_record_come_when_python_needs_them(visit_gallery):
    reader = visit_gallery(PAGE)
    figure = reader.widget("gallery_packs.recorded")
    before = packs(reader)
    figure.get_by_role("spinbutton", name="right").fill("2")
    sentence = gallery_packs.recorded.explorable.picture(shift=(2.0, 0.0)).sentence
    figure.get_by_text(sentence, exact=True).first.wait_for(timeout=1000 * PYTHON_SECONDS)
    brought = [name for name in packs(reader) if name not in before]
    assert [name.split(".")[:3] for name in brought] == [["gallery_packs", "recorded", "data"]]
    assert reader.noise == []
