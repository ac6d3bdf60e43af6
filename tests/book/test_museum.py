"""The hall of the bug museum, in small books: each case leads to its part, and names the exercise that lights it."""

import shutil
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

HALL = """\
# A museum

```{hall}
first-case | The first case | %s
second-case | The second case
```

(first-case)=
## First

Dark.

(second-case)=
## Second

Dark too.
"""


def with_exercise(house, name, hall):
    book = house.write(name, index=hall)
    shutil.copytree(REPOSITORY / "exercises" / "museum" / "one_path", book / "exercises" / "museum" / "one_path")
    return house.build(book)[0]


def test_a_case_leads_to_its_part_and_names_its_exercise(house):
    built = with_exercise(house, "museum", HALL % "museum/one_path")
    assert built.code == 0, built.output
    page = built.page("index")
    first, second = page.split('<li class="kd-glass"')[1:3]
    assert first.startswith(' data-exercise="museum/one_path">')
    assert second.startswith(' data-exercise="">')
    assert 'href="#first-case"' in first
    assert "The second case" in second
    assert 'id="second-case"' in page


def test_an_exercise_that_is_not_there_stops_the_build(house):
    built = with_exercise(house, "no_such", HALL % "museum/two_paths")
    assert built.code != 0
    assert "the case The first case needs an exercise that there is; museum/two_paths is not." in built.output
