"""The policy needs the standard library and nothing else."""

import subprocess
import sys
from pathlib import Path

import policy

# Everything of the package but __main__, which runs the command when it is imported.
LOADED = """
import sys
sys.path.insert(0, sys.argv[1])
import importlib, pkgutil, policy
names = [module.name for module in pkgutil.walk_packages(policy.__path__, "policy.") if module.name != "policy.__main__"]
for name in names:
    importlib.import_module(name)
print(len(names))
print(*sorted({name.split(".")[0] for name in sys.modules} - sys.stdlib_module_names - {"__main__", "policy"}))
"""


def test_importing_the_policy_loads_the_standard_library_alone() -> None:
    # Without site packages' own start-up files (-S): what they load is not the policy's doing.
    command = [sys.executable, "-I", "-S", "-c", LOADED, str(Path(policy.__file__).parent.parent)]
    modules, others = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert int(modules) > 5
    assert others == ""
