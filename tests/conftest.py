"""Settings for every test: Hypothesis sets no time limit for one example, since a busy machine is no fault."""

import hypothesis

hypothesis.settings.register_profile("kdlab", deadline=None)
hypothesis.settings.load_profile("kdlab")
