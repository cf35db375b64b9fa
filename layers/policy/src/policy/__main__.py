"""`python -m policy cases FILE...`, the same as the command `policy`.

Case files are YAML, which the standard library does not read: the package `casefiles` does,
so that nothing in this one needs more than the standard library.
"""

import runpy

runpy.run_module("casefiles", run_name="__main__", alter_sys=True)
