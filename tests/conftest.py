"""Settings of the whole test run.

Property tests draw the same examples each time, so that a run on one commit passes or fails alike
for everyone; `HYPOTHESIS_PROFILE=explore` draws new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
