"""A small exercise in a temporary folder, sound as it stands; tests plant one defect in it."""

import textwrap
from pathlib import Path

FILES = {
    "exercise.md": '''
        ---
        kernelspec:
          display_name: Python 3
          language: python
          name: python3
        title: Doubling
        rung: implement
        minutes: 5
        ---

        # Doubling

        Twice {{number}} is {{twice}}.

        ```{code-cell} ipython3
        import numpy as np
        ```

        ```{code-cell} ipython3
        :tags: [double]

        def double(x):
            """Return twice x."""
            ### BEGIN SOLUTION
            doubled = x + x
            return doubled
            ### END SOLUTION
        ```

        :::{hint}
        Add x to itself.
        :::
        ''',
    "checks.py": """
        from kdlab.practice.questions import Call, Function

        forbids = ["kdlab.temperature"]


        def variant(rng):
            number = int(rng.integers(2, 9))
            return {"number": number, "twice": 2 * number}


        def questions(rng):
            calls = [Call((3.0,), "a number", public=True), Call((0.0,), "zero"), Call((rng.normal(),), "another")]
            return [Function("double", 2, calls)]
        """,
    "wrong/squares.py": '''
        """This is the square of x, which is twice x only for 0 and 2."""


        def double(x):
            doubled = x * x
            return doubled
        ''',
    "wrong/forgets.py": '''
        """x itself comes back: it is not doubled."""


        def double(x):
            return x + 0.0
        ''',
    "right/product.py": '''
        """A product with two."""


        def double(x):
            return np.multiply(2, x)
        ''',
}


def write_exercise(root: Path, **changes: str | None) -> Path:
    """Write the exercise and return its folder. A change is keyed by the file's path, None takes the file away."""
    folder = root / "small" / "double"
    for name, content in (FILES | changes).items():
        if content is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content).lstrip(), encoding="utf-8")
    return folder


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """Return the change that puts `new` in the place of `old` in a file."""
    assert old in FILES[name]
    return {name: FILES[name].replace(old, new)}
