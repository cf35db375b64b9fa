"""For all tests: the same examples in every run, however slow the machine; `HISTORIES=2000` looks at that many others."""

import os

from hypothesis import settings

settings.register_profile("suite", deadline=None, derandomize="HISTORIES" not in os.environ)
settings.load_profile("suite")
