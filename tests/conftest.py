"""Settings for every test: Hypothesis sets no time limit for one example, since a busy machine is no fault."""

import hypothesis

hypothesis.settings.register_profile("kdlab", deadline=None)
# for tests/mutation: the same few examples for every mutant, and no time spent on making a failure small
hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=20,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)
hypothesis.settings.load_profile("kdlab")
