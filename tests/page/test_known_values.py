"""Every known value, computed by the built book's own kdlab in the page's own Python, at the vector's own tolerance."""

import json
from pathlib import Path

import known
import pytest
from known import VECTORS
from reading import BUILT, EXPOSED, Reader

pytestmark = pytest.mark.page

FOLDER = Path(known.__file__).parent
CALL = """async ([base, expression]) => {
  const { archive, python } = document.querySelector("script[data-archive]").dataset;
  const runtime = new Runtime({ base, archive, python });
  const answer = await runtime.call("builtins.eval", [expression], { seconds: 300 });
  runtime.stop();
  return answer;
}"""
# what is wrong with each known value: nothing, or the end of a traceback
COMPARE = """
import json, pathlib, sys, traceback

folder = pathlib.Path("/values/known")
folder.mkdir(parents=True)
for name, text in files.items():
    (folder / name).write_text(text, encoding="utf-8")
sys.path.insert(0, str(folder.parent))
from known import VECTORS, check, computers, family

functions = computers()
faults = {}
for identity, vector in VECTORS.items():
    try:
        check(vector, functions[family(identity)](**vector["inputs"]))
        faults[identity] = ""
    except Exception:
        faults[identity] = traceback.format_exc(limit=-2)
answer = json.dumps({"faults": faults, "kdlab": [*sys.modules["kdlab"].__path__], "platform": sys.platform})
"""


@pytest.fixture(scope="module")
def answer(browser, address):
    """Return what the page's Python found, in one run over all known values."""
    files = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.*") if path.is_file()}
    namespace = {"files": files}
    expression = f"exec({COMPARE!r}, namespace := {namespace!r}) or namespace['answer']"
    reader = Reader(browser, address)
    reader.page.goto(f"{address}search.html")
    reader.page.add_script_tag(content=EXPOSED)
    found = reader.page.evaluate(CALL, [f"{address}_static/kdlab/", expression])
    reader.context.close()
    assert reader.noise == []
    return json.loads(found["value"])


def test_it_is_the_built_book_s_kdlab_in_the_page_s_python(answer):
    assert answer["platform"] == "emscripten"
    assert answer["kdlab"] == ["/lib/kdlab.zip/kdlab"]
    assert len(list((BUILT / "_static" / "kdlab").glob("kdlab.*.zip"))) == 1
    assert answer["faults"].keys() == VECTORS.keys()


@pytest.mark.parametrize("identity", VECTORS)
def test_known_value(answer, identity):
    assert not answer["faults"][identity], answer["faults"][identity]
