"""A small exercise with one question of each kind that a rule judges, and with data."""

import textwrap
from pathlib import Path

FILES = {
    "exercise.md": '''
        ---
        kernelspec:
          display_name: Python 3
          language: python
          name: python3
        title: A measurement
        rung: measure
        minutes: 5
        ---

        # A measurement

        Of ten students there are two accuracies.

        ```{code-cell} ipython3
        import numpy as np
        ```

        ## 1. A choice

        ```{code-cell} ipython3
        :tags: [which]

        def which():
            """Return the number of your option, and that of your reason."""
            ### BEGIN SOLUTION
            return 2, 1
            ### END SOLUTION
        ```

        :::{hint}
        Look at the pairs.
        :::

        ## 2. A number

        ```{code-cell} ipython3
        :tags: [how_many]

        def how_many():
            """Return your number, and the number of your reason."""
            ### BEGIN SOLUTION
            return 9.5, 2
            ### END SOLUTION
        ```

        :::{hint}
        Count.
        :::

        ## 3. A report

        ```{code-cell} ipython3
        :tags: [gain]

        def gain(taught, alone):
            """Return the mean gain, and the two ends of an interval of two standard errors."""
            ### BEGIN SOLUTION
            d = taught - alone
            error = 2 * d.std(ddof=1) / len(d) ** 0.5
            return d.mean(), d.mean() - error, d.mean() + error
            ### END SOLUTION
        ```

        :::{hint}
        The students are paired.
        :::

        ## 4. A design

        ```{code-cell} ipython3
        :tags: [design]

        def design():
            """Return (bits, sparsity)."""
            ### BEGIN SOLUTION
            return 4, 0.5
            ### END SOLUTION
        ```

        :::{hint}
        Fewer bits.
        :::

        ## 5. A curve

        ```{code-cell} ipython3
        :tags: [drawn]

        def drawn():
            """Return the accuracy (%) at temperatures 1, 2, 4, 8, 16."""
            ### BEGIN SOLUTION
            return [20, 60, 80, 70, 40]
            ### END SOLUTION
        ```

        :::{hint}
        It turns round.
        :::
        ''',
    "checks.py": """
        import numpy as np

        from kdlab.explore.picture import Axis
        from kdlab.explore.questions import Curve, Estimate, Pick
        from kdlab.practice.questions import Ask, Credit, Drawn, Report

        _rng = np.random.default_rng(4)
        data = {"alone": _rng.normal(0.8, 0.02, size=10), "taught": _rng.normal(0.85, 0.02, size=10)}


        def judge(answer):
            if not isinstance(answer, tuple) or len(answer) != 2:
                return 0.0, 0
            bits, sparsity = answer
            return (1.0, 2) if bits <= 4 and sparsity >= 0.5 else (0.5, 1)


        def questions(rng):
            pick = Pick("Who is better?", ("alone", "taught"), answer=lambda: 1, because="All ten pairs say so.")
            number = Estimate("How many pairs?", 0, 10, answer=lambda: (9, 10), within=0.5, because="Ten pairs.")
            curve = Curve("Draw it.", (1, 2, 4, 8, 16), lambda: [20, 60, 80, 70, 40], "Four is best.", within=5)
            axes = Axis("temperature", (1, 16), "log"), Axis("accuracy, %", (0, 100))
            reasons = (("The pairs differ.", ""), ("The means differ.", "Two means say nothing without a spread."))
            return [
                Ask("which", 1, pick, reasons),
                Ask("how_many", 1, number, (("I guess.", "Count them."), ("I counted.", ""))),
                Report("gain", 2, ("taught", "alone")),
                Credit("design", 2, judge, ("Return (bits, sparsity).", "It is too large.", "Small enough.")),
                Drawn("drawn", 1, curve, *axes),
            ]
        """,
    "wrong/of_means.py": '''
        """The answer is right. The reason is not: Two means say nothing"""


        def which():
            return 2, 2
        ''',
    "wrong/guessed.py": '''
        """That is not so. Count them."""


        def how_many():
            return 3, 1
        ''',
    "wrong/unpaired.py": '''
        """The estimate is right; the interval is too wide."""


        def gain(taught, alone):
            error = 4 * (taught.std(ddof=1) + alone.std(ddof=1)) / len(alone) ** 0.5
            d = taught.mean() - alone.mean()
            return d, d - error, d + error
        ''',
    "wrong/straight.py": '''
        """The right curve turns round, and yours does not."""


        def drawn():
            return [20, 40, 60, 80, 100]
        ''',
    "wrong/large.py": '''
        """It is too large."""


        def design():
            return 8, 0.5
        ''',
    "right/by_hand.py": '''
        """The mean of the differences, by hand."""


        def gain(taught, alone):
            d = [a - b for a, b in zip(given["taught"], given["alone"])] if len(taught) == 0 else list(taught - alone)
            mean = sum(d) / len(d)
            error = 2 * (sum((x - mean) ** 2 for x in d) / (len(d) - 1) / len(d)) ** 0.5
            return [mean, mean - error, mean + error]
        ''',
}


def write_all_kinds(root: Path) -> Path:
    """Write the exercise and return its folder."""
    folder = root / "small" / "kinds"
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(content).lstrip(), encoding="utf-8")
    return folder
