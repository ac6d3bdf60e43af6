"""Every page of the book: silent, from one host, as wide as the screen, and open to everybody, in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from reading import BUILT, LIBRARY, PAGES, TOC, WIDGETS, Reader, decline, open_code, photograph

pytestmark = pytest.mark.page

NARROW, WIDE = 360, 1280
# the library's pages come out of one mould: `make test` looks at one of them, `make test-all` at each
ALIKE = {f"{page}.html" for page in LIBRARY[1:]}
EACH = [pytest.param(page, marks=pytest.mark.slow) if page in ALIKE else page for page in PAGES]
# its preload looks for style sheets where @import does not put them
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}


@pytest.fixture(scope="module", params=[("light", WIDE), ("dark", NARROW)], ids=["light", "dark"])
def look(request):
    return request.param


@pytest.fixture(scope="module", params=EACH)
def opened(request, browser, address, look):
    """Return a reader who has opened the page in one colour scheme."""
    scheme, width = look
    reader = Reader(browser, address, color_scheme=scheme, viewport={"width": width, "height": 800})
    reader.open(request.param)
    reader.page.wait_for_load_state("networkidle")
    assert reader.page.evaluate("document.documentElement.dataset.theme") == scheme
    photograph(reader.page, f"{request.param}-{scheme}-{width}")
    yield reader
    reader.context.close()


def set_width(page, width):
    if page.viewport_size["width"] != width:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(500)  # the theme waits a little before it makes what scrolls reachable by Tab


def assert_accessible(page):
    results = Axe().run(page, options=AXE_OPTIONS)
    assert results.violations_count == 0, results.generate_report()


def test_nothing_is_complained_of_and_nothing_comes_from_elsewhere(opened):
    assert opened.noise == []
    assert opened.elsewhere() == []


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_nothing_is_wider_than_the_screen_or_cut_off(opened, width):
    set_width(opened.page, width)
    opened.page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    cut_off = opened.page.evaluate(
        """() => {
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
            return [...document.querySelectorAll(".bd-article-container *:not(footer *)")]
                .filter((node) => node.checkVisibility())
                .filter((node) => !node.closest(".kd-spoken, mjx-assistive-mml, .visually-hidden"))
                .filter(cutOff)
                .map((node) => node.outerHTML.slice(0, 200));
        }"""
    )
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert cut_off == []


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_axe_finds_no_violation(opened, width):
    set_width(opened.page, width)
    assert_accessible(opened.page)


@pytest.mark.parametrize("page", EACH)
def test_mathematics_is_typeset(visit, page):
    reader = visit(page)
    written = reader.page.locator(".math").count()
    source = (BUILT / page).read_text("utf-8").count('class="math ')
    assert written == source
    assert reader.page.locator(".math > mjx-container").count() == written
    fonts = "[...document.fonts].filter((font) => font.family.startsWith('MJX')).map((font) => font.status)"
    states = set(reader.page.evaluate(f"document.fonts.ready.then(() => {fonts})"))
    assert "error" not in states
    assert "loaded" in states or not written


@pytest.mark.parametrize("page", WIDGETS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_when_everything_is_answered_and_open(visit, page, scheme):
    reader = visit(page, color_scheme=scheme, viewport={"width": WIDE, "height": 800})
    for form in reader.page.locator(".kd-predict").all()[::-1]:
        guess(form)
    for number, name in enumerate(WIDGETS[page]):
        widget = reader.widget(name)
        decline(widget)
        if widget.locator(".kd-code").count():
            open_code(widget)
            if number == 0:
                widget.get_by_role("button", name="Run").click()
    answers = reader.page.get_by_role("button", name="Write your answer")
    while answers.count():
        answer = answers.first.element_handle()
        answer.click()
        answer.wait_for_element_state("hidden")  # its editor is loaded first
    reader.page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    if reader.page.locator(".kd-code").count():  # a page whose widgets are all measured starts no Python for them
        reader.page.locator("figure.kd-widget[data-engine='python']").first.wait_for()
    for width in (WIDE, NARROW):
        set_width(reader.page, width)
        photograph(reader.page, f"{page}-{scheme}-{width}-opened")
        assert_accessible(reader.page)
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
    assert reader.noise == []


def guess(form):
    radios = form.get_by_role("radio")
    if radios.count():
        radios.first.check()
    else:
        number = form.get_by_role("spinbutton")
        number.fill(number.get_attribute("max"))
    form.get_by_role("button", name="That is my guess").click()


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


@pytest.mark.parametrize("page", WIDGETS)
def test_each_widget_of_a_chapter_stands_on_its_page_once(visit, page):
    reader = visit(page)
    figures = reader.page.locator("figure.kd-widget .kd-spec").all_text_contents()
    assert [text.split('"name":"')[1].split('"')[0] for text in figures] == WIDGETS[page]


def test_search_finds_a_chapter(visit):
    reader = visit("search.html?q=temperature")
    reader.page.locator("#search-results a", has_text="Temperature").first.wait_for()
    assert reader.noise == []
