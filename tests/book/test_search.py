"""What a search finds: formulas by the words of their labels, chapters before appendices."""

import json
import re

from book.conftest import NOTEBOOK

FORMULAS = f"""{NOTEBOOK}
# Heat

Words.

```{{math}}
:label: eq-soft-targets
p = q
```

```{{math}}
:label: eq-slope
p = 2 q
```
"""


def test_a_formula_is_found_by_the_words_of_its_label(house):
    (built,) = house.build(house.write("search", heat=FORMULAS))
    assert (built.code, built.problems) == (0, [])
    script = (built.folder / "_build" / "html" / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(re.fullmatch(r"Search\.setIndex\((.*)\)", script, re.DOTALL)[1])
    for name in ("soft targets", "slope"):
        (((_, anchor, is_main),)) = index["indexentries"][name]
        assert f'id="{anchor}"' in built.page("heat")
        assert is_main
