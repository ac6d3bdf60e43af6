"""Every page of the book: silent, from one host, as wide as the screen, and open to everybody, in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from reading import BUILT, LIBRARY, MATHEMATICS, PAGES, TOC, WIDGETS, Reader, decline, open_code, photograph, send
from sampling import sampled

pytestmark = pytest.mark.page

NARROW, WIDE = 360, 1280
LOOKS = (("light", WIDE), ("dark", NARROW))
# the library's pages come out of one mould
ALIKE = {f"{page}.html" for page in LIBRARY}


def name_of(view):
    return "-".join(map(str, view))


def page_of(view):
    return "library" if view[0] in ALIKE else view[0]


def look_of(view):
    return view[1:]


VIEWS = [(page, *look) for page in PAGES for look in LOOKS]
# its preload looks for style sheets where @import does not put them
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}
CUT_OFF = """() => {
    // what can be scrolled to, as code can inside its own box, is not cut off
    const cutOff = (node) => {
        const { right } = node.getBoundingClientRect();
        for (let box = node.parentElement; box; box = box.parentElement) {
            const { overflowX } = getComputedStyle(box);
            if (overflowX === "auto" || overflowX === "scroll") return false;
            if (overflowX !== "visible" && right > box.getBoundingClientRect().right + 1) return true;
        }
        return right > innerWidth + 1;
    };
    return [...document.querySelectorAll("main *")]
        .filter((node) => node.checkVisibility())
        .filter((node) => !node.closest(".kd-spoken, .visually-hidden"))
        .filter(cutOff)
        .map((node) => node.outerHTML.slice(0, 200));
}"""
# a picture is drawn again a little after its place got another width: then it, or its last column, ends where that does
DRAWN = """() => [...document.querySelectorAll(".kd-canvas")].filter((canvas) => canvas.clientWidth).every((canvas) => {
    const ends = [...canvas.querySelectorAll(".kd-plot")].map((plot) => plot.getBoundingClientRect().right);
    return Math.abs(Math.max(...ends) - canvas.getBoundingClientRect().right) <= 1;
})"""


def open_page(browser, address, view):
    page, scheme, width = view
    reader = Reader(browser, address, color_scheme=scheme, viewport={"width": width, "height": 800})
    reader.open(page)
    reader.page.wait_for_load_state("networkidle")
    assert reader.page.evaluate("document.documentElement.dataset.theme") == scheme
    return reader


@pytest.fixture(scope="module", params=sampled(VIEWS, page_of, look_of, name=name_of))
def opened(request, browser, address):
    """Return a reader who has opened a page, and which one; all that is asked of it is seen in the one visit."""
    reader = open_page(browser, address, request.param)
    photograph(reader.page, name_of(request.param))
    yield reader, request.param[0]
    reader.context.close()


def assert_accessible(page):
    results = Axe().run(page, options=AXE_OPTIONS)
    assert results.violations_count == 0, results.generate_report()


def test_nothing_is_complained_of_and_nothing_comes_from_elsewhere(opened):
    reader, _ = opened
    assert reader.noise == []
    assert reader.elsewhere() == []


def test_mathematics_is_typeset(opened):
    reader, page = opened
    written = (BUILT / page).read_text("utf-8").count("<math")
    assert reader.page.locator("math").count() == written
    found = reader.page.evaluate(f"document.fonts.ready.then({MATHEMATICS})")
    # a browser asks for a font when something is set in it
    shown = reader.page.evaluate("[...document.querySelectorAll('math')].some((math) => math.checkVisibility())")
    assert found == {"unseen": [], "raw": [], "fonts": ["loaded" if shown else "unloaded"]}


def test_each_widget_of_a_chapter_stands_on_its_page_once(opened):
    reader, page = opened
    figures = reader.page.locator("figure.kd-widget .kd-spec").all_text_contents()
    assert [text.split('"name":"')[1].split('"')[0] for text in figures] == WIDGETS.get(page, [])


def test_axe_finds_no_violation(opened):
    reader, _ = opened
    reader.page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    assert_accessible(reader.page)


def test_nothing_is_wider_than_the_screen_or_cut_off(opened):
    reader, _ = opened
    reader.page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    for width in (NARROW, WIDE):
        reader.page.set_viewport_size({"width": width, "height": 800})
        reader.page.wait_for_function(DRAWN)
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
        assert reader.page.evaluate(CUT_OFF) == []


WITH_WIDGETS = [view for view in VIEWS if view[0] in WIDGETS]


@pytest.mark.parametrize("view", sampled(WITH_WIDGETS, look_of, name=name_of))
def test_axe_finds_no_violation_when_everything_is_answered_and_open(browser, address, view):
    reader = open_page(browser, address, view)
    for form in reader.page.locator(".kd-predict").all()[::-1]:
        guess(form)
    runs = False
    for widget in reader.page.locator("figure.kd-widget").all():
        decline(widget)
        if widget.get_by_role("button", name="Show the code").count():
            open_code(widget)
            if not runs:
                widget.get_by_role("button", name="Run").click()
            runs = True
    answers = reader.page.get_by_role("button", name="Write your answer")
    while answers.count():
        answer = answers.first.element_handle()
        answer.click()
        answer.wait_for_element_state("hidden")  # its editor is loaded first
    reader.page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    if runs:  # a page whose widgets are all measured starts no Python for them
        reader.page.locator("figure.kd-widget[data-engine='python']").first.wait_for()
    photograph(reader.page, f"{name_of(view)}-opened")
    assert_accessible(reader.page)
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= view[2]
    assert reader.noise == []
    reader.context.close()


def guess(form):
    radios, number = form.get_by_role("radio"), form.get_by_role("spinbutton")
    if radios.count():
        radios.first.check()
    elif number.count():
        number.fill(number.get_attribute("max"))
    else:  # it is to be drawn into the picture, as test_playing.py does
        form.get_by_role("button", name="Show me without a guess").click()
        return
    send(form)


def test_the_list_of_pages_is_complete(built):
    found = {str(path.relative_to(built)) for path in built.rglob("*.html") if "_static" not in path.parts}
    assert found == {"index.html", *PAGES}


def test_the_first_address_leads_to_the_first_page(browser, address):
    reader = Reader(browser, address)
    reader.page.goto(address)
    reader.page.wait_for_url(f"**/{TOC['root']}.html")
    reader.page.wait_for_load_state("networkidle")
    # Jupyter Book's redirect names no icon, so that the browser asks for the one that is asked of every site
    assert [complaint for complaint in reader.noise if "/favicon.ico" not in complaint] == []
    reader.context.close()


def test_search_finds_a_chapter_and_what_the_library_calls_by_that_name(visit):
    reader = visit("search.html?q=temperature")
    reader.page.get_by_text("Search finished, found ").wait_for()
    found = reader.page.locator("#search-results")
    assert found.get_by_role("link", name="Temperature", exact=True).count() >= 1
    assert found.locator("a[href*='#kdlab.temperature.']").count() > 1
    reader.page.wait_for_load_state("networkidle")  # each page that was found is fetched for its summary
    assert reader.noise == []
